"""A run as a report: Markdown, or one HTML file that needs nothing beside itself."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from assistant.errors import UsageError
from assistant.evaluation.comparisons import Comparisons
from assistant.evaluation.curve import CurvePoint
from assistant.evaluation.judging import Tally
from assistant.evaluation.measures import MEASURES, by_type, summarise
from assistant.evaluation.measuring import Measurement
from assistant.evaluation.records import figure, latency, paired_text, percent
from assistant.evaluation.running import SetResult

#: Question types as people read them.
TYPES = {
    "owner": "归谁管、是不是",
    "reverse": "某单位的任务",
    "duties": "某单位的任务",
    "benefit": "待遇和权利（口语）",
    "fact": "事实和数字",
    "deadline": "期限",
    "list": "列表",
    "clause": "条款",
    "term": "词语出处",
    "compare": "比较",
    "meta": "文件信息",
    "abstain": "应当拒答",
    "all": "合计",
}


@dataclass(frozen=True, slots=True)
class Report:
    """What a report shows.

    Attributes:
        curve: All questions at several evidence thresholds.
        threshold: The evidence threshold in use.
        fingerprint: State of the index that answered.
    """

    results: tuple[SetResult, ...]
    comparisons: Comparisons
    curve: tuple[CurvePoint, ...]
    threshold: float
    fingerprint: str

    @property
    def measurements(self) -> tuple[Measurement, ...]:
        """Of all sets."""
        return tuple(each for result in self.results for each in result.measurements)

    @property
    def milliseconds(self) -> tuple[float, ...]:
        """Of all sets."""
        return tuple(each for result in self.results for each in result.milliseconds)


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a report, with what there is to know about it."""

    title: str
    note: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def writer(path: Path) -> Callable[[Report], str]:
    """The form of a report that a file name asks for; found out before anything is measured.

    Raises:
        UsageError: Neither ``.md`` nor ``.html``, no such folder, or what HTML needs is not installed.
    """
    if not path.parent.is_dir():
        raise UsageError(f"没有目录 {path.parent}，报告无处可写。请先建立目录，或换一个路径。")
    if path.suffix == ".md":
        return markdown
    if path.suffix != ".html":
        raise UsageError(f"报告文件名应以 .md 或 .html 结尾，实际是“{path.name}”。")
    from assistant.evaluation.plots import require_matplotlib

    require_matplotlib()
    return html


def markdown(report: Report) -> str:
    """The report as Markdown."""
    lines = [f"# 评测报告（索引 {report.fingerprint}）", ""]
    for table in tables(report):
        lines += [f"## {table.title}", "", *([table.note, ""] if table.note else [])]
        lines += _markdown_rows(table.head, table.rows)
    return "\n".join(lines)


def _markdown_rows(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', '｜').replace(chr(10), ' ') for cell in row)} |"
    yield ""


def html(report: Report) -> str:
    """The report as one HTML file with its plots inside."""
    from jinja2 import Environment
    from markupsafe import Markup

    from assistant.evaluation import plots

    drawn = [
        plots.accuracy(
            [(TYPES.get(name, name), each) for name, each in by_type(report.measurements).items()]
        ),
        plots.threshold_curve(report.curve, report.threshold),
        plots.latencies(report.milliseconds),
    ]
    template = (resources.files("assistant") / "data" / "report.html").read_text(encoding="utf-8")
    return (
        Environment(autoescape=True)
        .from_string(template)
        .render(
            fingerprint=report.fingerprint,
            tables=tables(report),
            plots=[Markup(plot) for plot in drawn],
        )
    )


def tables(report: Report) -> list[Table]:
    """Everything a report tells, in order."""
    found = [_sets(report), _types(report), _measures(report), _comparisons(report), _curve(report)]
    return [*(table for table in found if table.rows), _wrong(report)]


def _sets(report: Report) -> Table:
    rows = []
    for each in report.results:
        took, standing = latency(each.milliseconds), report.comparisons.standings.get(each.name)
        accuracy = by_type(each.measurements)["all"]
        rows.append(
            (
                each.name,
                percent(accuracy),
                f"{standing.baseline:.1%}" if standing else "无",
                _verdict(standing.worse) if standing else "",
                f"{took['p50']} / {took['p95']}",
            )
        )
    note = "区间为 95%（Wilson）。答错、未回答和运行失败的题都计入分母。"
    return Table("题集", note, ("题集", "准确率", "基线", "与基线相比", "每题毫秒 p50 / p95"), tuple(rows))


def _verdict(worse: bool) -> str:
    return "低于基线，超出误差" if worse else "没有超出误差的下降"


def _types(report: Report) -> Table:
    rows = [
        (TYPES.get(name, name), name, f"{round(each.value * each.total)}/{each.total}", percent(each))
        for name, each in by_type(report.measurements).items()
    ]
    return Table("题型", "", ("题型", "代号", "答对", "准确率"), tuple(rows))


def _measures(report: Report) -> Table:
    rows = [
        (MEASURES[name].title, figure(name, each), MEASURES[name].over)
        for name, each in summarise(report.measurements).items()
    ]
    note = (
        "比率的区间用 Wilson 法，平均值和 F1 的区间用自助法（按题重抽 2000 次）。"
        "误答、误拒、运行失败越低越好。"
    )
    return Table("其他指标", note, ("指标", "值（95% 区间，分母）", "分母是"), tuple(rows))


def _comparisons(report: Report) -> Table:
    compared = report.comparisons
    pairs = [(f"{name}：与基线", each.paired) for name, each in compared.standings.items()]
    pairs += [(f"{name}：与另一次", each) for name, each in compared.against.items()]
    if len(report.results) > 1:
        pairs += [("合计：与基线", compared.pooled_baseline), ("合计：与另一次", compared.pooled_against)]
    rows = tuple((name, paired_text(paired)) for name, paired in pairs if paired)
    note = "同一批题逐题比较：差值的区间用配对自助法，p 为精确 McNemar 检验（双侧）。"
    return Table("对比", note, ("对比", "差值、变化的题、p"), rows)


def _curve(report: Report) -> Table:
    rows = [
        (
            f"{point.threshold:.2f}" + ("（在用）" if point.threshold == report.threshold else ""),
            _tally(point.false_answers),
            _tally(point.false_refusals),
            _tally(point.right),
        )
        for point in report.curve
    ]
    note = "证据分低于门槛时拒答。门槛低，误答多；门槛高，误拒多。"
    return Table("证据门槛", note, ("门槛", "误答", "误拒", "全部答对"), tuple(rows))


def _tally(each: Tally) -> str:
    return f"{each.right}/{each.total}（{each.accuracy:.1%}）"


def _wrong(report: Report) -> Table:
    rows = [
        (result.name, each.id, TYPES.get(each.type, each.type), each.reason)
        for result in report.results
        for each in result.judgements
        if not each.right
    ]
    total = len(report.measurements)
    return Table("答错的题", f"{len(rows)}/{total}", ("题集", "编号", "题型", "原因"), tuple(rows))
