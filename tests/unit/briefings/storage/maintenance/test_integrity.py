"""A sound record is found sound; each kind of damage is one sentence that says what to do."""

import itertools

import pytest
from sqlalchemy import text

from briefings.storage.db.database import connect, get_sqlite_connection, get_writer
from briefings.storage.maintenance.integrity import TimeLimit, check_integrity, count_stale_articles
from briefings.storage.maintenance.rebuild import reindex
from briefings.storage.repository import Repository
from tests.support.analysed_articles import analyse
from tests.support.articles import seeds

UNLIMITED = TimeLimit(lambda: 0.0)


@pytest.fixture(autouse=True)
def full(record: Repository) -> Repository:
    for article in seeds():
        found = analyse(article)
        record.upsert(article, found.quotes, names=found.names, engine="of today")
    return record


def found(address: str) -> list[str]:
    return [finding.sentence for finding in check_integrity(address, UNLIMITED) if finding.wrong]


def spoil(address: str, *statements: str) -> None:
    """Changes rows behind the record's back, with nobody minding the references."""
    engine = connect(address)
    try:
        with get_writer(engine).connect() as db:
            if engine.dialect.name == "sqlite":
                get_sqlite_connection(db).execute("PRAGMA foreign_keys = OFF")
            else:
                db.exec_driver_sql("SET session_replication_role = replica")
            for statement in statements:
                db.execute(text(statement))
            db.commit()
    finally:
        engine.dispose()


def test_a_sound_record_is_found_sound(address: str) -> None:
    assert check_integrity(address, UNLIMITED) == check_integrity(address, TimeLimit(lambda: 0.0, 10.0)) == []


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        (
            "UPDATE articles SET text = 'Another text.' || text WHERE id LIKE '000%'",
            "in one article (000_3e648ece572ec1d5), the text is not what was added: "
            "remove and add again, with: ontherecord remove ID",
        ),
        (
            "DELETE FROM quotes WHERE id = (SELECT min(id) FROM quotes WHERE article LIKE '000%')",
            "in one article (000_3e648ece572ec1d5), quotes are missing, or there are too many: "
            "remove and add again, with: ontherecord remove ID",
        ),
        (
            "UPDATE quotes SET content = '[[0, 999999]]' WHERE id IN (SELECT min(id) FROM quotes GROUP BY article)",
            "in 4 articles (",
        ),
        (
            "UPDATE articles SET outlet = 'Nobody' WHERE id LIKE '003%'",
            "1 rows of articles refer to outlets that are not there: "
            "restore a backup with: ontherecord restore FILE --force",
        ),
        (
            "DELETE FROM article_words",
            "4 articles cannot be found, for they are not in the index: build it anew with: ontherecord reindex",
        ),
    ],
)
def test_damage_is_told_with_what_to_do(address: str, statement: str, sentence: str) -> None:
    spoil(address, statement)
    (told,) = found(address)
    assert told.startswith(sentence)


def test_quotes_that_nothing_finds_are_told_and_found_again(full: Repository, address: str) -> None:
    spoil(address, "DELETE FROM quote_words")
    assert full.find_quotes("lynch mob") == ()
    assert ["cannot be found" in told for told in found(address)] == [True]
    assert reindex(address) == 4
    assert found(address) == []
    assert full.find_quotes("lynch mob") != ()


@pytest.mark.usefixtures("path")
def test_a_damaged_index_is_told_and_built_anew(full: Repository, address: str) -> None:
    spoil(address, "UPDATE quote_words_data SET block = zeroblob(length(block)) WHERE id > 100")
    assert found(address) == ["the index of quotes is damaged: build it anew with: ontherecord reindex"]
    reindex(address)
    assert found(address) == []
    assert full.find_quotes("lynch mob") != ()


def test_a_look_that_takes_too_long_is_ended_and_says_so(address: str) -> None:
    seconds = itertools.count()
    told = check_integrity(address, TimeLimit(lambda: float(next(seconds)), 0.5))
    assert told
    assert not any(finding.wrong for finding in told)
    assert all("could not be looked through in 0.5 seconds" in finding.sentence for finding in told)
    assert all("doctor --thorough" in finding.sentence for finding in told)


def test_articles_of_another_engine_are_counted(full: Repository, address: str) -> None:
    assert count_stale_articles(address, "of today") == 0
    assert count_stale_articles(address, "of tomorrow") == 4
    spoil(address, "UPDATE articles SET engine = NULL WHERE id LIKE '003%'")
    assert count_stale_articles(address, "of today") == 1
    assert full.get_counts().articles == 4
