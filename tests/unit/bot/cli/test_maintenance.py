"""The commands that manage the database: their results, and their messages when they fail."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.articles import SEEDS
from tests.support.command_line import RunCommand


@pytest.fixture
def run_filled(run: RunCommand) -> RunCommand:
    """Return a function that runs commands on a database with the sample articles."""
    run("add", str(SEEDS))
    return run


def test_remove_prints_the_counts(run_filled: RunCommand, folder: Path) -> None:
    quote_count = count_quotes(folder, "003_1d74e5b3318ec141")
    assert (
        run_filled("remove", "003_1d74e5b3318ec141").out
        == f"Removed 1 article, {quote_count} quotes, 0 older versions.\n"
    )
    assert run_filled("remove", "--outlet", "International Business Times UK").out.startswith("Removed 2 articles, ")
    result = run_filled("remove", "nothing", "000_3e648ece572ec1d5")
    assert (result.status, result.out) == (1, "")
    assert result.err == "ontherecord: No article with id 'nothing': nothing was removed.\n"
    assert run_filled("remove", "000_3e648ece572ec1d5").status == 0
    assert "empty" in run_filled("doctor").out


def count_quotes(folder: Path, article_pattern: str = "%") -> int:
    """Return the number of quotes in the database file, for articles with ids like a pattern."""
    with closing(sqlite3.connect(folder / "record.db")) as db:
        count: int = db.execute("SELECT count(*) FROM quotes WHERE article LIKE ?", [article_pattern]).fetchone()[0]
    return count


@pytest.mark.parametrize("arguments", [[], ["a", "--outlet", "b"]])
def test_remove_needs_either_ids_or_an_outlet(run: RunCommand, arguments: list[str]) -> None:
    assert run("remove", *arguments).status == 2


def test_a_backup_is_written_and_restored(run_filled: RunCommand, folder: Path) -> None:
    first_backup = run_filled("backup", "b.db")
    assert (first_backup.status, first_backup.err) == (0, "")
    assert first_backup.out.startswith(f"b.db: 4 articles, {count_quotes(folder)} quotes, ")
    second_backup = run_filled("backup", "b.db")
    assert (second_backup.status, second_backup.out) == (1, "")
    assert second_backup.err == "ontherecord: b.db already exists: name another file, or replace it with --force.\n"
    assert run_filled("backup", "b.db", "--force").status == 0
    first_restore = run_filled("restore", "b.db")
    assert (first_restore.status, first_restore.out) == (1, "")
    assert "has 4 articles that would be lost" in first_restore.err
    quote_count = count_quotes(folder)
    (folder / "record.db").unlink()
    assert run_filled("restore", "b.db").out == f"Restored 4 articles, {quote_count} quotes from b.db.\n"
    assert run_filled("restore", "b.db", "--force").status == 0
    assert run_filled("briefing", "labour-crisis").status == 0


def test_an_unusable_backup_file_is_refused_with_one_message(run_filled: RunCommand, folder: Path) -> None:
    (folder / "letter.db").write_text("This is not a backup. " * 100, encoding="utf-8")
    for arguments in (["backup", "nowhere/b.db"], ["backup", "."], ["restore", "nothing.db"], ["restore", "letter.db"]):
        result = run_filled(*arguments)
        assert (result.status, result.out) == (1, "")
        assert result.err.startswith("ontherecord: ")
        assert result.err.count("\n") == 1
    assert f"4 articles, {count_quotes(folder)} quotes" in run_filled("doctor").out


def test_articles_of_an_older_version_are_reanalysed(run_filled: RunCommand, folder: Path) -> None:
    assert run_filled("reanalyse").out == "All articles are up to date.\n"
    with closing(sqlite3.connect(folder / "record.db")) as db, db:
        db.execute("UPDATE articles SET engine = 'of last year' WHERE id LIKE '003%'")
    result = run_filled("doctor")
    assert result.status == 0
    sentence = "database: 1 article processed by an older version. Re-analyse with: ontherecord reanalyse\n"
    assert sentence in result.out
    assert run_filled("reanalyse", "--jobs", "1").out == "Re-analysed 1 article.\n"
    assert "older version" not in run_filled("doctor").out
    assert run_filled("reanalyse", "--jobs", "0").status == 2


def test_doctor_finds_no_problem_or_says_what_to_do(run_filled: RunCommand, folder: Path) -> None:
    for thorough in ([], ["--thorough"]):
        result = run_filled("doctor", *thorough)
        assert result.status == 0
        assert f"database: 4 articles, {count_quotes(folder)} quotes\ndatabase: no problems found\n" in result.out
    with closing(sqlite3.connect(folder / "record.db")) as db, db:
        db.execute("DELETE FROM article_words")
    result = run_filled("doctor")
    assert result.status == 1
    assert "database: 4 articles cannot be found because they are not in the index: " in result.out
    assert "Slack: " in result.out
    assert run_filled("reindex").out == "Indexed 4 articles.\n"
    assert run_filled("doctor").status == 0
