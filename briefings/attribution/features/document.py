"""All layers of one article that the models read: tokens, tags, quoted passages, sentences, mentions.

Rule: the layers are computed once, in time linear in the text; later modules only read them. Rule: tag corrections
fix errors that hide a speaker: "said Devine" tagged as an adjective, "Kovak answers" as a plural. They apply only to
capitalised words, ages and cues. An adjective before a noun is unchanged ("American officials").
"""

import re
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from itertools import pairwise

import numpy as np

from briefings.attribution.features.phrase_tags import correct_phrase_tags
from briefings.attribution.features.quotation_marks import Passage, find_passages
from briefings.text import lexicon
from briefings.text.learned_models import BoolArray, FloatArray, IntArray
from briefings.text.pos_tagger import TAG, TAGS, Tagger, mark_tags
from briefings.text.tokenizer import FIRST_UPPER, SUFFIX2, WORD, Tokens, compute_shapes, hash_word, tokenise

#: a plural or unknown noun after a name is a verb if its cue probability is higher
MIN_CUE_PROBABILITY = 0.15
_NOMINAL_TAGS = [TAG[tag] for tag in ("NN", "NNS", "NNP", "JJ", "CD")]
_FINITE_VERB_TAGS = [TAG[tag] for tag in ("VBD", "VBZ", "MD")]
_CLOSING_TAGS = [*_FINITE_VERB_TAGS, *(TAG[tag] for tag in (",", ".", "''"))]
_MODIFIER_TAGS = [TAG[tag] for tag in ("JJ", "NN", "VBD")]
_AGE_WORDS = [hash_word(word) for word in ("year-old", "year-olds")]
#: a word with a higher cue probability is not the end of a mention
MIN_CERTAIN_CUE = 0.5
_SENTENCE_ENDS = frozenset([".", "!", "?", "…", "...", "...."])
_CLOSING_MARKS = frozenset("”’\"')]»") | {"''"}
#: they continue a name with a mark: "Bravo!'s manager"
_POSSESSIVE_ENDINGS = frozenset(["'s", "’s"])
#: one letter per tag, so that a phrase is a regular expression over tags
_TAG_LETTERS = dict(
    zip(
        TAGS,
        "nnPbbgvbbbdiijr&cpqwsx,.:o(x",
        strict=True,
    )
)
_TAG_CODES = np.array([ord(_TAG_LETTERS[tag]) for tag in TAGS], dtype=np.uint8)
_MARK_CODE = np.uint8(ord("."))
#: marks that the tagger can take for nouns: a quotation mark, bullets, signs of bold text
_NO_NOUNS = frozenset(["``", "*", "_", "#", "•", "|"])
#: participles occur inside a phrase ("the visiting president"), never first: "telling Corbyn" is not a mention
_PHRASE = re.compile(r"(?:[dq]r?|r(?=[jc]))?(?:[jcnPs]|(?<=[dqjcs])[gv](?=[jcgvnP])){0,14}[nPc]|p|w|q|d")
_RELATIVE_PRONOUNS = frozenset(["who", "which", "that", "whose", "whom"])
_NEVER_ALONE = frozenset(["the", "a", "an", "no", "every"])


def correct_tags(
    tags: IntArray, word_classes: IntArray, shapes: IntArray, sentence: IntArray, passage_ids: IntArray
) -> IntArray:
    """Return the tags with corrected names and ages. The word class of an unknown word is 0."""
    if not len(tags):
        return tags
    result = tags.copy()
    next_tags = np.r_[tags[1:], -1]
    is_first_token = np.r_[True, (np.diff(sentence) > 0) | ((np.diff(passage_ids) != 0) & (passage_ids[1:] > 0))]
    follows_closing_mark = np.r_[False, tags[:-1] == TAG["''"]] & ~is_first_token
    is_capitalised, is_unknown = shapes[:, FIRST_UPPER] > 0, word_classes == 0
    is_adjective = (
        (tags == TAG["JJ"])
        & mark_tags(next_tags, _CLOSING_TAGS)
        & (~is_first_token | (is_unknown & (next_tags == TAG["VBD"])))
    )
    is_adverb = (
        (tags == TAG["RB"])
        & (follows_closing_mark | is_unknown)
        & (shapes[:, SUFFIX2] != hash_word("ly") + 4)
        & (next_tags == TAG[","])
    )
    is_other = (tags == TAG["X"]) & ~is_first_token & mark_tags(next_tags, _FINITE_VERB_TAGS)
    result[is_capitalised & (is_adjective | is_adverb | is_other)] = TAG["NNP"]
    _correct_subjects(result, word_classes, shapes, sentence)
    age = np.flatnonzero(np.isin(shapes[:, WORD], _AGE_WORDS))
    result[age] = np.where(mark_tags(next_tags[age], _NOMINAL_TAGS), TAG["JJ"], TAG["NN"])
    dash = age[age > 0] - 1
    result[dash[tags[dash] == TAG[":"]]] = TAG["JJ"]
    return result


