"""The values that sources give for one figure, over the days they were published: a dot each, a line each value.

Rule: the scale holds the values that were printed and nothing else; it does not begin at nothing, and says so. A dot
stands where its article was published, the undated ones apart on the right; an approximate value has a hollow dot.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.web.charts.bins import bins
from bot.web.charts.timeline import Tick
from briefings.report import Series, Value

WIDE, NARROW = 640, 340
LEFT, RIGHT, TOP, HEIGHT, FOOT = 112, 16, 14, 120, 26
#: room for the undated, for a word on the axis, between two dots and between two lines' words
_APART, _WORD, _DOT, _LINE = 96, 74, 26, 17


@dataclass(frozen=True, slots=True)
class Dot:
    """A value: its place, and which of the series it is, counted from 0."""

    x: float
    y: float
    number: int
    approximate: bool
    #: the value in words: what, who, when
    told: str


@dataclass(frozen=True, slots=True)
class Chart:
    """The whole drawing; `undated` is where the undated stand, None when there are none."""

    dots: tuple[Dot, ...]
    lines: tuple[Tick, ...]
    days: tuple[Tick, ...]
    undated: float | None
    width: float
    height: float
    left: float
    right: float
    ground: float


def drawn(series: Series, width: float) -> Chart:
    """The drawing of a series of one value or more."""
    values = series.values
    apart = _APART if any(value.day is None for value in values) else 0
    right = width - RIGHT - apart
    days = [value.day for value in values if value.day]
    ground = TOP + HEIGHT
    heights = _heights([value.value for value in values])
    places: list[tuple[float, float]] = []
    for value in values:
        x = _across(value.day, days, right) if value.day else width - RIGHT - apart / 2
        places.append(_free(places, x, heights[value.value]))
    dots = tuple(
        Dot(round(x, 1), round(y, 1), number, value.approximate, f"{value.text}: {_who(value)}")
        for number, (value, (x, y)) in enumerate(zip(values, places, strict=True))
    )
    undated = width - RIGHT - apart / 2 if apart else None
    return Chart(dots, _lines(values, heights), _axis(days, right), undated, width, ground + FOOT, LEFT, right, ground)


def _heights(values: Sequence[float]) -> dict[float, float]:
    low, high = min(values), max(values)
    span = (high - low) or 1
    return {value: TOP + 10 + (HEIGHT - 30) * (high - value) / span for value in values}


def _across(day: date, days: Sequence[date], right: float) -> float:
    first, last = min(days), max(days)
    room = right - LEFT - 2 * _DOT
    return LEFT + _DOT + (room * (day - first).days / (last - first).days if last > first else room / 2)


def _free(places: Sequence[tuple[float, float]], x: float, y: float) -> tuple[float, float]:
    """The place, or the next one beside it that no dot has."""
    for step in range(len(places) + 1):
        for side in (x - step * _DOT, x + step * _DOT) if step else (x,):
            if all(abs(side - other) >= _DOT * 0.95 or abs(y - height) >= 8 for other, height in places):
                return side, y
    return x, y


def _lines(values: Sequence[Value], heights: dict[float, float]) -> tuple[Tick, ...]:
    """A line for each value, with the words of whoever gave it most plainly, as far as words do not meet."""
    words: dict[float, str] = {}
    for value in sorted(values, key=lambda value: (value.approximate, len(value.text))):
        words.setdefault(value.value, value.text)
    found: list[Tick] = []
    for height, word in sorted((heights[value], word) for value, word in words.items()):
        meets = any(line.word and abs(line.at - height) < _LINE for line in found)
        found.append(Tick(height, "" if meets else word))
    return tuple(found)


def _axis(days: Sequence[date], right: float) -> tuple[Tick, ...]:
    if not days:
        return ()
    found: list[Tick] = []
    for day in sorted(set(days)):
        at = _across(day, days, right)
        if not found or at - found[-1].at >= _WORD:
            found.append(Tick(round(at, 1), bins(day, day, 1)[1][0].full))
    return tuple(found)


def _who(value: Value) -> str:
    when = bins(value.day, value.day, 1)[1][0].full if value.day else "undated"
    return f"{value.publisher or 'outlet not known'}, {when}"
