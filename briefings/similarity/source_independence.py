"""Count the independent outlets among articles.

Rule: articles have one source if they share an outlet, most of their words (syndication), or a credited agency. This is
transitive. An outlet named "Reuters" is that agency. All articles without an outlet count as one.
Rule: articles whose outlet is not certain confirm nothing. They count only if there are no others, as one.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain
from typing import TypeVar

from briefings.model import Article
from briefings.text import lexicon
from briefings.text.folding import fold, make_search_key

#: minimum share of the shorter article's five-word runs that a near duplicate contains (Broder's containment of
#: shingles)
NEAR_DUPLICATE_CONTAINMENT = 0.5
#: words per run
SHINGLE_SIZE = 5
#: words at the start of an article that are compared: a copy shares its opening with the original
MAX_OPENING_WORDS = 120
#: maximum characters per word, including the separator, to limit the text before it is split
_MAX_WORD_CHARACTERS = 12
#: characters of a text that are searched for its opening words
MAX_OPENING_CHARACTERS = MAX_OPENING_WORDS * _MAX_WORD_CHARACTERS
#: agencies by every name that they sign with: the list has "press association = pa"
_AGENCIES = {
    name.strip(): agency.strip()
    for name, _, agency in (entry.partition("=") for entry in lexicon.load_words("agencies"))
}
_AGENCY_NAMES = "|".join(re.escape(name) for name in sorted(_AGENCIES, key=len, reverse=True))
_AGENCY_PATTERN = re.compile(rf"(?:(?:by|from|source):?\s+)?(?P<agency>{_AGENCY_NAMES})", re.IGNORECASE)
_DATELINE_PATTERN = re.compile(rf"[^\n()]{{0,60}}\((?P<agency>(?i:{_AGENCY_NAMES}))\)\s?[-–—―]")
_CREDIT_LINE_PATTERN = re.compile(rf"[-–—―(©]?\s?(?:(?i:source|by|from):?\s+)?(?P<agency>(?i:{_AGENCY_NAMES}))[.)]?")
#: a run as its words, or as their hash
_Shingle = TypeVar("_Shingle")
#: a dateline is within this many characters
_DATELINE_CHARACTERS = 200
#: articles stored per run of words: to group a hundred copies of a report, one match each is enough
_MAX_HOLDERS = 20


class IndependentOutlets:
    """Groups of articles with a common source. The order of the articles does not matter.

    `duplicates` are pairs of ids of articles with the same text; pairs with other ids are ignored.
    """

    def __init__(self, articles: Sequence[Article], duplicates: Iterable[tuple[str, str]] = ()) -> None:
        self._parents = {article.id: article.id for article in sorted(articles, key=lambda article: article.id)}
        uncertain_ids = sorted(article.id for article in articles if not article.provenance.is_certain)
        self._uncertain_ids = frozenset(uncertain_ids)
        # an uncertain article does not connect others either: a page that copies two outlets would make them one
        sorted_articles = sorted(
            (article for article in articles if article.provenance.is_certain), key=lambda article: article.id
        )
        for article_id in uncertain_ids:
            self._union(article_id, uncertain_ids[0])
        first_of_outlet: dict[str | None, str] = {}
        for article in sorted_articles:
            self._union(article.id, first_of_outlet.setdefault(_get_outlet_key(article), article.id))
        first_of_agency: dict[str, str] = {}
        for article in sorted_articles:
            agency = find_agency(article)
            if agency:
                self._union(article.id, first_of_agency.setdefault(agency, article.id))
        for first, second in chain(_find_near_duplicates(sorted_articles), duplicates):
            if all(key in self._parents and key not in self._uncertain_ids for key in (first, second)):
                self._union(first, second)
        self._parents = {article_id: self._find_root(article_id) for article_id in self._parents}

    def count(self, article_ids: Iterable[str]) -> int:
        """Return the number of independent outlets among these articles."""
        ids = set(article_ids)
        if len(ids) <= 1:
            return len(ids)
        certain_ids = ids - self._uncertain_ids
        return len({self._parents[article_id] for article_id in certain_ids}) if certain_ids else min(1, len(ids))

    def number(self, article_ids: Sequence[str]) -> list[int]:
        """Return a number for the independent outlet of each article, in order of first appearance."""
        numbers: dict[str, int] = {}
        return [numbers.setdefault(self._parents[article_id], len(numbers)) for article_id in article_ids]

    def _union(self, first: str, second: str) -> None:
        self._parents[self._find_root(first)] = self._find_root(second)

    def _find_root(self, article_id: str) -> str:
        while self._parents[article_id] != article_id:
            article_id = self._parents[article_id]
        return article_id


@lru_cache(maxsize=1_024)
def find_agency(article: Article) -> str | None:
    """Return the agency that an article's byline, outlet, dateline or credit line names as its source, or None.

    "LONDON (Reuters) - ..." and a last line "AP" or "Press Association" are credits. "told Reuters" is not one.
    """
    match = _AGENCY_PATTERN.fullmatch((article.byline or "").strip()) or _AGENCY_PATTERN.fullmatch(
        (article.publisher or "").strip()
    )
    match = match or _DATELINE_PATTERN.match(article.text[:_DATELINE_CHARACTERS].lstrip())
    if match is None:
        lines = article.text.rstrip().rsplit("\n", 1)
        match = _CREDIT_LINE_PATTERN.fullmatch(lines[-1].strip()) if len(lines) > 1 else None
    return _AGENCIES.get(fold(match["agency"])) if match else None


def make_opening_shingles(text: str) -> frozenset[int]:
    """Return hashes of the five-word runs of a text's opening, which identify copies (in this process)."""
    return _make_shingles(text[:MAX_OPENING_CHARACTERS])


