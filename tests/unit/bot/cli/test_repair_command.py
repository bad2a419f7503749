"""Damage in the database: commands name it, `doctor --repair` mends it, and no command shows a changed byte."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.cli.repair import fetch_article as fetch_for_repair
from bot.core.settings import Settings
from briefings import Article, Provenance
from tests.support.articles import SEEDS
from tests.support.command_line import RunCommand

KEY = "0123456789abcdef" * 2


@pytest.fixture
def run_damaged(run: RunCommand, folder: Path) -> RunCommand:
    """Return a function that runs commands on a database with one changed word, and a backup `b.db` before that."""
    run("add", str(SEEDS))
    run("backup", "b.db")
    with closing(sqlite3.connect(folder / "record.db")) as db, db:
        changed = db.execute("UPDATE articles SET text = replace(text, 'mob', 'mop') WHERE text LIKE '%lynch%mob%'")
        assert changed.rowcount
    return run


def test_damage_is_named_and_mended(run_damaged: RunCommand) -> None:
    result = run_damaged("whosaid", "lynch-mop")
    assert "“" not in result.out.replace("“lynch-mop”", "")
    result = run_damaged("whosaid", "lynch-mob")
    assert "mop" not in result.out
    assert "left out, damaged in the database: " in result.err
    doctor = run_damaged("doctor")
    assert doctor.status == 1
    assert "the text differs from the text that was added" in doctor.out
    backup = run_damaged("backup", "c.db")
    assert backup.status == 1
    assert "--skip-damaged" in backup.err
    repair = run_damaged("doctor", "--repair", "--from", "b.db")
    assert repair.status == 0, repair
    assert "mended, from the backup" in repair.out
    assert run_damaged("doctor").status == 0
    assert "lynch-mob" in run_damaged("whosaid", "lynch-mob").out


def test_from_needs_repair(run: RunCommand) -> None:
    result = run("doctor", "--from", "b.db")
    assert result.status == 1
    assert result.err.endswith("Add --repair.\n")


def test_damaged_file_is_salvaged(run: RunCommand, folder: Path) -> None:
    run("add", str(SEEDS))
    path = folder / "record.db"
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    data = bytearray(path.read_bytes())
    starts = [start for start in range(0, len(data), 4096) if b" the " in data[start : start + 4096]]
    for start in starts[5::9]:  # the beginnings of some pages with texts, and of none with the names of tables
        if b"CREATE " not in data[start : start + 4096]:
            data[start : start + 400] = bytes(range(200)) * 2
    path.write_bytes(data)
    for command in (["whosaid", "lynch-mob"], ["people"], ["doctor"]):
        result = run(*command)
        assert "Traceback" not in result.out + result.err
        assert [line for line in result.err.splitlines() if not line.startswith("ontherecord: ")] == []
    result = run("doctor", "--repair")
    assert "Traceback" not in result.out + result.err
    assert "the damaged file is kept as" in result.out
    assert list(folder.glob("record.db.damaged-*"))


def test_file_that_was_cut_off_is_salvaged(run: RunCommand, folder: Path) -> None:
    run("add", str(SEEDS))
    run("backup", "b.db")
    path = folder / "record.db"
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    data = path.read_bytes()
    path.write_bytes(data[: -8 * 4096 - 100])
    result = run("doctor", "--repair", "--from", "b.db")
    assert "the damaged file is kept as" in result.out, result
    assert "Traceback" not in result.out + result.err
    assert not list(folder.glob("record.db.padded*"))
    assert "lynch-mob" in run("whosaid", "lynch-mob").out


def test_short_key_for_backups_is_refused(run: RunCommand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BACKUP_KEY", "short")
    result = run("backup", "b.db")
    assert result.status == 1
    assert "BACKUP_KEY is too short" in result.err
    monkeypatch.setenv("BACKUP_KEY", KEY)
    assert run("backup", "b.db").out.endswith(" MB, signed\n")


@pytest.mark.parametrize("is_in_file", [True, False])
def test_backup_is_signed_with_the_key_for_tokens(
    run: RunCommand, monkeypatch: pytest.MonkeyPatch, is_in_file: bool
) -> None:
    run("add", str(SEEDS))
    assert run("backup", "unsigned.db").out.endswith(" MB, not signed, because BACKUP_KEY is not set\n")
    if is_in_file:
        run("keys", "new", "--file")
    else:
        monkeypatch.setenv("ENCRYPTION_KEYS", run("keys", "new").out.strip())
    assert run("backup", "b.db").out.endswith(" MB, signed\n")
    monkeypatch.setenv("BACKUP_KEY", KEY)
    assert run("restore", "b.db", "--force").out.startswith("Restored 4 articles")
    assert "--unsigned" in run("restore", "unsigned.db", "--force").err
    for name in ("BACKUP_KEY", "ENCRYPTION_KEYS", "KEY_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATABASE_URL", "sqlite:///elsewhere/record.db")
    assert "no key to check it" in run("restore", "b.db", "--force").err


def test_backup_outlives_a_change_of_the_keys(run: RunCommand, monkeypatch: pytest.MonkeyPatch) -> None:
    run("add", str(SEEDS))
    old_key, new_key = (run("keys", "new").out.strip() for _ in range(2))
    monkeypatch.setenv("ENCRYPTION_KEYS", old_key)
    run("backup", "b.db")
    monkeypatch.setenv("ENCRYPTION_KEYS", f"{new_key}, {old_key}")
    assert run("restore", "b.db", "--force").status == 0
    monkeypatch.setenv("ENCRYPTION_KEYS", new_key)
    assert "signed with another key" in run("restore", "b.db", "--force").err


def test_page_that_a_repair_fetches_does_not_choose_its_outlet(monkeypatch: pytest.MonkeyPatch) -> None:
    page = Article("a", "Words of a page.", "The Guardian", None, "https://evil.example/a")

    async def fetch_page(*_: object) -> Article:
        return page

    monkeypatch.setattr("briefings.feeds.fetch_article", fetch_page)
    article = fetch_for_repair(Settings(), "https://evil.example/a")
    assert article is not None
    assert (article.publisher, article.provenance) == ("evil.example", Provenance.CONTRADICTED)
