"""A story's days as two rows of stacked bars: articles above, quotations below, parted by outlet.

Rule: each outlet has a pattern of its own beside its colour, the same in both rows; of very many the largest are shown
and the others together. Undated articles have no place on the axis, and are told beside it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

from bot.web.charts.bins import Bin, Unit, bins
from briefings.report import DayCount

#: outlets with a pattern of their own; the others share one
SHOWN = 5
#: drawn units, which are CSS pixels when there is room: of a whole drawing, its margins, one row of bars
WIDE, NARROW = 460, 340
LEFT, RIGHT, TOP, ROW, GAP, FOOT = 34, 8, 34, 92, 50, 24
#: of a bin: the least there is room for, the most it takes; the most of a bar; the room of a word on the axis
_LEAST, _MOST, _BAR, _WORD = 9.0, 84.0, 44.0, 58.0
#: drawn units of a letter on the axis, and between two words
_LETTER, _APART = 6.2, 8.0
#: bins up to which each bar bears its number, and the width one needs
_NUMBERED = 18.0
_UNKNOWN = "outlet not known"

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
    told: str
    x: float
    y: float
    number: int | None


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis: where, and its word."""

    at: float
    word: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row of bars: what it counts, its columns, its scale, and where its ground is."""

    counted: str
    columns: tuple[Column, ...]
    ticks: tuple[Tick, ...]
    top: float
    ground: float


@dataclass(frozen=True, slots=True)
class Timeline:
    """The whole drawing."""

    unit: Unit
    rows: tuple[Row, ...]
    days: tuple[Tick, ...]
    width: float
    height: float
    #: from where to where bars stand
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the table beside the drawing: a bin, or None for the undated, and counts by outlet."""

    when: str | None
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


def legend(days: Iterable[DayCount]) -> tuple[str, ...]:
    """The outlets by their number of articles; from the sixth on, if there is more than one left, all in one."""
    counted = Counter[str]()
    for count in days:
        counted[count.publisher or _UNKNOWN] += count.articles
    ordered = sorted(counted, key=lambda name: (-counted[name], name))
    if len(ordered) <= SHOWN + 1:
        return tuple(ordered)
    return (*ordered[:SHOWN], f"{len(ordered) - SHOWN} other outlets")


def drawn(days: Sequence[DayCount], width: float = WIDE) -> Timeline | None:
    """The drawing; None when nothing is dated."""
    dated = [count.day for count in days if count.day]
    if not dated:
        return None
    room = width - LEFT - RIGHT
    unit, cut = bins(min(dated), max(dated), int(room / _LEAST))
    slot = min(_MOST, room / len(cut))
    held = _held(days, cut, legend(days))
    rows = tuple(
        _row(name, held, cut, which, TOP + place * (ROW + GAP), slot)
        for place, (name, which) in enumerate((("articles", 0), ("quotations", 1)))
    )
    height = TOP + 2 * ROW + GAP + FOOT
    return Timeline(unit, rows, _axis(cut, unit, slot), width, height, LEFT, LEFT + slot * len(cut))


def table(days: Sequence[DayCount], most: int = 62) -> tuple[Told, ...]:
    """What the drawing shows, in words: bins in which something came, and the undated last."""
    dated = [count.day for count in days if count.day]
    found = []
    for one in bins(min(dated), max(dated), most)[1] if dated else ():
        within = [count for count in days if count.day and one.first <= count.day <= one.last]
        if within:
            found.append(Told(one.full, one.first, one.last, _by_outlet(within)))
    undated = [count for count in days if count.day is None]
    return (*found, Told(None, None, None, _by_outlet(undated))) if undated else tuple(found)


def _by_outlet(counts: Iterable[DayCount]) -> tuple[tuple[str, int, int], ...]:
    articles, quotes = Counter[str](), Counter[str]()
    for count in counts:
        articles[count.publisher or _UNKNOWN] += count.articles
        quotes[count.publisher or _UNKNOWN] += count.quotes
    return tuple((name, articles[name], quotes[name]) for name in sorted(articles, key=lambda n: (-articles[n], n)))


_Held = Mapping[int, Mapping[int, tuple[int, int]]]


def _held(days: Sequence[DayCount], cut: Sequence[Bin], named: Sequence[str]) -> _Held:
    """Articles and quotations by the place of their bin and of their outlet in the legend."""
    style = {name: place for place, name in enumerate(named)}
    held: dict[int, dict[int, tuple[int, int]]] = {}
    at = 0
    for count in sorted((count for count in days if count.day), key=lambda count: count.day or date.max):
        while count.day and count.day > cut[at].last:
            at += 1
        place = style.get(count.publisher or _UNKNOWN, len(named) - 1)
        here = held.setdefault(at, {})
        articles, quotes = here.get(place, (0, 0))
        here[place] = (articles + count.articles, quotes + count.quotes)
    return held


def _row(counted: str, held: _Held, cut: Sequence[Bin], which: int, top: float, slot: float) -> Row:
    totals = {at: sum(pair[which] for pair in here.values()) for at, here in held.items()}
    scale = _scale(max(totals.values(), default=0))
    ground, unit = top + ROW, ROW / scale[-1]
    columns = tuple(
        _column(held[at], which, LEFT + slot * at, slot, ground, unit, f"{cut[at].full}: {total:,} {counted}", total)
        for at, total in sorted(totals.items())
        if total
    )
    return Row(counted, columns, tuple(Tick(ground - step * unit, f"{step:,}") for step in scale), top, ground)


def _column(
    here: Mapping[int, tuple[int, int]],
    which: int,
    left: float,
    slot: float,
    ground: float,
    unit: float,
    told: str,
    total: int,
) -> Column:
    width = min(_BAR, slot * (0.72 if slot > _LEAST * 1.5 else 0.86))
    x, y = left + (slot - width) / 2, ground
    bars = []
    for style, pair in sorted(here.items()):
        if pair[which]:
            height = pair[which] * unit
            y -= height
            bars.append(Bar(_short(x), _short(y), _short(width), _short(height), style))
    return Column(tuple(bars), told, _short(x + width / 2), _short(y), total if slot >= _NUMBERED else None)


def _scale(most: int) -> tuple[int, ...]:
    """Nothing, a half where it is whole, and a round number that holds the most."""
    size = 10 ** max(0, len(str(most)) - 1)
    top = max(1, next(step * size // 2 for step in (2, 4, 6, 8, 10, 12, 16, 20) if step * size // 2 >= most))
    return (0, top // 2, top) if top % 2 == 0 else (0, top)


def _axis(cut: Sequence[Bin], unit: Unit, slot: float) -> tuple[Tick, ...]:
    """A word under as many bins as there is room for; the year where it is a new one."""
    every = max(1, ceil(_WORD / slot))
    found: list[Tick] = []
    year = None
    for at in range(0, len(cut), every):
        one = cut[at]
        named = unit in (Unit.DAY, Unit.WEEK) and one.first.year != year
        tick = Tick(_short(LEFT + slot * (at + 0.5)), f"{one.short} {one.first.year}" if named else one.short)
        if not found or tick.at - found[-1].at >= _LETTER * (len(found[-1].word) + len(tick.word)) / 2 + _APART:
            found.append(tick)
            year = one.first.year
    return tuple(found)


def _short(number: float) -> float:
    return round(number, 1)
