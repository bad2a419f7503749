"""Align quoted words with a source: find exact matches, measure similarity, and list the differences.

Rule: quotation marks, capitals, accents and hyphens belong to the paper and are ignored. Words, figures and currency
signs belong to the speaker, as does an apostrophe that makes another word ("we're", "were"). An omission ("…") or words
in brackets split a quotation into pieces.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from briefings.draft_report import Change
from briefings.model import Span
from briefings.text import lexicon
from briefings.text.folding import fold, make_search_key

#: invisible characters inside a word: combining accents, soft hyphens, joiners
_INVISIBLE_CHARACTERS = "\u0300-\u036f\u00ad\u200b-\u200f\u2060\ufeff"
_LETTERS = rf"(?:[^\W\d_][{_INVISIBLE_CHARACTERS}]*)+"
_WORD_PATTERN = re.compile(rf"\bper cent\b|%|[£$€¥]|\d+(?:[.,]\d+)*|{_LETTERS}(?:'{_LETTERS})*")
_GAP_PATTERN = re.compile(r"\[[^\[\]]*\]|\((?:…|\.\s?\.\s?\.)\)|…|\.(?:\s?\.){2,}")
_THOUSANDS_PATTERN = re.compile(r"\d{1,3}(?:,\d{3})+")
#: texts that share this many words in a row are one utterance
MIN_SHARED_RUN = 6
_SHARED_RUN_SIMILARITY = 0.8
#: minimum similarity of texts that share no significant word
_MIN_SIMILARITY = 0.75
#: maximum words of either side that are compared one by one
_MAX_COMPARED_WORDS = 2_000
#: words at the start of a quotation that are used to locate it, and the maximum characters to search
_MAX_OPENING_WORDS, _MAX_LINE_CHARACTERS = 60, 50_000
#: additional words on either side of the most likely match, besides half the quotation's length
_WINDOW_MARGIN = 4


@dataclass(frozen=True, slots=True)
class Words:
    """Words of a text in order: the keys to compare, and the half-open offsets of each word."""

    keys: tuple[str, ...]
    spans: tuple[Span, ...]
    #: compounds written with a hyphen, and their two words: {"lynchmob": ("lynch", "mob")}
    compounds: Mapping[str, tuple[str, str]]

    @property
    def line(self) -> str:
        """Return the keys as one string, with a blank on either side of each."""
        return f" {' '.join(self.keys)} "

    def get_span(self, first: int, last: int) -> Span:
        """Return the span from word `first` up to, but not including, word `last`; empty when they are equal."""
        if first < last:
            return Span(self.spans[first].start, self.spans[last - 1].end)
        offset = self.spans[first - 1].end if first else 0
        return Span(offset, offset)


@dataclass(frozen=True, slots=True)
class Similarity:
    """Similarity of two texts, 0 to 1, and their differences as offsets into both."""

    score: float
    changes: tuple[Change, ...]
    #: share of equal words
    word_score: float = 0.0
    #: both have a significant word in common, or they are so similar that it does not matter
    is_significant: bool = False


def split_words(text: str, span: Span) -> Words:
    """Return the words of `text` inside `span`, with offsets into `text`."""
    folded = fold(text[span.start : span.end])
    matches = list(_WORD_PATTERN.finditer(folded))
    keys = tuple(_make_word_key(match.group()) for match in matches)
    spans = tuple(Span(span.start + match.start(), span.start + match.end()) for match in matches)
    hyphen_indexes = (
        index for index in range(len(matches) - 1) if folded[matches[index].end() : matches[index + 1].start()] == "-"
    )
    pairs = (keys[index : index + 2] for index in hyphen_indexes)
    return Words(
        keys, spans, {first + second: (first, second) for first, second in pairs if (first + second).isalpha()}
    )


def join_words(parts: Sequence[Words]) -> Words:
    """Join several sequences of words into one."""
    keys, spans = (key for words in parts for key in words.keys), (span for words in parts for span in words.spans)
    return Words(
        tuple(keys),
        tuple(spans),
        {key: compound_words for words in parts for key, compound_words in words.compounds.items()},
    )


def split_compounds(words: Words, compounds: Mapping[str, tuple[str, str]]) -> Words:
    """Split the words that are keys of `compounds` into two, as they are written with a hyphen elsewhere."""
    if compounds.keys().isdisjoint(words.keys):
        return words
    keys = [compounds.get(key, (key,)) for key in words.keys]
    spans = [span for span, split_keys in zip(words.spans, keys, strict=True) for _ in split_keys]
    return Words(tuple(key for split_keys in keys for key in split_keys), tuple(spans), words.compounds)


def split_pieces(text: str, span: Span) -> tuple[Words, ...]:
    """Return the pieces of a quotation between omissions and brackets. Pieces without words are dropped."""
    start, split_words_pieces = span.start, []
    for gap in _GAP_PATTERN.finditer(text, span.start, span.end):
        split_words_pieces.append(split_words(text, Span(start, gap.start())))
        start = gap.end()
    split_words_pieces.append(split_words(text, Span(start, span.end)))
    return tuple(piece for piece in split_words_pieces if piece.keys)


def locate_parts(parts: Sequence[Words], source: Words) -> tuple[Span, ...] | None:
    """Return the spans of `parts` in `source`, complete and in order; None when they are not all there.

    Of several matches it returns the most compact one with the earliest end.
    """
    parts, source = _split_all_compounds(parts, source)
    line = source.line
    end_offset, offset = 0, 0
    for part in parts:
        offset = line.find(part.line, end_offset)
        if offset < 0:
            return None
        end_offset = offset + len(part.line) - 1
    spans: list[Span] = []
    for part in reversed(parts):
        offset = line.rfind(part.line, 0, end_offset + 1)
        word_index = line.count(" ", 0, offset)
        spans.append(source.get_span(word_index, word_index + len(part.keys)))
        end_offset = offset
    return tuple(reversed(spans))


def iterate_locations(parts: Sequence[Words], source: Words, limit: int) -> Iterator[tuple[Span, ...]]:
    """Yield up to `limit` matches of `parts` in `source`, first to last."""
    for _ in range(limit):
        spans = locate_parts(parts, source)
        if spans is None:
            return
        yield spans
        word_index = bisect_right(source.spans, spans[0].start, key=lambda span: span.start)
        source = Words(source.keys[word_index:], source.spans[word_index:], source.compounds)


def measure_similarity(parts: Sequence[Words], source: Words) -> Similarity:
    """Compare a quotation's `parts` with the most similar passage of `source`; list the words that only one has."""
    parts, source = _split_all_compounds(parts, source)
    draft = _truncate_words(join_words(parts))
    if not draft.keys or not source.keys:
        return Similarity(0.0, ())
    gaps = {sum(len(part.keys) for part in parts[:part_count]) for part_count in range(len(parts) + 1)}
    windows = {(0, len(source.keys))} if len(parts) > 1 else _find_windows(draft, source)
    return max(
        (_measure_window_similarity(draft, source, window, gaps) for window in sorted(windows)),
        key=_make_similarity_key,
    )


