"""The retrieval benchmark runner: fusion and measures worked out by hand, and a set of our own end to end."""

import gzip
import json

import numpy as np
import pytest

from .fixtures import script

retrieval = script("retrieval.py")

NOTICE = """关于试行互助食堂的通知

一、互助食堂由村民委员会开办，每餐补助三元。
二、图书室周末开放，凭身份证借书。
"""


def test_a_unit_counts_by_its_best_chunk():
    scores = np.array([0.1, 0.9, 0.5, 0.9], dtype=np.float32)
    assert list(retrieval.best(scores, ["甲", "乙", "甲", "丙"])) == ["乙", "丙", "甲"]
    assert retrieval.best(scores, ["甲", "乙", "甲", "丙"])["甲"] == pytest.approx(0.5)


def test_reciprocal_rank_fusion_by_hand():
    fused = retrieval.fused({"甲": 9.0, "乙": 5.0}, {"乙": 0.7, "丙": 0.1})
    assert fused == pytest.approx({"乙": 1 / 62 + 1 / 61, "甲": 1 / 61, "丙": 1 / 62})
    assert list(fused) == ["乙", "甲", "丙"]


def test_measures_by_hand():
    # Question 0: right unit second. Question 1: two right units, first and third. Question 2: none found.
    found = {
        "甲": {"a": 3.0, "b": 2.0},
        "乙": {"c": 3.0, "a": 2.0, "d": 1.0},
        "丙": {"a": 1.0},
    }
    benchmark = retrieval.BenchmarkSet(
        "demo", None, [], {"0": "甲", "1": "乙", "2": "丙"}, {"0": {"b"}, "1": {"c", "d"}, "2": {"z"}}, 0.0
    )
    values, spent = retrieval.measured(benchmark, found.__getitem__)
    assert len(spent) == 3
    ideal = 1 + 1 / np.log2(3)
    ndcg = (1 / np.log2(3) + (1 + 1 / np.log2(4)) / ideal + 0) / 3
    assert values == {
        "hit@1": pytest.approx(1 / 3, abs=1e-4),
        "hit@5": pytest.approx(2 / 3, abs=1e-4),
        "hit@10": pytest.approx(2 / 3, abs=1e-4),
        "mrr@10": pytest.approx((1 / 2 + 1) / 3, abs=1e-4),
        "ndcg@10": pytest.approx(ndcg, abs=1e-4),
        "recall@10": pytest.approx((1 + 1 + 0) / 3, abs=1e-4),
    }


def test_equal_scores_keep_the_order_of_the_system():
    benchmark = retrieval.BenchmarkSet("demo", None, [], {"0": "甲"}, {"0": {"b"}}, 0.0)
    values, _ = retrieval.measured(benchmark, lambda _: {"b": 1.0, "a": 1.0})
    assert values["hit@1"] == 1.0


def test_a_set_with_spans_end_to_end(tmp_path, capsys, monkeypatch):
    span = [NOTICE.index("图书室"), NOTICE.index("借书")]
    with gzip.open(tmp_path / "documents.jsonl.gz", "wt", encoding="utf-8") as out:
        out.write(json.dumps({"doc_id": "n", "text": NOTICE}) + "\n")
    question = {"q": "图书室什么时候开放", "doc_id": "n", "span": span}
    (tmp_path / "dev.jsonl").write_text(json.dumps(question) + "\n", encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["retrieval.py", str(tmp_path), "--json"])
    retrieval.main()
    record = json.loads(capsys.readouterr().out)
    assert (record["questions"], record["set"]) == (1, tmp_path.name)
    assert set(record["systems"]) == {"bm25-words", "bm25", "dense", "rrf", "zhengce"}
    assert record["systems"]["zhengce"]["hit@1"] == record["systems"]["bm25"]["hit@1"] == 1.0


def test_a_folder_that_is_no_set_is_refused(tmp_path):
    (tmp_path / "dev.jsonl").write_text("", encoding="utf-8")
    with pytest.raises(SystemExit, match="neither"):
        retrieval.read_set(tmp_path, tmp_path / "dev.jsonl", None, None)
