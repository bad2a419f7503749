"""An intact database has no findings; each kind of damage is one sentence that says what to do."""

import itertools

import pytest
from sqlalchemy import text

from briefings.storage.db.database import connect, get_sqlite_connection, get_writer
from briefings.storage.maintenance.integrity import TimeLimit, check_integrity, count_stale_articles
from briefings.storage.maintenance.rebuild import reindex
from briefings.storage.repository import Repository
from tests.support.analysed_articles import analyse
from tests.support.articles import load_seeds

UNLIMITED = TimeLimit(lambda: 0.0)


@pytest.fixture(autouse=True)
def filled_repository(repository: Repository) -> Repository:
    for article in load_seeds():
        analysis = analyse(article)
        repository.upsert(article, analysis.quotes, names=analysis.names, engine="of today")
    return repository


def list_problems(address: str) -> list[str]:
    return [finding.sentence for finding in check_integrity(address, UNLIMITED) if finding.wrong]


def change_rows(address: str, *statements: str) -> None:
    """Change rows directly, without checks of foreign keys."""
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


def test_intact_database_has_no_findings(address: str) -> None:
    assert check_integrity(address, UNLIMITED) == check_integrity(address, TimeLimit(lambda: 0.0, 10.0)) == []


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        (
            "UPDATE articles SET text = 'Another text.' || text WHERE id LIKE '000%'",
            "in one article (000_3e648ece572ec1d5), the text differs from the text that was added: "
            "it is not shown; mend it with: ontherecord doctor --repair",
        ),
        (
            "DELETE FROM quotes WHERE id = (SELECT min(id) FROM quotes WHERE article LIKE '000%')",
            "in one article (000_3e648ece572ec1d5), the number of quotes is wrong: "
            "it is not shown; mend it with: ontherecord doctor --repair",
        ),
        (
            "UPDATE quotes SET content = '[[0, 999999]]' WHERE id IN (SELECT min(id) FROM quotes GROUP BY article)",
            "in 4 articles (",
        ),
        (
            "UPDATE articles SET title = 'Another title' WHERE id LIKE '003%'",
            "in one article (003_1d74e5b3318ec141), the metadata differ from what was added: ",
        ),
        (
            "UPDATE quotes SET speaker = 'Jane Roe' WHERE id = (SELECT max(id) FROM quotes WHERE article LIKE '000%')",
            "in one article (000_3e648ece572ec1d5), quotes differ from what was found: ",
        ),
        (
            "UPDATE names SET person = (SELECT max(name) FROM people) WHERE article LIKE '000%' AND position = 0",
            "in one article (000_3e648ece572ec1d5), names differ from what was found: ",
        ),
        (
            "DELETE FROM article_words",
            "4 articles cannot be found because they are not in the index: rebuild it with: ontherecord reindex",
        ),
    ],
)
def test_each_damage_is_reported_with_a_fix(address: str, statement: str, sentence: str) -> None:
    change_rows(address, statement)
    (problem,) = list_problems(address)
    assert problem.startswith(sentence)


def test_missing_index_entries_are_reported_and_rebuilt(filled_repository: Repository, address: str) -> None:
    change_rows(address, "DELETE FROM quote_words")
    assert filled_repository.find_quotes("lynch mob") == ()
    assert ["cannot be found" in problem for problem in list_problems(address)] == [True]
    assert reindex(address) == 4
    assert list_problems(address) == []
    assert filled_repository.find_quotes("lynch mob") != ()


@pytest.mark.usefixtures("path")
def test_damaged_index_is_reported_and_rebuilt(filled_repository: Repository, address: str) -> None:
    change_rows(address, "UPDATE quote_words_data SET block = zeroblob(length(block)) WHERE id > 100")
    assert list_problems(address) == ["the index of quotes is damaged: rebuild it with: ontherecord reindex"]
    reindex(address)
    assert list_problems(address) == []
    assert filled_repository.find_quotes("lynch mob") != ()


def test_checks_stop_at_the_time_limit_and_say_so(address: str) -> None:
    seconds = itertools.count()
    findings = check_integrity(address, TimeLimit(lambda: float(next(seconds)), 0.5))
    assert findings
    assert not any(finding.wrong for finding in findings)
    assert all("could not be checked in 0.5 seconds" in finding.sentence for finding in findings)
    assert all("doctor --thorough" in finding.sentence for finding in findings)


def test_articles_of_another_engine_version_are_counted(filled_repository: Repository, address: str) -> None:
    assert count_stale_articles(address, "of today") == 0
    assert count_stale_articles(address, "of tomorrow") == 4
    change_rows(address, "UPDATE articles SET engine = NULL WHERE id LIKE '003%'")
    assert count_stale_articles(address, "of today") == 1
    assert filled_repository.get_counts().articles == 4
