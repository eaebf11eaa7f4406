"""Building, updating and opening an index."""

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.config import Settings
from assistant.datatypes import Chunk, Document
from assistant.encoder import Encoder, Vectors
from assistant.errors import (
    DocumentError,
    IndexDamagedError,
    IndexError_,
    IndexMissingError,
    IndexStaleError,
    UnknownDocumentError,
)
from assistant.store import records
from assistant.store.backend import LocalBackend
from assistant.store.generations import building, current_generation, is_named_after, publish
from assistant.store.manifest import FORMAT_VERSION, Manifest, read_manifest, sha256, verify_checksums

_DOCUMENTS = "documents.jsonl"
_CHUNKS = "chunks.jsonl"
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Index:
    """One opened generation. ``chunks[i]`` is what position ``i`` of the backend's scores belongs to."""

    documents: tuple[Document, ...]
    chunks: tuple[Chunk, ...]
    backend: LocalBackend
    manifest: Manifest

    @property
    def fingerprint(self) -> str:
        """Identifies this state of the index in answers."""
        return self.manifest.fingerprint

    def document(self, name: str) -> Document:
        """The document with this id or source file name.

        Raises:
            UnknownDocumentError: No document, or several, of that name.
        """
        found = [each for each in self.documents if name in (each.id, each.file)]
        if len(found) == 1:
            return found[0]
        known = "、".join(each.id for each in self.documents[:10])
        problem = "有多个文件同名，请用完整编号" if found else "索引中没有这个文件"
        raise UnknownDocumentError(f"{problem}：{name}。已有文件：{known or '（无）'}。")


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did: ids of documents by what happened to them, and files that failed with reasons."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: tuple[str, ...]
    failed: tuple[tuple[str, str], ...]
    chunks: int
    fingerprint: str


def open_index(settings: Settings) -> Index:
    """Open the published generation after checking it whole.

    Raises:
        IndexMissingError, IndexStaleError, IndexDamagedError: See ``errors``.
    """
    folder = current_generation(settings.index_dir)
    while True:
        try:
            return _open(folder, settings)
        except (IndexDamagedError, OSError, RuntimeError):
            # A writer may have published another generation and removed this one while it was being read;
            # FAISS reports a missing file as RuntimeError.
            current = current_generation(settings.index_dir)
            if current == folder:
                raise
            folder = current


def _open(folder: Path, settings: Settings) -> Index:
    manifest = read_manifest(folder, settings=settings.fingerprint())
    if not is_named_after(folder, manifest.fingerprint):
        raise IndexDamagedError(f"索引清单已被改动：{folder}。请运行 zhengce index 重建索引。")
    verify_checksums(folder, manifest)
    chunks = tuple(records.read_chunks(folder / _CHUNKS))
    backend = LocalBackend.load(folder, size=len(chunks), dense=manifest.dimension > 0)
    return Index(tuple(records.read_documents(folder / _DOCUMENTS)), chunks, backend, manifest)


@dataclass(frozen=True, slots=True)
class Toolbox:
    """What a build needs of the layers above and beside it."""

    parse: Callable[[Path, str], Document]
    split: Callable[[Document], list[Chunk]]
    tokens: Callable[[str], list[str]]
    encoder: Encoder | None
    digest: Callable[[Path, str], str] = lambda path, identifier: sha256(path)


def build_index(
    settings: Settings,
    files: Sequence[tuple[str, Path]],
    tools: Toolbox,
    *,
    prune: bool = True,
    removed: Collection[str] = (),
    accept: Callable[[Index], None] = lambda index: None,
    progress: Callable[[str], None] = logger.info,
) -> BuildReport:
    """Bring the index up to date with ``files`` and publish it atomically.

    A file whose bytes are unchanged keeps its parsed document and its vectors. A file that cannot be
    read is reported; its former version, if any, stays.

    Args:
        settings: Where the index lies and what shapes it.
        files: ``(document id, path)`` of every source.
        tools: Parsing, splitting, tokenising, embedding, and what tells that a source has changed.
        prune: Remove documents of the old index that ``files`` does not name.
        removed: Documents of the old index to leave out in any case.
        accept: Given the new index before it is published; what it raises leaves the old one published.
        progress: Receives one Chinese line per step.

    Raises:
        IndexError_: Nothing could be indexed, or the folder cannot be written.
    """
    with building(settings.index_dir) as folder:
        old = _previous(settings, progress)
        update = _Update(old, prune=prune, removed=removed)
        for identifier, path in files:
            update.read(identifier, path, tools, progress)
        if not update.documents:
            reasons = "；".join(f"{path}：{reason}" for path, reason in update.failed)
            raise IndexError_(
                f"没有可以索引的文件。{reasons or '请把文件放进 corpus/，或在命令中给出路径。'}"
            )
        chunks, backend = _chunks_and_backend(
            list(update.documents.values()), tools, old, set(update.unchanged)
        )
        progress(f"正在写入索引：{len(update.documents)} 个文件，{len(chunks)} 个片段")
        manifest = _write(folder, settings, update, chunks, backend)
        accept(Index(tuple(update.documents.values()), tuple(chunks), backend, manifest))
        publish(settings.index_dir, folder, manifest.fingerprint)
    return update.report(chunks=len(chunks), fingerprint=manifest.fingerprint)


