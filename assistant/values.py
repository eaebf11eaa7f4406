"""Kinds of value that questions ask for, and how they look in official text."""

import functools
import re
import tomllib
from importlib import resources
from typing import cast

from assistant.datatypes import ValueKind

KIND_NAMES: dict[ValueKind, str] = {
    "contact": "联系方式",
    "place": "地点",
    "roster": "名单",
    "material": "所需材料或办理手续",
    "person": "人员姓名",
    "penalty": "处分或处罚",
    "percent": "比例",
    "date": "时间",
    "duration": "期限",
    "money": "金额",
    "amount": "数额",
    "count": "数量",
}


def asked_kind(question: str) -> ValueKind | None:
    """The kind of value a question asks for: ``津贴每月多少元`` → ``money``; None for no particular one.

    The first kind of ``data/values.toml`` that matches counts: 「电话多少」 asks for no amount.
    """
    return next((kind for kind, (asked, _) in _kinds().items() if asked.search(question)), None)


def values(kind: ValueKind, text: str) -> list[tuple[int, int]]:
    """Spans of the values of a kind that a text gives: ``("percent", "补助 50%")`` → ``[(3, 6)]``."""
    return [match.span() for match in _kinds()[kind][1].finditer(text)]


@functools.cache
def _kinds() -> dict[ValueKind, tuple[re.Pattern[str], re.Pattern[str]]]:
    rules = tomllib.loads((resources.files("assistant") / "data" / "values.toml").read_text(encoding="utf-8"))
    numeral = rules.pop("numeral")

    def compiled(expressions: list[str]) -> re.Pattern[str]:
        return re.compile("|".join(expressions).replace("<n>", numeral))

    return {
        cast(ValueKind, kind): (compiled(rule["asked"]), compiled(rule["given"]))
        for kind, rule in rules.items()
    }
