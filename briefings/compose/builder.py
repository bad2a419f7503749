"""Composes a briefing: each slot in its turn out of one budget of words, then every line verified.

Rule: the same articles give the same briefing, byte for byte, whatever their order.

The last step before anything is shown: every line is compared with the articles, and dropped when it differs.

Rule: a line with evidence is its evidence, slice by slice, and no slice touches boilerplate.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType

from briefings.attribution.name_completion import PeopleLookup, find_full_names
from briefings.compose.candidates import Candidates
from briefings.compose.conflicts.conflicts import find_conflicts
from briefings.compose.conflicts.value_series import build_series
from briefings.compose.figures import count_by_day, count_by_speaker, count_unattributed, count_unnamed
from briefings.compose.gaps import find_gaps, list_sources
from briefings.compose.narrative import NarrativeSelector
from briefings.compose.quote_slot import QuoteSelector
from briefings.compose.selection import Concept, WordBudget, extract_word_concepts
from briefings.model import ELISION, Article, Evidence, Line, Quote, Source, Span
from briefings.report import Report
from briefings.similarity.source_independence import IndependentOutlets
from briefings.text.words import count_words


def is_verbatim(line: Line, articles: Mapping[str, Article]) -> bool:
    """Whether `line` says only what `articles` (by id) say. A line without evidence is the program's own words."""
    if not line.evidence:
        return True
    evidence_text = ELISION.join(evidence.text for evidence in line.evidence)
    return line.text == evidence_text and all(_is_in_article(evidence, articles) for evidence in line.evidence)


def keep_verbatim(lines: Iterable[Line], articles: Mapping[str, Article]) -> tuple[tuple[Line, ...], int]:
    """The lines that are verbatim, in order, and how many were not."""
    checked_lines = [(line, is_verbatim(line, articles)) for line in lines]
    return tuple(line for line, is_good in checked_lines if is_good), sum(not is_good for _, is_good in checked_lines)


def _is_in_article(evidence: Evidence, articles: Mapping[str, Article]) -> bool:
    article = articles.get(evidence.article)
    if article is None or not 0 <= evidence.start < evidence.end <= len(article.text):
        return False
    span = Span(evidence.start, evidence.end)
    return span.of(article.text) == evidence.text and not any(
        span.overlaps(boilerplate_span) for boilerplate_span in article.boilerplate
    )


#: shares of the words for the differences and for the voices; the papers' own sentences have the rest, and what is left
_CONFLICT_SHARE, _QUOTE_SHARE = 0.13, 0.2
_NO_CHANGES: Mapping[str, date] = MappingProxyType({})


def compose(
    topic: str,
    title: str,
    articles_with_quotes: Sequence[tuple[Article, tuple[Quote, ...]]],
    *,
    max_words: int,
    exclusions: Sequence[str] = (),
    people_lookup: PeopleLookup = find_full_names,
    duplicates: Sequence[tuple[str, str]] = (),
    changed_days: Mapping[str, date] = _NO_CHANGES,
) -> Report:
    """The briefing on the articles and quotes in `read`, of at most `words` words in lines with evidence.

    `left_out` are sentences on what else was found and why it is not in `read`; they end among what is missing.
    `naming` tells whom an article names in full. `copies` are pairs of ids that are known to be one text; `changed` the
    days on which articles took another text.
    """
    candidates = Candidates(articles_with_quotes, people_lookup, duplicates)
    budget = WordBudget(max_words)
    budget.release(round(max_words * _CONFLICT_SHARE))
    conflict_lines = find_conflicts(candidates, budget)
    covered_concepts: set[Concept] = {
        concept for line in conflict_lines for concept in extract_word_concepts(line.text)
    }
    narrative_selector = NarrativeSelector(candidates, budget, covered_concepts)
    quote_selector = QuoteSelector(
        candidates, budget, covered_concepts, [piece.text for line in conflict_lines for piece in line.evidence]
    )
    budget.release(round(max_words * _QUOTE_SHARE))
    quote_selector.select(1)
    budget.release(max_words)
    narrative_selector.select()
    quote_selector.select(2)
    narrative_selector.select(2)
    lines, dropped_lines = keep_verbatim(
        [
            *narrative_selector.to_lines(),
            *quote_selector.to_lines(),
            *conflict_lines,
            *find_gaps(candidates, exclusions),
            *list_sources(candidates, changed_days),
        ],
        {article.id: article for article in candidates.articles},
    )
    return Report(
        topic=topic,
        title=title,
        sources=tuple(
            Source(
                source_article.id,
                source_article.publisher,
                source_article.published,
                source_article.url,
                source_article.title,
                changed_days.get(source_article.id),
            )
            for source_article in candidates.articles
        ),
        lines=lines,
        words=sum(count_words(line.text) for line in lines if line.evidence),
        dropped_lines=dropped_lines,
        day_counts=count_by_day(articles_with_quotes),
        speaker_counts=count_by_speaker(
            articles_with_quotes,
            IndependentOutlets([article for article, _ in articles_with_quotes], duplicates)
            if candidates.unread_count
            else candidates.outlets,
        ),
        unnamed_quotes=count_unnamed(articles_with_quotes),
        unattributed_quotes=count_unattributed(articles_with_quotes),
        series=build_series(candidates, conflict_lines),
    )
