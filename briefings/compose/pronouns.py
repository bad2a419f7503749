"""Whom the pronoun at the head of a sentence means, where that is certain.

Rule: it is certain only when the sentence right before opens with a known person and names nobody else. In every other
case nobody is named, and a sentence that needs the name is not shown.
"""

import re
from collections.abc import Mapping

from briefings.facts.names import names
from briefings.model import Span
from briefings.text import lexicon
from briefings.text.fold import fold

_HEAD = re.compile(r"(?:he|she|his|her)\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_SURNAME = re.compile(r"[^\W\d_][\w’'-]*$")
#: characters from the head of a sentence within which its subject is named
_SUBJECT = 40


def head_pronoun(text: str, sentence: Span) -> str | None:
    """The pronoun for a person that opens a sentence, as it stands there."""
    match = _HEAD.match(text, sentence.start, sentence.end)
    return match.group() if match else None


def meant(view: str, before: Span | None, people: Mapping[str, str]) -> str | None:
    """The full name of the person that a pronoun after the sentence `before` means, or None when that is open.

    `view` is the text with quoted words blanked; `people` maps folded surnames to full names.
    """
    if before is None:
        return None
    spans = list(names(view, before))
    opening = _WORD.match(view, before.start, before.end)
    if opening and (not spans or spans[0].start > opening.start()) and surname(opening.group()) in people:
        spans.insert(0, Span(*opening.span()))
    named = [(name, name.of(view)) for name in spans if not _is_other(name.of(view))]
    known = [(name, people[key]) for name, words in named if (key := surname(words)) in people]
    strangers = [words for _, words in named if " " in words and surname(words) not in people]
    if strangers or len({full for _, full in known}) != 1:
        return None
    first, full = known[0]
    return full if first.start - before.start <= _SUBJECT and view[before.start : first.start].count(",") == 0 else None


def surname(name: str) -> str:
    """The last word of a name, folded; "" when it has none."""
    match = _SURNAME.search(name)
    return fold(match.group()) if match else ""


def _is_other(name: str) -> bool:
    return any(fold(word) in lexicon.words("not_people") for word in name.split())
