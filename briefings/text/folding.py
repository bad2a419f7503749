"""A folded view of a text for matching: same length, so that every offset in it is an offset in the original.

Rule: one character in, one character out. Curly quotes, dashes, odd spaces and case are folded; nothing is deleted.

The form in which words are looked up: what a person types and what an article prints meet here.

Rule: a key holds letters, digits and single spaces only, so it is safe in any pattern; the key of a key is that key.
Offsets do not survive: a key finds the article or the quote, the folded view finds the place in it.
"""

import re
from unicodedata import normalize

_FOLDED_MARKS = {
    **dict.fromkeys("“”„‟«»″", '"'),
    **dict.fromkeys("‘’‚‛′ʼ`´", "'"),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **dict.fromkeys(
        "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t", " "
    ),
}
_TRANSLATION_TABLE = str.maketrans(_FOLDED_MARKS)


def fold(text: str) -> str:
    """`text` with quotation marks, dashes, spaces and case folded; `len(fold(text)) == len(text)` always.

    A character whose lower case is longer than one ("İ") is left as it is.
    """
    translated = text.translate(_TRANSLATION_TABLE)
    lowercase_text = translated.lower()
    if len(lowercase_text) == len(translated):
        return lowercase_text
    return "".join(lowercase_char if len(lowercase_char := char.lower()) == 1 else char for char in translated)


#: accents, once decomposed from their letters; soft hyphens, joiners and direction marks, which nobody sees
_INVISIBLE_CHARACTERS = re.compile("[\u0300-\u036f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_WORD = re.compile(r"[^\W_]+")
#: marks that news is full of and that part words: without them nearly every text is ASCII, which is folded far faster
_PUNCTUATION = "“”‘’–—…\u00a0"
_ASCII_WORD_TABLE = bytes(code if chr(code).isalnum() and code < 128 else ord(" ") for code in range(256))


def make_search_key(text: str) -> str:
    """The words of `text`, folded (case, accents, ligatures) and joined by one space; "" when it has none.

    Hyphens, apostrophes and every other mark part words: "Lynch-Mob" gives "lynch mob", "Corbyn's" gives "corbyn s",
    so that "Corbyn" is found in it.
    """
    if not text.isascii():
        for punctuation_mark in _PUNCTUATION:
            text = text.replace(punctuation_mark, " ")
    if text.isascii():
        return b" ".join(text.lower().encode().translate(_ASCII_WORD_TABLE).split()).decode()
    folded_text = normalize("NFKD", normalize("NFKD", text).casefold())
    return " ".join(_WORD.findall(_INVISIBLE_CHARACTERS.sub("", folded_text)))


def contains_phrase(text: str, phrase: str) -> bool:
    """Whether `words` stand in `text` as whole words in this order, marks and case aside; False for no words."""
    phrase_key = make_search_key(phrase)
    return bool(phrase_key) and f" {phrase_key} " in f" {make_search_key(text)} "
