"""Preparing documents for the index: in this process, in several, or on the machines of a Ray cluster.

Each document is prepared by itself, so that the index has the same bytes wherever the work was done.
"""

import functools
import logging
import multiprocessing
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from assistant.config import Settings
from assistant.datatypes import Document
from assistant.encoder import Encoder, load_encoder
from assistant.errors import IndexError_, UsageError
from assistant.parsing import parse_file
from assistant.store.index import Job, Outcome, Toolbox, attempt
from assistant.store.manifest import sha256
from assistant.text import Segmenter
from assistant.validity import Validity, read_validity, with_validity

_REACHED = 10.0  # seconds in which a cluster must answer


@functools.cache
def segmenter() -> Segmenter:
    """One dictionary for all: it takes a second to load and is never changed."""
    return Segmenter()


@functools.cache
def encoder(name: str) -> Encoder | None:
    """One model for all: the index is reopened after every change, a large model takes seconds to load."""
    return load_encoder(name)


def toolbox(
    settings: Settings,
    *,
    parsed: Mapping[str, Document] = MappingProxyType({}),
    workers: int = 1,
    ray: str = "",
) -> Toolbox:
    """What an index is built with; dates in force that were entered stand in the documents.

    Args:
        settings: What shapes the index, and where the files lie.
        parsed: Documents that have been parsed already, by id.
        workers: Number of processes that prepare documents; 1 for this process alone.
        ray: Address of a Ray cluster that prepares them instead, ``local`` for one of this machine.

    Raises:
        DataFileError, EncoderError: The dates or the model cannot be read.
        UsageError: No positive number of workers, or workers and a cluster.
    """
    from assistant.chunking import ClauseSplitter

    if workers < 1:
        raise UsageError(f"--workers 应为正整数，实际是 {workers}。")
    if ray and workers > 1:
        raise UsageError("--workers 与 --ray 只能用一个：集群上的进程数由集群决定。")
    validity = read_validity(settings.corpus_dir)

    def parse(path: Path, identifier: str) -> Document:
        document = parsed.get(identifier) or parse_file(path, document_id=identifier)
        return with_validity(document, validity.get(identifier, Validity()))

    def digest(path: Path, identifier: str) -> str:
        entered = validity.get(identifier)
        return sha256(path) + (f"+{entered.effective}/{entered.expires}" if entered else "")

    words = segmenter().words
    tools = Toolbox(
        parse=parse,
        split=ClauseSplitter(lambda text: len(words(text)), chunk_size=settings.chunk_tokens).chunks,
        tokens=segmenter().tokens,
        encoder=encoder(settings.embedding),
        digest=digest,
    )
    elsewhere: Callable[[Sequence[Job]], Iterator[Outcome]] | None = None
    if workers > 1:
        elsewhere = functools.partial(_in_processes, settings, workers)
    elif ray:
        elsewhere = functools.partial(_in_ray, settings, ray)
    return replace(tools, elsewhere=elsewhere)


def _in_processes(settings: Settings, workers: int, jobs: Sequence[Job]) -> Iterator[Outcome]:
    # Not forked: a copy of a process with threads (of tokenizers, torch) may hang.
    context = multiprocessing.get_context("spawn")
    count = max(1, min(workers, len(jobs)))
    with ProcessPoolExecutor(count, context, initializer=_equip, initargs=(settings,)) as pool:
        try:
            yield from pool.map(_attempt_here, jobs)
        except BrokenProcessPool as error:
            raise IndexError_(
                "一个解析进程意外终止（可能是内存不足）。请减小 --workers 后重新运行 zhengce index。"
            ) from error


_equipped: Callable[[Job], Outcome]


def _equip(settings: Settings) -> None:
    """Run once in each process: the dictionary and the model are loaded there."""
    global _equipped
    _equipped = functools.partial(attempt, toolbox(settings))


def _attempt_here(job: Job) -> Outcome:
    return _equipped(job)


class _Preparer:
    """A process of a Ray cluster that prepares documents."""

    def __init__(self, settings: Settings) -> None:
        self._tools = toolbox(settings)

    def attempt(self, job: Job) -> Outcome:
        return attempt(self._tools, job)


def _in_ray(settings: Settings, address: str, jobs: Sequence[Job]) -> Iterator[Outcome]:
    """One process for each CPU of the cluster; all its machines see the files under the same paths."""
    try:
        import ray
        from ray.util import ActorPool
    except ImportError as error:
        raise IndexError_('使用 --ray 需要先安装：pip install "zhengce[cluster]"。') from error

    settings = replace(settings, corpus_dir=settings.corpus_dir.absolute())
    try:
        host, _, port = address.rpartition(":")
        if host and port.isdecimal() and "/" not in host:
            # Ray itself would go on trying an address where nothing answers for minutes.
            socket.create_connection((host, int(port)), timeout=_REACHED).close()
        ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR)
    except (OSError, OverflowError, ValueError, RuntimeError) as error:
        raise IndexError_(
            f"无法连接 Ray 集群（{address}）：{error}。请检查地址，以及集群是否已用 ray start 启动。"
        ) from error
    resources: Any = ray.cluster_resources  # untyped
    try:
        count = max(1, min(len(jobs), int(resources().get("CPU", 1))))
        remote: Any = ray.remote(num_cpus=1)(_Preparer)
        pool = ActorPool([remote.remote(settings) for _ in range(count)])
        placed = [(identifier, path.absolute()) for identifier, path in jobs]
        yield from pool.map(lambda preparer, job: preparer.attempt.remote(job), placed)
    except ray.exceptions.RayError as error:
        raise IndexError_(f"Ray 集群报告错误：{error}。请检查各台机器的安装和文件路径是否一致。") from error
    finally:
        ray.shutdown()
