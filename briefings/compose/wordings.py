"""One sentence of one speaker, reported in two wordings: where the wordings part.

Rule: a passage that quotes less of a sentence is no other wording of it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from rapidfuzz import fuzz

from briefings.model import Article, Kind, Quote, Span
from briefings.text.search_key import search_key
from briefings.text.sentences import sentences
from briefings.utterances import SHORTEST, by_speaker, pairs

#: likeness, 0 to 100, of two sentences that are wordings of one
_SAME = 70


@dataclass(frozen=True, slots=True)
class Drift:
    """Two wordings of one sentence: the spans in their articles, and the words that only one of them has."""

    speaker: str
    one: tuple[Article, Span]
    other: tuple[Article, Span]
    only_one: str
    only_other: str


@dataclass(frozen=True, slots=True)
class _Said:
    """A sentence inside quotation marks, and which of its speaker's quotes it is from."""

    quote: int
    article: Article
    span: Span

    @property
    def text(self) -> str:
        return self.span.of(self.article.text)


def drifts(said: Iterable[tuple[Article, Quote]]) -> Iterator[Drift]:
    """The sentences that two quotes of one named speaker report in different words, each pair once."""
    for speaker, quotes in by_speaker(said).items():
        if speaker is None:
            continue
        heard = [sentence for at, (article, quote) in enumerate(quotes) for sentence in _sentences(at, article, quote)]
        for pair in pairs([search_key(sentence.text) for sentence in heard]):
            one, other = (heard[at] for at in sorted(pair))
            parted = _parted(one.text, other.text) if one.quote != other.quote else None
            if parted is not None:
                yield Drift(speaker, (one.article, one.span), (other.article, other.span), *parted)


def _sentences(at: int, article: Article, quote: Quote) -> Iterator[_Said]:
    if quote.kind is Kind.INDIRECT:
        return
    for fragment in quote.content:
        for sentence in sentences(fragment.of(article.text)):
            yield _Said(at, article, Span(fragment.start + sentence.start, fragment.start + sentence.end))


def _parted(one: str, other: str) -> tuple[str, str] | None:
    """The words that only `one` and only `other` has, or None when they are not two wordings of one sentence."""
    mine, theirs = search_key(one).split(), search_key(other).split()
    if mine == theirs or min(len(mine), len(theirs)) < SHORTEST:
        return None
    whole = _is_complete(one) and _is_complete(other)
    if not whole and (_holds(mine, theirs) or _holds(theirs, mine)):
        return None
    if fuzz.ratio(" ".join(mine), " ".join(theirs)) < _SAME:
        return None
    changed = _changed(mine, theirs, whole=whole)
    only_one = " … ".join(" ".join(mine[i1:i2]) for _, i1, i2, _, _ in changed if i2 > i1)
    only_other = " … ".join(" ".join(theirs[j1:j2]) for _, _, _, j1, j2 in changed if j2 > j1)
    return (only_one, only_other) if changed else None


def _changed(mine: list[str], theirs: list[str], *, whole: bool) -> list[tuple[str, int, int, int, int]]:
    """The blocks of words that differ; at the ends only when both are whole sentences, for a part leaves words out."""
    blocks = SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes()
    inner = [block for i, block in enumerate(blocks) if whole or block[0] == "replace" or 0 < i < len(blocks) - 1]
    return [block for block in inner if block[0] != "equal"]


def _holds(long: list[str], short: list[str]) -> bool:
    return f" {' '.join(short)} " in f" {' '.join(long)} "


def _is_complete(words: str) -> bool:
    return words[:1].isupper() and words.rstrip().endswith((".", "!", "?"))
