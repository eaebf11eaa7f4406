"""The README says what the program does: every command and setting, and figures that were measured."""

import json
import re

import pytest

from assistant.cli import _parser
from assistant.parsing import READERS
from samples import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
SETTINGS = set(
    re.findall(
        r"ZHENGCE_[A-Z_]+",
        "".join(
            (ROOT / "assistant" / name).read_text(encoding="utf-8") for name in ("config.py", "server.py")
        ),
    )
)


def commands():
    actions = [action for action in _parser()._actions if hasattr(action, "choices") and action.choices]
    return sorted(actions[0].choices)


@pytest.mark.parametrize("command", commands())
def test_every_command_is_described(command):
    assert f"| `zhengce {command}" in README


@pytest.mark.parametrize("setting", sorted(SETTINGS))
def test_every_setting_is_described(setting):
    assert f"| `{setting}` |" in README


@pytest.mark.parametrize("suffix", sorted({suffix.lstrip(".") for suffix in READERS}))
def test_every_format_is_named(suffix):
    assert re.search(rf"^\|[^|]*\b{suffix}\b", README, re.MULTILINE)


def test_the_figures_are_those_of_the_last_measurement():
    sets = json.loads((ROOT / "eval" / "results" / "accuracy.json").read_text(encoding="utf-8"))["sets"]
    right, total = (sum(each["types"]["all"][name] for each in sets) for name in ("right", "total"))
    assert f"| **合计** | {right}/{total} | {right / total:.1%} |" in README
    refused = sum(each["false_refusals"]["count"] for each in sets)
    answerable = sum(each["false_refusals"]["answerable"] for each in sets)
    assert f"能回答却拒答的：{refused}/{answerable}。" in README
