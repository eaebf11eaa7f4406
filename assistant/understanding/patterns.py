"""The wording rules of ``data/wording.toml``, compiled."""

import functools
import re
import tomllib
from importlib import resources

_FRAGMENT = re.compile(r"<(\w+)>")


@functools.cache
def pattern(section: str, name: str) -> re.Pattern[str]:
    """The alternatives of one entry as a single pattern."""
    return re.compile("|".join(_expand(each) for each in _rules()[section][name]))


def names(section: str) -> list[str]:
    """The entries of a section, in the file's order, which is the order of precedence."""
    return list(_rules()[section])


@functools.cache
def _rules() -> dict[str, dict[str, list[str]]]:
    text = (resources.files("assistant") / "data" / "wording.toml").read_text(encoding="utf-8")
    rules: dict[str, dict[str, list[str]]] = tomllib.loads(text)
    return rules


def _expand(expression: str) -> str:
    fragments = _rules()["fragments"]

    def fragment(match: re.Match[str]) -> str:
        text = fragments.get(match[1])
        # (?P<name>…) and look-behinds are no fragments.
        return _expand(str(text)) if text else match[0]

    return _FRAGMENT.sub(fragment, expression)
