"""The manifest of one index generation: format, settings, sources, checksums."""

import hashlib
import json
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

from assistant.errors import IndexDamagedError, IndexStaleError

FORMAT_VERSION = 2
MANIFEST = "manifest.json"
_REBUILD = "请运行 zhengce index 重建索引。"


@dataclass(frozen=True)
class Manifest:
    """What a generation folder holds.

    Attributes:
        format_version: Layout of the files; another version is another program's index.
        settings: Fingerprint of the settings that shaped the index.
        embedding: Name of the embedding model, for people.
        dimension: Vector length; 0 without a model.
        sources: Source path relative to the corpus → sha256 of its bytes.
        checksums: File of the generation → sha256 of its bytes.
    """

    format_version: int
    settings: str
    embedding: str
    dimension: int
    sources: dict[str, str]
    checksums: dict[str, str]

    @cached_property
    def fingerprint(self) -> str:
        """Sixteen hex digits naming this state of the index."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()[:16]

    def save(self, folder: Path) -> None:
        """Write the manifest into the generation folder."""
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1)
        (folder / MANIFEST).write_text(text, encoding="utf-8")


def read_manifest(folder: Path, *, settings: str) -> Manifest:
    """Read a manifest and check that the program can use its index.

    Raises:
        IndexDamagedError: The manifest is missing or malformed.
        IndexStaleError: Another format version or other settings.
    """
    try:
        manifest = Manifest(**json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
        if not isinstance(manifest.sources, dict) or not isinstance(manifest.checksums, dict):
            raise TypeError("sources, checksums")
    except (OSError, ValueError, TypeError, RecursionError) as error:
        raise IndexDamagedError(f"索引清单无法读取：{folder / MANIFEST}（{error}）。{_REBUILD}") from error
    if manifest.format_version != FORMAT_VERSION:
        found = manifest.format_version
        raise IndexStaleError(f"索引格式版本是 {found}，本程序使用版本 {FORMAT_VERSION}。{_REBUILD}")
    if manifest.settings != settings:
        raise IndexStaleError(
            f"索引是用其他设置或其他版本建立的（嵌入模型“{manifest.embedding}”）。"
            f"{_REBUILD}或改回原来的 ZHENGCE_EMBEDDING 和 ZHENGCE_BACKEND。"
        )
    return manifest


def verify_checksums(folder: Path, manifest: Manifest) -> None:
    """Compare every file of a generation with its checksum.

    Raises:
        IndexDamagedError: A file is missing or altered.
    """
    for name, expected in manifest.checksums.items():
        try:
            found = sha256(folder / name)
        except FileNotFoundError as error:
            raise IndexDamagedError(f"索引文件缺失：{folder / name}。{_REBUILD}") from error
        except OSError as error:
            raise IndexDamagedError(
                f"索引文件无法读取：{folder / name}（{error.strerror}）。请检查权限和磁盘。{_REBUILD}"
            ) from error
        if found != expected:
            raise IndexDamagedError(f"索引文件已损坏（校验和不符）：{folder / name}。{_REBUILD}")


def sha256(path: Path) -> str:
    """Hex digest of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
