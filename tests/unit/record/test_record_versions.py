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
from briefings.record.store import Record, open_record
from briefings.record.values import Standing, Version
from tests.records import EACH_EMPTIED, Emptied

FIRST = Article("a", "One “first”.", publisher="The Paper", boilerplate=(Span(0, 3),))
SECOND = Article("a", "Two “second”.", publisher="Another", published=date(2016, 6, 30), title="T")
NOON = datetime(2016, 7, 1, 12, 0, tzinfo=UTC)


def said(article: Article) -> Quote:
    """What stands in quotation marks in one of the articles above, by nobody."""
    span = Span(article.text.index("“") + 1, article.text.index("”"))
    return Quote((span,), None, None, None, Kind.DIRECT, 0.0, "nobody is named")


@pytest.fixture
def hourly(address: str) -> Callable[[], Record]:
    """Opens the record with a clock that goes on by an hour whenever it is asked."""
    moments = (NOON + timedelta(hours=hours) for hours in range(100))
    return lambda: open_record(address, lambda: next(moments))


def test_what_was_replaced_is_kept_whole_with_its_times(hourly: Callable[[], Record]) -> None:
    third = replace(SECOND, text="Three.")
    with closing(hourly()) as record:
        assert record.add(FIRST, [said(FIRST)]) is Standing.NEW
        assert record.versions("a") == ()
        assert record.add(SECOND, [said(SECOND)]) is Standing.CHANGED
        assert record.add(third, []) is Standing.CHANGED
        first = Version(FIRST, NOON, NOON + timedelta(hours=1))
        second = Version(SECOND, NOON + timedelta(hours=1), NOON + timedelta(hours=2))
        assert record.versions("a") == (first, second)
        assert record.versions("a", limit=1) == (second,)
        assert record.versions("b") == record.versions("\ud800") == ()
        assert record.articles() == (third,)
        assert record.find_quotes("first") == record.find_quotes("second") == ()
        assert record.find_articles_with("second") == ()
        assert record.counts().articles == 1


def test_other_particulars_alone_make_a_version(record: Record) -> None:
    record.add(FIRST, [])
    assert record.add(replace(FIRST, published=date(2016, 6, 30)), []) is Standing.CHANGED
    assert [version.article for version in record.versions("a")] == [FIRST]


@pytest.mark.parametrize(
    "again",
    [FIRST, replace(FIRST, title="told later"), replace(FIRST, text=""), replace(FIRST, text=" \n")],
    ids=["the same", "its text with other particulars", "nothing", "blanks"],
)
def test_an_older_version_come_again_changes_nothing(record: Record, again: Article) -> None:
    record.add(FIRST, [])
    record.add(SECOND, [said(SECOND)])
    assert record.standing(again) is Standing.OLDER
    assert record.add(again, [said(FIRST)]) is Standing.OLDER
    assert record.articles() == (SECOND,)
    assert record.quotes_of(["a"]) == {"a": (said(SECOND),)}
    assert [version.article for version in record.versions("a")] == [FIRST]


def test_of_one_text_only_the_very_particulars_that_were_replaced_are_older(record: Record) -> None:
    titled, dated = replace(FIRST, title="T"), replace(FIRST, title="T", published=date(2016, 6, 30))
    for article in (FIRST, titled):
        record.add(article, [])
    assert record.add(FIRST, []) is Standing.OLDER
    assert record.add(dated, []) is Standing.CHANGED
    assert record.add(titled, []) is Standing.OLDER
    assert record.articles() == (dated,)


def test_a_text_takes_the_place_of_nothing(record: Record) -> None:
    empty = replace(FIRST, text="")
    assert record.add(empty, []) is Standing.NEW
    assert record.add(empty, []) is Standing.HELD
    assert record.add(FIRST, []) is Standing.CHANGED
    assert [version.article for version in record.versions("a")] == [empty]


def test_one_address_under_two_ids_is_two_articles(record: Record) -> None:
    one = Article("a", "One.", url="https://paper.example/live")
    for article in (one, replace(one, id="b", text="Two.")):
        assert record.add(article, []) is Standing.NEW
    assert record.versions("a") == record.versions("b") == ()


@EACH_EMPTIED
@given(texts=st.lists(st.sampled_from(["", "One.", "Two.", "Three."]), max_size=8))
def test_every_text_that_came_is_held_once_now_or_before(emptied: Emptied, texts: list[str]) -> None:
    with emptied() as record:
        stood = [record.add(Article("a", text), []) for text in texts]
        before = [version.article.text for version in record.versions("a")]
        now = [article.text for article in record.articles()]
        held = [*before, *now]
        assert len(held) == len(set(held)) == sum(s in (Standing.NEW, Standing.CHANGED) for s in stood)
        assert set(texts) - {""} <= set(held)
        for text in texts:
            assert record.standing(Article("a", text)) is (Standing.HELD if [text] == now else Standing.OLDER)


def test_a_change_that_cannot_be_written_leaves_everything_as_it_was(record: Record) -> None:
    record.add(FIRST, [said(FIRST)])
    broken = replace(said(SECOND), confidence=None)  # type: ignore[arg-type]  # what the table refuses
    with pytest.raises(Exception, match="cannot be used"):
        record.add(SECOND, [broken])
    assert record.articles() == (FIRST,)
    assert record.versions("a") == ()
    assert record.quotes_of(["a"]) == {"a": (said(FIRST),)}


def test_writers_of_one_article_at_once_keep_each_version_once(record: Record) -> None:
    texts = [f"Text {number}." for number in range(8)]
    writers = [threading.Thread(target=record.add, args=(Article("a", text), [])) for text in texts]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    held = [version.article.text for version in record.versions("a")] + [a.text for a in record.articles()]
    assert sorted(held) == texts


def test_versions_go_with_their_article(record: Record, path: Path) -> None:
    record.add(FIRST, [])
    record.add(SECOND, [])
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("PRAGMA foreign_keys = ON")
        raw.execute("DELETE FROM articles WHERE id = 'a'")
        assert raw.execute("SELECT count(*) FROM article_versions").fetchone() == (0,)
