"""Finds the phrases of headlines that can name a story: noun phrases, with the offsets of their words.

Rule: a phrase is never cut at its right end, so its last word is its main noun. It may begin later than the longest
phrase does, but never within the title of a person ("minister Roe").
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from briefings.attribution.models.weights import load_models
from briefings.compose.news.word_usage import NOUNS, WordUsage
from briefings.model import Article, Span
from briefings.text import lexicon
from briefings.text.pos_tagger import TAG
from briefings.text.tokenizer import Tokens, compute_shapes, tokenise

#: longest headline that is read, in characters
_MAX_HEADLINE = 300
#: fewest and most words of a name
MIN_WORDS, MAX_WORDS = 2, 6

_MODIFIERS = frozenset((TAG["JJ"], TAG["CD"], TAG["POS"]))
_DETERMINERS = frozenset((TAG["DT"], TAG["PRP$"]))
_LINKS = frozenset(("of", "in", "on", "over", "for", "against", "with", "at"))
_ARTICLES = frozenset(("the", "a", "an"))
_POSSESSIVES = frozenset(("'s", "’s"))
_WORD = re.compile(r"[^\W_][\w'’&.-]*")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase of a headline: its words as printed, and whether one is a name and one is a common noun."""

    text: str
    names: tuple[str, ...]
    has_common_noun: bool
    #: whether it ends with a person's role ("Easton mayor")
    is_role: bool
    #: whether a preposition joins two parts of it
    is_joined: bool
    #: the words before it that belong to the same phrase: "Defence of" before "Easton Act", or ""
    left_words: str


@dataclass(frozen=True, slots=True)
class _Headline:
    """A headline with its tokens, its words with their usual capitals, and their tags."""

    text: str
    tokens: Tokens
    words: list[str]
    tags: list[int]

    def is_name(self, number: int) -> bool:
        return self.words[number][:1].isupper() and self.tags[number] != TAG["JJ"]


def find_phrases(articles: Sequence[Article]) -> list[Phrase]:
    """Return the noun phrases of two to six words in the headlines of one story, with repetitions."""
    usage = WordUsage(articles)
    headlines = [_tag(article.title[:_MAX_HEADLINE], usage) for article in articles if article.title]
    return [phrase for headline in headlines for phrase in _find_phrases(headline)]


def _tag(text: str, usage: WordUsage) -> _Headline:
    tokens = tokenise(text)
    words = usage.restore_capitals(tokens.words)
    tags = load_models().tagger.tag(words, compute_shapes(words), tokens.paragraph).tolist()
    for number, word in enumerate(words):
        if word[:1].islower():
            tags[number] = _correct(tags[number], word, usage)
    for number in range(1, len(words) - 1):
        if tags[number] == TAG["NNS"] and words[number - 1][:1].isupper() and usage.can_be_verb(words[number]):
            is_object = tags[number + 1] in (TAG["NN"], TAG["JJ"]) and words[number + 1][:1].islower()
            tags[number] = TAG["VBZ"] if is_object else tags[number]  # "Roe tests rocket"
    return _Headline(text, tokens, words, tags)


def _correct(tag: int, word: str, usage: WordUsage) -> int:
    """Return the tag of a common word, corrected by how the articles use it. What they never use so is a verb."""
    if tag in NOUNS and not usage.is_noun(word):
        return TAG["JJ"] if usage.is_adjective(word) else TAG["VBZ"]
    if tag == TAG["JJ"] and usage.can_be_verb(word) and not usage.is_adjective(word):
        return TAG["VBZ"]
    if tag in (TAG["VB"], TAG["."], TAG["IN"]) and usage.is_noun(word):
        return TAG["NN"]
    return tag


def _find_phrases(headline: _Headline) -> Iterator[Phrase]:
    runs = list(_find_runs(headline))
    for index, run in enumerate(runs):
        yield from _cut(headline, run)
        following = runs[index + 1] if index + 1 < len(runs) else None
        if following and _joins(headline, run, following):
            yield from _cut(headline, Span(run.start, following.end), run.end)


