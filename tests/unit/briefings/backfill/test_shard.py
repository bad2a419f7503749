"""Each shard is added once, completely or not at all, and the order of shards does not matter."""

import gzip
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest

from briefings.article import parse_article
from briefings.backfill import shard as shard_module
from briefings.backfill.shard import ShardResult, process_shard
from briefings.errors import BadInput, DatabaseUnavailable
from briefings.model import Article
from briefings.storage.maintenance import removal
from briefings.storage.maintenance.integrity import TimeLimit, check_integrity
from briefings.storage.repository import Repository, open_repository
from briefings.storage.writes.shard_ledger import ShardCounts
from tests.support.archives import write_lines, write_mixed_archive, write_parquet, write_warc
from tests.support.canonical_dump import dump_database
from tests.support.generated import generate_articles
from tests.support.postgresql import Server, run_server

DATABASES = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql))


@pytest.fixture(params=DATABASES)
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgresql_address"))
    return f"sqlite:///{tmp_path}/record.db"


@pytest.fixture
def sqlite_address(tmp_path: Path) -> str:
    """URL of an SQLite database, for tests that need only one kind of database."""
    return f"sqlite:///{tmp_path}/sqlite.db"


def open_database(address: str) -> Repository:
    return open_repository(address, shard_module._now)


def fail_if_called(seconds: float) -> None:
    raise AssertionError(f"waited {seconds} seconds")


def add_shard(path: Path, address: str) -> ShardResult:
    return process_shard(str(path), address, sleep=fail_if_called)


