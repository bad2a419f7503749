"""One utterance in several reports: which quoted texts are the same words.

Rule: only quotes of one speaker are compared; a text is the same utterance as a longer one that it stands in, give or
take a word. Every comparison goes through the words that two texts share, so a thousand quotes take no million of them.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from rapidfuzz import fuzz

from briefings.model import Article, Quote
from briefings.text.folding import make_search_key

#: likeness, 0 to 100, of the shorter text to its best place in the longer one
MIN_SIMILARITY = 85
#: words; shorter texts are the same utterance only when they are the same
MIN_WORDS = 3
#: rarest words by which a text is looked up, places looked at for each, and texts compared in full
_MAX_RARE_WORDS, _MAX_POSTINGS, _MAX_COMPARED = 8, 1_000, 20


def get_quote_text(article: Article, quote: Quote) -> str:
    """What was said, the fragments joined by blanks."""
    return " ".join(fragment.of(article.text) for fragment in quote.content)


def is_same_utterance(first: str, second: str) -> bool:
    """Whether the shorter of two quoted texts stands in the longer, give or take a word."""
    return _is_same(*sorted((make_search_key(first), make_search_key(second)), key=_make_length_key))


def find_candidate_pairs(keys: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Places in `keys` (search keys) of texts that share half of the shorter one's rarest words: shorter, longer."""
    index = _Index()
    for position in sorted(
        range(len(keys)), key=lambda position: (_make_length_key(keys[position]), -position), reverse=True
    ):
        yield from ((position, longer_position) for longer_position in index.find_longer(keys[position]))
        index.add(position, keys[position])


def find_same_pairs(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Places in `texts` of those that are the same utterance: shorter, longer."""
    keys = [make_search_key(text) for text in texts]
    return (
        (shorter_position, longer_position)
        for shorter_position, longer_position in find_candidate_pairs(keys)
        if _is_same(keys[shorter_position], keys[longer_position])
    )


def group_texts(texts: Sequence[str]) -> list[list[int]]:
    """Places in `texts` grouped by utterance, the longest text first in each group and among them."""
    keys = [make_search_key(text) for text in texts]
    index = _Index()
    groups: dict[int, list[int]] = {}
    for position in sorted(range(len(keys)), key=lambda position: (-len(keys[position]), position)):
        match = next(
            (
                group_position
                for group_position in index.find_longer(keys[position])
                if _is_same(keys[position], keys[group_position])
            ),
            None,
        )
        if match is None:
            index.add(position, keys[position])
            groups[position] = [position]
        else:
            groups[match].append(position)
    return list(groups.values())


def group_by_speaker(article_quotes: Iterable[tuple[Article, Quote]]) -> dict[str | None, list[tuple[Article, Quote]]]:
    """Quotes by their speaker's name, in the order given; those of nobody under None."""
    quotes_by_speaker: dict[str | None, list[tuple[Article, Quote]]] = {}
    for article, quote in article_quotes:
        quotes_by_speaker.setdefault(quote.speaker.name if quote.speaker else None, []).append((article, quote))
    return quotes_by_speaker


class _Index:
    """Which texts hold a word, for texts that come in longest first."""

    def __init__(self) -> None:
        self._postings: dict[str, list[int]] = {}

    def add(self, position: int, key: str) -> None:
        for word in set(key.split()):
            self._postings.setdefault(word, []).append(position)

    def find_longer(self, key: str) -> list[int]:
        """Those added that hold enough of the rarest words of `key` that any of them holds, most first."""
        words = set(key.split())
        indexed_words = sorted(words & self._postings.keys(), key=lambda word: (len(self._postings[word]), word))
        shared_counts = Counter(
            position for word in indexed_words[:_MAX_RARE_WORDS] for position in self._postings[word][:_MAX_POSTINGS]
        )
        matching_positions = [
            position
            for position, shared_count in shared_counts.items()
            if 2 * shared_count >= min(_MAX_RARE_WORDS, len(words))
        ]
        return sorted(matching_positions, key=lambda position: -shared_counts[position])[:_MAX_COMPARED]


def _is_same(shorter: str, longer: str) -> bool:
    if shorter.count(" ") < MIN_WORDS - 1:
        return shorter == longer
    return fuzz.partial_ratio(shorter, longer, score_cutoff=MIN_SIMILARITY) >= MIN_SIMILARITY


def _make_length_key(key: str) -> tuple[int, str]:
    return len(key), key
