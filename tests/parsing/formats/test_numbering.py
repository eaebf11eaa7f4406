"""Labels of automatic numbering, against what Word prints for the same lists."""

import pytest

from assistant.parsing import read_file

from .wordfiles import abstract, level, num, paragraph, table, write_docx

CHINESE = (
    level(0, "japaneseCounting", "%1、", suff="nothing"),
    level(1, "japaneseCounting", "（%2）", suff="nothing"),
    level(2, "decimal", "%3.", suff="nothing"),
    level(3, "decimalEnclosedCircleChinese", "%4", suff="nothing"),
)


def labels(tmp_path, paragraphs, *, numbering, styles=""):
    """The lines of a document whose paragraphs are all x: label and gap."""
    path = write_docx(tmp_path / "x.docx", "".join(paragraphs), numbering=numbering, styles=styles)
    return [line.removesuffix("x") for line in read_file(path).splitlines()]


def numbered(of):
    """Properties that put the paragraphs of a style into a list."""
    return f'<w:pPr><w:numPr><w:numId w:val="{of}"/></w:numPr></w:pPr>'


def items(*levels, of=1):
    return [paragraph("x", num=of, level=each) for each in levels]


def test_levels_restart_below_each_other(tmp_path):
    found = labels(tmp_path, items(0, 1, 2, 2, 3, 1, 2, 0, 1, 2), numbering=abstract(1, *CHINESE) + num(1, 1))
    assert found == ["一、", "（一）", "1.", "2.", "①", "（二）", "1.", "二、", "（一）", "1."]


def test_numbers_of_outer_levels_appear_in_the_label(tmp_path):
    numbering = abstract(
        1,
        level(0, "japaneseCounting", "第%1章"),
        level(1, "decimal", "%1.%2", isLgl=True),
        level(2, "decimal", "%1.%2.%3", isLgl=True, suff="space"),
    ) + num(1, 1)
    found = labels(tmp_path, items(0, 1, 2, 0, 1, 1, 2), numbering=numbering)
    assert found == ["第一章 ", "1.1 ", "1.1.1 ", "第二章 ", "2.1 ", "2.2 ", "2.2.1 "]


def test_without_the_legal_setting_outer_numbers_keep_their_format(tmp_path):
    numbering = abstract(1, level(0, "upperRoman", "%1."), level(1, "lowerLetter", "%1-%2)")) + num(1, 1)
    assert labels(tmp_path, items(0, 1, 1), numbering=numbering) == ["I. ", "I-a) ", "I-b) "]


def test_an_outer_level_not_seen_yet_shows_its_start(tmp_path):
    numbering = abstract(1, level(0, "decimal", "%1", start=3), level(1, "decimal", "%1.%2")) + num(1, 1)
    assert labels(tmp_path, items(1, 1), numbering=numbering) == ["3.1 ", "3.2 "]


def test_start_values(tmp_path):
    numbering = abstract(1, level(0, "chineseCounting", "%1、", start=5)) + num(1, 1)
    assert labels(tmp_path, items(0, 0), numbering=numbering) == ["五、", "六、"]


def test_lists_of_one_abstract_list_count_on_together(tmp_path):
    numbering = abstract(1, *CHINESE) + num(1, 1) + num(2, 1)
    found = labels(tmp_path, [*items(0, 0), *items(0, 0, of=2)], numbering=numbering)
    assert found == ["一、", "二、", "三、", "四、"]


def test_a_start_override_begins_anew_once(tmp_path):
    override = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    numbering = abstract(1, *CHINESE) + num(1, 1) + num(2, 1, override)
    paragraphs = [*items(0, 0), *items(0, 0, of=2), *items(0), *items(0, of=2)]
    assert labels(tmp_path, paragraphs, numbering=numbering) == [
        "一、",
        "二、",
        "一、",
        "二、",
        "三、",
        "四、",
    ]


def test_a_level_override_changes_the_format(tmp_path):
    override = f'<w:lvlOverride w:ilvl="0">{level(0, "decimal", "%1)")}</w:lvlOverride>'
    numbering = abstract(1, *CHINESE) + num(1, 1) + num(2, 1, override)
    assert labels(tmp_path, [*items(0), *items(0, of=2)], numbering=numbering) == ["一、", "2) "]


def test_a_level_that_never_restarts_runs_through(tmp_path):
    numbering = abstract(
        1, level(0, "japaneseCounting", "第%1章"), level(1, "japaneseCounting", "第%2条", lvlRestart=0)
    ) + num(1, 1)
    found = labels(tmp_path, items(0, 1, 1, 0, 1), numbering=numbering)
    assert found == ["第一章 ", "第一条 ", "第二条 ", "第二章 ", "第三条 "]


def test_a_level_may_restart_only_below_an_outer_one(tmp_path):
    numbering = abstract(
        1,
        level(0, "decimal", "篇%1"),
        level(1, "decimal", "章%2"),
        level(2, "decimal", "条%3", lvlRestart=1),
    ) + num(1, 1)
    found = labels(tmp_path, items(0, 1, 2, 1, 2, 0, 1, 2), numbering=numbering)
    assert found == ["篇1 ", "章1 ", "条1 ", "章2 ", "条2 ", "篇2 ", "章1 ", "条1 "]


def test_numbering_is_inherited_through_styles(tmp_path):
    styles = (
        '<w:style w:type="paragraph" w:default="1" w:styleId="a"/>'
        '<w:style w:type="paragraph" w:styleId="1"><w:basedOn w:val="a"/>'
        '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="2"><w:basedOn w:val="1"/>'
        '<w:pPr><w:numPr><w:ilvl w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="mine"><w:basedOn w:val="2"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="off"><w:basedOn w:val="2"/>'
        '<w:pPr><w:numPr><w:numId w:val="0"/></w:numPr></w:pPr></w:style>'
    )
    numbering = abstract(1, *CHINESE) + num(1, 1)
    paragraphs = [
        paragraph("x", style=name) if name else paragraph("x") for name in ("1", "2", "mine", "off", "", "1")
    ]
    paragraphs.append(paragraph("x", style="1", num=0))
    found = labels(tmp_path, paragraphs, numbering=numbering, styles=styles)
    assert found == ["一、", "（一）", "（二）", "", "", "二、", ""]


