"""Many users of one server at once, with uploads between their questions.

    python eval/reliability/load.py [--users 50] [--seconds 300] [--think 2] [--json]

Starts ``zhengce serve`` on a folder of its own (the shipped document and three invented ones, the default
encoder, answers recorded) and sends requests from this process: each user asks, reads for a time drawn
between 0 and twice ``--think`` seconds, and asks again; one curator adds, replaces and removes a document
every ten seconds. Both processes share the machine: the figures hold for its cores.

Passes (exit 0) without a single error, with a 95th percentile up to one second, and with a resident memory
that in the last quarter is no more than 5 % above that of the second.
"""

import argparse
import asyncio
import contextlib
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from stage import DOCUMENTS, plan

_ROOT = Path(__file__).parents[2]
_QUESTIONS = _ROOT / "eval" / "questions"
_START_SECONDS, _TIMEOUT = 60, 30
_UPLOAD_EVERY = 10.0
_SLOWEST, _GROWTH = 1.0, 1.05  # seconds, factor


@dataclass
class Record:
    """What the users met: seconds per request by route, errors, resident memory in MB over time."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)


def questions() -> list[str]:
    """The questions of the shipped sets."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(_QUESTIONS.glob("corpus_*.jsonl"))]
    return [json.loads(line)["q"] for text in texts for line in text.split("\n") if line.strip()]


@contextlib.contextmanager
def server(folder: Path) -> Iterator[tuple[str, int]]:
    """Address and process id of a server of its own."""
    corpus = folder / "corpus"
    corpus.mkdir()
    for path in (_ROOT / "corpus").iterdir():
        (corpus / path.name).write_bytes(path.read_bytes())
    for name, text in DOCUMENTS.items():
        (corpus / name).write_text(text, encoding="utf-8")
    places = {f"ZHENGCE_{name.upper()}": str(folder / name) for name in ("corpus", "index", "state")}
    program = [sys.executable, "-m", "assistant.cli"]
    environment = os.environ | places | {"PYTHONPATH": str(_ROOT)}
    subprocess.run([*program, "index"], env=environment, check=True, capture_output=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen([*program, "serve", "--port", str(port)], env=environment, stderr=log)
        try:
            address = f"http://127.0.0.1:{port}"
            _wait(address)
            yield address, process.pid
        finally:
            process.terminate()
            process.wait(timeout=30)


def _wait(address: str) -> None:
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end:
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(f"{address}/api/health", timeout=5).status_code == 200:
                return
        time.sleep(0.2)
    raise TimeoutError(f"the server did not answer within {_START_SECONDS} s")


async def _timed(
    record: Record, route: str, client: httpx.AsyncClient, method: str, path: str, **sent: Any
) -> None:
    start = time.perf_counter()
    try:
        response = await client.request(method, path, **sent)
    except httpx.HTTPError as error:
        record.errors.append(f"{route}: {type(error).__name__} {error}")
        return
    record.seconds.setdefault(route, []).append(time.perf_counter() - start)
    if response.is_error:
        record.errors.append(f"{route}: {response.status_code} {response.text[:200]}")


async def _user(
    record: Record, client: httpx.AsyncClient, end: float, think: float, chance: random.Random
) -> None:
    asked = questions()
    await asyncio.sleep(chance.uniform(0, 2 * think))
    while time.monotonic() < end:
        question = {"question": chance.choice(asked)}
        draw = chance.random()
        if draw < 0.8:
            await _timed(record, "ask", client, "POST", "/api/ask", json=question)
        elif draw < 0.9:
            await _timed(record, "ask/stream", client, "POST", "/api/ask/stream", json=question)
        elif draw < 0.95:
            await _timed(record, "duties", client, "GET", "/api/duties", params={"unit": "财政局"})
        else:
            await _timed(record, "documents", client, "GET", "/api/documents")
        await asyncio.sleep(chance.uniform(0, 2 * think))


async def _curator(record: Record, client: httpx.AsyncClient, end: float) -> None:
    number = 20
    while time.monotonic() < end - _UPLOAD_EVERY:
        number += 1
        await _change(record, client, number)
        await asyncio.sleep(_UPLOAD_EVERY)


async def _change(record: Record, client: httpx.AsyncClient, number: int) -> None:
    """Add a document, replace it, remove it."""
    first, second = (
        {"file": ("trees.txt", plan("行道树养护", version).encode())} for version in (number, number + 1)
    )
    await _timed(record, "add", client, "POST", "/api/documents", files=first)
    await _timed(record, "replace", client, "PUT", "/api/documents/trees", files=second)
    await _timed(record, "remove", client, "DELETE", "/api/documents/trees")


async def _watch(record: Record, process: int, end: float) -> None:
    while time.monotonic() < end:
        status = Path(f"/proc/{process}/status").read_text()
        record.memory.append(int(status.partition("VmRSS:")[2].split()[0]) / 1024)
        await asyncio.sleep(1)


async def run(address: str, process: int, *, users: int, seconds: float, think: float) -> Record:
    """Let the users ask for some time."""
    record, end = Record(), time.monotonic() + seconds
    limits = httpx.Limits(max_connections=users + 5)
    async with httpx.AsyncClient(
        base_url=address, timeout=_TIMEOUT, limits=limits, trust_env=False
    ) as client:
        asking = [_user(record, client, end, think, random.Random(seed)) for seed in range(users)]
        await asyncio.gather(*asking, _curator(record, client, end), _watch(record, process, end))
    return record


def summary(record: Record, seconds: float) -> dict[str, Any]:
    """Figures of a run: times in milliseconds, memory in MB."""
    asked = [each for route, times in record.seconds.items() if route.startswith("ask") for each in times]
    size = len(record.memory)
    quarters = [record.memory[size * part // 4 : size * (part + 1) // 4] for part in range(4)]
    return {
        "requests": sum(map(len, record.seconds.values())),
        "per_second": round(sum(map(len, record.seconds.values())) / seconds, 1),
        "errors": len(record.errors),
        "answers": {"n": len(asked), **_times(asked)},
        "routes": {route: {"n": len(times), **_times(times)} for route, times in record.seconds.items()},
        "memory_mb": [round(statistics.mean(quarter), 1) for quarter in quarters],
    }


def _times(seconds: list[float]) -> dict[str, float]:
    if len(seconds) < 2:
        return {"max_ms": round(1000 * max(seconds, default=0.0))}
    cuts = statistics.quantiles(seconds, n=100, method="inclusive")
    found = {"p50_ms": cuts[49], "p95_ms": cuts[94], "p99_ms": cuts[98], "max_ms": max(seconds)}
    return {name: round(1000 * value) for name, value in found.items()}


def passes(report: dict[str, Any]) -> bool:
    """Whether a run keeps the bounds named above."""
    flat = report["memory_mb"][3] <= _GROWTH * report["memory_mb"][1]
    return not report["errors"] and report["answers"]["p95_ms"] <= 1000 * _SLOWEST and flat


def main() -> int:
    """Run and report; 1 if a bound is not kept."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--think", type=float, default=2.0, help="mean seconds between two questions")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="zhengce-load-") as folder,
        server(Path(folder)) as (address, process),
    ):
        record = asyncio.run(
            run(address, process, users=options.users, seconds=options.seconds, think=options.think)
        )
    for error in record.errors[:20]:
        print(error, file=sys.stderr)
    report = summary(record, options.seconds)
    print(json.dumps(report, indent=1 if options.json else None, ensure_ascii=False))
    return 0 if passes(report) else 1


if __name__ == "__main__":
    sys.exit(main())
