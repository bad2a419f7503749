"""Paragraphs and sentences as spans of a text.

Rule: a line is a paragraph; a sentence never crosses one. Spans exclude surrounding white space, so every character
that is not white space lies in exactly one sentence. Segmentation itself is sentencex's.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

import sentencex

from briefings.model import Span

_LINE = re.compile(r"\S[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]*")
# sentencex takes time quadratic in its input, so it is given a window at a time; a "sentence" longer than that is none
_WINDOW = 4_000
_OPENERS = "\"“‘'[("
_SURROGATE = re.compile("[\ud800-\udfff]")


def paragraphs(text: str) -> tuple[Span, ...]:
    """The lines of `text` that are not blank, without surrounding white space."""
    return tuple(Span(m.start(), m.start() + len(m.group().rstrip())) for m in _LINE.finditer(text))


def sentences(text: str) -> tuple[Span, ...]:
    """The sentences of `text`, in order."""
    return tuple(span for paragraph in paragraphs(text) for span in _of_paragraph(text, paragraph))


def containing(spans: Sequence[Span], offset: int) -> Span | None:
    """The one of `spans` (in order, not overlapping) in which `offset` lies."""
    at = bisect_right(spans, offset, key=lambda span: span.start) - 1
    return spans[at] if at >= 0 and offset < spans[at].end else None


def _of_paragraph(text: str, paragraph: Span) -> Iterator[Span]:
    line = paragraph.of(text)
    start = 0
    for end in _ends(line):
        piece = line[start:end]
        body = piece.strip()
        if body:
            begin = paragraph.start + start + piece.index(body)
            yield Span(begin, begin + len(body))
        start = end


def _ends(line: str) -> Iterator[int]:
    """Where sentences end in one paragraph; the last is its length."""
    start = 0
    while start < len(line):
        window = line[start : start + _WINDOW]
        ends = list(_ends_in(window))
        if len(ends) > 1 and start + len(window) < len(line):
            ends.pop()  # the window may have cut the last one short: it opens the next window
        yield from (start + end for end in ends)
        start += ends[-1]


def _ends_in(window: str) -> Iterator[int]:
    start = 0
    # sentencex takes UTF-8, which lone surrogates have no place in
    for boundary in sentencex.get_sentence_boundaries("en", _SURROGATE.sub("?", window)):
        end = boundary["end_index"]
        if end < len(window):
            # a straight opening mark belongs to the sentence it opens, not to the one before
            kept = window[start:end].rstrip(_OPENERS)
            if kept[-1:].isspace():
                end = start + len(kept)
        yield end
        start = end
