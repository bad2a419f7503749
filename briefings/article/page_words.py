"""Words of a page as the most lenient browser compares them, to check that a link's words are on the page only once.

Rule: two texts that any browser takes for the same have the same words here: case, accents, ligatures, marks and spaces
do not count. So words that occur once here occur at most once in every browser.
Rule: words among which one is on the page only once are there only once themselves. That is cheap to see, so the words
of the whole page are read only if it does not help.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from unicodedata import combining

from briefings.model import Span
from briefings.text.folding import make_search_key, replace_punctuation

#: scripts without spaces between words (Thai to Khmer, kana, Han): every character is a word of its own
_UNSPACED = re.compile(
    "([\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])"
)
#: letters that browsers take for others, and that have no decomposition
_LETTERS = {
    "æ": "ae",
    "Æ": "ae",
    "œ": "oe",
    "Œ": "oe",
    "ø": "o",
    "Ø": "o",
    "đ": "d",
    "Đ": "d",
    "ł": "l",
    "Ł": "l",
    "ı": "i",
}
_LETTER = re.compile(f"[{''.join(_LETTERS)}]")
#: marks that join two letters or digits into one word: "don't", "U.S", "3.5"
_JOINERS = frozenset("'’.:,;·_")
#: invisible characters within a word
_INVISIBLE = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")
#: pages whose words are kept, so that the links of a briefing read each article once
_CACHED_PAGES = 64
#: fewest characters of a word, and most words, that are counted before the whole page is read
_MIN_COUNTED_LENGTH, _MAX_COUNTED_WORDS = 4, 8
#: letters and digits that every reading keeps, and marks that none keeps
_PLAIN_LETTER, _PLAIN_MARKS = re.compile("[A-Za-z0-9]"), re.compile(r"[\s!-/:-@\[-`{-~“”‘’–—…]*")
#: characters after which the position of the words is noted, and what always ends a word
_STEP, _WORD_END = 1_000, re.compile(r"[\s,.;:!?\"“”]")


@dataclass(frozen=True, slots=True)
class PageWords:
    """Words of a page in order, with a blank before, between and after them."""

    #: the headline and the text
    words: str
    headline: str
    #: ends of parts of the headline and the text, and the lengths of the words up to there, without the last blank
    part_ends: tuple[int, ...] = (0,)
    lengths: tuple[int, ...] = (0,)

    def has_once(self, words: str) -> bool:
        """Whether `words`, as `read_words` returns them, are on the page exactly once."""
        return has_once(self.words, words)

    def has_first_after(self, words: str, text: str, end: int) -> bool:
        """Whether the first place of `words` is directly after the first `end` characters of the page's text."""
        index = self.words.find(words)
        is_possible = index >= self.lengths[self._find_part(end)]  # cheap, and enough for words that a page repeats
        return is_possible and index == self._find_position(text, end)

    def _find_part(self, end: int) -> int:
        """Return the number of the part that a position of the text is in."""
        return bisect_right(self.part_ends, len(self.headline) + 1 + end) - 1

    def _find_position(self, text: str, end: int) -> int:
        """Return the position of the first word after the first `end` characters; only the last part is read again."""
        part = self._find_part(end)
        start = self.part_ends[part] - len(self.headline) - 1
        rest = text[start:end] if start >= 0 else f"{self.headline}\n{text[:end]}"[self.part_ends[part] :]
        return self.lengths[part] + max(0, len(read_words(rest)) - 1)


class Page:
    """A text under its headline ("" without one), whose words are read only as far as a question needs them."""

    __slots__ = ("_headline", "_loose_text", "_text", "_words")

    def __init__(self, text: str, headline: str) -> None:
        self._text, self._headline = text, headline
        self._loose_text = _loosen(f"{headline}\n{text}")
        self._words: str | None = None

    def has_once(self, span: Span, words: str) -> bool:
        """Whether `words`, which `read_words` returns for this span of the text, are on the page exactly once."""
        if _separates(self._text, span.start) and _separates(self._text, span.end) and self._has_rare_word(words):
            return True
        if self._words is None:
            # to read words twice could change them: "ǽ" gives "æ", and that "ae"
            is_plain = self._loose_text.isascii()
            page = None if is_plain else read_page_words(self._text, self._headline)
            self._words = page.words if page else read_words(self._loose_text)
        return has_once(self._words, words)

    def has_first_at(self, span: Span, words: str) -> bool:
        """Whether the first place on the page of `words`, which `read_words` returns for this span, is the span."""
        return read_page_words(self._text, self._headline).has_first_after(words, self._text, span.start)

    def _has_rare_word(self, words: str) -> bool:
        """Whether one of the words is on the page once; those that are long are rarer."""
        long_words = sorted({word for word in words.split() if len(word) >= _MIN_COUNTED_LENGTH}, key=len, reverse=True)
        return any(self._loose_text.count(word) == 1 for word in long_words[:_MAX_COUNTED_WORDS])


