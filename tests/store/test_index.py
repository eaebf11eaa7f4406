import json
import shutil
import threading
from dataclasses import replace

import numpy as np
import pytest

from assistant.chunking import ClauseSplitter
from assistant.config import Settings
from assistant.errors import (
    DocumentError,
    IndexDamagedError,
    IndexError_,
    IndexMissingError,
    IndexStaleError,
    UnknownDocumentError,
)
from assistant.parsing import parse_file
from assistant.store.generations import current_generation
from assistant.store.index import Toolbox, build_index, indexed_text, open_index
from assistant.text import bigrams
from samples import BICYCLES, LIBRARIES, KeywordEncoder

SPLITTER = ClauseSplitter(len, chunk_size=40)


@pytest.fixture
def settings(tmp_path):
    return Settings(index_dir=tmp_path / "index", embedding="keywords")


@pytest.fixture
def encoder():
    return KeywordEncoder()


@pytest.fixture
def sources(tmp_path):
    (tmp_path / "bicycles.txt").write_text(BICYCLES, encoding="utf-8")
    (tmp_path / "libraries.txt").write_text(LIBRARIES, encoding="utf-8")
    return [("bicycles", tmp_path / "bicycles.txt"), ("libraries", tmp_path / "libraries.txt")]


def tools(encoder=None, parsed=None):
    def parse(path, identifier):
        if parsed is not None:
            parsed.append(identifier)
        return parse_file(path, document_id=identifier)

    return Toolbox(parse=parse, split=SPLITTER.chunks, tokens=bigrams, encoder=encoder)


def build(settings, sources, encoder=None, **options):
    return build_index(settings, sources, tools(encoder), progress=lambda line: None, **options)


def ids(index):
    return [document.id for document in index.documents]


def expected_vectors(index, encoder):
    """Reference: every chunk embedded anew."""
    texts = {document.id: document.text for document in index.documents}
    return encoder.encode_queries([indexed_text(chunk, texts[chunk.document]) for chunk in index.chunks])


def files_of(settings):
    folder = current_generation(settings.index_dir)
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def leftovers(settings):
    return [path.name for path in settings.index_dir.iterdir() if path.name.startswith("building-")]


def test_an_index_holds_documents_chunks_vectors_and_postings(settings, sources, encoder):
    report = build(settings, sources, encoder)
    index = open_index(settings)
    documents = [parse_file(path, document_id=identifier) for identifier, path in sources]
    assert list(index.documents) == documents
    assert list(index.chunks) == [chunk for document in documents for chunk in SPLITTER.chunks(document)]
    np.testing.assert_array_equal(index.backend.vectors(), expected_vectors(index, encoder))
    best = int(index.backend.dense(encoder.encode_queries(["志愿者"])[0], 1).positions[0])
    assert "志愿者" in LIBRARIES[index.chunks[best].start : index.chunks[best].end]
    assert index.backend.sparse({"志愿": 1.0}, 10).positions.tolist() == [best]
    # The backend knows which chunks are whose.
    owners = {"bicycles": set(), "libraries": set()}
    for position, chunk in enumerate(index.chunks):
        owners[chunk.document].add(position)
    vector = encoder.encode_queries(["经费"])[0]
    for name, positions in owners.items():
        assert set(index.backend.dense(vector, 100, [name]).positions.tolist()) == positions
    assert (report.added, report.changed, report.removed, report.unchanged, report.failed) == (
        ("bicycles", "libraries"), (), (), (), (),
    )  # fmt: skip
    assert (report.chunks, report.fingerprint) == (len(index.chunks), index.fingerprint)
    assert index.manifest.dimension == len(encoder.keywords) + 1


def test_without_an_encoder_there_are_no_vectors(settings, sources):
    build(settings, sources)
    index = open_index(settings)
    assert index.manifest.dimension == 0
    assert index.backend.vectors() is None
    (position,) = index.backend.sparse({"志愿": 1.0}, 10).positions.tolist()
    assert index.chunks[position].path == ("二", "（一）")


def test_context_is_indexed_with_the_text(settings, sources):
    build(settings, sources)
    index = open_index(settings)
    chunk = next(
        each for each in index.chunks if each.path == ("二", "（二）") and each.document == "bicycles"
    )
    text = indexed_text(chunk, BICYCLES)
    assert text.startswith("关于推进公共自行车便民服务的实施方案 主要任务 严格日常管理\n")
    assert text.endswith(BICYCLES[chunk.start : chunk.end])


