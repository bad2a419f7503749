"""Compose the slot of differences: two wordings, figures, days or agents for what may be the same thing.

Rule: both sides are shown in their own words with links, and a note says what kind of difference it is. A possible
rounding or later count is never called a contradiction.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import nlargest

from briefings.compose.candidates import Candidates
from briefings.compose.conflicts.agent_conflicts import find_agent_conflicts
from briefings.compose.conflicts.value_series import find_date_conflicts
from briefings.compose.conflicts.wordings import WordingConflict, find_wording_conflicts
from briefings.compose.figures import FigureMention, find_near_pairs, measure_similarity
from briefings.compose.selection import WordBudget
from briefings.facts import QuantityKind, is_expected
from briefings.model import ELISION, Article, Kind, Line, Slot, Span
from briefings.text import lexicon
from briefings.text.folding import fold

_MAX_CONFLICTS = 5
_ROUNDED_NOTE = "same figure; one source rounds it"
#: number of sharpest pairs of figures to consider
_MAX_FIGURE_PAIRS = 200
_CLAUSE_ENDS = (", ", "; ", ": ", " – ", " — ", " - ")
_RELATIVE_PRONOUNS = ("which", "who", "whose", "where")
_QUOTATION_MARKS = " \"“”'‘’"


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two sides of one difference, a note on its kind, and its sharpness (sharpest first)."""

    first: tuple[Article, Span]
    second: tuple[Article, Span]
    note: str
    sharpness: float
    #: one side is about something still expected
    is_expected: bool = False


def find_conflicts(candidates: Candidates, budget: WordBudget) -> list[Line]:
    """Return the lines of the slot, sharpest first. Each line has two pieces of evidence."""
    conflict_kinds = (
        _find_figure_conflicts(candidates),
        _find_date_conflicts(candidates),
        _find_agent_conflicts(candidates),
        _find_wording_conflicts(candidates),
    )
    conflicts = sorted(
        (conflict for conflicts_of_kind in conflict_kinds for conflict in conflicts_of_kind), key=_make_sort_key
    )
    lines: list[Line] = []
    shown_places: set[tuple[str, int]] = set()
    for conflict in conflicts:
        sides = (conflict.first, conflict.second)
        places = {(article.id, span.start) for article, span in sides}
        text = ELISION.join(span.of(article.text) for article, span in sides)
        if len(lines) < _MAX_CONFLICTS and not places & shown_places and budget.fits(text):
            budget.spend(text)
            lines.append(_make_line(candidates, conflict))
            shown_places |= places
    return lines


def _make_sort_key(conflict: Conflict) -> tuple[float, str, Span, str, Span]:
    (first, first_span), (second, second_span) = conflict.first, conflict.second
    return (-conflict.sharpness, first.id, first_span, second.id, second_span)


def _make_line(candidates: Candidates, conflict: Conflict) -> Line:
    evidence = (candidates.make_evidence(*conflict.first), candidates.make_evidence(*conflict.second))
    return Line(
        slot=Slot.DIFFERENCES,
        text=ELISION.join(piece.text for piece in evidence),
        evidence=evidence,
        outlets=candidates.outlets.count(piece.article for piece in evidence),
        expected=conflict.is_expected,
        note=conflict.note,
    )


def _find_wording_conflicts(candidates: Candidates) -> Iterator[Conflict]:
    for wording in find_wording_conflicts(
        (article, quote) for article, quotes in candidates.articles_with_quotes for quote in quotes
    ):
        is_across_articles = wording.first[0].id != wording.second[0].id
        changed_word_count = len(wording.only_first.split()) + len(wording.only_second.split())
        yield Conflict(
            wording.first,
            wording.second,
            f"Same quote by {wording.speaker}, worded differently: {_describe_wordings(wording)}",
            sharpness=0.5 + 0.2 * is_across_articles + min(changed_word_count, 5) / 20,
        )


def _describe_wordings(wording: WordingConflict) -> str:
    if wording.only_first and wording.only_second:
        return f"“{wording.only_first}” in one, “{wording.only_second}” in the other"
    return f"only one has “{wording.only_first or wording.only_second}”"


def _find_figure_conflicts(candidates: Candidates) -> Iterator[Conflict]:
    rated_pairs = (
        (_compute_sharpness(first, second, similarity), first, second)
        for first, second in find_near_pairs(candidates.figures)
        if (similarity := measure_similarity(first, second, candidates.term_weights))
    )
    for sharpness, first, second in nlargest(_MAX_FIGURE_PAIRS, rated_pairs, key=lambda rated_pair: rated_pair[0]):
        details = _describe_figures(first, second)
        if details is not None:
            is_expected_event = any(
                is_expected(candidates.get_unquoted_text(side.article), side.sentence) for side in (first, second)
            )
            sides = ((first.article, _find_clause(first)), (second.article, _find_clause(second)))
            details += _describe_speakers(candidates, sides)
            note = (
                details if first.value == second.value else f"{_get_words(first)} or {_get_words(second)}? ({details})"
            )
            yield Conflict(*sides, note, sharpness, is_expected_event)


