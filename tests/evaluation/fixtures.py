"""Measurements made by hand, for the tests of what is computed from them, and the scripts of ``eval/``."""

import importlib.util
import sys

from assistant.evaluation.judging import Judgement
from assistant.evaluation.measuring import Measurement
from assistant.evaluation.running import SetResult
from samples import ROOT


def measurement(name="q", kind="fact", right=True, **fields):
    """A measurement without gold for any measure, changed by ``fields``."""
    plain = {
        "status": "answered",
        "abstain": False,
        "cited": None,
        "clauses_found": 0,
        "clauses_wanted": 0,
        "quotes": 0,
        "verbatim": 0,
        "units": None,
        "verdict_right": None,
        "document_right": None,
    }
    reason = "" if right else "条款不对"
    return Measurement(judgement=Judgement(name, kind, right, reason), **{**plain, **fields})


def set_result(name, rights, **fields):
    """A set whose questions q1, q2, … were right or wrong as given, 10 ms each."""
    measurements = [
        measurement(f"q{number}", right=right, **fields) for number, right in enumerate(rights, 1)
    ]
    return SetResult(name, tuple(measurements), tuple(10.0 for _ in rights))


def script(name):
    """A script of ``eval/`` as a module."""
    path = ROOT / "eval" / name
    spec = importlib.util.spec_from_file_location(f"eval_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module