def measure_containment(first: frozenset[_Shingle], second: frozenset[_Shingle]) -> float:
    """Return the share, 0 to 1, of the smaller set that the larger one contains.

    A value of at least `NEAR_DUPLICATE_CONTAINMENT` means a near duplicate.
    """
    return len(first & second) / (min(len(first), len(second)) or 1)


def _get_outlet_key(article: Article) -> str | None:
    return fold(" ".join(article.publisher.split())) if article.publisher else None


def _find_near_duplicates(articles: Sequence[Article]) -> Iterable[tuple[str, str]]:
    """Yield the ids of each pair of articles that share most of the shorter one's words."""
    shingle_counts: dict[str, int] = {}
    holders: dict[int, list[str]] = {}
    openings = [(article, make_opening_shingles(article.text)) for article in articles]
    all_shared_shingles = _find_shared([shingles for _, shingles in openings])
    for article, shingles in openings:
        # few are shared, and the others cannot connect articles
        shared_shingles = shingles & all_shared_shingles
        shared_counts = Counter(
            chain.from_iterable([holders[shingle] for shingle in shared_shingles if shingle in holders])
        )
        yield from (
            (article.id, other_id)
            for other_id, shared_count in shared_counts.items()
            if shared_count >= NEAR_DUPLICATE_CONTAINMENT * min(len(shingles), shingle_counts[other_id])
        )
        shingle_counts[article.id] = len(shingles)
        for shingle in shared_shingles:
            shingle_holders = holders.setdefault(shingle, [])
            if len(shingle_holders) < _MAX_HOLDERS:
                shingle_holders.append(article.id)


def _find_shared(shingle_sets: Iterable[frozenset[int]]) -> set[int]:
    """Return the shingles that are in more than one of the sets."""
    seen_shingles, shared_shingles = set[int](), set[int]()
    for shingles in shingle_sets:
        shared_shingles |= seen_shingles & shingles
        seen_shingles |= shingles
    return shared_shingles


@lru_cache(maxsize=1_024)
def _make_shingles(opening: str) -> frozenset[int]:
    words = make_search_key(opening).split()[:MAX_OPENING_WORDS]
    return frozenset(map(hash, zip(*(words[start:] for start in range(SHINGLE_SIZE)), strict=False)))
