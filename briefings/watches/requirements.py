"""Turns a watch's query into what an article must have: lexemes to look it up by, and matchers to verify it with.

Rule: the requirements may accept an article that the matchers then reject, and never the other way round.
Rule: two adjacent words are one lexeme, the joined letters. So a compound has the same lexeme in one word, with a
hyphen and in two, and a phrase needs few alternatives.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from briefings.attribution.features.person_names import Person
from briefings.compose.people.subject import Subject
from briefings.compose.who_said.search import make_key_matcher, may_be_compound
from briefings.model import Topic
from briefings.similarity.tfidf import extract_terms
from briefings.stories import find_topic
from briefings.text.compounds import MAX_PHRASE_WORDS, add_compounds
from briefings.text.folding import make_search_key
from briefings.watches.article_words import OUTLET_MARK, SPEAKER_MARK
from briefings.watches.model import WatchQuery

#: lexemes that an article must have all of
Lexemes = frozenset[str]
#: longest phrase, in words, that may also be a speaker's name; and words of a phrase that are looked up
_MAX_NAME_WORDS, _MAX_LOOKUP_WORDS = 6, 12
#: fewest letters of a word that may be written in two
_MIN_COMPOUND_LETTERS = 6
_NO_LEXEMES: Lexemes = frozenset()


@dataclass(frozen=True, slots=True)
class CompiledQuery:
    """A query, and what it needs. An article must have all lexemes of one alternative of each requirement."""

    query: WatchQuery
    requirements: tuple[tuple[Lexemes, ...], ...]
    #: tells whether a search key contains the phrase
    contains_key: Callable[[str], bool]
    #: lexemes of an article in which the phrase may be a speaker's name; empty if it cannot be one
    name_lexemes: Lexemes
    #: the significant words, or () if the words name a topic; and their padded search keys
    terms: tuple[str, ...]
    term_keys: tuple[str, ...]
    #: padded search keys of the phrases of a topic: one is enough
    topic_keys: tuple[str, ...]
    #: padded search keys of the phrases of the topic that the article must be on: one is enough
    about_keys: tuple[str, ...]
    #: what the quotation or the sentence must be about; None for a topic
    subject: Subject | None

    @property
    def runs(self) -> Sequence[Sequence[str]]:
        """The lists of words that are marked where they are found."""
        if self.query.phrase:
            return list_alternatives(self.query.phrase)
        return [key.split() for key in self.topic_keys] or [(term,) for term in self.terms]


def compile_query(query: WatchQuery, topics: Sequence[Topic]) -> CompiledQuery:
    """Return a query with its requirements. `topics` are those that its words and subject can name."""
    requirements: list[tuple[Lexemes, ...]] = []
    phrase_words = make_search_key(query.phrase or "").split()
    name_lexemes = _NO_LEXEMES
    if query.by is None and 0 < len(phrase_words) <= _MAX_NAME_WORDS:
        name_lexemes = _mark(Person(query.phrase or "").surname, SPEAKER_MARK) or _mark(phrase_words[-1], SPEAKER_MARK)
    if query.phrase:
        requirements.append((*_list_phrase_lexemes(phrase_words), *filter(None, [name_lexemes])))
    if query.by:
        requirements.append((_mark(Person(query.by).surname, SPEAKER_MARK) or _mark(query.by, SPEAKER_MARK),))
    terms, topic_keys = _split_words(query.words, topics)
    if topic_keys:
        requirements.append(tuple(_join_pairs(key.split()) for key in topic_keys))
    if terms:
        requirements.append((frozenset(terms),))
    about_keys, subject = _split_subject(query.about, topics)
    if about_keys:
        requirements.append(tuple(_join_pairs(key.split()) for key in about_keys))
    if subject:
        requirements.append(tuple(frozenset(make_search_key(word).split()) for word in subject.search_phrases))
    if query.outlet:
        requirements.append((_mark(query.outlet, OUTLET_MARK),))
    return CompiledQuery(
        query,
        tuple(requirements),
        _make_lazy_matcher(query.phrase or ""),
        name_lexemes,
        terms,
        tuple(f" {term} " for term in terms),
        topic_keys,
        about_keys,
        subject,
    )


@lru_cache(maxsize=4_096)
def list_alternatives(phrase: str) -> tuple[tuple[str, ...], ...]:
    """Return the words of a phrase, and those of its variants with a compound in one word or in two."""
    key = make_search_key(phrase)
    words = tuple(key.split())
    has_variants = may_be_compound(key) and len(words) <= MAX_PHRASE_WORDS
    return tuple(map(tuple, add_compounds(words))) if has_variants else (words,)


def _list_phrase_lexemes(words: Sequence[str]) -> list[Lexemes]:
    """Return alternatives: the lexemes of the phrase, with one word in two, and with two words in one."""
    words = words[:_MAX_LOOKUP_WORDS]
    pairs = ["".join(pair) for pair in pairwise(words)]
    alternatives = [_join_pairs(words)]
    for index, word in enumerate(words):
        if len(word) >= _MIN_COMPOUND_LETTERS:  # "a witchhunt today" as "a witch hunt today"
            others = [*words[max(0, index - 1) : index + 2], *pairs[: max(0, index - 1)], *pairs[index + 1 :]]
            alternatives.append(frozenset(others))
    for index, pair in enumerate(pairs):
        joined_words = [*words[:index], pair, *words[index + 2 :]]
        alternatives.append(_join_pairs(joined_words) | {pair})
    # an alternative that needs more than another one adds nothing
    smallest: list[Lexemes] = []
    for alternative in sorted(set(alternatives), key=lambda lexemes: (len(lexemes), sorted(lexemes))):
        if not any(other <= alternative for other in smallest):
            smallest.append(alternative)
    return smallest


def _make_lazy_matcher(phrase: str) -> Callable[[str], bool]:
    """Return the matcher of a phrase, which is built on first use: most watches are never looked at."""
    matchers: list[Callable[[str], bool]] = []

    def contains_key(key: str) -> bool:
        if not matchers:
            matchers.append(make_key_matcher(phrase))
        return matchers[0](key)

    return contains_key


def _split_subject(about: str | None, topics: Sequence[Topic]) -> tuple[tuple[str, ...], Subject | None]:
    """Return the keys of the phrases of the topic, or the subject in words."""
    if about is None:
        return (), None
    topic = find_topic(topics, about)
    return (_list_keys(topic.words), None) if topic else ((), Subject(about))


def _split_words(words: str, topics: Sequence[Topic]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the significant words, or the keys of the topic's phrases."""
    if not words:
        return (), ()
    if topic := find_topic(topics, words):
        return (), _list_keys(topic.words)
    return tuple(dict.fromkeys(extract_terms(words) or make_search_key(words).split())), ()


def _list_keys(phrases: Iterable[str]) -> tuple[str, ...]:
    keys = map(make_search_key, phrases)
    return tuple(f" {key} " for key in dict.fromkeys(keys) if key)


def _join_pairs(words: Sequence[str]) -> Lexemes:
    """Return what an article with these words in a row has: the letters of their pairs, which are rarer than words."""
    return frozenset(words) if len(words) == 1 else frozenset(map("".join, pairwise(words)))


def _mark(name: str, mark: str) -> Lexemes:
    return frozenset(f"{mark}{word}" for word in make_search_key(name).split())