def find_mistagged_verbs(tags: IntArray, word_classes: IntArray, cue: FloatArray, shapes: IntArray) -> BoolArray:
    """Return which tokens are verbs that report speech: tagged as nouns, after a name, in lower case."""
    is_noun = (tags == TAG["NNS"]) | ((tags == TAG["NN"]) & (word_classes == 0))
    follows_name = np.r_[-1, tags[:-1]] == TAG["NNP"]
    is_verb: BoolArray = is_noun & follows_name & (shapes[:, FIRST_UPPER] == 0) & (cue > MIN_CUE_PROBABILITY)
    return is_verb


class MentionForm(IntEnum):
    """Grammatical form of a mention."""

    PRONOUN = 1
    RELATIVE = 2
    POSSESSOR = 3
    NAME = 4
    NOMINAL = 5
    BARE = 6  # "some", "another": a determiner or number without a noun


@dataclass(frozen=True, slots=True)
class Mentions:
    """Candidate sources, ordered by first token: half-open token ranges, head tokens and forms."""

    first: IntArray
    last: IntArray  # exclusive
    head: IntArray
    form: IntArray

    def __len__(self) -> int:
        return len(self.first)


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """One article with all its layers. Arrays have one entry per token, unless stated otherwise."""

    text: str
    tokens: Tokens
    shapes: IntArray
    tags: IntArray
    word_classes: IntArray
    passages: list[Passage]
    #: number of the passage that contains each token, from 1; 0 outside passages
    passage_ids: IntArray
    sentence: IntArray
    mentions: Mentions
    #: the same article before its mentions were trimmed; None if this is it
    untrimmed: "Document | None" = None


@lru_cache(maxsize=1)
def parse_document(text: str, tagger: Tagger) -> Document:
    """Compute all layers of `text`.

    The last result is cached, for the quotes and then the names of the same article.
    """
    quoted_passages = find_passages(text)
    tokens = tokenise(text)
    shape = compute_shapes(tokens.words)
    passage_ids = _number_passages(tokens, quoted_passages)
    word_classes = tagger.get_word_classes(tokens.words)
    tags = tagger.tag_classes(word_classes, shape, tokens.paragraph)
    sentence = _split_sentences(tokens, passage_ids)
    tags = correct_tags(tags, word_classes, shape, sentence, passage_ids)
    tags = correct_phrase_tags(tokens.words, tags, sentence, passage_ids)
    return Document(
        text,
        tokens,
        shape,
        tags,
        word_classes,
        quoted_passages,
        passage_ids,
        sentence,
        _find_mentions(tokens, tags, sentence, passage_ids),
    )


def trim_mentions(document: Document, cue: FloatArray) -> Mentions:
    """Return the mentions without a last word that is really a cue ("Jones notes").

    `cue` is each token's probability.
    """
    mentions = document.mentions
    is_verb = (cue > MIN_CERTAIN_CUE) | find_mistagged_verbs(document.tags, document.word_classes, cue, document.shapes)
    last = mentions.last - ((mentions.last - mentions.first > 1) & is_verb[mentions.last - 1])
    head = np.minimum(mentions.head, last - 1)
    is_name = (last < mentions.last) & (document.tags[head] == TAG["NNP"])
    return Mentions(mentions.first, last, head, np.where(is_name, MentionForm.NAME, mentions.form))


def _correct_subjects(tags: IntArray, word_classes: IntArray, shapes: IntArray, sentence: IntArray) -> None:
    """Correct "the veteran left winger said": "winger" is the noun, "left" is not a verb.

    `tags` is changed in place.
    """
    indexes = np.arange(2, len(tags) - 1)
    indexes = indexes[
        (sentence[indexes - 2] == sentence[indexes + 1])
        & mark_tags(tags[indexes + 1], _FINITE_VERB_TAGS)
        & (shapes[indexes, FIRST_UPPER] == 0)
    ]
    is_adverb = (
        (tags[indexes] == TAG["RB"]) & (word_classes[indexes] == 0) & (shapes[indexes, SUFFIX2] != hash_word("ly") + 4)
    )
    tags[indexes[is_adverb & mark_tags(tags[indexes - 1], _MODIFIER_TAGS)]] = TAG["NN"]
    is_verb = (
        (tags[indexes] == TAG["NN"])
        & (tags[indexes - 1] == TAG["VBD"])
        & mark_tags(tags[indexes - 2], _MODIFIER_TAGS[:2])
    )
    tags[indexes[is_verb] - 1] = TAG["JJ"]


