"""Every regular expression of the package: by analysis, and against texts made to slow it down.

    python eval/reliability/regexes.py [--size 4000] [--list]

Patterns are those compiled while the modules are imported, the shipped document is indexed and shipped
questions are asked: data files included. ``regexploit`` looks for nested and adjacent repetitions (starriness
above 2: the time grows with the cube of the text or worse). Then each pattern searches texts that repeat its
own characters and pairs of them, at two lengths: where four times the text takes more than eight times
the time (linear: 4, quadratic: 16), pattern and text are listed. Whole questions and documents of such texts
are timed as well: that is what a stranger can send.
"""

import argparse
import importlib
import itertools
import json
import os
import pkgutil
import re
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import assistant

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # it imports sre_constants by its old name
    from regexploit.ast.sre import SreOpParser
    from regexploit.redos import find

_ROOT = Path(__file__).parents[2]
_FOLDER = f"{os.sep}assistant{os.sep}"
_MOST_STARS = 2
_LEAST_SECONDS, _STEEP = 0.004, 8.0
_MOST_CHARACTERS = 8


@dataclass(frozen=True, slots=True)
class Found:
    """A pattern and where it is compiled (``module.py:line``)."""

    pattern: str
    flags: int
    place: str


def patterns() -> list[Found]:
    """The patterns of the package, by place; for a process that has imported none of its modules."""
    seen: dict[tuple[str, int], str] = {}
    compiled = re._compile  # type: ignore[attr-defined]  # what re.compile, re.search … all go through

    def watched(pattern: Any, flags: Any) -> Any:
        made = compiled(pattern, flags)
        code, line = _caller()
        if isinstance(made.pattern, str) and _FOLDER in code:
            seen.setdefault((made.pattern, made.flags), f"{code.rpartition(_FOLDER)[2]}:{line}")
        return made

    re._compile = watched  # type: ignore[attr-defined]
    try:
        _exercise()
    finally:
        re._compile = compiled  # type: ignore[attr-defined]
    return [Found(*key, place) for key, place in sorted(seen.items(), key=lambda each: each[1])]


def _caller() -> tuple[str, int]:
    frame = sys._getframe(3)
    return frame.f_code.co_filename, frame.f_lineno


def _exercise() -> None:
    """Run what compiles patterns: imports, parsing, indexing, asking."""
    for module in pkgutil.walk_packages(assistant.__path__, "assistant."):
        importlib.import_module(module.name)
    from assistant.config import NO_EMBEDDING, Settings
    from assistant.datatypes import Question
    from assistant.pipeline import Assistant, index_corpus

    with tempfile.TemporaryDirectory(prefix="zhengce-regexes-") as folder:
        settings = Settings(
            corpus_dir=_ROOT / "corpus", index_dir=Path(folder) / "index", embedding=NO_EMBEDDING
        )
        index_corpus(settings, progress=lambda line: None)
        opened = Assistant.open(settings)
        for path in sorted((_ROOT / "eval" / "questions").glob("corpus_*.jsonl")):
            for line in path.read_text(encoding="utf-8").split("\n")[::10]:
                if line.strip():
                    opened.ask(Question(json.loads(line)["q"]))


def starry(found: Found) -> int:
    """The highest power with which ``regexploit`` sees the time of a pattern grow; 0 where it sees none."""
    tree = SreOpParser().parse_sre(found.pattern, found.flags)
    return max((each.starriness for each in find(tree)), default=0)


def attacks(pattern: str) -> Iterator[str]:
    """Short texts to repeat: characters of the pattern, and pairs of them."""
    literal = re.sub(r"\\[a-zA-Z]|[\\^$.|?*+(){}\[\]]", "", pattern)
    characters = list(dict.fromkeys(literal))[:_MOST_CHARACTERS]
    characters += [each for each in "一1a \n（、。" if each not in characters]
    yield from characters
    yield from ("".join(pair) for pair in itertools.permutations(characters[:5], 2))


def steep(found: Found, size: int) -> tuple[str, float] | None:
    """The text on which a pattern takes longest, and its seconds at ``size``; None if none is steep."""
    expression, worst = re.compile(found.pattern, found.flags), None
    for unit in attacks(found.pattern):
        whole = _seconds(expression, _repeated(unit, size))
        if whole > _LEAST_SECONDS and whole > (worst[1] if worst else 0.0):
            part = min(_seconds(expression, _repeated(unit, size // 4)) for _ in range(3))
            if whole > _STEEP * part:
                worst = (unit, whole)
    return worst


def _repeated(unit: str, size: int) -> str:
    return unit * (size // len(unit)) + "\x00"


def _seconds(expression: "re.Pattern[str]", text: str) -> float:
    start = time.process_time()
    for _ in expression.finditer(text):
        pass
    return time.process_time() - start


def main() -> int:
    """Analyse and measure; 1 if a pattern is worse than quadratic by analysis."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--size", type=int, default=4000, help="characters of a text")
    parser.add_argument("--list", action="store_true", help="only list the patterns as JSON")
    options = parser.parse_args()
    found = patterns()
    if options.list:
        print(json.dumps([[each.pattern, each.flags, each.place] for each in found], ensure_ascii=False))
        return 0
    bad = [each for each in found if starry(each) > _MOST_STARS]
    for each in bad:
        print(f"{each.place}: starriness {starry(each)}: {each.pattern[:120]!r}")
    slow = [(each, worst) for each in found if (worst := steep(each, options.size))]
    for each, (unit, seconds) in sorted(slow, key=lambda pair: -pair[1][1]):
        print(f"{each.place}: {1000 * seconds:.0f} ms on repeated {unit!r}: {each.pattern[:90]!r}")
    print(f"{len(found)} patterns, {len(bad)} worse than quadratic")
    print(f"{len(slow)} steep on {options.size} characters")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
