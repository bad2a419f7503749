"""The values of this package: what readers were told, what is new to them, what was taken back.

Rule: a line that was told is kept as it was told, word for word, with where it stood; nothing is made up from it later.
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
    """Why a line is news."""

    #: nothing of the kind was told before
    FACT = "fact"
    #: somebody's words that were not told before
    QUOTE = "quote"
    #: told before, with another figure
    FIGURE = "figure"
    #: told before as expected or alleged, now as done; or told as done, now denied
    STATE = "state"


@dataclass(frozen=True, slots=True)
class SentLine:
    """A line that readers were told on the day `on`, theirs; `evidence` is where it stood then."""

    text: str
    evidence: tuple[Evidence, ...]
    slot: Slot
    state: Factuality
    #: the days it told of, resolved
    days: tuple[date, ...]
    outlet: str | None
    #: when its article came out
    published: date | None
    sent_on: date
    speaker: Speaker | None = None

    @property
    def fingerprint(self) -> str:
        """The same for the same words and figures told of the same days, whichever outlet has them; hexadecimal."""
        content = "|".join((make_search_key(self.text), *(day.isoformat() for day in sorted(self.days))))
        return sha256(content.encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Seen:
    """What readers have had of a story: the lines, oldest first, and the articles that were read for them.

    `read` gives, for the id of each article, the mark (`mark_of`) of the text that was read.
    """

    lines: tuple[SentLine, ...] = ()
    #: lines that the same readers were told of other stories: no news either, and taken back there
    lines_of_other_stories: tuple[SentLine, ...] = ()
    text_hashes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UpdateItem:
    """A line that is news, why, and the line told before that it moves on from (figures and states alone)."""

    line: Line
    kind: UpdateKind
    previous: SentLine | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """A line told before that its article no longer bears out: `gone` with the article, or changed within it."""

    line: SentLine
    is_article_removed: bool


@dataclass(frozen=True, slots=True)
class Update:
    """What is new. `words` counts those of the items' lines.

    `told` are these lines as they will be remembered, `read` the marks of the articles read now and not before, and
    `had` is what readers have had once they have had this.
    """

    topic: str
    title: str
    items: tuple[UpdateItem, ...]
    corrections: tuple[Correction, ...]
    sources: tuple[Source, ...]
    words: int
    sent_lines: tuple[SentLine, ...]
    text_hashes: Mapping[str, str]
    history: Seen
    #: nothing was told before: this is where the story stands
    is_first: bool = False
