import pytest

from assistant.parsing.dates import iso_date


@pytest.mark.parametrize(
    ("printed", "iso"),
    [
        ("2019年6月28日", "2019-06-28"),
        ("2007 年 9 月 17 日", "2007-09-17"),
        ("二〇〇五年六月十一日", "2005-06-11"),
        ("二○○四年十二月二十一日", "2004-12-21"),
        ("一九九四年十二月六日", "1994-12-06"),
        ("２０１９年１月２日", "2019-01-02"),
        ("2019年13月1日", ""),
        ("2019年1月32日", ""),
        ("没有日期", ""),
    ],
)
def test_iso_date(printed, iso):
    assert iso_date(printed) == iso
