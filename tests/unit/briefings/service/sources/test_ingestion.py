"""Ingestion keeps different reports with one id apart, and updates an article that changed."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from briefings.model import Article
from briefings.service.service import BriefingService
from briefings.service.sources.ingestion import NO_DEFAULTS, ArticleDefaults, Outcome, are_different_articles, ingest
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
def repository() -> Iterator[Repository]:
    with closing(open_repository("sqlite://", lambda: datetime(2016, 7, 1, tzinfo=UTC))) as repository:
        yield repository


def ingest_all(repository: Repository, *articles: Article, defaults: ArticleDefaults = NO_DEFAULTS) -> list[Outcome]:
    """Ingest articles and return their outcomes."""
    return [ingested.outcome for ingested in ingest(repository, articles, defaults=defaults)]


def test_another_report_with_a_taken_id_gets_a_new_id(repository: Repository) -> None:
    """A second run changes nothing."""
    assert ingest_all(repository, HARBOUR, ORCHARD) == [ArticleStatus.NEW, ArticleStatus.NEW]
    assert ingest_all(repository, HARBOUR, ORCHARD) == [ArticleStatus.UNCHANGED, ArticleStatus.UNCHANGED]
    assert {article.id: article.text for article in repository.get_articles()} == {
        "601": HARBOUR.text,
        "601~2": ORCHARD.text,
    }
    assert repository.list_versions("601") == ()


def test_an_update_replaces_the_right_report(repository: Repository) -> None:
    updated_article = replace(
        ORCHARD, text=ORCHARD.text + " Two growers have given up.", title="Frost: growers give up"
    )
    ingest_all(repository, HARBOUR, ORCHARD)
    assert ingest_all(repository, updated_article) == [ArticleStatus.UPDATED]
    assert [article.text for article in repository.get_articles(["601~2"])] == [updated_article.text]
    assert len(repository.list_versions("601~2")) == 1


@pytest.mark.parametrize(
    "incoming_article",
    [
        replace(HARBOUR, text=HARBOUR.text.replace("Tuesday", "Wednesday"), title="Harbour to close after all"),
        replace(HARBOUR, text=ORCHARD.text),
        replace(ORCHARD, text="Withdrawn."),
        replace(ORCHARD, text=""),
    ],
    ids=["a few words changed", "rewritten with the same title", "short", "empty"],
)
def test_a_possible_update_is_an_update(incoming_article: Article) -> None:
    assert not are_different_articles(HARBOUR, incoming_article)


def test_a_url_is_one_page_with_any_text() -> None:
    url = "https://paper.example/live"
    assert not are_different_articles(replace(HARBOUR, id=url), replace(ORCHARD, id=url))


def test_a_twenty_first_report_with_one_id_is_refused(repository: Repository) -> None:
    reports = [
        replace(
            ORCHARD,
            text=" ".join(f"w{number}x{word}" for word in range(60)),
            title=f"Report {number}",
        )
        for number in range(21)
    ]
    outcomes = ingest_all(repository, *reports)
    assert outcomes[:20] == [ArticleStatus.NEW] * 20
    assert str(outcomes[20]) == "601 is already the id of 20 other articles. Give each article a different id."


PAPER = ArticleDefaults("The Paper", date(2016, 6, 30))
BARE = Article("notes", "“We will count every vote,” said Anna Berg.")


def test_defaults_complete_only_what_an_article_does_not_state(repository: Repository) -> None:
    dated_article = replace(BARE, id="dated", published=date(2016, 6, 1))
    assert ingest_all(repository, BARE, dated_article, defaults=PAPER) == [ArticleStatus.NEW] * 2
    assert repository.get_articles(["notes"])[0].published == date(2016, 6, 30)
    (stored_article,) = repository.get_articles(["dated"])
    assert (stored_article.publisher, stored_article.published) == ("The Paper", date(2016, 6, 1))


def test_defaults_complete_a_stored_article_once_and_never_change_it_again(repository: Repository) -> None:
    ingest_all(repository, BARE)
    assert ingest_all(repository, BARE, defaults=PAPER) == [ArticleStatus.UPDATED]
    assert repository.get_change_times(["notes"]) == {}  # the text is the same
    for defaults in (PAPER, NO_DEFAULTS, ArticleDefaults("Another", date(2020, 1, 1))):
        assert ingest_all(repository, BARE, defaults=defaults) == [ArticleStatus.UNCHANGED]
    (stored_article,) = repository.get_articles()
    assert (stored_article.publisher, stored_article.published) == ("The Paper", date(2016, 6, 30))
    assert [version.article.text for version in repository.list_versions("notes")] == [BARE.text]


def test_a_corrected_text_keeps_the_outlet_and_the_day_that_it_no_longer_states(repository: Repository) -> None:
    ingest_all(repository, replace(BARE, publisher="The Paper", published=date(2016, 6, 30), title="The count"))
    assert ingest_all(repository, replace(BARE, text=BARE.text + " It is late.")) == [ArticleStatus.UPDATED]
    (stored_article,) = repository.get_articles()
    assert (stored_article.publisher, stored_article.title) == ("The Paper", None)


def test_a_stated_outlet_replaces_a_default_one(repository: Repository) -> None:
    ingest_all(repository, BARE, defaults=PAPER)
    assert ingest_all(repository, replace(BARE, publisher="The Tribune")) == [ArticleStatus.UPDATED]
    assert repository.get_articles()[0].publisher == "The Tribune"


def test_missing_fields_of_stored_articles_are_filled_in(repository: Repository) -> None:
    service = BriefingService(repository)
    ingest_all(repository, BARE, replace(BARE, id="stated", publisher="The Tribune"))
    assert service.fill_in(["notes", "stated", "unknown"], ArticleDefaults(outlet="The Paper")) == 1
    assert {article.id: article.publisher for article in repository.get_articles()} == {
        "notes": "The Paper",
        "stated": "The Tribune",
    }
    assert len(repository.get_quotes(["notes"])["notes"]) == 1
