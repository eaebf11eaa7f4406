"""How far originals (.html, .pdf, .docx …) parse like the text file of the same name.

    python eval/format_parity.py FOLDER [--suffix .pdf] [--json]

Scores are F1 over clause labels and over duties (label, unit, role), counted with multiplicity; the text
file stands in for the truth, so that a difference may be a fault of either.
"""

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from assistant.datatypes import Document
from assistant.errors import DocumentError
from assistant.parsing import READERS, parse_file


@dataclass(frozen=True, slots=True)
class Parity:
    """One original against its text file.

    Attributes:
        file: Name of the original.
        clauses: F1 over clause labels.
        duties: F1 over duties; 1.0 where neither has any.
        missing: Labels that only the text file has.
        extra: Labels that only the original has.
        same_title: Whether the titles agree.
        same_number: Whether the document numbers agree.
        seconds: Time to read and parse the original.
        error: Message of the error that the original gave, if any.
    """

    file: str
    clauses: float = 0.0
    duties: float = 0.0
    missing: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    same_title: bool = False
    same_number: bool = False
    seconds: float = 0.0
    error: str = ""


def f1(wanted: Counter[str], found: Counter[str]) -> float:
    """F1 of two bags; 1.0 for two empty ones."""
    size = wanted.total() + found.total()
    return 2 * (wanted & found).total() / size if size else 1.0


def labels(document: Document) -> Counter[str]:
    """Clause labels."""
    return Counter(clause.label for clause in document.clauses)


def duties(document: Document) -> Counter[str]:
    """Duties as ``label unit role``."""
    return Counter(f"{''.join(duty.path)} {duty.unit} {duty.role}" for duty in document.duties)


def compare(text: Path, original: Path) -> Parity:
    """Parse both files and compare."""
    wanted = parse_file(text)
    begin = time.perf_counter()
    try:
        found = parse_file(original)
    except DocumentError as error:
        return Parity(original.name, error=str(error))
    seconds = time.perf_counter() - begin
    ours, theirs = labels(wanted), labels(found)
    return Parity(
        original.name,
        f1(ours, theirs),
        f1(duties(wanted), duties(found)),
        tuple((ours - theirs).elements()),
        tuple((theirs - ours).elements()),
        wanted.metadata.title.value == found.metadata.title.value,
        wanted.metadata.doc_number.value == found.metadata.doc_number.value,
        round(seconds, 3),
    )


def pairs(folder: Path, suffix: str) -> Iterator[tuple[Path, Path]]:
    """Text files with the originals beside them."""
    for text in sorted(folder.glob("*.txt")):
        for original in sorted(folder.glob(f"{text.stem}.*")):
            known = original.suffix.lower() in READERS and original.suffix != ".txt"
            if known and suffix in ("", original.suffix):
                yield text, original


def show(row: Parity) -> None:
    """One line a file, and what differs."""
    if row.error:
        print(f"{row.file:12} {row.error}")
        return
    notes = ("" if row.same_title else " title differs") + ("" if row.same_number else " number differs")
    print(f"{row.file:12} clauses {row.clauses:.3f} duties {row.duties:.3f} {row.seconds:6.2f} s{notes}")
    if row.clauses < 1:
        print(f"{'':12} - {' '.join(row.missing[:12])}\n{'':12} + {' '.join(row.extra[:12])}")


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--suffix", default="", help="only originals of this suffix")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    rows = [compare(text, original) for text, original in pairs(options.folder, options.suffix)]
    if options.json:
        print(json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=1))
        return 0
    for row in rows:
        show(row)
    if rows:
        mean = sum(row.clauses for row in rows) / len(rows)
        print(f"{len(rows)} files, clauses {mean:.4f}, same tree {sum(row.clauses == 1 for row in rows)}")
    return 0 if rows else 1


if __name__ == "__main__":
    sys.exit(main())
