"""Measure what a sentence adds to the lines that are selected already.

Rule: words that several outlets use count; a word in one outlet counts little. One line covers a fact for all outlets:
the words that at least two sentences of the same fact share are covered together.
"""

from collections import Counter

import numpy as np

from briefings.compose.ranking.salience import StoryMeasures

#: similarity from which two sentences tell the same fact
ALIGNED = 0.2
#: minimum sentences of a fact that share a word for the word to be covered with the fact
MIN_SENTENCES = 2


class Coverage:
    """Words that the selected sentences tell; sentences are given by their index in the story."""

    def __init__(self, measures: StoryMeasures) -> None:
        self._measures = measures
        self._covered_terms: set[str] = set()
        #: words of the first line that headlines and openings share
        self._news_terms: frozenset[str] = frozenset()

    def cover_headlines(self, lead: int) -> None:
        """Cover the news that headlines and openings share, because the first line, `lead`, tells it."""
        self._covered_terms |= self._measures.headline_terms
        self._news_terms = self._measures.terms[lead] & self._measures.headline_terms

    def measure_news(self, terms: frozenset[str]) -> float:
        """Return the share of the first line's news that a line with these word stems tells again, 0 to 1."""
        return len(terms & self._news_terms) / len(self._news_terms) if self._news_terms else 0.0

    def add(self, index: int, terms: frozenset[str]) -> None:
        """Cover a sentence: the word stems of its line, and those that other reports of the fact share."""
        aligned = np.flatnonzero(self._measures.similarity[index] >= ALIGNED)
        counts = Counter(term for other in aligned for term in self._measures.terms[other])
        self._covered_terms |= terms
        self._covered_terms |= {term for term, count in counts.items() if count >= MIN_SENTENCES}

    def compute_new_share(self, terms: frozenset[str]) -> float:
        """Return the share, 0 to 1, of the value of a line's word stems that is not covered yet."""
        values = self._measures.term_values
        total = sum(values[term] for term in sorted(terms))
        return sum(values[term] for term in sorted(terms - self._covered_terms)) / total if total else 0.0

    def compute_new_value(self, terms: frozenset[str]) -> float:
        """Return the value of a line's word stems that are not covered yet."""
        values = self._measures.term_values
        return sum(values[term] for term in sorted(terms - self._covered_terms))
