r"""Readers: a file on disk to the text that every span refers to.

``READERS`` maps a suffix to a function of the path; other formats are added by registering one
more function. Whatever the format, paragraphs end with ``\n`` and the cells of a table row are
separated by tabs, one row a line. ``\r\n`` and ``\r`` become ``\n`` here and nowhere else: from then
on the text is never altered.
"""

import codecs
from collections.abc import Callable
from pathlib import Path

from assistant.errors import DocumentError, UnsupportedFormatError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BINARY_SHARE = 0.01  # share of control characters above which "text" is not text


def read_file(path: Path) -> str:
    """Read the text of a document by the reader registered for its suffix.

    Raises:
        UnsupportedFormatError: No reader is registered for the suffix.
        DocumentError: The file is missing, empty or not readable as text.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        known = "、".join(sorted(READERS))
        found = path.suffix or "没有扩展名"
        raise UnsupportedFormatError(
            f"不支持的文件格式：{path.name}（{found}）。目前支持 {known}；请先转换为其中一种格式再试。"
        )
    if not path.is_file():
        raise DocumentError(f"找不到文件：{path}。需要一个存在的文件；请检查路径是否正确。")
    text = reader(path)
    if not text.strip():
        raise DocumentError(f"文件没有内容：{path.name}。需要含有正文的公文；请检查文件是否完整。")
    return text


def read_text_file(path: Path) -> str:
    """Read a plain text file in UTF-8, UTF-16 (with byte order mark) or GB18030."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DocumentError(f"无法读取文件：{path}（{error.strerror}）。请检查文件权限。") from error
    text = decode(data, name=path.name)
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


READERS: dict[str, Callable[[Path], str]] = {
    ".txt": read_text_file,
    ".text": read_text_file,
    ".md": read_text_file,
}
