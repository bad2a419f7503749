"""A repair mends articles from versions, backups and pages, keeps what it cannot mend, and says what it did."""

import random
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from briefings.errors import BriefingsError
from briefings.model import Article
from briefings.service import BriefingService
from briefings.storage.maintenance import (
    Outcome,
    RepairSources,
    has_file_damage,
    open_backup,
    repair_articles,
    salvage,
    write_backup,
)
from briefings.storage.maintenance.tables import NO_EXTERNAL_TABLES
from briefings.storage.repository import Repository, open_repository
from tests.unit.briefings.storage.conftest import noon
from tests.unit.briefings.storage.maintenance.test_integrity import change_rows, list_problems

TEXT = "“We must close the old library before the winter,” said Jane Roe. " + "The council of Easton met again. " * 9
ARTICLE = Article("a", TEXT, "The Tribune", url="https://tribune.example/a", title="Council meets")


@pytest.fixture(autouse=True)
def filled_repository(repository: Repository) -> Repository:
    BriefingService(repository).add([ARTICLE, Article("b", "The hall is shut. Nobody was there.")])
    return repository


def repair(address: str, sources: RepairSources = RepairSources()) -> list[tuple[str, Outcome]]:  # noqa: B008 - a constant
    return [(action.subject, action.outcome) for action in repair_articles(address, noon, sources)]


def damage_text(address: str) -> None:
    change_rows(address, "UPDATE articles SET text = replace(text, 'library', 'libraty') WHERE id = 'a'")


def test_intact_database_needs_no_repair(address: str) -> None:
    assert repair(address) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE articles SET text = replace(text, 'library', 'libraty') WHERE id = 'a'",
        "UPDATE articles SET title = 'Another title' WHERE id = 'a'",
        "UPDATE articles SET content_hash = 'x' WHERE id = 'a'",
        "UPDATE articles SET checksum = NULL WHERE id = 'a'",
    ],
)
def test_article_is_mended_from_a_backup(
    filled_repository: Repository, address: str, file: Path, statement: str
) -> None:
    write_backup(address, file)
    change_rows(address, statement)
    with open_backup(file) as backup_address, closing(open_repository(backup_address, noon)) as backup:
        assert repair(address, RepairSources(backup)) == [("a", Outcome.MENDED)]
    assert filled_repository.get_articles(["a"]) == (ARTICLE,)
    assert list_problems(address) == []


def test_article_is_mended_from_its_page_if_the_text_is_the_same(filled_repository: Repository, address: str) -> None:
    damage_text(address)
    page = replace(ARTICLE, id="https://tribune.example/a", title="Council meets | Tribune")
    assert repair(address, RepairSources(fetch=lambda _: page)) == [("a", Outcome.MENDED)]
    assert filled_repository.get_articles(["a"]) == (ARTICLE,)


def test_other_text_of_the_page_is_a_new_version(filled_repository: Repository, address: str) -> None:
    damage_text(address)
    page = replace(ARTICLE, text="The library stays open, the council says. It met on Monday, for a long time.")
    assert repair(address, RepairSources(fetch=lambda _: page)) == [("a", Outcome.REPLACED)]
    assert filled_repository.get_articles(["a"]) == (page,)
    assert filled_repository.list_versions("a") == ()
    assert list_problems(address) == []


def test_article_is_mended_from_its_older_version(filled_repository: Repository, address: str) -> None:
    BriefingService(filled_repository).add([replace(ARTICLE, title="New title")])
    change_rows(address, "UPDATE articles SET title = 'Xew title' WHERE id = 'a'")
    assert repair(address) == [("a", Outcome.MENDED)]
    assert filled_repository.get_articles(["a"]) == (ARTICLE,)


