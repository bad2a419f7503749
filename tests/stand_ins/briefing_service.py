"""Hand-written stand-ins: a desk that knows one story of the seeds, with values sliced from the seeds' own text."""

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime
from importlib.resources import files

from briefings.errors import BadInput, NothingFound
from briefings.model import (
    Article,
    Briefing,
    Change,
    CheckedQuote,
    Context,
    DraftCheck,
    Evidence,
    Hit,
    Kind,
    Line,
    SearchTotals,
    Slot,
    Source,
    Span,
    Speaker,
    Topic,
    Variant,
    Verdict,
    WhoSaid,
)
from briefings.service.service import BriefingService, TopicSummary
from briefings.storage.db.types import AddedArticle, Overview

GUARDIAN, UNDATED, RALLY, SHARECAST = (
    "000_3e648ece572ec1d5",
    "001_35c75fa326b54fdb",
    "002_494a08902a45e5b0",
    "003_1d74e5b3318ec141",
)
IBT = "International Business Times UK"
SOURCES = (
    Source(
        GUARDIAN,
        "The Guardian",
        date(2016, 6, 25),
        "https://www.theguardian.com/politics/2016/jun/25/jeremy-corbyn-vows-to-face-down-any-leadership-challenge-brexit",
    ),
    Source(UNDATED, IBT, None, None),
    Source(
        RALLY,
        IBT,
        date(2016, 6, 30),
        "https://www.ibtimes.co.uk/jeremy-corbyn-rallies-his-momentum-troops-labour-leadership-challenge-looms-1568239",
    ),
    Source(SHARECAST, "Sharecast", date(2016, 6, 28), None),
)
MCDONNELL = Speaker("John McDonnell", "shadow chancellor")
CORBYN = Speaker("Jeremy Corbyn", "Labour leader")
UNNAMED = Speaker("Senior Labour sources", anonymous=True)


def load_seed_text(article: str) -> str:
    """The text of a seed article."""
    return (files("seeds") / f"{article}.txt").read_text(encoding="utf-8")


def make_evidence(article: str, words: str, *, linked: bool = True) -> Evidence:
    """Where `words` stand in a seed. Raises ValueError when they do not."""
    start = load_seed_text(article).index(words)
    url = next(source.url for source in SOURCES if source.id == article)
    link = f"{url}#:~:text={words.split()[0]}" if url and linked else None
    return Evidence(article, start, start + len(words), words, link)


def make_line(slot: Slot, *pieces: Evidence, **more: object) -> Line:
    """A line of the pieces' words."""
    return Line(slot, " … ".join(piece.text for piece in pieces), pieces, **more)  # type: ignore[arg-type]  # a line's own fields


def make_briefing() -> Briefing:
    """A whole briefing on labour-crisis."""
    lines = (
        make_line(
            Slot.STATUS,
            make_evidence(
                RALLY, "former shadow business secretary Angela Eagle is expected to announce a leadership bid"
            ),
            expected=True,
            outlets=1,
        ),
        make_line(Slot.STATUS, make_evidence(RALLY, "has vowed to stay on"), outlets=3, note="who: Jeremy Corbyn"),
        make_line(
            Slot.TIMELINE,
            make_evidence(GUARDIAN, "Two backbench MPs, Margaret Hodge and Ann Coffey, tabled a vote of no-confidence"),
            day=date(2016, 6, 24),
            date_words="on Friday",
            outlets=1,
        ),
        make_line(
            Slot.TIMELINE,
            make_evidence(
                SHARECAST, "British opposition Labour Party leader lost a humiliating no-confidence vote by 170 to 40"
            ),
            day=date(2016, 6, 28),
            date_words="on Tuesday",
            anchor=RALLY,
            outlets=2,
        ),
        make_line(Slot.TIMELINE, make_evidence(GUARDIAN, "will force him to accept a leadership challenge"), outlets=1),
        make_line(Slot.QUOTES, make_evidence(RALLY, "like a lynch-mob without the rope"), speaker=MCDONNELL, outlets=1),
        make_line(
            Slot.QUOTES, make_evidence(GUARDIAN, "I did all I could"), speaker=CORBYN, day=date(2016, 6, 25), outlets=2
        ),
        make_line(Slot.QUOTES, make_evidence(GUARDIAN, "it’s just not good enough"), speaker=UNNAMED, outlets=1),
        make_line(
            Slot.DIFFERENCES,
            make_evidence(RALLY, "almost 60% of the vote"),
            make_evidence(SHARECAST, "60% of Labour members and supporters"),
            note="figures differ",
        ),
        Line(Slot.MISSING, "The day the second article was published"),
        Line(Slot.SOURCES, "The Guardian, 25 June 2016"),
    )
    words = sum(len(one.text.split()) for one in lines if one.evidence)
    return Briefing("labour-crisis", "Labour's leadership crisis", SOURCES, lines, words)


