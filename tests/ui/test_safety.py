"""Text that must not act as markup."""

import html
import re

from hypothesis import given
from hypothesis import strategies as st

from assistant.ui.safety import escape, marked, paragraphs


class TestMarked:
    def test_marks_exactly_the_spans(self):
        assert marked("甲乙丙丁戊", 1, 5, [(2, 3)]) == "乙<mark>丙</mark>丁戊"

    def test_joins_overlapping_and_touching_spans(self):
        assert marked("abcdef", 0, 6, [(3, 5), (1, 3), (2, 4)]) == "a<mark>bcde</mark>f"

    def test_ignores_what_lies_outside(self):
        assert marked("abcdef", 2, 4, [(0, 3), (5, 6)]) == "<mark>c</mark>d"

    def test_escapes_inside_and_outside_the_marks(self):
        assert marked("<b>&</b>", 0, 8, [(0, 3)]) == "<mark>&lt;b&gt;</mark>&amp;&lt;/b&gt;"

    @given(st.text(max_size=30), st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=4))
    def test_shows_the_text_unchanged(self, text, spans):
        shown = re.sub(r"</?mark>", "", marked(text, 0, len(text), spans))
        assert html.unescape(shown) == html.unescape(escape(text))
        assert "<" not in shown


class TestParagraphs:
    def test_joins_a_sentence_broken_by_the_page(self):
        assert (
            paragraphs("就劳动报酬、工作时间、休息休假、\n\n劳动安全卫生")
            == "就劳动报酬、工作时间、休息休假、劳动安全卫生"
        )

    def test_keeps_breaks_after_sentences_and_headings(self):
        assert (
            paragraphs("二、具体举措\n\n（一）加快建设。\n1、优化。")
            == "二、具体举措<br>（一）加快建设。<br>1、优化。"
        )

    def test_looks_through_marks(self):
        assert paragraphs("<mark>按时发放。</mark>\n下一条") == "<mark>按时发放。</mark><br>下一条"
