"""Domain values of the whole program: frozen, checked when built, and free of I/O.

Rule: text that we show as a source's words is always a `Span` of an article, never a copy that could drift from it.
Offsets are half-open character offsets (Unicode code points) into `Article.text`, which is never changed.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from briefings.answer import Answer

#: below this probability a speaker is shown as probable, with the reason
MIN_CERTAIN_CONFIDENCE = 0.8


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open range of character offsets into one article's text. Raises ValueError unless 0 <= start <= end."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"invalid span: {self.start}..{self.end}")

    def __len__(self) -> int:
        return self.end - self.start

    def of(self, text: str) -> str:
        """Return the characters of `text` that the span covers."""
        return text[self.start : self.end]

    def overlaps(self, other: "Span") -> bool:
        """Tell whether the two spans share at least one character."""
        return max(self.start, other.start) < min(self.end, other.end)

    def covers(self, other: "Span") -> bool:
        """Tell whether `other` is completely inside this span."""
        return self.start <= other.start and other.end <= self.end


class Provenance(StrEnum):
    """How certain an article's outlet is.

    STATED: by the person or archive that added it. CONFIRMED: the page came from a host of the outlet. UNCONFIRMED:
    only the page says so. CONTRADICTED: the page gives itself the name of an outlet with other hosts.
    """

    STATED = "stated"
    CONFIRMED = "confirmed"
    UNCONFIRMED = "unconfirmed"
    CONTRADICTED = "contradicted"

    @property
    def is_certain(self) -> bool:
        """Whether the outlet counts as a source of its own."""
        return self in (Provenance.STATED, Provenance.CONFIRMED)


@dataclass(frozen=True, slots=True)
class Article:
    """One article with its original text. Fields that the source does not give are None; we never guess them."""

    id: str
    text: str
    #: name of the outlet, "The Guardian"; the host of a page that gives itself another outlet's name
    publisher: str | None = None
    published: date | None = None  #: publication day in the outlet's own time zone
    url: str | None = None
    title: str | None = None
    byline: str | None = None
    #: credit lines, links to other stories, captions and embeds, in order; they stay in the text and are never quoted
    boilerplate: tuple[Span, ...] = ()
    #: words that a file marks as quoted without printed marks (<q>, <blockquote>, a subtitle's speaker), line by line
    quotation_elements: tuple[Span, ...] = ()
    provenance: Provenance = Provenance.STATED
    #: the name that a fetched page gives itself; None for other articles
    claimed_outlet: str | None = None


class Kind(StrEnum):
    """How words are reported: inside quotation marks, paraphrased, or partly each."""

    DIRECT = "direct"
    INDIRECT = "indirect"
    MIXED = "mixed"


@dataclass(frozen=True, slots=True)
class Speaker:
    """Person or body that is quoted. An anonymous `name` is the article's description ("senior Labour sources")."""

    name: str
    #: office that the articles give, "shadow chancellor"
    role: str | None = None
    anonymous: bool = False


@dataclass(frozen=True, slots=True)
class Quote:
    """One quotation. An unattributed quote has no `speaker`, and `reason` says why; we never guess a speaker.

    Raises ValueError for an empty `content`.
    """

    #: the quoted fragments in order, without quotation marks
    content: tuple[Span, ...]
    #: the mention that names the speaker, "he"
    source: Span | None
    #: verb or phrase that attributes the words, "said"
    cue: Span | None
    speaker: Speaker | None
    kind: Kind
    #: probability, 0 to 1, that `speaker` is right; 0 without a speaker
    confidence: float
    #: how the speaker was identified, or why the quote has none; a short phrase for users
    reason: str
    #: the mention of who passes the words on, "the Herald" in “...,” Doe said, according to the Herald
    relay: Span | None = None

    def __post_init__(self) -> None:
        if not self.content:
            raise ValueError("a quote needs content")

    @property
    def span(self) -> Span:
        """Return the range from the first quoted character to the last, including any text between the fragments."""
        return Span(self.content[0].start, self.content[-1].end)


@dataclass(frozen=True, slots=True)
class Topic:
    """Story that people request by its slug. Articles that contain one of the phrases in `words` belong to it."""

    slug: str
    title: str
    words: tuple[str, ...]
    #: slugs and titles that it had before, or that topics had that were merged into it
    former_names: tuple[str, ...] = ()
    #: found by its name, but neither listed nor suggested
    is_muted: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """Article that a briefing cites, as the briefing lists it."""

    id: str
    publisher: str | None
    published: date | None
    url: str | None
    title: str | None = None
    #: UTC day on which we last saw the article's text change
    changed_on: date | None = None
    #: name for readers: the outlet or, without one, the title, the file name or the first words
    source_name: str = ""
    provenance: Provenance = Provenance.STATED


