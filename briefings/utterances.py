"""One utterance in several wordings: which quotes report the same words, and where their wordings part.

Rule: only quotes of one speaker are compared; a passage that quotes less of a sentence is no other wording of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from rapidfuzz import fuzz

from briefings.model import Article, Quote, Span
from briefings.text.search_key import search_key
from briefings.text.sentences import sentences

#: likeness, 0 to 100, of the shorter passage to its best place in the longer one
SAME = 85
#: likeness, 0 to 100, of two sentences that are wordings of one
_SAME_SENTENCE = 70
#: words; shorter passages are the same utterance only when they are the same
_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class Drift:
    """Two wordings of one sentence: the spans in their articles, and the words that only one of them has."""

    one: Span
    other: Span
    only_one: str
    only_other: str


def words_of(article: Article, quote: Quote) -> str:
    """What was said, the fragments joined by blanks."""
    return " ".join(fragment.of(article.text) for fragment in quote.content)


def same_utterance(one: str, other: str) -> bool:
    """Whether the shorter of two quoted texts stands in the longer, give or take a word."""
    short, long = sorted((search_key(one), search_key(other)), key=lambda key: (len(key), key))
    if len(short.split()) < _SHORTEST:
        return short == long
    return fuzz.partial_ratio(short, long) >= SAME


def same_speaker(one: Quote, other: Quote) -> bool:
    """Whether both quotes name the same speaker."""
    return one.speaker is not None and other.speaker is not None and one.speaker.name == other.speaker.name


def drifts(one: tuple[Article, Quote], other: tuple[Article, Quote]) -> Iterator[Drift]:
    """The sentences that two quotes of one speaker report in different words."""
    if not same_speaker(one[1], other[1]):
        return
    for mine in _sentences(*one):
        for theirs in _sentences(*other):
            found = _drift(mine.of(one[0].text), theirs.of(other[0].text))
            if found is not None:
                yield Drift(mine, theirs, *found)


def _sentences(article: Article, quote: Quote) -> list[Span]:
    return [
        Span(fragment.start + sentence.start, fragment.start + sentence.end)
        for fragment in quote.content
        for sentence in sentences(fragment.of(article.text))
    ]


def _drift(one: str, other: str) -> tuple[str, str] | None:
    mine, theirs = search_key(one).split(), search_key(other).split()
    if mine == theirs or min(len(mine), len(theirs)) < _SHORTEST:
        return None
    part_of = _holds(mine, theirs) or _holds(theirs, mine)
    if part_of and not (_is_complete(one) and _is_complete(other)):
        return None
    if fuzz.ratio(" ".join(mine), " ".join(theirs)) < _SAME_SENTENCE:
        return None
    changed = _changed(mine, theirs, whole=_is_complete(one) and _is_complete(other))
    only_one = " … ".join(" ".join(mine[i1:i2]) for _, i1, i2, _, _ in changed if i2 > i1)
    only_other = " … ".join(" ".join(theirs[j1:j2]) for _, _, _, j1, j2 in changed if j2 > j1)
    return only_one, only_other


def _changed(mine: list[str], theirs: list[str], *, whole: bool) -> list[tuple[str, int, int, int, int]]:
    """The blocks of words that differ; at the ends only when both are whole sentences, for a part leaves words out."""
    blocks = SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes()
    inner = [block for i, block in enumerate(blocks) if whole or block[0] == "replace" or 0 < i < len(blocks) - 1]
    return [block for block in inner if block[0] != "equal"]


def _holds(long: list[str], short: list[str]) -> bool:
    return f" {' '.join(short)} " in f" {' '.join(long)} "


def _is_complete(words: str) -> bool:
    return words[:1].isupper() and words.rstrip().endswith((".", "!", "?"))
