"""Cut the names out of an article: runs of words of one kind, without the titles before them and the times behind.

Rule: a name stays within its sentence and on its side of a quotation mark. A proper noun that the tagger takes for no
name is still a chunk, because a body can have any name ("Democrats").
"""

import re
from dataclasses import dataclass
from functools import cache

import numpy as np

from briefings.attribution.features.document import Document, MentionForm
from briefings.attribution.people.name_tagger import BODY, NONE, OTHER, PERSON
from briefings.text import lexicon
from briefings.text.learned_models import FloatArray, IntArray
from briefings.text.pos_tagger import TAG
from briefings.text.words import load_table

_PARTICLES = frozenset(
    ["de", "da", "del", "della", "di", "dos", "van", "von", "der", "den", "la", "le", "bin", "bint", "ibn", "al", "el", "ter"]
)
_BODY_LINKS = frozenset(["of", "for", "the", "and", "&", "on", "’s", "'s"])
#: "R-Tenn", "D-Mass"
_PARTY_TAG = re.compile(r"[RDI]-[A-Z]")
_SUFFIXES = frozenset(["jr", "jr.", "sr", "sr.", "ii", "iii", "iv"])
#: names longer than this are scraps of headlines
MAX_NAME_TOKENS = 9
#: words before a name that are offices but no word of `offices`
_RANKS = frozenset(["ceo", "cfo", "coo", "state", "clerk", "rank", "emeritus", "elect", "president-elect", "pc", "sgt", "det"])


@dataclass(frozen=True, slots=True)
class NameChunk:
    """A name in the text: its tokens from `first` to before `last`, its kinds' probabilities, and what its title tells."""

    first: int
    last: int
    kinds: FloatArray
    #: m, f or u by the title before it
    gender: str
    has_title: bool

    @property
    def kind(self) -> int:
        """The most likely kind that is a kind of name."""
        return int(self.kinds[1:].argmax()) + 1


def find_chunks(document: Document, kinds: FloatArray) -> list[NameChunk]:
    """Return the names of an article in order. `kinds` are each token's probabilities."""
    words = document.tokens.words
    best = _split_titles(words, kinds.argmax(axis=1))
    chunks: list[NameChunk] = []
    index, total = 0, len(words)
    group = document.sentence * 2 + (document.passage_ids > 0)
    extra = _find_untagged_names(document, best)
    while index < total:
        kind = int(best[index])
        if kind == NONE:
            end = extra.get(index, index)
            if end > index:
                chunks += _build_chunk(document, kinds, index, end, 0)
            index = max(end, index + 1)
            continue
        end = _find_end(words, best, group, index, kind)
        chunks += _build_chunk(document, kinds, index, end, kind)
        index = end
    return chunks


def _split_titles(words: list[str], best: IntArray) -> IntArray:
    """Return the kinds with the person cut out of "Easton University President Jane Roe"."""
    result = best.copy()
    for index in np.flatnonzero((best == BODY) | (best == OTHER)).tolist():
        if index + 2 >= len(words) or not is_title(words[index]) or not words[index + 1][:1].isupper():
            continue
        if _is_given_name(words[index + 1]) and words[index + 2][:1].isupper():
            result[index] = NONE
            end = index + 1
            while end < min(index + 5, len(words)) and words[end][:1].isupper() and best[end] != NONE:
                result[end] = PERSON
                end += 1
    return result


def _is_given_name(word: str) -> bool:
    lowercase = word.lower()
    return lowercase in load_table("first_names") or lowercase in load_table("given_names")


def is_title(word: str) -> bool:
    """Whether a word before a name is a title, an office or a rank and no part of the name."""
    lowercase = word.lower()
    return lowercase in _load_titles() or lowercase.rstrip("s") in lexicon.load_words("offices")


@cache
def _load_times() -> frozenset[str]:
    return lexicon.load_words("times") | (lexicon.load_words("months_and_days") - {"may", "april", "june", "august"})


@cache
def _load_titles() -> frozenset[str]:
    return frozenset(load_table("honorifics")) | lexicon.load_words("titles") | _RANKS


def _find_end(words: list[str], best: IntArray, group: IntArray, index: int, kind: int) -> int:
    """Return the end of the run of words of one kind that starts at `index`."""
    end, total = index + 1, len(words)
    while end < total and group[end] == group[index]:
        if best[end] == kind:
            end += 1
            continue
        word = words[end].lower()
        links = _PARTICLES if kind == PERSON else _BODY_LINKS if kind == BODY and best[end - 1] == BODY else ()
        width = 1 if word in links else 0
        while width and width < 3 and end + width < total and words[end + width].lower() in links:
            width += 1
        after = end + width
        if width and after < total and group[after] == group[index] and best[after] == kind:
            end = after + 1
        elif kind == PERSON and word in _SUFFIXES:
            end += 1
        elif (
            kind == PERSON and word == "," and end + 1 < total and words[end + 1].lower() in ("jr.", "jr", "sr.")
        ):
            end += 2
        else:
            break
    return end


def _find_untagged_names(document: Document, best: IntArray) -> dict[int, int]:
    """Return the ends of the proper nouns, by start, that head a mention and have no kind."""
    mentions, tags, times = document.mentions, document.tags, _load_times()
    is_name = np.isin(mentions.form, [MentionForm.NAME, MentionForm.POSSESSOR])
    ends: dict[int, int] = {}
    for first, last in zip(mentions.first[is_name].tolist(), mentions.last[is_name].tolist(), strict=True):
        start = last
        while start > first and tags[start - 1] == TAG["NNP"] and best[start - 1] == NONE:
            start -= 1
        while start < last and (
            is_title(document.tokens.words[start]) or document.tokens.words[start].lower() in times
        ) and last - start > 1:
            start += 1
        is_office = document.tokens.words[last - 1].lower() in lexicon.load_words("offices")
        if start < last and document.tokens.words[last - 1].lower() not in times and not is_office:
            ends[start] = last
    return ends


def _build_chunk(document: Document, kinds: FloatArray, first: int, end: int, kind: int) -> list[NameChunk]:
    """Return the name in a run of words, or nothing if only titles and times are in it."""
    words, honorifics, times = document.tokens.words, load_table("honorifics"), _load_times()
    gender, has_title, start = "u", False, first
    while end > start and (words[end - 1].lower() in times or not any(map(str.isalnum, words[end - 1]))):
        end -= 1
    if _PARTY_TAG.match(words[first]):
        return []
    if kind in (PERSON, NONE):
        for index in range(first, end - 1):
            if is_title(words[index]) and words[index + 1].lower() not in _SUFFIXES:
                start, has_title = index + 1, True
                gender = _merge_gender(gender, honorifics.get(words[index].lower(), "u"))
        for index in range(max(first - 2, 0), first):
            if document.sentence[index] == document.sentence[first] and is_title(words[index]) and start == first:
                gender, has_title = _merge_gender(gender, honorifics.get(words[index].lower(), "u")), True
    if kind == PERSON and end - start > 2 and not _is_given_name(words[start]) and _is_given_name(words[start + 1]):
        start += len(words[start].strip(".")) > 2
    is_role = end - start == 1 and kind != PERSON and words[start].lower() in lexicon.load_words("offices")
    if start >= end or end - start > MAX_NAME_TOKENS or is_role:
        return []
    return [NameChunk(start, end, kinds[start:end].mean(axis=0), gender, has_title)]


def _merge_gender(gender: str, other: str) -> str:
    return other if other != "u" else gender
