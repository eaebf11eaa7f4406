"""Old Word and WPS files: what they are is read from their bytes, and LibreOffice converts the rest."""

import os

import pytest

from assistant.errors import DocumentError, UnsupportedFormatError
from assistant.parsing import read_file
from assistant.parsing.formats import word
from assistant.parsing.formats.archive import OLE_MAGIC

from .wordfiles import paragraph, write_docx

OLD = OLE_MAGIC + b"\x00" * 600


@pytest.fixture
def office(tmp_path, monkeypatch):
    """A stand-in for LibreOffice: a script on an otherwise empty path, and the file it converts to."""
    folder = tmp_path / "bin"
    folder.mkdir()
    result = write_docx(tmp_path / "result.docx", paragraph("一、总体要求"))

    def install(script):
        program = folder / "soffice"
        program.write_text("#!/bin/sh\n" + script.format(result=result), encoding="utf-8")
        program.chmod(0o755)

    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}/bin{os.pathsep}/usr/bin")
    return install


@pytest.mark.parametrize("suffix", [".doc", ".wps", ".rtf"])
def test_libreoffice_converts_old_files(tmp_path, office, suffix):
    # The last two arguments are the folder to write to and the file; the second one is the profile.
    office('while [ $# -gt 2 ]; do shift; done\ncp "{result}" "$(dirname "$2")/source.docx"\n')
    path = tmp_path / f"通知{suffix}"
    path.write_bytes(OLD if suffix != ".rtf" else b"{\\rtf1}")
    assert read_file(path) == "一、总体要求\n"


def test_a_conversion_without_a_result(tmp_path, office):
    office("exit 0\n")
    path = tmp_path / "x.doc"
    path.write_bytes(OLD)
    with pytest.raises(DocumentError, match="无法转换文件"):
        read_file(path)


def test_a_conversion_that_hangs(tmp_path, office, monkeypatch):
    monkeypatch.setattr(word, "_SECONDS", 0.2)
    office("exec sleep 20\n")
    path = tmp_path / "x.doc"
    path.write_bytes(OLD)
    with pytest.raises(DocumentError, match="转换超时"):
        read_file(path)


@pytest.mark.parametrize("suffix", [".doc", ".wps", ".docx"])
def test_without_libreoffice_the_error_says_so(tmp_path, monkeypatch, suffix):
    monkeypatch.setenv("PATH", str(tmp_path))
    path = tmp_path / f"x{suffix}"
    path.write_bytes(OLD)
    with pytest.raises(UnsupportedFormatError, match=r"LibreOffice.*另存为 docx"):
        read_file(path)


@pytest.mark.parametrize("suffix", [".doc", ".docx"])
def test_an_encrypted_document(tmp_path, suffix):
    path = tmp_path / f"x{suffix}"
    path.write_bytes(OLD + "EncryptedPackage".encode("utf-16-le"))
    with pytest.raises(DocumentError, match="文件已加密"):
        read_file(path)


def test_a_docx_under_the_name_doc(tmp_path):
    path = write_docx(tmp_path / "x.doc", paragraph("一、总体要求"))
    assert read_file(path) == "一、总体要求\n"


def test_a_web_page_under_the_name_doc(tmp_path):
    path = tmp_path / "x.doc"
    path.write_text("<html><meta charset='utf-8'><body><p>一、总体要求。</p></body></html>", encoding="utf-8")
    assert read_file(path) == "一、总体要求。\n"
