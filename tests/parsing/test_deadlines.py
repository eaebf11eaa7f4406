import pytest

from assistant.parsing import parse_text


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("于6月15日前报送市产改办。", ["6月15日前"]),
        ("2021年3月底前完成。", ["2021年3月底前"]),
        ("2019年底前完成清理。", ["2019年底前"]),
        ("各单位每年2月底前报送。", ["每年2月底前"]),
        ("于每季度最后一个月18日前报送。", ["每季度最后一个月18日前"]),
        ("允许延期至疫情解除后3个月内补办。", ["疫情解除后3个月内"]),
        ("到2022年，实现全覆盖。", []),
        ("2月和3月的费用免征。", []),
    ],
)
def test_deadlines(sentence, found):
    document = parse_text(f"一、要求\n{sentence}\n")
    assert [d.text for d in document.deadlines] == found
    assert all(d.path == ("一",) for d in document.deadlines)
    assert all(document.text[d.start : d.end] == d.text for d in document.deadlines)
