"""Find quoted texts that report the same utterance.

Rule: a text is the same utterance as a longer one that contains it, apart from about a word. Callers compare quotes of
one speaker only. Comparisons use an index of shared words, so a thousand quotes do not need a million comparisons.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import chain
from typing import Protocol

from rapidfuzz import fuzz

from briefings.model import Article, Quote
from briefings.text.folding import make_search_key

#: minimum similarity, 0 to 100, of the shorter text to the best match in the longer one
MIN_SIMILARITY = 85
#: texts with fewer words are the same utterance only when they are equal
MIN_WORDS = 3
#: rarest words that a text is looked up by, index entries read per word, and texts compared in full
_MAX_RARE_WORDS, _MAX_POSTINGS, _MAX_COMPARED = 8, 1_000, 20
#: texts whose words are kept as bits: at most `_MAX_POSTINGS`, and few enough that the bits of rare words stay short
_MAX_BITS = 512
_NO_TEXTS = (0, "", 0)


def get_quote_text(article: Article, quote: Quote) -> str:
    """Return the quoted words, with blanks between the fragments."""
    if len(quote.content) == 1:
        return quote.content[0].of(article.text)
    return " ".join(fragment.of(article.text) for fragment in quote.content)


def is_same_utterance(first: str, second: str) -> bool:
    """Tell whether the longer of two quoted texts contains the shorter one, apart from about a word."""
    return is_same_key(make_search_key(first), make_search_key(second))


def is_same_key(first: str, second: str) -> bool:
    """Tell the same of two texts that are search keys already."""
    return is_same_ordered_key(*order_keys(first, second))


def order_keys(first: str, second: str) -> tuple[str, str]:
    """Return two search keys, the shorter one first."""
    return (first, second) if _make_length_key(first) <= _make_length_key(second) else (second, first)


def is_same_ordered_key(shorter: str, longer: str) -> bool:
    """Tell the same of two search keys, the shorter one first."""
    if shorter.count(" ") < MIN_WORDS - 1:
        return shorter == longer
    return fuzz.partial_ratio(shorter, longer, score_cutoff=MIN_SIMILARITY) >= MIN_SIMILARITY


def find_candidate_pairs(keys: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield (shorter, longer) indexes of `keys` (search keys) that share half of the shorter text's rarest words."""
    index = _make_index(len(keys))
    for position in sorted(
        range(len(keys)), key=lambda position: (_make_length_key(keys[position]), -position), reverse=True
    ):
        words = set(keys[position].split())
        for longer_position in index.find_longer(words):
            yield position, longer_position
        index.add(position, words)


