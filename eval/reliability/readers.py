"""Readers open an index and ask while a writer publishes one state after another.

    python eval/reliability/readers.py [--seconds 60] [--readers 3]

Two states alternate: each has its own version of every document. A reader that saw a document of one state
beside one of the other, or an answer quoting what its own index does not hold, has seen a mix.
"""

import argparse
import multiprocessing
import sys
import tempfile
import time
from multiprocessing.synchronize import Event, Semaphore
from pathlib import Path

from stage import DOCUMENTS, Stage, State, digest

from assistant.config import NO_EMBEDDING
from assistant.datatypes import Question
from assistant.service import Service

_QUESTION = "路灯维修每个社区补助多少？"


def versions() -> tuple[dict[str, str], dict[str, str]]:
    """The two states: the second has other sums in every document."""
    return DOCUMENTS, {name: text.replace("万元", "千元") for name, text in DOCUMENTS.items()}


def read(
    folder: Path,
    embedding: str,
    ready: Semaphore,
    stop: Event,
    results: "multiprocessing.Queue[tuple[int, int, list[str]]]",
) -> None:
    """Open and ask until told to stop; puts how often it opened, answered, and what was wrong."""
    stage = Stage(folder, embedding)
    allowed = [states(texts) for texts in versions()]
    service, opened, answered = Service.open(stage.settings), 0, 0
    faults: list[str] = []
    ready.release()
    while not stop.is_set():
        try:
            served = stage.served()
            opened += 1
            if served not in allowed:
                faults.append(f"mix {served}")
            assistant = service.assistant
            answer = assistant.ask(Question(_QUESTION))
            answered += 1
            texts = {each.id: each.text for each in assistant.index.documents}
            if answer.index_fingerprint != assistant.index.fingerprint or not answer.citations:
                faults.append("an answer of another index")
            if any(each.quote not in texts[each.document] for each in answer.citations):
                faults.append("a quotation of another state")
        except Exception as error:  # noqa: BLE001 - whatever a reader meets is what this script looks for
            faults.append(f"{type(error).__name__}: {error}")
    results.put((opened, answered, faults))


def states(texts: dict[str, str]) -> State:
    """What an index of these texts holds."""
    return {name: digest(text.encode()) for name, text in texts.items()}


def run(folder: Path, *, seconds: float, readers: int, embedding: str) -> tuple[int, int, int, list[str]]:
    """States published, openings, answers, faults."""
    stage = Stage(folder, embedding)
    stage.write(DOCUMENTS)
    stage.index()
    context = multiprocessing.get_context("spawn")
    ready, stop, results = context.Semaphore(0), context.Event(), context.Queue()
    processes = [
        context.Process(target=read, args=(folder, embedding, ready, stop, results)) for _ in range(readers)
    ]
    for process in processes:
        process.start()
    for _ in processes:
        assert ready.acquire(timeout=60), "a reader did not start"
    published, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        published += 1
        stage.write(versions()[published % 2])
        stage.index()
    stop.set()
    found = [results.get(timeout=60) for _ in processes]
    for process in processes:
        process.join()
    opened, answered, faults = zip(*found, strict=True)
    return published, sum(opened), sum(answered), [fault for own in faults for fault in own]


def main() -> int:
    """Publish and read; 1 if a reader met a mix or an error."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--readers", type=int, default=3)
    parser.add_argument("--embedding", default=NO_EMBEDDING)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="zhengce-readers-") as folder:
        published, opened, answered, faults = run(
            Path(folder), seconds=options.seconds, readers=options.readers, embedding=options.embedding
        )
    for fault in faults[:20]:
        print(fault, file=sys.stderr)
    print(f"{published} states published, {opened} openings, {answered} answers, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
