"""Kill a process at every point of a change of the index, then look at what is left.

    python eval/reliability/crash.py [--random 200] [--seed 1] [--json]

Each trial copies an installation, lets a child process change it, and kills the child (SIGKILL) either
before its n-th file-system call, for every n until the change gets through, or after a random time. Then:

- the index opens and holds the state before or the state after, never a mix;
- every file of the corpus folder is the old one or the new one, whole;
- the next ``zhengce index`` brings index and corpus folder together;
- the change, asked for again, gets through and leaves nothing but one generation.

A kill ends a process, not the machine: what was written stays in the system's cache. Power failures are
covered by the order of the ``fsync`` calls only, which no trial here can show.
"""

import argparse
import json
import os
import random
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stage import DOCUMENTS, Stage, State, digest, plan

from assistant.config import DEFAULT_EMBEDDING
from assistant.errors import UnknownDocumentError
from assistant.service import Service

_CHANGING = frozenset(("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "os.chmod"))
_NEW = plan("公园养护", 21)
_PARKS = {"garden.txt": _NEW}


@dataclass(frozen=True, slots=True)
class Change:
    """Something done to an installation.

    Attributes:
        run: Does it.
        after: The corpus files when it is done, name → text.
        prepare: Puts the installation into the state it starts from.
    """

    run: Callable[[Stage], object]
    after: dict[str, str]
    prepare: Callable[[Stage], object] = Stage.index


def _add(name: str, text: str, document: str = "") -> Callable[[Stage], None]:
    def run(stage: Stage) -> None:
        Service.open(stage.settings).add(name, text.encode(), document=document)

    return run


def _remove(document: str) -> Callable[[Stage], None]:
    def run(stage: Stage) -> None:
        try:
            Service.open(stage.settings).remove(document)
        except UnknownDocumentError:
            return  # asked for again after it had got through

    return run


def _edited(stage: Stage) -> None:
    stage.index()
    stage.write(_PARKS)


def _without(name: str) -> dict[str, str]:
    return {each: text for each, text in DOCUMENTS.items() if each != name}


#: Every way in which an index comes about or changes.
CHANGES = {
    "build": Change(Stage.index, DOCUMENTS, prepare=lambda stage: None),
    "update": Change(Stage.index, DOCUMENTS | _PARKS, prepare=_edited),
    "add": Change(_add("trees.txt", plan("行道树", 14)), DOCUMENTS | {"trees.txt": plan("行道树", 14)}),
    "replace": Change(_add("garden.txt", _NEW), DOCUMENTS | _PARKS),
    "replace-by-other-format": Change(
        _add("garden.md", _NEW, "garden"), _without("garden.txt") | {"garden.md": _NEW}
    ),
    "remove": Change(_remove("water"), _without("water.txt")),
}


@dataclass(frozen=True, slots=True)
class Trial:
    """What one kill left.

    Attributes:
        change: Name of the change.
        point: Where the child was killed, for people.
        killed: Whether it was; otherwise the change had got through before.
        seen: ``before``, ``after`` or ``none`` (no index yet): what readers were served.
        faults: What was wrong; empty when all is well.
    """

    change: str
    point: str
    killed: bool
    seen: str
    faults: tuple[str, ...]


def states(texts: dict[str, str]) -> State:
    """What an index of these texts holds."""
    return {name: digest(text.encode()) for name, text in texts.items()}


def attempt(name: str, template: Stage, scratch: Path, *, call: int = 0, seconds: float = 0.0) -> Trial:
    """Run a change in a child that dies before its ``call``-th file-system call or after ``seconds``."""
    change = CHANGES[name]
    stage = template.copy_to(scratch)
    corpus_before, served_before = stage.corpus(), stage.served()
    killed = _killed(lambda: change.run(stage), stage.folder, call=call, seconds=seconds)
    wanted = states(change.after)
    faults = []
    served = stage.served()
    if served not in (served_before, wanted) or (not killed and served != wanted):
        faults.append(f"served {served}")
    files = {file: found for file, found in stage.corpus().items() if not file.startswith(".")}
    for file, found in files.items():
        if found not in (corpus_before.get(file), wanted.get(file)):
            faults.append(f"torn file {file}")
    if lost := (set(corpus_before) & set(wanted)) - set(files):
        faults.append(f"lost files {sorted(lost)}")
    faults += _repaired(stage, change, wanted)
    seen = "none" if served is None else "after" if served == wanted else "before"
    return Trial(name, f"call {call}" if call else f"{seconds:.4f} s", killed, seen, tuple(faults))


def _repaired(stage: Stage, change: Change, wanted: State) -> Iterator[str]:
    """What is still wrong after the next run of the indexer and after the change is asked for again."""
    stage.index()
    held = {Path(name).stem for name in stage.served() or ()}
    there = {Path(name).stem for name in stage.corpus() if not name.startswith(".")}
    if held != there:
        yield f"index {held} and files {there} differ after a repair"
    if found := stage.leftovers():
        yield f"left in the index folder after a repair: {found}"
    change.run(stage)
    if stage.served() != wanted:
        yield "the change asked for again did not get through"
    corpus = stage.corpus()
    if any(corpus.get(name) != found for name, found in wanted.items()):
        yield f"corpus folder at the end: {sorted(corpus)}"
    # Of a document replaced by one of another format both files may stay; the indexer then says so.
    reported = {Path(path).name for path, _ in stage.index().failed}
    if strays := set(corpus) - set(wanted) - reported:
        yield f"left in the corpus folder: {sorted(strays)}"
    if found := stage.leftovers():
        yield f"left in the index folder at the end: {found}"


def _killed(work: Callable[[], object], folder: Path, *, call: int, seconds: float) -> bool:
    """Whether a child doing some work was killed before it had finished."""
    child = os.fork()
    if not child:
        try:
            if call:
                _die_before(call, str(folder))
            work()
        except BaseException:  # noqa: BLE001 - shown, and told to the parent
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    if seconds:
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
    status = os.waitpid(child, 0)[1]
    if os.WIFSIGNALED(status):
        return True
    assert os.WEXITSTATUS(status) == 0, "the change itself failed"
    return False


def _die_before(call: int, folder: str) -> None:
    """Kill this process before its ``call``-th call that may change a file; for children only."""
    left = call

    def count() -> None:
        nonlocal left
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        # Removing a tree names its files relative to an open folder; opening is watched below ours only.
        if event in _CHANGING and (event != "open" or str(arguments[0]).startswith(folder)):
            count()

    sync = os.fsync

    def fsync(descriptor: int) -> None:
        count()
        sync(descriptor)

    os.fsync = fsync  # type: ignore[assignment]
    sys.addaudithook(hook)


def template_for(name: str, folder: Path, embedding: str) -> Stage:
    """The installation that a change starts from."""
    stage = Stage(folder / f"from-{name}", embedding)
    stage.write(DOCUMENTS)
    CHANGES[name].prepare(stage)
    return stage


def every_call(name: str, template: Stage, scratch: Path, *, step: int = 1) -> Iterator[Trial]:
    """Trials at the first, the ``step + 1``-th … file-system call until the change gets through."""
    call = 1
    while True:
        trial = attempt(name, template, scratch, call=call)
        yield trial
        if not trial.killed:
            return
        call += step


def random_times(
    name: str, template: Stage, scratch: Path, count: int, chance: random.Random
) -> Iterator[Trial]:
    """Trials that end after a random share of the time the change takes."""
    start = time.perf_counter()
    assert not _killed(lambda: CHANGES[name].run(template.copy_to(scratch)), scratch, call=0, seconds=0)
    whole = time.perf_counter() - start
    for _ in range(count):
        yield attempt(name, template, scratch, seconds=chance.uniform(0.001, whole))


def trials(folder: Path, embedding: str, count: int, chance: random.Random) -> Iterator[Trial]:
    """Every call and ``count`` random times, over all changes."""
    for position, name in enumerate(CHANGES):
        template = template_for(name, folder, embedding)
        yield from every_call(name, template, folder / "scratch")
        share = count // len(CHANGES) + (position < count % len(CHANGES))
        yield from random_times(name, template, folder / "scratch", share, chance)


def main() -> int:
    """Run all trials; 1 if one found a fault."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--random", type=int, default=200, metavar="N", help="kills at random times")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--embedding", default=DEFAULT_EMBEDDING)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    # Read by FAISS when it loads: a child made by fork has none of the threads of its parent.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    found: list[Trial] = []
    with tempfile.TemporaryDirectory(prefix="zhengce-crash-") as folder:
        for trial in trials(Path(folder), options.embedding, options.random, random.Random(options.seed)):
            found.append(trial)
            for fault in trial.faults:
                print(f"{trial.change}, {trial.point}: {fault}", file=sys.stderr)
    report = summary(found)
    print(json.dumps(report, indent=1) if options.json else _table(report))
    return 1 if any(trial.faults for trial in found) else 0


def summary(found: list[Trial]) -> dict[str, dict[str, int]]:
    """Per change: trials, kills, what was served afterwards, trials with faults."""
    report = {}
    for name in dict.fromkeys(trial.change for trial in found):
        own = [trial for trial in found if trial.change == name]
        seen = Counter(trial.seen for trial in own)
        report[name] = {
            "at a call": sum(trial.point.startswith("call") for trial in own),
            "at a time": sum(not trial.point.startswith("call") for trial in own),
            "killed": sum(trial.killed for trial in own),
            **{f"served {state}": seen[state] for state in ("none", "before", "after")},
            "faults": sum(bool(trial.faults) for trial in own),
        }
    return report


def _table(report: dict[str, dict[str, int]]) -> str:
    columns = list(next(iter(report.values())))
    lines = ["| change | " + " | ".join(columns) + " |", "|---" * (len(columns) + 1) + "|"]
    lines += [f"| {name} | " + " | ".join(map(str, row.values())) + " |" for name, row in report.items()]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
