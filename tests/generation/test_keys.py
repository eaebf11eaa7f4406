"""Keys in every style of bracket, and sentences cut out of a stream."""

import pytest

from assistant.generation.keys import SentenceReader, read_keys

STREAM = "扶手每户不超过3000元。[1][2] 由“民政局。牵头。”[3]负责(1)。\n- 次年【2】\n“全文。”[1]尾巴[1]"
SENTENCES = [
    "扶手每户不超过3000元。[1][2]",
    "由“民政局。牵头。”[3]",
    "负责(1)。",
    "- 次年【2】",
    "“全文。”[1]",
    "尾巴[1]",
]


@pytest.mark.parametrize(
    ("mark", "keys"),
    [
        ("[1]", (1,)),
        ("【1】", (1,)),
        ("［1］", (1,)),
        ("(1)", (1,)),
        ("（1）", (1,)),
        ("〔1〕", (1,)),
        ("[[1]]", (1,)),
        ("[1,2]", (1, 2)),
        ("[1，2]", (1, 2)),
        ("[1、2]", (1, 2)),
        ("[1-3]", (1, 2, 3)),
        ("[1][2]", (1, 2)),
        ("【1】 【2】", (1, 2)),
        ("（1）（2）", (1, 2)),
        ("[2][1][2]", (2, 1)),
        ("^1", (1,)),
        ("^[1]", (1,)),
        ("[^12]", (12,)),
        ("^{1,2}", (1, 2)),
        ("¹", (1,)),
        ("<sup>1</sup>", (1,)),
        ("【１】", (1,)),
        ("【1†source】", (1,)),
        ("[证据1]", (1,)),
        ("[ 1 ]", (1,)),
        (" (1)", (1,)),
    ],
)
def test_every_style_of_bracket_is_read_and_taken_out(mark, keys):
    assert read_keys(f"每户补助3000元{mark}。") == ("每户补助3000元。", keys)
    assert read_keys(f"每户补助3000元。{mark}") == ("每户补助3000元。", keys)


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("（1）建设站点", "（1）建设站点"),
        ("按临政办发〔2024〕11号执行。", "按临政办发〔2024〕11号执行。"),
        ("分三步（2024年完成）。", "分三步（2024年完成）。"),
        ("见[附件]。", "见[附件]。"),
    ],
)
def test_other_brackets_are_no_keys(sentence, words):
    assert read_keys(sentence) == (words, ())


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_pieces_of_any_size_give_the_same_sentences(size):
    reader = SentenceReader()
    found = [each for at in range(0, len(STREAM), size) for each in reader.feed(STREAM[at : at + size])]
    assert [*found, *reader.close()] == SENTENCES


def test_a_sentence_is_given_as_soon_as_no_key_can_follow():
    reader = SentenceReader()
    assert list(reader.feed("每户3000元。")) == []
    assert list(reader.feed("[1")) == []
    assert list(reader.feed("]")) == []
    assert list(reader.feed("再")) == ["每户3000元。[1]"]
    assert list(reader.close()) == ["再"]


@pytest.mark.parametrize("size", [1, 5, 100])
def test_what_the_model_thinks_is_left_out(size):
    text = "<think>\n用户问补助。答案是[1]。\n</think>\n每户3000元[1]。"
    reader = SentenceReader()
    found = [each for at in range(0, len(text), size) for each in reader.feed(text[at : at + size])]
    assert [*found, *reader.close()] == ["每户3000元[1]。"]
