"""Looking after the record from the terminal: what is said of what was done, and of what cannot be."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.articles import SEEDS
from tests.support.command_line import Run


@pytest.fixture
def filled(run: Run) -> Run:
    run("add", str(SEEDS))
    return run


def test_remove_says_what_went(filled: Run, folder: Path) -> None:
    gone = quotes(folder, "003_1d74e5b3318ec141")
    assert filled("remove", "003_1d74e5b3318ec141").out == f"Removed 1 article, {gone} quotes, 0 older versions.\n"
    assert filled("remove", "--outlet", "International Business Times UK").out.startswith("Removed 2 articles, ")
    unknown = filled("remove", "nothing", "000_3e648ece572ec1d5")
    assert (unknown.status, unknown.out) == (1, "")
    assert unknown.err == "ontherecord: The record holds no article 'nothing': nothing was removed.\n"
    assert filled("remove", "000_3e648ece572ec1d5").status == 0
    assert "empty" in filled("doctor").out


def quotes(folder: Path, of: str = "%") -> int:
    """How many quotes the record holds, asked of the file itself."""
    with closing(sqlite3.connect(folder / "record.db")) as db:
        number: int = db.execute("SELECT count(*) FROM quotes WHERE article LIKE ?", [of]).fetchone()[0]
    return number


@pytest.mark.parametrize("arguments", [[], ["a", "--outlet", "b"]])
def test_remove_wants_ids_or_an_outlet(run: Run, arguments: list[str]) -> None:
    assert run("remove", *arguments).status == 2


def test_a_backup_is_made_and_restored(filled: Run, folder: Path) -> None:
    made = filled("backup", "b.db")
    assert (made.status, made.err) == (0, "")
    assert made.out.startswith(f"b.db: 4 articles, {quotes(folder)} quotes, ")
    again = filled("backup", "b.db")
    assert (again.status, again.out) == (1, "")
    assert again.err == "ontherecord: b.db is there already: name another file, or replace it with --force.\n"
    assert filled("backup", "b.db", "--force").status == 0
    refused = filled("restore", "b.db")
    assert (refused.status, refused.out) == (1, "")
    assert "holds 4 articles, which would be lost" in refused.err
    held = quotes(folder)
    (folder / "record.db").unlink()
    assert filled("restore", "b.db").out == f"Restored 4 articles, {held} quotes from b.db.\n"
    assert filled("restore", "b.db", "--force").status == 0
    assert filled("briefing", "labour-crisis").status == 0


def test_a_backup_that_cannot_be_made_or_read_is_one_sentence(filled: Run, folder: Path) -> None:
    (folder / "letter.db").write_text("This is no backup. " * 100, encoding="utf-8")
    for arguments in (["backup", "nowhere/b.db"], ["backup", "."], ["restore", "nothing.db"], ["restore", "letter.db"]):
        found = filled(*arguments)
        assert (found.status, found.out) == (1, "")
        assert found.err.startswith("ontherecord: ")
        assert found.err.count("\n") == 1
    assert f"4 articles, {quotes(folder)} quotes" in filled("doctor").out


def test_what_another_engine_read_is_read_again(filled: Run, folder: Path) -> None:
    assert filled("reanalyse").out == "Every article was read by today's engine.\n"
    with closing(sqlite3.connect(folder / "record.db")) as db, db:
        db.execute("UPDATE articles SET engine = 'of last year' WHERE id LIKE '003%'")
    told = filled("doctor")
    assert told.status == 0
    assert "record: one article was read by another engine than today's; read again with: ontherecord reanalyse\n" in (
        told.out
    )
    assert filled("reanalyse", "--jobs", "1").out == "Read 1 article again.\n"
    assert "another engine" not in filled("doctor").out
    assert filled("reanalyse", "--jobs", "0").status == 2


def test_doctor_finds_a_record_sound_or_says_what_to_do(filled: Run, folder: Path) -> None:
    for thorough in ([], ["--thorough"]):
        sound = filled("doctor", *thorough)
        assert sound.status == 0
        assert f"record: 4 articles, {quotes(folder)} quotes\nrecord: sound\n" in sound.out
    with closing(sqlite3.connect(folder / "record.db")) as db, db:
        db.execute("DELETE FROM article_words")
    found = filled("doctor")
    assert found.status == 1
    assert "record: 4 articles cannot be found, for they are not in the index: " in found.out
    assert "Slack: " in found.out
    assert filled("reindex").out == "Indexed 4 articles.\n"
    assert filled("doctor").status == 0
