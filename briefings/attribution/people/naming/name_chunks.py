"""Cut the names out of an article: runs of words of one kind, without the titles before them and the times behind.

Rule: a name stays within its sentence and on its side of a quotation mark. A proper noun that the tagger takes for no
name is still a chunk, because a body can have any name ("Democrats").
"""

import re
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache

import numpy as np

from briefings.attribution.features.document import Document, MentionForm
from briefings.attribution.people.naming.name_tagger import BODY, NONE, OTHER, PERSON, tag_names
from briefings.text import lexicon
from briefings.text.learned_models import FloatArray, IntArray, LinearModel
from briefings.text.pos_tagger import TAG
from briefings.text.tokenizer import FIRST_UPPER, WORD, hash_word
from briefings.text.words import load_table

PARTICLES = frozenset([
    "de", "da", "del", "della", "di", "dos", "van", "von", "der", "den", "la", "le",
    "bin", "bint", "ibn", "al", "el", "ter",
])  # fmt: skip
_BODY_LINKS = frozenset(["of", "for", "the", "and", "&", "on", "’s", "'s"])
#: "R-Tenn", "D-Mass"
_PARTY_TAG = re.compile(r"[RDI]-[A-Z]")
_SUFFIXES = frozenset(["jr", "jr.", "sr", "sr.", "ii", "iii", "iv"])
#: names longer than this are scraps of headlines
MAX_NAME_TOKENS = 9
#: words of a person's name that can be taken for a place, and tags of what a person does
MAX_PERSON_TOKENS = 3
_ACTING_TAGS = frozenset(TAG[tag] for tag in ("VBD", "VBZ", "MD", ","))
#: words before an office that make it no surname: "the Mayor", "Lord Mayor"
_OFFICE_OPENINGS = frozenset(["the", "lord", "lady"])
#: kind of a word that is no part of the article's own text
_REMOVED = -1
#: words of a link's card behind a name
MAX_CARD_TOKENS = 14
#: below this probability of another kind, a capitalised word before a surname is a first name
MAX_OTHER_KIND = 0.6
#: words before a name that are offices but no word of `offices`
_RANKS = frozenset(
    ["ceo", "cfo", "coo", "state", "clerk", "rank", "emeritus", "elect", "president-elect", "pc", "sgt", "det"]
)


@dataclass(frozen=True, slots=True)
class NameChunk:
    """A name: its tokens from `first` to before `last`, its kinds' probabilities, and what its title says."""

    first: int
    last: int
    kinds: FloatArray
    #: m, f or u by the title before it
    gender: str
    has_title: bool
    #: the most likely kind that is a kind of name
    kind: int = field(init=False)

    def __post_init__(self) -> None:
        """Find the kind once, because it is read often."""
        object.__setattr__(self, "kind", int(self.kinds[1:].argmax()) + 1)


def find_chunks(document: Document, kinds: FloatArray) -> list[NameChunk]:
    """Return the names of an article in order. `kinds` are each token's probabilities."""
    best = _choose_kinds(document, kinds)
    return _cut_chunks(document, kinds, best, _find_untagged_names(document, best))


def find_tagged_chunks(document: Document, first: LinearModel, second: LinearModel) -> list[NameChunk]:
    """Return the names of an article in order, with the kinds that the two models tag.

    The last result is cached, for the quotes and then the names of the same article. Of its mentions, only those that
    are untagged names matter.
    """
    article = document.untrimmed or document
    untagged_names = _find_untagged_names(document, _choose_tagged_kinds(article, first, second))
    return list(_cut_tagged_chunks(article, first, second, tuple(untagged_names.items())))


@lru_cache(maxsize=1)
def _choose_tagged_kinds(document: Document, first: LinearModel, second: LinearModel) -> IntArray:
    best = _choose_kinds(document, tag_names(document, first, second))
    best.flags.writeable = False
    return best


@lru_cache(maxsize=1)
def _cut_tagged_chunks(
    document: Document, first: LinearModel, second: LinearModel, untagged_names: tuple[tuple[int, int], ...]
) -> tuple[NameChunk, ...]:
    best = _choose_tagged_kinds(document, first, second)
    return tuple(_cut_chunks(document, tag_names(document, first, second), best, dict(untagged_names)))


