"""The backend in Milvus, tested in Milvus Lite: what only a cluster does is not tested here."""

import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from test_backend import OWNERS, TOKENS, BackendContract, at_cosines, by_hand, unit_rows
from test_index import build, ids, settings, sources  # noqa: F401 - fixtures

from assistant.config import Settings
from assistant.errors import IndexDamagedError, IndexError_
from assistant.lexical import LexicalIndex, TermCounts
from assistant.store import milvus as milvus_module
from assistant.store.backend import LocalBackend
from assistant.store.generations import current_generation
from assistant.store.index import open_index
from assistant.store.milvus import MilvusStorage
from samples import BICYCLES, LIBRARIES, KeywordEncoder

pymilvus = pytest.importorskip("pymilvus", reason='needs Milvus: pip install "zhengce[milvus]"')
pytest.importorskip("milvus_lite", reason='needs Milvus Lite: pip install "zhengce[milvus]"')


@pytest.fixture(scope="module")
def lite(tmp_path_factory):
    """A file of Milvus Lite for all tests."""
    return str(tmp_path_factory.mktemp("milvus") / "tests.db")


@pytest.fixture(scope="module")
def storage(lite):
    return MilvusStorage(Settings(milvus_uri=lite))


@pytest.fixture
def client(lite):
    return milvus_module._client(lite, "")


@pytest.fixture
def chosen(settings, lite, request):  # noqa: F811
    """Settings of an index in Milvus under names of its own."""
    name = f"t{abs(hash(request.node.name))}"
    return replace(settings, backend="milvus", milvus_uri=lite, milvus_collection=name)


def made(storage, tokens, vectors, owners=None):
    with tempfile.TemporaryDirectory() as folder:
        return storage.write(Path(folder), TermCounts.of(tokens), vectors, owners or [""] * len(tokens))


class TestMilvusBackend(BackendContract):
    @pytest.fixture(autouse=True)
    def _make(self, storage):
        self.make = lambda *given: made(storage, *given)


class TestMilvusBackendFromDisk(BackendContract):
    @pytest.fixture(autouse=True)
    def _make(self, storage, tmp_path):
        def make(tokens, vectors, owners):
            storage.write(tmp_path, TermCounts.of(tokens), vectors, owners)
            return storage.read(tmp_path, owners, 0 if vectors is None else vectors.shape[1])

        self.make = make


def test_scores_are_those_of_the_local_backend(storage):
    generator = np.random.default_rng(1)
    tokens = [[f"w{at}" for at in generator.zipf(1.5, size=30) if at < 500] for _ in range(2_500)]
    owners = [f"d{at // 9}" for at in range(2_500)]
    vectors = unit_rows(2_500, 32, 2)
    local, remote = LocalBackend.build(tokens, vectors, owners), made(storage, tokens, vectors, owners)
    positions = generator.integers(0, 2_500, 1_200)
    for number in range(5):
        query = {f"w{at}": float(at % 3 + 1) / 3 for at in generator.integers(1, 500, 6)} | {"none": 1.0}
        vector = unit_rows(1, 32, 10 + number)[0]
        for documents in (None, ["d3", "d4", "d200"]):
            one, other = local.sparse(query, 60, documents), remote.sparse(query, 60, documents)
            assert other.positions.tolist() == one.positions.tolist()
            np.testing.assert_allclose(other.scores, one.scores, rtol=1e-5)
            one, other = local.dense(vector, 60, documents), remote.dense(vector, 60, documents)
            assert other.positions.tolist() == one.positions.tolist()
            np.testing.assert_allclose(other.scores, one.scores, atol=1e-6)
        for name, asked in (("sparse_at", query), ("dense_at", vector), ("documents_at", query)):
            expected = getattr(local, name)(asked, positions)
            np.testing.assert_allclose(getattr(remote, name)(asked, positions), expected, atol=1e-5)
    assert remote.frequencies() == local.frequencies()


def test_stored_vectors_come_back_bit_for_bit(storage, monkeypatch):
    monkeypatch.setattr(milvus_module, "_BATCH", 3)
    vectors = unit_rows(7, 5, 3)
    backend = made(storage, [["甲"]] * 7, vectors, ["a"] * 7)
    np.testing.assert_array_equal(backend.vectors(), vectors)
    np.testing.assert_array_equal(backend.vectors([6, 0, 0, 5]), vectors[[6, 0, 0, 5]])
    assert backend.vectors([]).shape == (0, 5)
    assert made(storage, TOKENS, None).vectors() is None


def test_a_graph_is_searched_above_its_bound(storage, client, monkeypatch):
    monkeypatch.setattr(milvus_module, "GRAPH_FROM", 300)
    vectors = unit_rows(300, 8, 4)
    backend = made(storage, [["甲"]] * 300, vectors, ["a"] * 300)
    kinds = {
        client.describe_index(name, "dense")["index_type"]
        for name in client.list_collections()
        if name == backend._chunks
    }
    assert kinds == {"HNSW"}
    query = unit_rows(1, 8, 5)[0]
    cosines = vectors.astype(np.float64) @ query.astype(np.float64)
    found = backend.dense(query, 20)
    assert len({*found.positions.tolist()} & {*by_hand(cosines, 20)}) >= 18
    np.testing.assert_allclose(found.scores, cosines[found.positions], atol=1e-6)


