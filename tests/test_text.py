import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.text import (
    Segmenter,
    bigrams,
    index_form,
    occurrences,
    opening,
    sentences,
    simplify,
    squeeze,
    trim,
    writable,
)

OFFICIAL = st.text(alphabet="甲乙一二1.5万元。；！？：，（）()《》“”\n \t\u3000、-•①", max_size=60)


@pytest.fixture(scope="module")
def segmenter():
    return Segmenter()


def split(text, *limits):
    return [text[start:end] for start, end in sentences(text, *limits)]


def test_simplify_takes_traditional_characters_to_simplified_ones():
    assert simplify("勞務派遣單位與農民工") == "劳务派遣单位与农民工"
    assert simplify("劳务派遣 abc 12%") == "劳务派遣 abc 12%"


def test_half_of_a_surrogate_pair_becomes_a_character_that_can_be_written():
    # What a terminal with another encoding, or "\ud800" in JSON, makes of a question.
    assert writable("勞務\udcff派遣\ud800") == "勞務\ufffd派遣\ufffd"
    assert writable("𠮷野家") == "𠮷野家"
    assert simplify("勞務\udcff") == "劳务\ufffd"


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("（一） 开展 1 次ＡＢ", "(一)开展1次ab"),
        ("①Ｑ＆Ａ", "1q&a"),
        ("补助\n\n５０％", "补助50%"),
        ("\u3000 \t", ""),
    ],
)
def test_index_form_by_value(text, form):
    assert index_form(text) == form


@given(st.text())
def test_index_form_has_no_white_space_and_is_stable_for_words(text):
    assert not any(character.isspace() for character in index_form(text))
    assert index_form(f" {text}\n") == index_form(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("电动自行车停放须知\n\n一、总则", "电动自行车停放须知"),
        ("  \n停放须知 第一版", "停放须知"),
        ("\u3000停放须知\u3000第一版", "停放须知"),
        ("不得占用盲道。违者处罚。", "不得占用盲道"),
        ("能停在楼道吗？不能", "能停在楼道吗"),
        ("严禁入内！后果自负", "严禁入内"),
        # A comma and an ASCII full stop (1.5) end nothing.
        ("补助1.5万元，一次付清。", "补助1.5万元，一次付清"),
        ("甲" * 40, "甲" * 40),
        ("甲" * 41, "甲" * 40),
        ("", ""),
        (" \n", ""),
        ("。甲", ""),
    ],
)
def test_opening_by_value(text, name):
    assert opening(text) == name


@given(OFFICIAL)
def test_an_opening_begins_the_text_and_has_no_blank(text):
    name = opening(text)
    assert text.strip().startswith(name)
    assert not any(character.isspace() for character in name)


def test_squeeze_by_value():
    assert squeeze("工 资\n单") == ("工资单", [0, 2, 4])
    assert squeeze(" \n") == ("", [])


@given(st.text())
def test_squeezed_characters_stand_at_their_offsets(text):
    squeezed, offsets = squeeze(text)
    assert squeezed == "".join(text.split())
    assert [text[offset] for offset in offsets] == list(squeezed)
    assert offsets == sorted(set(offsets))


def test_occurrences_bridge_page_ends():
    text = "农民工工资，农民\n\n工 资格"
    assert occurrences("农民工", text) == [(0, 3), (6, 11)]
    assert text[6:11] == "农民\n\n工"


def test_occurrences_do_not_overlap_and_ignore_space_in_the_term():
    assert occurrences("哈哈", "哈哈哈哈哈") == [(0, 2), (2, 4)]
    assert occurrences("农 民", "农民") == [(0, 2)]
    assert occurrences(" \n", "农民") == []
    assert occurrences("农民", "") == []


@given(st.text(alphabet="甲乙 \n", max_size=20), st.text(alphabet="甲乙 ", min_size=1, max_size=3))
def test_every_occurrence_reads_as_the_term(text, term):
    needle = "".join(term.split())
    found = occurrences(term, text)
    assert all("".join(text[start:end].split()) == needle for start, end in found)
    assert len(found) == ("".join(text.split()).count(needle) if needle else 0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("罚款1.5万元以上。处罚公开。", ["罚款1.5万元以上。", "处罚公开。"]),
        ("见www.gov.cn网站。", ["见www.gov.cn网站。"]),
        ("甲；乙！丙？丁;戊", ["甲；", "乙！", "丙？", "丁;", "戊"]),
        ("补助（含县。不含乡；镇）5万元。完", ["补助（含县。不含乡；镇）5万元。", "完"]),
        ("按《条例。办法》〔2020。〕【甲。】办。", ["按《条例。办法》〔2020。〕【甲。】办。"]),
        ("外（内（深。）内。）外。后", ["外（内（深。）内。）外。", "后"]),
        ("甲（乙。丙。", ["甲（乙。", "丙。"]),
        ("甲）乙。丙", ["甲）乙。", "丙"]),
        ("“要落实。”他说。", ["“要落实。”", "他说。"]),
        ("做到“应保尽保！”。好", ["做到“应保尽保！”", "。", "好"]),
        ("称为『甲。』」乙", ["称为『甲。』」", "乙"]),
        ("", []),
        (" \n\u3000", []),
    ],
)
def test_sentences_by_value(text, expected):
    assert split(text) == expected


