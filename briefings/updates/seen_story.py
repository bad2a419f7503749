"""Measure how much of a sentence is new to a story: the share of its words that no article read before has.

Rule: what an earlier article has reported is no news, even if its readers were never sent the line.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from heapq import nlargest
from math import log

from briefings.compose.selection import stem
from briefings.model import Article
from briefings.similarity.tfidf import extract_terms

#: maximum number of earlier articles to compare with, the newest
MAX_SEEN_ARTICLES = 200
_DECIMALS = 6


class SeenStory:
    """Words of the texts that were read before. `new_texts` are the sentences to measure; they weigh rare words.

    `seen_articles` are in any order. Without them every word is new.
    """

    def __init__(self, seen_articles: Sequence[Article], new_texts: Iterable[str]) -> None:
        #: publication day of the newest article that was read before
        self.last_day = max((article.published for article in seen_articles if article.published), default=None)
        #: nothing was read before
        self.is_empty = not seen_articles
        newest_articles = nlargest(
            MAX_SEEN_ARTICLES, seen_articles, key=lambda article: (article.published or date.min, article.id)
        )
        self._seen_stems = set[str]().union(*(_extract_stems(article.text) for article in newest_articles))
        stem_sets = [_extract_stems(text) for text in new_texts]
        self._counts = Counter(term for stems in stem_sets for term in stems)
        self._total = len(stem_sets)

    def measure_new_share(self, text: str) -> float:
        """Return the share, 0 to 1, of the words of `text` that are new; rare words count more."""
        stems = sorted(_extract_stems(text))
        weight = sum(map(self._weigh, stems))
        new_weight = sum(self._weigh(term) for term in stems if term not in self._seen_stems)
        return round(new_weight / weight, _DECIMALS) if weight else 0.0

    def is_fresh(self, days: Iterable[date]) -> bool:
        """Tell whether one of the days that a sentence names is later than the newest article read before."""
        return self.last_day is not None and any(day > self.last_day for day in days)

    def add(self, text: str) -> None:
        """Count the words of `text` as known from now on."""
        self._seen_stems |= _extract_stems(text)

    def _weigh(self, term: str) -> float:
        return log(1 + (1 + self._total) / (1 + self._counts[term]))


@lru_cache(maxsize=4_096)
def _extract_stems(text: str) -> frozenset[str]:
    return frozenset(map(stem, extract_terms(text)))
