"""Feed the promises of ``tests/reliability/fuzzing.py`` for minutes.

    python eval/reliability/fuzz.py [--seconds 120] [--only parse,read,ask,call,load]
    python eval/reliability/fuzz.py --atheris ask -max_total_time=120

The first form draws from the strategies of the tests (Hypothesis) and prints how many inputs each promise
has seen. The second follows the coverage of ``assistant`` (libFuzzer through atheris); what comes after the
promise goes to libFuzzer. A broken promise ends the run with the input that broke it.
"""

import argparse
import importlib
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

_BATCH = 200


def module(name: str) -> Any:
    """A module of ``tests/reliability``."""
    folder = str(Path(__file__).parents[2] / "tests")
    if folder not in sys.path:
        sys.path.insert(0, folder)
    return importlib.import_module(f"reliability.{name}")


def promises() -> dict[str, tuple[Callable[..., None], tuple[Any, ...]]]:
    """Each promise with the strategies of its arguments."""
    fuzzing, drawn = module("fuzzing"), module("test_fuzzing")
    requests = st.one_of(drawn.BYTES, drawn.REQUESTS.map(drawn.encoded))
    return {
        "parse": (fuzzing.parse, (drawn.TEXTS,)),
        "read": (fuzzing.read, (st.sampled_from(fuzzing.SUFFIXES), drawn.BYTES)),
        "ask": (fuzzing.ask, (drawn.TEXTS, st.lists(drawn.TEXTS, max_size=2))),
        "call": (fuzzing.call, (requests,)),
        "load": (fuzzing.load, (st.integers(0, 10_000), drawn.BYTES)),
    }


def feed(check: Callable[..., None], strategies: tuple[Any, ...], seconds: float) -> int:
    """Draw and check for some time; how many inputs there were."""
    seen, end = 0, time.monotonic() + seconds

    @settings(max_examples=_BATCH, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.tuples(*strategies))
    def batch(arguments: tuple[Any, ...]) -> None:
        nonlocal seen
        seen += 1
        check(*arguments)

    while time.monotonic() < end:
        batch()
    return seen


def follow_coverage(name: str, options: list[str]) -> None:
    """Run libFuzzer on one promise; does not return."""
    import atheris

    with atheris.instrument_imports(include=["assistant"]):
        check, _ = promises()[name]

    def one(data: bytes) -> None:
        provider = atheris.FuzzedDataProvider(data)
        if name == "call":
            check(data)
        elif name == "read":
            suffixes = module("fuzzing").SUFFIXES
            check(suffixes[provider.ConsumeIntInRange(0, len(suffixes) - 1)], data[1:])
        elif name == "load":
            check(provider.ConsumeIntInRange(0, 10_000), data[2:])
        else:
            check(data.decode("utf-8", errors="replace"))

    atheris.Setup([sys.argv[0], *options], one)
    atheris.Fuzz()


def main() -> int:
    """Feed all promises in turn; a broken one raises."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=120, help="for each promise")
    parser.add_argument("--only", default="parse,read,ask,call,load")
    parser.add_argument("--atheris", metavar="PROMISE")
    options, rest = parser.parse_known_args()
    if options.atheris:
        follow_coverage(options.atheris, rest)
    for name in options.only.split(","):
        check, strategies = promises()[name]
        start = time.process_time()
        seen = feed(check, strategies, options.seconds)
        print(
            f"{name}: {seen} inputs, {time.process_time() - start:.0f} s of CPU, no promise broken",
            flush=True,
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
