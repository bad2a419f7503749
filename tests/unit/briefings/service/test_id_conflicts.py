"""Two articles under one id are kept apart; one article that changed is not."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from briefings.model import Article
from briefings.service.ingestion import are_different_articles, ingest
from briefings.storage.db.types import ArticleStatus
from briefings.storage.repository import Repository, open_repository

HARBOUR = Article(
    "601",
    "The council voted on Tuesday to close the old harbour. "
    * 3
    + "Ada Marsh, the mayor, said that the dock would stay open until the spring, and that nobody would lose a job "
    "over it. Fishermen who have used the quay for sixty years were not convinced.",
    title="Harbour to close",
    published=date(2016, 6, 28),
)
ORCHARD = Article(
    "601",
    "Late frost has taken most of this year's apples in the valley, growers say. "
    "Some lit fires between the rows at night; others lost everything in three hours. "
    "Prices are expected to rise before the autumn, when the first imports arrive from overseas by ship and by lorry.",
    title="Frost takes the apples",
    published=date(2016, 5, 2),
)


@pytest.fixture
def record() -> Iterator[Repository]:
    with closing(open_repository("sqlite://", lambda: datetime(2016, 7, 1, tzinfo=UTC))) as opened:
        yield opened


def test_another_report_under_a_taken_id_gets_an_id_of_its_own(record: Repository) -> None:
    """In one archive or in two, and a second run changes nothing."""
    assert list(ingest(record, [HARBOUR, ORCHARD])) == [ArticleStatus.NEW, ArticleStatus.NEW]
    assert list(ingest(record, [HARBOUR, ORCHARD])) == [ArticleStatus.UNCHANGED, ArticleStatus.UNCHANGED]
    assert {article.id: article.text for article in record.get_articles()} == {
        "601": HARBOUR.text,
        "601~2": ORCHARD.text,
    }
    assert record.list_versions("601") == ()


def test_a_change_of_either_finds_its_own(record: Repository) -> None:
    changed = replace(ORCHARD, text=ORCHARD.text + " Two growers have given up.", title="Frost: growers give up")
    list(ingest(record, [HARBOUR, ORCHARD]))
    assert list(ingest(record, [changed])) == [ArticleStatus.UPDATED]
    assert [article.text for article in record.get_articles(["601~2"])] == [changed.text]
    assert len(record.list_versions("601~2")) == 1


@pytest.mark.parametrize(
    "came",
    [
        replace(HARBOUR, text=HARBOUR.text.replace("Tuesday", "Wednesday"), title="Harbour to close after all"),
        replace(HARBOUR, text=ORCHARD.text),
        replace(ORCHARD, text="Withdrawn."),
        replace(ORCHARD, text=""),
    ],
    ids=["a few words changed", "rewritten under its title", "short", "nothing came"],
)
def test_what_may_be_a_change_is_one(came: Article) -> None:
    assert not are_different_articles(HARBOUR, came)


def test_an_address_is_one_page_whatever_stands_there() -> None:
    address = "https://paper.example/live"
    assert not are_different_articles(replace(HARBOUR, id=address), replace(ORCHARD, id=address))


def test_a_twenty_first_report_under_one_id_is_refused_by_name(record: Repository) -> None:
    reports = [
        replace(
            ORCHARD,
            text=" ".join(f"w{number}x{word}" for word in range(60)),
            title=f"Report {number}",
        )
        for number in range(21)
    ]
    outcomes = list(ingest(record, reports))
    assert outcomes[:20] == [ArticleStatus.NEW] * 20
    assert str(outcomes[20]) == "601 is the id of 20 other articles already: give each article an id of its own."
