"""All layers of one article that the models look at: tokens, tags, quoted passages, sentences, mentions.

Rule: computed once, in time linear in the text; every later module only reads it.
"""

import re
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from itertools import pairwise

import numpy as np

from briefings.quotes.amend import correct_tags, find_mistagged_verbs
from briefings.quotes.marks import Passage, find_passages
from briefings.text import lexicon
from briefings.text.learned_models import FloatArray, IntArray
from briefings.text.pos_tagger import TAG, TAGS, Tagger
from briefings.text.tokenizer import Tokens, compute_shapes, tokenise

#: a word this likely to head a cue is no part of a mention's end
MIN_CERTAIN_CUE = 0.5


class MentionForm(IntEnum):
    """What kind of words a mention is."""

    PRONOUN = 1
    RELATIVE = 2
    POSSESSOR = 3
    NAME = 4
    NOMINAL = 5
    BARE = 6  # "some", "another": a determiner or number on its own


@dataclass(frozen=True, slots=True)
class Mentions:
    """Candidate sources in order of their first token: half-open token ranges, head tokens, forms."""

    first: IntArray
    last: IntArray  # exclusive
    head: IntArray
    form: IntArray

    def __len__(self) -> int:
        return len(self.first)


@dataclass(frozen=True, slots=True)
class Document:
    """One article. Arrays are parallel to the tokens unless said otherwise."""

    text: str
    tokens: Tokens
    shapes: IntArray
    tags: IntArray
    word_classes: IntArray
    passages: list[Passage]
    #: number of the passage that each token stands in, counted from 1; 0 outside
    passage_ids: IntArray
    sentence: IntArray
    mentions: Mentions


@lru_cache(maxsize=1)
def parse_document(text: str, tagger: Tagger) -> Document:
    """Every layer of `text`; the last is remembered, for an article is asked for its quotes and then for its names."""
    tokens = tokenise(text)
    quoted_passages = find_passages(text)
    shape = compute_shapes(tokens.words)
    passage_ids = _number_passages(tokens, quoted_passages)
    tags = tagger.tag(tokens.words, shape, tokens.paragraph)
    sentence = _split_sentences(tokens, passage_ids)
    word_classes = tagger.get_word_classes(tokens.words)
    tags = correct_tags(tags, word_classes, shape, sentence, passage_ids)
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
    """The mentions without a last word that is a cue after all ("Jones notes"). `cue`: each token's likelihood."""
    mentions = document.mentions
    is_verb = (cue > MIN_CERTAIN_CUE) | find_mistagged_verbs(document.tags, document.word_classes, cue, document.shapes)
    last = mentions.last - ((mentions.last - mentions.first > 1) & is_verb[mentions.last - 1])
    head = np.minimum(mentions.head, last - 1)
    is_name = (last < mentions.last) & (document.tags[head] == TAG["NNP"])
    return Mentions(mentions.first, last, head, np.where(is_name, MentionForm.NAME, mentions.form))


def _number_passages(tokens: Tokens, quoted_passages: list[Passage]) -> IntArray:
    if not quoted_passages:
        return np.zeros(len(tokens), dtype=np.int64)
    starts = np.array([passage.inner.start for passage in quoted_passages])
    ends = np.array([passage.inner.end for passage in quoted_passages])
    indexes = np.searchsorted(starts, tokens.starts, side="right")
    return np.where((indexes > 0) & (tokens.starts < ends[np.maximum(indexes - 1, 0)]), indexes, 0)


_SENTENCE_ENDS = frozenset([".", "!", "?", "…", "...", "...."])
_CLOSING_MARKS = frozenset("”’\"')]»") | {"''"}


def _split_sentences(tokens: Tokens, passage_ids: IntArray) -> IntArray:
    """The sentence of each token, from 0. A quoted passage is never cut, however many sentences it holds."""
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
        if not words[after][:1].islower():
            cuts[after] = 1
    cuts[1:] |= np.diff(tokens.paragraph) > 0
    return np.cumsum(cuts)


#: one letter a tag, so that a phrase is a regular expression over tags
_TAG_LETTERS = dict(
    zip(
        TAGS,
        "nnPbbgvbbbdiijr&cpqwsx,.:o(x",
        strict=True,
    )
)
_TAG_CODES = np.array([ord(_TAG_LETTERS[tag]) for tag in TAGS], dtype=np.uint8)
_MARK_CODE = np.uint8(ord("."))
#: participles stand inside a phrase ("the visiting president"), never first: "telling Corbyn" is no mention
_PHRASE = re.compile(r"(?:[dq]r?|r(?=[jc]))?(?:[jcnPs]|(?<=[dqjcs])[gv](?=[jcgvnP])){0,14}[nPc]|p|w|q|d")
_RELATIVE_PRONOUNS = frozenset(["who", "which", "that", "whose", "whom"])
_NEVER_ALONE = frozenset(["the", "a", "an", "no", "every"])


def _find_mentions(tokens: Tokens, tags: IntArray, sentence: IntArray, passage_ids: IntArray) -> Mentions:
    # a mark is nobody, whatever the tagger takes it for
    is_mark = np.array([word == "``" for word in tokens.words], dtype=bool)
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
    """The mentions that one phrase holds: itself, and the one it belongs to ("Scott's" in "Scott's niece")."""
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
