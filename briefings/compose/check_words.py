"""Quoted words beside the words that were said: where they stand, how alike they are, where they part.

Rule: marks, capitals, accents and hyphens are the paper's; words, figures and signs of money are the speaker's, and so is
an apostrophe that makes another word ("we're", "were"). What a quotation leaves out with "…" or puts in brackets parts it
into pieces.
"""

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from briefings.model import Change, Span
from briefings.text.fold import fold
from briefings.text.search_key import search_key

#: what nobody sees, inside a word: accents that stand alone, soft hyphens, joiners
_UNSEEN = "\u0300-\u036f\u00ad\u200b-\u200f\u2060\ufeff"
_LETTERS = rf"(?:[^\W\d_][{_UNSEEN}]*)+"
_WORD = re.compile(rf"\bper cent\b|%|[£$€¥]|\d+(?:[.,]\d+)*|{_LETTERS}(?:'{_LETTERS})*")
_GAP = re.compile(r"\[[^\[\]]*\]|\((?:…|\.\s?\.\s?\.)\)|…|\.(?:\s?\.){2,}")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+")
#: words that two texts share in a row, from which they are one utterance however they go on
RUN = 6
_RUN_LIKENESS = 0.8
#: words of either side that are compared one by one
_MOST = 2_000
#: words of the place looked at around the likeliest one
_AROUND = 4


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text in order: how they are compared, and where each stands in it (half-open offsets)."""

    keys: tuple[str, ...]
    spans: tuple[Span, ...]
    #: compounds that are written with a hyphen, and their two words: {"lynchmob": ("lynch", "mob")}
    compounds: Mapping[str, tuple[str, str]]

    @property
    def line(self) -> str:
        """The keys as one line, a blank on either side of each."""
        return f" {' '.join(self.keys)} "

    def span(self, first: int, last: int) -> Span:
        """From word `first` up to word `last`, which is not part of it; an empty one where they meet."""
        if first < last:
            return Span(self.spans[first].start, self.spans[last - 1].end)
        at = self.spans[first - 1].end if first else 0
        return Span(at, at)


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two texts are, 0 to 1, and where they part: offsets into the one and into the other."""

    share: float
    changes: tuple[Change, ...]


def words_in(text: str, span: Span) -> Words:
    """The words of `text` inside `span`; offsets are into `text`."""
    folded = fold(text[span.start : span.end])
    found = list(_WORD.finditer(folded))
    keys = tuple(_key(match.group()) for match in found)
    spans = tuple(Span(span.start + match.start(), span.start + match.end()) for match in found)
    hyphened = (at for at in range(len(found) - 1) if folded[found[at].end() : found[at + 1].start()] == "-")
    pairs = (keys[at : at + 2] for at in hyphened)
    return Words(keys, spans, {one + other: (one, other) for one, other in pairs if (one + other).isalpha()})


def joined(parts: Sequence[Words]) -> Words:
    """Several runs of words as one."""
    keys, spans = (k for part in parts for k in part.keys), (s for part in parts for s in part.spans)
    return Words(tuple(keys), tuple(spans), {k: v for part in parts for k, v in part.compounds.items()})


def opened(words: Words, compounds: Mapping[str, tuple[str, str]]) -> Words:
    """`words` with those that are among `compounds` as two, as they are written with a hyphen elsewhere."""
    if compounds.keys().isdisjoint(words.keys):
        return words
    keys = [compounds.get(key, (key,)) for key in words.keys]
    spans = [span for span, parts in zip(words.spans, keys, strict=True) for _ in parts]
    return Words(tuple(key for parts in keys for key in parts), tuple(spans), words.compounds)


def pieces(text: str, span: Span) -> tuple[Words, ...]:
    """The words of a quotation between what it leaves out or puts in brackets, pieces without a word left out."""
    start, found = span.start, []
    for gap in _GAP.finditer(text, span.start, span.end):
        found.append(words_in(text, Span(start, gap.start())))
        start = gap.end()
    found.append(words_in(text, Span(start, span.end)))
    return tuple(piece for piece in found if piece.keys)


def places(parts: Sequence[Words], said: Words) -> tuple[Span, ...] | None:
    """Where `parts` stand in the text of `said`, each whole and all in order; None when they do not.

    Of several places the ones that are closest together, ending where they can end first.
    """
    parts, said = _opened(parts, said)
    line = said.line
    ends, at = 0, 0
    for part in parts:
        at = line.find(part.line, ends)
        if at < 0:
            return None
        ends = at + len(part.line) - 1
    found: list[Span] = []
    for part in reversed(parts):
        at = line.rfind(part.line, 0, ends + 1)
        first = line.count(" ", 0, at)
        found.append(said.span(first, first + len(part.keys)))
        ends = at
    return tuple(reversed(found))


