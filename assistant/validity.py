"""Dates in force that a person entered: they stand in for those a document does not print."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

from assistant.datatypes import Document, MetadataField
from assistant.errors import DataFileError, UsageError

FILE_NAME = "validity.json"


@dataclass(frozen=True, slots=True)
class Validity:
    """First and last day in force, ``YYYY-MM-DD``; "" leaves what the document itself says."""

    effective: str = ""
    expires: str = ""

    def check(self) -> None:
        """See that both are days and in order.

        Raises:
            UsageError: One is no day, or the last day comes before the first.
        """
        for name, value in (("施行日期", self.effective), ("失效日期", self.expires)):
            if value and not _is_day(value):
                raise UsageError(f"{name}“{value}”不是日期，应写成 2024-01-31 这样；不填则以文件原文为准。")
        if self.effective and self.expires and self.expires < self.effective:
            raise UsageError(f"失效日期 {self.expires} 早于施行日期 {self.effective}，请核对。")


def read_validity(corpus_dir: Path) -> dict[str, Validity]:
    """Entered dates by document id; none while the file does not exist.

    Raises:
        DataFileError: The file is malformed.
    """
    path = corpus_dir / FILE_NAME
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
        found = {str(name): Validity(**entry) for name, entry in entries.items()}
        for each in found.values():
            each.check()
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, AttributeError, UsageError) as error:
        raise DataFileError(f"有效期文件 {path} 无法读取：{error}。请修正，或删除后重新填写日期。") from error
    return found


def validity_text(entries: Mapping[str, Validity]) -> str:
    """What ``read_validity`` reads, for the file beside the documents."""
    ordered = {name: asdict(entries[name]) for name in sorted(entries)}
    return json.dumps(ordered, ensure_ascii=False, indent=1) + "\n"


def with_validity(document: Document, validity: Validity) -> Document:
    """The document with entered dates in its metadata; their spans are empty: the text does not say them."""
    metadata = document.metadata
    if validity.effective:
        metadata = replace(metadata, effective=MetadataField(validity.effective))
    if validity.expires:
        metadata = replace(metadata, expires=MetadataField(validity.expires))
    return replace(document, metadata=metadata)


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False
