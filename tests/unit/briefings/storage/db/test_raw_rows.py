"""Rows as the driver returns them: the right ones, in the transaction, with errors that callers translate."""

from contextlib import closing

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from briefings.storage.db.database import connect
from briefings.storage.db.raw_rows import fetch_all, fetch_listed
from briefings.storage.repository import Repository
from tests.support.analysed_articles import add_articles
from tests.support.articles import load_seeds


def test_rows_of_listed_values_are_returned(repository: Repository) -> None:
    add_articles(repository, *load_seeds())
    ids = [article.id for article in load_seeds()]
    rows = repository.run_query(
        lambda db, _: fetch_listed(db, "SELECT id FROM articles WHERE id {}", [*ids[:2], "unknown"])
    )
    assert sorted(rows) == sorted((article_id,) for article_id in ids[:2])


def test_no_values_need_no_statement(repository: Repository) -> None:
    assert repository.run_query(lambda db, _: fetch_listed(db, "not a statement {}", [])) == []


@pytest.mark.usefixtures("repository")
def test_an_error_is_one_of_sqlalchemy(address: str) -> None:
    with closing(connect(address).connect()) as db, pytest.raises(DBAPIError):
        fetch_all(db, "SELECT nothing FROM nowhere")


@pytest.mark.usefixtures("repository")
def test_rows_come_from_the_transaction_of_the_connection(address: str) -> None:
    with closing(connect(address).connect()) as db:
        db.execute(text("INSERT INTO outlets (name) VALUES ('The Invented Post')"))
        assert fetch_all(db, "SELECT name FROM outlets") == [("The Invented Post",)]
        db.rollback()
        assert fetch_all(db, "SELECT name FROM outlets") == []


@pytest.mark.usefixtures("repository", "path")
def test_a_text_that_is_not_utf8_is_read_with_replacement_characters(address: str) -> None:
    with closing(connect(address).connect()) as db:
        db.execute(text("INSERT INTO outlets (name) VALUES (CAST(x'41ff42' AS TEXT))"))
        assert fetch_all(db, "SELECT name FROM outlets") == [("A\ufffdB",)]
        # the factory of the connection is as before
        assert db.execute(text("SELECT name FROM outlets")).scalar_one() == "A\ufffdB"