def test_unchanged_files_are_neither_parsed_nor_embedded_again(settings, sources, encoder):
    first = build(settings, sources, encoder)
    assert len(encoder.batches) == 2  # one for each document
    assert sum(map(len, encoder.batches)) == first.chunks
    encoder.batches.clear()
    parsed = []
    report = build_index(settings, sources, tools(encoder, parsed), progress=lambda line: None)
    assert parsed == []
    assert encoder.batches == []
    assert report.unchanged == ("bicycles", "libraries")
    assert (report.added, report.changed, report.removed) == ((), (), ())
    assert report.fingerprint == first.fingerprint


def test_only_what_changed_is_done_again(settings, sources, encoder):
    first = build(settings, sources, encoder)
    sources[1][1].write_text(LIBRARIES.replace("定期开展培训", "每月开展培训"), encoding="utf-8")
    encoder.batches.clear()
    parsed = []
    report = build_index(settings, sources, tools(encoder, parsed), progress=lambda line: None)
    assert parsed == ["libraries"]
    index = open_index(settings)
    embedded = [text for batch in encoder.batches for text in batch]
    assert len(embedded) == sum(chunk.document == "libraries" for chunk in index.chunks)
    assert any("每月开展培训" in text for text in embedded)
    assert (report.changed, report.unchanged) == (("libraries",), ("bicycles",))
    assert report.fingerprint != first.fingerprint
    np.testing.assert_array_equal(index.backend.vectors(), expected_vectors(index, encoder))


NOTICE = """关于夜间值守的通知

一、值守时间

每晚8点至次日6点。

二、值守要求

值守人员按时到岗，做好巡查记录。
"""
THREE = {"a": BICYCLES, "b": LIBRARIES, "c": NOTICE}
#: ``(documents before, documents after)``, each ``{id: text}`` in the order in which they are given.
UPDATES = {
    "first changed": (THREE, THREE | {"a": BICYCLES.replace("120个", "150个")}),
    "middle grown": (THREE, THREE | {"b": LIBRARIES.replace("（二）", "（二）加强值守。\n\n（三）")}),
    "last shrunk": (THREE, THREE | {"c": NOTICE[: NOTICE.index("二、")]}),
    "one added before": ({"b": LIBRARIES, "c": NOTICE}, THREE),
    "one removed": (THREE, {"a": BICYCLES, "c": NOTICE}),
    "in another order": (THREE, dict(reversed(THREE.items()))),
    "nothing kept": ({"a": BICYCLES}, {"b": LIBRARIES}),
    "nothing changed": (THREE, THREE),
}


class CountingTokens:
    """Bigrams; ``texts`` holds what was cut."""

    def __init__(self):
        self.texts = []

    def __call__(self, text):
        self.texts.append(text)
        return bigrams(text)


def bytes_of(settings):
    folder = current_generation(settings.index_dir)
    return {name: (folder / name).read_bytes() for name in files_of(settings)}


