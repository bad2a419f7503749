"""Mends the tagger's mistakes that would hide a speaker: "said Devine" as an adjective, "Kovak answers" as a plural.

Rule: only capitals, ages and cues are looked at; what stands before a noun stays what it is ("American officials").
"""

import numpy as np

from briefings.text.learned_models import BoolArray, FloatArray, IntArray
from briefings.text.pos_tagger import TAG
from briefings.text.tokenizer import FIRST_UPPER, SUFFIX2, WORD, hash_word

#: a plural or unknown noun behind a name is a verb when it is this likely to head a cue
MIN_CUE_PROBABILITY = 0.15
_NOMINAL_TAGS = [TAG[tag] for tag in ("NN", "NNS", "NNP", "JJ", "CD")]
_FINITE_VERB_TAGS = [TAG[tag] for tag in ("VBD", "VBZ", "MD")]
_CLOSING_TAGS = [*_FINITE_VERB_TAGS, *(TAG[tag] for tag in (",", ".", "''"))]
_MODIFIER_TAGS = [TAG[tag] for tag in ("JJ", "NN", "VBD")]
_AGE_WORDS = [hash_word(word) for word in ("year-old", "year-olds")]


def correct_tags(
    tags: IntArray, word_classes: IntArray, shapes: IntArray, sentence: IntArray, passage_ids: IntArray
) -> IntArray:
    """The tags, names and ages put right. `known` is 0 for words the tagger never met."""
    if not len(tags):
        return tags
    result = tags.copy()
    next_tags = np.r_[tags[1:], -1]
    is_first_token = np.r_[True, (np.diff(sentence) > 0) | ((np.diff(passage_ids) != 0) & (passage_ids[1:] > 0))]
    follows_closing_mark = np.r_[False, tags[:-1] == TAG["''"]] & ~is_first_token
    is_capitalised, is_unknown = shapes[:, FIRST_UPPER] > 0, word_classes == 0
    is_adjective = (
        (tags == TAG["JJ"])
        & np.isin(next_tags, _CLOSING_TAGS)
        & (~is_first_token | (is_unknown & (next_tags == TAG["VBD"])))
    )
    is_adverb = (
        (tags == TAG["RB"])
        & (follows_closing_mark | is_unknown)
        & (shapes[:, SUFFIX2] != hash_word("ly") + 4)
        & (next_tags == TAG[","])
    )
    is_other = (tags == TAG["X"]) & ~is_first_token & np.isin(next_tags, _FINITE_VERB_TAGS)
    result[is_capitalised & (is_adjective | is_adverb | is_other)] = TAG["NNP"]
    _correct_subjects(result, word_classes, shapes, sentence)
    age = np.flatnonzero(np.isin(shapes[:, WORD], _AGE_WORDS))
    result[age] = np.where(np.isin(next_tags[age], _NOMINAL_TAGS), TAG["JJ"], TAG["NN"])
    dash = age[age > 0] - 1
    result[dash[tags[dash] == TAG[":"]]] = TAG["JJ"]
    return result


def _correct_subjects(tags: IntArray, word_classes: IntArray, shapes: IntArray, sentence: IntArray) -> None:
    """In "the veteran left winger said" "winger" is the noun and "left" no verb: two finite verbs share no subject."""
    indexes = np.arange(2, len(tags) - 1)
    indexes = indexes[
        (sentence[indexes - 2] == sentence[indexes + 1])
        & np.isin(tags[indexes + 1], _FINITE_VERB_TAGS)
        & (shapes[indexes, FIRST_UPPER] == 0)
    ]
    is_adverb = (
        (tags[indexes] == TAG["RB"]) & (word_classes[indexes] == 0) & (shapes[indexes, SUFFIX2] != hash_word("ly") + 4)
    )
    tags[indexes[is_adverb & np.isin(tags[indexes - 1], _MODIFIER_TAGS)]] = TAG["NN"]
    is_verb = (
        (tags[indexes] == TAG["NN"])
        & (tags[indexes - 1] == TAG["VBD"])
        & np.isin(tags[indexes - 2], _MODIFIER_TAGS[:2])
    )
    tags[indexes[is_verb] - 1] = TAG["JJ"]


def find_mistagged_verbs(tags: IntArray, word_classes: IntArray, cue: FloatArray, shapes: IntArray) -> BoolArray:
    """Tokens tagged as nouns, behind a name and in small letters, that report speech."""
    is_noun = (tags == TAG["NNS"]) | ((tags == TAG["NN"]) & (word_classes == 0))
    follows_name = np.r_[-1, tags[:-1]] == TAG["NNP"]
    is_verb: BoolArray = is_noun & follows_name & (shapes[:, FIRST_UPPER] == 0) & (cue > MIN_CUE_PROBABILITY)
    return is_verb
