"""Value the words of a story: how much a word adds to a briefing that does not have it yet.

Rule: the more outlets use a word, the more it is worth.
"""

from collections import defaultdict
from collections.abc import Sequence
from math import log

#: value of a word that only one outlet uses, when several outlets' words are worth their logarithm more
SINGLE_VALUE = 0.25


def value_terms(terms: Sequence[Sequence[str]], owners: Sequence[int]) -> dict[str, float]:
    """Return the value of each word stem; `terms` and `owners` are the stems and the outlet of each sentence."""
    carriers: dict[str, set[int]] = defaultdict(set)
    for owner, sentence_terms in zip(owners, terms, strict=True):
        for term in sentence_terms:
            carriers[term].add(owner)
    return {term: SINGLE_VALUE + log(len(term_owners)) for term, term_owners in carriers.items()}
