"""One utterance in several reports: which quoted texts are the same words.

Rule: only quotes of one speaker are compared; a text is the same utterance as a longer one that it stands in, give or
take a word. Every comparison goes through the words that two texts share, so a thousand quotes take no million of them.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from rapidfuzz import fuzz

from briefings.model import Article, Quote
from briefings.text.search_key import search_key

#: likeness, 0 to 100, of the shorter text to its best place in the longer one
SAME = 85
#: words; shorter texts are the same utterance only when they are the same
SHORTEST = 3
#: rarest words by which a text is looked up, places looked at for each, and texts compared in full
_WORDS, _PLACES, _COMPARED = 8, 1_000, 20


def words_of(article: Article, quote: Quote) -> str:
    """What was said, the fragments joined by blanks."""
    return " ".join(fragment.of(article.text) for fragment in quote.content)


def same_utterance(one: str, other: str) -> bool:
    """Whether the shorter of two quoted texts stands in the longer, give or take a word."""
    return _is_same(*sorted((search_key(one), search_key(other)), key=_by_length))


def pairs(keys: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Places in `keys` (search keys) of texts that share half of the shorter one's rarest words: shorter, longer."""
    index = _Index()
    for at in sorted(range(len(keys)), key=lambda at: (_by_length(keys[at]), -at), reverse=True):
        yield from ((at, longer) for longer in index.longer(keys[at]))
        index.add(at, keys[at])


def same_pairs(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Places in `texts` of those that are the same utterance: shorter, longer."""
    keys = [search_key(text) for text in texts]
    return ((short, long) for short, long in pairs(keys) if _is_same(keys[short], keys[long]))


def grouped(texts: Sequence[str]) -> list[list[int]]:
    """Places in `texts` grouped by utterance, the longest text first in each group and among them."""
    keys = [search_key(text) for text in texts]
    index = _Index()
    groups: dict[int, list[int]] = {}
    for at in sorted(range(len(keys)), key=lambda at: (-len(keys[at]), at)):
        first = next((head for head in index.longer(keys[at]) if _is_same(keys[at], keys[head])), None)
        if first is None:
            index.add(at, keys[at])
            groups[at] = [at]
        else:
            groups[first].append(at)
    return list(groups.values())


def by_speaker(said: Iterable[tuple[Article, Quote]]) -> dict[str | None, list[tuple[Article, Quote]]]:
    """Quotes by their speaker's name, in the order given; those of nobody under None."""
    found: dict[str | None, list[tuple[Article, Quote]]] = {}
    for article, quote in said:
        found.setdefault(quote.speaker.name if quote.speaker else None, []).append((article, quote))
    return found


class _Index:
    """Which texts hold a word, for texts that come in longest first."""

    def __init__(self) -> None:
        self._holders: dict[str, list[int]] = {}

    def add(self, at: int, key: str) -> None:
        for word in set(key.split()):
            self._holders.setdefault(word, []).append(at)

    def longer(self, key: str) -> list[int]:
        """Those added that hold enough of the rarest words of `key` that any of them holds, most first."""
        words = set(key.split())
        held = sorted(words & self._holders.keys(), key=lambda word: (len(self._holders[word]), word))
        shared = Counter(at for word in held[:_WORDS] for at in self._holders[word][:_PLACES])
        enough = [at for at, count in shared.items() if 2 * count >= min(_WORDS, len(words))]
        return sorted(enough, key=lambda at: -shared[at])[:_COMPARED]


def _is_same(short: str, long: str) -> bool:
    if short.count(" ") < SHORTEST - 1:
        return short == long
    return fuzz.partial_ratio(short, long, score_cutoff=SAME) >= SAME


def _by_length(key: str) -> tuple[int, str]:
    return len(key), key