def test_other_programs_search_both_ways_at_once_under_the_alias(chosen, client, tmp_path):
    storage = MilvusStorage(chosen)
    storage.write(tmp_path, TermCounts.of(TOKENS), at_cosines(0.1, 0.9, 0.5, 0.2), OWNERS)
    storage.published(tmp_path)
    numbers = {token: at for at, token in enumerate(TermCounts.load_vocabulary(tmp_path / "bm25"))}
    found = client.hybrid_search(
        chosen.milvus_collection,
        [
            pymilvus.AnnSearchRequest([{numbers["充电"]: 1.0, numbers["自行车"]: 1.0}], "sparse", {}, 4),
            pymilvus.AnnSearchRequest([[1.0, 0.0]], "dense", {}, 4, expr='document in ["a", "b"]'),
        ],
        pymilvus.RRFRanker(60),
        limit=4,
        output_fields=["document"],
    )[0]
    # Chunk 1 is first by words (two of them) and by meaning, 0 second and third, 2 second by meaning.
    assert [(hit["position"], hit["entity"]["document"]) for hit in found] == [(1, "a"), (0, "a"), (2, "b")]
    assert [hit["distance"] for hit in found] == pytest.approx([2 / 61, 1 / 62 + 1 / 63, 1 / 62])


# Generations


def test_an_index_in_milvus_is_built_updated_and_opened(chosen, sources, client):  # noqa: F811
    build(chosen, sources[:1], KeywordEncoder())
    report = build(chosen, sources, KeywordEncoder())
    assert report.unchanged == ("bicycles",)
    index = open_index(chosen)
    assert ids(index) == ["bicycles", "libraries"]
    local = replace(chosen, backend="local", index_dir=chosen.index_dir / "local")
    build(local, sources, KeywordEncoder())
    expected = open_index(local)
    assert index.chunks == expected.chunks
    assert index.backend.frequencies() == expected.backend.frequencies()
    np.testing.assert_array_equal(index.backend.vectors(), expected.backend.vectors())
    assert not list(current_generation(chosen.index_dir).glob("*.faiss"))


def collections(client, settings):  # noqa: F811
    return sorted(each for each in client.list_collections() if each.startswith(settings.milvus_collection))


def target(client, alias):
    return client.describe_alias(alias)["collection_name"]


def test_publishing_moves_the_aliases_and_keeps_one_generation_back(chosen, sources, client):  # noqa: F811
    alias = chosen.milvus_collection
    names = []
    for text in (BICYCLES, BICYCLES.replace("站点", "驿所"), BICYCLES.replace("站点", "岗亭")):
        sources[0][1].write_text(text, encoding="utf-8")
        build(chosen, sources[:1], KeywordEncoder())
        names.append(target(client, alias))
        assert target(client, f"{alias}_documents") == f"{names[-1]}_documents"
        if len(names) == 2:
            former = open_index(chosen)
    assert len(set(names)) == 3
    assert collections(client, chosen) == sorted(
        name + ending for name in names[1:] for ending in ("", "_documents")
    )
    # Who has the last generation open goes on searching it.
    found = former.backend.sparse({"驿所": 1.0}, 3)
    assert len(found.positions) > 0
    assert open_index(chosen).backend.sparse({"驿所": 1.0}, 3).positions.tolist() == []


def test_an_index_that_is_not_accepted_leaves_the_aliases(chosen, sources, client):  # noqa: F811
    build(chosen, sources[:1], KeywordEncoder())
    before = target(client, chosen.milvus_collection)

    def refuse(index):
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        build(chosen, sources, KeywordEncoder(), accept=refuse)
    assert target(client, chosen.milvus_collection) == before
    assert ids(open_index(chosen)) == ["bicycles"]


def test_what_stopped_half_way_is_filled_anew(storage, client, tmp_path):
    vectors = unit_rows(4, 3, 6)
    backend = storage.write(tmp_path, TermCounts.of(TOKENS), vectors, OWNERS)
    client.delete(backend._chunks, filter="position in [1, 2]")
    with pytest.raises(IndexDamagedError, match=r"只有 2 行的集合 .*应有 4 行"):
        storage.read(tmp_path, OWNERS, 3)
    again = storage.write(tmp_path, TermCounts.of(TOKENS), vectors, OWNERS)
    assert again._chunks == backend._chunks
    np.testing.assert_array_equal(again.vectors(), vectors)


