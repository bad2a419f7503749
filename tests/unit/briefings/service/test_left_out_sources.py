"""A service without some sources gives the answers of a record that never had them."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime

import pytest

from briefings.errors import BriefingsError
from briefings.model import Article, Briefing, Topic
from briefings.service.service import BriefingService
from briefings.source_filter import NO_SOURCES, build_source_filter
from briefings.storage.repository import open_repository
from briefings.updates import ReadingHistory
from briefings.watches import WatchQuery

TOPICS = (Topic("ferries", "Ferries", ("ferry",)),)
TEXT = 'The ferry sailed from Easton on Monday with 300 people. "We build ferries for everyone," Jane Roe said.'
OWN_TEXT = (
    "Crowds stood in the rain to watch a new ship leave the quay at Marsh Point.\n"
    '"We build ferries for everyone," Jane Roe, the minister, told reporters at the ferry terminal afterwards.'
)
ARTICLES = (
    Article("t", OWN_TEXT, "The Tribune", date(2026, 6, 1), "https://tribune.example/sport/ferry"),
    Article("c", f"{TEXT} The harbour was full.", "The Courier", date(2026, 6, 1), "https://courier.example/ferry"),
    Article(
        "u",
        'The ferry company lost 40 boats. "It was a lie about ferries," John Doe said.',
        "The Tribune",
        date(2026, 6, 3),
        "https://tribune.example/news/boats",
    ),
    Article(
        "h",
        'The ferry was full again on Tuesday. "We never had so many people at the quay," Ann Poe said in Easton.',
        "The Harbour Post",
        date(2026, 6, 2),
        "https://post.example/ferry",
    ),
)
MUTED = build_source_filter(["The Tribune"])
DAY, NEXT_DAY = date(2026, 6, 1), date(2026, 6, 2)
DRAFT = 'She said: "We build ferries for everyone." He said: "It was a lie about ferries."'
ASKS: dict[str, Callable[[BriefingService], object]] = {
    "briefing": lambda service: service.brief("ferries"),
    "briefing on words": lambda service: service.brief("ferry sailed"),
    "briefing of some days": lambda service: service.brief("ferry", since=DAY, until=DAY),
    "briefing of an outlet": lambda service: service.brief("ferries", outlet="Tribune", relax=True),
    "who said": lambda service: service.who_said("build ferries"),
    "by": lambda service: service.who_said("", by="Roe"),
    "by a person who is not quoted": lambda service: service.who_said("", by="Doe", relax=True),
    "about": lambda service: service.who_said("", about="ferries"),
    "about words": lambda service: service.who_said("", by="Roe", about="harbour", relax=True),
    "words that nobody said": lambda service: service.who_said("a lie about"),
    "words that nobody said, with filters": lambda service: service.who_said("a lie about", by="Doe", relax=True),
    "draft check": lambda service: service.check(DRAFT),
    "news of a day": lambda service: service.news.get_news(DAY, DAY),
    "news of a week": lambda service: service.news.get_news(DAY, date(2026, 6, 7)),
    "news of an outlet": lambda service: service.news.get_news(DAY, NEXT_DAY, outlet="Courier"),
    "suggested topics": lambda service: service.news.suggest_topics(NEXT_DAY),
    "timeline": lambda service: service.people.get_timeline("Roe", None, None, None),
    "timeline on a matter": lambda service: service.people.get_timeline("Jane Roe", "ferries", DAY, NEXT_DAY),
    "timeline of a person who is not quoted": lambda service: service.people.get_timeline("John Doe", None, None, None),
    "comparison": lambda service: service.people.compare("Jane Roe", "Ann Poe", None, None, None),
    "comparison on a matter": lambda service: service.people.compare("Jane Roe", "John Doe", "ferries", None, None),
    "stories search": lambda service: service.search_quotes("ferries"),
    "stories search by": lambda service: service.search_quotes("", by="Roe"),
    "person": lambda service: service.find_person("Jane Roe"),
    "person who is not quoted": lambda service: service.find_person("John Doe"),
    "topics": lambda service: service.list_topics(include_muted=True),
    "update": lambda service: service.get_update("ferries", ReadingHistory(), today=date(2026, 6, 3)),
    "preview of a watch": lambda service: service.watching.preview(WatchQuery("ferries"), DAY),
    "preview of a watch on a person": lambda service: service.watching.preview(WatchQuery(by="Doe"), DAY),
    "counts": lambda service: service.get_counts(),
    "words of an article": lambda service: service.name_lookup.has_words("lost 40 boats"),
    "full name": lambda service: service.name_lookup.get_full_name("Doe"),
    "surname": lambda service: service.name_lookup.list_people("Doe"),
    "first days of news": lambda service: service.news.get_news(None, None),
    "news of days without articles": lambda service: service.news.get_news(date(2026, 6, 4), date(2026, 6, 5)),
}


def ask(name: str, service: BriefingService) -> object:
    """Return the answer, or the sentence of the error."""
    try:
        return ASKS[name](service)
    except BriefingsError as error:
        return type(error), str(error)


@contextmanager
def open_service(articles: Sequence[Article]) -> Iterator[BriefingService]:
    with closing(open_repository("sqlite://", lambda: datetime(2026, 7, 1, tzinfo=UTC))) as repository:
        service = BriefingService(repository, TOPICS)
        service.add(articles)
        yield service


@pytest.mark.parametrize("name", ASKS)
def test_an_answer_is_as_if_the_source_had_never_reported(name: str) -> None:
    others = [article for article in ARTICLES if article.publisher != "The Tribune"]
    with open_service(ARTICLES) as service, open_service(others) as other:
        assert ask(name, service.leave_out(MUTED)) == ask(name, other)


def test_a_fact_of_another_source_stays_and_counts_one_outlet() -> None:
    with open_service(ARTICLES) as service:
        (hit,) = service.leave_out(MUTED).who_said("build ferries").hits
        assert (hit.publisher, hit.outlets) == ("The Courier", 1)
        assert service.who_said("build ferries").hits[0].outlets == 2


def test_dropped_lines_are_counted_in_one_place(monkeypatch: pytest.MonkeyPatch) -> None:
    faulty_briefing = Briefing("t", "T", (), (), 0, dropped_lines=2)
    with open_service(ARTICLES) as service:
        monkeypatch.setattr("briefings.service.service.compose.compose", lambda *_, **__: faulty_briefing)
        service.leave_out(MUTED).brief("ferries")
        assert service.dropped_lines == 2


def test_other_readers_keep_the_source_also_after_its_answer_was_asked_without_it() -> None:
    with open_service(ARTICLES) as service:
        assert service.leave_out(MUTED).who_said("a lie about").hits == ()
        assert service.who_said("a lie about").hits
        assert service.leave_out(NO_SOURCES) is service
        assert service.leave_out(MUTED) is service.leave_out(build_source_filter(["tribune"]))


def test_only_the_section_is_left_out() -> None:
    with open_service(ARTICLES) as service:
        filtered = service.leave_out(build_source_filter(addresses=["tribune.example/sport"]))
        assert {source.id for source in filtered.brief("ferries").sources} == {"c", "u", "h"}


def test_a_line_of_a_muted_source_that_was_posted_before_is_not_called_removed() -> None:
    """The article is still stored: leaving it out must not look like a correction."""
    with open_service(ARTICLES) as service:
        update = service.get_update("ferries", ReadingHistory(), today=date(2026, 6, 3))
        assert update is not None
        history = ReadingHistory(lines=update.sent_lines, text_hashes=update.text_hashes)
        later = service.leave_out(MUTED).get_update("ferries", history, today=date(2026, 6, 4))
        assert later is None or not later.corrections
