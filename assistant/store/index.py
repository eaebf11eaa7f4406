"""Building, updating and opening an index."""

import logging
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
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
from assistant.lexical import TermCounts
from assistant.store import records
from assistant.store.backend import SearchBackend, stored_counts
from assistant.store.generations import building, current_generation, is_named_after, publish
from assistant.store.manifest import FORMAT_VERSION, Manifest, read_manifest, sha256, verify_checksums
from assistant.store.storage import storage_of

_DOCUMENTS = "documents.jsonl"
_CHUNKS = "chunks.jsonl"
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Index:
    """One opened generation. ``chunks[i]`` is what position ``i`` of the backend's scores belongs to."""

    documents: tuple[Document, ...]
    chunks: tuple[Chunk, ...]
    backend: SearchBackend
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
    owners = [chunk.document for chunk in chunks]
    backend = storage_of(settings).read(folder, owners, manifest.dimension)
    return Index(tuple(records.read_documents(folder / _DOCUMENTS)), chunks, backend, manifest)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document as it goes into an index.

    Attributes:
        document: The parsed document.
        chunks: Its chunks.
        counts: The token counts of the chunks.
        vectors: Their unit vectors ``(n_chunks, dim)``; None for BM25 only.
    """

    document: Document
    chunks: Sequence[Chunk]
    counts: TermCounts
    vectors: Vectors | None


#: ``(document id, path)`` of a source to prepare, and what came of it.
Job = tuple[str, Path]
Outcome = Prepared | DocumentError | OSError


@dataclass(frozen=True, slots=True)
class Toolbox:
    """What a build needs of the layers above and beside it.

    Attributes:
        parse: Reads a file under a document id.
        split: Cuts a document into chunks.
        tokens: Cuts a text into the tokens of BM25.
        encoder: Embeds chunks; None for BM25 only.
        digest: Tells whether a source has changed.
        elsewhere: Prepares documents in other processes, outcomes in the order of the jobs; None prepares
            them here, one after the other.
    """

    parse: Callable[[Path, str], Document]
    split: Callable[[Document], list[Chunk]]
    tokens: Callable[[str], list[str]]
    encoder: Encoder | None
    digest: Callable[[Path, str], str] = lambda path, identifier: sha256(path)
    elsewhere: Callable[[Sequence[Job]], Iterator[Outcome]] | None = None


def attempt(tools: Toolbox, job: Job) -> Outcome:
    """Parse, split, count and embed one document, or say why it cannot be read."""
    identifier, path = job
    try:
        document = tools.parse(path, identifier)
    except (OSError, DocumentError) as error:
        return error
    chunks = tools.split(document)
    texts = [indexed_text(chunk, document.text) for chunk in chunks]
    vectors = tools.encoder.encode_documents(texts) if tools.encoder else None
    return Prepared(document, chunks, TermCounts.of(map(tools.tokens, texts)), vectors)


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
        jobs = [job for job in files if update.is_new(job, tools)]
        outcomes = (
            tools.elsewhere(jobs) if tools.elsewhere and jobs else (attempt(tools, job) for job in jobs)
        )
        for job, outcome in zip(jobs, outcomes, strict=True):
            update.take(job, outcome, progress)
        if not update.documents:
            reasons = "；".join(f"{path}：{reason}" for path, reason in update.failed)
            raise IndexError_(
                f"没有可以索引的文件。{reasons or '请把文件放进 corpus/，或在命令中给出路径。'}"
            )
        documents = update.in_order()
        layout = _layout(documents, update.prepared, old)
        progress(
            f"正在建立索引：{len(documents)} 个文件，{len(layout.chunks)} 个片段"
            f"（新增 {len(layout.fresh)} 个）"
        )
        counts, vectors = _searchable(layout, update.prepared, old, settings)
        records.write_lines(folder / _DOCUMENTS, documents)
        records.write_lines(folder / _CHUNKS, layout.chunks)
        storage = storage_of(settings)
        backend = storage.write(folder, counts, vectors, [chunk.document for chunk in layout.chunks])
        sources = {document.id: update.sources[document.id] for document in documents}
        manifest = _sealed(folder, settings, sources, 0 if vectors is None else vectors.shape[1])
        accept(Index(documents, tuple(layout.chunks), backend, manifest))
        storage.published(publish(settings.index_dir, folder, manifest.fingerprint))
    return update.report(chunks=len(layout.chunks), fingerprint=manifest.fingerprint)


class _Update:
    """Documents of the next generation, gathered file by file against the old one."""

    def __init__(self, old: Index | None, *, prune: bool, removed: Collection[str]) -> None:
        self._former = {each.id: each for each in old.documents} if old else {}
        self._former_sources = dict(old.manifest.sources) if old else {}
        self._kept = [] if prune else [name for name in self._former if name not in removed]
        self.documents: dict[str, Document] = {name: self._former[name] for name in self._kept}
        self.sources: dict[str, str] = {name: self._former_sources[name] for name in self._kept}
        self.added: list[str] = []
        self.changed: list[str] = []
        self.unchanged: list[str] = [*self._kept]
        self.failed: list[tuple[str, str]] = []
        self.prepared: dict[str, Prepared] = {}
        self._digests: dict[str, str] = {}

    @property
    def _order(self) -> Sequence[str]:
        return list(dict.fromkeys([*self._kept, *self._digests]))

    def is_new(self, job: Job, tools: Toolbox) -> bool:
        """Whether a file must be prepared; one whose bytes are the same stays as it is."""
        identifier, path = job
        if identifier in self._digests:
            reason = f"另一个文件已使用编号“{identifier}”。请给其中一个文件改名。"
            self.failed.append((str(path), reason))
            return False
        self._digests[identifier] = ""
        try:
            self._digests[identifier] = tools.digest(path, identifier)
        except OSError as error:
            self._fail(job, error)
            return False
        if self._former_sources.get(identifier) == self._digests[identifier]:
            self._keep(identifier)
            return False
        return True

    def take(self, job: Job, outcome: Outcome, progress: Callable[[str], None]) -> None:
        """Put what came of a file into the next generation."""
        identifier, path = job
        if not isinstance(outcome, Prepared):
            self._fail(job, outcome)
            return
        if identifier in self.unchanged:
            self.unchanged.remove(identifier)
        document = outcome.document
        self.documents[identifier], self.sources[identifier] = document, self._digests[identifier]
        self.prepared[identifier] = outcome
        (self.changed if identifier in self._former else self.added).append(identifier)
        progress(f"已解析 {path.name}：{len(document.clauses)} 条，{len(document.duties)} 项责任")

    def in_order(self) -> tuple[Document, ...]:
        """The documents: those of the old index that stay, in its order, then the others as files came."""
        return tuple(self.documents[name] for name in self._order if name in self.documents)

    def _fail(self, job: Job, error: DocumentError | OSError) -> None:
        self.failed.append((str(job[1]), str(error)))
        if job[0] in self._former:
            self._keep(job[0])

    def _keep(self, identifier: str) -> None:
        self.documents[identifier] = self._former[identifier]
        self.sources[identifier] = self._former_sources[identifier]
        if identifier not in self.unchanged:
            self.unchanged.append(identifier)

    def report(self, *, chunks: int, fingerprint: str) -> BuildReport:
        """What happened, once the generation is published."""
        return BuildReport(
            added=tuple(self.added),
            changed=tuple(self.changed),
            removed=tuple(sorted(set(self._former) - set(self.documents))),
            unchanged=tuple(name for name in self._order if name in self.unchanged),
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


@dataclass(frozen=True, slots=True)
class _Layout:
    """The chunks of the next generation and where each comes from.

    Attributes:
        chunks: All chunks, those of a document together.
        kept: Position in the old index of each chunk that stays, in the new order.
        fresh: Positions of the chunks that are new.
    """

    chunks: list[Chunk]
    kept: list[int]
    fresh: list[int]

    @property
    def order(self) -> list[int]:
        """For each chunk its place in the list of the kept ones followed by the fresh ones."""
        fresh = {position: len(self.kept) + at for at, position in enumerate(self.fresh)}
        kept = iter(range(len(self.kept)))
        return [fresh[at] if at in fresh else next(kept) for at in range(len(self.chunks))]


def _layout(documents: Sequence[Document], prepared: Mapping[str, Prepared], old: Index | None) -> _Layout:
    """Chunks of prepared documents are new; those of the others are the old index's."""
    former: dict[str, list[int]] = {}
    for position, chunk in enumerate(old.chunks if old else ()):
        former.setdefault(chunk.document, []).append(position)
    layout = _Layout([], [], [])
    for document in documents:
        if document.id in prepared:
            pieces = prepared[document.id].chunks
            layout.fresh.extend(range(len(layout.chunks), len(layout.chunks) + len(pieces)))
            layout.chunks.extend(pieces)
        elif old:
            layout.kept.extend(former.get(document.id, ()))
            layout.chunks.extend(old.chunks[position] for position in former.get(document.id, ()))
    return layout


