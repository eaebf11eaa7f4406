"""The benchmark tables by value, and that they need the folder beside the project only."""

import json

from samples import ROOT

from .fixtures import script

benchmarks = script("benchmarks.py")
RECORD = {
    "parsing": {"documents": 2, "mean": {"clause_f1": 0.975}, "min": {"clause_f1": 0.95}},
    "retrieval": [
        {
            "set": "demo",
            "questions": 4,
            "units": 30,
            "systems": {
                "zhengce": {
                    **{"hit@1": 0.5, "hit@5": 0.75, "hit@10": 1.0},
                    **{"mrr@10": 0.625, "ndcg@10": 0.7, "recall@10": 0.875, "ms_per_query": 12.34},
                },
            },
        }
    ],
    "policies": {
        "types": {
            "all": {"right": 3, "total": 4, "accuracy": 0.75},
            "owner": {"right": 1, "total": 2, "accuracy": 0.5},
        },
        "intervals": {"all": [0.3006, 0.9544], "owner": [0.0945, 0.9055]},
        "measures": {"right_document": {"value": 1.0, "low": 0.5101, "high": 1.0, "total": 4}},
    },
}


def test_the_tables_show_what_the_product_uses():
    parsing, retrieval, policies = (each.splitlines() for each in benchmarks.tables(RECORD).split("\n\n"))
    assert parsing == ["| 解析（2 份文件） | 平均 | 最低 |", "|---|---|---|", "| clause_f1 | 0.975 | 0.950 |"]
    assert retrieval[2:] == ["| demo（4／30） | **本项目** | 0.500 | 0.750 | 1.000 | 0.625 | 0.700 | 12.3 |"]
    assert policies[2:] == [
        "| 合计 | 3/4 | 75.0%（30.1–95.4） |",
        "| 归谁管、是不是 | 1/2 | 50.0%（9.4–90.5） |",
        "| 文件正确 | n=4 | 100.0%（51.0–100.0） |",
    ]


def test_the_stored_tables_are_those_of_the_stored_results():
    record = json.loads((ROOT / "eval" / "results" / "benchmarks.json").read_text(encoding="utf-8"))
    text = (ROOT / "eval" / "README.md").read_text(encoding="utf-8")
    assert f"<!-- benchmarks -->\n{benchmarks.tables(record)}\n<!-- /benchmarks -->" in text


def test_without_the_folder_nothing_is_measured_and_that_is_said(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(benchmarks, "SHARED", tmp_path / "none")
    monkeypatch.setattr(benchmarks, "RESULTS", tmp_path / "benchmarks.json")
    assert benchmarks.main() == 0
    assert f"没有基准文件夹 {tmp_path / 'none'}，跳过基准" in capsys.readouterr().err
    assert not (tmp_path / "benchmarks.json").exists()


def test_the_stored_table_of_sizes_is_that_of_the_stored_results():
    scaling = script("scaling.py")
    record = json.loads((ROOT / "eval" / "results" / "scaling.json").read_text(encoding="utf-8"))
    text = (ROOT / "eval" / "README.md").read_text(encoding="utf-8")
    assert f"<!-- scaling -->\n{scaling.table(record)}\n<!-- /scaling -->" in text
