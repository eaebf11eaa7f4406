"""Searching in Milvus: a cluster, or Milvus Lite in one file.

Milvus holds vectors and postings; documents, chunks, token counts and the manifest stay files of the
generation. Each generation has two collections, of chunks and of documents, named after their content
and never changed; the aliases go over to them when the generation is published. A document more changes
every BM25 weight (idf, mean length), so that a generation is written whole.

BM25 comes from our own weights in a sparse field (inner product), not from Milvus' BM25 function: the
function cuts texts by its own jieba without our units and bigrams, takes no weighted query, and its
scores would differ from those of the local backend, which the ranking was fitted to.
"""

import functools
import hashlib
import json
import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.config import Settings
from assistant.encoder import Vectors
from assistant.errors import IndexDamagedError, IndexError_
from assistant.lexical import Positions, Query, Scores, TermCounts, bm25_weights
from assistant.store.backend import CHUNK_TERMS, GRAPH_FROM, Found, document_spans

_PLACE, _FREQUENCIES = "milvus.json", "frequencies.npy"
_DOCUMENTS = "_documents"  # ending of the names of documents' collections
_LAST_INDEX = "document"  # made after the others: where it is, they are
_MOST = 16_384  # Milvus' bound of what one search finds
_BATCH = 1_000  # rows of one request: some MB, where Milvus takes 64
_ROUNDING = 1e-5  # scores nearer than this may stand in another order on the server
_NEIGHBOURS, _BUILT, _SEARCHED = 32, 200, 128  # of the graph: links, breadth when built and searched
_TIMEOUT = 30.0  # seconds for a connection