class Slot(StrEnum):
    """Sections of a briefing, in reading order."""

    STATUS = "status"
    TIMELINE = "timeline"
    QUOTES = "quotes"
    DIFFERENCES = "differences"
    MISSING = "missing"
    SOURCES = "sources"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Span of one article, its exact words, and a link that opens the article there (None if it has no URL)."""

    article: str
    start: int
    end: int
    text: str
    link: str | None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a briefing.

    A line with evidence is verbatim: `text` is the evidence's texts joined by " … ". In the differences slot each piece
    of evidence is one side. A line without evidence (missing, sources) is in the program's own words.
    """

    slot: Slot
    text: str
    evidence: tuple[Evidence, ...] = ()
    #: the day that the line is about, and the words that gave it ("on Tuesday"). `day` is set only for a single day;
    #: for "last week", `note` gives the first and last possible day
    day: date | None = None
    date_words: str | None = None
    #: id of the article whose date `date_words` was resolved against, if that is another article
    anchor: str | None = None
    speaker: Speaker | None = None
    #: reported as still to come ("is expected to"), not as done
    expected: bool = False
    #: number of independent outlets that report it
    outlets: int = 0
    #: our own words about the line: who a pronoun means, the range of possible days, the kind of difference
    note: str | None = None


#: separator between the pieces of a verbatim line where words were left out
ELISION = " … "


@dataclass(frozen=True, slots=True, repr=False)
class Briefing(Answer):
    """Answer to `/briefing`. `words` counts the whitespace-separated words of lines with evidence."""

    topic: str
    title: str
    sources: tuple[Source, ...]
    lines: tuple[Line, ...]
    words: int
    #: lines dropped because they did not match their source; any value but 0 is a bug to report
    dropped_lines: int = 0
    #: the filters that were left out because no article matches all of them ("in The Guardian")
    dropped_filters: tuple[str, ...] = ()
    filters: str = ""  #: the filters that were asked for, in words: "in The Guardian, June 2016"

    def get_slot_lines(self, slot: Slot) -> tuple[Line, ...]:
        """Return the lines of one slot, in order."""
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
    source_name: str = ""
    provenance: Provenance = Provenance.STATED


@dataclass(frozen=True, slots=True)
class Hit:
    """One utterance that answers `/whosaid`. `quote` is exactly the article's text from `start` to `end`."""

    speaker: Speaker | None
    quote: str
    kind: Kind
    #: the article's words: "said", "he"
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
    #: number of independent outlets that report it
    outlets: int
    variants: tuple[Variant, ...] = ()
    source_name: str = ""
    provenance: Provenance = Provenance.STATED


@dataclass(frozen=True, slots=True)
class Narration:
    """Sentence in which an article uses the words searched for without quoting a speaker."""

    text: str
    article: str
    start: int
    end: int
    publisher: str | None
    link: str | None
    source_name: str = ""
    provenance: Provenance = Provenance.STATED


@dataclass(frozen=True, slots=True)
class SearchTotals:
    """How much was searched: counts of articles and quotes, and the first and last day of the dated articles."""

    articles: int
    quotes: int
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True, repr=False)
class WhoSaid(Answer):
    """Answer to `/whosaid`. `nearest` has the closest real quotes when there are neither hits nor narration."""

    query: str
    totals: SearchTotals
    hits: tuple[Hit, ...] = ()
    narration: tuple[Narration, ...] = ()
    nearest: tuple[Hit, ...] = field(default=())
    #: there are older matching quotes that are not included
    more: bool = False
    #: the filters of the search in words ("by Corbyn", "in The Guardian"); empty when there were none
    bounds: tuple[str, ...] = ()
    description: str = ""  #: what was asked for in words: 'with “lynch-mob” by John McDonnell, June 2016'
    #: the filters that were left out because no quote matches all of them ("by Corbyn")
    dropped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Context:
    """Words of an article with the original text before and after them, without boilerplate."""

    source: Source
    before: str
    words: str
    after: str
    #: link that opens the article at these words
    link: str | None
