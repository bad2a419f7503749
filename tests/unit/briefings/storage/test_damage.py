"""A damaged row is named and left out of every answer, and nothing that was changed is ever shown."""

import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from briefings.errors import BriefingsError, NothingFound
from briefings.model import Article
from briefings.service import BriefingService
from briefings.storage.db.database import connect, get_sqlite_connection, get_writer
from briefings.storage.db.types import ArticleStatus
from briefings.storage.integrity.damage import collect_damage, describe_damage
from briefings.storage.repository import Repository, open_repository
from tests.unit.briefings.storage.conftest import noon

QUOTE = "We must close the old library before the winter"
ARTICLES = [
    Article(
        "easton",
        f"The council met on Monday.\n\n“{QUOTE},” said Jane Roe, the mayor of Easton.\n\nThe vote is in May.",
        "The Tribune",
        date(2024, 3, 4),
        "https://tribune.example/easton",
        "Council meets",
        "A Reporter",
    ),
    Article("weston", "“The ferry will sail on Sunday at noon,” John Poe said in Weston. He was glad.", "The Herald"),
]


@pytest.fixture
def service(repository: Repository) -> BriefingService:
    service = BriefingService(repository)
    service.add(ARTICLES)
    return service


def change_rows(address: str, statement: str) -> None:
    """Change rows directly, without checks of foreign keys."""
    engine = connect(address)
    with get_writer(engine).connect() as db:
        if engine.dialect.name == "sqlite":
            get_sqlite_connection(db).execute("PRAGMA foreign_keys = OFF")
        else:
            db.exec_driver_sql("SET session_replication_role = replica")
        assert db.execute(text(statement)).rowcount
        db.commit()
    engine.dispose()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE articles SET text = replace(text, 'library', 'libraty') WHERE id = 'easton'",
        "UPDATE articles SET text = text || ' ' WHERE id = 'easton'",
        "UPDATE articles SET title = 'Another title' WHERE id = 'easton'",
        "UPDATE articles SET outlet = 'The Herald' WHERE id = 'easton'",
        "UPDATE articles SET published = '2024-03-05' WHERE id = 'easton'",
        "UPDATE articles SET published = NULL WHERE id = 'easton'",
        "UPDATE articles SET url = 'https://tribune.example/weston' WHERE id = 'easton'",
        "UPDATE articles SET byline = NULL WHERE id = 'easton'",
        "UPDATE articles SET boilerplate = '[[0, 5]]' WHERE id = 'easton'",
        "UPDATE articles SET content_hash = 'x' WHERE id = 'easton'",
        "UPDATE articles SET checksum = checksum + 1 WHERE id = 'easton'",
        "UPDATE articles SET checksum = NULL WHERE id = 'easton'",
    ],
)
def test_damaged_article_is_left_out_and_named_and_adding_it_again_mends_it(
    service: BriefingService, repository: Repository, address: str, statement: str
) -> None:
    change_rows(address, statement)
    with collect_damage() as problems:
        assert service.who_said("old library").hits == ()
        shown_ids = {added.source.id for added in service.get_overview().latest}
    assert "SET text" in statement or "easton" not in shown_ids  # the metadata of a damaged text are intact
    assert list(problems) == ["easton"]
    assert "1 article was left out, damaged in the database: easton." in describe_damage(problems)
    with pytest.raises(NothingFound, match="damaged in the database"):
        service.view_article("easton")
    with pytest.raises(NothingFound, match="damaged in the database"):
        service.get_context("easton", 0, 5)
    assert len(service.who_said("ferry").hits) == 1
    assert service.upsert_article(ARTICLES[0]) is ArticleStatus.UPDATED
    (hit,) = BriefingService(repository).who_said("old library").hits  # without cached articles
    assert hit.quote.startswith(QUOTE)


@pytest.mark.parametrize(
    "change",
    [
        "speaker = 'Jane Rae'",
        "speaker = NULL",
        "role = 'chancellor'",
        "anonymous = true",
        "content = '[[0, 9]]'",
        "content = '[[0, 999999]]'",
        "content = '[]'",
        "content = '{}'",
        "kind = 'indirect'",
        "kind = 'sung'",
        "confidence = 0.1",
        "source_start = 0",
        "cue_end = 999999",
        "checksum = NULL",
    ],
)
def test_damaged_quote_is_never_shown_and_is_found_again_in_the_text(
    service: BriefingService, repository: Repository, address: str, change: str
) -> None:
    before = repository.get_quotes(["easton"])
    change_rows(address, f"UPDATE quotes SET {change} WHERE article = 'easton'")  # noqa: S608 - constant statements
    with collect_damage() as problems:
        assert repository.find_quotes("old library") == ()
    assert list(problems) == ["easton"]
    assert {hit.speaker.name for hit in service.who_said("old library").hits if hit.speaker} <= {"Jane Roe"}
    assert repository.get_quotes(["easton"]) == before
    assert "Jane Rae" not in {person.name for person in service.list_people()}


