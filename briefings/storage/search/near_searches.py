"""Choose the searches for quotes that share words with a text, from how often its words occur.

Rule: the number of quotes that each search reads and compares has a limit, however many there are. A search whose words
are rare finds every quote; one whose words are all frequent compares only the newest quotes that have them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from briefings.storage.db.full_text import AnyOf
from briefings.text import lexicon

_COMMON_WORDS = lexicon.load_words("commonest_words")
#: hits of one search: the newest ones
MAX_HITS = 200
#: quotes that are compared with pairs of words: all quotes that have them, if the pairs are rare, else the newest
MAX_COMPARED_QUOTES = 500
#: pairs of frequent words that are searched; they share the quotes that are compared
_MAX_FREQUENT_PAIRS = 5
#: words that are taken to find the rarest, from the first, and rare words whose quotes are searched
_MAX_WORDS, _MAX_RARE_WORDS = 20, 3


@dataclass(frozen=True, slots=True)
class NearSearch:
    """One search for up to MAX_HITS quotes, by phrases or by sets of words; see `QuoteQuery` for the fields."""

    content: AnyOf = ()
    word_sets: AnyOf = ()
    max_compared: int = 0


def plan_near_searches(query_words: Sequence[str], counts: Mapping[str, int]) -> list[NearSearch]:
    """Return the searches for quotes near a text, the best first.

    `counts` has how often each word occurs, up to a number above MAX_COMPARED_QUOTES, without unknown words.
    """
    rare_pairs, frequent_pairs = _split_pairs(query_words, counts)
    rare_words, other_words = _split_rare_words(
        {word: counts[word] for word in query_words[:_MAX_WORDS] if word in counts}
    )
    searches = [NearSearch(rare_pairs)] if rare_pairs else []
    share = MAX_COMPARED_QUOTES // max(1, len(frequent_pairs))
    searches += [NearSearch([pair], max_compared=share) for pair in frequent_pairs]
    searches += [NearSearch(word_sets=word_sets) for word_sets in _list_word_sets(rare_words, other_words)]
    return searches


def _split_pairs(
    query_words: Sequence[str], counts: Mapping[str, int]
) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return the pairs of adjacent known words, rare ones and others, each the rarest first.

    Rare pairs together have at most MAX_COMPARED_QUOTES candidates: a pair has no more than its rarer word has quotes.
    Pairs of common words ("of the") count only if there are no other pairs.
    """

    def rank(pair: tuple[str, str]) -> tuple[int, int, int]:
        return min(counts[word] for word in pair), len(_COMMON_WORDS.intersection(pair)), -max(map(len, pair))

    pairs = [pair for pair in dict.fromkeys(pairwise(query_words)) if counts.keys() >= set(pair)]
    pairs = sorted([pair for pair in pairs if not _COMMON_WORDS.issuperset(pair)] or pairs, key=rank)
    rare_count = candidate_count = 0
    for pair in pairs:
        candidate_count += rank(pair)[0]
        if candidate_count > MAX_COMPARED_QUOTES:
            break
        rare_count += 1
    return pairs[:rare_count], pairs[rare_count : rare_count + _MAX_FREQUENT_PAIRS]


def _split_rare_words(counts: Mapping[str, int]) -> tuple[list[str], list[str]]:
    """Split the rarest words into those whose quotes are all found by one search, and the others.

    Common words are omitted if there are others.
    """
    words = [word for word in counts if word not in _COMMON_WORDS] or counts
    rarest_words = sorted(words, key=lambda word: (counts[word], -len(word), word))[:_MAX_RARE_WORDS]
    sums = [sum(counts[word] for word in rarest_words[: end + 1]) for end in range(len(rarest_words))]
    rare_count = sum(total <= MAX_HITS for total in sums)
    return rarest_words[:rare_count], rarest_words[rare_count:]


def _list_word_sets(rare_words: Sequence[str], other_words: Sequence[str]) -> list[AnyOf]:
    """Return the sets of words of each search: one rare word; all other words together; two of them; each alone.

    Only the newest quotes with a frequent word are found, but a near quote usually has several of the words.
    """
    searches: list[AnyOf] = [[(word,) for word in rare_words]] if rare_words else []
    searches += [list(combinations(other_words, size)) for size in range(len(other_words), 1, -1)]
    return searches + [[(word,)] for word in other_words]
