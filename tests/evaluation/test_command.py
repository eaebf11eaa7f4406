import json
from types import SimpleNamespace

import pytest

from assistant.datatypes import Answer
from assistant.errors import DataFileError, UsageError
from assistant.evaluation import command
from assistant.retrieval import RankingModel

RECORDS = [
    {"id": "m1", "q": "文号", "type": "meta", "must": [["6号"]]},
    {"id": "m2", "q": "标题", "type": "meta", "must": [["方案"]]},
    {"id": "n1", "q": "补贴", "type": "fact", "abstain": True},
    {"id": "f1", "q": "期限", "type": "fact", "must": [["6月"]]},
]


class FixedAssistant:
    """Answers known in advance: 文号 right, 标题 wrong, 补贴 refused rightly, 期限 refused wrongly."""

    lexicon = SimpleNamespace(same_unit=str.__eq__)
    index = SimpleNamespace(fingerprint="abc123")

    def __init__(self):
        self.retriever = SimpleNamespace(model=RankingModel.load())

    def ask(self, question):
        status = "no_evidence" if question.text in ("补贴", "期限") else "answered"
        text = {"文号": "〔2023〕6号", "标题": "通知"}.get(question.text, "文件没有规定")
        return Answer(question.text, status, text, "fact", elapsed_ms=10.0)


@pytest.fixture
def questions(tmp_path):
    path = tmp_path / "demo.jsonl"
    path.write_text("\n".join(json.dumps(record) for record in RECORDS), encoding="utf-8")
    return path


