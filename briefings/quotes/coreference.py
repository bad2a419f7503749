"""Whom a source mention stands for: a name in full, the person a pronoun goes back to, or a description.

Rule: a pronoun is the person last spoken of as the subject of a sentence, never one whom the quoted words address.
"""

import re
from collections.abc import Iterator

from briefings.model import Span, Speaker
from briefings.quotes.attribute import Attribution, Context
from briefings.quotes.mentions import Form, Mention, mentions
from briefings.quotes.people import Names, without_title
from briefings.text import lexicon
from briefings.text.fold import fold

#: sentences to look back for the person a pronoun stands for
REACH = 8
_SPEAKING_GROUP = re.compile(
    r"\b(?P<group>(?:[\w-]+ ){0,2}(?:sources|officials|aides|insiders|allies|MPs))\b", re.IGNORECASE
)


def speaker_of(context: Context, found: Attribution, names: Names, previous: Speaker | None) -> Speaker | None:
    """The speaker that `found.source` stands for; `previous` is the speaker of the passage before."""
    mention = found.source
    if mention is None:
        return None
    words = mention.span.of(context.text)
    if mention.form is Form.NAME:
        return _named(words, names)
    if mention.form is Form.NOUN:
        return Speaker(_described(context, mention, words), anonymous=True)
    if previous is not None and _adds(context, found):
        return previous
    addressed = _addressed(context, found)
    for name in _subjects_before(context, mention.span.start):
        person = _named(name, names)
        if not addressed & set(fold(person.name).split()):
            return person
    return None


def _named(words: str, names: Names) -> Speaker:
    name = without_title(words)
    full = name if " " in name else names.full(name) or name
    return Speaker(full, names.roles.get(full))


def _described(context: Context, mention: Mention, words: str) -> str:
    """The article's own description; "one" is one of the group that was last let speak."""
    if fold(words) != "one":
        return words
    groups = list(_SPEAKING_GROUP.finditer(context.view, max(0, mention.span.start - 800), mention.span.start))
    if not groups:
        return words
    group = groups[-1]["group"]
    return group[0].lower() + group[1:] if groups[-1].start() in {span.start for span in context.sentences} else group


def _adds(context: Context, found: Attribution) -> bool:
    """Whether the cue says that the same person goes on: "he added"."""
    return found.cue is not None and fold(found.cue.of(context.text)) in {
        "added",
        "adding",
        "continued",
        "went on to say",
    }


def _addressed(context: Context, found: Attribution) -> set[str]:
    """The names that the quoted words speak to ("It's your fault, Jeremy."), folded."""
    said = " ".join(fragment.of(context.text) for fragment in found.passage.fragments)
    return {fold(name) for name in re.findall(r"\b(?:fault|you|Europe|please|thanks|sorry),? ([A-Z]\w+)[.?!,]", said)}


def _subjects_before(context: Context, offset: int) -> Iterator[str]:
    """The names spoken of before `offset`: of each sentence, latest first, its names in the order they stand there."""
    spans = [span for span in context.sentences if span.start < offset][-REACH:]
    for sentence in reversed(spans):
        reach = Span(sentence.start, min(sentence.end, offset))
        for mention in mentions(context.view, reach):
            if mention.form is Form.NAME and fold(mention.span.of(context.view)) not in lexicon.words("not_people"):
                yield mention.span.of(context.view)
