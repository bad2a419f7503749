"""Build series of differing values for charts, and find sentences that give different days for one event.

Rule: a series starts from two figures whose difference a briefing shows. Another value joins when it is near one of
them and `measure_similarity` says that it describes the same thing. A score has two values and makes no series.

Rule: two sentences about one event must be nearly the same, each with its own day. When one expected it for a day and
the other reports it on another, the note says so. An anniversary is another event.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from briefings.article.source_name import name_outlet
from briefings.compose.candidates import Candidates, Sentence
from briefings.compose.figures import FigureMention, are_near, measure_similarity
from briefings.compose.selection import stem
from briefings.facts import Factuality, QuantityKind
from briefings.model import Evidence, Line
from briefings.report import FigureSeries, FigureValue
from briefings.similarity.tfidf import cosine_similarity, extract_terms
from briefings.text import lexicon
from briefings.text.dates import format_day
from briefings.text.folding import fold

#: maximum numbers of series per story and of values per series
_MAX_SERIES, _MAX_VALUES = 3, 40
#: minimum similarity, 0 to 1, of two sentences about one event
_MIN_EVENT_SIMILARITY = 0.5
#: words other than names that both have: at least, and as a share, 0 to 1
_MIN_DEEDS, _MIN_SHARED_DEEDS = 2, 0.4
#: number of best-scoring dated sentences to compare; the number of pairs is quadratic
_MAX_COMPARED_SENTENCES = 150
#: longest interval, in days, between two reports of one event
_MAX_DAYS_APART = 31
_ANNIVERSARY_WORDS = frozenset({"anniversary", "birthday", "annual"})


def build_series(candidates: Candidates, conflict_lines: Sequence[Line]) -> tuple[FigureSeries, ...]:
    """Return a series for each line whose two sides have different figures, in the order of the lines."""
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


@dataclass(frozen=True, slots=True, eq=False)
class DateConflict:
    """Two sentences about one event, and a note on how their days differ."""

    first: Sentence
    second: Sentence
    note: str


def find_date_conflicts(sentences: Sequence[Sentence]) -> Iterator[DateConflict]:
    """Yield pairs of sentences from different articles that give one event different days, in the given order."""
    dated_sentences = [
        sentence for sentence in sentences if sentence.facts.days and not _ANNIVERSARY_WORDS & sentence.vector.keys()
    ]
    compared_ids = {
        id(sentence)
        for sentence in sorted(dated_sentences, key=lambda sentence: -sentence.score)[:_MAX_COMPARED_SENTENCES]
    }
    days_by_sentence = [
        (sentence, frozenset(day.day for day in sentence.facts.days))
        for sentence in dated_sentences
        if id(sentence) in compared_ids
    ]
    for (first, first_days), (second, second_days) in combinations(days_by_sentence, 2):
        if (
            first.article.provenance.is_certain
            and second.article.provenance.is_certain
            and first.article.publisher != second.article.publisher
            and _have_conflicting_days(first_days, second_days)
            and not _name_the_same_words(first, second)
            and _are_similar(first, second)
        ):
            yield DateConflict(first, second, _describe_conflict(first, second))


def _find_differing_pair(candidates: Candidates, line: Line) -> tuple[FigureMention, FigureMention] | None:
    """Return the two figures that differ, one from each side of the line."""
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
    """Yield the other figures for the same thing, each value once per article."""
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
        publisher=name_outlet(article),
        evidence=candidates.make_evidence(article, mention.sentence),
    )


def _choose_unit(pair: tuple[FigureMention, FigureMention]) -> str:
    if pair[0].figure.kind is QuantityKind.PERCENT:
        return "%"
    return next((mention.figure.unit for mention in pair if mention.figure.unit), "")


def _get_place(mention: FigureMention) -> tuple[str, int]:
    return mention.article.id, mention.figure.value_span.start


def _have_conflicting_days(first_days: frozenset[date], second_days: frozenset[date]) -> bool:
    return first_days.isdisjoint(second_days) and abs(min(first_days) - min(second_days)).days <= _MAX_DAYS_APART


def _name_the_same_words(first: Sentence, second: Sentence) -> bool:
    """Tell whether both say "on Friday": the articles' own days then make the difference, not the reports."""
    first_words, second_words = (
        {fold(day.words.of(sentence.article.text)).split()[-1] for day in sentence.facts.days}
        for sentence in (first, second)
    )
    return not first_words.isdisjoint(second_words)


def _are_similar(first: Sentence, second: Sentence) -> bool:
    return cosine_similarity(first.vector, second.vector) >= _MIN_EVENT_SIMILARITY and _share_deeds(first, second)


def _share_deeds(first: Sentence, second: Sentence) -> bool:
    """Tell whether two sentences also share words other than names: the same people can take part in two events."""
    first_words, second_words = (
        {
            stem(word)
            for word in extract_terms(sentence.text)
            if word not in _find_name_words(sentence) | lexicon.load_words("offices")
        }
        for sentence in (first, second)
    )
    fewer = min(len(first_words), len(second_words))
    return len(first_words & second_words) >= max(_MIN_DEEDS, _MIN_SHARED_DEEDS * fewer)


def _find_name_words(sentence: Sentence) -> set[str]:
    text = sentence.article.text
    return {
        word
        for name in [*sentence.facts.names, *(day.words for day in sentence.facts.days)]
        for word in extract_terms(name.of(text))
    }


def _describe_conflict(first: Sentence, second: Sentence) -> str:
    expected_sentences = [sentence for sentence in (first, second) if sentence.facts.factuality is Factuality.EXPECTED]
    completed_sentences = [sentence for sentence in (first, second) if sentence.facts.factuality is Factuality.HAPPENED]
    if len(expected_sentences) == len(completed_sentences) == 1:
        return (
            f"expected for {format_day(expected_sentences[0].facts.days[0].day)} in one, "
            f"reported as done on {format_day(completed_sentences[0].facts.days[0].day)} in the other"
        )
    first_day, second_day = (format_day(sentence.facts.days[0].day) for sentence in (first, second))
    return f"different days for what may be the same event: {first_day}, {second_day}"
