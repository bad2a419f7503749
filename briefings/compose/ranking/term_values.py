"""Value the words of a story: how much a word adds to a briefing that does not have it yet.

Rule: the more outlets use a word, the more it is worth. Names and decisive words ("resigned", "binding") are worth more
than others, so that a fact of a single outlet is chosen for what it says.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import cache, lru_cache
from math import log

from briefings.compose.selection import stem
from briefings.text import lexicon
from briefings.text.folding import fold

#: value of a word that only one outlet uses, when several outlets' words are worth their logarithm more
SINGLE_VALUE = 0.15
#: additional value of a name, and of a decisive word
NAME_VALUE, DECISIVE_VALUE = 0.8, 1.2
#: a capitalised word inside a sentence
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][\w’'-]+")


def value_terms(terms: Sequence[Sequence[str]], owners: Sequence[int], texts: Sequence[str]) -> dict[str, float]:
    """Return the value of each word stem. `terms`, `owners` and `texts` are the stems, outlet and text per sentence."""
    carriers: dict[str, set[int]] = defaultdict(set)
    for owner, sentence_terms in zip(owners, terms, strict=True):
        for term in sentence_terms:
            carriers[term].add(owner)
    names = frozenset().union(*map(_find_name_stems, texts))
    decisive_terms = _load_decisive_stems()
    return {
        term: SINGLE_VALUE
        + log(len(term_owners))
        + NAME_VALUE * (term in names)
        + DECISIVE_VALUE * (term in decisive_terms)
        for term, term_owners in carriers.items()
    }


@cache
def _load_decisive_stems() -> frozenset[str]:
    return frozenset(map(stem, lexicon.load_words("decisive")))


@lru_cache(maxsize=4_096)
def _find_name_stems(text: str) -> frozenset[str]:
    """Return the stems of the names inside a sentence."""
    return frozenset(stem(fold(match.group())) for match in _NAME.finditer(text))