def _joins(headline: _Headline, first: Span, second: Span) -> bool:
    """Whether a preposition joins two phrases: "case against Roe", but not "Roe on budget", in which she speaks."""
    link = [word.lower() for word in headline.words[first.end : second.start]]
    if not link or link[0] not in _LINKS or len(link) > 2 or not _ARTICLES.issuperset(link[1:]):
        return False
    return link[0] == "of" or not headline.is_name(first.end - 1)


def _find_runs(headline: _Headline) -> Iterator[Span]:
    """Yield the longest runs of nouns with what modifies them, as token numbers; each ends with a noun."""
    start = 0
    for end in range(len(headline.words) + 1):
        if end < len(headline.words) and _is_part(headline.words[end], headline.tags[end]):
            continue
        last = end
        if last - start > 1 and end < len(headline.words) and headline.tags[end] in _DETERMINERS:
            last -= 1  # what has an object is a verb: "Roe tests a rocket"
        while last > start and headline.tags[last - 1] not in NOUNS:
            last -= 1
        if last > start:
            yield Span(start, last)
        start = end + 1


def _get_left_words(headline: _Headline, start: int, run: Span) -> str:
    if start > run.start:
        return headline.words[start - 1]
    is_of = start > 1 and headline.words[start - 1].lower() == "of" and headline.tags[start - 2] in NOUNS
    return f"{headline.words[start - 2]} of" if is_of else ""


def _splits_name(headline: _Headline, start: int, end: int) -> bool:
    """Whether a phrase from `start` would lose the beginning of a name, or of the title before one ("minister Roe")."""
    previous = headline.words[start - 1]
    if not headline.is_name(start):
        return headline.is_name(end - 1)
    return any(letter.isupper() for letter in previous) and not previous.endswith(".")


def _is_verb_with_object(headline: _Headline, start: int) -> bool:
    """Whether a phrase begins with a common noun before a name: mostly a verb, as in "demand Easton probe"."""
    is_noun = headline.tags[start] in NOUNS and not headline.is_name(start)
    return is_noun and start + 1 < len(headline.words) and headline.is_name(start + 1)


def _is_list(headline: _Headline, start: int, end: int) -> bool:
    """Whether a phrase is the beginning of a list of names: "swimmers Jane Roe", followed by ", John Doe"."""
    is_followed = headline.words[end : end + 1] == [","] and end + 1 < len(headline.words)
    has_common_noun = not all(headline.is_name(number) for number in range(start, end))
    return is_followed and has_common_noun and headline.is_name(end - 1) and headline.is_name(end + 1)


def _is_role(word: str) -> bool:
    lists = ("offices", "role_heads", "office_words", "person_nouns")
    return any(form in lexicon.load_words(name) for name in lists for form in (word, word.removesuffix("s")))


def _is_part(word: str, tag: int) -> bool:
    return (bool(_WORD.fullmatch(word)) and (tag in NOUNS or tag in _MODIFIERS)) or word.lower() in _POSSESSIVES


def _cut(headline: _Headline, run: Span, first_end: int | None = None) -> Iterator[Phrase]:
    """Yield the phrase and its ends: each begins later, and before token `first_end`, where its first part ends."""
    for start in range(run.start, first_end or run.end):
        if headline.tags[start] not in NOUNS | {TAG["JJ"]} or headline.words[start].lower() in _POSSESSIVES:
            continue
        numbers = range(start, run.end)
        if (start > run.start and _splits_name(headline, start, run.end)) or _is_verb_with_object(headline, start):
            continue
        if _is_list(headline, start, run.end):
            continue
        text = headline.text[int(headline.tokens.starts[start]) : int(headline.tokens.ends[run.end - 1])]
        if not MIN_WORDS <= len(text.split()) <= MAX_WORDS:
            continue
        yield Phrase(
            text,
            names=tuple(headline.words[number] for number in numbers if headline.is_name(number)),
            has_common_noun=any(headline.tags[number] in NOUNS and not headline.is_name(number) for number in numbers),
            is_role=_is_role(headline.words[(first_end or run.end) - 1]),
            is_joined=first_end is not None,
            left_words=_get_left_words(headline, start, run),
        )
