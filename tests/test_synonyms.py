import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import DataFileError
from assistant.synonyms import Synonyms


@pytest.fixture(scope="module")
def shipped():
    return Synonyms.load()


def load(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "mine.txt"
    path.write_text(text, encoding=encoding)
    return Synonyms.load(path)


def test_shipped_words_expand_to_official_ones(shipped):
    assert shipped.expand("老板跑路了")["跑路"] == {"逃匿": 1.0, "拖欠工资": 0.5}
    assert "劳动报酬" in shipped.expand("我的工钱谁管")["工钱"]


def test_text_without_everyday_words_expands_to_nothing(shipped):
    assert shipped.expand("") == {}
    assert shipped.expand("abc。") == {}


def test_at_each_place_the_longest_word_wins():
    synonyms = Synonyms({"工钱": {"工资": 1.0}, "讨工钱": {"讨薪": 1.0}, "钱": {"资金": 1.0}})
    assert synonyms.expand("去讨工钱") == {"讨工钱": {"讨薪": 1.0}}
    assert synonyms.expand("工钱和钱") == {"工钱": {"工资": 1.0}, "钱": {"资金": 1.0}}
    assert synonyms.vocabulary() == {"工钱", "讨工钱", "钱", "工资", "讨薪", "资金"}


def test_no_words_are_no_error():
    assert Synonyms({}).expand("工钱") == {}
    assert Synonyms({}).vocabulary() == set()


@given(
    st.text(alphabet="甲乙丙", max_size=12),
    st.sets(st.text(alphabet="甲乙丙", min_size=1, max_size=3), max_size=6),
)
def test_expansion_is_a_greedy_scan(text, words):
    found = []
    rest = text
    while rest:  # reference: cut the longest word off the front, else one character
        word = max((word for word in words if rest.startswith(word)), key=len, default="")
        found += [word] if word else []
        rest = rest[len(word) or 1 :]
    assert list(Synonyms({word: {"官": 1.0} for word in words}).expand(text)) == list(dict.fromkeys(found))


def test_user_file_adds_words_weights_and_comments(tmp_path):
    synonyms = load(
        tmp_path, "# 我局用语\n\n骑行卡 单车卡 => 公共自行车 租赁证:0.25 # 旧称\n跑路 => 失联:0.75\n"
    )
    assert synonyms.expand("骑行卡丢了")["骑行卡"] == {"公共自行车": 1.0, "租赁证": 0.25}
    assert synonyms.expand("单车卡")["单车卡"] == {"公共自行车": 1.0, "租赁证": 0.25}
    # On top of the shipped words, not instead of them.
    assert synonyms.expand("跑路")["跑路"] == {"逃匿": 1.0, "拖欠工资": 0.5, "失联": 0.75}


def test_user_file_may_begin_with_a_byte_order_mark(tmp_path):
    assert load(tmp_path, "骑行卡 => 租赁证\n", "utf-8-sig").expand("骑行卡") == {"骑行卡": {"租赁证": 1.0}}


def test_a_user_file_does_not_change_what_is_loaded_without_it(tmp_path, shipped):
    load(tmp_path, "跑路 => 失联\n")
    assert Synonyms.load().expand("跑路") == shipped.expand("跑路")
    assert "失联" not in Synonyms.load().vocabulary() | shipped.vocabulary()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "好词 => 公文词\n坏行没有箭头\n",
            r"mine\.txt 第 2 行：应为“口语词 => 公文词”，实际是“坏行没有箭头”",
        ),
        ("=> 公文词\n", "第 1 行：应为"),
        ("口语词 =>\n", "第 1 行：应为"),
        ("口语词 => # 公文词\n", "第 1 行：应为"),
        ("口语词 => 公文词:高\n", "“公文词:高”的权重应为 0 到 1"),
        ("口语词 => 公文词:0\n", "权重应为 0 到 1"),
        ("口语词 => 公文词:1.5\n", "权重应为 0 到 1"),
        ("口语词 => 公文词:-1\n", "权重应为 0 到 1"),
        ("口语词 => 公文词:nan\n", "权重应为 0 到 1"),
        ("口语词 => :0.5\n", "权重应为 0 到 1"),
    ],
)
def test_malformed_lines_name_file_and_line(tmp_path, text, message):
    with pytest.raises(DataFileError, match=message):
        load(tmp_path, text)


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(DataFileError, match=r"同义词文件无法读取：.*没有\.txt"):
        Synonyms.load(tmp_path / "没有.txt")
    with pytest.raises(DataFileError, match="应为 UTF-8 文本"):
        load(tmp_path, "骑行卡 => 租赁证\n", "gb18030")
