"""An article that changes takes its own place, what it was is kept, and what it was does not come back by itself."""

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
from tests.support.repositories import EACH_EMPTIED, Emptied

FIRST = Article("a", "One “first”.", publisher="The Paper", boilerplate=(Span(0, 3),))
SECOND = Article("a", "Two “second”.", publisher="Another", published=date(2016, 6, 30), title="T")
NOON = datetime(2016, 7, 1, 12, 0, tzinfo=UTC)


def said(article: Article) -> Quote:
    """What stands in quotation marks in one of the articles above, by nobody."""
    span = Span(article.text.index("“") + 1, article.text.index("”"))
    return Quote((span,), None, None, None, Kind.DIRECT, 0.0, "nobody is named")


@pytest.fixture
def hourly(address: str) -> Callable[[], Repository]:
    """Opens the record with a clock that goes on by an hour whenever it is asked."""
    moments = (NOON + timedelta(hours=hours) for hours in range(100))
    return lambda: open_repository(address, lambda: next(moments))


def test_what_was_replaced_is_kept_whole_with_its_times(hourly: Callable[[], Repository]) -> None:
    third = replace(SECOND, text="Three.")
    with closing(hourly()) as record:
        assert record.upsert(FIRST, [said(FIRST)]) is ArticleStatus.NEW
        assert record.list_versions("a") == ()
        assert record.upsert(SECOND, [said(SECOND)]) is ArticleStatus.CHANGED
        assert record.upsert(third, []) is ArticleStatus.CHANGED
        first = ArticleVersion(FIRST, NOON, NOON + timedelta(hours=1))
        second = ArticleVersion(SECOND, NOON + timedelta(hours=1), NOON + timedelta(hours=2))
        assert record.list_versions("a") == (first, second)
        assert record.list_versions("a", limit=1) == (second,)
        assert record.list_versions("b") == record.list_versions("\ud800") == ()
        assert record.get_articles() == (third,)
        assert record.find_quotes("first") == record.find_quotes("second") == ()
        assert record.find_articles_with("second") == ()
        assert record.get_counts().articles == 1


def test_other_particulars_alone_make_a_version(record: Repository) -> None:
    record.upsert(FIRST, [])
    assert record.upsert(replace(FIRST, published=date(2016, 6, 30)), []) is ArticleStatus.CHANGED
    assert [version.article for version in record.list_versions("a")] == [FIRST]


@pytest.mark.parametrize(
    "again",
    [FIRST, replace(FIRST, title="told later"), replace(FIRST, text=""), replace(FIRST, text=" \n")],
    ids=["the same", "its text with other particulars", "nothing", "blanks"],
)
def test_an_older_version_come_again_changes_nothing(record: Repository, again: Article) -> None:
    record.upsert(FIRST, [])
    record.upsert(SECOND, [said(SECOND)])
    assert record.get_status(again) is ArticleStatus.OLDER
    assert record.upsert(again, [said(FIRST)]) is ArticleStatus.OLDER
    assert record.get_articles() == (SECOND,)
    assert record.get_quotes(["a"]) == {"a": (said(SECOND),)}
    assert [version.article for version in record.list_versions("a")] == [FIRST]


def test_of_one_text_only_the_very_particulars_that_were_replaced_are_older(record: Repository) -> None:
    titled, dated = replace(FIRST, title="T"), replace(FIRST, title="T", published=date(2016, 6, 30))
    for article in (FIRST, titled):
        record.upsert(article, [])
    assert record.upsert(FIRST, []) is ArticleStatus.OLDER
    assert record.upsert(dated, []) is ArticleStatus.CHANGED
    assert record.upsert(titled, []) is ArticleStatus.OLDER
    assert record.get_articles() == (dated,)


def test_a_text_takes_the_place_of_nothing(record: Repository) -> None:
    empty = replace(FIRST, text="")
    assert record.upsert(empty, []) is ArticleStatus.NEW
    assert record.upsert(empty, []) is ArticleStatus.UNCHANGED
    assert record.upsert(FIRST, []) is ArticleStatus.CHANGED
    assert [version.article for version in record.list_versions("a")] == [empty]


def test_one_address_under_two_ids_is_two_articles(record: Repository) -> None:
    one = Article("a", "One.", url="https://paper.example/live")
    for article in (one, replace(one, id="b", text="Two.")):
        assert record.upsert(article, []) is ArticleStatus.NEW
    assert record.list_versions("a") == record.list_versions("b") == ()


@EACH_EMPTIED
@given(texts=st.lists(st.sampled_from(["", "One.", "Two.", "Three."]), max_size=8))
def test_every_text_that_came_is_held_once_now_or_before(emptied: Emptied, texts: list[str]) -> None:
    with emptied() as record:
        stood = [record.upsert(Article("a", text), []) for text in texts]
        before = [version.article.text for version in record.list_versions("a")]
        now = [article.text for article in record.get_articles()]
        held = [*before, *now]
        assert len(held) == len(set(held)) == sum(s in (ArticleStatus.NEW, ArticleStatus.CHANGED) for s in stood)
        assert set(texts) - {""} <= set(held)
        for text in texts:
            assert record.get_status(Article("a", text)) is (
                ArticleStatus.UNCHANGED if [text] == now else ArticleStatus.OLDER
            )


def test_a_change_that_cannot_be_written_leaves_everything_as_it_was(record: Repository) -> None:
    record.upsert(FIRST, [said(FIRST)])
    broken = replace(said(SECOND), confidence=None)  # type: ignore[arg-type]  # what the table refuses
    with pytest.raises(Exception, match="cannot be used"):
        record.upsert(SECOND, [broken])
    assert record.get_articles() == (FIRST,)
    assert record.list_versions("a") == ()
    assert record.get_quotes(["a"]) == {"a": (said(FIRST),)}


def test_writers_of_one_article_at_once_keep_each_version_once(record: Repository) -> None:
    texts = [f"Text {number}." for number in range(8)]
    writers = [threading.Thread(target=record.upsert, args=(Article("a", text), [])) for text in texts]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    held = [version.article.text for version in record.list_versions("a")] + [a.text for a in record.get_articles()]
    assert sorted(held) == texts


def test_versions_go_with_their_article(record: Repository, path: Path) -> None:
    record.upsert(FIRST, [])
    record.upsert(SECOND, [])
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("PRAGMA foreign_keys = ON")
        raw.execute("DELETE FROM articles WHERE id = 'a'")
        assert raw.execute("SELECT count(*) FROM article_versions").fetchone() == (0,)