def likeness(parts: Sequence[Words], said: Words) -> Likeness:
    """How alike a quotation in `parts` is to the place in `said` that is likest; the words that only one of them has."""
    parts, said = _opened(parts, said)
    drafted = _first(joined(parts))
    if not drafted.keys or not said.keys:
        return Likeness(0.0, ())
    first, last = (0, len(said.keys)) if len(parts) > 1 else _window(drafted, said)
    last = min(last, first + _MOST)
    gaps = {sum(len(part.keys) for part in parts[:number]) for number in range(len(parts) + 1)}
    blocks = _blocks(drafted, said, first, last, gaps)
    unlike = [block for block in blocks if not block.same]
    size = sum(block.size for block in blocks)
    words = 1 - sum(block.size for block in unlike) / size if size else 0.0
    letters = fuzz.ratio(drafted.line, _line(said, blocks)) / 100
    run = _RUN_LIKENESS if max((block.size for block in blocks if block.same), default=0) >= _run(drafted, said) else 0
    return Likeness(max(words, letters, run), tuple(block.change(drafted, said) for block in unlike))


@dataclass(frozen=True, slots=True)
class _Block:
    """A run of words that both have, or that one has in the place of the other's: ranges of word numbers."""

    same: bool
    drafted: Span
    said: Span

    @property
    def size(self) -> int:
        return max(len(self.drafted), len(self.said))

    def change(self, drafted: Words, said: Words) -> Change:
        return Change(
            drafted.span(self.drafted.start, self.drafted.end), said.span(self.said.start, self.said.end)
        )


def _opened(parts: Sequence[Words], said: Words) -> tuple[Sequence[Words], Words]:
    """Both with every compound that either writes with a hyphen as two words."""
    compounds = {k: v for part in parts for k, v in part.compounds.items()}
    return [opened(part, said.compounds) for part in parts], opened(said, compounds)


def _key(word: str) -> str:
    if word in ("%", "percent", "per cent"):
        return "percent"
    if _THOUSANDS.fullmatch(word):
        return word.replace(",", "")
    return word if word.isascii() else search_key(word).replace(" ", "'") or word


def _first(words: Words) -> Words:
    return Words(words.keys[:_MOST], words.spans[:_MOST], words.compounds)


def _run(drafted: Words, said: Words) -> int:
    """Words in a row that tell an utterance; all of the shorter text when it is a sentence of its own."""
    return max(4, min(RUN, len(said.keys), len(drafted.keys)))


def _window(drafted: Words, said: Words) -> tuple[int, int]:
    """The range of words of `said` among which `drafted` is looked for: around the likeliest place."""
    if len(drafted.keys) >= len(said.keys):
        return 0, len(said.keys)
    line = said.line
    found = fuzz.partial_ratio_alignment(drafted.line, line)
    if found is None:
        return 0, len(said.keys)
    starts = [at for at, sign in enumerate(line) if sign == " "][:-1]
    first, last = bisect_left(starts, found.dest_start), bisect_left(starts, found.dest_end)
    return max(0, first - _AROUND), min(len(said.keys), last + _AROUND)


def _blocks(drafted: Words, said: Words, first: int, last: int, gaps: set[int]) -> list[_Block]:
    """The blocks of the comparison, without the words that only `said` has where the quotation has a gap or an end."""
    blocks = [
        _Block(tag == "equal", Span(i1, i2), Span(first + j1, first + j2))
        for tag, i1, i2, j1, j2 in Levenshtein.opcodes(drafted.keys, said.keys[first:last])
    ]
    kept: list[_Block] = []
    for block in blocks:
        if not len(block.drafted) and block.drafted.start in gaps:
            continue
        if kept and not kept[-1].same and not block.same and kept[-1].said.end == block.said.start:
            before = kept.pop()
            block = _Block(
                False, Span(before.drafted.start, block.drafted.end), Span(before.said.start, block.said.end)
            )
        kept.append(block)
    return kept


def _line(said: Words, blocks: Sequence[_Block]) -> str:
    keys = [key for block in blocks for key in said.keys[block.said.start : block.said.end]]
    return f" {' '.join(keys)} "
