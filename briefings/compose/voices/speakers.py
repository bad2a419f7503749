"""Tell which quotations can be shown under their speaker's name.

Rule: a doubtful name is never printed. A name is doubtful if the attribution is below `MIN_CERTAIN_CONFIDENCE`. It is
doubtful, too, if it is a document, an outlet, a day or an initial, or one word that the story never completes, or if
another article attributes the same words to another speaker.
"""

import re

from briefings.compose.candidates import Candidates
from briefings.compose.voices.antecedents import is_doubtful_reference
from briefings.compose.voices.descriptions import can_show_description
from briefings.compose.voices.names import StoryNames
from briefings.model import MIN_CERTAIN_CONFIDENCE, Article, Kind, Quote, Span, Speaker
from briefings.similarity.quote_matching import find_same_pairs
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


class KnownSpeakers:
    """Checks of speakers against a story: full names, outlets, and words attributed to two people."""

    def __init__(self, candidates: Candidates) -> None:
        self._outlet_keys = {
            _make_outlet_key(article.publisher) for article in candidates.articles if article.publisher
        }
        self._name_words = {
            word
            for article in candidates.articles
            for person in candidates.people_lookup(article)
            if " " in person.name
            for word in make_search_key(person.name).split()
        }
        self._disputed_spans = _find_disputed_spans(candidates)
        self._names = StoryNames(candidates)
        self._candidates = candidates

    def find_shown_speaker(self, article: Article, quote: Quote) -> Speaker | None:
        """Return a quote's speaker with a clean name and role, or None if the story leaves doubt about it."""
        if (
            quote.speaker is None
            or not is_certain(quote)
            or _make_outlet_key(quote.speaker.name) in self._outlet_keys
            or not self._is_complete(quote.speaker)
            or _is_other_body(article, quote)
            or (article.id, quote.span) in self._disputed_spans
            or not can_show_description(article, quote)
            or is_doubtful_reference(article, quote, self._candidates.get_unquoted_text(article))
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
    reports = [
        (article, quote, quote.speaker.name, fragment.of(article.text))
        for article, quotes in candidates.articles_with_quotes
        for quote in quotes
        if quote.speaker is not None and quote.kind is not Kind.INDIRECT
        for fragment in quote.content
        if count_words(fragment.of(article.text)) >= _MIN_DISPUTED_WORDS
    ]
    disputed_spans: set[tuple[str, Span]] = set()
    for pair in find_same_pairs([text for _, _, _, text in reports]):
        (first_article, first, first_name, _), (second_article, second, second_name, _) = (reports[at] for at in pair)
        if first_article.id != second_article.id and _are_different_people(first_name, second_name):
            if first.confidence <= second.confidence:
                disputed_spans.add((first_article.id, first.span))
            if second.confidence <= first.confidence:
                disputed_spans.add((second_article.id, second.span))
    return disputed_spans


def _are_different_people(first: str, second: str) -> bool:
    return set(make_search_key(first).split()).isdisjoint(make_search_key(second).split())
