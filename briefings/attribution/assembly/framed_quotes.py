"""Find the speakers that a set phrase gives: "in the words of Jane Roe", "as Roe put it", "Roe's verdict: “...”".

In a headline, a verb of saying behind the passage is such a phrase too: “...”, says Roe. Rule: the phrase touches the
passage. The mention in it is the speaker, whatever else the sentence names.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType

import numpy as np

from briefings.attribution.features.document import Document, MentionForm
from briefings.attribution.features.quotation_marks import Passage
from briefings.text import lexicon

#: maximum tokens of a phrase beside a passage
MAX_FRAME_TOKENS = 18
_MARKS = frozenset(["“", "”", '"', "``", "''", "'", "‘", "’", "«", "»"])
_JOINTS = frozenset([",", ":", "–", "—", "-"])
#: verbs of saying in the present, as headlines have them behind a quotation
_HEADLINE_VERBS = frozenset(["says", "say", "claims", "warns", "insists", "admits", "tells", "vows", "urges"])
_PUT_FORMS = frozenset(["put", "puts", "described", "describes", "phrased"])
#: minimum tokens of a phrase: "his verdict"
MIN_FRAME_TOKENS = 2
#: words between a possessor and its noun: "his own, final verdict"
MAX_MODIFIERS = 3


@lru_cache(maxsize=1)  # several steps ask for those of one document
def find_framed_speakers(document: Document) -> Mapping[int, int]:
    """Return the mention of the speaker for each passage beside such a phrase, by passage number."""
    mention_by_passage: dict[int, int] = {}
    for number, passage in enumerate(document.passages):
        for is_before, tokens in zip((True, False), _find_neighbours(document, passage), strict=False):
            mention = _read_frame(document, tokens, is_before=is_before)
            if mention >= 0:
                mention_by_passage[number] = mention
                break
    return MappingProxyType(mention_by_passage)


def _find_neighbours(document: Document, passage: Passage) -> Iterator[list[int]]:
    """Yield the tokens outside marks before the passage and after it, each up to a mark or its sentence's end."""
    starts, words, sentence = document.tokens.starts, document.tokens.words, document.sentence
    first = int(np.searchsorted(starts, passage.outer.start))
    last = int(np.searchsorted(starts, passage.outer.end))
    if first >= len(words) or last <= first:
        return
    low, high = first, last
    while low > max(first - MAX_FRAME_TOKENS, 0) and _continues(document, low - 1, int(sentence[first])):
        low -= 1
    while high < min(last + MAX_FRAME_TOKENS, len(words)) and _continues(document, high, int(sentence[last - 1])):
        high += 1
    yield list(range(low, first))
    yield list(range(last, high))


def _continues(document: Document, index: int, sentence: int) -> bool:
    is_outside = document.passage_ids[index] == 0 and document.tokens.words[index] not in _MARKS
    return bool(is_outside and document.sentence[index] == sentence)


def _read_frame(document: Document, tokens: list[int], *, is_before: bool) -> int:
    """Return the speaker's mention in the phrase of some tokens, or -1."""
    while tokens and document.tokens.words[tokens[0]] in _JOINTS:
        tokens = tokens[1:]
    if not is_before and (mention := _read_headline(document, tokens)) >= 0:
        return mention
    closing = ""
    while tokens and document.tokens.words[tokens[-1]] in (".", *_JOINTS):
        closing, tokens = document.tokens.words[tokens[-1]], tokens[:-1]
    if len(tokens) < MIN_FRAME_TOKENS:
        return -1
    first, last = tokens[0], tokens[-1] + 1
    words = [document.tokens.words[index].lower() for index in tokens]
    for index in range(len(words) - 3) if is_before else range(1):
        if words[index : index + 4] in (["in", "the", "words", "of"], ["in", "the", "phrase", "of"]):
            return _find_mention(document, first + index + 4, last)
    opening = _rfind(words, "as") if is_before else 0 if words[0] == "as" else -1
    if opening >= 0 and "it" in words[opening:]:
        verb = first + words.index("it", opening) - 1
        return _find_subject(document, first + opening, verb)
    opening = _rfind(words, "in") if is_before else 0 if words[0] == "in" else -1
    if opening >= 0 and "words" in words[opening:] and (not is_before or words[-1] == "words"):
        return _find_possessor(document, first + opening, first + words.index("words", opening))
    if is_before and closing == ":" and words[-1] in lexicon.load_words("utterance_nouns"):
        return _find_possessor(document, first, last - 1)
    return -1


def _read_headline(document: Document, tokens: list[int]) -> int:
    """Return the speaker after a verb of saying that ends a headline: “...”, says gran-of-six."""
    words, lines = document.tokens.words, document.tokens.paragraph
    last = tokens[-1] + 1 if tokens else 0
    ends_line = last and (last == len(words) or lines[last] != lines[last - 1]) and words[last - 1] not in (".", ":")
    if len(tokens) < MIN_FRAME_TOKENS or not ends_line or words[tokens[0]].lower() not in _HEADLINE_VERBS:
        return -1
    mention = _find_mention(document, tokens[0] + 1, last)
    return mention if mention >= 0 and int(document.mentions.last[mention]) == last else -1


def _rfind(words: list[str], word: str) -> int:
    return max((index for index, other in enumerate(words) if other == word), default=-1)


def _find_mention(document: Document, first: int, last: int) -> int:
    """Return the longest mention from token `first` on that ends by `last`, or -1."""
    mentions = document.mentions
    low, high = np.searchsorted(mentions.first, [first, first + 1]).tolist()
    fitting = [n for n in range(low, high) if mentions.last[n] <= last and mentions.form[n] != MentionForm.POSSESSOR]
    return max(fitting, key=lambda n: int(mentions.last[n]), default=-1)


def _find_subject(document: Document, opening: int, verb: int) -> int:
    """Return the subject of "as ... put it": the mention between "as" and the verb, or -1."""
    words = document.tokens.words
    if verb <= opening or words[verb].lower() not in _PUT_FORMS:
        return -1
    for first in range(opening + 1, verb):
        mention = _find_mention(document, first, verb)
        if mention >= 0:
            return mention
    return -1


def _find_possessor(document: Document, first: int, noun: int) -> int:
    """Return the possessor of the noun: "Jane Roe" in "Jane Roe's verdict", "his" in "in his own words", or -1."""
    mentions, words = document.mentions, document.tokens.words
    for number in _find_mentions_between(document, first, noun):
        if mentions.form[number] != MentionForm.POSSESSOR:
            continue
        end = int(mentions.last[number])
        end += end < noun and words[end] in ("'s", "’s", "'", "’")
        if 0 <= noun - end <= MAX_MODIFIERS:
            return number
    return -1


def _find_mentions_between(document: Document, first: int, last: int) -> list[int]:
    """Return the mentions that begin between two tokens, the last one first."""
    low, high = np.searchsorted(document.mentions.first, [first, last]).tolist()
    return list(range(high - 1, low - 1, -1))
