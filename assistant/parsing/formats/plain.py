"""Plain text: UTF-8, UTF-16 with a byte order mark, GB18030, detected from the bytes."""

import codecs
from pathlib import Path

from assistant.errors import DocumentError
from assistant.parsing.formats.archive import read_bytes

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BINARY_SHARE = 0.01  # share of control characters above which "text" is not text


def read_text_file(path: Path) -> str:
    """Read a plain text file in UTF-8, UTF-16 (with byte order mark) or GB18030."""
    text = decode(read_bytes(path), name=path.name)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def decode(data: bytes, *, name: str) -> str:
    """Decode bytes: byte order mark, then strict UTF-8, then GB18030, then a guess.

    Raises:
        DocumentError: The bytes are no text in any encoding tried.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _checked(_try(data, encoding), name)
    for encoding in ("utf-8", "gb18030"):
        text = _try(data, encoding)
        if text is not None and not _looks_binary(text):
            return text
    return _checked(_guess(data), name)


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _guess(data: bytes) -> str | None:
    # Loaded only here: nearly every file is UTF-8 or GB18030.
    from charset_normalizer import from_bytes

    best = from_bytes(data).best()
    return None if best is None else str(best)


def _checked(text: str | None, name: str) -> str:
    if text is None or _looks_binary(text):
        raise DocumentError(
            f"不是文本文件或编码无法识别：{name}。需要 UTF-8、UTF-16 或 GB18030 编码的文本；"
            "请另存为 UTF-8 文本后再试。"
        )
    return text


def _looks_binary(text: str) -> bool:
    sample = text[:20000]
    control = sum(1 for c in sample if (c < " " and c not in "\t\n\r\f\v\x1a") or c == "\ufffd")
    return control > len(sample) * _BINARY_SHARE