def _number_passages(tokens: Tokens, quoted_passages: list[Passage]) -> IntArray:
    if not quoted_passages:
        return np.zeros(len(tokens), dtype=np.int64)
    starts = np.array([passage.inner.start for passage in quoted_passages])
    ends = np.array([passage.inner.end for passage in quoted_passages])
    indexes = np.searchsorted(starts, tokens.starts, side="right")
    return np.where((indexes > 0) & (tokens.starts < ends[np.maximum(indexes - 1, 0)]), indexes, 0)


def _split_sentences(tokens: Tokens, passage_ids: IntArray) -> IntArray:
    """Return the sentence number of each token, from 0. A quoted passage is never split."""
    words, paragraph, passage_list = tokens.words, tokens.paragraph.tolist(), passage_ids.tolist()
    cuts = np.zeros(len(words), dtype=np.int64)
    total = len(words)
    for index, word in enumerate(words):
        if word not in _SENTENCE_ENDS or index + 1 >= total:
            continue
        after = index + 1
        while (
            after < total
            and after < index + 4
            and words[after] in _CLOSING_MARKS
            and paragraph[after] == paragraph[index]
        ):
            if (
                words[after] in "\"'"
                and passage_list[after + 1 : after + 2]
                and passage_list[min(after + 1, total - 1)]
            ):
                break
            after += 1
        if after >= total or (passage_list[index] and passage_list[index] == passage_list[after]):
            continue
        if after > index + 1 and word in "!?" and words[after][:1].isalnum():
            continue  # “What about it?” Smith asked.
        if not words[after][:1].islower() and words[after] not in _POSSESSIVE_ENDINGS:
            cuts[after] = 1
    cuts[1:] |= np.diff(tokens.paragraph) > 0
    return np.cumsum(cuts)


def _find_mentions(tokens: Tokens, tags: IntArray, sentence: IntArray, passage_ids: IntArray) -> Mentions:
    # a mark is not a mention, even if the tagger gives it a noun tag
    is_mark = np.array([word in _NO_NOUNS for word in tokens.words], dtype=bool)
    letters = np.where(is_mark, _MARK_CODE, _TAG_CODES[tags]).tobytes().decode("ascii") if len(tags) else ""
    group = sentence * 2 + (passage_ids > 0)
    cuts = [0, *(np.flatnonzero(np.diff(group)) + 1).tolist(), len(group)]
    rows: list[tuple[int, int, int, int]] = []
    for start, end in pairwise(cuts):
        for match in _PHRASE.finditer(letters, start, end):
            rows += _classify_phrase(tokens.words, letters, *match.span())
    columns = np.array(rows, dtype=np.int64).reshape(-1, 4).T
    return Mentions(*columns)


def _classify_phrase(words: list[str], letters: str, first: int, last: int) -> list[tuple[int, int, int, int]]:
    """Return the mentions of one phrase: the phrase, and its possessor ("Scott's" in "Scott's niece")."""
    if last - first == 1 and letters[first] in "pqwdb":
        if letters[first] in "pq":
            return [(first, last, first, MentionForm.PRONOUN if letters[first] == "p" else MentionForm.POSSESSOR)]
        is_relative = words[first].lower() in _RELATIVE_PRONOUNS
        if words[first].lower() in _NEVER_ALONE:
            return []
        if letters[first] == "w":
            return [(first, last, first, MentionForm.RELATIVE)] if is_relative else []
        return [(first, last, first, MentionForm.RELATIVE if is_relative else MentionForm.BARE)]
    rows: list[tuple[int, int, int, int]] = []
    possessive_at = letters.rfind("s", first, last - 1)
    if possessive_at > first:
        rows.append((first, possessive_at, possessive_at - 1, MentionForm.POSSESSOR))
    elif letters[first] == "q":
        rows.append((first, first + 1, first, MentionForm.POSSESSOR))
    while last - 1 > first and letters[last - 1] == "s":
        last -= 1
    head = last - 1
    lowercase = words[head].lower()
    if lowercase[:1].isdigit() or (
        lowercase in lexicon.load_words("times") and (letters[head] != "P" or last - first == 1)
    ):
        return rows
    form = (
        MentionForm.NAME
        if letters[head] == "P"
        else MentionForm.BARE
        if letters[head] == "c" and last - first == 1
        else MentionForm.NOMINAL
    )
    return [*rows, (first, last, head, form)]