def _get_words(mention: FigureMention) -> str:
    return " ".join(mention.figure.value_span.of(mention.article.text).split())


def _describe_speakers(candidates: Candidates, sides: Sequence[tuple[Article, Span]]) -> str:
    """Say which sides are a speaker's words rather than the article's own."""
    quotes_by_article = {article.id: quotes for article, quotes in candidates.articles_with_quotes}
    description = ""
    for ordinal, (article, span) in zip(("first", "second"), sides, strict=True):
        covering_quotes = (
            candidate_quote
            for candidate_quote in quotes_by_article[article.id]
            if candidate_quote.kind is not Kind.INDIRECT
            and any(fragment.covers(span) for fragment in candidate_quote.content)
        )
        speaker = next((quote.speaker for quote in covering_quotes), None)
        description += f"; the {ordinal} is quoted from {speaker.name}" if speaker else ""
    return description


def _find_date_conflicts(candidates: Candidates) -> Iterator[Conflict]:
    for date_conflict in find_date_conflicts(candidates.sentences):
        sides = [(sentence.article, sentence.facts.span) for sentence in (date_conflict.first, date_conflict.second)]
        yield Conflict(
            sides[0],
            sides[1],
            date_conflict.note,
            0.9,
            date_conflict.first.facts.is_expected or date_conflict.second.facts.is_expected,
        )


def _find_agent_conflicts(candidates: Candidates) -> Iterator[Conflict]:
    for agent_conflict in find_agent_conflicts(candidates):
        sides = [(report.article, report.event.sentence) for report in (agent_conflict.first, agent_conflict.second)]
        yield Conflict(sides[0], sides[1], agent_conflict.note, 0.97)


def _compute_sharpness(first: FigureMention, second: FigureMention, similarity: float) -> float:
    if first.value == second.value and first.figure.hedge == second.figure.hedge:
        return 0.0
    return (1.0 if first.value != second.value else 0.85) + min(50.0, similarity) / 500


def _describe_figures(first: FigureMention, second: FigureMention) -> str | None:
    """Describe the difference of two near figures, or return None if they do not differ."""
    hedges = [fold(mention.figure.hedge) for mention in (first, second) if mention.figure.hedge]
    if first.value == second.value:
        if len(hedges) != 1:
            return None
        is_bound = hedges[0] in lexicon.load_words("bounds")
        return f"same figure; only one source says “{hedges[0]}”" if is_bound else _ROUNDED_NOTE
    return f"{'one approximate; ' if hedges else ''}{_describe_order(first, second)}"


def _describe_order(first: FigureMention, second: FigureMention) -> str:
    """Describe what the publication days say about two counts.

    They give only an order: the counts may be of different days.
    """
    lower, higher = sorted((first, second), key=lambda mention: mention.value)
    lower_day, higher_day = lower.article.published, higher.article.published
    if first.figure.kind is QuantityKind.PERCENT or lower_day is None or higher_day is None or lower_day >= higher_day:
        return "may be counts at different times"
    return "the later article has the higher count"


def _find_clause(mention: FigureMention) -> Span:
    """Return the clause around the figure, or the whole sentence where cutting could change the meaning."""
    text, sentence, figure = mention.article.text, mention.sentence, mention.figure.value_span
    start_offsets = [
        offset + len(clause_mark)
        for clause_mark in _CLAUSE_ENDS
        if (offset := text.rfind(clause_mark, sentence.start, figure.start)) >= 0
    ]
    end_offsets = [
        offset for clause_mark in _CLAUSE_ENDS if (offset := text.find(clause_mark, figure.end, sentence.end)) >= 0
    ]
    clause = _strip_marks(
        text, Span(max(start_offsets, default=sentence.start), min(end_offsets, default=sentence.end))
    )
    if clause.of(text).split()[0] in _RELATIVE_PRONOUNS:
        return clause  # a relative clause makes a separate statement about the noun before it
    outside = f"{text[sentence.start : clause.start]} {text[clause.end : sentence.end]}"
    negations = set(fold(outside).replace("'", " ").split()) & lexicon.load_words("negations")
    return _strip_marks(text, sentence) if negations else clause


def _strip_marks(text: str, span: Span) -> Span:
    """Return `span` without quotation marks and blanks at its ends."""
    body = span.of(text)
    start = span.start + len(body) - len(body.lstrip(_QUOTATION_MARKS))
    return Span(start, max(start, span.start + len(body.rstrip(_QUOTATION_MARKS))))
