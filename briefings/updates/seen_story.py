"""Measure how much of a sentence is new to a story: the part that is in no earlier sentence.

Rule: what an earlier article reported is not news, even if readers never received the line. A fact is old when
one or two earlier sentences tell it; words that many earlier sentences have apart do not make a new fact old.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from functools import lru_cache
from heapq import nlargest
from math import log

import numpy as np
from numpy.typing import NDArray

from briefings.compose.selection import stem
from briefings.model import Article
from briefings.similarity.tfidf import extract_terms
from briefings.text.sentences import split_sentences
from briefings.updates.statement import extract_line_figures

#: maximum number of earlier articles to compare with, the newest, and of their sentences, shared among the articles
MAX_SEEN_ARTICLES, MAX_SEEN_SENTENCES = 200, 2_000
#: earlier sentences that may tell one new sentence together
MAX_SOURCES = 2
_DECIMALS = 6
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
#: a weekday that is not of another week
_WEEKDAY = re.compile(rf"(?<!last )(?<!next )(?<!every )\b(?P<day>{'|'.join(_WEEKDAYS)})\b")
_NO_INDEXES: NDArray[np.intp] = np.zeros(0, dtype=np.intp)


class SeenStory:
    """Sentences of the texts that were read before. `new_texts` are the sentences to measure; they weigh rare words.

    `seen_articles` are in any order. Without them everything is new.
    """

    def __init__(self, seen_articles: Sequence[Article], new_texts: Iterable[str]) -> None:
        #: publication day of the newest article that was read before
        self.last_day = max((article.published for article in seen_articles if article.published), default=None)
        #: nothing was read before
        self.is_empty = not seen_articles
        self._seen_texts = _read_sentences(seen_articles)
        seen_sentences = [_extract_stems(text) for text in self._seen_texts]
        new_sentences = [_extract_stems(text) for text in new_texts]
        self._counts = Counter(term for stems in (*new_sentences, *seen_sentences) for term in stems)
        self._total = len(new_sentences) + len(seen_sentences)
        self._indexes_by_term = _index_terms(seen_sentences)
        self._added_stems: set[str] = set()
        self._measures: dict[str, tuple[float, tuple[int, ...]]] = {}

    def measure_new_share(self, text: str) -> float:
        """Return the share, 0 to 1, of `text` that no two earlier sentences tell; rare words count more."""
        return self._measure(text)[0]

    def has_changed_figure(self, text: str) -> bool:
        """Tell whether `text` has a figure of at least 100, or an amount, where the earlier sentences have another."""
        old_figures = [
            figure for index in self._measure(text)[1] for figure in extract_line_figures(self._seen_texts[index])
        ]
        return any(
            not figure.is_small
            and not any(figure.is_same(old_figure) for old_figure in old_figures)
            and any(figure.is_changed_from(old_figure) for old_figure in old_figures)
            for figure in (extract_line_figures(text) if old_figures else ())
        )

    def measure_uncovered_share(self, text: str) -> float:
        """Return the share, 0 to 1, of the words of `text` that no added text has; rare words count more."""
        weights = self._weigh_all(text)
        total = sum(weights.values())
        rest = sum(weight for term, weight in weights.items() if term not in self._added_stems)
        return round(rest / total, _DECIMALS) if total else 0.0

    def measure_topic_share(self, text: str) -> float:
        """Return the share, 0 to 1, of all sentences, old and new, that have the most frequent word of `text`."""
        return max((self._counts[term] for term in _extract_stems(text)), default=0) / max(1, self._total)

    def is_fresh(self, days: Iterable[date]) -> bool:
        """Tell whether one of the days that a sentence names is later than the newest article read before."""
        return self.last_day is not None and any(day > self.last_day for day in days)

    def names_new_weekday(self, text: str, published: date | None) -> bool:
        """Tell whether `text` names the weekday of a day after the newest article read before, up to `published`.

        A weekday is named far more often than its day is sure: "denied the claims of Monday on Friday".
        """
        if self.last_day is None or published is None:
            return False
        days = [self.last_day + timedelta(number) for number in range(1, min(7, (published - self.last_day).days + 1))]
        weekdays = {_WEEKDAYS[day.weekday()] for day in days}
        return any(match["day"] in weekdays for match in _WEEKDAY.finditer(text))

    def is_stale(self, days: Collection[date]) -> bool:
        """Tell whether a sentence names days, all of them before the newest article read before."""
        last_day = self.last_day
        return last_day is not None and len(days) > 0 and all(day < last_day for day in days)

    def add(self, text: str) -> None:
        """Count the words of `text` as covered from now on."""
        self._added_stems |= _extract_stems(text)

    def _measure(self, text: str) -> tuple[float, tuple[int, ...]]:
        """Return the new share of `text`, and the indexes of the earlier sentences that tell most of the rest."""
        if text not in self._measures:
            self._measures[text] = self._compare(text)
        return self._measures[text]

    def _compare(self, text: str) -> tuple[float, tuple[int, ...]]:
        """Remove what the most similar earlier sentence tells, then what the next one shares with the rest."""
        weights = self._weigh_all(text)
        total, sources = sum(weights.values()), list[int]()
        while weights and self._seen_texts and len(sources) < MAX_SOURCES:
            shared_weights = np.zeros(len(self._seen_texts))
            for term, weight in weights.items():
                shared_weights[self._get_indexes(term)] += weight
            best = int(np.round(shared_weights, _DECIMALS).argmax())
            weights = {term: weight for term, weight in weights.items() if best not in self._get_indexes(term)}
            sources.append(best)
        return round(sum(weights.values()) / total, _DECIMALS) if total else 0.0, tuple(sources)

    def _get_indexes(self, term: str) -> NDArray[np.intp]:
        return self._indexes_by_term.get(term, _NO_INDEXES)

    def _weigh_all(self, text: str) -> dict[str, float]:
        return {term: log(1 + (1 + self._total) / (1 + self._counts[term])) for term in sorted(_extract_stems(text))}


def _read_sentences(articles: Sequence[Article]) -> list[str]:
    """Return the first sentences of each of the newest articles."""
    newest_articles = nlargest(
        MAX_SEEN_ARTICLES, articles, key=lambda article: (article.published or date.min, article.id)
    )
    limit = MAX_SEEN_SENTENCES // max(1, len(newest_articles))
    return [text for article in newest_articles for text in _split(article.text)[:limit]]


def _index_terms(sentences: Sequence[frozenset[str]]) -> dict[str, NDArray[np.intp]]:
    indexes: dict[str, list[int]] = defaultdict(list)
    for index, stems in enumerate(sentences):
        for term in stems:
            indexes[term].append(index)
    return {term: np.array(members, dtype=np.intp) for term, members in indexes.items()}


@lru_cache(maxsize=1_024)
def _split(text: str) -> tuple[str, ...]:
    return tuple(span.of(text) for span in split_sentences(text))


@lru_cache(maxsize=16_384)
def _extract_stems(text: str) -> frozenset[str]:
    return frozenset(map(stem, extract_terms(text)))
