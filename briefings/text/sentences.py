"""Split text into paragraphs and sentences, as spans.

Rule: a line is a paragraph, and a sentence never crosses a line. Hard-wrapped lines count as one line. Spans exclude
surrounding white space, so every visible character is in exactly one sentence. The library sentencex finds the
sentence boundaries. We drop a boundary after an abbreviation ("Ms.", "6 p.m. Monday", "A.N. Other") or before a small
letter.
"""

import re
from collections.abc import Iterator

import sentencex

from briefings.model import Span
from briefings.text import lexicon
from briefings.text.folding import fold
from briefings.text.wrapped_lines import unwrap_lines

_LINE = re.compile(r"\S[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]*")
# sentencex takes quadratic time, so it gets one window at a time; no real sentence is longer than a window
_MAX_WINDOW_LENGTH = 4_000
_OPENING_MARKS = "\"“‘'[("
_SURROGATE = re.compile("[\ud800-\udfff]")
#: the last word before a boundary, without the marks that open it
_LAST_WORD = re.compile(r"(?:[^\s(\[\"“‘']*?[-/])?([^\s(\[\"“‘'/-]+)\.$")
_INITIALS = re.compile(r"[^\W\d_](?:\.[^\W\d_])*")
_CLOCK = re.compile(r"[ap]\.?m", re.IGNORECASE)
_MONTH = re.compile(r"(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|No|Nos|Art|Sec|Fig)")
#: a state or company form, which ends a sentence only before a word that opens one
_SHORTENED = re.compile(r"[A-Z][a-z]{1,4}|[A-Z]\.[A-Z]")
_NEXT_WORD = re.compile(r"[^\W_][\w’'-]*")
#: characters before a boundary that can belong to its last word
_MAX_LAST_WORD = 24


def split_paragraphs(text: str) -> tuple[Span, ...]:
    """Return the lines of `text` that are not blank, without surrounding white space."""
    return tuple(Span(m.start(), m.start() + len(m.group().rstrip())) for m in _LINE.finditer(unwrap_lines(text)))


def split_sentences(text: str) -> tuple[Span, ...]:
    """Return the sentences of `text`, in order."""
    unwrapped_text = unwrap_lines(text)
    return tuple(span for paragraph in split_paragraphs(text) for span in _split_paragraph(unwrapped_text, paragraph))


def _split_paragraph(text: str, paragraph: Span) -> Iterator[Span]:
    paragraph_text = paragraph.of(text)
    start = 0
    for end in _find_sentence_ends(paragraph_text):
        piece = paragraph_text[start:end]
        stripped_piece = piece.strip()
        if stripped_piece:
            start_offset = paragraph.start + start + piece.index(stripped_piece)
            yield Span(start_offset, start_offset + len(stripped_piece))
        start = end


def _find_sentence_ends(line: str) -> Iterator[int]:
    """Yield the offsets where sentences end in one paragraph; the last one is its length."""
    start = 0
    while start < len(line):
        window = line[start : start + _MAX_WINDOW_LENGTH]
        ends = list(_find_ends_in_window(window))
        if len(ends) > 1 and start + len(window) < len(line):
            ends.pop()  # the window may have cut the last sentence short, so it opens the next window
        yield from (start + end for end in ends)
        start += ends[-1]


def _find_ends_in_window(window: str) -> Iterator[int]:
    start = 0
    # sentencex takes UTF-8, which cannot encode lone surrogates
    for boundary in sentencex.get_sentence_boundaries("en", _SURROGATE.sub("?", window)):
        end = boundary["end_index"]
        if end < len(window):
            # a straight opening mark belongs to the sentence it opens, not to the previous one
            sentence_text = window[start:end].rstrip(_OPENING_MARKS)
            if sentence_text[-1:].isspace():
                end = start + len(sentence_text)
            if _is_false_end(window, end):
                continue
        yield end
        start = end


def _is_false_end(window: str, end: int) -> bool:
    """Tell whether a boundary is inside a sentence: before a small letter, or after an abbreviation that goes on."""
    following = window[end : end + 40].lstrip()
    if not following or following[0].islower():
        return bool(following)
    last_word = _LAST_WORD.search(window[max(0, end - _MAX_LAST_WORD) : end].rstrip())
    if last_word is None:
        return False
    abbreviation = last_word[1]
    if abbreviation[0].isupper() and fold(abbreviation) in lexicon.load_words("never_final"):
        return True
    if _MONTH.fullmatch(abbreviation):
        return following[0].isdigit()
    next_word = _NEXT_WORD.match(following)
    next_key = fold(next_word.group()) if next_word else ""
    if _CLOCK.fullmatch(abbreviation):
        return next_key in lexicon.load_words("after_clock")
    is_initials = _INITIALS.fullmatch(abbreviation) is not None and abbreviation != "I"
    is_shortened = _SHORTENED.fullmatch(abbreviation) and fold(abbreviation) in lexicon.load_words("abbreviations")
    return (is_initials or bool(is_shortened)) and bool(next_key) and not _opens_sentence(next_key)


def _opens_sentence(word: str) -> bool:
    return word in lexicon.load_words("stop_words") or word in lexicon.load_words("openers")
