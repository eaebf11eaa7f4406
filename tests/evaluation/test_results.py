"""The tables of the READMEs are those that the stored results give."""

import json

import pytest

from samples import ROOT

from .fixtures import script


def between(path, name):
    text = (ROOT / path).read_text(encoding="utf-8")
    return text.split(f"<!-- {name} -->\n")[1].split(f"\n<!-- /{name} -->")[0]


def results(name):
    return json.loads((ROOT / "eval" / "results" / name).read_text(encoding="utf-8"))


def test_the_tables_of_accuracy():
    accuracy, record = script("accuracy.py"), results("accuracy.json")
    assert between("README.md", "accuracy") == accuracy.table(record)
    assert between("eval/README.md", "measures") == accuracy.measures_table(record)


def test_the_tables_of_peers():
    compare, record = script("peers/compare.py"), results("peers.json")
    assert between("README.md", "peers") == compare.short_table(record)
    assert between("eval/README.md", "peers") == "\n\n".join(map(compare.table, record["collections"]))


def test_the_figures_of_all_questions_are_those_of_the_sets_together():
    record = results("accuracy.json")
    counts = [each["types"]["all"] for each in record["sets"]]
    right, total = (sum(each[name] for each in counts) for name in ("right", "total"))
    assert record["types"]["all"]["value"] == pytest.approx(right / total, abs=5e-5)
    assert record["types"]["all"]["total"] == total
    refused = sum(each["false_refusals"]["count"] for each in record["sets"])
    answerable = sum(each["false_refusals"]["answerable"] for each in record["sets"])
    assert record["measures"]["false_refusals"]["value"] == pytest.approx(refused / answerable, abs=5e-5)
