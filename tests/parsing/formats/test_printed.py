"""Glyphs on pages → paragraphs."""

import pytest

from assistant.parsing.formats.printed import (
    PAGE_NUMBER,
    Glyph,
    Line,
    Page,
    clean,
    lines_of,
    paragraphs,
    without_furniture,
)


def glyphs(text, x=0.0, y=10.0, size=10.0, step=10.0):
    return [Glyph(c, x + i * step, x + i * step + size, y, size) for i, c in enumerate(text)]


def line(text, y, *, x=0.0, size=10.0, row=False):
    return Line(text, x, x + size * len(text), y, size, row)


def page(*lines, height=842.0):
    return Page(300.0, height, lines)


FULL = "坚持以人民为中心的发展思想完善政策体系健全工作机制"


def test_glyphs_of_one_base_line_are_a_line_from_left_to_right():
    found = lines_of([*glyphs("乙丙", x=50), *glyphs("丁", y=30), *glyphs("甲", x=40, y=11)])
    assert [(each.text, each.x0, each.x1) for each in found] == [("甲乙丙", 40, 70), ("丁", 0, 10)]


def test_empty_places_are_blanks():
    wide = [*glyphs("第一章"), *glyphs("总则", x=50)]
    assert lines_of(wide)[0].text == "第一章　总则"
    spread = glyphs("通知", step=18.0)
    assert lines_of(spread)[0].text == "通知"
    words = [*glyphs("ab", size=5, step=5), *glyphs("cd", x=13, size=5, step=5)]
    assert lines_of(words)[0].text == "ab cd"


def test_outer_white_space_counts_as_indent():
    found = lines_of(glyphs("　　第一条 "))
    assert (found[0].text, found[0].x0) == ("第一条", 20)


def test_radicals_are_read_as_characters():
    assert clean("⼀、⼯作⻓期2014\u00ad2020①（一）") == "一、工作长期2014-2020①（一）"


def test_full_lines_go_on_and_indented_ones_begin():
    lines = [
        line("　" * 0 + FULL[:-2], 10, x=20),
        line(FULL, 30),
        line("各项工作。", 50),
        line("二、" + FULL[:-4], 70, x=20),
        line("落实。", 90),
    ]
    assert paragraphs([page(*lines)]) == [FULL[:-2] + FULL + "各项工作。", "二、" + FULL[:-4] + "落实。"]


def test_a_paragraph_goes_on_on_the_next_page():
    first = [line(FULL, 100 + 20 * i) for i in range(4)]
    assert paragraphs([page(*first), page(line("完。", 100))]) == [FULL * 4 + "完。"]


def test_ragged_lines_go_on_where_paragraphs_are_indented():
    lines = []
    for index in range(6):
        lines += [
            line(FULL[:-2], 10 + 60 * index, x=20),
            line(FULL[:-5], 30 + 60 * index),
            line("止。", 50 + 60 * index),
        ]
    assert paragraphs([page(*lines)]) == [FULL[:-2] + FULL[:-5] + "止。"] * 6


def test_larger_type_and_wide_gaps_begin_anew():
    lines = [line(FULL, 10 + 20 * i) for i in range(5)]
    title = line(FULL[:12], 110, size=20.0)
    assert paragraphs([page(*lines, title)])[-1] == FULL[:12]
    far = line("另起。", 170)
    assert paragraphs([page(*lines, far)])[-1] == "另起。"


def test_words_keep_a_blank_at_the_end_of_a_line():
    lines = [line("x" * 30 + " word", 10), line("more", 30)]
    assert paragraphs([page(*lines)]) == ["x" * 30 + " word more"]
    assert paragraphs([page(line("9" * 35, 400), line("99", 420))]) == ["9" * 37]


def test_rows_are_never_joined_with_text():
    lines = [line(FULL, 10), line("序号\t单位", 30, row=True), line("1\t甲", 50, row=True), line("正文", 70)]
    assert paragraphs([page(*lines)]) == [FULL, "序号\t单位", "1\t甲", "正文"]


def test_a_table_goes_on_on_the_next_page():
    head = line("序号\t单位", 30, row=True)
    first = page(head, line("1\t市教", 50, row=True))
    again = page(head, line("2\t乙", 50, row=True))
    assert paragraphs([first, again]) == ["序号\t单位", "1\t市教", "2\t乙"]
    cut = page(head, Line("1\t市教", 0, 90, 50, 10, row=True, cut=True))
    rest = page(Line("\t育局", 0, 90, 30, 10, row=True, follows=True), line("2\t乙", 50, row=True))
    assert paragraphs([cut, rest]) == ["序号\t单位", "1\t市教育局", "2\t乙"]


@pytest.mark.parametrize(
    "text", ["1", "— 12 —", "-3-", "－ 4 －", "第 5 页", "第5页 共 10页", "6/10", "iv", "·7·", "Page 2 of 9"]
)
def test_page_numbers(text):
    assert PAGE_NUMBER.fullmatch(text)


@pytest.mark.parametrize("text", ["一、总则", "2024年", "1.总则", "第五条", "12345热线"])
def test_no_page_numbers(text):
    assert not PAGE_NUMBER.fullmatch(text)


def test_page_numbers_and_what_is_repeated_at_the_edges_are_removed():
    pages = [
        page(
            line("公报", 40),
            line("正文", 200),
            line("重复", 400),
            line(f"第{i}期 内部", 790),
            line(f"— {i} —", 810),
        )
        for i in range(1, 5)
    ]
    assert [[each.text for each in p.lines] for p in without_furniture(pages)] == [["正文", "重复"]] * 4


def test_a_number_in_the_text_is_no_page_number():
    assert without_furniture([page(line("甲", 100), line("7", 400), line("乙", 700))])[0].lines[1].text == "7"


def test_pages_without_lines():
    assert paragraphs([page(), page()]) == []
    assert paragraphs([]) == []
