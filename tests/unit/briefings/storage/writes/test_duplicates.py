"""The same text twice is found as it comes, whoever prints it, and linked rather than dropped."""

from dataclasses import replace
from datetime import UTC, datetime
from random import Random

import pytest
from sqlalchemy import text

from briefings.article import parse_article
from briefings.model import Article
from briefings.service.ingestion import ingest
from briefings.storage.db.database import connect
from briefings.storage.db.types import ArticleStatus, Duplicate
from briefings.storage.maintenance import removal
from briefings.storage.repository import Repository, open_repository
from briefings.storage.writes import duplicates


def prose(seed: int, words: int = 200) -> str:
    """So many words that say nothing."""
    chance = Random(seed)  # noqa: S311 - no secret
    return " ".join("".join(chance.choices("aeioulmnrst", k=chance.randint(2, 9))) for _ in range(words))


WIRE, OTHER = prose(1), prose(2)


def add(record: Repository, *articles: Article) -> None:
    for article in articles:
        record.upsert(parse_article(article), [])


def test_wire_copy_with_small_edits_is_linked_to_what_came_before(record: Repository) -> None:
    edited = WIRE.replace(WIRE.split()[20], "altogether").replace(WIRE.split()[150], "elsewhere")
    add(record, Article("a", WIRE, "One"), Article("b", f"By Jo Doe\n{edited}", "Two"), Article("c", OTHER, "Three"))
    (copy,) = record.find_duplicates(["a"])
    assert (copy.article, copy.original) == ("b", "a")
    assert 0.5 <= copy.similarity < 1
    assert record.find_duplicates(["b"]) == (copy,)
    assert record.find_duplicates(["c"]) == ()


def test_the_very_text_is_a_copy_however_short_and_an_empty_one_of_nothing(record: Repository) -> None:
    add(
        record,
        Article("a", "The count goes on."),
        Article("b", "The count goes on."),
        Article("c", ""),
        Article("d", ""),
    )
    assert record.find_duplicates("abcd") == (Duplicate("b", "a", 1.0),)


def test_one_address_is_one_text_however_it_is_written(record: Repository) -> None:
    add(
        record,
        Article("a", WIRE, url="https://www.paper.example/a/"),
        Article("b", OTHER, url="http://paper.example/a#x"),
    )
    assert [(copy.article, copy.original) for copy in record.find_duplicates(["a"])] == [("b", "a")]


def test_a_changed_article_is_compared_anew_and_a_removed_one_is_nobodys_copy(address: str, record: Repository) -> None:
    add(record, Article("a", WIRE), Article("b", WIRE))
    assert record.find_duplicates(["b"])
    add(record, Article("b", OTHER))
    assert record.find_duplicates(["b"]) == ()
    add(record, Article("c", OTHER))
    assert record.find_duplicates(["c"]) == (Duplicate("c", "b", 1.0),)
    removal.remove_articles(address, ["b"])
    assert record.find_duplicates(["c"]) == ()


def test_copies_in_one_batch_see_each_other(record: Repository) -> None:
    stood = list(ingest(record, [Article(str(number), WIRE) for number in range(3)]))
    assert stood == [ArticleStatus.NEW] * 3
    assert {(copy.article, copy.original) for copy in record.find_duplicates("012")} == {
        ("1", "0"),
        ("2", "0"),
        ("2", "1"),
    }


def test_the_hundredth_copy_is_linked_to_some(record: Repository) -> None:
    list(ingest(record, [Article(f"{number:03}", WIRE) for number in range(100)]))
    assert 1 <= sum(copy.article == "099" for copy in record.find_duplicates(["099"])) <= duplicates.MAX_DUPLICATES


def test_a_record_of_an_older_version_is_looked_through_when_it_is_opened(address: str, record: Repository) -> None:
    add(record, Article("a", WIRE), Article("b", WIRE))
    engine = connect(address)
    with engine.begin() as db:
        for statement in (
            "DROP TABLE shards",
            "DROP TABLE leases",
            "DROP TABLE pages",
            "DROP TABLE feeds",
            "DROP TABLE sketches",
            "DROP TABLE copies",
            "UPDATE alembic_version SET version_num = '0005'",
        ):
            db.execute(text(statement))
    engine.dispose()
    again = open_repository(address, record._clock)
    assert again.find_duplicates(["b"]) == (Duplicate("b", "a", 1.0),)
    again.close()


@pytest.mark.parametrize("words", [20, 100, 300])
def test_an_article_with_half_of_anothers_opening_is_nearly_always_found(words: int) -> None:
    record = open_repository("sqlite://", lambda: datetime(2016, 7, 1, tzinfo=UTC))
    originals = [Article(f"o{n}", prose(100 * words + n, words)) for n in range(50)]
    cut = [replace(a, id=f"c{a.id}", text=f"{a.text} And that was all that they said of it.") for a in originals]
    list(ingest(record, [*originals, *cut]))
    found = {(copy.article, copy.original) for copy in record.find_duplicates([a.id for a in cut])}
    assert sum((f"c{a.id}", a.id) in found for a in originals) >= 48
    record.close()
