"""Totals stay equal to the row counts after additions, updates, removals and restores."""

from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from briefings.model import Article, Kind, Quote, Span
from briefings.storage.db.database import connect
from briefings.storage.db.schema import articles
from briefings.storage.maintenance.backup import write_backup
from briefings.storage.maintenance.removal import remove_articles
from briefings.storage.maintenance.restore import restore_backup
from briefings.storage.repository import Repository
from tests.stand_ins.adding_processes import small
from tests.support.repositories import EACH_EMPTIED, Emptied

QUOTE = Quote((Span(0, 1),), None, None, None, Kind.DIRECT, confidence=0.5, reason="made for this test")


def count_rows(address: str) -> tuple[int, int]:
    """Count articles and quotes row by row."""
    engine = connect(address)
    with engine.connect() as db:
        article_count, quote_count = db.execute(
            select(func.count(), func.coalesce(func.sum(articles.c.quotes), 0))
        ).one()
    engine.dispose()
    return int(article_count), int(quote_count)


def get_totals(repository: Repository) -> tuple[int, int]:
    totals = repository.get_counts()
    return totals.articles, totals.quotes


def test_totals_follow_additions_updates_removals_and_restores(
    repository: Repository, address: str, tmp_path: Path
) -> None:
    repository.bulk_upsert(small(name) for name in "abcde")
    assert get_totals(repository) == count_rows(address) == (5, 15)
    article, quotes = small("a")
    repository.upsert(replace(article, title="Another"), quotes[:1])
    repository.replace_quotes(small("b")[0], quotes[:2], names=None, engine=None)
    assert get_totals(repository) == count_rows(address) == (5, 12)
    write_backup(address, tmp_path / "backup.db")
    remove_articles(address, ["a", "c"])
    assert get_totals(repository) == count_rows(address) == (3, 8)
    restore_backup(address, tmp_path / "backup.db", replace=True)
    assert get_totals(repository) == count_rows(address) == (5, 12)


@EACH_EMPTIED
@given(
    additions=st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 3), st.sampled_from(["x", "y"])), max_size=6)
)
def test_totals_equal_counts_of_rows(
    empty_repository: Emptied, address: str, additions: list[tuple[str, int, str]]
) -> None:
    with empty_repository() as repository:
        for name, quotes, text in additions:
            repository.upsert(Article(name, text), [QUOTE] * quotes)
        assert get_totals(repository) == count_rows(address)
