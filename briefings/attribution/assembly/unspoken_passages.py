"""Find the passages that grammar shows to be a title or a name, and no speech.

Rule: a passage is a title after a participle of naming (a column titled “The Long Way Home”), and a name if its words
have capitals and it stands right before a noun (a “Keep Easton Green” hat). All other cases are the ranker's.
"""

import numpy as np

from briefings.attribution.features.document import Document
from briefings.text.learned_models import IntArray
from briefings.text.pos_tagger import TAG
from briefings.text.tokenizer import FIRST_UPPER

#: minimum share of a name's words that have capitals, small words aside
MIN_CAPITALS = 0.75
#: letters of a word that counts
MIN_LETTERS = 4
_NAMING_PARTICIPLES = frozenset(["titled", "entitled", "subtitled", "dubbed", "nicknamed", "headlined", "codenamed"])
_AUXILIARIES = frozenset(["has", "have", "had"])
_NOUN_TAGS = frozenset([TAG["NN"], TAG["NNS"]])


def find_unspoken_passages(document: Document) -> set[int]:
    """Return the numbers of these passages."""
    return {number for number in range(len(document.passages)) if _is_title(document, number)}


def _is_title(document: Document, number: int) -> bool:
    words, passage = document.tokens.words, document.passages[number]
    first = int(np.searchsorted(document.tokens.starts, passage.outer.start))
    last = int(np.searchsorted(document.tokens.starts, passage.outer.end))
    inside = np.flatnonzero(document.passage_ids[first:last] > 0) + first
    if not passage.is_closed or not len(inside) or first < 2:
        return False
    before = first - 1 - (words[first - 1] in (",", ":"))
    is_passive = not _AUXILIARIES & {word.lower() for word in words[max(before - 2, 0) : before]}
    is_same_sentence = document.sentence[before] == document.sentence[first]
    if words[before].lower() in _NAMING_PARTICIPLES and is_passive and is_same_sentence:
        follows_noun = document.tags[before - 1] in (*_NOUN_TAGS, TAG["NNP"], TAG[","])
        return bool(follows_noun)
    return _is_name_before_noun(document, inside, last)


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
    long_words = [token for token in inside.tolist() if len(words[token]) >= MIN_LETTERS and words[token][0].isalpha()]
    if not is_followed or not long_words:
        return False
    capitals = float((document.shapes[long_words, FIRST_UPPER] > 0).mean())
    return capitals >= MIN_CAPITALS and bool(document.shapes[inside[0], FIRST_UPPER])
