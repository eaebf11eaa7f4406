"""Questions that repeat a document's title, and places inside one another."""

import pytest

from assistant.understanding.planner import _are_compared, _without_name


@pytest.mark.parametrize(
    ("question", "title", "expected"),
    [
        # The section 重点任务 is not meant by the name of the document.
        ("财政局在凤山县养老重点任务分工方案里有哪些活", "凤山县养老重点任务分工方案", "财政局在 里有哪些活"),
        ("重点任务里财政局有哪些活", "凤山县养老重点任务分工方案", "重点任务里财政局有哪些活"),
        ("有哪些活", "", "有哪些活"),
    ],
)
def test_the_name_of_a_document_names_no_section(question, title, expected):
    assert _without_name(question, title) == expected


@pytest.mark.parametrize(
    ("question", "places", "expected"),
    [
        ("汾羊市和太行市怎么补贴养老", ("汾羊市", "太行市"), True),
        ("汾羊市、太行市的期限有什么不同", ("汾羊市", "太行市"), True),
        ("汾羊和太行分别补多少", ("汾羊", "太行"), True),
        # A district in its city, and a place that is only mentioned.
        ("汾羊市凤山区引进博士奖多少", ("汾羊市", "凤山区"), False),
        ("按汾羊市的措施，援助太行市的队员补助多少", ("汾羊市", "太行市"), False),
    ],
)
def test_places_are_compared_only_when_something_compares_them(question, places, expected):
    assert _are_compared(question, places) is expected
