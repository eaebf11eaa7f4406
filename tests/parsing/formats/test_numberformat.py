import pytest

from assistant.parsing.formats.numberformat import format_number


@pytest.mark.parametrize(
    ("kind", "printed"),
    [
        ("decimal", {1: "1", 12: "12", 999: "999"}),
        ("decimalZero", {1: "01", 12: "12", 100: "100"}),
        ("decimalFullWidth", {1: "１", 305: "３０５"}),
        ("decimalEnclosedCircle", {1: "①", 20: "⑳", 21: "21"}),
        ("decimalEnclosedCircleChinese", {1: "①", 10: "⑩"}),
        ("decimalEnclosedParen", {1: "⑴", 20: "⒇"}),
        ("decimalEnclosedFullstop", {1: "⒈", 20: "⒛"}),
        ("ideographEnclosedCircle", {1: "㈠", 10: "㈩", 11: "11"}),
        (
            "japaneseCounting",
            {
                1: "一",
                10: "十",
                11: "十一",
                20: "二十",
                99: "九十九",
                100: "百",
                101: "百一",
                220: "二百二十",
            },
        ),
        (
            "chineseCountingThousand",
            {
                10: "十",
                19: "十九",
                30: "三十",
                100: "一百",
                101: "一百零一",
                110: "一百一十",
                999: "九百九十九",
            },
        ),
        ("taiwaneseCountingThousand", {15: "十五", 1005: "一千零五", 1050: "一千零五十", 10000: "10000"}),
        ("chineseCounting", {9: "九", 12: "十二", 99: "九十九", 100: "一○○", 101: "一○一", 999: "九九九"}),
        ("taiwaneseCounting", {10: "十", 21: "二十一"}),
        ("ideographDigital", {9: "九", 10: "一〇", 12: "一二", 105: "一〇五"}),
        ("ideographTraditional", {1: "甲", 10: "癸", 11: "11"}),
        ("ideographZodiac", {1: "子", 12: "亥"}),
        ("ideographZodiacTraditional", {1: "甲子", 60: "癸亥", 61: "61"}),
        ("chineseLegalSimplified", {1: "壹", 10: "壹拾", 105: "壹佰零伍"}),
        ("lowerLetter", {1: "a", 26: "z", 27: "aa", 28: "bb", 53: "aaa"}),
        ("upperLetter", {2: "B"}),
        ("lowerRoman", {4: "iv", 9: "ix", 49: "xlix", 999: "cmxcix"}),
        ("upperRoman", {14: "XIV"}),
        ("none", {1: "", 7: ""}),
        ("unknownFormat", {3: "3"}),
    ],
)
def test_numbers_as_word_prints_them(kind, printed):
    assert {value: format_number(value, kind) for value in printed} == printed


@pytest.mark.parametrize(
    "kind", ["japaneseCounting", "chineseCounting", "lowerRoman", "lowerLetter", "decimal"]
)
def test_values_out_of_range_are_printed_somehow(kind):
    for value in (-3, 0, 5000, 10**12):
        assert isinstance(format_number(value, kind), str)
    assert len(format_number(10**12, kind)) < 100
