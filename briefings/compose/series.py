"""The values that sources give for a figure on which they differ, so that they can be shown side by side over time.

Rule: only figures whose difference a briefing shows; another value joins them when it is near one of the two and of the
same thing by the same proof (`counted.likeness`). A score is two values and makes no series.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from briefings.compose.counted import Placed, are_near, likeness
from briefings.compose.material import Material
from briefings.facts import Sort
from briefings.model import Evidence, Line
from briefings.report import Series, Value

#: series of one story, and values of one series
_MOST, _VALUES = 3, 40


def series(material: Material, differences: Sequence[Line]) -> tuple[Series, ...]:
    """A series for each of the lines whose two sides differ in a figure, in their order."""
    found: list[Series] = []
    shown: set[tuple[str, int]] = set()
    for line in differences:
        pair = _pair(material, line)
        if pair and len(found) < _MOST and not shown & {_place(placed) for placed in pair}:
            values = [pair[0], pair[1], *_others(material, pair)][:_VALUES]
            shown.update(_place(placed) for placed in values)
            found.append(Series(_unit(pair), line.note or "", tuple(_value(material, p) for p in _in_order(values))))
    return tuple(found)


def _pair(material: Material, line: Line) -> tuple[Placed, Placed] | None:
    """The two figures that differ, one in each side of the line."""
    if len(line.evidence) != 2:
        return None
    ones, others = (list(_within(material, side)) for side in line.evidence)
    pairs = ((one, other) for one in ones for other in others)
    return next((pair for pair in pairs if _differ(*pair) and likeness(*pair, material.background)), None)


def _within(material: Material, side: Evidence) -> Iterator[Placed]:
    for placed in material.figures:
        bare = placed.figure.bare
        if placed.article.id == side.article and side.start <= bare.start and bare.end <= side.end:
            yield placed


def _differ(one: Placed, other: Placed) -> bool:
    return one.figure.sort is not Sort.SCORE and one.value != other.value and _are_near(one, other)


def _are_near(one: Placed, other: Placed) -> bool:
    return are_near(*sorted((one, other), key=lambda placed: placed.value))


def _others(material: Material, pair: tuple[Placed, Placed]) -> Iterator[Placed]:
    """What else the articles give for it, each value of an article once."""
    taken = {(placed.article.id, placed.value) for placed in pair}
    for placed in material.figures:
        key = (placed.article.id, placed.value)
        if key not in taken and any(_is_of_it(placed, known, material) for known in pair):
            taken.add(key)
            yield placed


def _is_of_it(placed: Placed, known: Placed, material: Material) -> bool:
    return (
        placed.article.id != known.article.id
        and _are_near(placed, known)
        and likeness(placed, known, material.background) > 0
    )


def _in_order(values: Sequence[Placed]) -> list[Placed]:
    return sorted(values, key=lambda p: (p.article.published or date.max, p.article.id, p.figure.bare))


def _value(material: Material, placed: Placed) -> Value:
    article, figure = placed.article, placed.figure
    return Value(
        value=placed.value,
        text=figure.bare.of(article.text),
        approximate=figure.hedge is not None,
        day=article.published,
        publisher=article.publisher,
        evidence=material.evidence(article, placed.sentence),
    )


def _unit(pair: tuple[Placed, Placed]) -> str:
    if pair[0].figure.sort is Sort.PERCENT:
        return "%"
    return next((placed.figure.unit for placed in pair if placed.figure.unit), "")


def _place(placed: Placed) -> tuple[str, int]:
    return placed.article.id, placed.figure.bare.start
