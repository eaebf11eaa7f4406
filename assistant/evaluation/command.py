"""What ``zhengce eval`` does: run sets, compare, print, write reports."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from assistant.config import Settings
from assistant.contract import write_text
from assistant.errors import DataFileError
from assistant.evaluation.baseline import Baseline, Outcomes, pooled, read_baseline, read_run, standing
from assistant.evaluation.comparisons import Comparisons
from assistant.evaluation.curve import curve
from assistant.evaluation.records import paired_text, set_record, set_text
from assistant.evaluation.report import Report, writer
from assistant.evaluation.running import SetResult, question_files, read_golds, run_set
from assistant.evaluation.significance import compare
from assistant.pipeline import Assistant


def evaluate(
    settings: Settings,
    paths: Sequence[Path],
    *,
    as_json: bool,
    emit: Callable[[str], None],
    log: Callable[[str], None] = lambda line: None,
    reports: Sequence[Path] = (),
    against: Path | None = None,
) -> int:
    """Run question sets (default: all of ``eval/questions``) and print accuracy by type.

    Args:
        settings: Where the index lies.
        paths: Question files.
        as_json: Print one JSON list instead of text.
        emit: Receives what belongs on stdout.
        log: Receives progress and the reason of a failure.
        reports: Files to write, ``.md`` or ``.html``.
        against: Saved ``--json`` output of another run to compare with.

    Returns:
        1 when a set, or all together, is answered worse than the baseline by more than noise, else 0.

    Raises:
        DataFileError: No question sets, or a malformed file.
        UsageError: A report of another format.
    """
    writers = [(path, writer(path)) for path in reports]
    chosen = question_files(paths)
    baseline, other = read_baseline(), read_run(against) if against else {}
    assistant = Assistant.open(settings)
    results = [run_set(assistant, path) for path in chosen]
    if against:
        _check_comparable(against, other, results)
    compared = _compared(results, baseline, other)
    emit(_json(results, compared) if as_json else _text(results, compared))
    if writers:
        log("正在按不同的证据门槛重新提问……")
        golds = [gold for path in chosen for gold in read_golds(path)]
        report = Report(
            results=tuple(results),
            comparisons=compared,
            curve=tuple(curve(assistant, golds)),
            threshold=assistant.retriever.model.threshold,
            fingerprint=assistant.index.fingerprint,
        )
        for path, write in writers:
            write_text(path, write(report))
            log(f"已写入 {path}")
    if compared.worse:
        log(f"低于基线，超出误差：{'、'.join(compared.worse)}。")
    return 1 if compared.worse else 0


def _check_comparable(path: Path, other: Mapping[str, Outcomes], results: Sequence[SetResult]) -> None:
    shared = [each for each in results if other.get(each.name, {}).keys() & each.outcomes.keys()]
    if not shared:
        names = "、".join(each.name for each in results)
        raise DataFileError(f"{path} 与这次没有共同的题（这次的题集：{names}）。请用同一批题集的输出来对比。")


def _compared(
    results: Sequence[SetResult], baseline: Mapping[str, Baseline], other: Mapping[str, Outcomes]
) -> Comparisons:
    outcomes = {each.name: each.outcomes for each in results}
    accepted = {name: each.outcomes for name, each in baseline.items() if each.outcomes is not None}
    return Comparisons(
        standings={
            each.name: standing(baseline[each.name], each.outcomes, each.accuracy)
            for each in results
            if each.name in baseline
        },
        against={
            name: compare(other[name], now)
            for name, now in outcomes.items()
            if other.get(name, {}).keys() & now.keys()
        },
        pooled_baseline=pooled(accepted, outcomes),
        pooled_against=pooled(other, outcomes),
    )


def _json(results: Sequence[SetResult], compared: Comparisons) -> str:
    records = [
        set_record(each, standing=compared.standings.get(each.name), against=compared.against.get(each.name))
        for each in results
    ]
    return json.dumps(records, ensure_ascii=False, indent=1)


def _text(results: Sequence[SetResult], compared: Comparisons) -> str:
    blocks = [
        set_text(each, standing=compared.standings.get(each.name), against=compared.against.get(each.name))
        for each in results
    ]
    if len(results) > 1:
        lines = [f"全部 {len(results)} 套："]
        lines += [
            f"  {name} {paired_text(paired)}"
            for name, paired in (
                ("与基线相比", compared.pooled_baseline),
                ("与另一次相比", compared.pooled_against),
            )
            if paired
        ]
        blocks += ["\n".join(lines)] if len(lines) > 1 else []
    return "\n\n".join(blocks)
