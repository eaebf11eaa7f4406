"""Documents of Word and WPS: docx directly, older files by LibreOffice where it is installed.

The bytes decide, not the suffix: many files called .doc are web pages or docx under another name.
"""

import shutil
import subprocess
import tempfile
from pathlib import Path

from assistant.errors import DocumentError, UnsupportedFormatError
from assistant.parsing.formats.archive import OLE_MAGIC, read_bytes
from assistant.parsing.formats.docx import read_docx
from assistant.parsing.formats.html import read_html

_SECONDS = 120  # a conversion that takes longer hangs
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SUFFIXES = frozenset({".doc", ".wps", ".rtf", ".dot", ".wpt"})


def read_word(path: Path) -> str:
    """Text of a document of Word or WPS, old or new, whatever its suffix.

    Raises:
        UnsupportedFormatError: The file is an old one, and LibreOffice is not installed.
        DocumentError: The file is encrypted or damaged, or the conversion fails.
    """
    data = read_bytes(path)
    if data.startswith(OLE_MAGIC):
        _refuse_encrypted(path, data)
    elif _is_html(data):
        return read_html(path)
    elif data.startswith(b"PK") or path.suffix.lower() in (".docx", ".docm"):
        return read_docx(path)
    return _converted(path)


def _refuse_encrypted(path: Path, data: bytes) -> None:
    if _ENCRYPTED in data:
        raise DocumentError(
            f"文件已加密：{path.name}。需要没有密码的 Word 文档；请用原软件打开、取消密码后另存再试。"
        )


def _is_html(data: bytes) -> bool:
    head = data[:2000].replace(b"\x00", b"").lower()
    return b"<html" in head or b"<!doctype html" in head


def _converted(path: Path) -> str:
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise UnsupportedFormatError(
            f"读取 {path.name} 需要 LibreOffice，当前环境没有安装（找不到 soffice）。"
            "请安装 LibreOffice，或用 Word、WPS 把文件另存为 docx 后再试。"
        )
    with tempfile.TemporaryDirectory(prefix="zhengce-") as folder:
        # A copy under a plain name: the converter takes the format from the suffix.
        suffix = path.suffix.lower() if path.suffix.lower() in _SUFFIXES else ".doc"
        source = Path(folder) / f"source{suffix}"
        shutil.copyfile(path, source)
        _convert(program, source, Path(folder), path.name)
        result = source.with_suffix(".docx")
        if not result.is_file():
            raise DocumentError(
                f"无法转换文件：{path.name}。LibreOffice 没有得到结果，文件可能已损坏或加密；"
                "请用 Word、WPS 打开后另存为 docx 再试。"
            )
        return read_docx(result)


def _convert(program: str, source: Path, folder: Path, name: str) -> None:
    command = [
        program,
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",  # an open office would swallow the job
        "--headless",
        "--norestore",
        "--convert-to",
        "docx:MS Word 2007 XML",
        "--outdir",
        str(folder),
        str(source),
    ]
    try:
        subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise DocumentError(
            f"转换超时：{name}（超过 {_SECONDS} 秒）。请用 Word、WPS 打开后另存为 docx 再试。"
        ) from error
    except OSError as error:
        raise DocumentError(f"无法运行 LibreOffice：{program}（{error.strerror}）。请检查安装。") from error