@lru_cache(maxsize=_CACHED_PAGES)
def open_page(text: str, headline: str) -> Page:
    """Return the page with this headline ("" without one) above this text."""
    return Page(text, headline)


def has_once(page_words: str, words: str) -> bool:
    """Whether `words` are among those of a page exactly once; both are as `read_words` returns them."""
    index = page_words.find(words)
    return index >= 0 and page_words.find(words, index + 1) < 0


def _loosen(text: str) -> str:
    """Return a text with the words of `text` in order, folded, each between other characters than letters and digits.

    Only the lines with other letters than those of English are read.
    """
    plain_text = replace_punctuation(text)
    if plain_text.isascii():
        return plain_text.lower()
    return "\n".join(line.lower() if line.isascii() else read_words(line) for line in plain_text.split("\n"))


def _separates(text: str, index: int) -> bool:
    """Whether `index` is surely at the edge of a word, because one of the characters beside it never is in one."""
    return any(char.isascii() and not char.isalnum() for char in text[max(0, index - 1) : index + 1]) or not (
        0 < index < len(text)
    )


@lru_cache(maxsize=_CACHED_PAGES)
def read_page_words(text: str, headline: str) -> PageWords:
    """Return the words of a page with this headline ("" without one) above this text."""
    page = f"{headline}\n{text}"
    pieces, part_ends, lengths = [], [0], [0]
    for part in _split_into_parts(page):
        words = read_words(part)[:-1]
        pieces.append(words)
        part_ends.append(part_ends[-1] + len(part))
        lengths.append(lengths[-1] + len(words))
    words = "".join(pieces)
    return PageWords(f"{words} " if words else "", headline, tuple(part_ends), tuple(lengths))


def _split_into_parts(text: str) -> Iterator[str]:
    """Yield the text in parts that end where a word ends, so that the words of the parts are those of the text."""
    start = 0
    while start < len(text):
        word_end = _WORD_END.search(text, start + _STEP)
        end = word_end.end() if word_end else len(text)
        yield text[start:end]
        start = end


def read_words(text: str) -> str:
    """Return the words of `text` with a blank before, between and after them, or "" without words."""
    if not text.isascii():
        text = _LETTER.sub(lambda match: _LETTERS[match.group()], " ".join(_UNSPACED.split(text)))
    key = make_search_key(text)
    return f" {key} " if key else ""


def has_words(text: str) -> bool:
    """Whether `read_words` returns any words of `text`."""
    return bool(_PLAIN_LETTER.search(text)) or (not _PLAIN_MARKS.fullmatch(text) and bool(read_words(text)))


def is_unspaced(text: str) -> bool:
    """Whether `text` is in a script without spaces between words, and not only has a few words of one."""
    return not text.isascii() and len(_UNSPACED.findall(text)) > len(text.split())


def is_word_edge(text: str, index: int) -> bool:
    """Whether every browser begins or ends a word at `index`. In a script without spaces only marks and blanks do."""
    before, after = text[max(0, index - 1) : index], text[index : index + 1]
    if not before or not after or before.isspace() or after.isspace():
        return True
    if _is_word_character(before) and _is_word_character(after):
        return False
    if after in _JOINERS:
        return not (_is_word_character(before) and _is_word_character(text[index + 1 : index + 2]))
    if before in _JOINERS:
        return not (_is_word_character(after) and _is_word_character(text[max(0, index - 2) : index - 1]))
    return True


def _is_word_character(char: str) -> bool:
    return bool(char) and (char.isalnum() or char in _INVISIBLE or combining(char) > 0)