def test_article_without_a_source_is_kept_in_quarantine(filled_repository: Repository, address: str) -> None:
    damage_text(address)
    (action,) = repair_articles(address, noon, RepairSources(fetch=lambda _: None))
    assert action.outcome is Outcome.QUARANTINED
    assert "kept, but not shown" in action.detail
    assert filled_repository.get_articles(["a"]) == ()
    assert filled_repository.has_article("a")
    (problem,) = list_problems(address)
    assert "(a)" in problem
    assert "in quarantine" in problem


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE quotes SET speaker = 'Jane Rae'",
        "DELETE FROM quotes WHERE article = 'a'",
        "UPDATE names SET person = 'Jane Rae'",
    ],
)
def test_quotes_and_names_are_found_again(filled_repository: Repository, address: str, statement: str) -> None:
    before = filled_repository.get_quotes(["a"])
    change_rows(address, statement)
    assert ("a", Outcome.MENDED) in repair(address)
    assert filled_repository.get_quotes(["a"]) == before
    assert list_problems(address) == []


def test_missing_outlet_is_added_and_the_index_is_built_again(address: str) -> None:
    change_rows(address, "DELETE FROM outlets", "DELETE FROM article_words")
    assert {outcome for _, outcome in repair(address)} == {Outcome.MENDED}
    assert list_problems(address) == []


@pytest.mark.usefixtures("path")
@pytest.mark.parametrize("seed", range(6))
def test_damaged_file_is_salvaged_or_refused_in_one_sentence(
    filled_repository: Repository, address: str, path: Path, seed: int
) -> None:
    filled_repository.close()
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    chance = random.Random(seed)  # noqa: S311 - a repeatable choice
    data = bytearray(path.read_bytes())
    for _ in range(8):
        start = chance.randrange(0 if seed == 0 else 4096, len(data) - 400)
        data[start : start + 400] = chance.randbytes(400)
    path.write_bytes(data)
    if not has_file_damage(address):
        return
    try:
        report = salvage(address, NO_EXTERNAL_TABLES, datetime(2024, 3, 4, tzinfo=UTC))
    except BriefingsError as error:
        assert "\n" not in str(error)  # noqa: PT017 - either way is right
        assert path.read_bytes() == data
        return
    assert report.kept_file.read_bytes() == data
    assert not has_file_damage(address)
    list(repair_articles(address, noon, RepairSources()))
    with closing(open_repository(address, noon)) as repository:
        assert set(repository.get_articles()) <= {ARTICLE, Article("b", "The hall is shut. Nobody was there.")}


@pytest.mark.parametrize("number", [0, 1, 2])
def test_damaged_definition_of_a_later_table_costs_no_article(
    filled_repository: Repository, address: str, path: Path, number: int
) -> None:
    """The definitions of tables fill several pages. Those of the articles are the oldest."""
    filled_repository.close()
    with closing(sqlite3.connect(path)) as db, db:
        for other in range(60):
            db.execute(f"CREATE TABLE other_{other} (a TEXT {'CHECK (a IS NOT NULL) ' * 20})")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    data = bytearray(path.read_bytes())
    pages = sorted({data.index(f"TABLE other_{other} ".encode()) // 4096 for other in range(20, 60)})
    start = pages[number] * 4096
    data[start : start + 400] = bytes(range(200)) * 2
    path.write_bytes(data)
    assert has_file_damage(address)
    report = salvage(address, NO_EXTERNAL_TABLES, datetime(2024, 3, 4, tzinfo=UTC))
    assert (report.copied_counts["articles"], report.lost_tables) == (2, ())
    assert not has_file_damage(address)


def test_damaged_beginning_leaves_no_file_behind(filled_repository: Repository, address: str, path: Path) -> None:
    filled_repository.close()
    data = bytearray(path.read_bytes())
    data[100:4096] = bytes(range(1, 223)) * 18
    path.write_bytes(data)
    with pytest.raises(BriefingsError, match="restore FILE"):
        salvage(address, NO_EXTERNAL_TABLES, datetime(2024, 3, 4, tzinfo=UTC))
    assert {file for file in path.parent.iterdir() if "salvaged" in file.name} == set()
