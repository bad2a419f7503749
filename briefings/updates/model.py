"""Values of an update: the lines that readers have seen, what is new to them, and what was corrected.

Rule: a sent line is stored word for word with its evidence, and is never rebuilt from later data.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from hashlib import sha256

from briefings.facts import Factuality
from briefings.model import Evidence, Line, Slot, Source, Speaker
from briefings.text.folding import make_search_key


class UpdateKind(StrEnum):
    """Reason why a line is new."""

    #: a statement that was not sent before
    FACT = "fact"
    #: a quotation that was not sent before
    QUOTE = "quote"
    #: sent before with another figure
    FIGURE = "figure"
    #: sent before as expected or alleged and now done, or sent as done and now denied
    STATE = "state"


@dataclass(frozen=True, slots=True)
class SentLine:
    """Line that readers received on the day `sent_on` (their local day), with its evidence at that time."""

    text: str
    evidence: tuple[Evidence, ...]
    slot: Slot
    state: Factuality
    #: resolved days that the line names
    days: tuple[date, ...]
    outlet: str | None
    #: publication day of its article
    published: date | None
    sent_on: date
    speaker: Speaker | None = None

    @property
    def fingerprint(self) -> str:
        """Return 32 hexadecimal digits, equal for the same words, figures and days in any outlet."""
        content = "|".join((make_search_key(self.text), *(day.isoformat() for day in sorted(self.days))))
        return sha256(content.encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class ReadingHistory:
    """What readers have seen of a story: the lines, oldest first, and the articles that were read for them.

    `text_hashes` maps article ids to the hash of the text that was read (`hash_article_text`).
    """

    lines: tuple[SentLine, ...] = ()
    #: lines that the same readers received about other stories; they are not new here and are corrected there
    lines_of_other_stories: tuple[SentLine, ...] = ()
    text_hashes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UpdateItem:
    """New line, the reason, and for figures and states the sent line that it updates."""

    line: Line
    kind: UpdateKind
    previous: SentLine | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """Sent line that its article no longer supports: the article was removed, or its text was changed."""

    line: SentLine
    is_article_removed: bool


@dataclass(frozen=True, slots=True)
class Update:
    """What is new in a story. `words` counts the words of the items' lines.

    `sent_lines` are the new lines in the form to store. `text_hashes` covers the articles that are read for the first
    time. `history` is what readers have seen once they receive this update.
    """

    topic: str
    title: str
    items: tuple[UpdateItem, ...]
    corrections: tuple[Correction, ...]
    sources: tuple[Source, ...]
    words: int
    sent_lines: tuple[SentLine, ...]
    text_hashes: Mapping[str, str]
    history: ReadingHistory
    #: nothing was sent before: this update describes the current state of the story
    is_first: bool = False
