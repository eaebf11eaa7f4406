"""Text of documents and users made safe to show: nothing in it acts as markup."""

import html
import re

_BREAK = re.compile(r"\s*\n\s*")
_TAG = re.compile(r"</?mark>")
_SENTENCE_ENDS = "。；：！？.;:!?）)”』」》"
_HEADING_LENGTH = 20  # a shorter line without closing punctuation is a heading of its own


def escape(text: str) -> str:
    """Text for HTML content and quoted attributes: ``<`` → ``&lt;``, ``"`` → ``&quot;``."""
    return html.escape(text, quote=True)


def marked(text: str, start: int, end: int, spans: list[tuple[int, int]]) -> str:
    """``text[start:end]`` as HTML with the spans highlighted.

    Args:
        text: The whole document.
        start: Start of the excerpt.
        end: End of the excerpt.
        spans: Spans of the document to highlight; what lies outside the excerpt is ignored.
    """
    pieces = []
    at = start
    for first, last in _merged(spans, start, end):
        pieces.append(f"{escape(text[at:first])}<mark>{escape(text[first:last])}</mark>")
        at = last
    return "".join(pieces) + escape(text[at:end])


def paragraphs(markup: str) -> str:
    """Line breaks of the printed page as HTML: kept where a sentence or heading ends, dropped inside one."""
    return _BREAK.sub(_line_break, markup.strip())


def _line_break(found: re.Match[str]) -> str:
    line = found.string[found.string.rfind("\n", 0, found.start()) + 1 : found.start()]
    before = html.unescape(_TAG.sub("", line)).rstrip()
    ends = before.endswith(tuple(_SENTENCE_ENDS)) or len(before) < _HEADING_LENGTH
    return "<br>" if ends and not before.endswith(("、", "，")) else ""


def _merged(spans: list[tuple[int, int]], start: int, end: int) -> list[tuple[int, int]]:
    """Spans cut to ``[start, end)``, overlapping ones joined, in order."""
    merged: list[tuple[int, int]] = []
    for first, last in sorted((max(first, start), min(last, end)) for first, last in spans):
        if first >= last:
            continue
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return merged
