"""What every system under comparison does alike: read the task, build, search, time, write the results.

Runs in the virtual environment of the system, so it imports the standard library only. A system is a
module with ``prepare(variant, encoder)``, which imports its libraries, loads its models
and returns a function from documents ``{id: text}`` to ``(passages, search)``; ``search(question, k)``
gives passages best first. A passage is a document id and the spans of its text: ``(id, ((0, 500),))``.
"""

import json
import resource
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

Span = tuple[int, int]
Passage = tuple[str, tuple[Span, ...]]
Search = Callable[[str, int], Sequence[Passage]]
Build = Callable[[dict[str, str]], tuple[Sequence[Passage], Search]]


def run(prepare: Callable[[str, str], Build]) -> None:
    """Run one variant: ``python SYSTEM.py VARIANT TASK.json RESULTS.json``."""
    variant, task_file, results_file = sys.argv[1:]
    task: dict[str, Any] = json.loads(Path(task_file).read_text(encoding="utf-8"))
    started = time.perf_counter()
    build = prepare(variant, task["encoder"])
    loaded = time.perf_counter()
    passages, search = build(task["documents"])
    built = time.perf_counter()
    results, milliseconds = [], []
    for question in task["questions"]:
        begin = time.perf_counter()
        results.append(list(search(question, task["k"])))
        milliseconds.append(1000 * (time.perf_counter() - begin))
    record = {
        "passages": len(passages),
        "mean_characters": sum(map(length, passages)) / len(passages),
        "load_s": loaded - started,
        "build_s": built - loaded,
        "query_ms": milliseconds,
        # Linux reports kilobytes.
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "results": results,
    }
    Path(results_file).write_text(json.dumps(record), encoding="utf-8")


def length(passage: Passage) -> int:
    """Characters of a passage."""
    return sum(end - start for start, end in passage[1])


def located(text: str, pieces: Iterable[str]) -> list[Span]:
    """Where consecutive pieces of a text stand in it.

    Raises:
        ValueError: A piece that the text does not have after the one before it.
    """
    spans, position = [], 0
    for piece in pieces:
        start = text.index(piece, position)
        spans.append((start, start + len(piece)))
        position = start + len(piece)
    return spans


def segmented(text: str) -> tuple[str, list[int]]:
    """A text with a space after each word that jieba finds, and the original place of each character.

    The one way to give words to a library that splits at white space.
    """
    import jieba

    words = [word for word in jieba.tokenize(text) if word[0].strip()]
    spaced, places = "", []
    for word, start, end in words:
        spaced += word + " "
        places += [*range(start, end), end]
    return spaced, places
