"""The measures of a set of questions, each with its interval and its denominator."""

import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from assistant.evaluation.measuring import Measurement, UnitCounts
from assistant.evaluation.significance import Estimate, mean, ratio, share


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure as reports show it.

    Attributes:
        title: Name, Chinese.
        over: What its denominator counts, Chinese.
        better: ``up`` if more is better.
    """

    title: str
    over: str
    better: str = "up"


MEASURES = {
    "clause_hit@1": Measure("条款命中@1", "有标准条款的题"),
    "clause_hit@3": Measure("条款命中@3", "有标准条款的题"),
    "clause_mrr": Measure("条款 MRR", "有标准条款的题"),
    "citation_precision": Measure("引文精确率（每题平均）", "有标准条款的题"),
    "citation_recall": Measure("引文召回率（每题平均）", "有标准条款的题"),
    "quotes_verbatim": Measure("引文逐字一致", "引文"),
    "unit_micro_precision": Measure("单位精确率（合并计算）", "列出全部单位的题"),
    "unit_micro_recall": Measure("单位召回率（合并计算）", "列出全部单位的题"),
    "unit_micro_f1": Measure("单位 F1（合并计算）", "列出全部单位的题"),
    "unit_macro_precision": Measure("单位精确率（每题平均）", "列出全部单位的题"),
    "unit_macro_recall": Measure("单位召回率（每题平均）", "列出全部单位的题"),
    "unit_macro_f1": Measure("单位 F1（每题平均）", "列出全部单位的题"),
    "verdicts": Measure("是非判断", "问是不是的题"),
    "right_document": Measure("文件正确", "指定文件的题"),
    "false_answers": Measure("误答", "应当拒答的题", better="down"),
    "false_refusals": Measure("误拒", "能回答的题", better="down"),
    "failed": Measure("运行失败", "全部题", better="down"),
}


def summarise(measurements: Sequence[Measurement]) -> dict[str, Estimate]:
    """Every measure of ``MEASURES`` that some question has gold for.

    A question without answer counts with 0 in every measure it has gold for.
    """
    refusable = [each for each in measurements if each.abstain]
    answerable = [each for each in measurements if not each.abstain]
    found: dict[str, Estimate | None] = {
        **_clauses(measurements),
        "quotes_verbatim": _share_of(measurements, lambda each: (each.verbatim, each.quotes)),
        **_units([each.units for each in measurements if each.units is not None]),
        "verdicts": _share(each.verdict_right for each in measurements if each.verdict_right is not None),
        "right_document": _share(
            each.document_right for each in measurements if each.document_right is not None
        ),
        "false_answers": _share(not each.judgement.right and each.status != "failed" for each in refusable),
        "false_refusals": _share(each.status in ("no_evidence", "chat") for each in answerable),
        "failed": _share(each.status == "failed" for each in measurements),
    }
    return {name: estimate for name in MEASURES if (estimate := found.get(name)) is not None}


def by_type(measurements: Sequence[Measurement]) -> dict[str, Estimate]:
    """Accuracy by question type, and ``all``."""
    types = sorted({each.judgement.type for each in measurements})
    chosen = {name: [each for each in measurements if each.judgement.type == name] for name in types}
    return {
        name: share(sum(each.judgement.right for each in group), len(group))
        for name, group in {**chosen, "all": list(measurements)}.items()
        if group
    }


def _share(outcomes: Iterable[bool]) -> Estimate | None:
    counted = list(outcomes)
    return share(sum(counted), len(counted)) if counted else None


def _share_of(
    measurements: Iterable[Measurement], count: Callable[[Measurement], tuple[int, int]]
) -> Estimate | None:
    counts = [count(each) for each in measurements]
    total = sum(whole for _, whole in counts)
    return share(sum(part for part, _ in counts), total) if total else None


def _clauses(measurements: Sequence[Measurement]) -> dict[str, Estimate | None]:
    cited = [(each.cited, each) for each in measurements if each.cited is not None]
    if not cited:
        return {}
    ranks = ranking_measures([clauses for clauses, _ in cited])
    wanting = [each for _, each in cited if each.clauses_wanted]
    return {
        "clause_hit@1": _share(rank["Success@1"] > 0 for rank in ranks),
        "clause_hit@3": _share(rank["Success@3"] > 0 for rank in ranks),
        "clause_mrr": mean([rank["RR"] for rank in ranks]),
        "citation_precision": mean([statistics.fmean(clauses) if clauses else 0.0 for clauses, _ in cited]),
        "citation_recall": mean([each.clauses_found / each.clauses_wanted for each in wanting])
        if wanting
        else None,
    }


def ranking_measures(
    rankings: Sequence[Sequence[bool]], names: Sequence[str] = ("Success@1", "Success@3", "RR")
) -> list[dict[str, float]]:
    """Measures of each ranking of relevant and other items, by ir_measures and under its names.

    Success@k is 1 when a relevant item is among the first k (the field also says hit@k). An empty ranking
    has 0.
    """
    import ir_measures

    qrels = {str(index): {"missed": 1} for index in range(len(rankings))}
    run: dict[str, dict[str, float]] = {}
    for index, ranking in enumerate(rankings):
        run[str(index)] = {str(place): -float(place) for place in range(len(ranking))}
        qrels[str(index)] |= {str(place): 1 for place, relevant in enumerate(ranking) if relevant}
    found: list[dict[str, float]] = [{} for _ in rankings]
    for metric in ir_measures.iter_calc([ir_measures.parse_measure(name) for name in names], qrels, run):
        found[int(metric.query_id)][str(metric.measure)] = metric.value
    return found


def _units(counts: Sequence[UnitCounts]) -> dict[str, Estimate]:
    if not counts:
        return {}
    matched = [float(each.matched) for each in counts]
    given, wanted = [float(each.given) for each in counts], [float(each.wanted) for each in counts]
    halves = [(each.given + each.wanted) / 2 for each in counts]
    return {
        "unit_micro_precision": ratio(matched, given),
        "unit_micro_recall": ratio(matched, wanted),
        "unit_micro_f1": ratio(matched, halves),
        "unit_macro_precision": mean(_quotients(matched, given)),
        "unit_macro_recall": mean(_quotients(matched, wanted)),
        "unit_macro_f1": mean(_quotients(matched, halves)),
    }


def _quotients(numerators: Sequence[float], denominators: Sequence[float]) -> list[float]:
    return [upper / lower if lower else 0.0 for upper, lower in zip(numerators, denominators, strict=True)]