def find_same_pairs(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield (shorter, longer) indexes of `texts` that report the same utterance."""
    keys = [make_search_key(text) for text in texts]
    return (
        (shorter_position, longer_position)
        for shorter_position, longer_position in find_candidate_pairs(keys)
        if is_same_ordered_key(keys[shorter_position], keys[longer_position])
    )


def group_texts(texts: Sequence[str]) -> list[list[int]]:
    """Group the indexes of `texts` by utterance, longest text first within each group and across groups."""
    if len(texts) == 1:  # most speakers of an answer have one quote
        return [[0]]
    keys = [make_search_key(text) for text in texts]
    index = _make_index(len(keys))
    groups: dict[int, list[int]] = {}
    for position in sorted(range(len(keys)), key=lambda position: (-len(keys[position]), position)):
        words = set(keys[position].split())
        match = next(
            (
                group_position
                for group_position in index.find_longer(words)
                if is_same_ordered_key(keys[position], keys[group_position])
            ),
            None,
        )
        if match is None:
            index.add(position, words)
            groups[position] = [position]
        else:
            groups[match].append(position)
    return list(groups.values())


def group_by_speaker(article_quotes: Iterable[tuple[Article, Quote]]) -> dict[str | None, list[tuple[Article, Quote]]]:
    """Group quotes by speaker name, in the given order; unattributed ones are under None."""
    quotes_by_speaker: dict[str | None, list[tuple[Article, Quote]]] = {}
    for article, quote in article_quotes:
        quotes_by_speaker.setdefault(quote.speaker.name if quote.speaker else None, []).append((article, quote))
    return quotes_by_speaker


class _Index(Protocol):
    """Index from words to texts, for texts that are added longest first."""

    def add(self, position: int, words: Set[str]) -> None:
        """Add a text."""

    def find_longer(self, words: Set[str]) -> list[int]:
        """Return the added texts that contain enough of the rarest indexed of `words`, most shared words first."""


def _make_index(text_count: int) -> _Index:
    return _BitIndex() if text_count <= _MAX_BITS else _ListIndex()


class _ListIndex:
    """Index of any size, with a list of texts for each word."""

    def __init__(self) -> None:
        self._postings: dict[str, list[int]] = {}

    def add(self, position: int, words: Set[str]) -> None:
        for word in words:
            self._postings.setdefault(word, []).append(position)

    def find_longer(self, words: Set[str]) -> list[int]:
        postings = self._postings
        rare_words = [word for _, word in sorted([(len(postings[word]), word) for word in words & postings.keys()])][
            :_MAX_RARE_WORDS
        ]
        min_shared = _get_min_shared(words)
        # a text without any of the rarest has too few of the others; those have most entries, so we only look these up
        prefix_length = len(rare_words) - min_shared + 1
        if prefix_length <= 0:
            return []
        shared_counts = Counter(
            chain.from_iterable([postings[word][:_MAX_POSTINGS] for word in rare_words[:prefix_length]])
        )
        for word in rare_words[prefix_length:]:
            for position in shared_counts.keys() & postings[word][:_MAX_POSTINGS]:
                shared_counts[position] += 1
        matching_positions = [
            position for position, shared_count in shared_counts.items() if shared_count >= min_shared
        ]
        return sorted(matching_positions, key=lambda position: -shared_counts[position])[:_MAX_COMPARED]


class _BitIndex:
    """Index of at most `_MAX_BITS` texts, with one bit for each text. It answers as `_ListIndex`, but faster."""

    def __init__(self) -> None:
        self._positions: list[int] = []
        #: for each word the number of texts that have it, the word, and the bits of the texts
        self._postings: dict[str, tuple[int, str, int]] = {}

    def add(self, position: int, words: Set[str]) -> None:
        bit = 1 << len(self._positions)
        self._positions.append(position)
        postings = self._postings
        for word in words:
            count, _, bits = postings.get(word, _NO_TEXTS)
            postings[word] = count + 1, word, bits | bit

    def find_longer(self, words: Set[str]) -> list[int]:
        postings = self._postings
        rare_words = sorted([postings[word] for word in words & postings.keys()])[:_MAX_RARE_WORDS]
        min_shared = _get_min_shared(words)
        if len(rare_words) < max(1, min_shared):
            return []
        # how many of the words each text has: the digits of binary numbers, one text per bit
        ones = twos = fours = eights = 0
        for _, _, bits in rare_words:
            carry, ones = ones & bits, ones ^ bits
            carry, twos = twos & carry, twos ^ carry
            carry, fours = fours & carry, fours ^ carry
            eights |= carry
        positions: list[int] = []
        rest = ones | twos | fours | eights
        for shared_count in range(len(rare_words), min_shared - 1, -1):
            with_count = rest
            for digit, bits in ((1, ones), (2, twos), (4, fours), (8, eights)):
                with_count &= bits if shared_count & digit else ~bits
            # the order of `_ListIndex`: by the first word that a text shares, then as added
            for _, _, bits in rare_words if with_count else ():
                common = with_count & bits
                with_count ^= common
                while common:
                    lowest = common & -common
                    positions.append(self._positions[lowest.bit_length() - 1])
                    common ^= lowest
        return positions[:_MAX_COMPARED]


def _get_min_shared(words: Set[str]) -> int:
    """Return how many of its rarest words another text must have."""
    return (min(_MAX_RARE_WORDS, len(words)) + 1) // 2


def _make_length_key(key: str) -> tuple[int, str]:
    return len(key), key
