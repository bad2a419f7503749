"""One sentence of one speaker, reported in two wordings: where the wordings part.

Rule: a passage that quotes less of a sentence is no other wording of it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import islice

from rapidfuzz import fuzz

from briefings.model import Article, Kind, Quote, Span
from briefings.text.search_key import search_key
from briefings.text.sentences import sentences
from briefings.text.spans import touching
from briefings.utterances import SHORTEST, by_speaker, pairs

#: likeness, 0 to 100, of two sentences that are wordings of one
_SAME = 70
#: drifts looked for in what one speaker said; somebody quoted thousands of times repeats himself more often
_MOST = 200


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
    key: str
    #: it is a sentence from its first word to its full stop
    whole: bool


def drifts(said: Iterable[tuple[Article, Quote]]) -> Iterator[Drift]:
    """The sentences that two quotes of one named speaker report in different words, each pair once."""
    for speaker, quotes in by_speaker(said).items():
        if speaker is None:
            continue
        heard = [sentence for at, (article, quote) in enumerate(quotes) for sentence in _sentences(at, article, quote)]
        yield from islice(_drifts(speaker, heard), _MOST)


def _drifts(speaker: str, heard: Sequence[_Said]) -> Iterator[Drift]:
    for pair in pairs([sentence.key for sentence in heard]):
        one, other = (heard[at] for at in sorted(pair))
        parted = _parted(one, other) if one.quote != other.quote else None
        if parted is not None:
            yield Drift(speaker, (one.article, one.span), (other.article, other.span), *parted)


def _sentences(at: int, article: Article, quote: Quote) -> Iterator[_Said]:
    if quote.kind is Kind.INDIRECT:
        return
    for fragment in quote.content:
        for sentence in sentences(fragment.of(article.text)):
            span = Span(fragment.start + sentence.start, fragment.start + sentence.end)
            if touching(article.boilerplate, span):
                continue
            words = span.of(article.text)
            whole = words[:1].isupper() and words.rstrip().endswith((".", "!", "?"))
            yield _Said(at, article, span, search_key(words), whole)


def _parted(one: _Said, other: _Said) -> tuple[str, str] | None:
    """The words that only `one` and only `other` has, or None when they are not two wordings of one sentence."""
    if one.key == other.key or fuzz.ratio(one.key, other.key, score_cutoff=_SAME) < _SAME:
        return None
    mine, theirs = one.key.split(), other.key.split()
    whole = one.whole and other.whole
    part_of = f" {one.key} " in f" {other.key} " or f" {other.key} " in f" {one.key} "
    if min(len(mine), len(theirs)) < SHORTEST or (part_of and not whole):
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
