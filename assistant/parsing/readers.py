r"""Readers: a file on disk to the text that every span refers to.

``READERS`` maps a suffix to a function of the path; other formats are added by registering one
more function. Whatever the format, paragraphs end with ``\n`` and the cells of a table row are
separated by tabs, one row a line. ``\r\n`` and ``\r`` become ``\n`` in the readers and nowhere else: from
then on the text is never altered.
"""

from collections.abc import Callable
from pathlib import Path

from assistant.errors import DocumentError, UnsupportedFormatError
from assistant.parsing.formats.html import read_html
from assistant.parsing.formats.image import read_image
from assistant.parsing.formats.ofd import read_ofd
from assistant.parsing.formats.pdf import read_pdf
from assistant.parsing.formats.plain import read_text_file
from assistant.parsing.formats.word import read_word


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


READERS: dict[str, Callable[[Path], str]] = {
    ".txt": read_text_file,
    ".text": read_text_file,
    ".md": read_text_file,
    ".docx": read_word,
    ".docm": read_word,
    ".doc": read_word,
    ".wps": read_word,
    ".rtf": read_word,
    ".html": read_html,
    ".htm": read_html,
    ".pdf": read_pdf,
    ".ofd": read_ofd,
    ".png": read_image,
    ".jpg": read_image,
    ".jpeg": read_image,
    ".tif": read_image,
    ".tiff": read_image,
    ".bmp": read_image,
}
