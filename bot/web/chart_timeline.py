"""A story's days as two rows of stacked bars: articles above, quotations below, parted by outlet.

Rule: each outlet has a pattern of its own beside its colour, the same in both rows; of very many the largest are shown
and the others together. Undated articles have no place on the axis, and are told beside it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

from bot.web.chart_bins import Bin, Unit, split_into_bins
from briefings import DayCount

#: outlets with a pattern of their own; the others share one
MAX_OUTLETS = 5
#: drawn units, which are CSS pixels when there is room: of a whole drawing, its margins, one row of bars
WIDE_WIDTH, NARROW_WIDTH = 460, 340
LEFT_MARGIN, RIGHT_MARGIN, TOP_MARGIN, ROW_HEIGHT, ROW_GAP, BOTTOM_MARGIN = 34, 8, 34, 92, 50, 24
#: of a bin: the least there is room for, the most it takes; the most of a bar; the room of a word on the axis
_MIN_BIN_WIDTH, _MAX_BIN_WIDTH, _MAX_BAR_WIDTH, _LABEL_WIDTH = 9.0, 84.0, 44.0, 58.0
#: drawn units of a letter on the axis, and between two words
_LETTER_WIDTH, _LABEL_GAP = 6.2, 8.0
#: bins up to which each bar bears its number, and the width one needs
_MIN_NUMBERED_WIDTH = 18.0
_UNKNOWN_OUTLET = "outlet not known"

Kind = int


@dataclass(frozen=True, slots=True)
class Bar:
    """One outlet's part of a column, in drawn units; `style` is the outlet's place in the legend."""

    x: float
    y: float
    width: float
    height: float
    style: int


@dataclass(frozen=True, slots=True)
class Column:
    """The bars of one bin, what they tell in words, and the number above them where there is room."""

    bars: tuple[Bar, ...]
    description: str
    x: float
    y: float
    number: int | None


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis: where, and its word."""

    position: float
    label: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row of bars: what it counts, its columns, its scale, and where its ground is."""

    label: str
    columns: tuple[Column, ...]
    ticks: tuple[Tick, ...]
    top: float
    baseline: float


@dataclass(frozen=True, slots=True)
class Timeline:
    """The whole drawing."""

    unit: Unit
    rows: tuple[Row, ...]
    days: tuple[Tick, ...]
    width: float
    height: float
    #: from where to where bars stand
    left_edge: float
    right_edge: float


@dataclass(frozen=True, slots=True)
class TableRow:
    """One line of the table beside the drawing: a bin, or None for the undated, and counts by outlet."""

    label: str | None
    first: date | None
    last: date | None
    outlets: tuple[tuple[str, int, int], ...]

    @property
    def articles(self) -> int:
        """How many."""
        return sum(articles for _, articles, _ in self.outlets)

    @property
    def quotes(self) -> int:
        """How many."""
        return sum(quotes for _, _, quotes in self.outlets)


def build_legend(days: Iterable[DayCount]) -> tuple[str, ...]:
    """The outlets by their number of articles; from the sixth on, if there is more than one left, all in one."""
    article_counts = Counter[str]()
    for count in days:
        article_counts[count.publisher or _UNKNOWN_OUTLET] += count.articles
    names = sorted(article_counts, key=lambda name: (-article_counts[name], name))
    if len(names) <= MAX_OUTLETS + 1:
        return tuple(names)
    return (*names[:MAX_OUTLETS], f"{len(names) - MAX_OUTLETS} other outlets")


def build_timeline(days: Sequence[DayCount], width: float = WIDE_WIDTH) -> Timeline | None:
    """The drawing; None when nothing is dated."""
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
        for row_index, (name, value_index) in enumerate((("articles", 0), ("quotations", 1)))
    )
    height = TOP_MARGIN + 2 * ROW_HEIGHT + ROW_GAP + BOTTOM_MARGIN
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
    """What the drawing shows, in words: bins in which something came, and the undated last."""
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
    return tuple((name, articles[name], quotes[name]) for name in sorted(articles, key=lambda n: (-articles[n], n)))


_BinCounts = Mapping[int, Mapping[int, tuple[int, int]]]


def _count_by_bin(days: Sequence[DayCount], day_bins: Sequence[Bin], outlet_names: Sequence[str]) -> _BinCounts:
    """Articles and quotations by the place of their bin and of their outlet in the legend."""
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
    """Nothing, a half where it is whole, and a round number that holds the most."""
    size = 10 ** max(0, len(str(maximum)) - 1)
    top = max(1, next(step * size // 2 for step in (2, 4, 6, 8, 10, 12, 16, 20) if step * size // 2 >= maximum))
    return (0, top // 2, top) if top % 2 == 0 else (0, top)


def _build_axis(day_bins: Sequence[Bin], unit: Unit, slot_width: float) -> tuple[Tick, ...]:
    """A word under as many bins as there is room for; the year where it is a new one."""
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
