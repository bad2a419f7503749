"""Find names and offices that two outlets give differently: spellings, offices of one person, and names of one body.

Rule: each article uses only its own version, so that a slip in one line is not taken for a difference. Different
bodies have similar names: only the last word may differ, and both words must be kinds of body.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from rapidfuzz import fuzz

from briefings.attribution.name_completion import KnownPerson
from briefings.compose.candidates import Candidates
from briefings.compose.story.article_reading import ArticleReading
from briefings.facts.extraction import find_names
from briefings.model import Article, Span
from briefings.text import lexicon
from briefings.text.folding import fold, make_search_key

#: shortest surname whose spellings are compared, and the minimum similarity, 0 to 100, of two spellings
_MIN_SURNAME_LETTERS, _MIN_SPELLING_SIMILARITY = 5, 70
#: words of an office before a name
_MIN_OFFICE_WORDS, _MAX_OFFICE_WORDS = 2, 4
_CAPITALISED_RUN = re.compile(r"[A-Z][\w’'-]+(?: [A-Z][\w’'-]+){3,}")
_BODY_KIND = re.compile(rf" (?i:{lexicon.build_alternation('body_kinds')})\b")
#: people with one first name that are compared
_MAX_NAMESAKES = 50
#: maximum similarity, 0 to 100, of two words that are not spellings of each other
_MAX_WORD_SIMILARITY = 80
#: shortest name of a body, in words, and the number of names that are compared
_MIN_BODY_WORDS, _MAX_NAMES = 3, 300


class NameKind(StrEnum):
    """What differs: the spelling of a name, the office of a person, or the name of a body."""

    SPELLING = "spelling"
    OFFICE = "office"
    BODY = "body"


@dataclass(frozen=True, slots=True)
class NameMention:
    """Name, with an office before it if that is compared, and the sentence of an article that has it."""

    article: Article
    sentence: Span
    name: str


@dataclass(frozen=True, slots=True)
class NameConflict:
    """Two versions of one name or office."""

    first: NameMention
    second: NameMention
    kind: NameKind


def find_name_conflicts(candidates: Candidates) -> Iterator[NameConflict]:
    """Yield names that two independent outlets give differently, in the order of the articles."""
    recall = candidates.memory.recall
    readings = [
        recall(reading.article.id, _list_names, reading, tuple(candidates.people_lookup(reading.article)))
        for reading in candidates.readings
    ]
    yield from _find_spellings(candidates, [names for names, _, _ in readings])
    offices = [mention for _, mentions, _ in readings for mention in mentions]
    bodies = [mention for _, _, mentions in readings for mention in mentions]
    for mentions, kind in ((offices, NameKind.OFFICE), (bodies, NameKind.BODY)):
        for first_mention, second_mention in combinations(mentions[:_MAX_NAMES], 2):
            if _differ(candidates, first_mention, second_mention, kind):
                yield NameConflict(first_mention, second_mention, kind)


def _list_names(
    reading: ArticleReading, people: tuple[KnownPerson, ...]
) -> tuple[tuple[str, ...], tuple[NameMention, ...], tuple[NameMention, ...]]:
    """Return the full names of an article, sorted, its people with their offices, and its bodies."""
    full_names = frozenset(person.name for person in people if " " in person.name)
    return tuple(sorted(full_names)), _find_offices(reading, full_names), _find_bodies(reading)


def _find_spellings(candidates: Candidates, full_names: Sequence[Sequence[str]]) -> Iterator[NameConflict]:
    """Yield people with the same first name and almost the same surname, if no article uses both spellings.

    `full_names` are sorted, for each article.
    """
    articles_by_name: dict[str, list[Article]] = {}
    for article, names in zip(candidates.articles, full_names, strict=True):
        for name in names:
            articles_by_name.setdefault(name, []).append(article)
    names_by_first_name: dict[str, list[str]] = {}
    for name in articles_by_name:
        names_by_first_name.setdefault(name.split()[0], []).append(name)
    for names in names_by_first_name.values():
        for first_name, second_name in combinations(names[:_MAX_NAMESAKES], 2):
            if _are_spellings(first_name.split()[-1], second_name.split()[-1]):
                first = _find_own_mention(candidates, articles_by_name[first_name], first_name, second_name)
                second = _find_own_mention(candidates, articles_by_name[second_name], second_name, first_name)
                if first and second and candidates.outlets.count((first.article.id, second.article.id)) > 1:
                    yield NameConflict(first, second, NameKind.SPELLING)


def _are_spellings(first: str, second: str) -> bool:
    """Tell whether two surnames are nearly the same; accents and hyphens make no other spelling."""
    if first[0] != second[0] or min(len(first), len(second)) < _MIN_SURNAME_LETTERS:
        return False  # making keys takes longer
    first, second = make_search_key(first).replace(" ", ""), make_search_key(second).replace(" ", "")
    return (
        first != second
        and min(len(first), len(second)) >= _MIN_SURNAME_LETTERS
        and fuzz.ratio(first, second) >= _MIN_SPELLING_SIMILARITY
    )


def _find_own_mention(
    candidates: Candidates, articles: Sequence[Article], name: str, other_name: str
) -> NameMention | None:
    """Return the first mention of `name` in an article without the other surname."""
    other_surname = other_name.split()[-1]
    mentions = (_find_mention(candidates, article, name) for article in articles if other_surname not in article.text)
    return next((mention for mention in mentions if mention), None)


def _find_mention(candidates: Candidates, article: Article, name: str) -> NameMention | None:
    own_name = re.compile(rf"(?<!\bof )(?<!\band ){re.escape(name)}(?!['’]s [A-Z])")  # not "Council of Easton Elders"
    sentences = (span for span in candidates.get_sentence_spans(article) if own_name.search(span.of(article.text)))
    sentence = next(sentences, None)
    return NameMention(article, sentence, name) if sentence else None


def _find_offices(reading: ArticleReading, full_names: frozenset[str]) -> tuple[NameMention, ...]:
    """Return the people of an article with the capitalised words before their names ("Party Leader Jane Roe")."""
    article, mentions = reading.article, list[NameMention]()
    for sentence in reading.spans:
        for match in _CAPITALISED_RUN.finditer(article.text, sentence.start, sentence.end):
            words = match.group().split(" ")
            name_length = next((length for length in (2, 3) if " ".join(words[-length:]) in full_names), 0)
            if name_length and len(words) >= name_length + _MIN_OFFICE_WORDS:
                name = " ".join(words[-name_length - _MAX_OFFICE_WORDS :])
                mentions.append(NameMention(article, sentence, name))
    return tuple(mentions)


def _find_bodies(reading: ArticleReading) -> tuple[NameMention, ...]:
    article, mentions = reading.article, list[NameMention]()
    for sentence in reading.spans:
        if _BODY_KIND.search(article.text, sentence.start, sentence.end) is None:
            continue  # finding names takes longer
        for span in find_names(article.text, sentence):
            words = span.of(article.text).split()
            if len(words) >= _MIN_BODY_WORDS and fold(words[-1]) in lexicon.load_words("body_kinds"):
                mentions.append(NameMention(article, sentence, " ".join(words)))
    return tuple(mentions)


def _differ(candidates: Candidates, first: NameMention, second: NameMention, kind: NameKind) -> bool:
    """Tell whether two names differ in one word, which for a body is the last one."""
    first_words, second_words = first.name.split(), second.name.split()
    if first.article.id == second.article.id or len(first_words) != len(second_words):
        return False
    changes = [
        (position, first_word, second_word)
        for position, (first_word, second_word) in enumerate(zip(first_words, second_words, strict=True))
        if first_word != second_word
    ]
    if len(changes) != 1:
        return False
    position, first_word, second_word = changes[0]
    is_right_place = position == len(first_words) - 1 if kind is NameKind.BODY else position < len(first_words) - 2
    if kind is NameKind.OFFICE and not {fold(first_word), fold(second_word)} <= lexicon.load_words("office_words"):
        return False  # "Greek" and "Greece's" are no offices
    return (
        is_right_place
        and fuzz.ratio(fold(first_word), fold(second_word)) < _MAX_WORD_SIMILARITY
        and first.name not in second.article.text
        and second.name not in first.article.text
        and candidates.outlets.count((first.article.id, second.article.id)) > 1
    )
