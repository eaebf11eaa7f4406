"""An answer's Markdown as safe HTML whose clauses and documents are links into the original text."""

import functools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from markdown_it import MarkdownIt

from assistant.citations import document_name, shown
from assistant.datatypes import Answer, Citation
from assistant.outline import Span
from assistant.ui.links import original_link
from assistant.ui.safety import escape

# Unicode keeps these characters for use inside a program: no text holds them.
_OPEN, _CLOSE = "\ufdd0", "\ufdd1"
_RESERVED = re.compile(f"[{_OPEN}{_CLOSE}]")
_PIECE = re.compile(f"{_OPEN}(\\d+){_CLOSE}")
_SOURCE = re.compile(r"^（(.+)）$")

#: A document and the spans in it that a link shows.
Target = tuple[str, tuple[Span, ...]]


def answer_html(answer: Answer) -> str:
    """The text of an answer; HTML, links, images and code in it are shown as they stand."""
    pieces = _Pieces(answer.citations)
    marked = "\n".join(pieces.mark(line) for line in _RESERVED.sub("", answer.text).split("\n"))
    return _PIECE.sub(lambda found: pieces.html[int(found[1])], _renderer()(marked))


class _Pieces:
    """What must not be read as Markdown, in its finished form: links, and quotations word for word."""

    def __init__(self, citations: Sequence[Citation]) -> None:
        self.html: list[str] = []
        self._citations = citations
        self._named = _unambiguous(_names(citations))
        longest_first = sorted(self._named, key=lambda name: (-len(name), name))
        self._pattern = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")

    def mark(self, line: str) -> str:
        """A line of Markdown with place-holders for its pieces."""
        if line.startswith("> "):
            return self._mark_quotation(line)
        return self._pattern.sub(lambda found: self._link(found[0], self._named[found[0]]), line)

    def _mark_quotation(self, line: str) -> str:
        for citation in self._citations:
            before, quoted, source = line.partition(shown(citation.quote))
            if before == "> " and quoted:
                target = (citation.document, ((citation.start, citation.end),))
                name = _SOURCE.match(source)
                link = self._link(name[1] if name else "原文", target)
                verbatim = self._piece(escape(quoted))
                return f"> {verbatim}（{link}）" if name else f"> {verbatim}{source}（{link}）"
        return line

    def _link(self, text: str, target: Target) -> str:
        return self._piece(original_link(*target, escape(text)))

    def _piece(self, html: str) -> str:
        self.html.append(html)
        return f"{_OPEN}{len(self.html) - 1}{_CLOSE}"


def _names(citations: Sequence[Citation]) -> Iterator[tuple[str, Target]]:
    """Cited clauses as 「二（三）1 标题」 and documents as 「《标题》（文号）」, with what they show."""
    clauses: dict[tuple[str, str, str], list[Span]] = {}
    for citation in citations:
        if citation.label and citation.heading:
            key = (citation.document, citation.part, f"{citation.label} {citation.heading}")
            clauses.setdefault(key, []).append((citation.start, citation.end))
        name = document_name(citation.title or citation.file, citation.doc_number)
        yield name, (citation.document, ())
    for (document, _, name), spans in clauses.items():
        yield name, (document, tuple(spans))


def _unambiguous(names: Iterator[tuple[str, Target]]) -> Mapping[str, Target]:
    """Names that denote one place; the clauses of two documents can have the same number and heading."""
    targets: dict[str, set[Target]] = {}
    for name, target in names:
        targets.setdefault(name, set()).add(target)
    return {name: next(iter(found)) for name, found in targets.items() if len(found) == 1}


@functools.cache
def _renderer() -> Callable[[str], str]:
    """Paragraphs, emphasis, lists, quotations and tables: what answers are written in, nothing else."""
    markdown = MarkdownIt("zero", {"html": False, "breaks": True})
    markdown.enable(["newline", "emphasis", "list", "blockquote", "table", "escape"])
    return markdown.render