def test_shard_is_added_once_even_if_processed_twice(address: str, tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.jsonl", generate_articles(70))
    first = add_shard(path, address)
    assert first == ShardResult(str(path), ShardCounts(new=70))
    before = dump_database(address)
    assert add_shard(path, address) == first
    assert dump_database(address) == before
    with closing(open_database(address)) as repository:
        assert repository.get_counts().articles == 70
        assert repository.find_quotes("wait no longer")
    assert check_integrity(address, TimeLimit(lambda: 0.0)) == []


def test_changed_shard_is_processed_again_and_only_changed_articles_are_updated(address: str, tmp_path: Path) -> None:
    original_articles = list(generate_articles(8))
    path = write_lines(tmp_path / "a.jsonl", original_articles)
    add_shard(path, address)
    write_lines(
        path,
        [
            replace(original_articles[0], text=f"{original_articles[0].text}\nCorrected."),
            *original_articles[1:],
            Article("more", "More."),
        ],
    )
    assert add_shard(path, address).counts == ShardCounts(new=1, updated=1, unchanged=7)
    with closing(open_database(address)) as repository:
        assert [
            article.text.endswith("Corrected.") for article in repository.get_articles([original_articles[0].id])
        ] == [True]
        assert [version.article.text for version in repository.list_versions(original_articles[0].id)] == [
            original_articles[0].text
        ]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_version_of_the_last_shard_wins_in_any_order(
    sqlite_address: str, tmp_path: Path, order: tuple[int, ...]
) -> None:
    versions = [Article("x", "He said “one”."), Article("x", "He said “two”."), Article("x", "He said “one”.")]
    paths = [write_lines(tmp_path / f"{index}.jsonl", [article]) for index, article in enumerate(versions)]
    for index in order:
        add_shard(paths[index], sqlite_address)
    with closing(open_database(sqlite_address)) as repository:
        assert [article.text for article in repository.get_articles(["x"])] == ["He said “one”."]
        assert [version.article.text for version in repository.list_versions("x")] == ["He said “two”."]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_empty_text_never_replaces_a_text_or_becomes_a_version(
    sqlite_address: str, tmp_path: Path, order: tuple[int, ...]
) -> None:
    versions = [Article("x", "It rained."), Article("x", ""), Article("x", " ")]
    paths = [write_lines(tmp_path / f"{index}.jsonl", [article]) for index, article in enumerate(versions)]
    for index in order:
        add_shard(paths[index], sqlite_address)
    with closing(open_database(sqlite_address)) as repository:
        assert [article.text for article in repository.get_articles(["x"])] == ["It rained."]
        assert repository.list_versions("x") == ()


def test_article_added_directly_is_newer_than_any_archive(sqlite_address: str, tmp_path: Path) -> None:
    with closing(open_database(sqlite_address)) as repository:
        repository.upsert(parse_article(Article("x", "As it stands today.")), [])
    assert add_shard(
        write_lines(tmp_path / "a.jsonl", [Article("x", "As it was.")]), sqlite_address
    ).counts == ShardCounts(older=1)
    with closing(open_database(sqlite_address)) as repository:
        assert [article.text for article in repository.get_articles(["x"])] == ["As it stands today."]
        assert [version.article.text for version in repository.list_versions("x")] == ["As it was."]


@pytest.fixture(params=DATABASES)
def empty_databases(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """URLs of two empty databases of the same kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/one.db", f"sqlite:///{tmp_path}/two.db"
        return
    server: Server = request.getfixturevalue("postgresql")
    with server.temporary_database() as first, server.temporary_database() as second:
        yield server.build_url(first), server.build_url(second)


def test_shards_in_any_order_give_the_same_content(empty_databases: tuple[str, str], tmp_path: Path) -> None:
    paths = sorted(write_mixed_archive(tmp_path / "archive", 6, 5).iterdir())
    for path in paths:
        add_shard(path, empty_databases[0])
    for path in (*paths[3:], *paths[2::-1]):
        add_shard(path, empty_databases[1])
    lines = dump_database(empty_databases[0])
    assert dump_database(empty_databases[1]) == lines
    assert sum(line.startswith('["copies"') for line in lines) >= 6
    assert sum(line.startswith('["article_versions"') for line in lines) >= 6
    assert all(check_integrity(address, TimeLimit(lambda: 0.0)) == [] for address in empty_databases)


def test_removed_article_is_not_restored_by_the_same_shard(sqlite_address: str, tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.jsonl", generate_articles(3))
    add_shard(path, sqlite_address)
    removal.remove_articles(sqlite_address, ["bridge-000001"])
    add_shard(path, sqlite_address)
    with closing(open_database(sqlite_address)) as repository:
        assert repository.get_counts().articles == 2


def test_invalid_lines_are_counted_and_the_other_articles_are_added(sqlite_address: str, tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.jsonl", generate_articles(3))
    with path.open("a") as file:
        file.write("{broken\n" + '{"id": "nul", "text": "a\\u0000b"}\n')
    result = add_shard(path, sqlite_address)
    assert result.counts == ShardCounts(new=3, failed=2)
    assert [f"line {number}" in message for number, message in zip((4, 5), result.failures, strict=True)] == [
        True,
        True,
    ]


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.parquet", "a.jsonl.zst"])
def test_no_article_of_a_damaged_shard_is_added(sqlite_address: str, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    (write_parquet if name.endswith("parquet") else write_lines)(path, generate_articles(200))
    path.write_bytes(path.read_bytes()[:-60])
    with pytest.raises(BadInput, match=r"damaged or incomplete|ends in the middle"):
        add_shard(path, sqlite_address)
    with closing(open_database(sqlite_address)) as repository:
        assert repository.get_counts().articles == 0
    assert not any(line.startswith('["shards"') for line in dump_database(sqlite_address))


def test_shard_that_changes_while_it_is_read_is_refused(
    sqlite_address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_lines(tmp_path / "a.jsonl", generate_articles(2))
    analyse = shard_module.analyse

    def change_shard_and_analyse(article: Article) -> object:
        write_lines(path, generate_articles(3))
        return analyse(article)

    monkeypatch.setattr(shard_module, "analyse", change_shard_and_analyse)
    with pytest.raises(BadInput, match="changed while it was being read"):
        add_shard(path, sqlite_address)


def test_pages_and_compressed_rows_are_read(sqlite_address: str, tmp_path: Path) -> None:
    assert add_shard(write_warc(tmp_path / "a.warc.gz", generate_articles(3)), sqlite_address).counts == ShardCounts(
        new=3
    )
    rows = write_parquet(tmp_path / "b.parquet", generate_articles(4)).read_bytes()
    (tmp_path / "c.parquet.gz").write_bytes(gzip.compress(rows))
    assert add_shard(tmp_path / "c.parquet.gz", sqlite_address).counts == ShardCounts(new=4)


@pytest.fixture
def server() -> Iterator[Server]:
    """Start a PostgreSQL server that a test may stop, without losing what it has confirmed."""
    with run_server() as postgresql_server:
        yield postgresql_server


@pytest.mark.postgresql
@pytest.mark.usefixtures("postgresql")  # skips the test without PostgreSQL
def test_processing_waits_while_the_database_is_unavailable(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database stops while the shard is read, and is back at the third attempt."""
    address = server.build_url(server.create_database())
    path = write_lines(tmp_path / "a.jsonl", generate_articles(70))
    analyse, waits = shard_module.analyse, []

    def stop_database_and_analyse(article: Article) -> object:
        if article.id == "bridge-000003":
            server.stop("immediate")
        return analyse(article)

    def wait(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 2:
            server.start()

    monkeypatch.setattr(shard_module, "analyse", stop_database_and_analyse)
    assert process_shard(str(path), address, sleep=wait).counts == ShardCounts(new=70)
    assert waits == [0.5, 1.0]


@pytest.mark.postgresql
@pytest.mark.usefixtures("postgresql")
def test_processing_gives_up_after_the_maximum_wait(server: Server, tmp_path: Path) -> None:
    address = server.build_url(server.create_database())
    server.stop()
    waits: list[float] = []
    path = write_lines(tmp_path / "a.jsonl", generate_articles(1))
    with pytest.raises(DatabaseUnavailable, match="cannot be used"):
        process_shard(str(path), address, sleep=waits.append, max_wait_seconds=10)
    assert waits == [0.5, 1, 2, 4, 2.5]
    server.start()