def _make_similarity_key(similarity: Similarity) -> float:
    return similarity.score + similarity.word_score


def _measure_window_similarity(draft: Words, source: Words, window: tuple[int, int], gaps: set[int]) -> Similarity:
    blocks = _align_blocks(draft, source, window[0], min(window[1], window[0] + _MAX_COMPARED_WORDS), gaps)
    differing_blocks = [block for block in blocks if not block.is_same]
    size = sum(block.size for block in blocks)
    word_score = 1 - sum(block.size for block in differing_blocks) / size if size else 0.0
    letter_score = fuzz.ratio(draft.line, _join_block_keys(source, blocks)) / 100
    run_score = (
        _SHARED_RUN_SIMILARITY
        if max((block.size for block in blocks if block.is_same), default=0) >= _get_min_run(draft, source)
        else 0
    )
    shared_keys = {
        key
        for equal_block in blocks
        if equal_block.is_same
        for key in draft.keys[equal_block.draft.start : equal_block.draft.end]
    }
    is_significant = (
        word_score >= _MIN_SIMILARITY
        or letter_score >= _MIN_SIMILARITY
        or bool(shared_keys - lexicon.load_words("stop_words"))
    )
    return Similarity(
        max(word_score, letter_score, run_score),
        tuple(block.to_change(draft, source) for block in differing_blocks),
        word_score,
        is_significant,
    )


@dataclass(frozen=True, slots=True)
class _Block:
    """Run of words that both sides have, or that differ: ranges of word indexes."""

    is_same: bool
    draft: Span
    source: Span

    @property
    def size(self) -> int:
        return max(len(self.draft), len(self.source))

    def to_change(self, draft: Words, source: Words) -> Change:
        return Change(
            draft.get_span(self.draft.start, self.draft.end), source.get_span(self.source.start, self.source.end)
        )


def _split_all_compounds(parts: Sequence[Words], source: Words) -> tuple[Sequence[Words], Words]:
    """Split, on both sides, every compound that either side writes with a hyphen."""
    compounds = {key: compound_words for part in parts for key, compound_words in part.compounds.items()}
    return [split_compounds(part, source.compounds) for part in parts], split_compounds(source, compounds)


def _make_word_key(word: str) -> str:
    if word in ("%", "percent", "per cent"):
        return "percent"
    if _THOUSANDS_PATTERN.fullmatch(word):
        return word.replace(",", "")
    return word if word.isascii() else make_search_key(word).replace(" ", "'") or word


