"""Part-of-speech tagger: the Penn Treebank tags with a few merged.

Rule: two linear passes over all tokens at once. The second pass also uses the tags that the first pass gave to the
neighbours.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from briefings.text.learned_models import AnyArray, BoolArray, IntArray, LinearModel, hash_features, shift_values
from briefings.text.tokenizer import DASHES, FIRST_UPPER, SHAPE, SUFFIX2, SUFFIX3, WORD

TAGS = (
    "NN", "NNS", "NNP", "VB", "VBD", "VBG", "VBN", "VBP", "VBZ", "MD", "DT", "IN", "TO", "JJ", "RB", "CC", "CD", "PRP",
    "PRP$", "WH", "POS", "EX", ",", ".", ":", "''", "(", "X",
)  # fmt: skip
TAG = {tag: number for number, tag in enumerate(TAGS)}
MERGED_TAGS = {
    "NNPS": "NNP", "JJR": "JJ", "JJS": "JJ", "RBR": "RB", "RBS": "RB", "RP": "RB", "PDT": "DT", "WDT": "WH", "WP": "WH",
    "WP$": "WH", "WRB": "WH", "``": "''", "-LRB-": "(", "-RRB-": "(",
}  # fmt: skip
VERBS = frozenset(TAG[tag] for tag in ("VB", "VBD", "VBG", "VBN", "VBP", "VBZ"))
#: number of sets of tags whose tables are cached
_TABLE_CACHE_SIZE = 64


def mark_tags(tags: IntArray, selection: Collection[int]) -> BoolArray:
    """Return which of `tags` are among `selection`. The tag -1, which means "no token", never is."""
    marks: BoolArray = _build_tag_table(frozenset(selection))[tags]
    return marks


@lru_cache(maxsize=_TABLE_CACHE_SIZE)
def _build_tag_table(selection: frozenset[int]) -> BoolArray:
    """Return one entry per tag, and False in the last place, which the index -1 reads."""
    return np.array([tag in selection for tag in range(len(TAGS) + 1)], dtype=bool)


@dataclass(frozen=True, slots=True, eq=False)
class Tagger:
    """Part-of-speech tagger with two linear models.

    `classes` numbers the sets of tags that a common word can take. 0 is an unknown word.
    """

    classes: Mapping[str, int]
    first: LinearModel
    second: LinearModel

    def tag(self, words: Sequence[str], shapes: IntArray, paragraph: IntArray) -> IntArray:
        """Return each token's tag as an index into TAGS."""
        return self.tag_classes(self.get_word_classes(words), shapes, paragraph)

    def tag_classes(self, word_classes: IntArray, shapes: IntArray, paragraph: IntArray) -> IntArray:
        """Return the same as `tag`, for words whose classes are known."""
        if not len(word_classes):
            return np.zeros(0, dtype=np.int64)
        base_templates = build_templates(word_classes, shapes, paragraph)
        first_tags = self.first.compute_scores(hash_features(base_templates, self.first.bits)).argmax(axis=1)
        second_templates = base_templates + build_tag_templates(word_classes, shapes, paragraph, first_tags)
        tags: IntArray = self.second.compute_scores(hash_features(second_templates, self.second.bits)).argmax(axis=1)
        return tags

    def get_word_classes(self, words: Sequence[str]) -> IntArray:
        """Return the class of each word."""
        get_class = self.classes.get
        return np.array(
            [get_class(word) or get_class(DASHES.get(word) or word.lower(), 0) for word in words], dtype=np.int64
        )


def build_templates(word_classes: IntArray, shapes: IntArray, paragraph: IntArray) -> list[list[AnyArray]]:
    """Build the features of the first pass: the word, its ending and shape, its neighbours and their classes."""
    word, suffix, short_suffix, shape = (shapes[:, column] for column in (WORD, SUFFIX3, SUFFIX2, SHAPE))
    class_at = {offset: shift_values(word_classes + 1, offset, paragraph) for offset in (-2, -1, 0, 1, 2)}
    word_at = {offset: shift_values(word, offset, paragraph) for offset in (-1, 1)}
    suffix_at = {offset: shift_values(suffix, offset, paragraph) for offset in (-1, 1)}
    is_sentence_start = shift_values(shapes[:, FIRST_UPPER] + 1, -1, paragraph)
    return [
        [word],
        [suffix, shape],
        [short_suffix, shape],
        [shape, class_at[-1]],
        [class_at[0]],
        [class_at[0], shape, is_sentence_start],
        [class_at[-1], class_at[0]],
        [class_at[0], class_at[1]],
        [class_at[-1], class_at[0], class_at[1]],
        [class_at[-2], class_at[-1], class_at[0]],
        [class_at[0], class_at[1], class_at[2]],
        [word, class_at[-1]],
        [word, class_at[1]],
        [word_at[-1], class_at[0]],
        [word_at[1], class_at[0]],
        [suffix, class_at[-1], class_at[1]],
        [suffix_at[-1], suffix],
        [suffix, suffix_at[1]],
        [shape, shift_values(shape, -1, paragraph), shift_values(shape, 1, paragraph)],
    ]


def build_tag_templates(
    word_classes: IntArray, shapes: IntArray, paragraph: IntArray, tags: IntArray
) -> list[list[AnyArray]]:
    """Build the additional features of the second pass: the tags of the two neighbours on either side."""
    word, suffix = shapes[:, WORD], shapes[:, SUFFIX3]
    tag_at = {offset: shift_values(tags + 1, offset, paragraph) for offset in (-2, -1, 0, 1, 2)}
    return [
        [tag_at[-1], tag_at[0]],
        [tag_at[0], tag_at[1]],
        [tag_at[-2], tag_at[-1], tag_at[0]],
        [tag_at[-1], tag_at[0], tag_at[1]],
        [tag_at[0], tag_at[1], tag_at[2]],
        [word, tag_at[-1]],
        [word, tag_at[1]],
        [suffix, tag_at[-1], tag_at[1]],
        [word_classes, tag_at[-1], tag_at[1]],
        [tag_at[-2], tag_at[-1], tag_at[0], tag_at[1], tag_at[2]],
    ]
