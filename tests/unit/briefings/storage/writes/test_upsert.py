"""Updates replace an article and archive the old version, which never returns."""

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.model import Article, Kind, Quote, Span
from briefings.storage.db.types import ArticleStatus, ArticleVersion
from briefings.storage.repository import Repository, open_repository
from tests.support.repositories import EMPTY_EACH_EXAMPLE, OpenEmpty

FIRST = Article("a", "One “first”.", publisher="The Paper", boilerplate=(Span(0, 3),), quotation_elements=(Span(0, 3),))
SECOND = Article("a", "Two “second”.", publisher="Another", published=date(2016, 6, 30), title="T")
NOON = datetime(2016, 7, 1, 12, 0, tzinfo=UTC)


def quote_marked_words(article: Article) -> Quote:
    """Return the words in quotation marks of an article above, as a quote without speaker."""
    span = Span(article.text.index("“") + 1, article.text.index("”"))
    return Quote((span,), None, None, None, Kind.DIRECT, 0.0, "nobody is named")


@pytest.fixture
def open_with_hourly_clock(address: str) -> Callable[[], Repository]:
    """Return a function that opens the repository with a clock that advances an hour per call."""
    times = (NOON + timedelta(hours=hours) for hours in range(100))
    return lambda: open_repository(address, lambda: next(times))


def test_replaced_versions_are_archived_with_their_times(open_with_hourly_clock: Callable[[], Repository]) -> None:
    third = replace(SECOND, text="Three.")
    with closing(open_with_hourly_clock()) as repository:
        assert repository.upsert(FIRST, [quote_marked_words(FIRST)]) is ArticleStatus.NEW
        assert repository.list_versions("a") == ()
        assert repository.upsert(SECOND, [quote_marked_words(SECOND)]) is ArticleStatus.UPDATED
        assert repository.upsert(third, []) is ArticleStatus.UPDATED
        first = ArticleVersion(FIRST, NOON, NOON + timedelta(hours=1))
        second = ArticleVersion(SECOND, NOON + timedelta(hours=1), NOON + timedelta(hours=2))
        assert repository.list_versions("a") == (first, second)
        assert repository.list_versions("a", limit=1) == (second,)
        assert repository.list_versions("b") == repository.list_versions("\ud800") == ()
        assert repository.get_articles() == (third,)
        assert repository.find_quotes("first") == repository.find_quotes("second") == ()
        assert repository.find_articles_with("second") == ()
        assert repository.get_counts().articles == 1


def test_new_metadata_without_new_text_makes_a_version(repository: Repository) -> None:
    repository.upsert(FIRST, [])
    assert repository.upsert(replace(FIRST, published=date(2016, 6, 30)), []) is ArticleStatus.UPDATED
    assert [version.article for version in repository.list_versions("a")] == [FIRST]


@pytest.mark.parametrize(
    "arriving_article",
    [FIRST, replace(FIRST, title="added later"), replace(FIRST, text=""), replace(FIRST, text=" \n")],
    ids=["same", "same text with other metadata", "empty", "blank"],
)
def test_older_version_arriving_again_changes_nothing(repository: Repository, arriving_article: Article) -> None:
    repository.upsert(FIRST, [])
    repository.upsert(SECOND, [quote_marked_words(SECOND)])
    assert repository.get_status(arriving_article) is ArticleStatus.OLDER
    assert repository.upsert(arriving_article, [quote_marked_words(FIRST)]) is ArticleStatus.OLDER
    assert repository.get_articles() == (SECOND,)
    assert repository.get_quotes(["a"]) == {"a": (quote_marked_words(SECOND),)}
    assert [version.article for version in repository.list_versions("a")] == [FIRST]


def test_same_text_is_older_only_with_replaced_metadata(repository: Repository) -> None:
    titled, dated = replace(FIRST, title="T"), replace(FIRST, title="T", published=date(2016, 6, 30))
    for article in (FIRST, titled):
        repository.upsert(article, [])
    assert repository.upsert(FIRST, []) is ArticleStatus.OLDER
    assert repository.upsert(dated, []) is ArticleStatus.UPDATED
    assert repository.upsert(titled, []) is ArticleStatus.OLDER
    assert repository.get_articles() == (dated,)


def test_text_replaces_an_empty_one(repository: Repository) -> None:
    empty = replace(FIRST, text="")
    assert repository.upsert(empty, []) is ArticleStatus.NEW
    assert repository.upsert(empty, []) is ArticleStatus.UNCHANGED
    assert repository.upsert(FIRST, []) is ArticleStatus.UPDATED
    assert [version.article for version in repository.list_versions("a")] == [empty]


def test_one_url_under_two_ids_is_two_articles(repository: Repository) -> None:
    first = Article("a", "One.", url="https://paper.example/live")
    for article in (first, replace(first, id="b", text="Two.")):
        assert repository.upsert(article, []) is ArticleStatus.NEW
    assert repository.list_versions("a") == repository.list_versions("b") == ()


@EMPTY_EACH_EXAMPLE
@given(texts=st.lists(st.sampled_from(["", "One.", "Two.", "Three."]), max_size=8))
def test_every_text_is_stored_exactly_once(empty_repository: OpenEmpty, texts: list[str]) -> None:
    with empty_repository() as repository:
        statuses = [repository.upsert(Article("a", text), []) for text in texts]
        older_texts = [version.article.text for version in repository.list_versions("a")]
        current_texts = [article.text for article in repository.get_articles()]
        stored_texts = [*older_texts, *current_texts]
        assert (
            len(stored_texts)
            == len(set(stored_texts))
            == sum(status in (ArticleStatus.NEW, ArticleStatus.UPDATED) for status in statuses)
        )
        assert set(texts) - {""} <= set(stored_texts)
        for text in texts:
            assert repository.get_status(Article("a", text)) is (
                ArticleStatus.UNCHANGED if [text] == current_texts else ArticleStatus.OLDER
            )


def test_failed_update_changes_nothing(repository: Repository) -> None:
    repository.upsert(FIRST, [quote_marked_words(FIRST)])
    broken = replace(quote_marked_words(SECOND), confidence=None)  # type: ignore[arg-type]  # rejected by the table
    with pytest.raises(Exception, match="cannot be used"):
        repository.upsert(SECOND, [broken])
    assert repository.get_articles() == (FIRST,)
    assert repository.list_versions("a") == ()
    assert repository.get_quotes(["a"]) == {"a": (quote_marked_words(FIRST),)}


def test_concurrent_updates_keep_each_version_once(repository: Repository) -> None:
    texts = [f"Text {number}." for number in range(8)]
    writers = [threading.Thread(target=repository.upsert, args=(Article("a", text), [])) for text in texts]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    stored_texts = [version.article.text for version in repository.list_versions("a")] + [
        a.text for a in repository.get_articles()
    ]
    assert sorted(stored_texts) == texts


def test_versions_are_deleted_with_their_article(repository: Repository, path: Path) -> None:
    repository.upsert(FIRST, [])
    repository.upsert(SECOND, [])
    with closing(sqlite3.connect(path)) as file_db, file_db:
        file_db.execute("PRAGMA foreign_keys = ON")
        file_db.execute("DELETE FROM articles WHERE id = 'a'")
        assert file_db.execute("SELECT count(*) FROM article_versions").fetchone() == (0,)