def _choose_kinds(document: Document, kinds: FloatArray) -> IntArray:
    """Return each token's kind; mentions do not matter."""
    best = _split_titles(document.tokens.words, kinds.argmax(axis=1))
    _extend_first_names(document, kinds, best)
    _remove_link_cards(document, best)
    return best


def _cut_chunks(document: Document, kinds: FloatArray, best: IntArray, extra: dict[int, int]) -> list[NameChunk]:
    """Return the names by each token's kind; `extra` are the ends of untagged names by their starts."""
    words = document.tokens.words
    chunks: list[NameChunk] = []
    index, total = 0, len(words)
    kinds_found = best.tolist()
    group = (document.sentence * 2 + (document.passage_ids > 0)).tolist()
    small_words = frozenset(document.shapes[document.shapes[:, FIRST_UPPER] == 0, WORD].tolist())
    while index < total:
        kind = kinds_found[index]
        if index in extra and extra[index] > index + 1 and words[index].lower() in load_table("nations"):
            kind = NONE  # "Danish Presidency"
        if kind == _REMOVED:
            index += 1
            continue
        if kind == NONE:
            end = extra.get(index, index)
            if end > index:
                chunks += _build_chunk(document, kinds, index, end, 0, small_words)
            index = max(end, index + 1)
            continue
        end = _find_end(words, kinds_found, group, index, kind)
        chunks += _build_chunk(document, kinds, index, end, kind, small_words)
        index = end
    return _correct_people(document, chunks)


def _correct_people(document: Document, chunks: list[NameChunk]) -> list[NameChunk]:
    """Return the chunks with people who were taken for places: "Luca Ferri", if "Ferri" alone does something too."""
    words, tags = document.tokens.words, document.tags
    actors = {
        words[chunk.first]
        for chunk in chunks
        if chunk.last - chunk.first == 1 and chunk.last < len(words) and tags[chunk.last] in _ACTING_TAGS
    }
    misread = {
        words[chunk.last - 1]
        for chunk in chunks
        if chunk.kind != PERSON
        and 2 <= chunk.last - chunk.first <= MAX_PERSON_TOKENS
        and words[chunk.last - 1] in actors
        and _is_given_name(words[chunk.first])
        and words[chunk.last - 1].lower() not in lexicon.load_words("organisations")
    }
    return [replace(one, kinds=_swap_person(one)) if words[one.last - 1] in misread else one for one in chunks]


def _swap_person(chunk: NameChunk) -> FloatArray:
    """Return the kinds with the likeliest one and the person's exchanged."""
    kinds = chunk.kinds.copy()
    best = int(kinds.argmax())
    kinds[[PERSON, best]] = kinds[[best, PERSON]]
    return kinds


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


def _extend_first_names(document: Document, kinds: FloatArray, best: IntArray) -> None:
    """Take an unknown first name into the name: "Jo-Renee" before "Formicola". `best` is changed in place."""
    words, tags = document.tokens.words, document.tags
    for index in np.flatnonzero(best == PERSON).tolist():
        before = index - 1
        if before < 0 or best[before] == PERSON or document.sentence[before] != document.sentence[index]:
            continue
        is_free = best[before] in (NONE, OTHER) or kinds[before, best[before]] < MAX_OTHER_KIND
        word = words[before]
        opens = before == 0 or document.sentence[before - 1] != document.sentence[before]
        if (
            is_free
            and word[:1].isupper()
            and len(word) > 2
            and not word.isupper()
            and tags[before] == TAG["NNP"]
            and not is_title(word)
            and not _is_time(word)
            and (not opens or _is_given_name(word))
            and document.passage_ids[before] == document.passage_ids[index]
            and (index + 1 >= len(best) or best[index + 1] != PERSON)
            and not lexicon.load_words("organisations") & {word.lower()}
        ):
            best[before] = PERSON


def _remove_link_cards(document: Document, best: IntArray) -> None:
    """Remove the card of a link behind a name: "Jane Roe Jane (Jan) Ann Roe… MORE". `best` is changed in place."""
    words, lines = document.tokens.words, document.tokens.paragraph
    for end in [index for index, word in enumerate(words) if word == "MORE"]:
        surname_at = next((index for index in range(end - 1, max(end - 4, 0), -1) if words[index][:1].isalpha()), end)
        for index in range(max(end - MAX_CARD_TOKENS, 1), surname_at - 1):
            if words[index] == words[surname_at] and lines[index] == lines[end] and best[index - 1] == PERSON:
                best[index + 1 : end + 1] = _REMOVED
                break


