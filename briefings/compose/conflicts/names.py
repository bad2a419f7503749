"""Find names and offices that two outlets give differently: spellings, offices of one person, and names of one body.

Rule: each article uses only its own version, so that a slip in one line is not taken for a difference. Different
bodies have similar names: only the last word may differ, and both words must be kinds of body.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from rapidfuzz import fuzz

from briefings.compose.candidates import Candidates
from briefings.facts.extraction import find_names
from briefings.model import Article, Span
from briefings.text import lexicon
from briefings.text.folding import fold

#: shortest surname whose spellings are compared, and the minimum similarity, 0 to 100, of two spellings
_MIN_SURNAME_LETTERS, _MIN_SPELLING_SIMILARITY = 5, 70
#: words of an office before a name
_MAX_OFFICE_WORDS = 4
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
    people = {
        article.id: sorted({person.name for person in candidates.people_lookup(article) if " " in person.name})
        for article in candidates.articles
    }
    for first, second in combinations(candidates.articles, 2):
        if candidates.outlets.count((first.id, second.id)) > 1:
            yield from _compare_spellings(candidates, (first, people[first.id]), (second, people[second.id]))
    offices = [mention for article in candidates.articles for mention in _find_offices(candidates, article, people)]
    bodies = [mention for article in candidates.articles for mention in _find_bodies(candidates, article)]
    for mentions, kind in ((offices, NameKind.OFFICE), (bodies, NameKind.BODY)):
        for first_mention, second_mention in combinations(mentions[:_MAX_NAMES], 2):
            if _differ(candidates, first_mention, second_mention, kind):
                yield NameConflict(first_mention, second_mention, kind)


def _compare_spellings(
    candidates: Candidates, first: tuple[Article, list[str]], second: tuple[Article, list[str]]
) -> Iterator[NameConflict]:
    """Yield people with one first name and nearly one surname, neither of which the other article has."""
    for first_name in first[1]:
        for second_name in second[1]:
            surnames = (first_name.split()[-1], second_name.split()[-1])
            if (
                first_name.split()[0] == second_name.split()[0]
                and surnames[0] != surnames[1]
                and surnames[0][0] == surnames[1][0]
                and min(map(len, surnames)) >= _MIN_SURNAME_LETTERS
                and fuzz.ratio(fold(surnames[0]), fold(surnames[1])) >= _MIN_SPELLING_SIMILARITY
                and surnames[0] not in second[0].text
                and surnames[1] not in first[0].text
            ):
                mentions = [
                    _find_mention(candidates, article, name)
                    for article, name in ((first[0], first_name), (second[0], second_name))
                ]
                if mentions[0] and mentions[1]:
                    yield NameConflict(mentions[0], mentions[1], NameKind.SPELLING)


def _find_mention(candidates: Candidates, article: Article, name: str) -> NameMention | None:
    sentences = (span for span in candidates.get_sentence_spans(article) if name in span.of(article.text))
    sentence = next(sentences, None)
    return NameMention(article, sentence, name) if sentence else None


def _find_offices(candidates: Candidates, article: Article, people: dict[str, list[str]]) -> Iterator[NameMention]:
    """Yield the people of an article with the capitalised words before their names ("Party Leader Jane Roe")."""
    for name in people[article.id]:
        pattern = re.compile(rf"(?:[A-Z][\w’'-]+ ){{2,{_MAX_OFFICE_WORDS}}}{re.escape(name)}\b")
        for sentence in candidates.get_sentence_spans(article):
            match = pattern.search(article.text, sentence.start, sentence.end)
            if match:
                yield NameMention(article, sentence, match.group())


def _find_bodies(candidates: Candidates, article: Article) -> Iterator[NameMention]:
    for sentence in candidates.get_sentence_spans(article):
        for span in find_names(article.text, sentence):
            words = span.of(article.text).split()
            if len(words) >= _MIN_BODY_WORDS and fold(words[-1]) in lexicon.load_words("body_kinds"):
                yield NameMention(article, sentence, " ".join(words))


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
    return (
        is_right_place
        and fuzz.ratio(fold(first_word), fold(second_word)) < _MAX_WORD_SIMILARITY
        and first.name not in second.article.text
        and second.name not in first.article.text
        and candidates.outlets.count((first.article.id, second.article.id)) > 1
    )
