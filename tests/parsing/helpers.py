"""Compact views of a document for tests."""

from assistant.datatypes import Document
from assistant.parsing import parse_text

ROLE = {"lead": "牵头", "support": "配合", "responsible": "负责"}


def labels(text: str) -> list[str]:
    return [c.label for c in parse_text(text).clauses]


def tree(document: Document) -> list[tuple[str, str, str]]:
    return [(c.part, c.label, c.heading) for c in document.clauses]


def headings(text: str) -> dict[str, str]:
    return {c.label: c.heading for c in parse_text(text).clauses}


def duties(text: str) -> dict[str, str]:
    """Per clause label: ``canonical:role`` of every unit, joined by spaces."""
    rows: dict[str, list[str]] = {}
    for duty in parse_text(text).duties:
        rows.setdefault("".join(duty.path), []).append(f"{duty.canonical}:{ROLE[duty.role]}")
    return {label: " ".join(row) for label, row in rows.items()}


def annotated(annotation: str, *, before: str = "") -> str:
    """The duties of one clause that ``annotation`` closes."""
    text = f"{before}一、加强服务\n（一）优化流程。推行网上办理。{annotation}\n（二）降低费用。免收工本费。"
    return duties(text).get("一（一）", "")
