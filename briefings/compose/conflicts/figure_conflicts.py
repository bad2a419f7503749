"""Describe pairs of large figures and shares that are nearly equal: two values, or one value that is rounded.

Rule: a possible rounding or later count is never called a contradiction.
"""

import re
from collections.abc import Iterator, Sequence
from heapq import nlargest

from briefings.compose.candidates import Candidates
from briefings.compose.conflicts.alignment import (
    count_contrasting_groups,
    find_near_text,
    is_rounding,
    is_within_bound,
    name_only_others,
)
from briefings.compose.conflicts.counts import find_near_stems
from briefings.compose.conflicts.sides import Conflict
from briefings.compose.figures import FigureMention, find_near_pairs, measure_similarity
from briefings.facts import QuantityKind, is_expected
from briefings.model import Article, Kind, Span
from briefings.text import lexicon
from briefings.text.folding import fold

_ROUNDED_NOTE = "same figure; one source rounds it"
#: number of sharpest pairs of figures to consider
_MAX_FIGURE_PAIRS = 200
#: sharpness of two values, and of one value that is rounded or bounded: hardly a difference
_VALUES_SHARPNESS, _ROUNDING_SHARPNESS = 1.1, 0.1
#: significant words close to both figures, and the share of the sentences from which a word says nothing
_MIN_SHARED_NEAR, _MAX_SENTENCE_SHARE = 2, 0.6
#: large counts are compared by the sentences around them, with this similarity at least
_MIN_LARGE_COUNT, _MIN_LARGE_SIMILARITY = 10_000, 12.0
#: a number as in a web address: long, and without marks between thousands
_CODE = re.compile(r"\d{5,}")
_NUMBER = re.compile(r"\d[\d.,]*\d|\d")
_CLAUSE_ENDS = (", ", "; ", ": ", " – ", " — ", " - ")
_RELATIVE_PRONOUNS = ("which", "who", "whose", "where")
_QUOTATION_MARKS = " \"“”'‘’"


def find_figure_conflicts(candidates: Candidates) -> Iterator[Conflict]:
    """Yield pairs of nearly equal figures for one thing, the sharpest first."""
    rated_pairs = (
        (_compute_sharpness(first, second, similarity), similarity, first, second)
        for first, second in find_near_pairs(candidates.figures)
        if (similarity := measure_similarity(first, second, candidates.term_weights))
    )
    for sharpness, similarity, first, second in nlargest(
        _MAX_FIGURE_PAIRS, rated_pairs, key=lambda rated_pair: rated_pair[0]
    ):
        details = _describe_figures(first, second)
        if (
            details is not None
            and not _are_of_different_things(first, second)
            and (
                _tell_one_event(candidates, first, second)
                or (
                    first.value != second.value
                    and _are_alike_large_counts(first, similarity)
                    and not _give_both(candidates, first, second)
                )
            )
        ):
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


def _are_alike_large_counts(mention: FigureMention, similarity: float) -> bool:
    """Tell whether the passages around large counts are similar enough to count one thing, even with other nouns."""
    is_large = mention.figure.kind is QuantityKind.COUNT and mention.value >= _MIN_LARGE_COUNT
    return is_large and similarity >= _MIN_LARGE_SIMILARITY


def _are_of_different_things(first: FigureMention, second: FigureMention) -> bool:
    """Tell whether two figures count different groups or are of two polls, or one value is only the other one rounded.

    Equal counts are no difference even if one says "about"; equal shares are, unless a range or a list has them.
    """
    if first.value == second.value:
        has_siblings = first.has_sibling_figures or second.has_sibling_figures
        return first.figure.kind is not QuantityKind.PERCENT or has_siblings
    if any(_CODE.fullmatch(mention.figure.value_span.of(mention.article.text)) for mention in (first, second)):
        return True
    near_texts = [
        find_near_text(mention.article.text, mention.sentence, mention.figure.value_span) for mention in (first, second)
    ]
    lower, higher = sorted((first, second), key=lambda mention: mention.value)
    is_share = first.figure.kind is QuantityKind.PERCENT
    is_approximate = _is_approximate(first) or _is_approximate(second)
    return (
        count_contrasting_groups(near_texts[0], near_texts[1])
        or is_rounding(first.value, second.value, is_approximate=is_approximate, is_share=is_share)
        or is_within_bound(lower.value, fold(lower.figure.hedge or ""), higher.value)
        or (is_share and name_only_others((first.article, first.sentence), (second.article, second.sentence)))
    )


def _is_approximate(mention: FigureMention) -> bool:
    return mention.figure.hedge is not None and fold(mention.figure.hedge) not in lexicon.load_words("bounds")


def _give_both(candidates: Candidates, first: FigureMention, second: FigureMention) -> bool:
    """Tell whether one of the articles gives both values in its own words; a speaker may have the older one."""
    texts = [candidates.get_unquoted_text(mention.article) for mention in (first, second)]
    return _contains_number(texts[1], first) or _contains_number(texts[0], second)


def _tell_one_event(candidates: Candidates, first: FigureMention, second: FigureMention) -> bool:
    """Tell whether the words close to two figures are about one thing, and neither article gives both figures."""
    if first.value != second.value and (
        _contains_number(second.article.text, first) or _contains_number(first.article.text, second)
    ):
        return False
    near_stems = [
        find_near_stems(mention.article.text, mention.sentence, mention.figure.value_span)
        for mention in (first, second)
    ]
    shared = {
        term
        for term in near_stems[0] & near_stems[1]
        if not candidates.term_weights.is_common(term, _MAX_SENTENCE_SHARE)
    }
    return len(shared) >= _MIN_SHARED_NEAR


def _contains_number(text: str, mention: FigureMention) -> bool:
    number = _NUMBER.search(mention.figure.value_span.of(mention.article.text))
    return number is not None and re.search(rf"(?<![\w.,]){re.escape(number.group())}(?![\w.,]\d)", text) is not None


def _compute_sharpness(first: FigureMention, second: FigureMention, similarity: float) -> float:
    if first.value == second.value and first.figure.hedge == second.figure.hedge:
        return 0.0
    return (_VALUES_SHARPNESS if first.value != second.value else _ROUNDING_SHARPNESS) + min(50.0, similarity) / 500


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
