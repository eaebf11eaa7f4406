from pathlib import Path

import pytest

from assistant.errors import DataFileError
from assistant.units import UnitLexicon


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_user_file_adds_extends_and_overrides(tmp_path):
    path = write(
        tmp_path,
        """
        [[unit]]
        id = "人社局"
        names = ["社会事业局"]
        [[unit]]
        id = "产改办"
        names = ["产业工人改革办", "会展局"]
        """,
    )
    lexicon = UnitLexicon.load(path)
    assert lexicon.same_unit("区社会事业局", "人社局")
    assert lexicon.same_unit("市产业工人改革办", "产改办")
    assert lexicon.concept("会展局") == "产改办"
    assert UnitLexicon.load().concept("会展局") == "会展局"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[[unit]]\nname = "甲"', r"mine\.toml 第 1 个 \[\[unit\]\].*缺 id"),
        ('[[unit]]\nid = "甲"\nalias = ["乙"]', "不认识的键 alias"),
        ('[[unit]]\nid = "甲"\nnames = "乙"', "names：应为非空字符串的数组"),
        ('[[unit]]\nid = "甲"\nsuffixes = "省"', "没有后缀组“省”"),
        ('[[unit]]\nid = "甲"\nsuccessor = "人社局"', "year：有 successor 时须写改名年份"),
        ('[[unit]]\nid = "甲"\nsuccessor = "没有"\nyear = 2020', "“没有”不是另一个单位的 id"),
        (
            '[[unit]]\nid = "甲"\nnames = ["丙办"]\n[[unit]]\nid = "乙"\nnames = ["丙办"]',
            "名称“丙办”已属于“甲”",
        ),
        ("[unit]\nid = 1", "应写成 \\[\\[unit\\]\\]"),
        ("units = []", "不认识的键 units"),
        ("format = 9", "format：应为 1"),
        ("unit = [1]", "不是表"),
        ('tails = "部门"', "tails：应为字符串数组"),
        ("suffixes = 3", "每个后缀组应为字符串数组"),
    ],
)
def test_malformed_user_file_names_file_and_key(tmp_path, text, message):
    with pytest.raises(DataFileError, match=message):
        UnitLexicon.load(write(tmp_path, text))
