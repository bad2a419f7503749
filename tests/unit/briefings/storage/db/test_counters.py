"""The totals are what counting would give, whatever was added, changed, removed or restored."""

from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from briefings.model import Article, Kind, Quote, Span
from briefings.storage.db.database import connect
from briefings.storage.db.schema import articles
from briefings.storage.maintenance.backup import backup
from briefings.storage.maintenance.removal import remove_articles
from briefings.storage.maintenance.restore import restore
from briefings.storage.repository import Repository
from tests.stand_ins.adding_processes import small
from tests.support.repositories import EACH_EMPTIED, Emptied

SAID = Quote((Span(0, 1),), None, None, None, Kind.DIRECT, confidence=0.5, reason="the test's own")


def counted(address: str) -> tuple[int, int]:
    """How many articles and quotes there are, one by one."""
    engine = connect(address)
    with engine.connect() as db:
        number, said = db.execute(select(func.count(), func.coalesce(func.sum(articles.c.quotes), 0))).one()
    engine.dispose()
    return int(number), int(said)


def held(record: Repository) -> tuple[int, int]:
    found = record.get_counts()
    return found.articles, found.quotes


def test_totals_follow_what_is_loaded_changed_removed_and_restored(
    record: Repository, address: str, tmp_path: Path
) -> None:
    record.bulk_upsert(small(name) for name in "abcde")
    assert held(record) == counted(address) == (5, 15)
    article, quotes = small("a")
    record.upsert(replace(article, title="Another"), quotes[:1])
    record.replace_quotes(small("b")[0], quotes[:2], names=None, engine=None)
    assert held(record) == counted(address) == (5, 12)
    backup(address, tmp_path / "backup.db")
    remove_articles(address, ["a", "c"])
    assert held(record) == counted(address) == (3, 8)
    restore(address, tmp_path / "backup.db", replace=True)
    assert held(record) == counted(address) == (5, 12)


@EACH_EMPTIED
@given(added=st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 3), st.sampled_from(["x", "y"])), max_size=6))
def test_totals_are_what_counting_gives(emptied: Emptied, address: str, added: list[tuple[str, int, str]]) -> None:
    with emptied() as record:
        for name, quotes, text in added:
            record.upsert(Article(name, text), [SAID] * quotes)
        assert held(record) == counted(address)
