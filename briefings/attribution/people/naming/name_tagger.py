"""Tell for each capitalised word whether it is part of the name of a person, a body, a place or something else.

Rule: two linear passes over hashed features, as in the part-of-speech tagger. The second pass also sees what the
first said of the neighbours, and of the same word elsewhere in the article.
"""

from functools import cache, lru_cache

import numpy as np

from briefings.attribution.features.document import Document
from briefings.text import lexicon
from briefings.text.learned_models import AnyArray, FloatArray, IntArray, LinearModel, hash_features
from briefings.text.tokenizer import FIRST_UPPER, SHAPE, STEM, SUFFIX2, SUFFIX3, WORD
from briefings.text.words import load_table

#: what a word can be part of
NONE, PERSON, BODY, PLACE, OTHER = range(5)
KINDS = ("O", "PERSON", "ORGANIZATION", "LOCATION", "MISC")
#: columns of padding on each side of an article
_PAD = 3
_WORD_LISTS = ("offices", "organisations", "times", "not_people", "titles", "cues")


def tag_names(document: Document, first: LinearModel, second: LinearModel) -> FloatArray:
    """Return each token's probabilities in the order of `KINDS`. A word in lower case is part of no name.

    The last result is cached, for the quotes and then the names of the same article. It cannot be changed.
    """
    return _tag_words(document.untrimmed or document, first, second)


@lru_cache(maxsize=1)
def _tag_words(document: Document, first: LinearModel, second: LinearModel) -> FloatArray:
    """Tag the words of an article, whose mentions do not matter."""
    tokens, templates = build_first_templates(document)
    probabilities = compute_shares(first.compute_scores(hash_features(templates, first.bits)))
    templates += build_second_templates(document, tokens, probabilities)
    probabilities = compute_shares(second.compute_scores(hash_features(templates, second.bits)))
    result = np.zeros((len(document.tokens), len(KINDS)), dtype=np.float32)
    result[:, NONE] = 1
    result[tokens] = probabilities
    result.flags.writeable = False
    return result


def build_first_templates(document: Document) -> tuple[IntArray, list[list[AnyArray]]]:
    """Return the indexes of the capitalised tokens, and the features of each."""
    shapes = document.shapes
    tokens = np.flatnonzero(shapes[:, FIRST_UPPER] > 0)
    get_class = _load_classes().get
    classes = _pad(np.array([get_class(word.lower(), 0) for word in document.tokens.words], dtype=np.int64))
    word, stem, shape, tag = (
        _pad(values) for values in (shapes[:, WORD], shapes[:, STEM], shapes[:, SHAPE], document.tags + 1)
    )
    at = tokens + _PAD
    is_quoted = document.passage_ids[tokens] > 0
    opens = np.r_[True, np.diff(document.sentence) > 0][tokens] if len(tokens) else is_quoted
    context = opens * 2 + is_quoted + 4 * _measure_headlines(document)[tokens]
    return tokens, [
        [word[at]],
        [word[at], context],
        [word[at - 1]],
        [word[at + 1]],
        [word[at - 2], word[at - 1]],
        [word[at + 1], word[at + 2]],
        [word[at], word[at - 1]],
        [word[at], word[at + 1]],
        [shapes[tokens, SUFFIX3]],
        [shapes[tokens, SUFFIX2], shape[at]],
        [shape[at - 1], shape[at], shape[at + 1]],
        [tag[at - 1], tag[at], tag[at + 1]],
        [tag[at], context],
        [tag[at + 1], tag[at + 2], shape[at]],
        [tag[at - 2], tag[at - 1], shape[at]],
        [stem[at + 1], shape[at]],
        [stem[at - 1], shape[at]],
        [stem[at + 2], shape[at + 1]],
        [classes[at - 1], classes[at], classes[at + 1]],
        [classes[at], shape[at], shape[at + 1]],
        [classes[at - 1], classes[at - 2], shape[at]],
        [classes[at], tag[at + 1], tag[at - 1]],
        [classes[at], context],
    ]


def build_second_templates(document: Document, tokens: IntArray, probabilities: FloatArray) -> list[list[AnyArray]]:
    """Return the features that need the first pass: the kinds of the neighbours and of the word's other occurrences."""
    kinds = np.zeros(len(document.tokens), dtype=np.int64)
    kinds[tokens] = probabilities.argmax(axis=1)
    kind, word = _pad(kinds), document.shapes[tokens, WORD]
    at = tokens + _PAD
    _, group = np.unique(word, return_inverse=True)
    count = np.bincount(group) if len(group) else group
    totals = np.zeros((len(count), len(KINDS)), dtype=np.float32)
    np.add.at(totals, group, probabilities)
    common = totals.argmax(axis=1)[group] if len(group) else group
    level = np.digitize(totals.max(axis=1)[group] / count[group], (0.6, 0.9)) if len(group) else group
    common_kind = np.zeros(len(document.tokens), dtype=np.int64)
    common_kind[tokens] = common + 1
    common_at = _pad(common_kind)
    shape = document.shapes[tokens, SHAPE]
    return [
        [kind[at - 1], kind[at], kind[at + 1]],
        [kind[at - 1], word],
        [kind[at + 1], word],
        [common, level, np.minimum(count[group], 4) if len(group) else group],
        [common, kind[at]],
        [common_at[at - 1], common, common_at[at + 1]],
        [common_at[at + 1], kind[at], shape],
        [kind[at - 2], kind[at - 1], kind[at]],
        [kind[at], kind[at + 1], kind[at + 2]],
    ]


def compute_shares(scores: FloatArray) -> FloatArray:
    """Convert rows of scores to rows of probabilities."""
    lift = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: FloatArray = lift / lift.sum(axis=1, keepdims=True)
    return shares


def _measure_headlines(document: Document) -> IntArray:
    """Return 1 for each token of a line whose long words mostly have capitals, else 0."""
    lines, shapes = document.tokens.paragraph, document.shapes
    if not len(lines):
        return lines
    is_long = np.array([len(word) > 3 and word[0].isalpha() for word in document.tokens.words], dtype=np.float64)
    totals = np.bincount(lines, weights=is_long)
    capitals = np.bincount(lines, weights=is_long * (shapes[:, FIRST_UPPER] > 0))
    headlines: IntArray = ((totals > 3) & (capitals > 0.7 * totals)).astype(np.int64)[lines]
    return headlines


def _pad(values: AnyArray) -> AnyArray:
    padded = np.zeros(len(values) + 2 * _PAD, dtype=np.int64)
    padded[_PAD:-_PAD] = values
    return padded


@cache
def _load_classes() -> dict[str, int]:
    """Return the word lists that hold each word, as bits."""
    classes: dict[str, int] = {}
    for number, name in enumerate(_WORD_LISTS, start=2):
        for word in lexicon.load_words(name):
            classes[word] = classes.get(word, 0) | 1 << number
    for word in load_table("honorifics"):
        classes[word] = classes.get(word, 0) | 1 << (len(_WORD_LISTS) + 2)
    for table in ("first_names", "given_names"):
        for word in load_table(table):
            classes[word] = classes.get(word, 0) | (1 if table == "first_names" else 2)
    return classes
