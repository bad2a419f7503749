"""The values that sources give for a figure on which they differ, so that they can be shown side by side over time.

Rule: only figures whose difference a briefing shows; another value joins them when it is near one of the two and of the
same thing by the same proof (`counted.likeness`). A score is two values and makes no series.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from briefings.compose.counted import FigureMention, are_near, measure_similarity
from briefings.compose.material import Candidates
from briefings.facts import QuantityKind
from briefings.model import Evidence, Line
from briefings.report import FigureSeries, FigureValue

#: series of one story, and values of one series
_MAX_SERIES, _MAX_VALUES = 3, 40


def build_series(candidates: Candidates, conflict_lines: Sequence[Line]) -> tuple[FigureSeries, ...]:
    """A series for each of the lines whose two sides differ in a figure, in their order."""
    all_series: list[FigureSeries] = []
    shown_places: set[tuple[str, int]] = set()
    for line in conflict_lines:
        pair = _find_differing_pair(candidates, line)
        if pair and len(all_series) < _MAX_SERIES and not shown_places & {_get_place(mention) for mention in pair}:
            values = [pair[0], pair[1], *_find_other_values(candidates, pair)][:_MAX_VALUES]
            shown_places.update(_get_place(mention) for mention in values)
            all_series.append(
                FigureSeries(
                    _choose_unit(pair),
                    line.note or "",
                    tuple(_make_value(candidates, series_mention) for series_mention in _sort_by_date(values)),
                )
            )
    return tuple(all_series)


def _find_differing_pair(candidates: Candidates, line: Line) -> tuple[FigureMention, FigureMention] | None:
    """The two figures that differ, one in each side of the line."""
    if len(line.evidence) != 2:
        return None
    first_mentions, second_mentions = (list(_find_mentions_within(candidates, side)) for side in line.evidence)
    pairs = ((first, second) for first in first_mentions for second in second_mentions)
    return next(
        (
            pair
            for pair in pairs
            if _have_different_values(*pair) and measure_similarity(*pair, candidates.term_weights)
        ),
        None,
    )


def _find_mentions_within(candidates: Candidates, side: Evidence) -> Iterator[FigureMention]:
    for mention in candidates.figures:
        figure_span = mention.figure.value_span
        if mention.article.id == side.article and side.start <= figure_span.start and figure_span.end <= side.end:
            yield mention


def _have_different_values(first: FigureMention, second: FigureMention) -> bool:
    return first.figure.kind is not QuantityKind.SCORE and first.value != second.value and _are_near(first, second)


def _are_near(first: FigureMention, second: FigureMention) -> bool:
    return are_near(*sorted((first, second), key=lambda mention: mention.value))


def _find_other_values(candidates: Candidates, pair: tuple[FigureMention, FigureMention]) -> Iterator[FigureMention]:
    """What else the articles give for it, each value of an article once."""
    used_values = {(mention.article.id, mention.value) for mention in pair}
    for mention in candidates.figures:
        key = (mention.article.id, mention.value)
        if key not in used_values and any(
            _is_same_figure(mention, known_mention, candidates) for known_mention in pair
        ):
            used_values.add(key)
            yield mention


def _is_same_figure(mention: FigureMention, known_mention: FigureMention, candidates: Candidates) -> bool:
    return (
        mention.article.id != known_mention.article.id
        and _are_near(mention, known_mention)
        and measure_similarity(mention, known_mention, candidates.term_weights) > 0
    )


def _sort_by_date(mentions: Sequence[FigureMention]) -> list[FigureMention]:
    return sorted(
        mentions,
        key=lambda mention: (mention.article.published or date.max, mention.article.id, mention.figure.value_span),
    )


def _make_value(candidates: Candidates, mention: FigureMention) -> FigureValue:
    article, figure = mention.article, mention.figure
    return FigureValue(
        value=mention.value,
        text=figure.value_span.of(article.text),
        is_approximate=figure.hedge is not None,
        day=article.published,
        publisher=article.publisher,
        evidence=candidates.make_evidence(article, mention.sentence),
    )


def _choose_unit(pair: tuple[FigureMention, FigureMention]) -> str:
    if pair[0].figure.kind is QuantityKind.PERCENT:
        return "%"
    return next((mention.figure.unit for mention in pair if mention.figure.unit), "")


def _get_place(mention: FigureMention) -> tuple[str, int]:
    return mention.article.id, mention.figure.value_span.start
