"""Mends the tagger's mistakes that would hide a speaker: "said Devine" as an adjective, "Kovak answers" as a plural.

Rule: only capitals, ages and cues are looked at; what stands before a noun stays what it is ("American officials").
"""

import numpy as np

from briefings.text.arrays import Bools, Floats, Ints
from briefings.text.shapes import FIRST_UPPER, SUFFIX2, WORD, word_hash
from briefings.text.tagger import TAG

#: a plural or unknown noun behind a name is a verb when it is this likely to head a cue
LIKELY_CUE = 0.15
_NOMINAL = [TAG[tag] for tag in ("NN", "NNS", "NNP", "JJ", "CD")]
_TELLING = [TAG[tag] for tag in ("VBD", "VBZ", "MD")]
_CLOSING = [*_TELLING, *(TAG[tag] for tag in (",", ".", "''"))]
_DESCRIBING = [TAG[tag] for tag in ("JJ", "NN", "VBD")]
_AGES = [word_hash(word) for word in ("year-old", "year-olds")]


def amended(tags: Ints, known: Ints, shapes: Ints, sentence: Ints, inside: Ints) -> Ints:
    """The tags, names and ages put right. `known` is 0 for words the tagger never met."""
    if not len(tags):
        return tags
    out = tags.copy()
    behind = np.r_[tags[1:], -1]
    opens = np.r_[True, (np.diff(sentence) > 0) | ((np.diff(inside) != 0) & (inside[1:] > 0))]
    closed = np.r_[False, tags[:-1] == TAG["''"]] & ~opens
    upper, new = shapes[:, FIRST_UPPER] > 0, known == 0
    adjective = (tags == TAG["JJ"]) & np.isin(behind, _CLOSING) & (~opens | (new & (behind == TAG["VBD"])))
    adverb = (tags == TAG["RB"]) & (closed | new) & (shapes[:, SUFFIX2] != word_hash("ly") + 4) & (behind == TAG[","])
    other = (tags == TAG["X"]) & ~opens & np.isin(behind, _TELLING)
    out[upper & (adjective | adverb | other)] = TAG["NNP"]
    _amend_subjects(out, known, shapes, sentence)
    age = np.flatnonzero(np.isin(shapes[:, WORD], _AGES))
    out[age] = np.where(np.isin(behind[age], _NOMINAL), TAG["JJ"], TAG["NN"])
    dash = age[age > 0] - 1
    out[dash[tags[dash] == TAG[":"]]] = TAG["JJ"]
    return out


def _amend_subjects(tags: Ints, known: Ints, shapes: Ints, sentence: Ints) -> None:
    """In "the veteran left winger said" "winger" is the noun and "left" no verb: two finite verbs share no subject."""
    at = np.arange(2, len(tags) - 1)
    at = at[(sentence[at - 2] == sentence[at + 1]) & np.isin(tags[at + 1], _TELLING) & (shapes[at, FIRST_UPPER] == 0)]
    adverb = (tags[at] == TAG["RB"]) & (known[at] == 0) & (shapes[at, SUFFIX2] != word_hash("ly") + 4)
    tags[at[adverb & np.isin(tags[at - 1], _DESCRIBING)]] = TAG["NN"]
    verb = (tags[at] == TAG["NN"]) & (tags[at - 1] == TAG["VBD"]) & np.isin(tags[at - 2], _DESCRIBING[:2])
    tags[at[verb] - 1] = TAG["JJ"]


def verbs_after_all(tags: Ints, known: Ints, cue: Floats, shapes: Ints) -> Bools:
    """Tokens tagged as nouns, behind a name and in small letters, that report speech."""
    noun = (tags == TAG["NNS"]) | ((tags == TAG["NN"]) & (known == 0))
    name = np.r_[-1, tags[:-1]] == TAG["NNP"]
    found: Bools = noun & name & (shapes[:, FIRST_UPPER] == 0) & (cue > LIKELY_CUE)
    return found