class _Update:
    """Documents of the next generation, gathered file by file against the old one."""

    def __init__(self, old: Index | None, *, prune: bool, removed: Collection[str]) -> None:
        self._former = {each.id: each for each in old.documents} if old else {}
        self._former_sources = dict(old.manifest.sources) if old else {}
        kept = [] if prune else [name for name in self._former if name not in removed]
        self.documents: dict[str, Document] = {name: self._former[name] for name in kept}
        self.sources: dict[str, str] = {name: self._former_sources[name] for name in kept}
        self.added: list[str] = []
        self.changed: list[str] = []
        self.unchanged: list[str] = kept
        self.failed: list[tuple[str, str]] = []
        self._read: set[str] = set()

    def read(
        self,
        identifier: str,
        path: Path,
        tools: Toolbox,
        progress: Callable[[str], None],
    ) -> None:
        """Take one file in: reuse it when its bytes are the same, parse it otherwise."""
        if identifier in self._read:
            reason = f"另一个文件已使用编号“{identifier}”。请给其中一个文件改名。"
            self.failed.append((str(path), reason))
            return
        self._read.add(identifier)
        former = self._former.get(identifier)
        try:
            digest = tools.digest(path, identifier)
            if former and self._former_sources[identifier] == digest:
                self._keep(identifier, former)
                return
            document = tools.parse(path, identifier)
        except (OSError, DocumentError) as error:
            self.failed.append((str(path), str(error)))
            if former:
                self._keep(identifier, former)
            return
        if identifier in self.unchanged:
            self.unchanged.remove(identifier)
        self.documents[identifier], self.sources[identifier] = document, digest
        (self.changed if former else self.added).append(identifier)
        progress(f"已解析 {path.name}：{len(document.clauses)} 条，{len(document.duties)} 项责任")

    def _keep(self, identifier: str, former: Document) -> None:
        self.documents[identifier] = former
        self.sources[identifier] = self._former_sources[identifier]
        if identifier not in self.unchanged:
            self.unchanged.append(identifier)

    def report(self, *, chunks: int, fingerprint: str) -> BuildReport:
        """What happened, once the generation is published."""
        return BuildReport(
            added=tuple(self.added),
            changed=tuple(self.changed),
            removed=tuple(sorted(set(self._former) - set(self.documents))),
            unchanged=tuple(self.unchanged),
            failed=tuple(self.failed),
            chunks=chunks,
            fingerprint=fingerprint,
        )


def _previous(settings: Settings, progress: Callable[[str], None]) -> Index | None:
    """The index to update; None when there is none that this program and these settings can use."""
    try:
        return open_index(settings)
    except IndexMissingError:
        return None
    except (IndexStaleError, IndexDamagedError) as error:
        progress(f"原索引不能沿用，全部重建：{error}")
        return None


def _chunks_and_backend(
    documents: Sequence[Document], tools: Toolbox, old: Index | None, unchanged: set[str]
) -> tuple[list[Chunk], LocalBackend]:
    texts = {document.id: document.text for document in documents}
    chunks = [chunk for document in documents for chunk in tools.split(document)]
    indexed = [indexed_text(chunk, texts[chunk.document]) for chunk in chunks]
    vectors = None
    if tools.encoder is not None:
        vectors = _vectors(chunks, indexed, tools.encoder, old, unchanged)
    return chunks, LocalBackend.build([tools.tokens(text) for text in indexed], vectors)


def indexed_text(chunk: Chunk, text: str) -> str:
    """What a chunk is indexed under: its context, then its own text."""
    return f"{chunk.context}\n{text[chunk.start : chunk.end]}"


def _vectors(
    chunks: Sequence[Chunk], indexed: Sequence[str], encoder: Encoder, old: Index | None, unchanged: set[str]
) -> Vectors:
    """Vectors in chunk order; those of unchanged documents come from the old index."""
    stored = old.backend.vectors() if old else None
    known = {}
    if old is not None and stored is not None:
        known = {
            chunk.id: row
            for chunk, row in zip(old.chunks, stored, strict=True)
            if chunk.document in unchanged
        }
    missing = [position for position, chunk in enumerate(chunks) if chunk.id not in known]
    fresh = encoder.encode_documents([indexed[position] for position in missing])
    rows = {position: row for position, row in zip(missing, fresh, strict=True)}
    ordered = [
        rows[position] if position in rows else known[chunk.id] for position, chunk in enumerate(chunks)
    ]
    return np.stack(ordered) if ordered else encoder.encode_documents([])


def _write(
    folder: Path, settings: Settings, update: _Update, chunks: Sequence[Chunk], backend: LocalBackend
) -> Manifest:
    records.write_lines(folder / _DOCUMENTS, update.documents.values())
    records.write_lines(folder / _CHUNKS, chunks)
    backend.save(folder)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    stored = backend.vectors()
    manifest = Manifest(
        format_version=FORMAT_VERSION,
        settings=settings.fingerprint(),
        embedding=settings.embedding,
        dimension=0 if stored is None else int(stored.shape[1]),
        sources=update.sources,
        checksums={str(path.relative_to(folder)): sha256(path) for path in files},
    )
    manifest.save(folder)
    return manifest
