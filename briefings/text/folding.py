"""Fold text for matching (same length, same offsets) and build search keys (normalised words).

Rule: `fold` replaces one character by one character. It folds curly quotes, dashes, odd spaces and case, and deletes
nothing. Rule: a search key contains only letters, digits and single spaces, so it is safe in any pattern. The key of
a key is the same key. A key has no offsets: use it to find the article or quote, then the folded text to find the
position.
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
#: combining accents after decomposition, soft hyphens, joiners and direction marks: all invisible
_INVISIBLE_CHARACTERS = re.compile("[\u0300-\u036f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_WORD = re.compile(r"[^\W_]+")
_COUNTRY = re.compile(r"(?<!\w)us(?!\w)")
#: common marks that separate words; without them nearly every text is ASCII, which folds far faster
_PUNCTUATION = "“”‘’–—…\u00a0"
_ASCII_WORD_TABLE = bytes(code if chr(code).isalnum() and code < 128 else ord(" ") for code in range(256))

#: unusual double marks, a closing mark that opens, and the pairs in a line that are folded. The sign ″ after a figure
#: means inches.
_UNUSUAL = "„»＂″❝❞〝〞"
_OPENING_CLOSER = re.compile(r"”(?<![^\s(\[]”)\w")  # its mark first, because a text is searched for that fast
_PAIRS = (
    re.compile(r"„(?P<words>[^„“”\"\n]*)[“”‟]"),
    re.compile(r"(?<!\w)»(?P<words>(?=\w)[^«»\n]*)«"),
    re.compile(r"(?<![^\s(\[—–-])”(?P<words>(?=\w)[^“”\n]*)”"),
    re.compile(r"(?<!\d)″(?P<words>(?=\w)[^″\n]*)(?<!\d)″"),
    re.compile(r"＂(?P<words>[^＂\n]*)＂"),
    re.compile(r"❝(?P<words>[^❝❞\n]*)❞"),
    re.compile(r"〝(?P<words>[^〝〞〟\n]*)[〞〟]"),
)


def fold(text: str) -> str:
    """Return `text` with quotation marks, dashes, spaces and case folded. The result has the same length.

    A character whose lower case is longer than one character ("İ") is unchanged.
    """
    translated = text.translate(_TRANSLATION_TABLE)
    lowercase_text = translated.lower()
    if len(lowercase_text) == len(translated):
        return lowercase_text
    return "".join(lowercase_char if len(lowercase_char := char.lower()) == 1 else char for char in translated)


def fold_prose(text: str) -> str:
    """Return `fold(text)` with the country "US" in capitals, so that no pattern takes it for the pronoun "us"."""

    def restore(match: re.Match[str]) -> str:
        return "US" if text[match.start() : match.end()] == "US" else match.group()

    return _COUNTRY.sub(restore, fold(text))


def make_search_key(text: str) -> str:
    """Return the words of `text`, folded (case, accents, ligatures) and joined by one space; "" if it has none.

    Hyphens, apostrophes and all other marks separate words: "Lynch-Mob" gives "lynch mob". "Corbyn's" gives "corbyn
    s", so that a search for "Corbyn" matches it.
    """
    text = replace_punctuation(text)
    if text.isascii():
        return b" ".join(text.lower().encode().translate(_ASCII_WORD_TABLE).split()).decode()
    folded_text = normalize("NFKD", normalize("NFKD", text).casefold())
    return " ".join(_WORD.findall(_INVISIBLE_CHARACTERS.sub("", folded_text)))


def split_words(text: str) -> list[str]:
    """Return the runs of letters and digits in `text`, in order and as they are written."""
    plain_text = replace_punctuation(text)
    if plain_text.isascii():
        return plain_text.encode().translate(_ASCII_WORD_TABLE).decode().split()
    return _WORD.findall(text)


def replace_punctuation(text: str) -> str:
    """Return `text` with its curly quotes, dashes and "…" as spaces: then nearly every English text is ASCII."""
    if not text.isascii():
        for punctuation_mark in _PUNCTUATION:
            text = text.replace(punctuation_mark, " ")
    return text


def make_text_key(text: str) -> str:
    """Return the search key of a text between two spaces, so that whole words can be looked for in it."""
    return f" {make_search_key(text)} "


def contains_phrase(text: str, phrase: str) -> bool:
    """Whether `text` contains the words of `phrase` in this order, ignoring marks and case.

    False if `phrase` has no words.
    """
    phrase_key = make_search_key(phrase)
    return bool(phrase_key) and f" {phrase_key} " in f" {make_search_key(text)} "


def fold_quotation_marks(text: str) -> str:
    """Return `text` with unusual pairs of double marks replaced by curly ones. The length stays the same."""
    if not has_unusual_marks(text):
        return text
    for pair in _PAIRS:
        text = pair.sub(lambda match: f"“{match['words']}”", text)
    return text


def has_unusual_marks(text: str) -> bool:
    """Whether `text` has an unusual double mark, or a closing mark that opens."""
    return any(mark in text for mark in _UNUSUAL) or _OPENING_CLOSER.search(text) is not None
