"""Select the lines about what is open: steps still to come close the status, unknown things are in the missing slot.

Rule: a sentence is open for a reader of the newest article. One whose day has passed, and one that a later article
reports as done, is not open. One or two sure lines are better than many: half of all bare "will" sentences mislead.
"""

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass
from datetime import date, timedelta

from briefings.compose.candidates import Candidates
from briefings.compose.outlook.openness import OpenKind, Openness, judge_openness, opens_with_expletive
from briefings.compose.outlook.outcomes import Outcomes
from briefings.compose.ranking.standalone import is_whole
from briefings.compose.selection import WordBudget, stem
from briefings.facts import SentenceFacts
from briefings.model import Article, Line, Slot, Span
from briefings.similarity.tfidf import extract_terms
from briefings.text.words import count_words

#: least openness of a line, and how many lines a briefing has: one, and one more per so many words
_MIN_OPENNESS, _WORDS_PER_LINE = 1.7, 200
#: largest share of a briefing's words
_MAX_WORD_SHARE = 0.25
#: longest line in words, and the words from which length counts against a line
_MAX_WORDS, _LONG_WORDS = 40, 25
#: share of the shorter sentence's significant words from which two sentences tell the same
_MAX_OVERLAP = 0.6
#: weights: article of the newest day, article two days older or more, a day ahead, a day before the article, words of
#: the titles, and length per ten words
_NEWEST, _OLD, _DAY_AHEAD, _DAY_BEFORE, _TITLE, _LENGTH = 0.5, -0.7, 0.5, -0.5, 0.6, -0.3
#: weight of the newest article's day in an older article: the event is probably over
_LAST_DAY = -0.5
_ONE_DAY = timedelta(days=1)
_OLD_DAYS = 2
#: a person's own words without quotation marks
_FIRST_PERSON = re.compile(r"\b(?:I|me|my|myself|we|our|We|Our|My)\b")
_MIN_TITLE_TERMS = 4


@dataclass(frozen=True, slots=True, eq=False)
class OpenEvent:
    """Sentence about something open, with its score, its kind and its significant words."""

    article: Article
    facts: SentenceFacts
    outlets: int
    note: str | None
    score: float
    kind: OpenKind
    stems: frozenset[str]

    @property
    def place(self) -> tuple[str, Span]:
        """Return where the sentence is: the article's id and the span."""
        return self.article.id, self.facts.span

    @property
    def days(self) -> frozenset[date]:
        """Return the days that the sentence names."""
        return frozenset(day.day for day in self.facts.days)

    @property
    def text(self) -> str:
        """Return the sentence in the article's words."""
        return self.facts.span.of(self.article.text)


def select_open_events(
    candidates: Candidates,
    outcomes: Outcomes,
    budget: WordBudget,
    shown_places: Set[tuple[str, Span]],
    max_words: int,
) -> list[OpenEvent]:
    """Return the most open sentences for a briefing of `max_words` words, the surest first, and spend `budget`.

    `shown_places` are sentences that the briefing shows already: their article ids and spans.
    """
    max_lines = 1 + max_words // _WORDS_PER_LINE
    words_left = dict.fromkeys(OpenKind, round(max_words * _MAX_WORD_SHARE))
    selected_events: list[OpenEvent] = []
    for event in find_open_events(candidates, outcomes):
        if len(selected_events) >= max_lines or event.score < _MIN_OPENNESS:
            break
        word_count = count_words(event.text)
        # the missing slot does not count against the length of a briefing
        is_free = event.kind is OpenKind.UNKNOWN
        if (
            event.place not in shown_places
            and word_count <= words_left[event.kind]
            and (is_free or budget.fits(event.text))
            and not any(_tell_the_same(event, selected_event) for selected_event in selected_events)
        ):
            selected_events.append(event)
            words_left[event.kind] -= word_count
            if not is_free:
                budget.spend(event.text)
    return selected_events


def find_open_events(candidates: Candidates, outcomes: Outcomes) -> Iterator[OpenEvent]:
    """Yield the sentences about something open that nothing has overtaken, most open first."""
    title_weights = _weigh_title_stems(candidates)
    events = [
        event
        for article, facts, outlets, note in _iterate_sentences(candidates)
        if (openness := judge_openness(facts.span.of(candidates.get_unquoted_text(article)))).score > 0
        and (event := _build_event(candidates, title_weights, openness, article, facts, outlets, note))
    ]
    events.sort(key=lambda event: (-event.score, event.article.id, event.facts.span))
    return (
        event
        for event in events
        if not _is_past(candidates, event) and not outcomes.is_over(event.article, event.facts.span)
    )