def test_an_index_whose_collections_are_gone_is_damaged_and_built_anew(chosen, sources, client):  # noqa: F811
    build(chosen, sources, KeywordEncoder())
    for ending in ("", "_documents"):
        alias = chosen.milvus_collection + ending
        name = target(client, alias)
        client.drop_alias(alias)
        client.drop_collection(name)
    with pytest.raises(IndexDamagedError, match=r"没有集合.*ZHENGCE_MILVUS_URI"):
        open_index(chosen)
    assert build(chosen, sources, KeywordEncoder()).added == ("bicycles", "libraries")
    assert ids(open_index(chosen)) == ["bicycles", "libraries"]


def test_two_indexes_of_one_cluster_leave_each_other_alone(chosen, sources, tmp_path):  # noqa: F811
    other = replace(chosen, index_dir=tmp_path / "other", milvus_collection=f"{chosen.milvus_collection}_x")
    build(other, sources[1:], KeywordEncoder())
    for text in (BICYCLES, LIBRARIES, BICYCLES.replace("站点", "岗亭")):
        sources[0][1].write_text(text, encoding="utf-8")
        build(chosen, sources[:1], KeywordEncoder())
    assert ids(open_index(other)) == ["libraries"]


def run(folder, *arguments):
    """One command of the program in a process of its own, searching in Milvus Lite."""
    return subprocess.run(
        [sys.executable, "-m", "assistant.cli", *arguments, "--index", str(folder)],
        capture_output=True,
        encoding="utf-8",
        check=True,
        env=os.environ | {"ZHENGCE_BACKEND": "milvus"},
    )


def test_what_one_process_has_built_another_one_updates_and_searches(tmp_path, sources):  # noqa: F811
    folder = tmp_path / "index"
    run(folder, "index", str(sources[0][1]))
    assert "新增 1" in run(folder, "index", str(sources[1][1])).stdout
    assert (folder / "milvus.db").exists()
    answer = run(folder, "ask", "充电桩由哪些单位负责？")
    assert "住建局" in answer.stdout
    assert "供电公司" in answer.stdout
    assert answer.stderr == ""


def test_rows_lost_from_the_published_collection_come_back(chosen, sources, client):  # noqa: F811
    alias = chosen.milvus_collection
    build(chosen, sources, KeywordEncoder())
    client.delete(alias, filter="position < 3")
    with pytest.raises(IndexDamagedError, match="请检查 ZHENGCE_MILVUS_URI"):
        open_index(chosen)
    build(chosen, sources, KeywordEncoder())
    index = open_index(chosen)
    assert target(client, alias) == index.backend._chunks
    assert len(index.backend.vectors()) == len(index.chunks)


def test_a_collection_without_indexes_is_filled_anew(storage, client, tmp_path):
    backend = storage.write(tmp_path, TermCounts.of(TOKENS), None, OWNERS)
    client.drop_collection(backend._chunks)
    schema, _ = milvus_module._layout(client, 4, None)
    client.create_collection(backend._chunks, schema=schema)
    with pytest.raises(IndexDamagedError, match="没有集合"):
        storage.read(tmp_path, OWNERS, 0)
    again = storage.write(tmp_path, TermCounts.of(TOKENS), None, OWNERS)
    assert again.sparse({"经费": 1.0}, 3).positions.tolist() == [3]


# Failures


def test_an_address_where_nothing_answers_is_told(monkeypatch, tmp_path):
    monkeypatch.setattr(milvus_module, "_TIMEOUT", 0.5)
    storage = MilvusStorage(Settings(milvus_uri="http://127.0.0.1:1"))
    with pytest.raises(IndexError_, match=r"无法连接 Milvus（http://127.0.0.1:1）.*ZHENGCE_MILVUS_TOKEN"):
        storage.write(tmp_path, TermCounts.of(TOKENS), None, OWNERS)


def test_a_file_that_another_process_has_open_is_told(lite, client, tmp_path):
    code = (
        "import sys; from pathlib import Path; from assistant.config import Settings\n"
        "from assistant.errors import IndexError_; from assistant.lexical import TermCounts\n"
        "from assistant.store.milvus import MilvusStorage\n"
        "try:\n"
        "    storage = MilvusStorage(Settings(milvus_uri=sys.argv[1]))\n"
        "    storage.write(Path(sys.argv[2]), TermCounts.of([['a']]), None, ['a'])\n"
        "except IndexError_ as error:\n"
        "    print(error)\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", code, lite, str(tmp_path)], capture_output=True, encoding="utf-8", check=True
    )
    assert "同时只能由一个程序打开" in result.stdout
    assert "Traceback" not in result.stderr


def test_a_search_that_fails_is_an_error_of_the_index(storage, client):
    backend = made(storage, [["丁", "戊"]], None, ["a"])
    client.drop_collection(backend._chunks)
    with pytest.raises(IndexError_, match="Milvus 报告错误"):
        backend.sparse({"丁": 1.0}, 3)
    assert LexicalIndex.build([["丁", "戊"]]).idf("丁") == backend.idf("丁")


def test_without_the_extra_the_installation_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "pymilvus", None)
    with pytest.raises(IndexError_, match=r"zhengce\[milvus\]"):
        milvus_module._client("http://milvus.example.cn:19530", "")
