"""Tell which quotations can be shown under their speaker's name.

Rule: a doubtful name is never printed. A name is doubtful if the attribution is below `MIN_CERTAIN_CONFIDENCE`. It is
doubtful, too, if it is a document, an outlet, a day or an initial, or one word that the story never completes, or if
another article attributes the same words to another speaker.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from briefings.attribution.name_completion import KnownPerson
from briefings.compose.candidates import Candidates
from briefings.compose.story.article_reading import ArticleReading
from briefings.compose.story.pair_checks import PairChecks
from briefings.compose.voices.antecedents import is_doubtful_reference
from briefings.compose.voices.descriptions import can_show_description
from briefings.compose.voices.names import StoryNames
from briefings.model import MIN_CERTAIN_CONFIDENCE, Article, Kind, Quote, Span, Speaker
from briefings.similarity.quote_matching import find_candidate_pairs
from briefings.text import lexicon
from briefings.text.folding import make_search_key
from briefings.text.words import count_words

#: least confidence in a source that the article only describes, in its own words
MIN_DESCRIBED_CONFIDENCE = 0.6
#: least confidence in a passage that only one outlet reports
MIN_SOLE_CONFIDENCE = 0.9
#: fewest words that two articles can give to different people; fewer may be a phrase that both use
_MIN_DISPUTED_WORDS = 6
#: a part of a document, an initial, a party label ("R-Ohio"), or two words of a page that run together
_BROKEN_NAME = re.compile(
    r"(?:Article|Amendment|Chapter|Section|Title) [IVX\d]+"
    r"|(?:\w\.?|[A-Z]-[A-Z][a-z]+\.?)|.*[a-z][A-Z]{2}.*|.*[a-z][A-Z][a-z]+ .*"
)
_ACRONYM = re.compile(r"(?:[A-Z]\.?){2,}|[A-Z][a-z]+[A-Z]\w*")
#: characters of "the" with a space on both sides, before a mention
_ARTICLE_LENGTH = 5
_LONE_BODY = re.compile(r"(?:^|\W)[Tt]he (?P<body>[A-Z][\w’'-]+)$")
_PREPOSITION = re.compile(r" (?:of|by|from|in|to|on|for|with|that|who|which)\b")


def is_certain(quote: Quote) -> bool:
    """Tell whether the quote can be shown under its speaker's name."""
    if quote.speaker is None or not is_plausible(quote.speaker):
        return False
    least = MIN_DESCRIBED_CONFIDENCE if quote.speaker.anonymous else MIN_CERTAIN_CONFIDENCE
    return quote.confidence >= least


def is_plausible(speaker: Speaker) -> bool:
    """Tell whether the name can be a person or body, not a document, an outlet, a day or an initial."""
    return not _BROKEN_NAME.fullmatch(speaker.name) and not _is_thing(speaker)


def is_clear_in_article(article: Article, quote: Quote, unquoted_text: str) -> bool:
    """Tell whether a quote's own article leaves no doubt about its speaker."""
    return (
        is_certain(quote)
        and not _is_other_body(article, quote)
        and can_show_description(article, quote)
        and not is_doubtful_reference(article, quote, unquoted_text)
    )


