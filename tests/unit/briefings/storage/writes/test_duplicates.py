"""Duplicates are found on arrival, whichever outlet prints them, and linked, not dropped."""

from dataclasses import replace
from datetime import UTC, datetime
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select, text

from briefings.article import parse_article
from briefings.model import Article
from briefings.service.sources.ingestion import ingest
from briefings.storage.db.database import connect
from briefings.storage.db.full_text import FullTextIndex
from briefings.storage.db.schema import copies, sketches
from briefings.storage.db.types import ArticleStatus, Duplicate
from briefings.storage.maintenance import removal
from briefings.storage.repository import Repository, open_repository
from briefings.storage.writes import duplicates


def make_text(seed: int, words: int = 200) -> str:
    """Return random words."""
    random = Random(seed)  # noqa: S311 - no secret
    return " ".join("".join(random.choices("aeioulmnrst", k=random.randint(2, 9))) for _ in range(words))


WIRE_TEXT, OTHER_TEXT = make_text(1), make_text(2)


def add_articles(repository: Repository, *articles: Article) -> None:
    for article in articles:
        repository.upsert(parse_article(article), [])


def test_edited_wire_copy_is_linked_to_its_original(repository: Repository) -> None:
    edited = WIRE_TEXT.replace(WIRE_TEXT.split()[20], "altogether").replace(WIRE_TEXT.split()[150], "elsewhere")
    add_articles(
        repository,
        Article("a", WIRE_TEXT, "One"),
        Article("b", f"By Jo Doe\n{edited}", "Two"),
        Article("c", OTHER_TEXT, "Three"),
    )
    (copy,) = repository.find_duplicates(["a"])
    assert (copy.article, copy.original) == ("b", "a")
    assert 0.5 <= copy.similarity < 1
    assert repository.find_duplicates(["b"]) == (copy,)
    assert repository.find_duplicates(["c"]) == ()


def test_identical_short_text_is_a_duplicate_and_empty_text_is_not(repository: Repository) -> None:
    add_articles(
        repository,
        Article("a", "The count goes on."),
        Article("b", "The count goes on."),
        Article("c", ""),
        Article("d", ""),
    )
    assert repository.find_duplicates("abcd") == (Duplicate("b", "a", 1.0),)


def test_variants_of_one_url_are_duplicates(repository: Repository) -> None:
    add_articles(
        repository,
        Article("a", WIRE_TEXT, url="https://www.paper.example/a/"),
        Article("b", OTHER_TEXT, url="http://paper.example/a#x"),
    )
    assert [(copy.article, copy.original) for copy in repository.find_duplicates(["a"])] == [("b", "a")]


def test_updated_article_is_compared_again_and_removed_one_is_unlinked(address: str, repository: Repository) -> None:
    add_articles(repository, Article("a", WIRE_TEXT), Article("b", WIRE_TEXT))
    assert repository.find_duplicates(["b"])
    add_articles(repository, Article("b", OTHER_TEXT))
    assert repository.find_duplicates(["b"]) == ()
    add_articles(repository, Article("c", OTHER_TEXT))
    assert repository.find_duplicates(["c"]) == (Duplicate("c", "b", 1.0),)
    removal.remove_articles(address, ["b"])
    assert repository.find_duplicates(["c"]) == ()


def test_duplicates_in_one_batch_are_linked(repository: Repository) -> None:
    statuses = [
        ingested.outcome for ingested in ingest(repository, [Article(str(number), WIRE_TEXT) for number in range(3)])
    ]
    assert statuses == [ArticleStatus.NEW] * 3
    assert {(copy.article, copy.original) for copy in repository.find_duplicates("012")} == {
        ("1", "0"),
        ("2", "0"),
        ("2", "1"),
    }


def test_hundredth_duplicate_is_linked_to_some(repository: Repository) -> None:
    list(ingest(repository, [Article(f"{number:03}", WIRE_TEXT) for number in range(100)]))
    assert 1 <= sum(copy.article == "099" for copy in repository.find_duplicates(["099"])) <= duplicates.MAX_DUPLICATES


