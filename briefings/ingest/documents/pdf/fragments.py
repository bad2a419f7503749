"""Extract the fragments of text of a PDF page, with their positions.

Rule: a fragment is text on one baseline without a wide gap. Text at another angle than most of the page (a watermark,
a note along the margin) is dropped.
"""

import ctypes
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import pypdfium2
from pypdfium2 import raw

#: character that the library puts in place of a hyphen at a line end; our own mark for it at the end of a fragment
_LINE_END_HYPHENS = frozenset("\ufffe\x02\u00ad")
LINE_END_HYPHEN = "\ufffe"
#: widest gap inside a fragment, and largest shift of its baseline, both as a share of the height of its letters
_MAX_GAP, _MAX_SHIFT = 1.2, 0.4
#: raise of a small figure, which is a fragment of its own, as a share of the height of letters
_MIN_RAISE = 0.1
_SPACES = frozenset(" \t\u00a0\u2002\u2003\u2009\u200a\u202f\u3000")
_LINE_ENDS = frozenset("\r\n\x0b\x0c\x1c\x1d\x1e\u2028\u2029")
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
#: one of this number of characters is checked for a table
_SAMPLE_STEP = 8
_RIGHT_ANGLE = math.pi / 2
_FIRST_PRIVATE, _LAST_PRIVATE, _FIRST_PRINTABLE = 0xE000, 0xF8FF, 0x20


@dataclass(frozen=True, slots=True)
class Fragment:
    """Text on one baseline `y`, from `start` to `end`, with the height of its letters. Up is positive."""

    text: str
    start: float
    end: float
    y: float
    size: float

    def overlaps(self, other: "Fragment") -> bool:
        """Tell whether the two share a part of their width."""
        return min(self.end, other.end) > max(self.start, other.start)


@dataclass(frozen=True, slots=True)
class PageText:
    """Fragments of a page in the order of the file, with the page's size and its numbers of characters."""

    fragments: Sequence[Fragment]
    width: float
    height: float
    characters: int
    #: characters that are no letters, and the estimated number of those that no table maps to Unicode
    unreadable: int
    unmapped: int


def extract_page(page: pypdfium2.PdfPage) -> PageText:
    """Return the text of a page. Raises PdfiumError if the page is damaged."""
    text_page = page.get_textpage()
    try:
        extraction = _Extraction(text_page)
        turned_fragments = list(extraction.read_fragments())
    finally:
        text_page.close()
    angles: Counter[int] = Counter()
    for angle, fragment in turned_fragments:
        angles[angle] += len(fragment.text)
    main_angle = angles.most_common(1)[0][0] if angles else 0
    fragments = [fragment for angle, fragment in turned_fragments if angle == main_angle]
    width, height = page.get_size()
    return PageText(fragments, width, height, extraction.characters, extraction.unreadable, extraction.unmapped)


class _Extraction:
    """Reads one page character by character."""

    def __init__(self, text_page: pypdfium2.PdfTextPage) -> None:
        self._text_page = text_page.raw
        self._length = text_page.count_chars()
        self.characters = self.unreadable = self.unmapped = 0

    def read_fragments(self) -> Iterator[tuple[int, Fragment]]:
        """Yield each fragment with its angle in quarters of a turn; its position is as if it were not turned."""
        text_page, get_unicode, get_origin = self._text_page, raw.FPDFText_GetUnicode, raw.FPDFText_GetCharOrigin
        x, y = ctypes.c_double(), ctypes.c_double()
        x_pointer, y_pointer = ctypes.byref(x), ctypes.byref(y)
        chars: list[str] = []
        first = last = 0
        last_x = base_y = size = 0.0
        for index in range(self._length):
            char = chr(get_unicode(text_page, index))
            if char in _SPACES:
                if chars and chars[-1] != " ":
                    chars.append(" ")
                continue
            if char in _LINE_ENDS or char in _LINE_END_HYPHENS:
                if chars:
                    if char in _LINE_END_HYPHENS:
                        chars.append(LINE_END_HYPHEN)
                    yield from self._finish(chars, first, last, size)
                chars = []
                continue
            if not self._count(index, char):
                continue
            get_origin(text_page, index, x_pointer, y_pointer)
            is_raised = char.isdigit() and y.value - base_y > _MIN_RAISE * size
            if chars and (is_raised or self._is_apart(x.value - last_x, y.value - base_y, size, last, x.value)):
                yield from self._finish(chars, first, last, size)
                chars = []
            if not chars:
                first, base_y = index, y.value
                size = self._measure(index)[2] or 1.0
            chars.append(_LIGATURES.get(char, char))
            last, last_x = index, x.value
        if chars:
            yield from self._finish(chars, first, last, size)

    def _count(self, index: int, char: str) -> bool:
        """Count a character, and tell whether it is a letter, figure or mark."""
        self.characters += 1
        if not index % _SAMPLE_STEP and raw.FPDFText_HasUnicodeMapError(self._text_page, index) > 0:
            self.unmapped += _SAMPLE_STEP
        code = ord(char)
        if code < _FIRST_PRINTABLE or _FIRST_PRIVATE <= code <= _LAST_PRIVATE or char == "\ufffd":
            self.unreadable += 1
            return False
        return True

    def _is_apart(self, step: float, shift: float, size: float, last: int, x: float) -> bool:
        """Tell whether a character that is this far from the last one begins another fragment."""
        if self._get_quarter(last):
            return False  # the library's own line ends must do
        if abs(shift) > _MAX_SHIFT * size or step < -size:
            return True
        return step > size * _MAX_GAP and x - self._measure(last)[1] > size * _MAX_GAP

    def _finish(self, chars: Sequence[str], first: int, last: int, size: float) -> Iterator[tuple[int, Fragment]]:
        text = "".join(chars).strip()
        if not text:
            return
        quarter = self._get_quarter(first)
        start, _, first_size, bottom, top = self._measure_box(first)
        _, end, last_size, last_bottom, last_top = self._measure_box(last)
        # the first letters may have another font
        size = sorted((first_size, self._measure((first + last) // 2)[2] or size, last_size))[1] or size
        x, y = ctypes.c_double(), ctypes.c_double()
        raw.FPDFText_GetCharOrigin(self._text_page, first, ctypes.byref(x), ctypes.byref(y))
        fragment = Fragment(text, start, max(start, end), y.value, size)
        if quarter == 1:
            fragment = replace(fragment, start=bottom, end=max(bottom, last_top), y=-x.value)
        elif quarter == 2:
            fragment = replace(fragment, start=-end, end=max(-end, -start), y=-y.value)
        elif quarter == 3:
            fragment = replace(fragment, start=-top, end=max(-top, -last_bottom), y=x.value)
        yield quarter, fragment

    def _get_quarter(self, index: int) -> int:
        angle = raw.FPDFText_GetCharAngle(self._text_page, index)
        return round(angle / _RIGHT_ANGLE) % 4 if angle > 0 else 0

    def _measure(self, index: int) -> tuple[float, float, float]:
        """Return the left and right end and the height of a character's font."""
        start, end, size, _, _ = self._measure_box(index)
        return start, end, size

    def _measure_box(self, index: int) -> tuple[float, float, float, float, float]:
        box = raw.FS_RECTF()
        raw.FPDFText_GetLooseCharBox(self._text_page, index, ctypes.byref(box))
        is_upright = self._get_quarter(index) % 2 == 0
        height = abs(box.top - box.bottom) if is_upright else abs(box.right - box.left)
        return box.left, box.right, height, min(box.bottom, box.top), max(box.bottom, box.top)