class MilvusBackend:
    """See ``SearchBackend``: Milvus finds, cosines are worked out here from the vectors it returns.

    Cosines are thus exact with any index of the cluster, and equal vectors have equal ones.
    At most 16,384 chunks are found by one search.

    Args:
        client: A ``MilvusClient``.
        collection: Name of the chunks' collection.
        vocabulary: Token of each sparse dimension.
        frequencies: In how many chunks each token stands.
        owners: The document of each chunk; the chunks of a document are neighbours.
        dimension: Length of the vectors; 0 for BM25 only.
    """

    def __init__(
        self,
        client: Any,
        collection: str,
        *,
        vocabulary: Sequence[str],
        frequencies: NDArray[np.int64],
        owners: Sequence[str],
        dimension: int,
    ) -> None:
        self._client = client
        self._chunks, self._documents = collection, collection + _DOCUMENTS
        self._numbers = {token: number for number, token in enumerate(vocabulary)}
        self._frequencies = frequencies
        self._spans = document_spans(owners)
        self._owner = np.repeat(
            np.arange(len(self._spans)), [end - start for start, end in self._spans.values()]
        )
        self._dimension = dimension

    def sparse(self, query: Query, limit: int, documents: Sequence[str] | None = None) -> Found:
        """See ``SearchBackend``."""
        hits = self._search(self._chunks, "sparse", self._sparse_query(query), limit, self._within(documents))
        return _ranked([hit[0] for hit in hits], np.array([hit[1] for hit in hits]), limit)

    def sparse_at(self, query: Query, positions: Positions) -> Scores:
        """See ``SearchBackend``."""
        return self._sparse_at(self._chunks, query, positions)

    def dense(self, vector: Vectors, limit: int, documents: Sequence[str] | None = None) -> Found:
        """See ``SearchBackend``; through a graph, neighbours may be missed, their cosines are exact."""
        if not self._dimension:
            return _ranked([], np.zeros(0), limit)
        assert vector.shape == (self._dimension,), "the query is of another model than the index"
        within = self._within(documents)
        hits = self._search(self._chunks, "dense", vector.tolist(), limit, within, fetch="dense")
        cosines = _cosines(self._rows([hit[2] for hit in hits]), vector)
        return _ranked([hit[0] for hit in hits], cosines, limit)

    def dense_at(self, vector: Vectors, positions: Positions) -> Scores:
        """See ``SearchBackend``."""
        if not self._dimension:
            return np.zeros(len(positions), dtype=np.float32)
        assert vector.shape == (self._dimension,), "the query is of another model than the index"
        unique, places = np.unique(positions, return_inverse=True)
        return _cosines(self._fetched(unique), vector)[places]

    def documents_at(self, query: Query, positions: Positions) -> Scores:
        """See ``SearchBackend``."""
        best = self._search(self._documents, "sparse", self._sparse_query(query), 1, "")
        top = np.float32(max((score for _, score, _ in best), default=0.0) or 1.0)
        shares: Scores = self._sparse_at(self._documents, query, self._owner[positions]) / top
        return shares

    def idf(self, token: str) -> float:
        """See ``SearchBackend``."""
        frequency = self._frequency(token)
        return float(np.log(1 + (len(self._owner) - frequency + 0.5) / (frequency + 0.5)))

    def contains(self, token: str) -> bool:
        """See ``SearchBackend``."""
        return self._frequency(token) > 0

    def frequencies(self) -> Mapping[str, int]:
        """See ``SearchBackend``."""
        return dict(zip(self._numbers, self._frequencies.tolist(), strict=True))

    def vectors(self, positions: Sequence[int] | None = None) -> Vectors | None:
        """See ``SearchBackend``."""
        if not self._dimension:
            return None
        wanted = np.arange(len(self._owner)) if positions is None else np.asarray(positions, dtype=np.int64)
        unique, places = np.unique(wanted, return_inverse=True)
        return self._fetched(unique)[places]

    def _frequency(self, token: str) -> int:
        number = self._numbers.get(token)
        return 0 if number is None else int(self._frequencies[number])

    def _sparse_query(self, query: Query) -> dict[int, float]:
        known = {self._numbers[token]: weight for token, weight in query.items() if token in self._numbers}
        return {number: weight for number, weight in known.items() if weight}

    def _within(self, documents: Sequence[str] | None) -> str | None:
        """Condition on positions that a search is restricted by: "" for none, None if nothing is left.

        By positions, not by names: numbers need no quoting.
        """
        if documents is None:
            return ""
        spans = [self._spans[name] for name in sorted({*documents} & self._spans.keys())]
        return " or ".join(f"(position >= {start} and position < {end})" for start, end in spans) or None

    def _search(
        self,
        collection: str,
        field: str,
        query: Any,
        limit: int,
        within: str | None,
        *,
        fetch: str = "position",
    ) -> list[tuple[int, float, Any]]:
        """Position, score and fetched field of the best, and of all that may be equal to the last of them."""
        if not query or within is None or not len(self._owner) or limit < 1:
            return []
        wanted = min(limit + 1, _MOST)
        while True:
            with _reported():
                hits = self._client.search(
                    collection,
                    data=[query],
                    anns_field=field,
                    filter=within,
                    limit=wanted,
                    search_params={"params": {"ef": max(wanted, _SEARCHED)} if field == "dense" else {}},
                    output_fields=["position", fetch],
                )[0]
            found = [(int(hit["position"]), float(hit["distance"]), hit["entity"].get(fetch)) for hit in hits]
            if len(found) < wanted or found[limit - 1][1] - found[-1][1] > _ROUNDING or wanted == _MOST:
                return found
            wanted = min(4 * wanted, _MOST)

    def _sparse_at(self, collection: str, query: Query, positions: Positions) -> Scores:
        vector = self._sparse_query(query)
        unique, places = np.unique(positions, return_inverse=True)
        scores = np.zeros(len(unique), dtype=np.float32)
        for start in range(0, len(unique) if vector else 0, _BATCH):
            part = unique[start : start + _BATCH]
            with _reported():
                hits = self._client.search(
                    collection,
                    data=[vector],
                    anns_field="sparse",
                    filter=f"position in {part.tolist()}",
                    limit=len(part),
                    output_fields=["position"],
                )[0]
            for hit in hits:
                scores[np.searchsorted(unique, hit["position"])] = hit["distance"]
        return scores[places]

    def _fetched(self, positions: Positions) -> Vectors:
        """Vectors of positions in ascending order, each once."""
        rows: dict[int, Any] = {}
        for start in range(0, len(positions), _BATCH):
            part = positions[start : start + _BATCH].tolist()
            with _reported():
                found = self._client.query(
                    self._chunks, filter=f"position in {part}", output_fields=["position", "dense"]
                )
            rows.update((int(row["position"]), row["dense"]) for row in found)
        if len(rows) != len(positions):
            raise IndexDamagedError(
                f"Milvus 集合 {self._chunks} 缺少 {len(positions) - len(rows)} 个片段。"
                "请运行 zhengce index 重建索引。"
            )
        return self._rows([rows[position] for position in positions.tolist()])

    def _rows(self, vectors: Sequence[Any]) -> Vectors:
        return np.asarray(vectors, dtype=np.float32).reshape(len(vectors), self._dimension)


