import hashlib
import json
from dataclasses import asdict, replace

import pytest

from assistant.errors import IndexDamagedError, IndexStaleError
from assistant.store.manifest import FORMAT_VERSION, Manifest, read_manifest, sha256, verify_checksums

MANIFEST = Manifest(
    format_version=FORMAT_VERSION,
    settings="0123456789ab",
    embedding="none",
    dimension=0,
    sources={"通知": "11"},
    checksums={"a.txt": "22"},
)


def test_what_is_saved_is_read_again(tmp_path):
    MANIFEST.save(tmp_path)
    assert read_manifest(tmp_path, settings="0123456789ab") == MANIFEST


def test_fingerprint_by_value():
    text = json.dumps(asdict(MANIFEST), sort_keys=True)
    assert MANIFEST.fingerprint == hashlib.sha256(text.encode()).hexdigest()[:16]


@pytest.mark.parametrize(
    "change",
    [
        {"format_version": FORMAT_VERSION + 1},
        {"settings": "another"},
        {"embedding": "another"},
        {"dimension": 512},
        {"sources": {"通知": "12"}},
        {"sources": {}},
        {"checksums": {"a.txt": "23"}},
    ],
)
def test_every_field_shapes_the_fingerprint(change):
    assert replace(MANIFEST, **change).fingerprint != MANIFEST.fingerprint


def test_the_order_of_the_sources_does_not():
    one = replace(MANIFEST, sources={"a": "1", "b": "2"})
    assert one.fingerprint == replace(MANIFEST, sources={"b": "2", "a": "1"}).fingerprint


def test_another_format_version_is_stale(tmp_path):
    replace(MANIFEST, format_version=99).save(tmp_path)
    with pytest.raises(IndexStaleError, match=f"版本是 99，本程序使用版本 {FORMAT_VERSION}.*zhengce index"):
        read_manifest(tmp_path, settings="0123456789ab")


def test_other_settings_are_stale_and_name_the_model(tmp_path):
    MANIFEST.save(tmp_path)
    with pytest.raises(IndexStaleError, match=r"嵌入模型“none”.*zhengce index.*ZHENGCE_EMBEDDING"):
        read_manifest(tmp_path, settings="another")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"{}",
        b'{"format_version": 1}',
        b"\xff\xfe",
        json.dumps({**asdict(MANIFEST), "extra": 1}).encode(),
        json.dumps({**asdict(MANIFEST), "checksums": []}).encode(),
        json.dumps({**asdict(MANIFEST), "sources": None}).encode(),
    ],
)
def test_what_is_no_manifest_is_damage(tmp_path, content):
    (tmp_path / "manifest.json").write_bytes(content)
    with pytest.raises(IndexDamagedError, match=r"索引清单无法读取：.*manifest\.json.*zhengce index"):
        read_manifest(tmp_path, settings="0123456789ab")


def test_a_missing_manifest_is_damage(tmp_path):
    with pytest.raises(IndexDamagedError, match="索引清单无法读取"):
        read_manifest(tmp_path, settings="0123456789ab")


def test_sha256_of_a_known_text(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"abc")
    # FIPS 180-2, appendix B.1.
    assert sha256(tmp_path / "a.txt") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_checksums_tell_missing_from_altered_files(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"abc")
    manifest = replace(MANIFEST, checksums={"a.txt": sha256(tmp_path / "a.txt")})
    verify_checksums(tmp_path, manifest)
    (tmp_path / "a.txt").write_bytes(b"abd")
    with pytest.raises(IndexDamagedError, match=r"校验和不符.*a\.txt.*zhengce index"):
        verify_checksums(tmp_path, manifest)
    (tmp_path / "a.txt").unlink()
    with pytest.raises(IndexDamagedError, match=r"索引文件缺失：.*a\.txt.*zhengce index"):
        verify_checksums(tmp_path, manifest)