def _truncate_words(words: Words) -> Words:
    return Words(words.keys[:_MAX_COMPARED_WORDS], words.spans[:_MAX_COMPARED_WORDS], words.compounds)


def _get_min_run(draft: Words, source: Words) -> int:
    """Return how many words in a row identify an utterance; at most all words of the shorter text."""
    return max(4, min(MIN_SHARED_RUN, len(source.keys), len(draft.keys)))


def _find_windows(draft: Words, source: Words) -> set[tuple[int, int]]:
    """Return the ranges of source words to compare: the most similar letters, and the longest run of equal words."""
    if len(draft.keys) >= len(source.keys):
        return {(0, len(source.keys))}
    line, ranges, size = source.line[:_MAX_LINE_CHARACTERS], set(), len(draft.keys)
    opening = f" {' '.join(draft.keys[:_MAX_OPENING_WORDS])} "
    if len(opening) < len(line) and (alignment := fuzz.partial_ratio_alignment(opening, line)):
        first = line.count(" ", 0, alignment.dest_start)
        ranges.add((first, max(first + size, line.count(" ", 0, alignment.dest_end))))
    match = SequenceMatcher(None, draft.keys, source.keys[:_MAX_COMPARED_WORDS], autojunk=False).find_longest_match()
    ranges.add((match.b - match.a, match.b - match.a + size))
    wide_margin = _WINDOW_MARGIN + size // 2
    return {
        (max(0, first - margin), min(len(source.keys), last + margin))
        for first, last in ranges
        for margin in (0, wide_margin)
    }


def _align_blocks(draft: Words, source: Words, start: int, end: int, gaps: set[int]) -> list[_Block]:
    """Return the compared blocks, without words that only `source` has at the quotation's gaps and ends."""
    blocks = [
        _Block(
            opcode.tag == "equal",
            Span(opcode.src_start, opcode.src_end),
            Span(start + opcode.dest_start, start + opcode.dest_end),
        )
        for opcode in Levenshtein.opcodes(draft.keys, source.keys[start:end])
    ]
    while blocks and not len(blocks[0].draft):
        blocks = blocks[1:]
    while blocks and not len(blocks[-1].draft):
        blocks = blocks[:-1]
    blocks = _move_end_block(_move_end_block(_merge_differing_blocks(blocks), draft, source, -1), draft, source, 1)
    trimmed_blocks = [_trim_end_block(block, len(draft.keys)) for block in blocks]
    return [
        block for block in trimmed_blocks if len(block.draft) or (len(block.source) and block.draft.start not in gaps)
    ]


def _merge_differing_blocks(blocks: Sequence[_Block]) -> list[_Block]:
    """Merge neighbouring blocks that differ."""
    merged_blocks: list[_Block] = []
    for block in blocks:
        if merged_blocks and not merged_blocks[-1].is_same and not block.is_same:
            previous = merged_blocks.pop()
            block = _Block(
                False, Span(previous.draft.start, block.draft.end), Span(previous.source.start, block.source.end)
            )
        merged_blocks.append(block)
    return merged_blocks


def _move_end_block(blocks: list[_Block], draft: Words, source: Words, side: int) -> list[_Block]:
    """Move words at one end (-1: start, 1: end) to an equal occurrence in `source` that is closer to the rest.

    In "the leader of the party", the quotation "the party" starts with the second "the".
    """
    if len(blocks) < 3:
        return blocks
    end_block, gap_block = (blocks[0], blocks[1]) if side < 0 else (blocks[-1], blocks[-2])
    size = len(end_block.draft)
    if not end_block.is_same or len(gap_block.draft) or len(gap_block.source) < size:
        return blocks
    moved_span = (
        Span(gap_block.source.end - size, gap_block.source.end)
        if side < 0
        else Span(gap_block.source.start, gap_block.source.start + size)
    )
    if source.keys[moved_span.start : moved_span.end] != draft.keys[end_block.draft.start : end_block.draft.end]:
        return blocks
    moved_block = _Block(True, end_block.draft, moved_span)
    return [moved_block, *blocks[2:]] if side < 0 else [*blocks[:-2], moved_block]


def _trim_end_block(block: _Block, size: int) -> _Block:
    """Trim a differing block at an end of the quotation to the same number of words on both sides."""
    if block.is_same or len(block.draft) >= len(block.source):
        return block
    if block.draft.end == size:
        return _Block(False, block.draft, Span(block.source.start, block.source.start + len(block.draft)))
    if block.draft.start == 0:
        return _Block(False, block.draft, Span(block.source.end - len(block.draft), block.source.end))
    return block


def _join_block_keys(source: Words, blocks: Sequence[_Block]) -> str:
    keys = [key for block in blocks for key in source.keys[block.source.start : block.source.end]]
    return f" {' '.join(keys)} "
