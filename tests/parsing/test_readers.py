import codecs

import pytest

from assistant.errors import DocumentError, UnsupportedFormatError
from assistant.parsing import READERS, parse_file, read_file

TEXT = "关于做好有关工作的通知\n一、总体要求\n坚持稳中求进。\n"


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode("utf-8"),
        codecs.BOM_UTF8 + TEXT.encode("utf-8"),
        TEXT.encode("utf-16"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.encode("gb18030"),
        TEXT.replace("\n", "\r\n").encode("gb18030"),
        TEXT.replace("\n", "\r").encode("utf-8"),
    ],
    ids=["utf8", "utf8-bom", "utf16", "utf16-be", "gb18030", "crlf", "cr"],
)
def test_encodings_give_the_same_text(tmp_path, data):
    path = tmp_path / "通知.txt"
    path.write_bytes(data)
    assert read_file(path) == TEXT


@pytest.mark.parametrize("suffix", [".txt", ".TXT", ".md", ".text"])
def test_text_suffixes(tmp_path, suffix):
    path = tmp_path / f"通知{suffix}"
    path.write_text(TEXT, encoding="utf-8")
    document = parse_file(path)
    assert (document.id, document.file) == ("通知", path.name)
    assert [c.label for c in document.clauses] == ["一"]


def test_document_id_can_be_given(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(TEXT, encoding="utf-8")
    assert parse_file(path, document_id="sub/a").id == "sub/a"


def test_missing_file(tmp_path):
    with pytest.raises(DocumentError, match="找不到文件"):
        parse_file(tmp_path / "没有.txt")


@pytest.mark.parametrize("data", [b"", b" \n\t\r\n", codecs.BOM_UTF8])
def test_empty_file(tmp_path, data):
    path = tmp_path / "空.txt"
    path.write_bytes(data)
    with pytest.raises(DocumentError, match="没有内容"):
        parse_file(path)


def test_binary_file(tmp_path):
    path = tmp_path / "图.txt"
    path.write_bytes(bytes(range(256)) * 20)
    with pytest.raises(DocumentError, match="不是文本文件"):
        parse_file(path)


def test_unknown_suffix_names_what_is_supported(tmp_path):
    path = tmp_path / "表.xyz"
    path.write_text(TEXT, encoding="utf-8")
    with pytest.raises(UnsupportedFormatError, match=r"\.xyz.*\.md、.*\.txt"):
        parse_file(path)


def test_a_reader_can_be_registered(tmp_path, monkeypatch):
    monkeypatch.setitem(READERS, ".abc", lambda path: TEXT)
    path = tmp_path / "x.abc"
    path.write_bytes(b"\x00")
    assert parse_file(path).text == TEXT