@pytest.mark.parametrize("dense", [True, False])
@pytest.mark.parametrize("update", UPDATES)
def test_an_update_writes_the_bytes_of_a_build_from_nothing(settings, encoder, tmp_path, update, dense):
    def put(texts):
        for name, text in texts.items():
            (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
        return [(name, tmp_path / f"{name}.txt") for name in texts]

    before, after = UPDATES[update]
    cut = CountingTokens()
    kit = replace(tools(encoder if dense else None), tokens=cut)
    build_index(settings, put(before), kit, progress=lambda line: None)
    cut.texts.clear()
    encoder.batches.clear()
    sources = put(after)
    updated = build_index(settings, sources, kit, progress=lambda line: None)
    # Only the chunks of what is new or has changed are cut into tokens and encoded, in their order.
    fresh = [
        indexed_text(chunk, after[chunk.document])
        for chunk in open_index(settings).chunks
        if before.get(chunk.document) != after[chunk.document]
    ]
    assert cut.texts == fresh
    assert [text for batch in encoder.batches for text in batch] == (fresh if dense else [])
    anew = replace(settings, index_dir=tmp_path / "anew")
    rebuilt = build(anew, sources, encoder if dense else None)
    assert bytes_of(settings) == bytes_of(anew)
    assert updated.fingerprint == rebuilt.fingerprint
    assert open_index(settings).manifest.checksums == open_index(anew).manifest.checksums


def test_a_file_with_other_line_ends_has_changed_bytes(settings, sources):
    build(settings, sources)
    sources[0][1].write_bytes(BICYCLES.replace("\n", "\r\n").encode())
    assert build(settings, sources).changed == ("bicycles",)
    assert open_index(settings).document("bicycles").text == BICYCLES


def test_a_document_whose_file_is_gone_is_removed(settings, sources, encoder):
    build(settings, sources, encoder)
    report = build(settings, sources[1:], encoder)
    index = open_index(settings)
    assert report.removed == ("bicycles",)
    assert ids(index) == ["libraries"]
    assert {chunk.document for chunk in index.chunks} == {"libraries"}
    np.testing.assert_array_equal(index.backend.vectors(), expected_vectors(index, encoder))


def test_without_pruning_files_are_added_to_what_is_there(settings, sources, encoder):
    build(settings, sources[:1], encoder)
    report = build(settings, sources[1:], encoder, prune=False)
    assert (report.added, report.unchanged, report.removed) == (("libraries",), ("bicycles",), ())
    assert ids(open_index(settings)) == ["bicycles", "libraries"]
    sources[0][1].write_text(BICYCLES.replace("120", "150"), encoding="utf-8")
    report = build(settings, sources[:1], encoder, prune=False)
    assert (report.changed, report.unchanged) == (("bicycles",), ("libraries",))
    assert "150个" in open_index(settings).document("bicycles").text
    # A file that is given again unchanged is counted once.
    assert build(settings, sources[:1], encoder, prune=False).unchanged == ("bicycles", "libraries")


def test_a_file_that_fails_keeps_its_former_version(settings, sources, encoder):
    build(settings, sources, encoder)
    sources[0][1].write_bytes(b"\x00\x01\x02" * 100)
    encoder.batches.clear()
    report = build(settings, sources, encoder)
    assert [path for path, _ in report.failed] == [str(sources[0][1])]
    assert "bicycles.txt" in report.failed[0][1]
    assert (report.changed, report.removed, report.unchanged) == ((), (), ("bicycles", "libraries"))
    assert open_index(settings).document("bicycles").text == BICYCLES
    assert encoder.batches == []
    # Its next good version is taken in.
    sources[0][1].write_text(BICYCLES.replace("120", "150"), encoding="utf-8")
    assert build(settings, sources, encoder).changed == ("bicycles",)


def test_a_file_that_disappears_before_it_is_read_is_reported(settings, sources):
    report = build(settings, [*sources, ("gone", sources[0][1].with_name("gone.txt"))])
    assert [path.endswith("gone.txt") for path, _ in report.failed] == [True]
    assert report.added == ("bicycles", "libraries")


def test_two_files_with_one_id_are_not_silently_one(settings, sources):
    twin = sources[0][1].with_suffix(".md")
    twin.write_text(LIBRARIES, encoding="utf-8")
    report = build(settings, [*sources, ("bicycles", twin)])
    assert report.added == ("bicycles", "libraries")
    assert [path for path, _ in report.failed] == [str(twin)]
    assert "bicycles" in report.failed[0][1]
    assert open_index(settings).document("bicycles").text == BICYCLES


def test_nothing_to_index_is_an_error_that_gives_the_reasons(settings, tmp_path):
    (tmp_path / "a.txt").write_text("  ", encoding="utf-8")
    with pytest.raises(IndexError_, match=r"没有可以索引的文件。.*a\.txt.*没有内容"):
        build(settings, [("a", tmp_path / "a.txt")])
    with pytest.raises(IndexError_, match="没有可以索引的文件。请把文件放进"):
        build(settings, [])
    with pytest.raises(IndexMissingError):
        open_index(settings)
    assert leftovers(settings) == []


@pytest.mark.parametrize("where", ["parse", "split", "tokens", "encoder"])
def test_an_exception_during_a_build_leaves_the_old_index_served(settings, sources, encoder, where):
    first = build(settings, sources, encoder)

    def fail(*arguments):
        raise RuntimeError("power cut")

    class Failing(KeywordEncoder):
        encode_documents = fail

    broken = replace(tools(encoder), **{where: Failing() if where == "encoder" else fail})
    sources[0][1].write_text(BICYCLES.replace("120", "150"), encoding="utf-8")
    with pytest.raises(RuntimeError, match="power cut"):
        build_index(settings, sources, broken, progress=lambda line: None)
    index = open_index(settings)
    assert index.fingerprint == first.fingerprint
    assert index.document("bicycles").text == BICYCLES
    assert leftovers(settings) == []
    assert build(settings, sources, encoder).changed == ("bicycles",)


def test_a_second_writer_is_refused_and_the_first_one_finishes(settings, sources, encoder):
    def second(path, identifier):
        with pytest.raises(IndexError_, match="另一个进程正在更新索引"):
            build(settings, sources, encoder)
        return parse_file(path, document_id=identifier)

    report = build_index(settings, sources, replace(tools(encoder), parse=second), progress=lambda line: None)
    assert open_index(settings).fingerprint == report.fingerprint


def test_an_opened_index_keeps_answering_while_a_new_one_is_published(settings, sources, encoder):
    build(settings, sources, encoder)
    index = open_index(settings)
    vector = encoder.encode_queries(["自行车"])[0]
    before = index.backend.dense(vector, 10)
    assert index.chunks[before.positions[0]].document == "bicycles"
    build(settings, sources[1:], encoder)
    assert ids(open_index(settings)) == ["libraries"]
    after = index.backend.dense(vector, 10)
    np.testing.assert_array_equal(after.positions, before.positions)
    np.testing.assert_array_equal(after.scores, before.scores)
    assert len(index.backend.sparse({"志愿": 1.0}, 10).positions) == 1


def test_readers_that_open_while_a_writer_publishes_never_see_half_an_index(settings, sources, encoder):
    build(settings, sources, encoder)
    known = {open_index(settings).fingerprint}
    known.add(build(settings, sources[:1], encoder).fingerprint)
    done = threading.Event()

    def write():
        for turn in range(8):
            build(settings, sources if turn % 2 else sources[:1], encoder)
        done.set()

    writer = threading.Thread(target=write)
    writer.start()
    seen = set()
    while not done.is_set():
        seen.add(open_index(settings).fingerprint)
    writer.join()
    assert seen <= known


def test_a_missing_index_names_the_command_that_builds_one(settings):
    with pytest.raises(IndexMissingError, match="zhengce index"):
        open_index(settings)


def test_other_settings_make_the_index_stale(settings, sources, encoder):
    build(settings, sources, encoder)
    for other in (replace(settings, embedding="none"), replace(settings, chunk_tokens=10)):
        with pytest.raises(IndexStaleError, match=r"“keywords”.*zhengce index"):
            open_index(other)


def test_a_stale_index_is_replaced_whole(settings, sources, encoder):
    build(settings, sources, encoder)
    other = replace(settings, embedding="none")
    lines = []
    report = build_index(other, sources, tools(), progress=lines.append)
    assert report.added == ("bicycles", "libraries")
    assert lines[0].startswith("原索引不能沿用，全部重建：")
    assert open_index(other).backend.vectors() is None


def test_damage_to_any_file_is_found(settings, sources, encoder, tmp_path):
    build(settings, sources, encoder)
    names = files_of(settings)
    assert {"chunks.jsonl", "documents.jsonl", "manifest.json", "vectors.faiss"} < set(names)
    whole = tmp_path / "whole"
    shutil.copytree(settings.index_dir, whole)
    for name in names:
        for damage in ("altered", "cut off", "missing"):
            shutil.rmtree(settings.index_dir)
            shutil.copytree(whole, settings.index_dir)
            path = current_generation(settings.index_dir) / name
            content = path.read_bytes()
            if damage == "missing":
                path.unlink()
            elif damage == "cut off":
                path.write_bytes(content[:-1])
            else:
                middle = len(content) // 2
                path.write_bytes(content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :])
            with pytest.raises(IndexDamagedError, match="zhengce index"):
                open_index(settings)


