import pytest

from assistant.matching import bodies, likeness, matched, taken_from
from assistant.parsing import parse_text
from policypairs import care


def labels(old, new):
    """``(old label, new label)`` of the pairs, in the order of the new version."""
    before, after = bodies(old), bodies(new)
    return [("".join(before[i].key[1]), "".join(after[j].key[1])) for i, j in matched(before, after)]


def test_likeness_is_the_dice_coefficient():
    assert likeness(["ab", "bc", "cd"], ["bc", "cd", "de"]) == pytest.approx(2 * 2 / (3 + 3))
    assert likeness([], ["ab"]) == 0.0


def test_a_body_is_the_clauses_own_words():
    texts = {"".join(body.key[1]): body.text for body in bodies(care("old"))}
    assert texts[""] == "为加快发展居家养老服务，结合本市实际，制定本方案。"
    assert texts["一"] == "工作目标\n到2023年底，全市建成社区助餐点80个，居家养老服务覆盖率达到60%。"
    assert texts["二"] == "重点任务"
    assert texts["二（一）"] == "建设助餐点。每个助餐点补助6万元，由市民政局统一验收。"


def test_clauses_of_two_versions():
    assert labels(care("old"), care("new")) == [
        ("", ""),
        ("一", "一"),
        ("二", "二"),
        ("二（二）", "二（一）"),  # renumbered
        ("二（一）", "二（二）"),
        ("二（三）", "二（三）"),
        ("三（一）", "二（五）"),  # moved to another section
        ("三", "三"),
        ("三（二）", "三（一）"),
    ]


def test_a_document_matches_itself(corpus_document):
    pairs = labels(corpus_document, corpus_document)
    assert pairs == [(label, label) for label, _ in pairs]
    assert len(pairs) == len(corpus_document.clauses) + 1


def test_a_rewritten_section_is_known_by_its_clauses():
    old = parse_text("一、站点建设\n\n（一）选址。靠近车站和医院。\n\n（二）验收。由市城管局统一验收。\n")
    new = parse_text("一、完善网络布局\n\n（一）选址。靠近车站和医院。\n\n（二）验收。由市城管局统一验收。\n")
    assert ("一", "一") in labels(old, new)
    assert len(labels(old, new)) == 4


def test_different_clauses_in_the_same_place_are_two():
    old = parse_text("一、清扫道路。每天清扫主干道两次。\n\n二、修剪树木。每季度修剪行道树。\n")
    new = parse_text("一、发展旅游。打造精品线路五条。\n\n二、修剪树木。每季度修剪行道树。\n")
    assert labels(old, new) == [("", ""), ("二", "二")]


def test_where_a_clause_was_split_off():
    old = bodies(parse_text("一、清扫与修剪。每天清扫主干道两次，每季度修剪行道树一遍，及时清运树枝。\n"))
    new = bodies(parse_text("一、修剪。每季度修剪行道树一遍，及时清运树枝。\n\n二、旅游。打造精品线路。\n"))
    assert taken_from(new[1], old) == old[1]
    assert taken_from(new[2], old) is None
