"""Timeline chart of a story: two rows of bars stacked by outlet, articles above and quotes below.

Rule: each outlet has its own pattern and colour, the same in both rows. If there are many outlets, the smallest ones
are combined. Undated articles are not on the axis; the page lists them separately.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

from bot.web.chart_bins import Bin, Unit, split_into_bins
from briefings import DayCount

#: number of outlets with a separate pattern; the others share one
MAX_OUTLETS = 5
#: sizes of the chart, its margins and a row of bars, in drawing units (CSS pixels if the chart is not scaled)
WIDE_WIDTH, NARROW_WIDTH = 460, 340
LEFT_MARGIN, RIGHT_MARGIN, TOP_MARGIN, ROW_HEIGHT, ROW_GAP, BOTTOM_MARGIN = 34, 8, 34, 92, 50, 24
#: what a row can count, with its index in the counts
ARTICLES, QUOTES = ("articles", 0), ("quotes", 1)
#: minimum and maximum width of a bin, maximum width of a bar, and width of an axis label
_MIN_BIN_WIDTH, _MAX_BIN_WIDTH, _MAX_BAR_WIDTH, _LABEL_WIDTH = 9.0, 84.0, 44.0, 58.0
#: width of a letter on the axis, and distance between two labels
_LETTER_WIDTH, _LABEL_GAP = 6.2, 8.0
#: minimum width of a bin for a number above its bar
_MIN_NUMBERED_WIDTH = 18.0
_UNKNOWN_OUTLET = "unknown outlet"


@dataclass(frozen=True, slots=True)
class Bar:
    """One outlet's part of a column, in drawing units; `style` is the outlet's index in the legend."""

    x: float
    y: float
    width: float
    height: float
    style: int


@dataclass(frozen=True, slots=True)
class Column:
    """The bars of one bin, their description in words, and the number above them if there is room."""

    bars: tuple[Bar, ...]
    description: str
    x: float
    y: float
    number: int | None


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis with its label."""

    position: float
    label: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row of bars; `label` says what it counts, and `baseline` is the y position of zero."""

    label: str
    columns: tuple[Column, ...]
    ticks: tuple[Tick, ...]
    top: float
    baseline: float


@dataclass(frozen=True, slots=True)
class Timeline:
    """The whole chart."""

    unit: Unit
    rows: tuple[Row, ...]
    days: tuple[Tick, ...]
    width: float
    height: float
    #: x positions where the bars start and end
    left_edge: float
    right_edge: float


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of the table below the chart: a bin, or None for undated articles.

    `outlets` holds name, article count and quote count.
    """

    label: str | None
    first: date | None
    last: date | None
    outlets: tuple[tuple[str, int, int], ...]

    @property
    def articles(self) -> int:
        """Number of articles."""
        return sum(articles for _, articles, _ in self.outlets)

    @property
    def quotes(self) -> int:
        """Number of quotes."""
        return sum(quotes for _, _, quotes in self.outlets)


def build_legend(days: Iterable[DayCount]) -> tuple[str, ...]:
    """Return the outlet names, most articles first; more than six are reduced to five and a combined entry."""
    article_counts = Counter[str]()
    for count in days:
        article_counts[count.publisher or _UNKNOWN_OUTLET] += count.articles
    names = sorted(article_counts, key=lambda name: (-article_counts[name], name))
    if len(names) <= MAX_OUTLETS + 1:
        return tuple(names)
    return (*names[:MAX_OUTLETS], f"{len(names) - MAX_OUTLETS} other outlets")


def build_timeline(
    days: Sequence[DayCount], width: float = WIDE_WIDTH, row_kinds: Sequence[tuple[str, int]] = (ARTICLES, QUOTES)
) -> Timeline | None:
    """Build the chart with these rows, or return None if no article is dated; `width` is in drawing units."""
    dated_days = [count.day for count in days if count.day]
    if not dated_days:
        return None
    room = width - LEFT_MARGIN - RIGHT_MARGIN
    unit, day_bins = split_into_bins(min(dated_days), max(dated_days), int(room / _MIN_BIN_WIDTH))
    slot_width = min(_MAX_BIN_WIDTH, room / len(day_bins))
    counts_by_bin = _count_by_bin(days, day_bins, build_legend(days))
    rows = tuple(
        _build_row(
            name, counts_by_bin, day_bins, value_index, TOP_MARGIN + row_index * (ROW_HEIGHT + ROW_GAP), slot_width
        )
        for row_index, (name, value_index) in enumerate(row_kinds)
    )
    height = TOP_MARGIN + len(row_kinds) * (ROW_HEIGHT + ROW_GAP) - ROW_GAP + BOTTOM_MARGIN
    return Timeline(
        unit,
        rows,
        _build_axis(day_bins, unit, slot_width),
        width,
        height,
        LEFT_MARGIN,
        LEFT_MARGIN + slot_width * len(day_bins),
    )


def build_table(days: Sequence[DayCount], max_bins: int = 62) -> tuple[TableRow, ...]:
    """Build the table of the chart's numbers: bins with articles, then the undated articles."""
    dated_days = [count.day for count in days if count.day]
    table_rows = []
    for day_bin in split_into_bins(min(dated_days), max(dated_days), max_bins)[1] if dated_days else ():
        bin_counts = [count for count in days if count.day and day_bin.first <= count.day <= day_bin.last]
        if bin_counts:
            table_rows.append(TableRow(day_bin.full_label, day_bin.first, day_bin.last, _count_by_outlet(bin_counts)))
    undated_counts = [count for count in days if count.day is None]
    return (
        (*table_rows, TableRow(None, None, None, _count_by_outlet(undated_counts)))
        if undated_counts
        else tuple(table_rows)
    )


