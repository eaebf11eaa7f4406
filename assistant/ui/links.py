"""Links of the page: into the original text of a document, and from a unit to its duties.

A link into a document is a real address, so that it opens in a window of its own as well; the page's
script opens it beside the answer. ``#quote`` is the first highlighted place.
"""

import re
from collections.abc import Iterable, Sequence
from urllib.parse import urlencode

from assistant.datatypes import ROLE_NAMES, Role
from assistant.errors import UsageError
from assistant.outline import Span
from assistant.ui.safety import escape

ORIGINAL = "original"
FEEDBACK = "feedback.jsonl"
_SPAN = re.compile(r"(\d{1,9})-(\d{1,9})", re.ASCII)


def original_address(document: str, spans: Iterable[Span] = ()) -> str:
    """``original?document=d&at=5-9#quote``: the document's text with the spans highlighted."""
    places = [("at", f"{start}-{end}") for start, end in dict.fromkeys(spans)]
    query = urlencode([("document", document), *places])
    return f"{ORIGINAL}?{query}{'#quote' if places else ''}"


def original_link(document: str, spans: Iterable[Span], content: str, *, css: str = "zc-cite") -> str:
    """An ``<a>`` around ``content``, which is HTML already."""
    address = escape(original_address(document, spans))
    return f'<a class="{css}" data-original href="{address}" target="_blank">{content}</a>'


def read_spans(texts: Sequence[str], length: int) -> list[Span]:
    """The spans of an address, of a text of ``length`` characters.

    Raises:
        UsageError: One is no span of the text.
    """
    spans = []
    for text in texts:
        found = _SPAN.fullmatch(text)
        start, end = (int(found[1]), int(found[2])) if found else (0, 0)
        if not start < end <= length:
            raise UsageError(
                f"引文位置“{text[:40]}”不在这个文件里，应如 120-180。文件可能已经替换，请重新提问。"
            )
        spans.append((start, end))
    return spans


def unit_chip(name: str, role: Role, *, canonical: str, note: str = "", title: str = "") -> str:
    """One unit with its role in words, a link to its duties; colour only repeats what the words say."""
    role_name = f"<small>{ROLE_NAMES[role]}</small>" if role != "responsible" else ""
    extra = f"<small>{escape(note)}</small>" if note else ""
    return (
        f'<a class="zc-chip zc-{role}" href="#ledger" data-unit="{escape(canonical)}"'
        f' title="{escape(title or canonical)}（点击查看全部任务）">{role_name}{escape(name)}{extra}</a>'
    )