def test_a_level_names_its_style(tmp_path):
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{name}">{numbered(4)}</w:style>' for name in ("one", "two")
    )
    numbering = abstract(
        1,
        level(0, "chineseCountingThousand", "第%1章", pStyle="one"),
        level(1, "decimal", "%2.", pStyle="two"),
    ) + num(4, 1)
    paragraphs = [paragraph("x", style=name) for name in ("one", "two", "two")]
    assert labels(tmp_path, paragraphs, numbering=numbering, styles=styles) == ["第一章 ", "1. ", "2. "]


def test_the_default_style_may_be_numbered(tmp_path):
    styles = f'<w:style w:type="paragraph" w:default="1" w:styleId="a">{numbered(1)}</w:style>'
    numbering = abstract(1, *CHINESE) + num(1, 1)
    assert labels(tmp_path, [paragraph("x"), paragraph("x")], numbering=numbering, styles=styles) == [
        "一、",
        "二、",
    ]


def test_list_styles_lead_to_their_list(tmp_path):
    styles = f'<w:style w:type="numbering" w:styleId="L">{numbered(1)}</w:style>'
    numbering = (
        abstract(1, *CHINESE, extra='<w:styleLink w:val="L"/>')
        + abstract(2, extra='<w:numStyleLink w:val="L"/>')
        + num(1, 1)
        + num(2, 2)
    )
    assert labels(tmp_path, items(0, of=2), numbering=numbering, styles=styles) == ["一、"]


def test_links_and_styles_in_a_circle_end(tmp_path):
    styles = (
        f'<w:style w:type="numbering" w:styleId="L">{numbered(1)}</w:style>'
        '<w:style w:type="paragraph" w:styleId="p"><w:basedOn w:val="q"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="q"><w:basedOn w:val="p"/></w:style>'
    )
    numbering = abstract(1, extra='<w:numStyleLink w:val="L"/>') + num(1, 1)
    paragraphs = [*items(0), paragraph("x", style="p")]
    assert labels(tmp_path, paragraphs, numbering=numbering, styles=styles) == ["", ""]


def test_formats_that_only_newer_programs_know_have_a_fallback(tmp_path):
    custom = (
        '<w:lvl w:ilvl="0"><w:start w:val="1"/><mc:AlternateContent><mc:Choice Requires="w14">'
        '<w:numFmt w:val="custom" w:format="001, 002, 003, ..."/></mc:Choice><mc:Fallback>'
        '<w:numFmt w:val="decimalZero"/></mc:Fallback></mc:AlternateContent><w:lvlText w:val="%1"/></w:lvl>'
    )
    assert labels(tmp_path, items(0), numbering=abstract(1, custom) + num(1, 1)) == ["01 "]


@pytest.mark.parametrize(
    ("text", "printed"), [("——", "—— "), ("●", "● "), ("\uf06c", ""), ("l", ""), ("", "")]
)
def test_bullets_are_kept_unless_a_symbol_font_draws_them(tmp_path, text, printed):
    numbering = abstract(1, level(0, "bullet", text)) + num(1, 1)
    assert labels(tmp_path, items(0), numbering=numbering) == [printed]


def test_hidden_numbers_and_unknown_lists_print_nothing(tmp_path):
    numbering = abstract(1, level(0, "none", "%1"), level(1, "none", "目标：", suff="nothing")) + num(1, 1)
    paragraphs = [*items(0, 1), *items(0, of=99), *items(8)]
    assert labels(tmp_path, paragraphs, numbering=numbering) == ["", "目标：", "", ""]


def test_an_empty_paragraph_counts_but_prints_no_label(tmp_path):
    numbering = abstract(1, *CHINESE) + num(1, 1)
    paragraphs = [*items(0), paragraph("", num=1, level=0), *items(0)]
    assert labels(tmp_path, paragraphs, numbering=numbering) == ["一、", "", "三、"]


def test_paragraphs_in_tables_count_in_reading_order(tmp_path):
    numbering = abstract(1, level(0, "decimal", "%1.", suff="nothing")) + num(1, 1)
    numbered = paragraph("x", num=1, level=0)
    grid = table([[("甲", 1, None), ("乙", 1, None)]]).replace(
        "<w:pPr></w:pPr>", numbered[5 : numbered.index("<w:r>")]
    )
    path = write_docx(tmp_path / "x.docx", numbered + grid + numbered, numbering=numbering)
    assert read_file(path).splitlines() == ["1.x", "2.甲\t3.乙", "4.x"]


def test_one_hundred_articles(tmp_path):
    numbering = abstract(1, level(0, "chineseCountingThousand", "第%1条", suff="space")) + num(1, 1)
    found = labels(tmp_path, items(*[0] * 120), numbering=numbering)
    assert [found[9], found[19], found[99], found[100], found[109], found[119]] == [
        "第十条 ",
        "第二十条 ",
        "第一百条 ",
        "第一百零一条 ",
        "第一百一十条 ",
        "第一百二十条 ",
    ]


def test_broken_numbers_are_taken_for_defaults(tmp_path):
    numbering = abstract(1, level(0, "decimal", "%1.", start="x", lvlRestart="y")) + num(1, 1)
    assert labels(tmp_path, items(0, "z"), numbering=numbering) == ["1. ", "2. "]