def _count_by_outlet(counts: Iterable[DayCount]) -> tuple[tuple[str, int, int], ...]:
    articles, quotes = Counter[str](), Counter[str]()
    for count in counts:
        articles[count.publisher or _UNKNOWN_OUTLET] += count.articles
        quotes[count.publisher or _UNKNOWN_OUTLET] += count.quotes
    return tuple(
        (name, articles[name], quotes[name]) for name in sorted(articles, key=lambda name: (-articles[name], name))
    )


_BinCounts = Mapping[int, Mapping[int, tuple[int, int]]]


def _count_by_bin(days: Sequence[DayCount], day_bins: Sequence[Bin], outlet_names: Sequence[str]) -> _BinCounts:
    """Count articles and quotes by the index of their bin, then by the index of their outlet in the legend."""
    style = {name: outlet_index for outlet_index, name in enumerate(outlet_names)}
    counts_by_bin: dict[int, dict[int, tuple[int, int]]] = {}
    bin_index = 0
    for count in sorted((count for count in days if count.day), key=lambda count: count.day or date.max):
        while count.day and count.day > day_bins[bin_index].last:
            bin_index += 1
        outlet_index = style.get(count.publisher or _UNKNOWN_OUTLET, len(outlet_names) - 1)
        outlet_counts = counts_by_bin.setdefault(bin_index, {})
        articles, quotes = outlet_counts.get(outlet_index, (0, 0))
        outlet_counts[outlet_index] = (articles + count.articles, quotes + count.quotes)
    return counts_by_bin


def _build_row(
    label: str, counts_by_bin: _BinCounts, day_bins: Sequence[Bin], value_index: int, top: float, slot_width: float
) -> Row:
    totals = {
        bin_index: sum(pair[value_index] for pair in outlet_counts.values())
        for bin_index, outlet_counts in counts_by_bin.items()
    }
    scale = _build_scale(max(totals.values(), default=0))
    baseline, unit = top + ROW_HEIGHT, ROW_HEIGHT / scale[-1]
    columns = tuple(
        _build_column(
            counts_by_bin[bin_index],
            value_index,
            LEFT_MARGIN + slot_width * bin_index,
            slot_width,
            baseline,
            unit,
            f"{day_bins[bin_index].full_label}: {total:,} {label}",
            total,
        )
        for bin_index, total in sorted(totals.items())
        if total
    )
    return Row(label, columns, tuple(Tick(baseline - step * unit, f"{step:,}") for step in scale), top, baseline)


def _build_column(
    outlet_counts: Mapping[int, tuple[int, int]],
    value_index: int,
    slot_start: float,
    slot_width: float,
    baseline: float,
    unit: float,
    description: str,
    total: int,
) -> Column:
    width = min(_MAX_BAR_WIDTH, slot_width * (0.72 if slot_width > _MIN_BIN_WIDTH * 1.5 else 0.86))
    x, y = slot_start + (slot_width - width) / 2, baseline
    bars = []
    for style, pair in sorted(outlet_counts.items()):
        if pair[value_index]:
            height = pair[value_index] * unit
            y -= height
            bars.append(
                Bar(
                    _round_coordinate(x),
                    _round_coordinate(y),
                    _round_coordinate(width),
                    _round_coordinate(height),
                    style,
                )
            )
    return Column(
        tuple(bars),
        description,
        _round_coordinate(x + width / 2),
        _round_coordinate(y),
        total if slot_width >= _MIN_NUMBERED_WIDTH else None,
    )


def _build_scale(maximum: int) -> tuple[int, ...]:
    """Return the scale: zero, half of the top if that is whole, and a round number of at least `maximum`."""
    size = 10 ** max(0, len(str(maximum)) - 1)
    top = max(1, next(step * size // 2 for step in (2, 4, 6, 8, 10, 12, 16, 20) if step * size // 2 >= maximum))
    return (0, top // 2, top) if top % 2 == 0 else (0, top)


def _build_axis(day_bins: Sequence[Bin], unit: Unit, slot_width: float) -> tuple[Tick, ...]:
    """Label as many bins as fit; add the year to the first label of each year."""
    step = max(1, ceil(_LABEL_WIDTH / slot_width))
    ticks: list[Tick] = []
    year = None
    for bin_index in range(0, len(day_bins), step):
        day_bin = day_bins[bin_index]
        with_year = unit in (Unit.DAY, Unit.WEEK) and day_bin.first.year != year
        tick = Tick(
            _round_coordinate(LEFT_MARGIN + slot_width * (bin_index + 0.5)),
            f"{day_bin.short_label} {day_bin.first.year}" if with_year else day_bin.short_label,
        )
        if (
            not ticks
            or tick.position - ticks[-1].position
            >= _LETTER_WIDTH * (len(ticks[-1].label) + len(tick.label)) / 2 + _LABEL_GAP
        ):
            ticks.append(tick)
            year = day_bin.first.year
    return tuple(ticks)


def _round_coordinate(number: float) -> float:
    return round(number, 1)
