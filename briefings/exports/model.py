"""Values of an export: a document of sections with passages, and references of the articles that they come from.

Rule: `Passage.text` is the article's own text. Labels, notes and headings are in the program's words and kept apart.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from briefings.speaker_labels import SpeakerLabel


class Voice(StrEnum):
    """Whose words a passage has."""

    #: inside quotation marks in the article
    QUOTATION = "quotation"
    #: what a person said, in the article's words
    REPORTED = "reported speech"
    ARTICLE = "article"
    #: an article's headline, which is not a part of its text
    HEADLINE = "headline"
    #: a sentence of this program, without a source
    PROGRAM = "note"


@dataclass(frozen=True, slots=True)
class Place:
    """Half-open character range of an article, with what readers need to find it. A headline's range is empty."""

    article: str
    start: int
    end: int
    source_name: str
    #: name of the outlet, marked if it is not certain
    publisher: str | None = None
    published: date | None = None
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of one article, and what is known about them."""

    text: str
    voice: Voice
    #: where the words are; several if the line consists of several pieces. Empty for a note of the program
    places: tuple[Place, ...] = ()
    #: None for an article's own words
    speaker: SpeakerLabel | None = None
    #: the day that the words are about, and the words that gave it
    day: date | None = None
    date_words: str = ""
    #: reported as still to come
    expected: bool = False
    #: number of independent outlets that report it
    outlets: int = 0
    note: str = ""
    #: heading shared with the passages next to this one, for example the kind of a difference
    group: str = ""
    #: other articles' wordings of the same utterance
    wordings: tuple["Passage", ...] = ()

    @property
    def place(self) -> Place | None:
        """Return the first place, or None for a note of the program."""
        return self.places[0] if self.places else None


@dataclass(frozen=True, slots=True)
class Section:
    """Passages under one heading ("" for none)."""

    heading: str
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Author:
    """One author. The parts are empty for a name that does not belong to a person or cannot be split."""

    name: str
    family_name: str = ""
    given_name: str = ""


@dataclass(frozen=True, slots=True)
class Reference:
    """An article as citations name it. A field that is not known is None or empty, and is left out."""

    id: str
    title: str | None = None
    authors: tuple[Author, ...] = ()
    #: name of the outlet, marked if it is not certain
    publisher: str | None = None
    published: date | None = None
    url: str | None = None
    #: name for readers, in place of a missing title
    source_name: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """One answer, ready for any format."""

    title: str
    #: the kind of answer: "Briefing", "Quotes", "Person", "Article", "Timeline", "Comparison" or "News"
    kind: str
    sections: tuple[Section, ...]
    references: tuple[Reference, ...]
    #: day of the export, which citations give as the day of access
    created: date
    #: sentences of this program below the title
    notes: tuple[str, ...] = ()
    #: the answer for the JSON format
    data: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def passages(self) -> tuple[Passage, ...]:
        """Return all passages of all sections, without other wordings."""
        return tuple(passage for section in self.sections for passage in section.passages)
