"""The scripts of ``eval/reliability`` as modules."""

import importlib
import sys

from samples import ROOT

FOLDER = ROOT / "eval" / "reliability"


def script(name):
    """One of them; they import each other by name."""
    if str(FOLDER) not in sys.path:
        sys.path.append(str(FOLDER))
    return importlib.import_module(name)