def to_line(candidates: Candidates, event: OpenEvent) -> Line:
    """Return an open event as a line, marked as expected."""
    mentions = [mention for mention in event.facts.time_references if mention.day is not None]
    mention = mentions[0] if len(mentions) == 1 else None
    return Line(
        slot=Slot.MISSING if event.kind is OpenKind.UNKNOWN else Slot.STATUS,
        text=event.text,
        evidence=(candidates.make_evidence(event.article, event.facts.span),),
        day=mention.day if mention else None,
        date_words=mention.words.of(event.article.text) if mention else None,
        anchor=mention.anchor if mention and mention.anchor not in ("", event.article.id) else None,
        expected=True,
        outlets=event.outlets,
        note=event.note,
    )


def _iterate_sentences(candidates: Candidates) -> Iterator[tuple[Article, SentenceFacts, int, str | None]]:
    """Yield the sentences that can be lines, and those that open with "It is not clear whether"."""
    for sentence in candidates.sentences:
        yield sentence.article, sentence.facts, sentence.outlets, sentence.note
    for article in candidates.articles:
        unquoted_text = candidates.get_unquoted_text(article)
        for span in candidates.get_sentence_spans(article):
            words = span.of(article.text)
            if opens_with_expletive(words) and words == span.of(unquoted_text) and is_whole(article.text, span, ()):
                yield article, candidates.extract_facts(article, span), 1, None


def _build_event(
    candidates: Candidates,
    title_weights: dict[str, float],
    openness: Openness,
    article: Article,
    facts: SentenceFacts,
    outlets: int,
    note: str | None,
) -> OpenEvent | None:
    words = facts.span.of(article.text)
    word_count = count_words(words)
    if word_count > _MAX_WORDS or _FIRST_PERSON.search(facts.span.of(candidates.get_unquoted_text(article))):
        return None
    newest_day, published = candidates.newest_day, article.published
    stems = frozenset(map(stem, extract_terms(words)))
    days = [mention.period.last for mention in facts.time_references]
    age = (newest_day - published).days if newest_day and published else _OLD_DAYS
    topicality = sum(sorted(title_weights.get(term, 0.0) for term in stems)) / max(_MIN_TITLE_TERMS, len(stems)) ** 0.5
    score = (
        openness.score
        + _NEWEST * (age == 0)
        + _OLD * (age >= _OLD_DAYS)
        + _DAY_AHEAD
        * any(newest_day is not None and (day > newest_day or (day == newest_day and age == 0)) for day in days)
        + _LAST_DAY * (age > 0 and newest_day in days)
        + _DAY_BEFORE * any(published is not None and day < published for day in days)
        + _TITLE * topicality
        + _LENGTH * max(0, word_count - _LONG_WORDS) / 10
    )
    return OpenEvent(article, facts, outlets, note, round(score, 9), openness.kind, stems)


def _weigh_title_stems(candidates: Candidates) -> dict[str, float]:
    """Return the share of the articles' titles that have each stem."""
    weights: dict[str, float] = {}
    for article in candidates.articles:
        for term in {stem(word) for word in extract_terms(article.title or "")}:
            weights[term] = weights.get(term, 0.0) + 1 / len(candidates.articles)
    return weights


def _is_past(candidates: Candidates, event: OpenEvent) -> bool:
    """Tell whether a day of the event is between the days of its article and of the newest one."""
    published, newest_day = event.article.published, candidates.newest_day
    days = [mention.period.last for mention in event.facts.time_references]
    return newest_day is not None and published is not None and any(published <= day < newest_day for day in days)


def _tell_the_same(first: OpenEvent, second: OpenEvent) -> bool:
    """Tell whether two events share most of their words, or a day and a word."""
    shared_count = len(first.stems & second.stems)
    has_same_day = not first.days.isdisjoint(second.days)
    return shared_count >= (1 if has_same_day else _MAX_OVERLAP * min(len(first.stems), len(second.stems)))
