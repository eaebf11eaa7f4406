"""Plots of a report as SVG text, drawn by matplotlib."""

import importlib.util
import io
import re
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.errors import UsageError
from assistant.evaluation.curve import CurvePoint
from assistant.evaluation.significance import Estimate

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_BLUE, _RED, _GREY = "#1f5fa8", "#b3261e", "#767676"
_FONTS = "'Noto Sans CJK SC', 'Microsoft YaHei', 'PingFang SC', sans-serif"


def require_matplotlib() -> None:
    """Say what to install before hours of asking, not after.

    Raises:
        UsageError: matplotlib is not installed.
    """
    if importlib.util.find_spec("matplotlib") is None:
        raise UsageError(
            'HTML 报告的图需要 matplotlib。请先运行 pip install "zhengce[eval]"，或改写 .md 报告。'
        )


def accuracy(types: Sequence[tuple[str, Estimate]]) -> str:
    """Accuracy by question type as dots with their intervals."""
    figure, axes = _axes("各题型准确率（横线为 95% 区间）", height=0.6 + 0.32 * len(types))
    places = range(len(types) - 1, -1, -1)
    values = [100 * each.value for _, each in types]
    spread = [
        [max(0.0, 100 * (each.value - each.low)) for _, each in types],
        [max(0.0, 100 * (each.high - each.value)) for _, each in types],
    ]
    axes.errorbar(values, list(places), xerr=spread, fmt="o", color=_BLUE, ecolor=_GREY, capsize=3)
    axes.set_yticks(list(places), [f"{name}（{each.total}）" for name, each in types])
    axes.set_xlim(min(50.0, *(100 * each.low for _, each in types)), 101)
    axes.set_xlabel("%")
    return _svg(figure)


def threshold_curve(points: Sequence[CurvePoint], used: float) -> str:
    """False answers and false refusals over the evidence threshold."""
    figure, axes = _axes("误答与误拒（随证据门槛）", height=3.2)
    thresholds = [point.threshold for point in points]
    for name, colour, marker, shares in (
        ("误答", _RED, "s", [100 * point.false_answers.accuracy for point in points]),
        ("误拒", _BLUE, "o", [100 * point.false_refusals.accuracy for point in points]),
    ):
        axes.plot(thresholds, shares, marker=marker, color=colour, label=name)
    axes.axvline(used, color=_GREY, linestyle="--", label=f"在用 {used:.2f}")
    axes.set_xlabel("证据门槛")
    axes.set_ylabel("%")
    axes.legend(frameon=False)
    return _svg(figure)


def latencies(milliseconds: Sequence[float]) -> str:
    """How long answers took."""
    figure, axes = _axes(f"每题用时（{len(milliseconds)} 题）", height=2.6)
    axes.hist(milliseconds, bins=40, color=_BLUE)
    axes.set_xlabel("毫秒")
    axes.set_ylabel("题数")
    return _svg(figure)


def _axes(title: str, *, height: float) -> tuple["Figure", "Axes"]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7.2, height), layout="tight")
    axes = figure.add_subplot()
    axes.set_title(title, loc="left", fontsize=11)
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(visible=True, color="#e4e4e4")
    axes.set_axisbelow(True)
    return figure, axes


def _svg(figure: "Figure") -> str:
    """The figure as an ``<svg>`` element; its words stay text, in the reader's fonts."""
    import matplotlib as mpl

    buffer = io.StringIO()
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "zhengce"}), warnings.catch_warnings():
        # Only the sizes of words are taken from matplotlib's own font, which has no Chinese.
        warnings.filterwarnings("ignore", message=r"Glyph .* missing from font")
        figure.savefig(buffer, format="svg", metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")))
    drawn = buffer.getvalue()
    element = drawn[drawn.index("<svg") :]
    return re.sub(r"font: ([^\"';]*?)'[^\"]*?(?=[;\"])", rf"font: \1{_FONTS}", element)
