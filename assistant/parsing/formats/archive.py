"""Zip containers and XML from strangers: sizes are bounded, entities and the network stay shut."""

import zipfile
import zlib
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from assistant.errors import DocumentError, UnsupportedFormatError

MAX_FILE = 200 * 2**20  # bytes of the file itself
MAX_UNPACKED = 128 * 2**20  # bytes of all parts read from one archive
MAX_RATIO = 300  # uncompressed to compressed, above which a part is taken for a zip bomb
_SMALL = 4 * 2**20  # parts below this size may compress as well as they like
MAX_MEMBERS = 20_000
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def check_size(path: Path) -> None:
    """Refuse files too large to be a document.

    Raises:
        DocumentError: The file is larger than ``MAX_FILE`` or cannot be looked at.
    """
    try:
        size = path.stat().st_size
    except OSError as error:
        raise DocumentError(f"无法读取文件：{path}（{error.strerror}）。请检查文件权限。") from error
    if size > MAX_FILE:
        raise DocumentError(
            f"文件过大：{path.name} 有 {size / 2**20:.0f} MB，最多支持 {MAX_FILE // 2**20} MB。"
            "请拆分文件，或去掉其中的图片后再试。"
        )


def read_bytes(path: Path) -> bytes:
    """The bytes of a file of acceptable size."""
    check_size(path)
    try:
        return path.read_bytes()
    except OSError as error:
        raise DocumentError(f"无法读取文件：{path}（{error.strerror}）。请检查文件权限。") from error


class Archive:
    """A zip file opened for reading within limits; use it as a context manager."""

    def __init__(self, path: Path, *, wanted: str) -> None:
        """Open the archive.

        Args:
            path: The zip file.
            wanted: What it ought to be, for messages: ``Word 文档（docx）``.

        Raises:
            DocumentError: No zip file, or one with too many members.
        """
        check_size(path)
        self.name = path.name
        self.wanted = wanted
        self._left = MAX_UNPACKED
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise self.damaged("不是有效的压缩包") from error
        self._infos = {info.filename.replace("\\", "/").lstrip("/"): info for info in self._zip.infolist()}
        if len(self._infos) > MAX_MEMBERS:
            self._zip.close()
            raise self.damaged(f"包内有 {len(self._infos)} 个部件")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._zip.close()

    def __contains__(self, part: str) -> bool:
        return part.lstrip("/") in self._infos

    def names(self) -> list[str]:
        """Names of the parts, in the order of the archive."""
        return list(self._infos)

    def damaged(self, found: str) -> DocumentError:
        """The error for a file that is not what it claims to be."""
        return DocumentError(
            f"文件已损坏或格式不符：{self.name}（{found}）。需要完整的{self.wanted}；"
            "请用原软件打开后另存一份再试。"
        )

    def read(self, part: str) -> bytes:
        """The bytes of one part.

        Raises:
            DocumentError: The part is missing, damaged, encrypted or unpacks to too much.
        """
        info = self._infos.get(part.lstrip("/"))
        if info is None:
            raise self.damaged(f"缺少部件 {part}")
        if info.flag_bits & 0x1:
            raise DocumentError(
                f"文件已加密：{self.name}。需要没有密码的{self.wanted}；请取消密码后另存再试。"
            )
        bomb = info.file_size > _SMALL and info.file_size > MAX_RATIO * max(1, info.compress_size)
        if bomb or info.file_size > self._left:
            raise self._too_much(part)
        data = self._unpack(info)
        self._left -= len(data)
        return data

    def _unpack(self, info: zipfile.ZipInfo) -> bytes:
        try:
            with self._zip.open(info) as stream:
                data = stream.read(self._left + 1)
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, ValueError) as error:
            raise self.damaged(f"部件 {info.filename} 无法解压") from error
        if len(data) > self._left:
            raise self._too_much(info.filename)
        return data

    def _too_much(self, part: str) -> DocumentError:
        return DocumentError(
            f"拒绝解压：{self.name} 的部件 {part} 解压后过大，疑似压缩炸弹。"
            f"最多解压 {MAX_UNPACKED // 2**20} MB；请确认文件来源，用原软件另存后再试。"
        )

    def xml(self, part: str) -> Any:
        """The root element of an XML part.

        Raises:
            DocumentError: As ``read``, or the part is no well-formed XML or declares a DTD.
        """
        return self._parsed(self.read(part), part)

    def _parsed(self, data: bytes, part: str) -> Any:
        etree = load_etree()
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
        )
        try:
            root = etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise self.damaged(f"部件 {part} 不是规范的 XML") from error
        if root.getroottree().docinfo.internalDTD is not None:
            # Neither OOXML nor OFD declares a document type: only attacks on entity expansion do.
            raise self.damaged(f"部件 {part} 含有不允许的 DTD 声明")
        return root


def load_etree() -> Any:
    """``lxml.etree``, or an error saying how to get it."""
    try:
        from lxml import etree
    except ImportError as error:  # pragma: no cover - a broken installation
        raise UnsupportedFormatError(
            "读取该格式需要 lxml，当前环境没有安装。请运行 pip install lxml 后再试。"
        ) from error
    return etree


def local(element: Any) -> str:
    """The tag of an element without its namespace; empty for comments and entities."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: Any, name: str, default: str = "") -> str:
    """An attribute by its local name, whatever its namespace."""
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return str(value)
    return default


def child(element: Any, *names: str) -> Any:
    """The descendant reached by a chain of child names, or None."""
    for name in names:
        element = next((each for each in element if local(each) == name), None)
        if element is None:
            return None
    return element