def _is_time(word: str) -> bool:
    """Whether a word is a time: "Tuesday", but not the "Times"."""
    return word.lower() in _load_times() and word != "Times"


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


def _find_end(words: list[str], best: list[int], group: list[int], index: int, kind: int) -> int:
    """Return the end of the run of words of one kind that starts at `index`."""
    end, total = index + 1, len(words)
    while end < total and group[end] == group[index]:
        if best[end] == kind:
            end += 1
            continue
        word = words[end].lower()
        links = PARTICLES if kind == PERSON else _BODY_LINKS if kind == BODY and best[end - 1] == BODY else ()
        width = 1 if word in links else 0
        while width and width < 3 and end + width < total and words[end + width].lower() in links:
            width += 1
        after = end + width
        if width and after < total and group[after] == group[index] and best[after] == kind:
            end = after + 1
        elif kind == PERSON and word in _SUFFIXES:
            end += 1
        elif kind == PERSON and word == "," and end + 1 < total and words[end + 1].lower() in ("jr.", "jr", "sr."):
            end += 2
        else:
            break
    return end


def _find_untagged_names(document: Document, best: IntArray) -> dict[int, int]:
    """Return the ends of the proper nouns, by start, that head a mention and have no kind."""
    mentions, words = document.mentions, document.tokens.words
    is_free = ((document.tags == TAG["NNP"]) & (best == NONE)).tolist()
    is_name = (mentions.form == int(MentionForm.NAME)) | (mentions.form == int(MentionForm.POSSESSOR))
    ends: dict[int, int] = {}
    for first, last in zip(mentions.first[is_name].tolist(), mentions.last[is_name].tolist(), strict=True):
        start = last
        while start > first and is_free[start - 1]:
            start -= 1
        noun = words[last - 1].lower()
        is_body = noun in lexicon.load_words("organisations") or noun in lexicon.load_words("bodies")
        if is_body and first < start < last and words[start - 1].lower() in load_table("nations"):
            start -= 1
        while last - start > 1 and (is_title(words[start]) or _is_time(words[start])):
            start += 1
        is_office = noun in lexicon.load_words("offices")
        if start < last and not _is_time(words[last - 1]) and not is_office:
            ends[start] = last
    return ends


def _build_chunk(
    document: Document, kinds: FloatArray, first: int, end: int, kind: int, small_words: frozenset[int]
) -> list[NameChunk]:
    """Return the name in a run of words, or nothing if only titles and times are in it.

    `small_words` are the hashes of the words that the article writes small.
    """
    words, honorifics = document.tokens.words, load_table("honorifics")
    gender, has_title, start = "u", False, first
    while end > start and (_is_time(words[end - 1]) or not any(map(str.isalnum, words[end - 1]))):
        end -= 1
    if kind == PERSON and end - start > 1 and words[start].lower() in lexicon.load_words("cues"):
        start += 1
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
    if (
        kind == PERSON
        and end - start > 2
        and _is_given_name(words[start + 1])
        and _is_no_name(words[start], small_words)
    ):
        start += 1
    is_person = kind == PERSON and words[start - 1].lower() not in _OFFICE_OPENINGS
    is_role = end - start == 1 and not is_person and words[start].lower() in lexicon.load_words("offices")
    if start >= end or end - start > MAX_NAME_TOKENS or is_role:
        return []
    return [NameChunk(start, end, kinds[start:end].sum(axis=0) / (end - start), gender, has_title)]


def _is_no_name(word: str, small_words: frozenset[int]) -> bool:
    """Whether a first word is not part of the name: an office, or a word that the article also writes small."""
    key = word.lower()
    if _is_given_name(word) or len(word.strip(".")) <= 2:
        return False
    if any(key in lexicon.load_words(name) for name in ("offices", "person_nouns", "titles", "role_heads", "times")):
        return True
    return hash_word(key) in small_words


def _merge_gender(gender: str, other: str) -> str:
    return other if other != "u" else gender
