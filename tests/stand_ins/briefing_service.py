"""A fake briefing service with one story from the seed articles, and sample answers from their text."""

import threading
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from importlib.resources import files
from typing import ClassVar

from briefings.draft_report import Change, CheckedQuote, DraftCheck, Verdict
from briefings.errors import BadInput, NothingFound
from briefings.model import (
    Article,
    Briefing,
    Context,
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
    """Return the text of a seed article."""
    return (files("seeds") / f"{article}.txt").read_text(encoding="utf-8")


def make_evidence(article: str, words: str, *, linked: bool = True) -> Evidence:
    """Return the evidence for words of a seed article. Raises ValueError if the article does not contain them."""
    start = load_seed_text(article).index(words)
    url = next(source.url for source in SOURCES if source.id == article)
    link = f"{url}#:~:text={words.split()[0]}" if url and linked else None
    return Evidence(article, start, start + len(words), words, link)


def make_line(slot: Slot, *pieces: Evidence, **fields: object) -> Line:
    """Return a line with the words of the pieces. The keywords are fields of Line."""
    return Line(slot, " … ".join(piece.text for piece in pieces), pieces, **fields)  # type: ignore[arg-type]  # fields of Line


def make_briefing() -> Briefing:
    """Return a complete briefing on labour-crisis."""
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
    words = sum(len(line.text.split()) for line in lines if line.evidence)
    return Briefing("labour-crisis", "Labour's leadership crisis", SOURCES, lines, words)


def make_long_briefing() -> Briefing:
    """Return a briefing in which every slot has more lines than the short form shows."""
    briefing = make_briefing()
    leads = [
        make_line(Slot.STATUS, make_evidence(RALLY, words))
        for words in (
            "A mood of defiance was in the air",
            "came amid a revolt from Labour MPs over Corbyn's leadership",
            "Momentum, his Praetorian Guard of activists",
        )
    ]
    difference = make_line(
        Slot.DIFFERENCES,
        make_evidence(RALLY, "like a lynch-mob without the rope"),
        make_evidence(RALLY, "like a lynch-mob without a rope"),
        note="wordings differ",
    )
    lines = sorted((*briefing.lines, *leads, difference), key=lambda line: list(Slot).index(line.slot))
    return replace(briefing, lines=tuple(lines))


def make_hit(article: str, words: str, speaker: Speaker | None, **fields: object) -> Hit:
    """Return a hit for words of a seed article. The keywords are fields of Hit."""
    evidence, source = make_evidence(article, words), next(source for source in SOURCES if source.id == article)
    values: dict[str, object] = {
        "speaker": speaker,
        "quote": words,
        "kind": Kind.DIRECT,
        "cue": "said",
        "source": "He",
        "confidence": 0.97 if speaker else 0.0,
        "reason": "named before the quotation" if speaker else "two people are named beside it",
        "article": article,
        "start": evidence.start,
        "end": evidence.end,
        "publisher": source.publisher,
        "published": source.published,
        "url": source.url,
        "link": evidence.link,
        "outlets": 1,
    }
    return Hit(**(values | fields))  # type: ignore[arg-type]  # fields of Hit


def make_lynch_mob_answer() -> WhoSaid:
    """Return the answer to /whosaid "lynch-mob"."""
    other_wording = make_evidence(RALLY, "like a lynch-mob without a rope")
    variant = Variant(other_wording.text, RALLY, other_wording.start, other_wording.end, IBT, other_wording.link)
    lynch_mob_hit = make_hit(RALLY, "it was like a lynch-mob without the rope", MCDONNELL, variants=(variant,))
    return WhoSaid("lynch-mob", SEARCH_TOTALS, (lynch_mob_hit,))


def check_seed_draft(draft: str) -> DraftCheck:
    """Return the verdicts on a draft that may contain an exact, an altered and an invented quotation.

    Raises BadInput if it contains none of them.
    """
    exact, altered, invented = "I did all I could", "like a lynch-mob without a noose", "I never liked Europe"
    if not any(words in draft for words in (exact, altered, invented)):
        raise BadInput("The draft has no quotes: put the quoted words in quotation marks.")
    quotes = []
    if (at := draft.find(exact)) >= 0:
        best = make_hit(GUARDIAN, exact, CORBYN)
        quotes.append(CheckedQuote(exact, at, at + len(exact), CORBYN, Verdict.EXACT, best))
    if (at := draft.find(altered)) >= 0:
        best = make_hit(RALLY, "like a lynch-mob without the rope", MCDONNELL)
        change = Change(Span(at + 25, at + len(altered)), Span(best.start + 25, best.end))
        quotes.append(CheckedQuote(altered, at, at + len(altered), CORBYN, Verdict.DIFFERS, best, "x *y*", (change,)))
    if (at := draft.find(invented)) >= 0:
        nearest = (make_hit(GUARDIAN, "it’s just not good enough", None),)
        quotes.append(CheckedQuote(invented, at, at + len(invented), None, Verdict.NOT_FOUND, nearest=nearest))
    return DraftCheck(draft, tuple(quotes), SEARCH_TOTALS)


SEARCH_TOTALS = SearchTotals(4, 40, date(2016, 6, 25), date(2016, 6, 30))


class FakeNameLookup:
    """The names in the sample articles."""

    topic_titles: ClassVar = {"labour-crisis": "Labour's leadership crisis"}

    def list_people(self, surname: str) -> tuple[str, ...]:
        return tuple(name for name in ("Jeremy Corbyn", "John McDonnell") if name.lower().endswith(surname.lower()))

    def list_outlets(self) -> tuple[str, ...]:
        return (IBT, "The Guardian", "Sharecast")

    def has_words(self, _: str) -> bool:
        return False


class FakeBriefingService(BriefingService):
    """A briefing service with fixed answers that records the queries.

    Clear `gate` to make it wait. Set `error` to make it fail.
    """

    def __init__(self, error: Exception | None = None, build_who_said: Callable[[str], WhoSaid] | None = None) -> None:
        self.queries: list[str] = []
        self.error = error
        self.gate = threading.Event()
        self.gate.set()
        self.change_token, self.token_reads = "unchanged", 0
        self.build_who_said = build_who_said
        self.latest_sources = SOURCES
        self.briefing = make_briefing()
        self.name_lookup = FakeNameLookup()  # type: ignore[assignment]  # has only what listeners ask for

    def brief(self, text: str, **_: object) -> Briefing:
        self._record_query(text)
        if text != "labour-crisis":
            raise NothingFound(f"No articles about “{text}” yet. Did you mean: labour-crisis?", ("labour-crisis",))
        return self.briefing

    def get_articles(self, ids: Iterable[str]) -> tuple[Article, ...]:
        sources = {source.id: source for source in SOURCES}
        known_sources = [sources[article_id] for article_id in ids if article_id in sources]
        return tuple(
            Article(source.id, load_seed_text(source.id), source.publisher, source.published, source.url)
            for source in known_sources
        )

    def who_said(self, words: str, **_: object) -> WhoSaid:
        self._record_query(words)
        if self.build_who_said:
            return self.build_who_said(words)
        if words == "lynch-mob":
            return make_lynch_mob_answer()
        return WhoSaid(words, SEARCH_TOTALS, nearest=(make_hit(GUARDIAN, "I did all I could", CORBYN),))

    def get_context(self, article_id: str, start: int, end: int) -> Context:
        source = next((source for source in SOURCES if source.id == article_id), None)
        if source is None:
            raise NothingFound("This article has changed or was removed. Ask again to get current quotes.")
        text = load_seed_text(article_id)
        return Context(source, text[max(0, start - 200) : start], text[start:end], text[end : end + 200], source.url)

    def get_change_token(self) -> str:
        self.token_reads += 1
        return self.change_token

    def list_topics(self) -> tuple[TopicSummary, ...]:
        self._record_query("topics")
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
        self._record_query(draft)
        return check_seed_draft(draft)

    def add(self, articles: "object") -> tuple[str, ...]:
        raise NotImplementedError(Article)

    def _record_query(self, query: str) -> None:
        self.queries.append(query)
        assert self.gate.wait(10), "the gate stayed closed"
        if self.error:
            raise self.error
