"""Rules for topics that people make: their names, slugs and phrases, and limits.

Rule: a topic that can never match an article, or that matches nearly all of them, is refused with a reason.
"""

import re
from collections.abc import Sequence

from briefings.errors import BadQuestion
from briefings.similarity.tfidf import extract_terms
from briefings.text.folding import make_search_key

#: most phrases of a topic; longest name and phrase, in characters; most words of a phrase
MAX_PHRASES, MAX_NAME_LENGTH, MAX_PHRASE_LENGTH, MAX_PHRASE_WORDS = 200, 80, 150, 20
#: longest slug, in characters
_MAX_SLUG_LENGTH = 64
_EXAMPLE = "/topic new Easton flood: flood, flooding"
_INVISIBLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")


def clean_name(text: str) -> str:
    """Return the name of a topic on one line, without invisible characters. Raises BadQuestion."""
    name = " ".join(_INVISIBLE.sub(" ", text).split())
    if not make_search_key(name):
        raise BadQuestion(f"A topic needs a name with a letter or digit, for example: {_EXAMPLE}")
    if len(name) > MAX_NAME_LENGTH:
        raise BadQuestion(f"That name has {len(name):,} characters; the limit is {MAX_NAME_LENGTH}. Use a shorter one.")
    return name


def clean_phrases(texts: Sequence[str]) -> tuple[str, ...]:
    """Return the phrases of a topic on one line each, without repetitions. Raises BadQuestion."""
    phrases = [phrase for text in texts if make_search_key(phrase := " ".join(_INVISIBLE.sub(" ", text).split()))]
    for phrase in phrases:
        _check_phrase(phrase, make_search_key(phrase))
    if not phrases:
        raise BadQuestion(f"A topic needs words that its articles contain, for example: {_EXAMPLE}")
    return join_phrases(phrases)


def join_phrases(*groups: Sequence[str]) -> tuple[str, ...]:
    """Return the phrases of all groups without repetitions. Raises BadQuestion if they are too many.

    They are not checked one by one: a topic of the topics file may have others than people can give it.
    """
    phrases: dict[str, str] = {}
    for group in groups:
        for phrase in group:
            phrases.setdefault(make_search_key(phrase), phrase)
    if len(phrases) > MAX_PHRASES:
        raise BadQuestion(f"That's {len(phrases):,} phrases; a topic can have {MAX_PHRASES}. Remove some.")
    return tuple(phrases.values())


def make_slug(name: str) -> str:
    """Return the short name of a topic: its words in lower case, joined by hyphens."""
    slug = make_search_key(name).replace(" ", "-")
    if len(slug) <= _MAX_SLUG_LENGTH:
        return slug
    start = slug[:_MAX_SLUG_LENGTH]
    return start.rpartition("-")[0] or start


def _check_phrase(phrase: str, key: str) -> None:
    if len(phrase) > MAX_PHRASE_LENGTH or len(key.split()) > MAX_PHRASE_WORDS:
        start = phrase[:40]
        raise BadQuestion(f"“{start}…” is too long for a phrase. Separate phrases with commas, for example: {_EXAMPLE}")
    if not extract_terms(phrase) or len(key) == 1:
        raise BadQuestion(f"Nearly every article has “{phrase}”. Use words that only this topic's articles have.")