def test_a_manifest_that_was_edited_is_found(settings, sources, encoder):
    build(settings, sources, encoder)
    path = current_generation(settings.index_dir) / "manifest.json"
    record = json.loads(path.read_text(encoding="utf-8"))
    record["sources"]["bicycles"] = "0" * 64
    path.write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(IndexDamagedError, match="索引清单已被改动"):
        open_index(settings)


def test_a_damaged_index_is_rebuilt_whole(settings, sources, encoder):
    first = build(settings, sources, encoder)
    (current_generation(settings.index_dir) / "documents.jsonl").unlink()
    lines = []
    report = build_index(settings, sources, tools(encoder), progress=lines.append)
    assert lines[0].startswith("原索引不能沿用，全部重建：索引文件缺失")
    assert report.added == ("bicycles", "libraries")
    assert report.fingerprint == first.fingerprint
    assert open_index(settings).document("bicycles").text == BICYCLES


def test_documents_are_found_by_id_and_by_file_name(settings, sources):
    build(settings, [("市级/bicycles", sources[0][1]), sources[1]])
    index = open_index(settings)
    assert index.document("市级/bicycles") is index.document("bicycles.txt") is index.documents[0]
    with pytest.raises(
        UnknownDocumentError, match="没有这个文件：bicycles。已有文件：市级/bicycles、libraries"
    ):
        index.document("bicycles")


def test_a_file_name_that_occurs_twice_must_be_given_as_an_id(settings, sources):
    build(settings, [("a/bicycles", sources[0][1]), ("b/bicycles", sources[0][1])])
    index = open_index(settings)
    assert index.document("b/bicycles").id == "b/bicycles"
    with pytest.raises(UnknownDocumentError, match="有多个文件同名，请用完整编号"):
        index.document("bicycles.txt")


def test_parse_errors_of_other_kinds_are_not_swallowed(settings, sources):
    def parse(path, identifier):
        raise DocumentError("坏文件") if identifier == "bicycles" else ValueError("defect")

    with pytest.raises(ValueError, match="defect"):
        build_index(settings, sources, replace(tools(), parse=parse), progress=lambda line: None)
