"""Quotes that are nearly what was asked: one slip of the pen away, or the closest there are.

Rule: the vocabulary of the record says what a slip may have meant, and rapidfuzz only orders the quotes that the index
gave; nothing is ever scanned.
"""

from collections.abc import Iterable, Sequence
from itertools import islice, pairwise, product

from rapidfuzz import fuzz
from sqlalchemy import Connection

from briefings.record.index import Index
from briefings.record.lexemes import RUN
from briefings.record.questions import words_of
from briefings.record.rows import content_of
from briefings.record.search import quotes_with
from briefings.record.spelling import neighbours
from briefings.record.values import Found, Within
from briefings.text.search_key import search_key

#: quotes that are put in order, the newest
_ORDERED = 200
#: phrases that are looked for at once
_PHRASES = 400
#: words of a question whose neighbours are looked up, and that the closest quotes may share
_WORDS = 20
#: words of a question that is told how it is spelt
_MEANT = 8
#: rare words whose quotes are looked at, one after the other
_RARE = 3


def misspelt(db: Connection, index: Index, words: str, within: Within, limit: int) -> list[Found]:
    """Quotes that hold `words` but for one slip: in each word that stands in no quote, or else in any one word."""
    asked = words_of(words)
    if not 0 < len(asked) <= RUN:
        return []
    known = index.known(db, asked)
    unknown = [at for at, word in enumerate(asked) if word not in known][:_WORDS]
    found = quotes_with(db, index, _corrected(db, index, asked, unknown), within, _ORDERED) if unknown else []
    if not found and len(unknown) < 2:
        places = range(min(len(asked), _WORDS))
        found = quotes_with(db, index, _one_other(db, index, asked, places), within, _ORDERED)
    return _closest(found, words, limit)


def nearest(db: Connection, index: Index, words: str, within: Within, limit: int) -> list[Found]:
    """The closest of the quotes that share two words in a row, or one of the rarest words, with what was asked."""
    asked = words_of(words)[:RUN]
    often = index.how_many(db, asked[:_WORDS])
    rare = sorted(often, key=lambda word: (often[word], -len(word), word))[:_RARE]
    found = {}
    for content, single in [(list(pairwise(asked)), ()), *(((), (word,)) for word in rare)]:
        for hit in quotes_with(db, index, content, within, _ORDERED, single) if content or single else ():
            found[hit.article.id, hit.quote] = hit
    return _closest(found.values(), words, limit)


def corrected(db: Connection, index: Index, words: str) -> str | None:
    """What was asked, with the commonest known neighbour for each word that stands in no quote; None without any."""
    asked = words_of(words)
    unknown = [word for word in asked if word not in index.known(db, asked)] if 0 < len(asked) <= _MEANT else []
    meant = {}
    for word in unknown:
        often = index.how_many(db, index.known(db, neighbours(word)))
        if not often:
            return None
        meant[word] = min(often, key=lambda near: (-often[near], near))
    return " ".join(meant.get(word, word) for word in asked) if meant else None


def _corrected(db: Connection, index: Index, asked: Sequence[str], unknown: Sequence[int]) -> list[tuple[str, ...]]:
    """What was asked with a known neighbour for each unknown word."""
    choices = [[word] for word in asked]
    near = {at: neighbours(asked[at]) for at in unknown}
    known = index.known(db, set().union(*near.values()))
    for at, words in near.items():
        choices[at] = sorted(words & known)
    return list(islice(product(*choices), _PHRASES))


def _one_other(db: Connection, index: Index, asked: Sequence[str], places: Iterable[int]) -> list[tuple[str, ...]]:
    """What was asked with a known neighbour for one of its words."""
    near = {at: neighbours(asked[at]) for at in places}
    known = index.known(db, set().union(*near.values()))
    found = ((*asked[:at], word, *asked[at + 1 :]) for at, words in near.items() for word in sorted(words & known))
    return list(islice(found, _PHRASES))


def _closest(found: Iterable[Found], words: str, limit: int) -> list[Found]:
    key = search_key(words)
    near = [(fuzz.partial_ratio(key, search_key(content_of(hit.article, hit.quote))), hit) for hit in found]
    return [hit for _, hit in sorted(near, key=lambda pair: -pair[0])[:limit]]
