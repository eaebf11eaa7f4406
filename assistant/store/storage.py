"""Where the search backends of an index's generations are kept: in their folders, or in Milvus."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from assistant.config import MILVUS, Settings
from assistant.encoder import Vectors
from assistant.lexical import TermCounts
from assistant.store.backend import LocalBackend, SearchBackend
from assistant.store.milvus import MilvusStorage


class Storage(Protocol):
    """Writes the backend of a generation that is being built, reads that of a published one.

    All raise ``IndexError_`` where the place cannot be reached.
    """

    def write(
        self, folder: Path, counts: TermCounts, vectors: Vectors | None, owners: Sequence[str]
    ) -> SearchBackend:
        """Index chunks by their token counts, vectors (None for BM25 only) and documents."""
        ...

    def read(self, folder: Path, owners: Sequence[str], dimension: int) -> SearchBackend:
        """The backend that ``write`` wrote for chunks of these documents; ``dimension`` 0 for BM25 only."""
        ...

    def published(self, folder: Path) -> None:
        """Called once readers open this generation."""
        ...


class LocalStorage:
    """Keeps everything in the generation's folder."""

    def write(
        self, folder: Path, counts: TermCounts, vectors: Vectors | None, owners: Sequence[str]
    ) -> LocalBackend:
        """See ``Storage``."""
        backend = LocalBackend.of(counts, vectors, owners)
        backend.save(folder, counts)
        return backend

    def read(self, folder: Path, owners: Sequence[str], dimension: int) -> LocalBackend:
        """See ``Storage``."""
        return LocalBackend.load(folder, owners=owners, dense=dimension > 0)

    def published(self, folder: Path) -> None:
        """See ``Storage``: the folder is all there is."""


def storage_of(settings: Settings) -> Storage:
    """What the settings choose."""
    return MilvusStorage(settings) if settings.backend == MILVUS else LocalStorage()
