"""The slot of where the sources differ: one utterance in two wordings; two figures, days or doers for what may be one
thing.

Rule: both sides are shown in their own words and linked; what kind of difference it is, is said beside them. Nothing is
called a contradiction that may be a rounding or a later count.
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
_ROUNDED_NOTE = "the same figure, rounded in one of the two"
#: pairs of figures from which the lines are chosen, the sharpest
_MAX_FIGURE_PAIRS = 200
_CLAUSE_ENDS = (", ", "; ", ": ", " – ", " — ", " - ")
_RELATIVE_PRONOUNS = ("which", "who", "whose", "where")
_QUOTATION_MARKS = " \"“”'‘’"


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two sides of one matter, what kind it is in words, and how sharp it is (larger first)."""

    first: tuple[Article, Span]
    second: tuple[Article, Span]
    note: str
    sharpness: float
    #: one of the sides tells of something still to come
    is_expected: bool = False


def find_conflicts(candidates: Candidates, budget: WordBudget) -> list[Line]:
    """The lines of the slot, sharpest first; each has two pieces of evidence."""
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
    for drift in find_wording_conflicts(
        (article, quote) for article, quotes in candidates.articles_with_quotes for quote in quotes
    ):
        is_across_articles = drift.first[0].id != drift.second[0].id
        changed_word_count = len(drift.only_first.split()) + len(drift.only_second.split())
        yield Conflict(
            drift.first,
            drift.second,
            f"{drift.speaker}, one utterance in two wordings: {_describe_wordings(drift)}",
            sharpness=0.5 + 0.2 * is_across_articles + min(changed_word_count, 5) / 20,
        )


def _describe_wordings(drift: WordingConflict) -> str:
    if drift.only_first and drift.only_second:
        return f"“{drift.only_first}” in one, “{drift.only_second}” in the other"
    return f"“{drift.only_first or drift.only_second}” in only one of them"


def _find_figure_conflicts(candidates: Candidates) -> Iterator[Conflict]:
    rated_pairs = (
        (_compute_sharpness(first, second, similarity), first, second)
        for first, second in find_near_pairs(candidates.figures)
        if (similarity := measure_similarity(first, second, candidates.term_weights))
    )
    for sharpness, first, second in nlargest(_MAX_FIGURE_PAIRS, rated_pairs, key=lambda rated_pair: rated_pair[0]):
        note = _describe_figures(first, second)
        if note is not None:
            is_expected_event = any(
                is_expected(candidates.get_unquoted_text(side.article), side.sentence) for side in (first, second)
            )
            sides = ((first.article, _find_clause(first)), (second.article, _find_clause(second)))
            yield Conflict(*sides, f"{note}{_describe_speakers(candidates, sides)}", sharpness, is_expected_event)


def _describe_speakers(candidates: Candidates, sides: Sequence[tuple[Article, Span]]) -> str:
    """Which of the sides are somebody's words rather than the paper's own, and whose."""
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
        description += f"; the {ordinal} in the words of {speaker.name}" if speaker else ""
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
    """What kind of difference two near figures make, or None when they make none."""
    hedges = [fold(mention.figure.hedge) for mention in (first, second) if mention.figure.hedge]
    if first.value == second.value:
        if len(hedges) != 1:
            return None
        is_bound = hedges[0] in lexicon.load_words("bounds")
        return f"the same figure, with “{hedges[0]}” in one of the two" if is_bound else _ROUNDED_NOTE
    kind = "two figures, one of them approximate" if hedges else "two figures"
    return f"{kind}; {_describe_order(first, second)}"


def _describe_order(first: FigureMention, second: FigureMention) -> str:
    """What the days of the two articles say about two counts: only an order, for they may count different days."""
    lower, higher = sorted((first, second), key=lambda mention: mention.value)
    lower_day, higher_day = lower.article.published, higher.article.published
    if first.figure.kind is QuantityKind.PERCENT or lower_day is None or higher_day is None or lower_day >= higher_day:
        return "one may be the later count"
    return "the higher one is from the later article"


def _find_clause(mention: FigureMention) -> Span:
    """The clause around the figure, or the whole sentence where a cut could change what is said."""
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
        return clause  # says something of its own about what stands before it
    outside = f"{text[sentence.start : clause.start]} {text[clause.end : sentence.end]}"
    negations = set(fold(outside).replace("'", " ").split()) & lexicon.load_words("negations")
    return _strip_marks(text, sentence) if negations else clause


def _strip_marks(text: str, span: Span) -> Span:
    """`span` without quotation marks and blanks at its ends."""
    body = span.of(text)
    start = span.start + len(body) - len(body.lstrip(_QUOTATION_MARKS))
    return Span(start, max(start, span.start + len(body.rstrip(_QUOTATION_MARKS))))