@pytest.fixture
def evaluate(monkeypatch, tmp_path):
    """Run the command in a folder of its own: exit code, stdout, log lines."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(command, "Assistant", SimpleNamespace(open=lambda settings: FixedAssistant()))

    def evaluate(*paths, as_json=False, **options):
        out, log = [], []
        code = command.evaluate(
            None, list(paths), as_json=as_json, emit=out.append, log=log.append, **options
        )
        return code, "\n".join(out), log

    return evaluate


def with_baseline(tmp_path, value):
    (tmp_path / "eval").mkdir(exist_ok=True)
    (tmp_path / "eval" / "baseline.json").write_text(json.dumps({"demo": value, "other": 1.0}))


def test_the_report_as_json(questions, evaluate):
    code, out, log = evaluate(questions, as_json=True)
    (record,) = json.loads(out)
    assert (code, log) == (0, [])
    assert {name: record[name] for name in ("set", "accuracy", "false_refusals", "false_answers")} == {
        "set": "demo",
        "accuracy": 0.5,
        "false_refusals": {"count": 1, "answerable": 3},
        "false_answers": {"count": 0, "abstain": 1},
    }
    assert record["types"]["meta"] == {"right": 1, "total": 2, "accuracy": 0.5}
    assert record["types"]["all"] == {"right": 2, "total": 4, "accuracy": 0.5}
    assert record["latency_ms"] == {"p50": 10.0, "p95": 10.0}
    assert [each["id"] for each in record["wrong"]] == ["m2", "f1"]
    assert record["intervals"]["all"] == [0.15, 0.85]  # Wilson, 2 of 4
    assert record["measures"]["false_refusals"] == {
        "value": 0.3333,
        "low": 0.0615,
        "high": 0.7923,
        "total": 3,
    }
    assert record["questions"][1] == {"id": "m2", "type": "meta", "right": False}
    assert "baseline" not in record
    assert "comparison" not in record


def test_the_report_for_people(questions, evaluate):
    _, out, _ = evaluate(questions)
    report = out.splitlines()
    assert report[0] == "demo：50.0%"
    assert "  误拒 1/3　每题 10.0 ms（p95 10.0 ms）" in report
    assert "  误答 0/1" in report
    assert report[-2:] == ["  ✗ m2（meta）缺内容：方案", "  ✗ f1（fact）误拒"]


@pytest.mark.parametrize(("baseline", "code"), [(0.5, 0), (0.25, 0), (0.75, 1)])
def test_a_set_below_a_bare_figure_fails(questions, evaluate, tmp_path, baseline, code):
    with_baseline(tmp_path, baseline)
    found, out, log = evaluate(questions)
    assert found == code
    assert out.startswith(f"demo：50.0%（基线 {baseline:.1%}）")
    assert log == (["低于基线，超出误差：demo。"] if code else [])


def test_a_set_below_its_baseline_within_chance_passes_and_says_what_flipped(questions, evaluate, tmp_path):
    right = {"m1": True, "m2": True, "n1": False, "f1": True}
    with_baseline(tmp_path, {"accuracy": 0.75, "questions": right})
    code, out, log = evaluate(questions)
    assert (code, log) == (0, [])
    assert "  与基线相比 -25.0%（-100.0–+50.0，n=4）　变对 1：n1　变错 2：m2、f1　p=1.000" in out.splitlines()
    (record,) = json.loads(evaluate(questions, as_json=True)[1])
    assert record["baseline"]["accuracy"] == 0.75
    assert record["baseline"]["worse"] is False
    assert (record["baseline"]["paired"]["gained"], record["baseline"]["paired"]["lost"]) == (
        ["n1"],
        ["m2", "f1"],
    )


def test_a_drop_over_all_sets_fails_even_if_no_set_shows_it(evaluate, tmp_path):
    baseline = {}
    paths = []
    for name in ("one", "two", "three"):
        path = tmp_path / f"{name}.jsonl"
        # 标题 and 期限 are always wrong: two losses in each set, six in all.
        path.write_text("\n".join(json.dumps(RECORDS[number]) for number in (1, 3)), encoding="utf-8")
        baseline[name] = {"accuracy": 1.0, "questions": {"m2": True, "f1": True}}
        paths.append(path)
    (tmp_path / "eval").mkdir()
    (tmp_path / "eval" / "baseline.json").write_text(json.dumps(baseline))
    code, out, log = evaluate(*paths)
    assert (code, log) == (1, ["低于基线，超出误差：合计。"])
    assert out.split("\n\n")[-1].startswith("全部 3 套：\n  与基线相比 -100.0%")
    assert evaluate(*paths[:2])[0] == 0


def test_another_run_is_compared_question_by_question(questions, evaluate, tmp_path):
    (record,) = json.loads(evaluate(questions, as_json=True)[1])
    record["questions"][0]["right"] = False
    other = tmp_path / "other.json"
    other.write_text(json.dumps([record]))
    code, out, _ = evaluate(questions, against=other)
    assert code == 0
    assert "　变对 1：m1　变错 0　p=1.000" in out
    (record,) = json.loads(evaluate(questions, as_json=True, against=other)[1])
    assert record["comparison"]["difference"]["value"] == 0.25
    other.write_text(json.dumps([{"set": "elsewhere", "questions": []}]))
    with pytest.raises(DataFileError, match=r"other\.json 与这次没有共同的题（这次的题集：demo）"):
        evaluate(questions, against=other)


def test_reports_are_written_in_the_form_their_names_ask_for(questions, evaluate, tmp_path):
    with_baseline(
        tmp_path, {"accuracy": 0.5, "questions": {"m1": True, "m2": True, "n1": False, "f1": False}}
    )
    paths = [tmp_path / "report.md", tmp_path / "report.html"]
    code, _, log = evaluate(questions, reports=paths)
    assert code == 0
    assert log[-2:] == [f"已写入 {path}" for path in paths]
    text, page = (path.read_text(encoding="utf-8") for path in paths)
    assert "# 评测报告（索引 abc123）" in text
    assert "| 合计 | all | 2/4 | 50.0%（15.0–85.0，n=4） |" in text
    assert "| demo | m2 | 文件信息 | 缺内容：方案 |" in text
    assert "| demo：与基线 | +0.0%" in text
    assert page.count("<svg") == 3
    assert "<td>缺内容：方案</td>" in page
    assert "http" not in page.replace("http://www.w3.org/", "")  # nothing is fetched; namespaces only


def test_a_report_of_another_form_is_refused_before_anything_is_asked(questions, evaluate, tmp_path):
    with pytest.raises(UsageError, match=r"报告文件名应以 \.md 或 \.html 结尾，实际是“report\.pdf”"):
        evaluate(questions, reports=[tmp_path / "report.pdf"])
    with pytest.raises(UsageError, match=r"没有目录 .*none，报告无处可写"):
        evaluate(questions, reports=[tmp_path / "none" / "report.md"])
