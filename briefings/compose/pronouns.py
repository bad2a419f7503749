"""Whom the pronoun at the head of a sentence means, where that is certain.

Rule: it is certain only when the sentence right before opens with a known person and names nobody else. In every other
case nobody is named, and a sentence that needs the name is not shown.
"""

import re
from collections.abc import Mapping

from briefings.facts.extraction import find_names
from briefings.model import Span
from briefings.text import lexicon
from briefings.text.folding import fold

_OPENING_PRONOUN = re.compile(r"(?:he|she|his|her)\b", re.IGNORECASE)
_WORD_PATTERN = re.compile(r"[^\W\d_]+")
_SURNAME_PATTERN = re.compile(r"[^\W\d_][\w’'-]*$")
#: characters from the head of a sentence within which its subject is named
_MAX_SUBJECT_OFFSET = 40


def find_opening_pronoun(text: str, sentence: Span) -> str | None:
    """The pronoun for a person that opens a sentence, as it stands there."""
    match = _OPENING_PRONOUN.match(text, sentence.start, sentence.end)
    return match.group() if match else None


def resolve_pronoun(unquoted_text: str, previous_sentence: Span | None, people: Mapping[str, str]) -> str | None:
    """The full name of the person that a pronoun after the sentence `before` means, or None when that is open.

    `view` is the text with quoted words blanked; `people` maps folded surnames to full names.
    """
    if previous_sentence is None:
        return None
    spans = list(find_names(unquoted_text, previous_sentence))
    opening = _WORD_PATTERN.match(unquoted_text, previous_sentence.start, previous_sentence.end)
    if opening and (not spans or spans[0].start > opening.start()) and extract_surname(opening.group()) in people:
        spans.insert(0, Span(*opening.span()))
    named_spans = [(name, name.of(unquoted_text)) for name in spans if not _is_not_person(name.of(unquoted_text))]
    known_names = [(name, people[key]) for name, words in named_spans if (key := extract_surname(words)) in people]
    unknown_names = [words for _, words in named_spans if " " in words and extract_surname(words) not in people]
    if unknown_names or len({full_name for _, full_name in known_names}) != 1:
        return None
    first_span, full_name = known_names[0]
    return (
        full_name
        if first_span.start - previous_sentence.start <= _MAX_SUBJECT_OFFSET
        and unquoted_text[previous_sentence.start : first_span.start].count(",") == 0
        else None
    )


def extract_surname(name: str) -> str:
    """The last word of a name, folded; "" when it has none."""
    match = _SURNAME_PATTERN.search(name)
    return fold(match.group()) if match else ""


def _is_not_person(name: str) -> bool:
    return any(fold(word) in lexicon.load_words("not_people") for word in name.split())
