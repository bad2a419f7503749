"""Decides whether a quotation is about a subject that is given in words: "the vote", "second referendum".

Rule: a quotation is about a subject if its own sentences, or the sentences next to it in its paragraph, mention it. The
line before also counts if it introduces the quotation: a question, or words before a colon. That another part of the
article mentions the subject is not enough.
Rule: one sentence must have all words of the subject, in any order and with any common ending, or the words as typed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from briefings.compose.selection import stem
from briefings.model import Article, Quote, Span
from briefings.text.folding import make_search_key
from briefings.text.sentences import split_sentences
from briefings.text.wrapped_lines import unwrap_lines

#: characters of the text read on each side of a quotation
_REACH = 1_500
#: words that say nothing about a subject
_FUNCTION_WORDS = frozenset(
    ["a", "an", "the", "this", "that", "these", "those", "of", "in", "on", "at", "to", "for", "from", "by", "with"]
) | frozenset(["about", "over", "and", "or", "his", "her", "their", "its", "our"])
#: small words that are names when they begin with a capital: "May" is a person, "may" is not
_NAME_WORDS = frozenset(["may", "will", "us", "it", "who", "mark", "can"])
#: most letters of a word that can have an ending
_MIN_ENDING_LETTERS = 4
_INTRODUCTION = re.compile(r"[:?][\"”’')]*\s*\Z")
_LINE_END = re.compile(r"[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject in words, as typed."""

    text: str

    @property
    def key_words(self) -> tuple[str, ...]:
        """The folded words that a sentence must have: without those that say nothing, unless there are no others."""
        words = make_search_key(self.text).split()
        return tuple(dict.fromkeys([word for word in words if word not in _FUNCTION_WORDS] or words))

    @property
    def search_phrases(self) -> tuple[str, ...]:
        """At least one of these words is in every article on the subject: the longest word, with its common endings."""
        longest_word = max(self.key_words, key=len, default="")
        return _list_endings(longest_word)

    def is_mentioned_in(self, sentence: str) -> bool:
        """Whether a sentence has all words of the subject, or its words as typed."""
        return _find_mention(self.text, sentence)

    def is_subject_of(self, article: Article, quote: Quote) -> bool:
        """Whether a quotation of an article is about the subject."""
        spans = [quote.span, *([quote.source] if quote.source else []), *([quote.cue] if quote.cue else [])]
        return self.is_mentioned_around(article, Span(min(s.start for s in spans), max(s.end for s in spans)))

    def is_mentioned_around(self, article: Article, span: Span) -> bool:
        """Whether the sentences at a place, those next to it, or its introduction mention the subject."""
        return any(self.is_mentioned_in(sentence) for sentence in list_passage(article.text, span))


def list_passage(text: str, span: Span) -> list[str]:
    """Return the sentences that a span touches, those before and after it in its paragraph, and its introduction."""
    start = max(0, span.start - _REACH)
    window = text[start : span.end + _REACH]
    sentences, unwrapped_window = _split(window)
    place = Span(span.start - start, span.end - start)
    touched = [number for number, sentence in enumerate(sentences) if sentence.overlaps(place)]
    if not touched:
        return [span.of(text)]
    passage = [sentences[number].of(window) for number in touched]
    first, last = touched[0], touched[-1]
    if first:
        before = unwrapped_window[sentences[first - 1].end : sentences[first].start]
        previous = sentences[first - 1].of(window)
        if not _LINE_END.search(before) or _INTRODUCTION.search(previous):
            passage.insert(0, previous)
    if last + 1 < len(sentences):
        after = unwrapped_window[sentences[last].end : sentences[last + 1].start]
        if not _LINE_END.search(after):
            passage.append(sentences[last + 1].of(window))
    return passage


@lru_cache(maxsize=256)
def _split(window: str) -> tuple[Sequence[Span], str]:
    """Return the sentences, and the text in which only paragraphs end with a line end."""
    return split_sentences(window), unwrap_lines(window)


@lru_cache(maxsize=256)
def _compile(text: str) -> tuple[frozenset[str], frozenset[str], str]:
    """Return the stems of the words, the words that must have a capital, and the search key of the whole text."""
    words = _WORD.findall(text)
    capitalised = frozenset(word for word in words if word[:1].isupper() and make_search_key(word) in _NAME_WORDS)
    subject = Subject(text)
    return frozenset(map(_stem, subject.key_words)), capitalised, make_search_key(text)


def _find_mention(text: str, sentence: str) -> bool:
    stems, capitalised, key = _compile(text)
    sentence_key = make_search_key(sentence)
    if capitalised and not capitalised <= frozenset(_WORD.findall(sentence)):
        return False
    if key and f" {key} " in f" {sentence_key} ":
        return True
    return bool(stems) and stems <= frozenset(map(_stem, sentence_key.split()))


def _stem(word: str) -> str:
    """Return a word without its ending; "party" and "parties" have one stem."""
    stemmed_word = stem(word)
    return f"{stemmed_word[:-1]}i" if stemmed_word.endswith("y") and len(stemmed_word) > 2 else stemmed_word


def _list_endings(word: str) -> tuple[str, ...]:
    if not word:
        return ()
    if len(word) < _MIN_ENDING_LETTERS or word.isdigit():
        return (word,)
    stemmed = stem(word)
    endings = [word, f"{word}s", stemmed, f"{stemmed}s", f"{stemmed}ed", f"{stemmed}d", f"{stemmed}es", f"{stemmed}ing"]
    endings += [f"{word[:-1]}ies"] if word.endswith("y") else []
    endings += [f"{word[:-3]}y"] if word.endswith("ies") else []
    return tuple(dict.fromkeys(endings))
