"""The values that travel through the whole program: frozen, checked when built, free of I/O.

Rule: every text that is shown as a source's words is a `Span` of an article, never a copy that could drift from it.
Offsets are half-open character offsets (Unicode code points) into `Article.text`, which is kept as it came.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

#: below this probability a speaker is shown as probable, with the reason
MIN_CERTAIN_CONFIDENCE = 0.8


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open range of character offsets into one article's text. Raises ValueError unless 0 <= start <= end."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: {self.start}..{self.end}")

    def __len__(self) -> int:
        return self.end - self.start

    def of(self, text: str) -> str:
        """The characters of `text` that the span covers."""
        return text[self.start : self.end]

    def overlaps(self, other: "Span") -> bool:
        """Whether the two share at least one character."""
        return max(self.start, other.start) < min(self.end, other.end)

    def covers(self, other: "Span") -> bool:
        """Whether `other` lies wholly inside."""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Article:
    """One article as it came. What the source does not tell is None; nothing is ever filled in by guessing."""

    id: str
    text: str
    #: name of the outlet, "The Guardian"
    publisher: str | None = None
    #: the day it was published, in the outlet's own zone
    published: date | None = None
    url: str | None = None
    title: str | None = None
    byline: str | None = None
    #: credit lines, links to other stories, captions, embeds: marked, in order, never quoted, never deleted
    boilerplate: tuple[Span, ...] = ()


class Kind(StrEnum):
    """How words are reported: inside quotation marks, paraphrased, or partly each."""

    DIRECT = "direct"
    INDIRECT = "indirect"
    MIXED = "mixed"


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who is quoted. An anonymous speaker's `name` is the article's own description ("senior Labour sources")."""

    name: str
    #: the office the articles give, "shadow chancellor"
    role: str | None = None
    anonymous: bool = False


@dataclass(frozen=True, slots=True)
class Quote:
    """One quotation. `speaker` None means unattributed, and `reason` says why: an answer is never guessed."""

    #: what was said, in fragments, in order; quotation marks excluded
    content: tuple[Span, ...]
    #: the mention that names the speaker, "he"
    source: Span | None
    #: the verb or phrase that attributes, "said"
    cue: Span | None
    speaker: Speaker | None
    kind: Kind
    #: probability, 0 to 1, that `speaker` is right; 0 where there is none
    confidence: float
    #: how the speaker was found, or why nobody is named; a short phrase for people
    reason: str
    #: the mention of who passes the words on, "the Herald" in “...,” Doe said, according to the Herald
    relay: Span | None = None

    def __post_init__(self) -> None:
        if not self.content:
            raise ValueError("a quote has content")

    @property
    def span(self) -> Span:
        """From the first character said to the last, whatever stands between the fragments."""
        return Span(self.content[0].start, self.content[-1].end)


@dataclass(frozen=True, slots=True)
class Topic:
    """A story that people ask for by its slug. `words` are the phrases that put an article under it."""

    slug: str
    title: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """What a briefing says of an article it rests on."""

    id: str
    publisher: str | None
    published: date | None
    url: str | None
    title: str | None = None
    #: the day on which it last took another text, as far as the record saw it, in UTC
    changed_on: date | None = None


class Slot(StrEnum):
    """The parts of a briefing, in the order they are read."""

    STATUS = "status"
    TIMELINE = "timeline"
    QUOTES = "quotes"
    DIFFERENCES = "differences"
    MISSING = "missing"
    SOURCES = "sources"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A span of one article, its exact words, and the address that opens them where they stand (None without one)."""

    article: str
    start: int
    end: int
    text: str
    link: str | None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a briefing.

    With evidence it is verbatim: `text` is the evidence's texts joined by " … ". In the differences slot each piece of
    evidence is one side. Without evidence (missing, sources) the words are the program's own.
    """

    slot: Slot
    text: str
    evidence: tuple[Evidence, ...] = ()
    #: the day it tells of, resolved, and the words that gave it ("on Tuesday"); None when it has none. Words without a
    #: day ("last week") leave it open, and `note` tells between which days
    day: date | None = None
    date_words: str | None = None
    #: id of the article whose own date `date_words` was counted from, when that is not the line's own article
    anchor: str | None = None
    speaker: Speaker | None = None
    #: told as still to come ("is expected to"), not as done
    expected: bool = False
    #: independent outlets that carry it
    outlets: int = 0
    #: the program's own words beside the verbatim text: whom a pronoun means, between which days it was, what kind of
    #: difference this is
    note: str | None = None


