"""A question that matches nothing is answered without as few of its parts as possible, and the answer says which."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime

import pytest

from briefings.errors import NothingFound
from briefings.model import Article, Topic
from briefings.service.relaxation import describe_days
from briefings.service.service import BriefingService
from briefings.storage.repository import open_repository

TOPICS = (Topic("tide-wall", "The tide wall", ("tide wall",)),)
ARTICLES = (
    Article(
        "a",
        'The tide wall broke in Easton. "It is a day of shame," said Jane Roe, the mayor.',
        "The Tribune",
        date(2025, 6, 3),
    ),
    Article("b", 'The market closed. "We will sell the boats," said Tom Alder, a trader.', "Easton Herald"),
    Article("c", "The tide wall was long a paper tiger of the town.", "Easton Herald", date(2025, 7, 1)),
)


@pytest.fixture
def service() -> Iterator[BriefingService]:
    with closing(open_repository("sqlite://", lambda: datetime(2025, 8, 1, tzinfo=UTC))) as repository:
        service = BriefingService(repository, TOPICS)
        service.add(ARTICLES)
        yield service


@pytest.mark.parametrize(
    ("filters", "dropped"),
    [
        ({"by": "Roe"}, ()),
        ({"by": "Alder"}, ("by Alder",)),
        ({"by": "Nobody"}, ("by Nobody",)),
        ({"outlet": "Easton Herald"}, ("in Easton Herald",)),
        ({"about": "boats"}, ("about boats",)),
        ({"about": "tide-wall"}, ()),
        ({"since": date(2025, 6, 4)}, ("since 4 June 2025",)),
        ({"since": date(2024, 6, 1), "until": date(2024, 6, 30)}, ("June 2024",)),
        ({"by": "Roe", "outlet": "Easton Herald"}, ("in Easton Herald",)),
        ({"by": "Alder", "outlet": "The Tribune"}, ("by Alder",)),
        (
            {"by": "Roe", "outlet": "Easton Herald", "until": date(2024, 1, 1)},
            ("in Easton Herald", "until 1 January 2024"),
        ),
        ({"by": "Alder", "until": date(2024, 1, 1)}, ("until 1 January 2024", "by Alder")),
    ],
)
def test_as_few_parts_as_possible_are_left_out(
    service: BriefingService, filters: dict[str, str | date], dropped: tuple[str, ...]
) -> None:
    answer = service.who_said("day of shame", relax=True, **filters)  # type: ignore[arg-type]  # filters have several types
    assert [hit.speaker.name for hit in answer.hits if hit.speaker] == ["Jane Roe"]
    assert answer.dropped == dropped


def test_quotes_of_somebody_else_are_the_last_resort(service: BriefingService) -> None:
    """Jane Roe said it, but in another paper and on another day, where Tom Alder said it too."""
    text = 'The boats sank. "It is a day of shame," said Tom Alder, a trader.'
    service.add([Article("d", text, "Easton Herald", date(2024, 1, 1))])
    filters = {"by": "Roe", "outlet": "Easton Herald", "until": date(2024, 2, 1)}
    answer = service.who_said("day of shame", relax=True, **filters)  # type: ignore[arg-type]  # filters have several types
    assert [hit.speaker.name for hit in answer.hits if hit.speaker] == ["Jane Roe"]
    assert answer.dropped == ("in Easton Herald", "until 1 February 2024")


def test_words_are_never_left_out(service: BriefingService) -> None:
    answer = service.who_said("purple rain", by="Roe", relax=True)
    assert (answer.hits, answer.dropped) == ((), ())


def test_speaker_is_never_left_out_without_words(service: BriefingService) -> None:
    answer = service.who_said("", by="Nobody", outlet="The Tribune", relax=True)
    assert (answer.hits, answer.dropped) == ((), ())
    answer = service.who_said("", by="Roe", outlet="Easton Herald", relax=True)
    assert len(answer.hits) == 1
    assert answer.dropped == ("in Easton Herald",)


def test_words_outside_quotes_count_if_nobody_is_quoted(service: BriefingService) -> None:
    answer = service.who_said("paper tiger", outlet="The Tribune", relax=True)
    assert answer.dropped == ("in The Tribune",)
    assert len(answer.narration) == 1


def test_nothing_is_left_out_unless_allowed(service: BriefingService) -> None:
    assert service.who_said("day of shame", by="Alder").hits == ()
    with pytest.raises(NothingFound):
        service.brief("tide-wall", outlet="Daily Ledger")


def test_question_is_described_with_the_full_name_and_the_title(service: BriefingService) -> None:
    answer = service.who_said("day of shame", by="roe", about="tide-wall", since=date(2025, 6, 1), relax=True)
    assert answer.description == "with “day of shame” by Jane Roe about The tide wall, since 1 June 2025"
    assert service.who_said("", by="Nobody").description == "by Nobody"


def test_briefing_names_the_filters_that_were_left_out(service: BriefingService) -> None:
    briefing = service.brief("tide-wall", outlet="Daily Ledger", since=date(2025, 6, 1), relax=True)
    assert len(briefing.sources) == 2
    assert briefing.dropped_filters == ("in Daily Ledger",)
    assert briefing.filters == "in Daily Ledger, since 1 June 2025"
    assert service.brief("tide-wall", since=date(2025, 6, 30), relax=True).dropped_filters == ()
    with pytest.raises(NothingFound):
        service.brief("qqq", outlet="The Tribune", relax=True)


@pytest.mark.parametrize(
    ("since", "until", "words"),
    [
        (None, None, ""),
        (date(2025, 6, 3), date(2025, 6, 3), "3 June 2025"),
        (date(2025, 6, 1), date(2025, 6, 30), "June 2025"),
        (date(2025, 6, 1), date(2025, 8, 31), "June to August 2025"),
        (date(2025, 1, 1), date(2025, 12, 31), "2025"),
        (date(2025, 6, 1), date(2025, 6, 15), "1–15 June 2025"),
        (date(2025, 6, 20), date(2025, 7, 3), "20 June to 3 July 2025"),
        (date(2024, 12, 30), date(2025, 1, 3), "30 December 2024 to 3 January 2025"),
        (date(2025, 6, 3), None, "since 3 June 2025"),
        (None, date(2025, 6, 3), "until 3 June 2025"),
        (date(9999, 12, 1), date(9999, 12, 31), "1–31 December 9999"),
    ],
)
def test_days_are_described_as_people_write_them(since: date | None, until: date | None, words: str) -> None:
    assert describe_days(since, until) == words


def test_names_are_looked_up_until_the_articles_change(service: BriefingService) -> None:
    lookup = service.name_lookup
    assert lookup.list_people("roe") == ("Jane Roe",)
    assert lookup.list_people("Jane") == ()
    assert lookup.list_people("x" * 1_000) == lookup.list_people("“…”") == ()
    assert lookup.list_outlets() == ("Easton Herald", "The Tribune")
    assert lookup.has_words("day of shame")
    assert not lookup.has_words("shame of day")
    assert not lookup.has_words("…")
    service.add([Article("d", '"We left," said Ann Brandt. Brandt waved.', "Daily Ledger", date(2025, 7, 2))])
    assert lookup.list_people("Brandt") == ("Ann Brandt",)
    assert "Daily Ledger" in lookup.list_outlets()
