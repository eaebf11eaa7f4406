import re
import tomllib
from importlib import resources

import pytest

from assistant.understanding.patterns import names, pattern

RULES = tomllib.loads((resources.files("assistant") / "data" / "wording.toml").read_text(encoding="utf-8"))
ENTRIES = [(section, name) for section in RULES if section != "fragments" for name in RULES[section]]


@pytest.mark.parametrize(("section", "name"), ENTRIES)
def test_every_entry_compiles_with_its_fragments_spelt_out(section, name):
    compiled = pattern(section, name)
    assert not re.search("<(?:unit|who)>", compiled.pattern)
    assert not compiled.search("")


def test_names_come_in_the_order_of_the_file():
    assert names("chat") == ["injection", "greeting", "small_talk"]
    assert names("meta")[:3] == ["doc_number", "recipients", "copies"]


def test_a_fragment_inside_a_fragment_is_spelt_out():
    assert pattern("intents", "owner").search("归哪一家管")
    assert pattern("intents", "owner").search("归哪个市直部门管")


def test_alternatives_are_one_pattern_in_the_order_of_the_list():
    first, second = RULES["intents"]["every"]
    assert pattern("intents", "every").pattern == f"{first}|{second}"
