"""Chart of the values that sources print for one figure: a dot per source, a horizontal line per value.

Rule: the vertical axis labels only printed values and does not start at zero; the page says so. A dot's x position is
the article's publication day. Undated articles are on the right, and approximate values have a hollow dot.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.web.chart_bins import split_into_bins
from bot.web.chart_timeline import Tick
from briefings import FigureSeries, FigureValue

WIDE_WIDTH, NARROW_WIDTH = 640, 340
LEFT_MARGIN, RIGHT_MARGIN, TOP_MARGIN, PLOT_HEIGHT, BOTTOM_MARGIN = 112, 16, 14, 120, 26
#: widths of the undated area and of an axis label, and minimum distances between two dots and two line labels
_UNDATED_WIDTH, _LABEL_WIDTH, _DOT_GAP, _LINE_GAP = 96, 74, 26, 17


@dataclass(frozen=True, slots=True)
class Dot:
    """A value's position, and its index in the series."""

    x: float
    y: float
    number: int
    approximate: bool
    #: the value, its outlet and its day in words
    description: str


@dataclass(frozen=True, slots=True)
class Chart:
    """The whole chart; `undated` is the x position of the undated area, or None without undated values."""

    dots: tuple[Dot, ...]
    lines: tuple[Tick, ...]
    days: tuple[Tick, ...]
    undated: float | None
    width: float
    height: float
    left_edge: float
    right_edge: float
    baseline: float


def build_chart(series: FigureSeries, width: float) -> Chart:
    """Build the chart of a series with at least one value; `width` is in drawing units."""
    values = series.values
    undated_width = _UNDATED_WIDTH if any(value.day is None for value in values) else 0
    right_edge = width - RIGHT_MARGIN - undated_width
    days = [value.day for value in values if value.day]
    baseline = TOP_MARGIN + PLOT_HEIGHT
    heights = _scale_heights([value.value for value in values])
    positions: list[tuple[float, float]] = []
    for value in values:
        x = _scale_day(value.day, days, right_edge) if value.day else width - RIGHT_MARGIN - undated_width / 2
        positions.append(_find_free_position(positions, x, heights[value.value]))
    dots = tuple(
        Dot(round(x, 1), round(y, 1), number, value.is_approximate, f"{value.text}: {_describe_source(value)}")
        for number, (value, (x, y)) in enumerate(zip(values, positions, strict=True))
    )
    undated_position = width - RIGHT_MARGIN - undated_width / 2 if undated_width else None
    return Chart(
        dots,
        _build_lines(values, heights),
        _build_axis(days, right_edge),
        undated_position,
        width,
        baseline + BOTTOM_MARGIN,
        LEFT_MARGIN,
        right_edge,
        baseline,
    )


def _scale_heights(values: Sequence[float]) -> dict[float, float]:
    low, high = min(values), max(values)
    span = (high - low) or 1
    return {value: TOP_MARGIN + 10 + (PLOT_HEIGHT - 30) * (high - value) / span for value in values}


def _scale_day(day: date, days: Sequence[date], right_edge: float) -> float:
    first, last = min(days), max(days)
    room = right_edge - LEFT_MARGIN - 2 * _DOT_GAP
    return LEFT_MARGIN + _DOT_GAP + (room * (day - first).days / (last - first).days if last > first else room / 2)


def _find_free_position(positions: Sequence[tuple[float, float]], x: float, y: float) -> tuple[float, float]:
    """Return the position, or the nearest free one to its left or right."""
    for step in range(len(positions) + 1):
        for side in (x - step * _DOT_GAP, x + step * _DOT_GAP) if step else (x,):
            if all(abs(side - dot_x) >= _DOT_GAP * 0.95 or abs(y - dot_y) >= 8 for dot_x, dot_y in positions):
                return side, y
    return x, y


def _build_lines(values: Sequence[FigureValue], heights: dict[float, float]) -> tuple[Tick, ...]:
    """Build a line per value, labelled with its most exact and shortest wording; omit labels that would overlap."""
    labels_by_value: dict[float, str] = {}
    for value in sorted(values, key=lambda value: (value.is_approximate, len(value.text))):
        labels_by_value.setdefault(value.value, value.text)
    lines: list[Tick] = []
    for height, label in sorted((heights[value], label) for value, label in labels_by_value.items()):
        overlaps = any(line.label and abs(line.position - height) < _LINE_GAP for line in lines)
        lines.append(Tick(height, "" if overlaps else label))
    return tuple(lines)


def _build_axis(days: Sequence[date], right_edge: float) -> tuple[Tick, ...]:
    if not days:
        return ()
    ticks: list[Tick] = []
    for day in sorted(set(days)):
        position = _scale_day(day, days, right_edge)
        if not ticks or position - ticks[-1].position >= _LABEL_WIDTH:
            ticks.append(Tick(round(position, 1), split_into_bins(day, day, 1)[1][0].full_label))
    return tuple(ticks)


def _describe_source(value: FigureValue) -> str:
    day_label = split_into_bins(value.day, value.day, 1)[1][0].full_label if value.day else "undated"
    return f"{value.publisher or 'unknown outlet'}, {day_label}"
