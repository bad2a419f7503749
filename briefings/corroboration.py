"""How many independent outlets carry a line.

Rule: two articles of one outlet are one voice, and so are two articles most of whose words are the same, whoever prints
them (syndication), two that are credited to one agency, and whatever is one voice with either. An outlet printed as
"Reuters" is that agency. Articles whose outlet is not known count as one.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain
from typing import TypeVar

from briefings.model import Article
from briefings.text import lexicon
from briefings.text.fold import fold
from briefings.text.search_key import search_key

#: share of the shorter article's five-word runs that stand in the other as well (Broder's containment of shingles)
NEAR_COPY = 0.5
#: words of a run
RUN = 5
#: words of an article that are compared, from the top: a copy has its opening from its original
OPENING_WORDS = 120
#: characters of a word and what follows it, at most, for cutting an opening before it is read
_LONG = 12
#: characters of a text that are looked at for its opening
OPENING_CHARACTERS = OPENING_WORDS * _LONG
#: agencies by every name they sign with: the list has "press association = pa"
_AGENCIES = {
    name.strip(): agency.strip() for name, _, agency in (entry.partition("=") for entry in lexicon.words("agencies"))
}
_NAMES = "|".join(re.escape(name) for name in sorted(_AGENCIES, key=len, reverse=True))
_AGENCY = re.compile(rf"(?:(?:by|from|source):?\s+)?(?P<agency>{_NAMES})", re.IGNORECASE)
_DATELINE = re.compile(rf"[^\n()]{{0,60}}\((?P<agency>(?i:{_NAMES}))\)\s?[-–—―]")
_CREDIT = re.compile(rf"[-–—―(©]?\s?(?:(?i:source|by|from):?\s+)?(?P<agency>(?i:{_NAMES}))[.)]?")
#: a run as its words, or as a hash of them
_Run = TypeVar("_Run")
#: characters in which a dateline stands
_TOP = 200
#: articles remembered for each run of words: of the hundredth copy of one wire report it is enough to find the first
_REMEMBERED = 20


class Outlets:
    """The independent voices among some articles; their order does not matter.

    `copies` are pairs of ids that are known to be one text already; of others than these articles nothing follows.
    """

    def __init__(self, articles: Sequence[Article], copies: Iterable[tuple[str, str]] = ()) -> None:
        ordered = sorted(articles, key=lambda article: article.id)
        self._voice = {article.id: article.id for article in ordered}
        first_of: dict[str | None, str] = {}
        for article in ordered:
            self._join(article.id, first_of.setdefault(_outlet(article), article.id))
        wired: dict[str, str] = {}
        for article in ordered:
            agency = agency_of(article)
            if agency:
                self._join(article.id, wired.setdefault(agency, article.id))
        for one, other in chain(_near_copies(ordered), copies):
            if one in self._voice and other in self._voice:
                self._join(one, other)
        self._voice = {article.id: self._root(article.id) for article in ordered}

    def count(self, article_ids: Iterable[str]) -> int:
        """How many independent outlets there are among these articles."""
        return len({self._voice[article_id] for article_id in article_ids})

    def _join(self, one: str, other: str) -> None:
        self._voice[self._root(one)] = self._root(other)

    def _root(self, article_id: str) -> str:
        while self._voice[article_id] != article_id:
            article_id = self._voice[article_id]
        return article_id


def agency_of(article: Article) -> str | None:
    """The agency that an article's byline, outlet, dateline or credit line names as its source.

    "LONDON (Reuters) - ..." and a last line "AP" or "Press Association" are credits; "told Reuters" is none.
    """
    named = _AGENCY.fullmatch((article.byline or "").strip()) or _AGENCY.fullmatch((article.publisher or "").strip())
    named = named or _DATELINE.match(article.text[:_TOP].lstrip())
    if named is None:
        lines = article.text.rstrip().rsplit("\n", 1)
        named = _CREDIT.fullmatch(lines[-1].strip()) if len(lines) > 1 else None
    return _AGENCIES.get(fold(named["agency"])) if named else None


def opening_runs(text: str) -> frozenset[str]:
    """The five-word runs of a text's opening, by which copies are known."""
    return _runs(text[:OPENING_CHARACTERS])


def likeness(one: frozenset[_Run], other: frozenset[_Run]) -> float:
    """The share, 0 to 1, of the fewer runs that are among the others: `NEAR_COPY` and more is a copy."""
    return len(one & other) / (min(len(one), len(other)) or 1)


def _outlet(article: Article) -> str | None:
    return fold(" ".join(article.publisher.split())) if article.publisher else None


def _near_copies(articles: Sequence[Article]) -> Iterable[tuple[str, str]]:
    """The pairs of articles that share most of the shorter one's words, by id."""
    runs: dict[str, int] = {}
    holders: dict[str, list[str]] = {}
    openings = [(article, opening_runs(article.text)) for article in articles]
    spread = Counter(chain.from_iterable(own for _, own in openings))
    for article, own in openings:
        common = [run for run in own if spread[run] > 1]  # few are: what one article alone has joins nothing
        shared = Counter(holder for run in common for holder in holders.get(run, ()))
        yield from (
            (article.id, other) for other, both in shared.items() if both >= NEAR_COPY * min(len(own), runs[other])
        )
        runs[article.id] = len(own)
        for run in common:
            known = holders.setdefault(run, [])
            if len(known) < _REMEMBERED:
                known.append(article.id)


@lru_cache(maxsize=1_024)
def _runs(opening: str) -> frozenset[str]:
    words = search_key(opening).split()[:OPENING_WORDS]
    return frozenset(" ".join(words[i : i + RUN]) for i in range(len(words) - RUN + 1))
