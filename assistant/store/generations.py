"""Generations of an index folder: built aside, published by one atomic rename.

    index/CURRENT            name of the generation that readers open
    index/generation-NAME/   one complete, immutable index
    index/building-*/        a build in progress, or what a killed one left behind

A reader that has opened a generation keeps working while a new one is published.
"""

import fcntl
import itertools
import logging
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.errors import IndexDamagedError, IndexError_, IndexMissingError

_CURRENT = "CURRENT"
_LOCK = ".lock"
_BUILDING = "building-"
_GENERATION = "generation-"
logger = logging.getLogger(__name__)


def current_generation(index_dir: Path) -> Path:
    """Folder of the published generation.

    Raises:
        IndexMissingError: Nothing has been published.
        IndexDamagedError: The pointer names no generation.
        IndexError_: The pointer cannot be read.
    """
    try:
        name = (index_dir / _CURRENT).read_text(encoding="utf-8", errors="replace").strip()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise IndexMissingError(
            f"没有找到索引：{index_dir}。请先运行 zhengce index 建立索引（默认读取 corpus/ 下的文件）。"
        ) from error
    except OSError as error:
        raise IndexError_(
            f"无法读取索引：{index_dir / _CURRENT}（{error.strerror}）。请检查目录权限和磁盘。"
        ) from error
    if not re.fullmatch(rf"{_GENERATION}[\w-]+", name):
        raise IndexDamagedError(f"索引已损坏：{index_dir / _CURRENT}。请运行 zhengce index 重建索引。")
    return index_dir / name


def is_named_after(generation: Path, fingerprint: str) -> bool:
    """Whether a generation was published under this fingerprint."""
    return re.fullmatch(rf"{_GENERATION}{re.escape(fingerprint)}(-\d+)?", generation.name) is not None


@contextmanager
def building(index_dir: Path) -> Iterator[Path]:
    """A scratch folder for the one writer of an index folder; removed at the end.

    Raises:
        IndexError_: Another process is writing, or the folder cannot be written: no permission, disk full.
    """
    try:
        with _locked(index_dir), _scratch(index_dir) as folder:
            yield folder
    except OSError as error:
        raise IndexError_(
            f"无法写入索引目录 {index_dir}：{error.strerror or error}。请检查权限和磁盘空间；"
            "已发布的索引仍可使用。"
        ) from error


@contextmanager
def _locked(index_dir: Path) -> Iterator[None]:
    index_dir.mkdir(parents=True, exist_ok=True)
    with (index_dir / _LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise IndexError_(f"另一个进程正在更新索引 {index_dir}，请等它结束后再试。") from error
        yield


@contextmanager
def _scratch(index_dir: Path) -> Iterator[Path]:
    for leftover in index_dir.glob(f"{_BUILDING}*"):
        shutil.rmtree(leftover)
    # Not a folder of tempfile: only its owner could read the index later.
    folder = index_dir / f"{_BUILDING}{os.getpid()}"
    folder.mkdir()
    try:
        yield folder
    finally:
        if folder.exists():
            shutil.rmtree(folder)


def publish(index_dir: Path, folder: Path, fingerprint: str) -> Path:
    """Make a finished scratch folder the current generation and remove the older ones."""
    names = itertools.chain([fingerprint], (f"{fingerprint}-{number}" for number in itertools.count(2)))
    # The same state again takes another name: readers need the generation they are served until the end.
    target = next(path for name in names if not (path := index_dir / f"{_GENERATION}{name}").exists())
    for path in (*folder.rglob("*"), folder):
        _sync(path)
    folder.rename(target)
    _sync(index_dir)  # the folder's name is on the disk before the pointer to it
    pointer = index_dir / f"{_CURRENT}.new"
    pointer.write_text(target.name, encoding="utf-8")
    _sync(pointer)
    pointer.replace(index_dir / _CURRENT)
    _sync(index_dir)
    for older in index_dir.glob(f"{_GENERATION}*"):
        if older != target:
            _remove(older)
    return target


def _remove(generation: Path) -> None:
    """Remove what nobody is served; what cannot be removed waits for the next build."""
    try:
        shutil.rmtree(generation)
    except OSError as error:
        logger.warning("an older generation stays until the next build: %s", error)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
