"""Change bytes of a built index and see that opening it says so.

    python eval/reliability/rot.py [--flips 50] [--seed 1]

Every file of the published generation and the pointer to it: single bits at random places, a file cut short
and a file taken away. A flip is caught when opening raises an index error with a Chinese message that says
what to do.
"""

import argparse
import random
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from stage import DOCUMENTS, Stage

from assistant.config import DEFAULT_EMBEDDING
from assistant.errors import IndexError_


def damages(data: bytes, flips: int, chance: random.Random) -> Iterator[tuple[str, bytes | None]]:
    """Ways to damage a file, named; None takes it away."""
    for _ in range(flips):
        place, bit = chance.randrange(len(data)), 1 << chance.randrange(8)
        yield f"bit at {place}", data[:place] + bytes([data[place] ^ bit]) + data[place + 1 :]
    yield "cut short", data[: len(data) // 2]
    yield "emptied", b""
    yield "taken away", None


def missed(stage: Stage, flips: int, chance: random.Random) -> Iterator[tuple[str, str, bool]]:
    """Each damage as (file, what was done, whether it was caught)."""
    served = stage.served()
    for path in sorted(each for each in stage.settings.index_dir.rglob("*") if each.is_file()):
        data = path.read_bytes()
        if not data:  # the lock
            continue
        for name, damaged in damages(data, flips, chance):
            path.unlink()
            if damaged is not None:
                path.write_bytes(damaged)
            yield path.name, name, is_caught(stage, served)
        path.write_bytes(data)


def is_caught(stage: Stage, served: dict[str, str] | None) -> bool:
    """Whether a reader is told, or receives exactly what was built (a blank that JSON does not mind)."""
    try:
        seen = stage.served()
    except IndexError_ as error:
        return "zhengce index" in str(error)
    # Without the pointer there is no index: the reader is told so where it asks for one.
    return seen is None or seen == served


def main() -> int:
    """Damage every file; 1 if a damage went unnoticed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--flips", type=int, default=50, help="bits to flip in each file")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--embedding", default=DEFAULT_EMBEDDING)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="zhengce-rot-") as folder:
        stage = Stage(Path(folder), options.embedding)
        stage.write(DOCUMENTS)
        stage.index()
        found = list(missed(stage, options.flips, random.Random(options.seed)))
    for file, damage, caught in found:
        if not caught:
            print(f"{file}: {damage} went unnoticed", file=sys.stderr)
    files = len({file for file, _, _ in found})
    print(f"{len(found)} damages to {files} kinds of files, {sum(each[2] for each in found)} caught")
    return 0 if all(caught for _, _, caught in found) else 1


if __name__ == "__main__":
    sys.exit(main())
