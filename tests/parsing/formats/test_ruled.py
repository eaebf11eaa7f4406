"""Rules and glyphs → rows of cells."""

from assistant.parsing.formats.printed import Glyph
from assistant.parsing.formats.ruled import MAX_RULES, Rule, page_lines, segment_rule


def word(text, x, y):
    return [Glyph(c, x + 10 * i, x + 10 * i + 10, y, 10.0) for i, c in enumerate(text)]


def grid(xs, ys):
    return [
        *(Rule(True, x, ys[0], ys[-1]) for x in xs),
        *(Rule(False, y, xs[0], xs[-1]) for y in ys),
    ]


def lines(glyphs, rules):
    return [each.text for each in page_lines(glyphs, rules, tolerance=3.0)]


CELLS = [*word("序号", 5, 15), *word("单位", 55, 15), *word("1", 5, 35), *word("甲局", 55, 35)]


def test_cells_between_rules_are_rows():
    around = [*word("前", 0, -20), *word("后", 0, 70)]
    assert lines([*CELLS, *around], grid((0, 50, 100), (0, 20, 40))) == ["前", "序号\t单位", "1\t甲局", "后"]


def test_rules_drawn_in_pieces_and_twice():
    rules = [
        Rule(each.vertical, each.at + shift, low, high)
        for each in grid((0, 50, 100), (0, 20, 40))
        for shift in (0.0, 0.7)
        for low, high in ((each.low, (each.low + each.high) / 2), ((each.low + each.high) / 2 + 1, each.high))
    ]
    assert lines(CELLS, rules) == ["序号\t单位", "1\t甲局"]


def test_merged_cells():
    rules = [
        *(Rule(True, x, 0, 60) for x in (0, 100)),
        Rule(True, 50, 20, 60),  # the head covers both columns
        *(Rule(False, y, 0, 100) for y in (0, 20, 60)),
        Rule(False, 40, 50, 100),  # the first column covers two rows
    ]
    glyphs = [*word("总表", 5, 15), *word("任务", 5, 45), *word("甲局", 55, 35), *word("乙局", 55, 55)]
    assert lines(glyphs, rules) == ["总表\t", "任务\t甲局", "\t乙局"]


def test_open_sides_are_edges():
    rules = [Rule(True, 50, 0, 40), *(Rule(False, y, 0, 100) for y in (0, 20, 40))]
    assert lines(CELLS, rules) == ["序号\t单位", "1\t甲局"]


def test_a_cell_goes_on_in_the_next_line_where_it_is_full():
    glyphs = [*word("甲乙丙丁", 5, 15), *word("戊", 5, 27), *word("己", 55, 15), *word("庚", 55, 27)]
    assert lines(glyphs, grid((0, 50, 140), (0, 40))) == ["甲乙丙丁戊\t己 庚"]


def test_a_frame_of_one_column_is_text():
    assert lines(CELLS, grid((0, 100), (0, 20, 40))) == ["序号　单位", "1　甲局"]


def test_a_framed_box_is_set_off():
    glyphs = [*word("专栏1", 5, 15), *word("1.甲工程", 5, 35), *word("后", 0, 70)]
    assert lines(glyphs, grid((0, 150), (0, 20, 40))) == ["　　专栏1", "　　1.甲工程", "后"]


def test_a_drawing_is_no_table():
    assert len(lines(CELLS, grid((0, 50, 100), (0, 20, 40)) * MAX_RULES)) == 2
    assert "\t" not in lines(CELLS, grid((0, 50, 100), (0, 20, 40)) * MAX_RULES)[0]


def test_slanted_and_short_segments_are_no_rules():
    assert segment_rule(0, 0, 0.5, 50, least=8) == Rule(True, 0.25, 0, 50)
    assert segment_rule(60, 5, 10, 5, least=8) == Rule(False, 5, 10, 60)
    assert segment_rule(0, 0, 50, 50, least=8) is None
    assert segment_rule(0, 0, 0, 5, least=8) is None
