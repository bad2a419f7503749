"""The form in which words are looked up: what a person types and what an article prints meet here.

Rule: a key holds letters, digits and single spaces only, so it is safe in any pattern; the key of a key is that key.
Offsets do not survive: a key finds the article or the quote, the folded view finds the place in it.
"""

import re
from unicodedata import normalize

#: accents, once decomposed from their letters; soft hyphens, joiners and direction marks, which nobody sees
_UNSEEN = re.compile("[\u0300-\u036f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_WORD = re.compile(r"[^\W_]+")


def search_key(text: str) -> str:
    """The words of `text`, folded (case, accents, ligatures) and joined by one space; "" when it has none.

    Hyphens, apostrophes and every other mark part words: "Lynch-Mob" gives "lynch mob", "Corbyn's" gives "corbyn s",
    so that "Corbyn" is found in it.
    """
    folded = text.lower() if text.isascii() else normalize("NFKD", normalize("NFKD", text).casefold())
    return " ".join(_WORD.findall(_UNSEEN.sub("", folded)))


def holds(text: str, words: str) -> bool:
    """Whether `words` stand in `text` as whole words in this order, marks and case aside; False for no words."""
    key = search_key(words)
    return bool(key) and f" {key} " in f" {search_key(text)} "