class KnownSpeakers:
    """Checks of speakers against a story: full names, outlets, and words attributed to two people."""

    def __init__(self, candidates: Candidates) -> None:
        recall = candidates.memory.recall
        self._outlet_keys = {
            _make_outlet_key(article.publisher) for article in candidates.articles if article.publisher
        }
        self._name_words = frozenset[str]().union(
            *(
                recall(article.id, _list_name_words, candidates.people_lookup(article))
                for article in candidates.articles
            )
        )
        self._disputed_spans = _find_disputed_spans(candidates)
        self._names = StoryNames(candidates)
        self._candidates = candidates

    def find_shown_speaker(self, article: Article, quote: Quote) -> Speaker | None:
        """Return a quote's speaker with a clean name and role, or None if the story leaves doubt about it."""
        unquoted_text = self._candidates.get_unquoted_text(article)
        return self.check_in_story(article, quote) if is_clear_in_article(article, quote, unquoted_text) else None

    def check_in_story(self, article: Article, quote: Quote) -> Speaker | None:
        """Return as `find_shown_speaker` for a quote whose speaker is clear in its article."""
        if (
            quote.speaker is None
            or _make_outlet_key(quote.speaker.name) in self._outlet_keys
            or not self._is_complete(quote.speaker)
            or (article.id, quote.span) in self._disputed_spans
        ):
            return None
        return self._names.clean(quote.speaker, quote.source.of(article.text) if quote.source else "")

    def _is_complete(self, speaker: Speaker) -> bool:
        """Tell whether a one-word name is part of a full name in the story, or an acronym."""
        if speaker.anonymous or speaker.role or " " in speaker.name or _ACRONYM.fullmatch(speaker.name):
            return True
        return set(make_search_key(speaker.name).split()) <= self._name_words


def _is_other_body(article: Article, quote: Quote) -> bool:
    """Tell whether "the House" was completed to "White House": after "the", one word is a body and no surname."""
    if quote.source is None or quote.speaker is None or quote.speaker.anonymous:
        return False
    mention = _LONE_BODY.search(article.text[max(0, quote.source.start - _ARTICLE_LENGTH) : quote.source.end])
    name = make_search_key(quote.speaker.name).removeprefix("the ")
    return mention is not None and name.endswith(f" {make_search_key(mention['body'])}")


def _is_thing(speaker: Speaker) -> bool:
    """Tell whether the name is a document, an outlet or a day: these do not speak."""
    words = make_search_key(_PREPOSITION.split(speaker.name, maxsplit=1)[0]).split()
    if not words or words[-1] in lexicon.load_words("documents"):
        return True
    if speaker.anonymous:
        return False
    return words[-1] in lexicon.load_words("outlet_nouns") or lexicon.load_words("titles_alone").issuperset(words)


def _make_outlet_key(name: str) -> str:
    return make_search_key(name).removeprefix("the ").replace(" ", "")


def _find_disputed_spans(candidates: Candidates) -> set[tuple[str, Span]]:
    """Return the article ids and spans of quotes that another article attributes to another speaker as surely."""
    recall = candidates.memory.recall
    reports = [report for reading in candidates.readings for report in reading.derive(_list_reports)]
    checks = recall("", PairChecks)
    checks.start()
    disputed_spans: set[tuple[str, Span]] = set()
    for shorter, longer in find_candidate_pairs([each.key for each in reports]):
        first, second = reports[shorter], reports[longer]
        if (
            first.article != second.article
            and first.name_words.isdisjoint(second.name_words)
            and checks.is_same(first.key, second.key)
        ):
            if first.confidence <= second.confidence:
                disputed_spans.add((first.article, first.quote))
            if second.confidence <= first.confidence:
                disputed_spans.add((second.article, second.quote))
    return disputed_spans


@dataclass(frozen=True, slots=True, eq=False)
class _Report:
    """Words that an article (its id) gives to a speaker, as a search key. `quote` is the span of the whole quote."""

    article: str
    quote: Span
    confidence: float
    name_words: frozenset[str]
    key: str


def _list_reports(reading: ArticleReading) -> tuple[_Report, ...]:
    """Return the passages of an article that are long enough to be disputed."""
    text = reading.article.text
    return tuple(
        _Report(
            reading.article.id,
            quote.span,
            quote.confidence,
            frozenset(make_search_key(quote.speaker.name).split()),
            make_search_key(fragment.of(text)),
        )
        for quote in reading.quotes
        if quote.speaker is not None and quote.kind is not Kind.INDIRECT
        for fragment in quote.content
        if count_words(fragment.of(text)) >= _MIN_DISPUTED_WORDS
    )


def _list_name_words(people: Sequence[KnownPerson]) -> frozenset[str]:
    """Return the words of the full names."""
    return frozenset(word for person in people if " " in person.name for word in make_search_key(person.name).split())