def test_a_page_end_in_mid_sentence_does_not_end_the_sentence():
    assert split("确保在各\n\n类人群中的比例。再次。") == ["确保在各\n\n类人群中的比例。", "再次。"]


@pytest.mark.parametrize(
    "start", ["一线职工", "1.5万元", "十分重要", "10 天", "三级医院", "2023年底", "12 月 31 日", "8%"]
)
def test_a_number_that_begins_a_page_is_no_numeral(start):
    text = f"要求达到或者关心\n\n{start}的要求。"
    assert split(text) == [text]


@pytest.mark.parametrize(
    "bullet",
    ["——", "--", "-", "•", "●", "（一）", "(2)", "1、", "1.", "2．", "3", "三、", "①", "一是"],
)
def test_a_bullet_or_a_numeral_at_the_head_of_a_line_begins_a_sentence(bullet):
    assert split(f"重点如下项目\n{bullet}第一项内容\n{bullet}另一项") == [
        "重点如下项目",
        f"{bullet}第一项内容",
        f"{bullet}另一项",
    ]


def test_white_space_before_a_bullet_is_allowed_and_a_date_line_stands_alone():
    assert split("重点项目\n \u3000·甲项目") == ["重点项目", "·甲项目"]
    assert split("市政府办公室\n2022年5月8日\n关于某事的通知。") == [
        "市政府办公室",
        "2022年5月8日\n关于某事的通知。",
    ]


def test_lines_after_a_colon_and_table_rows_are_sentences():
    assert split("包括以下内容：\n甲项目\n乙项目") == ["包括以下内容：", "甲项目\n乙项目"]
    assert split("单位\t数量\n城管局\t3\n住建局\t4") == ["单位\t数量", "城管局\t3", "住建局\t4"]


def test_an_opening_bracket_reaches_its_partner_less_than_400_characters_away_and_no_further():
    near = f"甲（{'乙' * 300}。{'乙' * 97}）丙。"
    far = f"甲（{'乙' * 300}。{'乙' * 98}）丙。"
    assert (near.index("）") - near.index("（"), far.index("）") - far.index("（")) == (399, 400)
    assert split(near) == [near]
    assert split(far) == [f"甲（{'乙' * 300}。", f"{'乙' * 98}）丙。"]


def test_only_the_given_range_is_split():
    text = "前。甲（乙。丙）丁。后。"
    assert split(text, 2, 10) == ["甲（乙。丙）丁。"]
    # The closing bracket lies outside the range: inside it the bracket is never closed.
    assert split(text, 2, 7) == ["甲（乙。", "丙"]


def test_an_entity_of_a_web_page_ends_no_sentence():
    assert split("“瞪羚&quot;企业补贴三万元;其他企业一万元。") == [
        "“瞪羚&quot;企业补贴三万元;",
        "其他企业一万元。",
    ]


@given(OFFICIAL, st.data())
def test_sentences_tile_the_range(text, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    spans = sentences(text, start, end)
    borders = [offset for span in spans for offset in span]
    assert borders == sorted(borders)
    assert all(start <= a < b <= end for a, b in spans)
    assert all(text[a:b] == text[a:b].strip() for a, b in spans)
    covered = {offset for span in spans for offset in range(*span)}
    assert all(text[offset].isspace() for offset in range(start, end) if offset not in covered)


@given(st.lists(st.text(alphabet="甲乙丙。；！1.", min_size=1, max_size=8), min_size=1, max_size=6))
def test_no_sentence_ends_inside_a_bracket(inner):
    text = "".join(f"丁（{piece}）" for piece in inner) + "。"
    assert split(text) == [text]


def test_trim_by_value():
    assert trim(" 甲 乙\n", 0, 5) == (1, 4)
    assert trim("   ", 0, 3) == (3, 3)


def test_bigrams_stay_inside_runs_of_chinese():
    assert bigrams("农民工a资") == ["农民", "民工"]
    assert bigrams("50%以上a") == ["以上"]
    assert bigrams("人") == []


def test_search_words_count_a_word_twice_and_a_chance_pair_once(segmenter):
    assert sorted(segmenter.tokens("工资支付")) == sorted(["工资", "支付", "工资", "资支", "支付"])


def test_words_drop_punctuation_and_keep_numbers(segmenter):
    assert segmenter.words("财政补助，（工资）拨打12345。") == ["财政", "补助", "工资", "拨打", "12345"]
    assert segmenter.words("，。（）！") == []


def test_added_words_stay_inside_their_segmenter(segmenter):
    # 县产改办 is no word of general Chinese: it falls apart unless it was added.
    assert "产改办" in Segmenter(["产改办"]).words("县产改办负责")
    assert "产改办" not in segmenter.words("县产改办负责")


def test_frequency_is_zero_for_what_is_no_word(segmenter):
    assert segmenter.frequency("工资") > 100
    assert segmenter.frequency("资支") == 0


def test_the_same_text_has_the_same_tokens_in_any_order_of_calls(segmenter):
    texts = ["推进产业工人队伍建设改革", "农民工工资支付", "劳务派遣用工", "Ａ级旅游景区"]
    expected = {text: segmenter.tokens(text) for text in texts}
    random.Random(1).shuffle(texts)
    assert {text: segmenter.tokens(text) for text in texts} == expected
