"""The picture of units × clauses: what the table holds, and what the picture shows of it."""

from xml.etree import ElementTree

from assistant.datatypes import DutyRow
from assistant.ui.matrix import MOST_CLAUSES, MOST_UNITS, matrix_of, matrix_svg

SVG = "{http://www.w3.org/2000/svg}"


def row(path, unit, role="responsible", heading="任务"):
    return DutyRow("d", "题", "", "", path, heading, unit, unit, role, (), "（局）", 0, 3)


def same(one, other):
    return one.removeprefix("市") == other.removeprefix("市")


ROWS = [
    row(("一",), "市教育局", "lead", "办学<b>"),
    row(("一",), "财政局"),
    row(("二",), "教育局", "support"),
    row(("二",), "市教育局"),
]


def texts(svg):
    """What stands in the picture, letters of a name joined."""
    root = ElementTree.fromstring(svg)
    found = []
    for element in root.iter(f"{SVG}text"):
        spans = element.findall(f"{SVG}tspan")
        found.append((element.text or "") + "".join(each.text or "" for each in spans))
    return found


def test_a_unit_named_in_two_ways_is_one_column_with_its_strongest_role():
    matrix = matrix_of(ROWS, same)
    assert matrix.units == ["市教育局", "财政局"]
    assert list(matrix.clauses.values()) == ["一 办学<b>", "二 任务"]
    first, second = matrix.clauses
    assert matrix.roles == {
        (first, "市教育局"): "lead",
        (first, "财政局"): "responsible",
        (second, "市教育局"): "responsible",
    }


def test_picture_shows_every_clause_unit_and_sign():
    svg = matrix_svg(matrix_of(ROWS, same))
    shown = texts(svg)
    for expected in ("一 办学<b>", "二 任务", "市教育局", "财政局"):
        assert shown.count(expected) == 1
    # One more of each sign in the legend.
    assert [shown.count(sign) for sign in ("牵", "责", "配")] == [2, 3, 1]
    assert "2 条 × 2 个单位" in "".join(shown)


def test_signs_stand_in_the_column_of_their_unit():
    root = ElementTree.fromstring(matrix_svg(matrix_of(ROWS, same)))
    middle = {}
    for element in root.iter(f"{SVG}text"):
        spans = element.findall(f"{SVG}tspan")
        if spans and spans[0].get("x"):
            middle["".join(each.text for each in spans)] = float(spans[0].get("x"))
    titled = {}
    for group in root.iter(f"{SVG}g"):
        title = group.find(f"{SVG}title")
        if title is not None:
            titled[title.text] = float(group.find(f"{SVG}text").get("x"))
    assert titled["一 办学<b>：市教育局"] == middle["市教育局"]
    assert titled["一 办学<b>：财政局"] == middle["财政局"]


def test_large_tables_are_cut_and_say_so():
    rows = [row((str(number),), f"单位{number}") for number in range(MOST_CLAUSES + 5)]
    svg = matrix_svg(matrix_of(rows, lambda one, other: one == other))
    assert f"图中为前 {MOST_CLAUSES} 条、前 {MOST_UNITS} 个单位，其余见 Excel" in "".join(texts(svg))
    assert f"{MOST_CLAUSES} 任务" not in texts(svg)


def test_an_empty_table_is_a_picture_as_well():
    assert "0 条 × 0 个单位" in "".join(texts(matrix_svg(matrix_of([], same))))
