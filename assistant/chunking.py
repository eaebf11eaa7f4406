"""Clauses cut into chunks: sentence windows that never cross a clause border."""

from collections.abc import Callable
from typing import Any

from langchain_text_splitters import TextSplitter

from assistant.datatypes import Chunk, Clause, Document
from assistant.outline import Outline, Span
from assistant.parsing import parse_text
from assistant.text import opening


class ClauseSplitter(TextSplitter):
    """A LangChain text splitter that follows the clause tree.

    A chunk is a run of whole sentences of one clause's own text. It ends where the next sentence
    would take it over ``chunk_size`` tokens; a single longer sentence stays whole, so that no number
    and no bracket is ever cut.

    Args:
        count_tokens: Length of a text in tokens (words of the segmenter).
        chunk_size: Upper bound of a chunk in these tokens.
    """

    def __init__(self, count_tokens: Callable[[str], int], *, chunk_size: int = 80, **options: Any) -> None:
        super().__init__(chunk_size=chunk_size, chunk_overlap=0, length_function=count_tokens, **options)

    def split_text(self, text: str) -> list[str]:
        """Parse a text as an official document and return the chunks' texts in order."""
        return [text[chunk.start : chunk.end] for chunk in self.chunks(parse_text(text))]

    def chunks(self, document: Document) -> list[Chunk]:
        """Chunks of a parsed document, in the order of its clauses; the preamble comes first."""
        outline = Outline(document)
        title = document.metadata.title.value or opening(document.text)
        pieces = []
        for clause in (None, *document.clauses):
            headings = outline.headings(clause) if clause else []
            context = " ".join([title, *headings])
            for start, end in self._windows(document.text, outline.own_sentences(clause)):
                pieces.append(_chunk(document, clause, start, end, context))
        return pieces

    def _windows(self, text: str, spans: list[Span]) -> list[Span]:
        windows: list[Span] = []
        length = 0  # of the last window
        for start, end in spans:
            added = self._length_function(text[start:end])
            # Sentences of one clause that stand apart (before and after its sub-clauses) never join.
            apart = windows and text[windows[-1][1] : start].strip()
            if windows and not apart and length + added <= self._chunk_size:
                windows[-1] = (windows[-1][0], end)
                length += added
            else:
                windows.append((start, end))
                length = added
        return windows


def _chunk(document: Document, clause: Clause | None, start: int, end: int, context: str) -> Chunk:
    return Chunk(
        id=f"{document.id}#{start}-{end}",
        document=document.id,
        part=clause.part if clause else "",
        path=clause.path if clause else (),
        start=start,
        end=end,
        context=context,
    )
