"""Changes on a disk that refuses: full at every file, read-only, not ours, a clock that jumps.

    python eval/reliability/disk.py

Each case must end in an error with a Chinese message and leave what was served, the corpus folder and no
scratch folder. ``ENOSPC`` is put in the place of the n-th writing call, for every n; a file of limited size
(``RLIMIT_FSIZE``) is refused by the system itself, in FAISS and NumPy too.
"""

import argparse
import errno
import os
import resource
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crash import CHANGES, states, template_for
from stage import Stage

from assistant.config import DEFAULT_EMBEDDING
from assistant.errors import ZhengceError

_NOBODY = 65534
_FULL = frozenset(("open", "os.mkdir", "os.rename"))


@dataclass(frozen=True, slots=True)
class Case:
    """One refusal: its name, the message given ("" where the change got through), what was wrong."""

    name: str
    message: str
    faults: tuple[str, ...]


def refused(name: str, template: Stage, scratch: Path, prepare: Callable[[Stage], None], label: str) -> Case:
    """Run a change in a child whose disk ``prepare`` spoils, then look at the installation from here."""
    stage = template.copy_to(scratch)
    for path in (stage.folder, *stage.folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    served, corpus, wanted = stage.served(), stage.corpus(), states(CHANGES[name].after)
    code, message = _in_child(stage, name, prepare)
    faults = []
    done = stage.served() == wanted and stage.corpus() == wanted
    if code == 0 and not done:
        faults.append("said to be done, but is not")
    if code == 1 and (stage.served(), stage.corpus()) != (served, corpus):
        faults.append("refused, but something changed")
    if code == 1 and not any("\u4e00" <= character <= "\u9fff" for character in message):
        faults.append(f"no Chinese message: {message}")
    if code not in (0, 1):
        faults.append(f"ended with {code}: {message}")
    faults += [f"left over: {each}" for each in stage.leftovers() if each.startswith("building-")]
    faults += [f"left over: {each}" for each in stage.corpus() if each.startswith(".")]
    return Case(label, message, tuple(faults))


def _in_child(stage: Stage, name: str, prepare: Callable[[Stage], None]) -> tuple[int, str]:
    """Exit code (0 done, 1 refused with an error of ours, 2 any other exception) and message."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        code = 2
        try:
            prepare(stage)
            CHANGES[name].run(stage)
            code = 0
        except ZhengceError as error:
            code = 1
            os.write(writing, str(error).encode()[:4000])
        except BaseException as error:  # noqa: BLE001 - what should not come through is reported, not hidden
            os.write(writing, f"{type(error).__name__}: {error}".encode()[:4000])
        finally:
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8", errors="replace") as stream:
        message = stream.read()
    return os.WEXITSTATUS(os.waitpid(child, 0)[1]), message


def full_at(call: int) -> Callable[[Stage], None]:
    """A disk without room at the ``call``-th file written, folder made or file renamed."""

    def prepare(stage: Stage) -> None:
        left, folder = call, str(stage.folder)

        def hook(event: str, arguments: tuple[Any, ...]) -> None:
            nonlocal left
            if event not in _FULL or not str(arguments[0]).startswith(folder):
                return
            if event == "open" and not _writes(arguments):
                return
            if event == "os.mkdir" and os.path.isdir(arguments[0]):
                return  # it exists: the system says so before it looks for room
            left -= 1
            if not left:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(arguments[0]))

        sys.addaudithook(hook)

    return prepare


def _writes(arguments: tuple[Any, ...]) -> bool:
    flags = arguments[2] if len(arguments) > 2 else 0
    return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR))


def small_files(limit: int) -> Callable[[Stage], None]:
    """No file may grow beyond ``limit`` bytes."""

    def prepare(stage: Stage) -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # the write fails with EFBIG instead
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return prepare


def not_ours(stage: Stage) -> None:
    """Folders that this account may read and not write."""
    os.setgid(_NOBODY)
    os.setuid(_NOBODY)


def clock_at(seconds: float) -> Callable[[Stage], None]:
    """A clock set to some second since 1970, for everything that asks Python."""

    def prepare(stage: Stage) -> None:
        import time

        time.time = lambda: seconds
        for path in stage.folder.rglob("*"):
            os.utime(path, (seconds, seconds))

    return prepare


def cases(folder: Path, embedding: str) -> Iterator[Case]:
    """All refusals."""
    scratch = folder / "scratch"
    for name in ("update", "add", "replace-by-other-format"):
        template = template_for(name, folder, embedding)
        call = 1
        while (case := refused(name, template, scratch, full_at(call), f"{name}: full at {call}")).message:
            yield case
            call += 1
        for limit in (0, 100, 1000, 5000, 20_000):
            yield refused(name, template, scratch, small_files(limit), f"{name}: files of {limit} bytes")
        if os.geteuid() == 0:
            folder.chmod(0o755)
            yield refused(name, template, scratch, not_ours, f"{name}: read-only")
        for year, seconds in ((1970, 1.0), (2100, 4_102_444_800.0)):
            yield refused(name, template, scratch, clock_at(seconds), f"{name}: clock in {year}")


def main() -> int:
    """Run all cases; 1 if one found a fault."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--embedding", default=DEFAULT_EMBEDDING)
    options = parser.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # see crash.py
    with tempfile.TemporaryDirectory(prefix="zhengce-disk-") as folder:
        found = list(cases(Path(folder), options.embedding))
    for case in found:
        for fault in case.faults:
            print(f"{case.name}: {fault}", file=sys.stderr)
    refusals = sum(bool(case.message) for case in found)
    faulty = sum(bool(case.faults) for case in found)
    through = len(found) - refusals
    print(f"{len(found)} cases: {refusals} refused with a message, {through} got through, {faulty} faulty")
    for message in sorted({case.message.partition("：")[0] for case in found if case.message}):
        print(f"  {message}")
    return 1 if faulty else 0


if __name__ == "__main__":
    sys.exit(main())
