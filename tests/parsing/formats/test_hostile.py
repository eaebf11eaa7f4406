"""Whatever is in a file, readers give text or a DocumentError."""

import random

import pytest

from assistant.errors import DocumentError
from assistant.parsing import READERS, parse_text, read_file

from .pages import sheets, sheets_as_ofd, write_ofd, write_pdf
from .test_parity import write_page
from .wordfiles import write_plan

OCR = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp")


def sample(suffix, path):
    if suffix == ".docx":
        return write_plan(path, kind="japaneseCounting")
    if suffix == ".html":
        return write_page(path)
    if suffix == ".ofd":
        return write_ofd(path, sheets_as_ofd(sheets()[:1]))
    pytest.importorskip("reportlab", reason="reportlab makes the PDF of the test")
    return write_pdf(path, sheets()[:1])


def damaged(data, chance):
    """Bytes with some changed, a piece cut out or doubled."""
    made = bytearray(data)
    for _ in range(chance.randint(1, 30)):
        made[chance.randrange(len(made))] = chance.randrange(256)
    start = chance.randrange(len(made))
    stop = min(len(made), start + chance.randint(0, 400))
    return bytes(chance.choice([made, made[:start] + made[stop:], made[:stop] + made[start:], made[:start]]))


def text_or_error(path):
    try:
        return read_file(path)
    except DocumentError as error:
        return str(error)


@pytest.mark.parametrize("suffix", [".docx", ".html", ".ofd", ".pdf"])
def test_damaged_files_give_text_or_an_error(tmp_path, suffix):
    data = sample(suffix, tmp_path / f"plan{suffix}").read_bytes()
    path = tmp_path / f"x{suffix}"
    chance = random.Random(20241124)
    for _ in range(60):
        path.write_bytes(damaged(data, chance))
        parse_text(text_or_error(path))


@pytest.mark.parametrize("suffix", [each for each in READERS if each not in OCR])
def test_files_of_another_kind(tmp_path, suffix, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))  # no LibreOffice
    path = tmp_path / f"x{suffix}"
    for data in (
        b"PK\x05\x06" + b"\x00" * 18,
        b"%PDF-1.7",
        b"\xff\xfe",
        b"<html>",
        b"{\\rtf1}",
        b"\x00" * 99,
    ):
        path.write_bytes(data)
        text_or_error(path)