def test_migration_links_duplicates_of_an_older_database(address: str, repository: Repository) -> None:
    add_articles(repository, Article("a", WIRE_TEXT), Article("b", WIRE_TEXT))
    engine = connect(address)
    with engine.begin() as db:
        for statement in (
            "DROP TABLE pending_links",
            "DROP TABLE utterance_sketches",
            "DROP TABLE utterances",
            "DROP TABLE arrivals",
            "DROP TABLE shards",
            "DROP TABLE leases",
            "DROP TABLE pages",
            "DROP TABLE feeds",
            "DROP TABLE sketches",
            "DROP TABLE copies",
            "DROP TABLE story_links",
            "DROP TABLE story_terms",
            "DROP TABLE story_names",
            "DROP TABLE outlet_lists",
            "DROP TABLE confirmed_outlets",
            *(
                f"ALTER TABLE {table} DROP COLUMN {column}"
                for table in ("articles", "article_versions")
                for column in ("provenance", "claimed_outlet")
            ),
            "ALTER TABLE articles DROP COLUMN quotation_elements",
            "ALTER TABLE article_versions DROP COLUMN quotation_elements",
            *(f"ALTER TABLE {t} DROP COLUMN checksum" for t in ("articles", "article_versions", "quotes", "names")),
            "UPDATE alembic_version SET version_num = '0005'",
        ):
            db.execute(text(statement))
    engine.dispose()
    migrated_repository = open_repository(address, repository._clock)
    assert migrated_repository.find_duplicates(["b"]) == (Duplicate("b", "a", 1.0),)
    migrated_repository.close()


#: openings that articles share, and their other parts
OPENINGS = [make_text(seed, 40) for seed in range(3)]
PARTS = st.lists(st.tuples(st.sampled_from(OPENINGS), st.integers(0, 5), st.integers(0, 3)), min_size=1, max_size=12)


def read_links(articles: list[Article], batch_size: int | None) -> dict[str, list[tuple[object, ...]]]:
    """Add articles to a new database in batches, or one by one for None; return the rows that describe duplicates."""
    repository = open_repository("sqlite://", lambda: datetime(2016, 7, 1, tzinfo=UTC))
    if batch_size is None:
        add_articles(repository, *articles)
    else:
        repository.bulk_upsert([(parse_article(article), []) for article in articles], batch_size)

    def read_all(db: Connection, _: FullTextIndex) -> dict[str, list[tuple[object, ...]]]:
        return {table.name: sorted(map(tuple, db.execute(select(table)))) for table in (copies, sketches)}

    rows = repository.run_query(read_all)
    repository.close()
    return rows


@settings(max_examples=8, deadline=None)
@given(PARTS, st.integers(1, 13))
def test_links_and_sketches_are_the_same_in_batches_of_any_size(
    parts: list[tuple[str, int, int]], batch_size: int
) -> None:
    articles = [
        Article(str(index), f"{opening} {make_text(100 + seed, 30 * seed)}", url=f"https://a.example/{address}")
        for index, (opening, seed, address) in enumerate(parts)
    ]
    assert read_links(articles, batch_size) == read_links(articles, None)


@pytest.mark.parametrize("words", [20, 100, 300])
def test_article_with_half_of_an_opening_is_nearly_always_found(words: int) -> None:
    repository = open_repository("sqlite://", lambda: datetime(2016, 7, 1, tzinfo=UTC))
    originals = [Article(f"o{index}", make_text(100 * words + index, words)) for index in range(50)]
    shortened = [
        replace(original, id=f"c{original.id}", text=f"{original.text} And that was all that they said of it.")
        for original in originals
    ]
    list(ingest(repository, [*originals, *shortened]))
    pairs = {
        (copy.article, copy.original) for copy in repository.find_duplicates([original.id for original in shortened])
    }
    assert sum((f"c{original.id}", original.id) in pairs for original in originals) >= 48
    repository.close()
