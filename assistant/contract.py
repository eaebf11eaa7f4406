"""The JSON and text forms of ``contract.md``: what scripts and terminals receive."""

import glob
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.config import Settings
from assistant.datatypes import ROLE_NAMES, Answer, Clause, Document, DutyRow
from assistant.errors import ZhengceError
from assistant.store.index import BuildReport


def clause_record(document: Document, clause: Clause) -> dict[str, Any]:
    """One clause with its text, sub-clauses included."""
    return {
        "part": clause.part,
        "path": list(clause.path),
        "label": clause.label,
        "heading": clause.heading,
        "start": clause.start,
        "end": clause.end,
        "text": document.text[clause.start : clause.end],
    }


def document_record(document: Document) -> dict[str, Any]:
    """``parse --json``."""
    metadata = document.metadata
    return {
        "title": metadata.title.value,
        "doc_number": metadata.doc_number.value,
        "issuer": metadata.issuer.value,
        "date": metadata.date.value,
        "recipients": metadata.recipients.value,
        "copies": metadata.copies.value,
        "basis": [field.value for field in metadata.basis],
        "effective": metadata.effective.value,
        "expires": metadata.expires.value,
        "first_unit_leads": document.first_unit_leads,
        "clauses": [clause_record(document, clause) for clause in document.clauses],
        "duties": [
            {
                "part": duty.part,
                "path": list(duty.path),
                "unit": duty.unit,
                "canonical": duty.canonical,
                "role": duty.role,
                "start": duty.start,
                "end": duty.end,
            }
            for duty in document.duties
        ],
        "deadlines": [
            {
                "part": deadline.part,
                "path": list(deadline.path),
                "text": deadline.text,
                "start": deadline.start,
                "end": deadline.end,
            }
            for deadline in document.deadlines
        ],
        "warnings": list(document.warnings),
    }


def document_summary(document: Document) -> str:
    """A parsed document for people: facts, tree, units, warnings."""
    metadata = document.metadata
    facts = (
        ("标题", metadata.title.value),
        ("文号", metadata.doc_number.value),
        ("发文机关", metadata.issuer.value),
        ("日期", metadata.date.value),
        ("主送", metadata.recipients.value),
    )
    lines = [f"{name}：{value or '（未写明）'}" for name, value in facts]
    lines.append(
        f"条款 {len(document.clauses)} 条，责任 {len(document.duties)} 项，期限 {len(document.deadlines)} 处"
    )
    for clause in document.clauses:
        units = [
            duty.unit for duty in document.duties if (duty.part, duty.path) == (clause.part, clause.path)
        ]
        indent = "  " * len(clause.path)
        part = f"[{clause.part}] " if clause.part else ""
        responsible = f"　〔{'、'.join(units)}〕" if units else ""
        lines.append(f"{indent}{part}{clause.label} {clause.heading}{responsible}")
    lines += [f"注意：{warning}" for warning in document.warnings]
    return "\n".join(lines)


def answer_record(answer: Answer, *, identifier: Any = None) -> dict[str, Any]:
    """One answer; ``id`` comes first where the question had one."""
    record: dict[str, Any] = {} if identifier is None else {"id": identifier}
    return record | {
        "question": answer.question,
        "status": answer.status,
        "text": answer.text,
        "intent": answer.intent,
        "citations": [
            {
                "document": citation.document,
                "title": citation.title,
                "doc_number": citation.doc_number,
                "file": citation.file,
                "part": citation.part,
                "path": list(citation.path),
                "label": citation.label,
                "heading": citation.heading,
                "quote": citation.quote,
                "start": citation.start,
                "end": citation.end,
            }
            for citation in answer.citations
        ],
        "units": [
            {
                "name": unit.name,
                "canonical": unit.canonical,
                "role": unit.role,
                "label": unit.label,
                "document": unit.document,
            }
            for unit in answer.units
        ],
        "verdict": answer.verdict,
        "retrieval_mode": answer.retrieval_mode,
        "answer_mode": answer.answer_mode,
        "index_fingerprint": answer.index_fingerprint,
        "elapsed_ms": answer.elapsed_ms,
    }


def duty_records(rows: Sequence[DutyRow]) -> list[dict[str, Any]]:
    """``duties --json``: one record per unit and clause, in printed order."""
    return [
        {
            "document": row.document,
            "title": row.title,
            "doc_number": row.doc_number,
            "part": row.part,
            "path": list(row.path),
            "label": "".join(row.path),
            "heading": row.heading,
            "unit": row.unit,
            "canonical": row.canonical,
            "role": row.role,
            "deadlines": list(row.deadlines),
            "quote": row.quote,
            "start": row.start,
            "end": row.end,
        }
        for row in rows
    ]


def duty_table(rows: Sequence[DutyRow]) -> str:
    """The ledger for a terminal, grouped by document."""
    lines: list[str] = []
    document = None
    for row in rows:
        if row.document != document:
            document = row.document
            lines.append(
                f"《{row.title or row.document}》{f'（{row.doc_number}）' if row.doc_number else ''}"
            )
        limit = f"　期限：{'、'.join(row.deadlines)}" if row.deadlines else ""
        lines.append(f"  {''.join(row.path)} {row.heading}：{row.unit}（{ROLE_NAMES[row.role]}）{limit}")
    lines.append(f"共 {len(rows)} 项。")
    return "\n".join(lines)


def build_summary(report: BuildReport, settings: Settings) -> str:
    """What an index build did."""
    lines = [
        f"索引已更新：{settings.index_dir}（编号 {report.fingerprint}，{report.chunks} 个片段）",
        f"新增 {len(report.added)}，更新 {len(report.changed)}，"
        f"未变 {len(report.unchanged)}，移除 {len(report.removed)}",
    ]
    lines += [f"未能收录 {path}：{reason}" for path, reason in report.failed]
    return "\n".join(lines)


def write_text(path: Path, text: str) -> None:
    """Write a file whole or not at all.

    Raises:
        ZhengceError: The file cannot be written.
    """
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: beside it first, then renamed over it.

    A link stays a link; a device or pipe (/dev/stdout) is written to.

    Raises:
        ZhengceError: The file cannot be written.
    """
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            path.write_bytes(content)
        else:
            _replace(path.resolve(), content)
    except OSError as error:
        raise ZhengceError(f"无法写入 {path}：{error.strerror}。请检查目录是否存在、是否可写。") from error


def _replace(path: Path, content: bytes) -> None:
    # Not a file of tempfile, which only its owner could read.
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    _clear_leftovers(path, beside)
    try:
        with beside.open("xb") as stream:
            if path.is_file():
                os.fchmod(stream.fileno(), path.stat().st_mode & 0o7777)
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise


def _clear_leftovers(path: Path, beside: Path) -> None:
    """Remove what killed writers of a file left: another's process is gone, or its number is ours now."""
    prefix = f".{path.name}."
    for leftover in path.parent.glob(f"{glob.escape(prefix)}*"):
        number = leftover.name.removeprefix(prefix)
        if number.isdecimal() and (leftover == beside or not _is_running(int(number))):
            leftover.unlink(missing_ok=True)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
