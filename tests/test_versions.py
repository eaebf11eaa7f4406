import pytest

from assistant.config import NO_EMBEDDING, Settings
from assistant.errors import DocumentError, UnknownDocumentError
from assistant.versions import compare_versions
from policypairs import NEW_CARE, OLD_CARE
from samples import CORPUS_FILE


@pytest.fixture
def files(tmp_path):
    paths = [tmp_path / "旧.txt", tmp_path / "新.txt"]
    for path, text in zip(paths, (OLD_CARE, NEW_CARE), strict=True):
        path.write_text(text, encoding="utf-8")
    return [str(path) for path in paths]


@pytest.fixture
def without_index(tmp_path):
    return Settings(index_dir=tmp_path / "none", embedding=NO_EMBEDDING)


def test_two_files_need_no_index(files, without_index):
    revision = compare_versions(*files, without_index)
    assert [each.new.label for each in revision.of_kind("added")] == ["二（四）"]


def test_a_file_against_an_indexed_document(files, corpus_settings):
    revision = compare_versions(str(CORPUS_FILE), CORPUS_FILE.stem, corpus_settings)
    assert {each.kind for each in revision.clauses} == {"unchanged"}


def test_a_name_that_is_neither_file_nor_id(files, without_index, corpus_settings, tmp_path):
    with pytest.raises(UnknownDocumentError, match="找不到“没有”：没有这个文件，也没有可以查编号的索引"):
        compare_versions(files[0], "没有", without_index)
    with pytest.raises(UnknownDocumentError, match="没有文件“没有”，索引中没有这个文件：没有。已有文件："):
        compare_versions(files[0], "没有", corpus_settings)
    with pytest.raises(UnknownDocumentError, match="是目录"):
        compare_versions(files[0], str(tmp_path), corpus_settings)


def test_a_file_that_cannot_be_read(files, without_index, tmp_path):
    (tmp_path / "空.txt").write_text(" ", encoding="utf-8")
    with pytest.raises(DocumentError, match="没有内容"):
        compare_versions(files[0], str(tmp_path / "空.txt"), without_index)
