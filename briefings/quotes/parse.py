"""All layers of one article that the models look at: tokens, tags, quoted passages, sentences, mentions.

Rule: computed once, in time linear in the text; every later module only reads it.
"""

import re
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from itertools import pairwise

import numpy as np

from briefings.quotes.amend import amended, verbs_after_all
from briefings.quotes.marks import Passage, passages
from briefings.text import lexicon
from briefings.text.arrays import Floats, Ints
from briefings.text.shapes import shapes
from briefings.text.tagger import TAG, TAGS, Tagger
from briefings.text.tokens import Tokens, tokenise

#: a word this likely to head a cue is no part of a mention's end
CERTAIN_CUE = 0.5


class Form(IntEnum):
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

    first: Ints
    last: Ints  # exclusive
    head: Ints
    form: Ints

    def __len__(self) -> int:
        return len(self.first)


@dataclass(frozen=True, slots=True)
class Parsed:
    """One article. Arrays are parallel to the tokens unless said otherwise."""

    text: str
    tokens: Tokens
    shapes: Ints
    tags: Ints
    known: Ints
    passages: list[Passage]
    #: number of the passage that each token stands in, counted from 1; 0 outside
    inside: Ints
    sentence: Ints
    mentions: Mentions


@lru_cache(maxsize=1)
def parse(text: str, tagger: Tagger) -> Parsed:
    """Every layer of `text`; the last is remembered, for an article is asked for its quotes and then for its names."""
    tokens = tokenise(text)
    found = passages(text)
    shape = shapes(tokens.words)
    inside = _inside(tokens, found)
    tags = tagger.tag(tokens.words, shape, tokens.paragraph)
    sentence = _sentences(tokens, inside)
    known = tagger.known(tokens.words)
    tags = amended(tags, known, shape, sentence, inside)
    return Parsed(text, tokens, shape, tags, known, found, inside, sentence, _mentions(tokens, tags, sentence, inside))


def trimmed(parsed: Parsed, cue: Floats) -> Mentions:
    """The mentions without a last word that is a cue after all ("Jones notes"). `cue`: each token's likelihood."""
    mentions = parsed.mentions
    verb = (cue > CERTAIN_CUE) | verbs_after_all(parsed.tags, parsed.known, cue, parsed.shapes)
    last = mentions.last - ((mentions.last - mentions.first > 1) & verb[mentions.last - 1])
    head = np.minimum(mentions.head, last - 1)
    name = (last < mentions.last) & (parsed.tags[head] == TAG["NNP"])
    return Mentions(mentions.first, last, head, np.where(name, Form.NAME, mentions.form))


def _inside(tokens: Tokens, found: list[Passage]) -> Ints:
    if not found:
        return np.zeros(len(tokens), dtype=np.int64)
    starts = np.array([passage.inner.start for passage in found])
    ends = np.array([passage.inner.end for passage in found])
    at = np.searchsorted(starts, tokens.starts, side="right")
    return np.where((at > 0) & (tokens.starts < ends[np.maximum(at - 1, 0)]), at, 0)


_ENDS = frozenset([".", "!", "?", "…", "...", "...."])
_CLOSERS = frozenset("”’\"')]»") | {"''"}


def _sentences(tokens: Tokens, inside: Ints) -> Ints:
    """The sentence of each token, from 0. A quoted passage is never cut, however many sentences it holds."""
    words, paragraph, within = tokens.words, tokens.paragraph.tolist(), inside.tolist()
    cuts = np.zeros(len(words), dtype=np.int64)
    total = len(words)
    for at, word in enumerate(words):
        if word not in _ENDS or at + 1 >= total:
            continue
        after = at + 1
        while after < total and after < at + 4 and words[after] in _CLOSERS and paragraph[after] == paragraph[at]:
            if words[after] in "\"'" and within[after + 1 : after + 2] and within[min(after + 1, total - 1)]:
                break
            after += 1
        if after >= total or (within[at] and within[at] == within[after]):
            continue
        if after > at + 1 and word in "!?" and words[after][:1].isalnum():
            continue  # “What about it?” Smith asked.
        if not words[after][:1].islower():
            cuts[after] = 1
    cuts[1:] |= np.diff(tokens.paragraph) > 0
    return np.cumsum(cuts)


#: one letter a tag, so that a phrase is a regular expression over tags
_LETTERS = dict(
    zip(
        TAGS,
        "nnPbbgvbbbdiijr&cpqwsx,.:o(x",
        strict=True,
    )
)
_LETTER = np.array([ord(_LETTERS[tag]) for tag in TAGS], dtype=np.uint8)
_MARK = np.uint8(ord("."))
#: participles stand inside a phrase ("the visiting president"), never first: "telling Corbyn" is no mention
_PHRASE = re.compile(r"(?:[dq]r?|r(?=[jc]))?(?:[jcnPs]|(?<=[dqjcs])[gv](?=[jcgvnP])){0,14}[nPc]|p|w|q|d")
_RELATIVE = frozenset(["who", "which", "that", "whose", "whom"])
_NEVER_ALONE = frozenset(["the", "a", "an", "no", "every"])


def _mentions(tokens: Tokens, tags: Ints, sentence: Ints, inside: Ints) -> Mentions:
    # a mark is nobody, whatever the tagger takes it for
    marks = np.array([word == "``" for word in tokens.words], dtype=bool)
    letters = np.where(marks, _MARK, _LETTER[tags]).tobytes().decode("ascii") if len(tags) else ""
    group = sentence * 2 + (inside > 0)
    cuts = [0, *(np.flatnonzero(np.diff(group)) + 1).tolist(), len(group)]
    rows: list[tuple[int, int, int, int]] = []
    for start, end in pairwise(cuts):
        for match in _PHRASE.finditer(letters, start, end):
            rows += _forms(tokens.words, letters, *match.span())
    columns = np.array(rows, dtype=np.int64).reshape(-1, 4).T
    return Mentions(*columns)


def _forms(words: list[str], letters: str, first: int, last: int) -> list[tuple[int, int, int, int]]:
    """The mentions that one phrase holds: itself, and the one it belongs to ("Scott's" in "Scott's niece")."""
    if last - first == 1 and letters[first] in "pqwdb":
        if letters[first] in "pq":
            return [(first, last, first, Form.PRONOUN if letters[first] == "p" else Form.POSSESSOR)]
        relative = words[first].lower() in _RELATIVE
        if words[first].lower() in _NEVER_ALONE:
            return []
        if letters[first] == "w":
            return [(first, last, first, Form.RELATIVE)] if relative else []
        return [(first, last, first, Form.RELATIVE if relative else Form.BARE)]
    rows: list[tuple[int, int, int, int]] = []
    cut = letters.rfind("s", first, last - 1)
    if cut > first:
        rows.append((first, cut, cut - 1, Form.POSSESSOR))
    elif letters[first] == "q":
        rows.append((first, first + 1, first, Form.POSSESSOR))
    while last - 1 > first and letters[last - 1] == "s":
        last -= 1
    head = last - 1
    low = words[head].lower()
    if low[:1].isdigit() or (low in lexicon.words("times") and (letters[head] != "P" or last - first == 1)):
        return rows
    form = (
        Form.NAME if letters[head] == "P" else Form.BARE if letters[head] == "c" and last - first == 1 else Form.NOMINAL
    )
    return [*rows, (first, last, head, form)]
