"""Compose a briefing from articles and quotes: select the lines of each slot, and verify them.

Rule: the same articles give the same briefing, byte for byte, in any order.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from types import MappingProxyType

from briefings.article.source_name import describe_source
from briefings.attribution.name_completion import PeopleLookup, find_full_names
from briefings.compose.candidates import Candidates
from briefings.compose.conflicts.conflicts import find_conflicts
from briefings.compose.conflicts.value_series import build_series
from briefings.compose.figures import count_by_day, count_by_speaker, count_unattributed, count_unnamed
from briefings.compose.gaps import find_gaps, list_sources
from briefings.compose.narrative import NarrativeSelector
from briefings.compose.outlook.open_events import select_open_events, to_line
from briefings.compose.outlook.outcomes import Outcomes
from briefings.compose.question import answer_question, contains_terms, extract_question_terms
from briefings.compose.quote_slot import QuoteSelector
from briefings.compose.ranking.standalone import needs_context
from briefings.compose.selection import WordBudget
from briefings.compose.verification import keep_verbatim
from briefings.model import Article, Line, Quote, Slot
from briefings.report import Report
from briefings.similarity.source_independence import IndependentOutlets
from briefings.similarity.story_memory import StoryMemory
from briefings.text.words import count_words

#: words from which a briefing has room for differences and for more quotes
_LONG_WORDS = 300
#: shares of the word budget for differences and for quotes, in a long and a short briefing; the articles' own sentences
#: get the rest and all leftovers
_CONFLICT_SHARE, _QUOTE_SHARE, _SHORT_QUOTE_SHARE = 0.18, 0.27, 0.23
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
    question: str = "",
    searched_count: int | None = None,
    memory: StoryMemory | None = None,
) -> Report:
    """Compose a briefing of at most `max_words` words in lines with evidence.

    `exclusions` are sentences about matching articles that were left out; they open the missing slot. `people_lookup`
    finds the full names in an article. `duplicates` are pairs of article ids with the same text. `changed_days` maps
    article ids to the UTC day of their last text change. `question` are the free words that were asked for, or "".
    `searched_count` is the number of articles that were searched for them, if there are more than the given ones.
    `memory` is what earlier briefings on the story found; it saves time, and the result is the same without it.
    """
    memory = memory or StoryMemory()
    candidates = Candidates(articles_with_quotes, people_lookup, duplicates, memory)
    budget = WordBudget(max_words)
    is_long = max_words >= _LONG_WORDS
    outcomes = Outcomes(candidates)
    narrative_selector = NarrativeSelector(
        candidates,
        budget,
        lambda variant: not outcomes.is_over(variant.sentence.article, variant.sentence.facts.span),
    )
    budget.release(max_words)
    narrative_selector.select_leads()
    answer = answer_question(question, candidates, narrative_selector, budget, searched_count)
    question_terms = extract_question_terms(question)
    open_events = select_open_events(candidates, outcomes, budget, narrative_selector.list_places(), max_words)
    budget.withhold()
    budget.release(round(max_words * _CONFLICT_SHARE) if is_long else 0)
    conflict_lines = find_conflicts(candidates, budget)
    quote_selector = QuoteSelector(
        candidates,
        budget,
        [piece.text for line in [*answer.lines, *conflict_lines] for piece in line.evidence],
        news_texts=[line.text for line in narrative_selector.to_lines() if line.slot is Slot.STATUS],
        event_texts=[to_line(candidates, event).text for event in open_events],
    )
    budget.withhold()
    budget.release(round(max_words * (_QUOTE_SHARE if is_long else _SHORT_QUOTE_SHARE)))
    quote_selector.select()
    budget.release(max_words)
    narrative_selector.select_body({event.place for event in open_events})
    narrative_lines = narrative_selector.to_lines() or _show_first_sentence(candidates, budget)
    lines, dropped_lines = keep_verbatim(
        [
            *sorted(
                [*narrative_lines, *answer.lines, *(to_line(candidates, event) for event in open_events)],
                key=lambda line: (line.slot is not Slot.STATUS, not contains_terms(line.text, question_terms)),
            ),
            *quote_selector.to_lines(),
            *conflict_lines,
            *find_gaps(candidates, [*answer.notes, *exclusions]),
            *list_sources(candidates, changed_days),
        ],
        {article.id: article for article in candidates.articles},
    )
    return Report(
        topic=topic,
        title=title,
        sources=tuple(
            replace(describe_source(article), changed_on=changed_days.get(article.id))
            for article in candidates.articles
        ),
        lines=lines,
        words=sum(count_words(line.text) for line in lines if line.evidence and line.slot is not Slot.MISSING),
        dropped_lines=dropped_lines,
        day_counts=count_by_day(articles_with_quotes),
        speaker_counts=count_by_speaker(
            articles_with_quotes,
            IndependentOutlets([article for article, _ in articles_with_quotes], duplicates)
            if candidates.unread_count
            else candidates.outlets,
            memory,
        ),
        unnamed_quotes=count_unnamed(articles_with_quotes),
        unattributed_quotes=count_unattributed(articles_with_quotes),
        series=build_series(candidates, conflict_lines),
    )


def _show_first_sentence(candidates: Candidates, budget: WordBudget) -> list[Line]:
    """Return the first sentence that is clear alone, of the newest article, for articles too short to select from."""
    for article in sorted(candidates.articles, key=lambda each: each.published or date.min, reverse=True):
        for span in candidates.get_sentence_spans(article):
            words = span.of(article.text)
            is_own = words == span.of(candidates.get_unquoted_text(article))
            if budget.fits(words) and is_own and words.endswith(".") and not needs_context(words):
                evidence = candidates.make_evidence(article, span)
                return [Line(Slot.STATUS, evidence.text, evidence=(evidence,), outlets=1)]
    return []
