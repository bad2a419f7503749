"""A recognised part of a question: a speaker, a subject, an outlet, days."""

from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum


class PartKind(StrEnum):
    """What a part of a question selects."""

    BY = "by"
    ABOUT = "about"
    OUTLET = "from"
    DAYS = "days"
    #: a word without meaning for the search: "said", "please"
    FILLER = "filler"
    #: a filter whose value was not understood; `text` is what was typed
    PROBLEM = "problem"


class Level(IntEnum):
    """How much is recognised: only what is certain, or everything, because the words searched for are in marks."""

    EDGE = 0
    ALL = 1


@dataclass(frozen=True, slots=True)
class Part:
    """A recognised part: its value, and the index of the token after it."""

    kind: PartKind
    end: int
    text: str = ""
    since: date | None = None
    until: date | None = None
    #: the filter of a problem, and whether it was written as one (`since:`), not as a word of a sentence
    filter_name: str = ""
    #: recognised without a filter or a preposition
    is_bare: bool = False
