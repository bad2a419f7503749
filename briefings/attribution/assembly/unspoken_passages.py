"""Find the passages that grammar shows to be a title or a name, and no speech.

Rule: a passage is a title after a participle of naming (a column titled “The Long Way Home”). If its words have
capitals, it is a name right before a noun (a “Keep Easton Green” hat), and a title after "on", after the name of a
station or after the kind of work (on Channel 9's “Sunday Morning Live”, his book “A Spoon for Every Soup”). All other
cases are the ranker's.
"""

from functools import lru_cache

import numpy as np

from briefings.attribution.features.document import Document
from briefings.text import lexicon
from briefings.text.learned_models import IntArray
from briefings.text.pos_tagger import TAG
from briefings.text.tokenizer import FIRST_UPPER

#: minimum share of a name's words that have capitals, small words aside
MIN_CAPITALS = 0.75
#: letters of a word that counts
MIN_LETTERS = 4
_NAMING_PARTICIPLES = frozenset(["titled", "entitled", "subtitled", "dubbed", "nicknamed", "headlined", "codenamed"])
#: works that have a title
_WORKS = lexicon.load_words("works")
_AUXILIARIES = frozenset(["has", "have", "had"])
_NOUN_TAGS = frozenset([TAG["NN"], TAG["NNS"]])


@lru_cache(maxsize=1)  # several steps ask for those of one document
def find_unspoken_passages(document: Document) -> frozenset[int]:
    """Return the numbers of these passages."""
    outer_spans = [passage.outer for passage in document.passages]
    firsts, lasts = (
        np.searchsorted(document.tokens.starts, np.array(offsets, dtype=np.int64)).tolist()
        for offsets in ([span.start for span in outer_spans], [span.end for span in outer_spans])
    )
    return frozenset(
        number
        for number, (passage, first, last) in enumerate(zip(document.passages, firsts, lasts, strict=True))
        if passage.is_closed and first > 1 and _is_title(document, first, last)
    )


def _is_title(document: Document, first: int, last: int) -> bool:
    """Tell whether a closed passage with its marks, in the tokens from `first` to before `last`, is a title."""
    words = document.tokens.words
    inside = np.flatnonzero(document.passage_ids[first:last] > 0) + first
    if not len(inside):
        return False
    before = first - 1 - (words[first - 1] in (",", ":"))
    is_passive = not _AUXILIARIES & {word.lower() for word in words[max(before - 2, 0) : before]}
    is_same_sentence = document.sentence[before] == document.sentence[first]
    if words[before].lower() in _NAMING_PARTICIPLES and is_passive and is_same_sentence:
        follows_noun = document.tags[before - 1] in (*_NOUN_TAGS, TAG["NNP"], TAG[","])
        return bool(follows_noun)
    if _has_capitals(document, inside) and _follows_station_or_work(document, first):
        return words[inside[-1]] not in ("!", "?")
    return _is_name_before_noun(document, inside, last)


def _follows_station_or_work(document: Document, first: int) -> bool:
    """Tell whether "on", "on Channel 9's" or the kind of a work is right before token `first`."""
    words, before = document.tokens.words, first - 1
    if document.sentence[before] != document.sentence[first]:
        return False
    if words[before].lower() in _WORKS or words[before].lower() == "on":
        return True
    is_possessive = document.tags[before] == TAG["POS"] or words[before].endswith(("’", "s'"))
    name = [token for token in range(max(before - 4, 0), before + 1) if words[token].lower() == "on"]
    is_name = all(not words[token].islower() for token in range(name[-1] + 1, before)) if name else False
    return is_possessive and is_name


def _has_capitals(document: Document, inside: IntArray) -> bool:
    """Tell whether a passage of two words and more begins with a capital, and so do its longer words."""
    words = document.tokens.words
    letters = [token for token in inside.tolist() if words[token][0].isalpha()]
    long_words = [token for token in letters if len(words[token]) >= MIN_LETTERS]
    if len(letters) < 2 or not long_words or letters[0] != inside[0]:
        return False
    capitals = float((document.shapes[long_words, FIRST_UPPER] > 0).mean())
    return capitals >= MIN_CAPITALS and bool(document.shapes[letters[0], FIRST_UPPER])


def _is_name_before_noun(document: Document, inside: IntArray, last: int) -> bool:
    """Tell whether a passage in capitals is followed by a noun in its sentence: “Keep Easton Green” hats."""
    words = document.tokens.words
    is_followed = (
        last < len(words)
        and document.sentence[last] == document.sentence[inside[0]]
        and document.tags[last] in _NOUN_TAGS
        and words[last].islower()
        and words[inside[-1]][-1:].isalnum()
    )
    return is_followed and _has_capitals(document, inside)
