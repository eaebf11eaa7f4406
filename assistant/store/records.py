"""Documents and chunks as JSON Lines: dataclasses out, dataclasses in."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from assistant.datatypes import Chunk, Clause, Deadline, Document, Duty, Metadata, MetadataField


def write_lines(path: Path, records: Iterable[Document | Chunk]) -> None:
    """Write one record per line, UTF-8."""
    with path.open("w", encoding="utf-8") as stream:
        for record in records:
            stream.write(json.dumps(asdict(record), ensure_ascii=False) + "\n")


def read_documents(path: Path) -> list[Document]:
    """Read what ``write_lines`` wrote for documents."""
    return [_document(record) for record in _records(path)]


def read_chunks(path: Path) -> list[Chunk]:
    """Read what ``write_lines`` wrote for chunks."""
    return [Chunk(**{**record, "path": tuple(record["path"])}) for record in _records(path)]


def _records(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as stream:
        return [json.loads(line) for line in stream]


def _document(record: dict[str, Any]) -> Document:
    metadata: dict[str, Any] = {
        name: tuple(MetadataField(**each) for each in value) if name == "basis" else MetadataField(**value)
        for name, value in record["metadata"].items()
    }
    located = {"clauses": Clause, "duties": Duty, "deadlines": Deadline}
    parts: dict[str, Any] = {
        name: tuple(kind(**{**each, "path": tuple(each["path"])}) for each in record[name])
        for name, kind in located.items()
    }
    return Document(
        id=record["id"],
        file=record["file"],
        text=record["text"],
        metadata=Metadata(**metadata),
        first_unit_leads=record["first_unit_leads"],
        clauses=parts["clauses"],
        duties=parts["duties"],
        deadlines=parts["deadlines"],
        warnings=tuple(record["warnings"]),
    )
