from .helpers import labels


def test_item_that_lost_its_line_break():
    text = (
        "一、任务\n（一）甲项工作。做好甲项工作。（二）乙项工作。"
        "做好乙项工作。\n（三）丙项工作。做好丙项工作。"
    )
    assert labels(text) == ["一", "一（一）", "一（二）", "一（三）"]


def test_first_item_behind_the_heading():
    text = "一、加强监督(一)提高质量。\n加强培训。\n(二)加强监测。\n定期检查。"
    assert labels(text) == ["一", "一（一）", "一（二）"]


def test_article_behind_its_chapter():
    text = "第一章　总则　　第一条　为规范管理，制定本办法。\n第二条　本办法适用于全市。"
    assert labels(text) == ["第一章", "第一章第一条", "第一章第二条"]


def test_items_of_a_law_in_one_line():
    text = (
        "第一条 有下列情形之一的，应当报告：（一）发生事故的；（二）"
        "停产的；（三）其他情形。\n第二条 本办法自印发之日起施行。"
    )
    assert labels(text) == ["第一条", "第一条（一）", "第一条（二）", "第一条（三）", "第二条"]


def test_a_reference_fills_no_gap():
    text = (
        "一、任务\n（一）甲。参照第（二）项执行。\n（二）乙。按照第（一）"
        "项和第（三）项执行。\n（三）丙。抓好落实。"
    )
    assert labels(text) == ["一", "一（一）", "一（二）", "一（三）"]
