"""Quotes that are nearly what was asked: one slip of the pen away, or the closest there are.

Rule: the vocabulary of the record says what a slip may have meant, and rapidfuzz only orders the quotes that the index
gave; nothing is ever scanned.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice, pairwise, product

from rapidfuzz import fuzz
from sqlalchemy import Connection

from briefings.record.hits import read_quotes
from briefings.record.index import Index
from briefings.record.lexemes import RUN
from briefings.record.questions import quotes_sought, words_of
from briefings.record.rows import content_of
from briefings.record.search import quotes_with
from briefings.record.spelling import neighbours
from briefings.record.values import Found, Within
from briefings.text import lexicon
from briefings.text.search_key import search_key

_COMMON = lexicon.words("commonest_words")
#: quotes that are put in order, the newest
_ORDERED = 200
#: phrases that are looked for at once
_PHRASES = 400
#: words of a question whose neighbours are looked up, and that the closest quotes may share
_WORDS = 20
#: words of a question that is told how it is spelt
_MEANT = 8
#: quotes of a speaker, up to which all of them are looked at: sooner done than asking what they share
_LITTLE = 40
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
    """The closest of the quotes that share two words in a row, or one of the rarest words, with what was asked.

    Of a speaker who has said little, the closest of all.
    """
    sought = quotes_sought((), within) if within.by else None
    if sought and len(ids := index.quotes(db, sought, _LITTLE + 1)) <= _LITTLE:
        return _closest(read_quotes(db, ids), words, limit)
    asked = words_of(words)[:RUN]
    found = {}
    for content, single in [
        (_telling(asked), ()),
        *(((), words) for words in _rare(index.how_many(db, asked[:_WORDS]))),
    ]:
        for hit in quotes_with(db, index, content, within, _ORDERED, single) if content or single else ():
            found[hit.article.id, hit.quote] = hit
    return _closest(found.values(), words, limit)


def _telling(asked: Sequence[str]) -> list[tuple[str, str]]:
    """The pairs of words in a row, without those that every other quote holds ("of the") where there are others."""
    pairs = list(pairwise(asked))
    return [pair for pair in pairs if not _COMMON.issuperset(pair)] or pairs


def _rare(often: Mapping[str, int]) -> list[tuple[str, ...]]:
    """The rarest words, by how many quotes hold each: together those of which all quotes can be looked at at once.

    Those that every other quote holds are left out where there are others.
    """
    words = [word for word in often if word not in _COMMON] or often
    together: list[str] = []
    alone: list[tuple[str, ...]] = []
    quotes = 0
    for word in sorted(words, key=lambda word: (often[word], -len(word), word))[:_RARE]:
        quotes += often[word]
        if quotes <= _ORDERED:
            together.append(word)
        else:
            alone.append((word,))
    return [tuple(together), *alone]


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
