"""The persisted index: documents, chunks, vectors and BM25 postings under one manifest."""

from assistant.store.index import BuildReport, Index, build_index, open_index

__all__ = ["BuildReport", "Index", "build_index", "open_index"]
