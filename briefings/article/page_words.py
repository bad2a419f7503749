"""Words of a page as the most lenient browser compares them, to check that a link's words are on the page only once.

Rule: two texts that any browser takes for the same have the same words here: case, accents, ligatures, marks and spaces
do not count. So words that occur once here occur at most once in every browser.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from unicodedata import combining

from briefings.text.folding import make_search_key

#: scripts without spaces between words (Thai to Khmer, kana, Han): every character is a word of its own
_UNSPACED = re.compile(
    "[\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
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


@dataclass(frozen=True, slots=True)
class PageWords:
    """Words of a page in order, with a blank before, between and after them."""

    #: the headline and the text
    words: str
    headline: str

    def has_once(self, words: str) -> bool:
        """Whether `words`, as `read_words` returns them, are on the page exactly once."""
        index = self.words.find(words)
        return index >= 0 and self.words.find(words, index + 1) < 0

    def has_first_after(self, words: str, opening: str) -> bool:
        """Whether the first place of `words` is directly after `opening`, the text before them."""
        return self.words.find(words) == max(0, len(read_words(f"{self.headline}\n{opening}")) - 1)


@lru_cache(maxsize=_CACHED_PAGES)
def read_page_words(text: str, headline: str) -> PageWords:
    """Return the words of a page with this headline ("" without one) above this text."""
    return PageWords(read_words(f"{headline}\n{text}"), headline)


def read_words(text: str) -> str:
    """Return the words of `text` with a blank before, between and after them, or "" without words."""
    if not text.isascii():
        text = _LETTER.sub(lambda match: _LETTERS[match.group()], _UNSPACED.sub(r" \g<0> ", text))
    key = make_search_key(text)
    return f" {key} " if key else ""


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