def make_hit(article: str, words: str, speaker: Speaker | None, **more: object) -> Hit:
    """One quotation of a seed."""
    found, source = make_evidence(article, words), next(source for source in SOURCES if source.id == article)
    values: dict[str, object] = {
        "speaker": speaker,
        "quote": words,
        "kind": Kind.DIRECT,
        "cue": "said",
        "source": "He",
        "confidence": 0.97 if speaker else 0.0,
        "reason": "named before the quotation" if speaker else "two people are named beside it",
        "article": article,
        "start": found.start,
        "end": found.end,
        "publisher": source.publisher,
        "published": source.published,
        "url": source.url,
        "link": found.link,
        "outlets": 1,
    }
    return Hit(**(values | more))  # type: ignore[arg-type]  # a hit's own fields


def make_lynch_mob_answer() -> WhoSaid:
    """The answer to /whosaid "lynch-mob"."""
    other = make_evidence(RALLY, "like a lynch-mob without a rope")
    variant = Variant(other.text, RALLY, other.start, other.end, IBT, other.link)
    found = make_hit(RALLY, "it was like a lynch-mob without the rope", MCDONNELL, variants=(variant,))
    return WhoSaid("lynch-mob", SEARCH_TOTALS, (found,))


def check_seed_draft(draft: str) -> DraftCheck:
    """The verdicts on a draft that may hold a quotation that is exact, one that differs and one that nobody said."""
    right, wrong, made_up = "I did all I could", "like a lynch-mob without a noose", "I never liked Europe"
    if not any(words in draft for words in (right, wrong, made_up)):
        raise BadInput("This draft holds no quotation to check.")
    found = []
    if (at := draft.find(right)) >= 0:
        best = make_hit(GUARDIAN, right, CORBYN)
        found.append(CheckedQuote(right, at, at + len(right), CORBYN, Verdict.EXACT, best))
    if (at := draft.find(wrong)) >= 0:
        best = make_hit(RALLY, "like a lynch-mob without the rope", MCDONNELL)
        changed = Change(Span(at + 25, at + len(wrong)), Span(best.start + 25, best.end))
        found.append(CheckedQuote(wrong, at, at + len(wrong), CORBYN, Verdict.DIFFERS, best, "x *y*", (changed,)))
    if (at := draft.find(made_up)) >= 0:
        near = (make_hit(GUARDIAN, "it’s just not good enough", None),)
        found.append(CheckedQuote(made_up, at, at + len(made_up), None, Verdict.NOT_FOUND, nearest=near))
    return DraftCheck(draft, tuple(found), SEARCH_TOTALS)


SEARCH_TOTALS = SearchTotals(4, 40, date(2016, 6, 25), date(2016, 6, 30))


class FakeBriefingService(BriefingService):
    """Answers what it is told to, notes what it was asked, and can be made to wait (`gate`) or to fail (`error`)."""

    def __init__(self, error: Exception | None = None, build_who_said: Callable[[str], WhoSaid] | None = None) -> None:
        self.queries: list[str] = []
        self.error = error
        self.gate = threading.Event()
        self.gate.set()
        self.change_token, self.token_reads = "as it was", 0
        self.build_who_said = build_who_said
        self.latest_sources = SOURCES

    def brief(self, text: str, **_: object) -> Briefing:
        self._note(text)
        if text != "labour-crisis":
            raise NothingFound(f"No article is about “{text}”. Did you mean: labour-crisis?", ("labour-crisis",))
        return make_briefing()

    def who_said(self, words: str, **_: object) -> WhoSaid:
        self._note(words)
        if self.build_who_said:
            return self.build_who_said(words)
        if words == "lynch-mob":
            return make_lynch_mob_answer()
        return WhoSaid(words, SEARCH_TOTALS, nearest=(make_hit(GUARDIAN, "I did all I could", CORBYN),))

    def get_context(self, article_id: str, start: int, end: int) -> Context:
        source = next((source for source in SOURCES if source.id == article_id), None)
        if source is None:
            raise NothingFound("This article has changed or is gone since.")
        text = load_seed_text(article_id)
        return Context(source, text[max(0, start - 200) : start], text[start:end], text[end : end + 200], source.url)

    def get_change_token(self) -> str:
        self.token_reads += 1
        return self.change_token

    def list_topics(self) -> tuple[TopicSummary, ...]:
        self._note("topics")
        return (
            TopicSummary(
                Topic("labour-crisis", "Labour's leadership crisis", ("no-confidence",)), 4, date(2016, 6, 30)
            ),
        )

    def get_counts(self) -> SearchTotals:
        if self.error:
            raise self.error
        return SEARCH_TOTALS

    def get_overview(self) -> Overview:
        if self.error:
            raise self.error
        latest = tuple(AddedArticle(source, datetime(2016, 7, 1, 8, 30, tzinfo=UTC)) for source in self.latest_sources)
        return Overview(SEARCH_TOTALS, ((IBT, 2), ("The Guardian", 1), ("Sharecast", 1)), latest)

    def check(self, draft: str) -> DraftCheck:
        self._note(draft)
        return check_seed_draft(draft)

    def add(self, articles: "object") -> tuple[str, ...]:
        raise NotImplementedError(Article)

    def _note(self, asked: str) -> None:
        self.queries.append(asked)
        assert self.gate.wait(10), "nobody opened the gate"
        if self.error:
            raise self.error
