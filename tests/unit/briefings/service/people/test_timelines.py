"""A timeline has only quotations by that very person, on that very subject."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta

import pytest

from briefings.attribution.name_completion import KnownPerson
from briefings.errors import BadQuestion
from briefings.model import Article, Kind, Quote, Span, Speaker, Topic
from briefings.person_report import PersonTimeline, SideStatus
from briefings.service.people import timeline_reader
from briefings.service.person_search import AmbiguousName, UnknownPerson
from briefings.service.service import BriefingService
from briefings.storage.repository import Repository, open_repository
from briefings.storage.writes.upsert import Arrival

TOPICS = (Topic("tide-wall", "The tide wall", ("tide wall",)),)
ARTICLES = (
    Article(
        "a",
        "The ferry was late. “The ferry will sail every day from now on,” said Jane Roe, the mayor.\n\n"
        "“The budget is a mess that nobody wants to clean up,” said Roe.\n\n"
        "Roe’s supporters said that the ferry was a success.",
        "The Tribune",
        date(2025, 6, 3),
        "https://tribune.example/a",
    ),
    Article(
        "b",
        "Jane Roe, the mayor of Easton, spoke on Monday. “The ferry will sail every night from now on,” she said.",
        "Easton Herald",
        date(2025, 6, 5),
        "https://herald.example/b",
    ),
    Article(
        "c",
        "The tide wall broke. “The ferry cannot sail in such a storm as this,” said Tom Alder, a captain.",
        "Easton Herald",
        date(2025, 6, 4),
    ),
    Article("d", "“The wall must be built again at once,” said Jane Roe of the tide wall.", "Harbour Times"),
)


@pytest.fixture(params=["sqlite", "postgresql"])
def repository(request: pytest.FixtureRequest) -> Iterator[Repository]:
    address = "sqlite://" if request.param == "sqlite" else str(request.getfixturevalue("postgresql_address"))
    with closing(open_repository(address, lambda: datetime(2025, 8, 1, tzinfo=UTC))) as repository:
        yield repository


@pytest.fixture
def service(repository: Repository) -> BriefingService:
    service = BriefingService(repository, TOPICS)
    service.add(ARTICLES)
    return service


def read(service: BriefingService, name: str, about: str | None = None, **filters: object) -> PersonTimeline:
    timeline = service.people.get_timeline(name, about, **filters)  # type: ignore[arg-type]  # filters have several types
    assert isinstance(timeline, PersonTimeline)
    return timeline


def list_words(timeline: PersonTimeline) -> list[str]:
    return [" ".join(statement.hit.quote.split()[:3]) for statement in timeline.statements]


def test_statements_are_by_day_with_the_first_and_the_latest(service: BriefingService) -> None:
    timeline = read(service, "Jane Roe")
    assert list_words(timeline) == ["The ferry will", "The budget is", "The wall must"]
    assert timeline.first_statements == timeline.statements[:2]  # their order within the day is not known
    assert timeline.latest_statements == ()
    assert (timeline.name, timeline.role, timeline.quote_count, timeline.outlets) == ("Jane Roe", "mayor", 4, 3)


def test_about_selects_quotations_and_not_articles(service: BriefingService) -> None:
    timeline = read(service, "Roe", "the ferry")
    assert list_words(timeline) == ["The ferry will"]
    assert len(timeline.statements[0].rewordings) == 1
    assert [hit.quote[:9] for hit in service.who_said("", by="Roe", about="the ferry").hits] == ["The ferry"]
    assert [hit.quote[:10] for hit in service.who_said("", by="Roe", about="budget").hits] == ["The budget"]


def test_a_topic_selects_the_articles_of_its_story(service: BriefingService) -> None:
    timeline = read(service, "Roe", "The tide wall")
    assert list_words(timeline) == ["The wall must"]
    assert (timeline.about, timeline.about_title) == ("tide-wall", "The tide wall")
    assert timeline.first_statements == ()  # it has no day


def test_filters_narrow_a_timeline(service: BriefingService) -> None:
    assert list_words(read(service, "Roe", since=date(2025, 6, 4))) == ["The ferry will"]
    assert list_words(read(service, "Roe", until=date(2025, 6, 4))) == ["The ferry will", "The budget is"]
    assert list_words(read(service, "Roe", outlet="harbour times")) == ["The wall must"]
    assert read(service, "Roe", "zebra").statements == ()
    assert read(service, "Roe", "zebra").quote_total == 4


def test_supporters_of_a_person_are_not_the_person(service: BriefingService) -> None:
    for hits in (service.who_said("", by="Roe").hits, service.who_said("", by="Jane Roe").hits):
        assert {hit.speaker.name for hit in hits if hit.speaker} == {"Jane Roe"}


def test_a_shared_surname_is_a_choice_and_an_unknown_one_gets_suggestions(service: BriefingService) -> None:
    service.add([Article("e", "“I will not sail on any ferry,” said Peter Roe.", "The Tribune", date(2025, 6, 6))])
    ambiguous = service.people.get_timeline("Roe")
    assert isinstance(ambiguous, AmbiguousName)
    assert {person.name for person in ambiguous.people} >= {"Jane Roe", "Peter Roe"}
    assert list_words(read(service, "Peter Roe")) == ["I will not"]
    assert all("I will not" not in words for words in list_words(read(service, "Jane Roe")))
    assert isinstance(service.people.get_timeline("Nobody Here"), UnknownPerson)


@pytest.mark.parametrize("name", ["", " ", "…", "“”", "x" * 1001])
def test_a_name_without_words_is_refused(service: BriefingService, name: str) -> None:
    with pytest.raises(BadQuestion):
        service.people.get_timeline(name)
    with pytest.raises(BadQuestion):
        service.people.compare("Jane Roe", name)


@pytest.mark.parametrize("about", ["", "…", "x" * 1001])
def test_a_subject_without_words_or_too_long_is_refused(service: BriefingService, about: str) -> None:
    with pytest.raises(BadQuestion, match=r"^[^\n]+$"):
        read(service, "Jane Roe", about)


def test_two_people_are_compared_on_one_subject(service: BriefingService) -> None:
    comparison = service.people.compare("Roe", "Tom Alder", "ferry")
    assert [side.name for side in comparison.sides] == ["Jane Roe", "Tom Alder"]
    assert [len(side.timeline.statements) for side in comparison.sides if side.timeline] == [1, 1]
    assert not comparison.is_one_person


def test_a_side_without_quotes_says_why_and_the_other_is_shown(service: BriefingService) -> None:
    service.add([Article("e", "“I will not sail on any ferry,” said Peter Roe.", "The Tribune", date(2025, 6, 6))])
    comparison = service.people.compare("Roe", "Alder", "budget")
    assert [side.status for side in comparison.sides] == [SideStatus.AMBIGUOUS, SideStatus.SILENT]
    assert "Jane Roe" in comparison.sides[0].suggestions
    comparison = service.people.compare("Jane Roe", "Nobody Here", "budget")
    assert [side.status for side in comparison.sides] == [SideStatus.HAS_QUOTES, SideStatus.UNKNOWN]


def test_two_names_of_one_person_are_one_person(service: BriefingService) -> None:
    assert service.people.compare("Roe", "Jane Roe").is_one_person


def test_reading_is_bounded_and_says_so(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timeline_reader, "MAX_QUOTES", 5)
    arrivals = []
    for number in range(12):
        words = " ".join(f"{word}{number}" for word in ("ships", "of", "the", "northern", "fleet"))
        text = f"“{words},” said Jane Roe in report {number}."
        quote = Quote((Span(1, 1 + len(words)),), None, None, Speaker("Jane Roe"), Kind.DIRECT, 0.9, "named")
        article = Article(f"n{number:02}", text, "Paper", date(2025, 1, 1) + timedelta(days=number))
        arrivals.append(Arrival(article, [quote], [KnownPerson("Jane Roe", ())]))
    repository.upsert_all(arrivals)
    service = BriefingService(repository)
    timeline = read(service, "Jane Roe")
    assert (len(timeline.statements), timeline.is_bounded, timeline.first_statements) == (5, True, ())
    assert timeline.latest_statements == timeline.statements[-1:]
    older_timeline = read(service, "Jane Roe", until=date(2025, 1, 4))
    assert (len(older_timeline.statements), older_timeline.is_bounded) == (4, False)
    assert older_timeline.first_statements


def test_days_are_first_or_latest_only_within_what_is_shown(service: BriefingService) -> None:
    service.add([Article("e", "“The rain is over for good,” said Jane Roe.", "The Tribune", date(2025, 6, 9))])
    for filters, places in (
        ({}, ["first shown", "latest shown"]),  # one article has no day
        ({"since": date(2025, 6, 1)}, ["first shown", "latest"]),
        ({"until": date(2025, 6, 30)}, ["first", "latest shown"]),
        ({"outlet": "The Tribune"}, ["first shown", "latest shown"]),
    ):
        timeline = read(service, "Jane Roe", **filters)
        assert list(filter(None, map(timeline.describe_day, (date(2025, 6, 3), date(2025, 6, 9))))) == places


def test_a_man_with_the_surname_of_a_woman_is_not_that_woman(service: BriefingService) -> None:
    text = (
        "Jane Roe, the mayor, spoke. “I will stay as long as I want to,” said Mrs Roe. “My wife is tired,” said Mr Roe."
    )
    service.add([Article("e", text, "The Tribune", date(2025, 6, 9))])
    words = list_words(read(service, "Jane Roe", since=date(2025, 6, 9)))
    assert words == ["I will stay"]


def test_people_who_share_a_full_name_are_told_apart_by_the_role_of_each_statement(service: BriefingService) -> None:
    opening = "“{},” said Ann Okoro, {}. With her were {}."
    for number, words in enumerate(
        (
            (
                "The harbour will be open before the winter",
                "the harbour minister",
                "Adam Alder, Bertha Birch, Carla Cedar and Diego Drake",
            ),
            (
                "I saw how the lights went out in the stadium",
                "coach of Weston Rovers",
                "Edgar Elmer, Frida Fern, Gerda Grove and Henry Hazel",
            ),
        )
    ):
        service.add([Article(f"n{number}", opening.format(*words), f"Paper {number}", date(2025, 6, 1 + number))])
    timeline = read(service, "Ann Okoro")
    assert timeline.role is None
    assert [timeline.get_role(statement) for statement in timeline.statements] == [
        "harbour minister",
        "coach of Weston Rovers",
    ]
