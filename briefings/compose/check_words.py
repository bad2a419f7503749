"""Quoted words beside the words that were said: where they stand, how alike they are, where they part.

Rule: marks, capitals, accents and hyphens are the paper's; words, figures and signs of money are the speaker's, and so
is an apostrophe that makes another word ("we're", "were"). What a quotation leaves out with "…" or puts in brackets
parts it into pieces.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from briefings.model import Change, Span
from briefings.text import lexicon
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
#: likeness from which texts without a telling word in common are alike all the same
_ALIKE = 0.75
#: words of either side that are compared one by one
_MOST = 2_000
#: words of a quotation by which its place is looked for, and characters of a speech in which
_OPENING, _LONGEST = 60, 50_000
#: words looked at on either side of the likeliest place, beside half of what is compared
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
    #: the share of the words alone
    words: float = 0.0
    #: a word that says something is in both, or they are so alike that it does not matter
    tells: bool = False


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


def every_place(parts: Sequence[Words], said: Words, most: int) -> Iterator[tuple[Span, ...]]:
    """Where `parts` stand in the text of `said`, first to last, at most so many times."""
    for _ in range(most):
        found = places(parts, said)
        if found is None:
            return
        yield found
        first = bisect_right(said.spans, found[0].start, key=lambda span: span.start)
        said = Words(said.keys[first:], said.spans[first:], said.compounds)


def likeness(parts: Sequence[Words], said: Words) -> Likeness:
    """How alike a quotation in `parts` is to the likest place in `said`; the words that only one of them has."""
    parts, said = _opened(parts, said)
    drafted = _first(joined(parts))
    if not drafted.keys or not said.keys:
        return Likeness(0.0, ())
    gaps = {sum(len(part.keys) for part in parts[:number]) for number in range(len(parts) + 1)}
    windows = {(0, len(said.keys))} if len(parts) > 1 else _windows(drafted, said)
    return max((_likeness(drafted, said, window, gaps) for window in sorted(windows)), key=_closeness)


def _closeness(alike: Likeness) -> float:
    return alike.share + alike.words


def _likeness(drafted: Words, said: Words, window: tuple[int, int], gaps: set[int]) -> Likeness:
    blocks = _blocks(drafted, said, window[0], min(window[1], window[0] + _MOST), gaps)
    unlike = [block for block in blocks if not block.same]
    size = sum(block.size for block in blocks)
    words = 1 - sum(block.size for block in unlike) / size if size else 0.0
    letters = fuzz.ratio(drafted.line, _line(said, blocks)) / 100
    run = _RUN_LIKENESS if max((block.size for block in blocks if block.same), default=0) >= _run(drafted, said) else 0
    shared = {key for b in blocks if b.same for key in drafted.keys[b.drafted.start : b.drafted.end]}
    tells = words >= _ALIKE or letters >= _ALIKE or bool(shared - lexicon.words("stop_words"))
    return Likeness(max(words, letters, run), tuple(block.change(drafted, said) for block in unlike), words, tells)


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
        return Change(drafted.span(self.drafted.start, self.drafted.end), said.span(self.said.start, self.said.end))


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


def _windows(drafted: Words, said: Words) -> set[tuple[int, int]]:
    """The ranges of words of `said` among which `drafted` is looked for: where the letters are likest, and where most
    words in a row are the same.
    """
    if len(drafted.keys) >= len(said.keys):
        return {(0, len(said.keys))}
    line, found, size = said.line[:_LONGEST], set(), len(drafted.keys)
    opening = f" {' '.join(drafted.keys[:_OPENING])} "
    if len(opening) < len(line) and (near := fuzz.partial_ratio_alignment(opening, line)):
        first = line.count(" ", 0, near.dest_start)
        found.add((first, max(first + size, line.count(" ", 0, near.dest_end))))
    run = SequenceMatcher(None, drafted.keys, said.keys[:_MOST], autojunk=False).find_longest_match()
    found.add((run.b - run.a, run.b - run.a + size))
    wide = _AROUND + size // 2
    return {
        (max(0, first - around), min(len(said.keys), last + around)) for first, last in found for around in (0, wide)
    }


def _blocks(drafted: Words, said: Words, first: int, last: int, gaps: set[int]) -> list[_Block]:
    """The blocks of the comparison, without the words that only `said` has where the quotation has a gap or an end."""
    blocks = [
        _Block(op.tag == "equal", Span(op.src_start, op.src_end), Span(first + op.dest_start, first + op.dest_end))
        for op in Levenshtein.opcodes(drafted.keys, said.keys[first:last])
    ]
    while blocks and not len(blocks[0].drafted):
        blocks = blocks[1:]
    while blocks and not len(blocks[-1].drafted):
        blocks = blocks[:-1]
    blocks = _drawn_together(_drawn_together(_parted(blocks), drafted, said, -1), drafted, said, 1)
    kept = [_within_ends(block, len(drafted.keys)) for block in blocks]
    return [block for block in kept if len(block.drafted) or (len(block.said) and block.drafted.start not in gaps)]


def _parted(blocks: Sequence[_Block]) -> list[_Block]:
    """`blocks` with neighbours that differ as one."""
    parted: list[_Block] = []
    for block in blocks:
        if parted and not parted[-1].same and not block.same:
            before = parted.pop()
            block = _Block(
                False, Span(before.drafted.start, block.drafted.end), Span(before.said.start, block.said.end)
            )
        parted.append(block)
    return parted


def _drawn_together(blocks: list[_Block], drafted: Words, said: Words, side: int) -> list[_Block]:
    """Words at one end (-1: the first, 1: the last) that `said` has nearer by as well are compared with those.

    In "the leader of the party" a quotation "the party" begins with the second "the".
    """
    if len(blocks) < 3:
        return blocks
    end, gap = (blocks[0], blocks[1]) if side < 0 else (blocks[-1], blocks[-2])
    size = len(end.drafted)
    if not end.same or len(gap.drafted) or len(gap.said) < size:
        return blocks
    at = Span(gap.said.end - size, gap.said.end) if side < 0 else Span(gap.said.start, gap.said.start + size)
    if said.keys[at.start : at.end] != drafted.keys[end.drafted.start : end.drafted.end]:
        return blocks
    moved = _Block(True, end.drafted, at)
    return [moved, *blocks[2:]] if side < 0 else [*blocks[:-2], moved]


def _within_ends(block: _Block, size: int) -> _Block:
    """A block that differs at an end of the quotation, with as many words of the other side as it has itself."""
    if block.same or len(block.drafted) >= len(block.said):
        return block
    if block.drafted.end == size:
        return _Block(False, block.drafted, Span(block.said.start, block.said.start + len(block.drafted)))
    if block.drafted.start == 0:
        return _Block(False, block.drafted, Span(block.said.end - len(block.drafted), block.said.end))
    return block


def _line(said: Words, blocks: Sequence[_Block]) -> str:
    keys = [key for block in blocks for key in said.keys[block.said.start : block.said.end]]
    return f" {' '.join(keys)} "
