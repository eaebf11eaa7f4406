"""An answer's Markdown as HTML: what becomes a link, and that nothing else acts."""

import re
from html import unescape

from assistant.citations import cite
from assistant.datatypes import Answer, Clause, Document, Metadata, MetadataField
from assistant.ui.markup import answer_html

TEXT = "关于试点的通知\n一、保障工资\n（一）按时*足额*发放<b>。\n二、附则\n自发布之日起施行。"


def document(identifier="d"):
    start, end = TEXT.index("（一）"), TEXT.index("二、附则")
    clause = Clause("", ("一", "（一）"), "按时发放", start, end)
    title = MetadataField("关于试点的通知")
    return Document(identifier, f"{identifier}.txt", TEXT, Metadata(title=title), clauses=(clause,))


def citation(words, identifier="d", *, clause=True):
    cited = document(identifier)
    start = TEXT.index(words)
    return cite(cited, cited.clauses[0] if clause else None, (start, start + len(words)))


def html(text, *citations):
    return answer_html(
        Answer(question="问", status="answered", text=text, intent="owner", citations=citations)
    )


def links(shown):
    return [
        (unescape(address), unescape(text))
        for address, text in re.findall(r'<a class="zc-cite" data-original href="(.*?)".*?>(.*?)</a>', shown)
    ]


class TestLinks:
    def test_clause_behind_a_quotation_opens_that_quotation(self):
        quoted = citation("按时*足额*发放<b>。")
        shown = html("> 按时*足额*发放<b>。（一（一） 按时发放）", quoted)
        address = f"original?document=d&at={quoted.start}-{quoted.end}#quote"
        assert links(shown) == [(address, "一（一） 按时发放")]
        assert "按时*足额*发放&lt;b&gt;。（<a" in shown

    def test_quotation_outside_all_clauses_has_a_link_as_well(self):
        shown = html("> 自发布之日起施行。", citation("自发布之日起施行。", clause=False))
        start = TEXT.index("自发布")
        assert links(shown) == [(f"original?document=d&at={start}-{start + 9}#quote", "原文")]

    def test_named_clause_opens_all_its_quotations(self):
        first, second = citation("按时"), citation("发放")
        shown = html("**一（一） 按时发放**", first, second)
        spans = f"at={first.start}-{first.end}&at={second.start}-{second.end}"
        assert links(shown) == [(f"original?document=d&{spans}#quote", "一（一） 按时发放")]
        assert "<strong><a" in shown

    def test_document_opens_from_its_start(self):
        assert links(html("出处：《关于试点的通知》", citation("按时"))) == [
            ("original?document=d", "《关于试点的通知》")
        ]

    def test_name_of_clauses_in_two_documents_is_no_link(self):
        assert links(html("一（一） 按时发放", citation("按时", "d"), citation("按时", "e"))) == []


class TestSafety:
    def test_markup_images_links_and_code_are_shown_as_they_stand(self):
        text = "<img src=x onerror=a(1)> ![x](http://a/b.png) [点](javascript:a(1)) `code`\n\n# 题\n\n---"
        shown = html(text)
        assert set(re.findall(r"<(\w+)", shown)) <= {"p", "br"}
        assert "http://a/b.png" in unescape(shown)

    def test_emphasis_lists_quotations_and_tables_stay(self):
        shown = html("**甲**\n\n1. 乙\n\n- 丙\n\n> 丁\n\n| 戊 | 己 |\n|---|---|\n| 1 | 2 |")
        assert set(re.findall(r"<(\w+)", shown)) >= {"strong", "ol", "ul", "blockquote", "table", "td"}

    def test_place_holders_in_the_text_cannot_be_forged(self):
        assert html("甲\ufdd00\ufdd1乙") == "<p>甲0乙</p>\n"