class MilvusStorage:
    """Keeps the backends of an index folder's generations in Milvus; see ``Storage``."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._uri = settings.milvus_uri or str(settings.index_dir / "milvus.db")

    def write(
        self, folder: Path, counts: TermCounts, vectors: Vectors | None, owners: Sequence[str]
    ) -> MilvusBackend:
        """See ``Storage``: fills two new collections; those of the same content are taken as they are."""
        counts.save(folder / CHUNK_TERMS)
        frequencies = np.bincount(counts.matrix.indices, minlength=len(counts.vocabulary))
        np.save(folder / CHUNK_TERMS / _FREQUENCIES, frequencies)
        collection = f"{self._settings.milvus_collection}_{_content(counts, vectors, owners)}"
        (folder / _PLACE).write_text(json.dumps({"collection": collection}), encoding="utf-8")
        spans = document_spans(owners)
        grouped = counts.grouped(
            np.repeat(np.arange(len(spans)), [end - start for start, end in spans.values()]).tolist()
        )
        client = _client(self._uri, self._settings.milvus_token)
        with _reported():
            _fill(client, collection, bm25_weights(counts.matrix), owners, vectors)
            _fill(client, collection + _DOCUMENTS, bm25_weights(grouped.matrix), list(spans), None)
        return MilvusBackend(
            client,
            collection,
            vocabulary=counts.vocabulary,
            frequencies=frequencies,
            owners=owners,
            dimension=0 if vectors is None else vectors.shape[1],
        )

    def read(self, folder: Path, owners: Sequence[str], dimension: int) -> MilvusBackend:
        """See ``Storage``.

        Raises:
            IndexDamagedError: Milvus lacks the generation's collections, or rows of them.
        """
        collection = _collection_of(folder)
        client = _client(self._uri, self._settings.milvus_token)
        for name, size in ((collection, len(owners)), (collection + _DOCUMENTS, len(set(owners)))):
            with _reported():
                found = _size(client, name)
            if found != size:
                held = "没有" if found is None else f"只有 {found} 行的"
                raise IndexDamagedError(
                    f"Milvus（{self._uri}）里{held}集合 {name}，应有 {size} 行。"
                    "请检查 ZHENGCE_MILVUS_URI，或运行 zhengce index 重建索引。"
                )
        return MilvusBackend(
            client,
            collection,
            vocabulary=TermCounts.load_vocabulary(folder / CHUNK_TERMS),
            frequencies=np.load(folder / CHUNK_TERMS / _FREQUENCIES),
            owners=owners,
            dimension=dimension,
        )

    def published(self, folder: Path) -> None:
        """See ``Storage``: aliases go over to the generation; those before the last one are dropped.

        The last one stays, because processes that have it open go on asking until they open the new one.
        """
        alias, collection = self._settings.milvus_collection, _collection_of(folder)
        client = _client(self._uri, self._settings.milvus_token)
        with _reported():
            former = _moved(client, alias, collection)
            _moved(client, alias + _DOCUMENTS, collection + _DOCUMENTS)
            kept = {each + ending for each in (former, collection) for ending in ("", _DOCUMENTS)}
            for name in client.list_collections():
                if name not in kept and re.fullmatch(rf"{alias}_[0-9a-f]{{16}}({_DOCUMENTS})?", name):
                    client.drop_collection(name)


@functools.cache
def _client(uri: str, token: str) -> Any:
    """One connection of a process to each address; Milvus Lite runs inside the process that has it open."""
    try:
        from pymilvus import MilvusClient, MilvusException
    except ImportError as error:
        raise IndexError_(
            '使用 Milvus 需要先安装：pip install "zhengce[milvus]"。或把 ZHENGCE_BACKEND 改回 local。'
        ) from error
    for name in ("pymilvus", "milvus_lite"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # failures are raised, and told once, by us
    try:
        return MilvusClient(uri, token=token, timeout=_TIMEOUT)
    except MilvusException as error:
        advice = (
            "文件同时只能由一个程序打开：请先停止正在运行的 zhengce；多个程序共用时请部署 Milvus 服务"
            if uri.endswith(".db")
            else "请检查地址、账号（ZHENGCE_MILVUS_TOKEN）和服务是否在运行"
        )
        raise IndexError_(f"无法连接 Milvus（{uri}）：{error.message}。{advice}。") from error


@contextmanager
def _reported() -> Iterator[None]:
    """Turns failures of Milvus into ours."""
    from pymilvus import MilvusException

    try:
        yield
    except MilvusException as error:
        raise IndexError_(
            f"Milvus 报告错误：{error.message}。请检查 Milvus 服务；索引若已更新，请重试一次。"
        ) from error


def _fill(client: Any, name: str, weights: Any, owners: Sequence[str], vectors: Vectors | None) -> None:
    """Make a collection with a row for each row of BM25 weights (CSR), unless it is there and complete."""
    if _size(client, name) == len(owners):
        return
    if client.has_collection(name):
        for alias in client.list_aliases(name)["aliases"]:
            client.drop_alias(alias)  # a collection that has one is not dropped
        client.drop_collection(name)
    schema, indexes = _layout(client, len(owners), None if vectors is None else vectors.shape[1])
    client.create_collection(name, schema=schema)
    client.create_index(name, indexes, sync=False)  # of no rows yet: nothing to wait for
    client.load_collection(name)
    for start in range(0, len(owners), _BATCH):
        rows: list[dict[str, Any]] = [
            {"position": at, "document": owners[at], "sparse": _sparse_row(weights, at)}
            for at in range(start, min(start + _BATCH, len(owners)))
        ]
        if vectors is not None:
            for row in rows:
                row["dense"] = vectors[row["position"]]
        client.insert(name, rows)
    client.flush(name)
    found = _size(client, name)
    if found != len(owners):
        raise IndexError_(
            f"Milvus 集合 {name} 应有 {len(owners)} 行，实际 {found} 行。请重新运行 zhengce index。"
        )


def _sparse_row(weights: Any, at: int) -> dict[int, float]:
    """The weights of one text; of one without tokens, a dimension that no query has."""
    place = slice(weights.indptr[at], weights.indptr[at + 1])
    row = dict(zip(weights.indices[place].tolist(), weights.data[place].tolist(), strict=True))
    return row or {weights.shape[1]: 1.0}


def _layout(client: Any, size: int, dimension: int | None) -> tuple[Any, Any]:
    """Fields and indexes of a collection: vectors are searched whole below ``GRAPH_FROM``, as locally."""
    from pymilvus import DataType

    schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
    schema.add_field("position", DataType.INT64, is_primary=True)
    schema.add_field("document", DataType.VARCHAR, max_length=4096)  # bytes of the longest path
    schema.add_field("sparse", DataType.SPARSE_FLOAT_VECTOR)
    indexes = client.prepare_index_params()
    indexes.add_index("sparse", index_type="SPARSE_INVERTED_INDEX", metric_type="IP")
    if dimension is not None:
        schema.add_field("dense", DataType.FLOAT_VECTOR, dim=dimension)
        graph = {"M": _NEIGHBOURS, "efConstruction": _BUILT}
        kind, params = ("HNSW", graph) if size >= GRAPH_FROM else ("FLAT", {})
        indexes.add_index("dense", index_type=kind, metric_type="IP", params=params)
    indexes.add_index(_LAST_INDEX, index_type="INVERTED")
    return schema, indexes


def _size(client: Any, name: str) -> int | None:
    """Rows of a collection, all that were written before; None if there is none, or none with its indexes.

    The collection is loaded: Milvus Lite, and a cluster after some failures, leave that to who asks.
    """
    if not client.has_collection(name) or _LAST_INDEX not in client.list_indexes(name):
        return None
    client.load_collection(name)
    counted = client.query(name, filter="", output_fields=["count(*)"], consistency_level="Strong")
    return int(counted[0]["count(*)"])


def _moved(client: Any, alias: str, collection: str) -> str:
    """Let an alias name a collection; returns what it named before, "" if nothing."""
    if not client.has_collection(alias):
        client.create_alias(collection, alias)
        return ""
    former = str(client.describe_alias(alias)["collection_name"])
    client.alter_alias(collection, alias)
    return former


def _collection_of(folder: Path) -> str:
    return str(json.loads((folder / _PLACE).read_text(encoding="utf-8"))["collection"])


def _content(counts: TermCounts, vectors: Vectors | None, owners: Sequence[str]) -> str:
    """Sixteen hex digits of what the collections hold."""
    digest = hashlib.sha256(json.dumps([counts.vocabulary, list(owners)]).encode())
    arrays = (counts.matrix.data, counts.matrix.indices, counts.matrix.indptr, vectors)
    for array in arrays:
        digest.update(b"-" if array is None else np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()[:16]


def _cosines(rows: Vectors, vector: Vectors) -> Scores:
    """Cosines of unit rows with a unit vector, summed in double so that their order does not matter."""
    cosines: Scores = (rows.astype(np.float64) * vector).sum(axis=1).astype(np.float32)
    return cosines


def _ranked(positions: Sequence[int], scores: NDArray[Any], limit: int) -> Found:
    """The highest positive scores; equal ones by position."""
    order = np.lexsort((np.asarray(positions, dtype=np.int64), -scores))
    order = order[scores[order] > 0][:limit]
    return Found(np.asarray(positions, dtype=np.int64)[order], scores[order].astype(np.float32))