#: What joins the pieces of a verbatim line where words were left out.
ELISION = " … "


@dataclass(frozen=True, slots=True)
class Briefing:
    """The answer to `/briefing`. `words` counts those of lines with evidence (whitespace-separated)."""

    topic: str
    title: str
    sources: tuple[Source, ...]
    lines: tuple[Line, ...]
    words: int
    #: lines that were dropped because they did not equal their source; anything but 0 is a bug to report
    dropped_lines: int = 0

    def get_slot_lines(self, slot: Slot) -> tuple[Line, ...]:
        """The lines of one slot, in order."""
        return tuple(line for line in self.lines if line.slot is slot)


@dataclass(frozen=True, slots=True)
class Variant:
    """The same utterance in another wording or outlet."""

    quote: str
    article: str
    start: int
    end: int
    publisher: str | None
    link: str | None


@dataclass(frozen=True, slots=True)
class Hit:
    """One utterance that answers `/whosaid`. `quote` is the article's text from `start` to `end`, exactly."""

    speaker: Speaker | None
    quote: str
    kind: Kind
    #: the words of the article: "said", "he"
    cue: str | None
    source: str | None
    confidence: float
    reason: str
    article: str
    start: int
    end: int
    publisher: str | None
    published: date | None
    url: str | None
    link: str | None
    #: independent outlets that report it
    outlets: int
    variants: tuple[Variant, ...] = ()


@dataclass(frozen=True, slots=True)
class Narration:
    """A sentence of an article's own that holds the words asked for, with nobody quoted."""

    text: str
    article: str
    start: int
    end: int
    publisher: str | None
    link: str | None


@dataclass(frozen=True, slots=True)
class Searched:
    """How much was looked through: counts, and the first and last day of dated articles."""

    articles: int
    quotes: int
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class WhoSaid:
    """The answer to `/whosaid`. `nearest` holds the closest real quotes when neither hits nor narration match."""

    query: str
    totals: Searched
    hits: tuple[Hit, ...] = ()
    narration: tuple[Narration, ...] = ()
    nearest: tuple[Hit, ...] = field(default=())
    #: there are older quotes of these words than the ones shown
    more: bool = False
    #: where it was looked, in words ("by Corbyn", "in The Guardian"); () for everywhere
    bounds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Context:
    """Words of an article with what stands before and after them there, all of it as it came; boilerplate left out."""

    source: Source
    before: str
    words: str
    after: str
    #: the address that opens the words where they stand
    link: str | None


class Verdict(StrEnum):
    """What a quotation of a draft is worth, beside the record."""

    #: the words stand so in a quotation, of the speaker whom the draft names or of nobody certain
    EXACT = "exact"
    #: the same utterance in other words
    DIFFERS = "differs"
    #: somebody else is quoted with the words
    MISATTRIBUTED = "misattributed"
    #: the words, or some of them, are a paper's own
    NARRATION = "narration"
    NOT_FOUND = "not found"


@dataclass(frozen=True, slots=True)
class Change:
    """Words of a draft, and those that its source has in their place; either span may be empty.

    `draft` is of offsets into the draft, `source` of offsets into the article of the hit it is compared with.
    """

    draft: Span
    source: Span


@dataclass(frozen=True, slots=True)
class CheckedQuote:
    """One quotation of a draft and the verdict on it. `quote` is the draft's text from `start` to `end`, exactly."""

    quote: str
    start: int
    end: int
    #: whom the draft names
    claimed_speaker: Speaker | None
    verdict: Verdict
    #: the real quotation, or the sentence of the paper's own; None when nothing was found
    best: Hit | None = None
    #: what else the editor should know; one or two sentences
    note: str | None = None
    #: where draft and `best` part
    changes: tuple[Change, ...] = ()
    #: the closest real quotations, when nothing was found
    nearest: tuple[Hit, ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """Every quotation of a draft, in its order, and how much was looked through."""

    draft: str
    quotes: tuple[CheckedQuote, ...]
    totals: Searched

    @property
    def is_clean(self) -> bool:
        """Whether every quotation is exact."""
        return all(quote.verdict is Verdict.EXACT for quote in self.quotes)