def _searchable(
    layout: _Layout, prepared: Mapping[str, Prepared], old: Index | None, settings: Settings
) -> tuple[TermCounts, Vectors | None]:
    """Token counts and vectors in chunk order; only those of fresh chunks are new."""
    order = dict.fromkeys(layout.chunks[position].document for position in layout.fresh)
    fresh = [prepared[name] for name in order]
    counts = TermCounts.joined([each.counts for each in fresh])
    vectors = [each.vectors for each in fresh if each.vectors is not None]
    if old:
        known = stored_counts(current_generation(settings.index_dir)).rows(layout.kept)
        counts = known.followed_by(counts).rows(layout.order)
        kept = old.backend.vectors(layout.kept)
        vectors = vectors if kept is None else [kept, *vectors]
    if not vectors:
        return counts, None
    joined = np.concatenate(vectors)
    return counts, joined[layout.order] if old else joined


def indexed_text(chunk: Chunk, text: str) -> str:
    """What a chunk is indexed under: its context, then its own text."""
    return f"{chunk.context}\n{text[chunk.start : chunk.end]}"


def _sealed(folder: Path, settings: Settings, sources: dict[str, str], dimension: int) -> Manifest:
    """Write the manifest with the checksums of all files in the folder."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    manifest = Manifest(
        format_version=FORMAT_VERSION,
        settings=settings.fingerprint(),
        embedding=settings.embedding,
        dimension=dimension,
        sources=sources,
        checksums={str(path.relative_to(folder)): sha256(path) for path in files},
    )
    manifest.save(folder)
    return manifest
