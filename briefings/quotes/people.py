"""From mentions to people: the names and offices an article gives, and the full names its story gives.

Rule: a surname stands for a person only while one person bears it; whoever is not named stays a description.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from briefings.model import Article, Quote, Span, Speaker
from briefings.quotes.mentions import Form, mentions
from briefings.text import lexicon
from briefings.text.blank import blanked
from briefings.text.fold import fold

_DETERMINER = re.compile(r"^(?:the|an?)\s+", re.IGNORECASE)
_APPOSED = re.compile(r"(?:,| [–—-]) (?P<phrase>(?:the |an? |former )?[^,;:.–—]{3,80})(?:,| [–—-] )")
_WORDS_BEFORE = re.compile(r"[\w-]+")


@dataclass(frozen=True, slots=True)
class Names:
    """The people a text names in full, each with the office it gives them (None where it gives none)."""

    roles: dict[str, str | None]

    def full(self, name: str) -> str | None:
        """The one full name that `name` is short for, or None when there is none, or more than one."""
        bearers = {full for full in self.roles if fold(full).split()[-1] == fold(name)}
        return bearers.pop() if len(bearers) == 1 else None


def names(article: Article) -> Names:
    """The people that `article` names with more than one word, boilerplate aside."""
    text = blanked(article.text, article.boilerplate)
    roles: dict[str, str | None] = {}
    for mention in mentions(text, Span(0, len(text))):
        name = without_title(mention.span.of(text))
        if mention.form is Form.NAME and " " in name and not any(char.isdigit() for char in name):
            roles[name] = roles.get(name) or _role(text, mention.span)
    return Names(roles)


def resolve(batch: Sequence[tuple[Article, tuple[Quote, ...]]]) -> list[tuple[Article, tuple[Quote, ...]]]:
    """The quotes of one story's articles, with names completed and offices told by any of the articles.

    The order of `batch` is kept and does not matter for the result.
    """
    together = _merged(names(article) for article, _ in batch)
    return [(article, tuple(_completed(quote, together) for quote in quotes)) for article, quotes in batch]


def without_title(name: str) -> str:
    """`name` without the titles before it ("Dame Margaret Hodge" becomes "Margaret Hodge")."""
    words = name.split()
    while len(words) > 1 and fold(words[0]).rstrip(".") in lexicon.words("titles"):
        words.pop(0)
    return " ".join(words)


def _merged(tables: Iterable[Names]) -> Names:
    offices: dict[str, set[str]] = defaultdict(set)
    for table in tables:
        for name, role in table.roles.items():
            offices[name] |= {role} if role else set()
    return Names({name: min(found) if found else None for name, found in offices.items()})


def _completed(quote: Quote, story: Names) -> Quote:
    speaker = quote.speaker
    if speaker is None or speaker.anonymous:
        return quote
    full = speaker.name if " " in speaker.name else story.full(speaker.name)
    if full is None:
        return quote
    reason = quote.reason if full == speaker.name else f"{quote.reason}; full name from another article of the story"
    return replace(quote, speaker=Speaker(full, speaker.role or story.roles.get(full)), reason=reason)


def _role(text: str, name: Span) -> str | None:
    return _role_after(text, name) or _role_before(text, name)


def _role_before(text: str, name: Span) -> str | None:
    """The office right before a name: "shadow health secretary Diane Abbott", "the shadow secretary, Ian Murray"."""
    words = list(_WORDS_BEFORE.finditer(text, max(0, name.start - 80), name.start))
    if not words or fold(words[-1].group()) not in lexicon.words("role_words"):
        return None
    if text[words[-1].end() : name.start] not in (" ", ", "):
        return None
    start = words[-1].start()
    for word in reversed(words[:-1]):
        known = lexicon.words("role_modifiers") | lexicon.words("role_words")
        if fold(word.group()) not in known or text[word.end() : start] != " ":
            break
        start = word.start()
    return _lower_first(text[start : words[-1].end()])


def _role_after(text: str, name: Span) -> str | None:
    """The office in apposition: "Matt Wrack, the general secretary of the Fire Brigades Union, …"."""
    match = _APPOSED.match(text, name.end)
    if match is None:
        return None
    phrase = _DETERMINER.sub("", match["phrase"]).split(" and ")[0]
    return phrase if any(fold(word) in lexicon.words("role_words") for word in phrase.split()) else None


def _lower_first(role: str) -> str:
    """A role that opens a sentence loses the capital it owes to that ("Shadow chancellor")."""
    first = role.split()[0]
    return role[0].lower() + role[1:] if fold(first) == "shadow" else role
