"""What the pickers of several tabs offer."""

from collections.abc import Sequence

from assistant.datatypes import Document

_ALL_DOCUMENTS = "全部文件"

Choices = list[tuple[str, str]]


def document_choices(documents: Sequence[Document], *, everything: bool = False) -> Choices:
    """``(shown, id)`` of every document; equal titles are told apart by their number or id.

    Args:
        documents: In the order in which they are offered.
        everything: Offer 全部文件, whose id is "", first.
    """
    titles = [document.metadata.title.value or document.file for document in documents]
    named = [
        (title if titles.count(title) == 1 else f"{title}（{_distinction(document)}）", document.id)
        for title, document in zip(titles, documents, strict=True)
    ]
    return [(_ALL_DOCUMENTS, ""), *named] if everything else named


def _distinction(document: Document) -> str:
    return document.metadata.doc_number.value or document.id
