"""A set's figures as JSON values and as text for a terminal."""

import statistics
from typing import Any

from assistant.evaluation.baseline import Standing
from assistant.evaluation.judging import tally
from assistant.evaluation.measures import MEASURES, by_type, summarise
from assistant.evaluation.running import SetResult
from assistant.evaluation.significance import Estimate, Paired

_TERMINAL = ("clause_hit@1", "clause_hit@3", "clause_mrr", "citation_precision", "citation_recall")
_MORE = ("quotes_verbatim", "unit_micro_f1", "unit_macro_f1", "verdicts", "right_document")


def set_record(
    result: SetResult, *, standing: Standing | None = None, against: Paired | None = None
) -> dict[str, Any]:
    """A set's figures: accuracy by type, all measures with intervals, latency, and what went wrong.

    Args:
        result: The set, run.
        standing: Comparison with the baseline, if there is one.
        against: Comparison with another run, if asked for.
    """
    return {
        "set": result.name,
        "accuracy": round(result.accuracy, 4),
        "types": {
            name: {"right": each.right, "total": each.total, "accuracy": round(each.accuracy, 4)}
            for name, each in sorted(tally(result.judgements).items())
        },
        "false_refusals": {"count": result.refused.right, "answerable": result.refused.total},
        "false_answers": {"count": result.answered_falsely.right, "abstain": result.answered_falsely.total},
        "latency_ms": latency(result.milliseconds),
        "intervals": {
            name: [round(each.low, 4), round(each.high, 4)]
            for name, each in by_type(result.measurements).items()
        },
        "measures": {name: estimate_record(each) for name, each in summarise(result.measurements).items()},
        "questions": [{"id": each.id, "type": each.type, "right": each.right} for each in result.judgements],
        "wrong": [
            {"id": each.id, "type": each.type, "reason": each.reason}
            for each in result.judgements
            if not each.right
        ],
        **({"baseline": _standing_record(standing)} if standing else {}),
        **({"comparison": paired_record(against)} if against else {}),
    }


def latency(milliseconds: tuple[float, ...]) -> dict[str, float]:
    """Median and 95th percentile (nearest rank below) in milliseconds; 0 without answers."""
    if not milliseconds:
        return {"p50": 0.0, "p95": 0.0}
    return {
        "p50": round(statistics.median(milliseconds), 2),
        "p95": round(sorted(milliseconds)[int(0.95 * (len(milliseconds) - 1))], 2),
    }


def estimate_record(estimate: Estimate) -> dict[str, float]:
    """Value, 95 % interval and denominator."""
    return {
        "value": round(estimate.value, 4),
        "low": round(estimate.low, 4),
        "high": round(estimate.high, 4),
        "total": estimate.total,
    }


def _standing_record(standing: Standing) -> dict[str, Any]:
    paired = paired_record(standing.paired) if standing.paired else None
    return {"accuracy": standing.baseline, "worse": standing.worse, "paired": paired}


def paired_record(paired: Paired) -> dict[str, Any]:
    """Which questions flipped, the difference with its interval, and McNemar's p."""
    return {
        "gained": list(paired.gained),
        "lost": list(paired.lost),
        "difference": estimate_record(paired.difference),
        "p_value": round(paired.p_value, 4),
    }


def percent(estimate: Estimate) -> str:
    """``96.7%（92.9–98.5，n=180）``: value, 95 % interval, denominator."""
    interval = f"{100 * estimate.low:.1f}–{100 * estimate.high:.1f}"
    return f"{estimate.value:.1%}（{interval}，n={estimate.total}）"


def figure(name: str, estimate: Estimate) -> str:
    """A measure with its interval: reciprocal ranks as decimals, shares and F1 in percent."""
    if name == "clause_mrr":
        return f"{estimate.value:.3f}（{estimate.low:.3f}–{estimate.high:.3f}，n={estimate.total}）"
    return percent(estimate)


def paired_text(paired: Paired) -> str:
    """``+1.1%（-0.6–2.8，n=180）　变对 3：a1、a2、a3　变错 1：a9　p=0.625``."""
    difference = paired.difference
    interval = f"{100 * difference.low:+.1f}–{100 * difference.high:+.1f}"
    flips = f"{_flips('变对', paired.gained)}　{_flips('变错', paired.lost)}"
    return f"{difference.value:+.1%}（{interval}，n={difference.total}）　{flips}　p={paired.p_value:.3f}"


def _flips(name: str, ids: tuple[str, ...]) -> str:
    return f"{name} {len(ids)}" + (f"：{'、'.join(ids)}" if ids else "")


def set_text(result: SetResult, *, standing: Standing | None = None, against: Paired | None = None) -> str:
    """The figures for a terminal; what went wrong comes last."""
    record = set_record(result)
    baseline = f"（基线 {standing.baseline:.1%}）" if standing else ""
    lines = [f"{result.name}：{result.accuracy:.1%}{baseline}"]
    lines += [
        f"  {name:<10} {each['right']:>4}/{each['total']:<4} {each['accuracy']:.1%}"
        for name, each in record["types"].items()
    ]
    refused, took = record["false_refusals"], record["latency_ms"]
    lines.append(
        f"  误拒 {refused['count']}/{refused['answerable']}　每题 {took['p50']} ms（p95 {took['p95']} ms）"
    )
    estimates = summarise(result.measurements)
    shown = [name for name in (*_TERMINAL, *_MORE) if name in estimates]
    lines += [f"  {MEASURES[name].title} {figure(name, estimates[name])}" for name in shown]
    falsely = record["false_answers"]
    if falsely["abstain"]:
        lines.append(f"  误答 {falsely['count']}/{falsely['abstain']}")
    if standing and standing.paired:
        lines.append(f"  与基线相比 {paired_text(standing.paired)}")
    if against:
        lines.append(f"  与另一次相比 {paired_text(against)}")
    lines += [f"  ✗ {each['id']}（{each['type']}）{each['reason']}" for each in record["wrong"]]
    return "\n".join(lines)
