import math

import pytest

from assistant.synonyms import Synonyms
from assistant.understanding.topics import GENERIC_WEIGHT, TopicReader, read_stopwords
from policies import segmenter

SYNONYMS = Synonyms(
    {"欠薪": {"拖欠工资": 1.0, "工资支付": 0.5}, "看病": {"医疗": 1.0}, "咋办": {"办理": 1.0}}
)


@pytest.fixture(scope="module")
def reader():
    return TopicReader(segmenter(), SYNONYMS, lambda token: token == "带徒")


def words(terms):
    return [term.text for term in terms]


@pytest.mark.parametrize(
    ("topic", "expected"),
    [
        ("养老护理员培训归谁管", ["养老", "护理员", "培训"]),
        ("请问有哪些措施", ["措施"]),
        ("欠薪咋办", ["欠薪"]),  # the stop word 咋办 is not looked up
        ("老人看病多少钱", ["看病", "老人"]),
        ("师傅带徒有津贴吗", ["带徒", "津贴"]),  # two lone characters that a document joins
        ("师傅骑马", ["骑马"]),
        ("归谁管", []),
        ("", []),
        ("培训 培训", ["培训"]),
    ],
)
def test_content_words(reader, topic, expected):
    assert words(reader.terms(topic)) == expected


def test_official_words_fade_by_a_tenth_from_one_to_the_next(reader):
    (term,) = reader.terms("欠薪归谁管")
    assert term.official == (("拖欠工资", 1.0), ("工资支付", pytest.approx(0.5 * 0.9)))


def test_weight_is_rarity_in_general_chinese(reader):
    by_text = {term.text: term.weight for term in reader.terms("护理员培训")}
    rarity = math.log10(6e7 / (segmenter().frequency("培训") + 1))
    assert by_text["培训"] == pytest.approx((rarity - 2.5) / 3.5)
    assert by_text["护理员"] > by_text["培训"]
    assert all(0 < weight <= 1 for weight in by_text.values())


def test_words_of_every_document_weigh_little(reader):
    (term,) = reader.terms("措施")
    assert term.weight == GENERIC_WEIGHT == 0.12


def test_unknown_words_weigh_most(reader):
    reader = TopicReader(segmenter(), Synonyms({"渌口": {"区": 1.0}}), lambda token: False)
    assert reader.terms("渌口")[0].weight == 1.0


@pytest.mark.parametrize(
    ("text", "expected"),
    [("请问领军人才", "领军人才"), ("培训怎么样呢", "培训"), ("请问", "请问"), ("", "")],
)
def test_content_drops_stop_words_at_the_ends(reader, text, expected):
    assert reader.content(text) == expected


def test_stop_words_and_generic_words_are_apart_from_each_other_where_it_matters():
    stop, generic = read_stopwords("stopwords.txt"), read_stopwords("genericwords.txt")
    assert {"归谁管", "什么", "的"} <= stop
    assert {"措施", "落实", "机制"} <= generic
    assert not {"培训", "工资", "补贴"} & (stop | generic)
    assert not any(word.startswith("#") for word in stop | generic)
