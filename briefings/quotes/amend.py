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
    age = np.flatnonzero(np.isin(shapes[:, WORD], _AGES))
    out[age] = np.where(np.isin(behind[age], _NOMINAL), TAG["JJ"], TAG["NN"])
    dash = age[age > 0] - 1
    out[dash[tags[dash] == TAG[":"]]] = TAG["JJ"]
    return out


def verbs_after_all(tags: Ints, known: Ints, cue: Floats, shapes: Ints) -> Bools:
    """Tokens tagged as nouns, behind a name and in small letters, that report speech."""
    noun = (tags == TAG["NNS"]) | ((tags == TAG["NN"]) & (known == 0))
    name = np.r_[-1, tags[:-1]] == TAG["NNP"]
    found: Bools = noun & name & (shapes[:, FIRST_UPPER] == 0) & (cue > LIKELY_CUE)
    return found