@pytest.mark.usefixtures("service")
def test_deleted_quotes_are_found_again(repository: Repository, address: str) -> None:
    before = repository.get_quotes(["easton"])
    change_rows(address, "DELETE FROM quotes WHERE article = 'easton'")
    assert repository.get_quotes(["easton"]) == before


def test_repeated_search_says_each_time_that_an_article_is_left_out(service: BriefingService, address: str) -> None:
    change_rows(address, "UPDATE articles SET title = 'Another title' WHERE id = 'easton'")
    for _ in range(3):
        with collect_damage() as problems:
            service.who_said("old library")
        assert list(problems) == ["easton"]


@pytest.mark.usefixtures("service")
@pytest.mark.parametrize("change", ["person = 'John Poe'", "roles = '[\"king\"]'", "position = 7"])
def test_damaged_names_are_not_used(repository: Repository, address: str, change: str) -> None:
    assert "easton" in repository.get_names(["easton"])
    change_rows(address, f"UPDATE names SET {change} WHERE article = 'easton'")  # noqa: S608 - constant statements
    assert repository.get_names(["easton"]) == {} or change.startswith("position")


def test_damaged_older_version_is_left_out(service: BriefingService, repository: Repository, address: str) -> None:
    service.upsert_article(Article("easton", "Another text, which is longer than before.", "The Tribune"))
    assert len(repository.list_versions("easton")) == 1
    change_rows(address, "UPDATE article_versions SET text = 'No.' WHERE article = 'easton'")
    assert repository.list_versions("easton") == ()


@pytest.mark.usefixtures("path")
@pytest.mark.parametrize(
    "change",
    [
        "text = CAST(x'ff41' AS TEXT)",
        "text = x'ff41'",
        "text = 5",
        "title = CAST(x'c3' AS TEXT)",
        "published = '2024-13-45'",
        "published = 7",
        "added_at = 'never'",
        "boilerplate = '[[5'",
        "boilerplate = '[[9, 1]]'",
        "boilerplate = 'null'",
    ],
)
def test_values_that_cannot_be_read_stop_no_answer(service: BriefingService, address: str, change: str) -> None:
    change_rows(address, f"UPDATE articles SET {change} WHERE id = 'easton'")  # noqa: S608 - constant statements
    assert len(service.who_said("ferry").hits) == 1
    assert service.view_article("weston").article.id == "weston"
    service.get_overview()
    service.list_people()


QUESTIONS: list[Callable[[BriefingService], object]] = [
    lambda service: service.who_said("old library"),
    lambda service: service.who_said("", by="Roe"),
    lambda service: service.brief("council"),
    lambda service: service.list_people(),
    lambda service: service.check(f"“{QUOTE},” said Jane Roe."),
    lambda service: service.view_article("easton"),
    lambda service: service.get_overview().latest,
]


def ask_all(address: str) -> list[str | None]:
    """Return each answer as text, or None for an error of ours. Any other exception fails the test."""
    answers: list[str | None] = []
    for ask in QUESTIONS:
        try:
            with closing(open_repository(address, noon)) as repository:
                answer = ask(BriefingService(repository))
        except BriefingsError:
            answers.append(None)
            continue
        answers.append(answer.to_dict().__repr__() if hasattr(answer, "to_dict") else repr(answer))
    return answers


@pytest.mark.parametrize("seed", range(4))
def test_no_flipped_byte_is_shown_and_none_raises_a_foreign_exception(
    service: BriefingService, path: Path, tmp_path: Path, seed: int
) -> None:
    service.close()
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    data = path.read_bytes()
    spots = [
        start + offset
        for word in (
            b"library",
            b"Jane Roe",
            b"The Tribune",
            b"Council meets",
            b"2024-03-04",
            b"[[",
            b"tribune.example",
        )
        for start in find_all(data, word)
        for offset in range(len(word))
    ]
    chance = random.Random(seed)  # noqa: S311 - a repeatable choice
    flipped = tmp_path / "flipped.db"
    for number in range(16):
        changed = bytearray(data)
        changed[chance.choice(spots) if number % 2 else chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        for part in tmp_path.glob("flipped.db*"):
            part.unlink()
        flipped.write_bytes(changed)
        for answer in ask_all(f"sqlite:///{flipped}"):
            assert answer is None or not list_foreign_words(answer)


def find_all(data: bytes, word: bytes) -> list[int]:
    starts, start = [], data.find(word)
    while start >= 0:
        starts.append(start)
        start = data.find(word, start + 1)
    return starts


def list_foreign_words(answer: str) -> set[str]:
    """Return words of an answer that look like a word of the articles, with a changed letter."""
    words = {"library", "Jane", "Tribune", "Council", "meets", "winter"}
    return {
        word
        for word in answer.replace("'", " ").replace(",", " ").replace("“", " ").replace("\\", " ").split()
        for known in words
        if len(word) == len(known)
        and word.lower() != known.lower()
        and sum(a != b for a, b in zip(word, known, strict=True)) == 1
    }
