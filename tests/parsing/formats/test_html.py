import pytest

from assistant.errors import DocumentError
from assistant.parsing import read_file

NOTICE = "<p>一、总体要求。坚持稳中求进，扎实推进各项工作。</p><p>二、重点任务。加快建设，确保按期完成。</p>"
LINES = "一、总体要求。坚持稳中求进，扎实推进各项工作。\n二、重点任务。加快建设，确保按期完成。\n"


def text_of(tmp_path, source, *, encoding="utf-8", name="x.html"):
    path = tmp_path / name
    path.write_bytes(source.encode(encoding))
    return read_file(path)


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ("", "utf-8"),
        ("", "gb18030"),
        ("<meta charset=gbk>", "gbk"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=gb2312">', "gb18030"),
        ("<meta charset='utf-8'>", "utf-8"),
        ("<meta charset='utf-8'>", "gb18030"),  # a lie
        ("<meta charset='nonsense'>", "utf-8"),
        ("", "utf-16"),
        ("<meta charset='big5'>", "big5"),
    ],
)
def test_charsets(tmp_path, head, encoding):
    source = f"<html><head>{head}</head><body>{NOTICE}</body></html>"
    if encoding == "big5":
        assert text_of(tmp_path, source.replace(NOTICE, "<p>第一條。</p>"), encoding=encoding) == "第一條。\n"
    else:
        assert text_of(tmp_path, source, encoding=encoding) == LINES


def test_the_page_around_the_document_is_left_out(tmp_path):
    source = (
        "<html><head><title>门户</title><style>p{}</style><script>一、脚本。</script></head><body>"
        "<header><a href=0>云桥市人民政府</a>，欢迎您。</header>"
        "<div id='nav'><a href=1>首页</a>，<a href=2>公开</a></div>"
        f"<div class='article'>{NOTICE}<div class='share'>分享到：微信、微博</div></div>"
        "<div class='list'><ul><li><a href=3>关于印发方案的通知，第一期</a></li>"
        "<li><a href=4>解读</a></li></ul></div>"
        "<div class='footer'>主办：办公室。备案号1</div></body></html>"
    )
    assert text_of(tmp_path, source) == LINES


def test_a_title_outside_the_document_is_put_before_it(tmp_path):
    page = "<body><h1>关于有关工作的通知</h1><div><a href=1>字号</a></div><div>{}</div></body>"
    assert text_of(tmp_path, page.format(NOTICE * 3)) == "关于有关工作的通知\n" + LINES * 3
    repeated = "<p>关于有关工作的通知</p>" + NOTICE * 3
    assert text_of(tmp_path, page.format(repeated)) == "关于有关工作的通知\n" + LINES * 3


def test_a_declared_title_serves_where_none_is_printed(tmp_path):
    head = "<head><meta name='ArticleTitle' content='关于有关工作的通知'></head>"
    source = f"{head}<body><div>{NOTICE}</div></body>"
    assert text_of(tmp_path, source) == "关于有关工作的通知\n" + LINES


def test_inline_elements_and_line_ends_break_no_line(tmp_path):
    source = "<p><b>一、</b><span>总体\n   要求</span>。见<a href='x'>办法</a>，GDP\n增长<!-- 注 -->5%</p>"
    assert text_of(tmp_path, source) == "一、总体要求。见办法，GDP 增长5%\n"


def test_blocks_and_breaks_are_lines(tmp_path):
    source = "<div>甲：<br>乙。<div>丙。</div>丁。<p>戊。</div><pre>己。\n庚。</pre>"
    assert text_of(tmp_path, source).splitlines() == ["甲：", "乙。", "丙。", "丁。", "戊。", "己。", "庚。"]


def test_hidden_text_is_left_out_unless_it_is_the_document(tmp_path):
    assert text_of(tmp_path, f"<div>{NOTICE}</div><p style='display: none'>甲。</p>") == LINES
    assert text_of(tmp_path, f"<body style='visibility:hidden'>{NOTICE}</body>") == LINES


def test_tables_with_spans(tmp_path):
    source = (
        f"{NOTICE}<table><caption>分工表</caption><thead><tr><th>任务<th>内容<th>牵头单位</tr></thead>"
        "<tr><td rowspan=2>建设</td><td>选址</td><td rowspan='2'>市教育局<br>市财政局</td></tr>"
        "<tr><td>施工</td></tr><tr><td colspan=3>其他</td></tr></table>"
    )
    assert text_of(tmp_path, source) == (
        LINES
        + "分工表\n任务\t内容\t牵头单位\n建设\t选址\t市教育局 市财政局\n\t施工\t市教育局 市财政局\n其他\t\t\n"
    )


def test_a_table_used_for_layout_is_no_table(tmp_path):
    inner = "".join(f"<p>第{i}段，内容较多。{'文字' * 60}</p>" for i in range(8))
    source = f"<table><tr><td>左栏</td><td>{inner}</td></tr></table>"
    assert "\t" not in text_of(tmp_path, source)
    nested = (
        "<table><tr><td>甲，</td><td><table><tr><td>任务</td><td>单位。</td></tr></table></td></tr></table>"
    )
    assert text_of(tmp_path, nested) == "甲，\n任务\t单位。\n"


def test_ordered_lists_print_their_numbers(tmp_path):
    source = (
        "<ol start=3><li>甲。</li><li value=7><p>乙。</p></li><li>丙。</li></ol>"
        "<ol type=a><li>丁。</li></ol><ol style='list-style:none'><li>戊。</li></ol>"
        "<ol><li>1.己。</li></ol><ul><li>庚。</li></ul>"
    )
    assert text_of(tmp_path, source).splitlines() == [
        "3. 甲。",
        "7. 乙。",
        "8. 丙。",
        "a. 丁。",
        "戊。",
        "1.己。",
        "庚。",
    ]


@pytest.mark.parametrize("source", ["", "   ", "<html></html>", "<script>x</script>"])
def test_pages_without_text(tmp_path, source):
    with pytest.raises(DocumentError, match="没有内容"):
        text_of(tmp_path, source)


def test_entities_and_deep_nesting_do_no_harm(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("机密", encoding="utf-8")
    source = f"<!DOCTYPE html [<!ENTITY x SYSTEM '{secret.as_uri()}'>]><p>甲&nbsp;&x;&#x4e59;。</p>"
    assert "机密" not in text_of(tmp_path, source)
    assert "底。" in text_of(tmp_path, "<div>" * 200 + "底。" + "</div>" * 200)


def test_a_span_over_everything_is_bounded(tmp_path):
    first = "<tr><td colspan=99999999 rowspan=99999999>甲。</td><td>乙。</td></tr>"
    source = f"<table>{first}<tr><td>丙</td></tr></table>"
    assert "乙。" in text_of(tmp_path, source)


def test_a_page_saved_as_xhtml(tmp_path):
    source = f"<?xml version='1.0' encoding='utf-8'?><html xmlns='http://www.w3.org/1999/xhtml'><body>{NOTICE}</body></html>"
    assert text_of(tmp_path, source, name="x.htm") == LINES
