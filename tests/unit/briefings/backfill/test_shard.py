"""A shard is added once, whole or not at all, and the order in which shards come never matters."""

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
from tests.support.archives import mixed, write_lines, write_parquet, write_warc
from tests.support.canonical_dump import content
from tests.support.generated import articles
from tests.support.postgresql import Server, running

BOTH = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql))


@pytest.fixture(params=BOTH)
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgresql_address"))
    return f"sqlite:///{tmp_path}/record.db"


@pytest.fixture
def alone(tmp_path: Path) -> str:
    """A record in a file, where the kind of database does not matter."""
    return f"sqlite:///{tmp_path}/alone.db"


def opened(address: str) -> Repository:
    return open_repository(address, shard_module._now)


def never(seconds: float) -> None:
    raise AssertionError(f"waited {seconds} seconds")


def done(path: Path, address: str) -> ShardResult:
    return process_shard(str(path), address, sleep=never)


def test_a_shard_is_added_once_however_often_it_is_done(address: str, tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.jsonl", articles(70))
    first = done(path, address)
    assert first == ShardResult(str(path), ShardCounts(new=70))
    before = content(address)
    assert done(path, address) == first
    assert content(address) == before
    with closing(opened(address)) as record:
        assert record.get_counts().articles == 70
        assert record.find_quotes("wait no longer")
    assert check_integrity(address, TimeLimit(lambda: 0.0)) == []


def test_a_changed_shard_is_done_again_and_only_what_differs_is_updated(address: str, tmp_path: Path) -> None:
    some = list(articles(8))
    path = write_lines(tmp_path / "a.jsonl", some)
    done(path, address)
    write_lines(path, [replace(some[0], text=f"{some[0].text}\nCorrected."), *some[1:], Article("more", "More.")])
    assert done(path, address).counts == ShardCounts(new=1, changed=1, unchanged=7)
    with closing(opened(address)) as record:
        assert [article.text.endswith("Corrected.") for article in record.get_articles([some[0].id])] == [True]
        assert [version.article.text for version in record.list_versions(some[0].id)] == [some[0].text]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_later_shards_telling_stands_whichever_comes_first(
    alone: str, tmp_path: Path, order: tuple[int, ...]
) -> None:
    told = [Article("x", "He said “one”."), Article("x", "He said “two”."), Article("x", "He said “one”.")]
    paths = [write_lines(tmp_path / f"{at}.jsonl", [article]) for at, article in enumerate(told)]
    for at in order:
        done(paths[at], alone)
    with closing(opened(alone)) as record:
        assert [article.text for article in record.get_articles(["x"])] == ["He said “one”."]
        assert [version.article.text for version in record.list_versions("x")] == ["He said “two”."]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_an_empty_telling_never_takes_a_texts_place_nor_is_a_version(
    alone: str, tmp_path: Path, order: tuple[int, ...]
) -> None:
    told = [Article("x", "It rained."), Article("x", ""), Article("x", " ")]
    paths = [write_lines(tmp_path / f"{at}.jsonl", [article]) for at, article in enumerate(told)]
    for at in order:
        done(paths[at], alone)
    with closing(opened(alone)) as record:
        assert [article.text for article in record.get_articles(["x"])] == ["It rained."]
        assert record.list_versions("x") == ()


def test_what_came_otherwise_is_newer_than_any_archive(alone: str, tmp_path: Path) -> None:
    with closing(opened(alone)) as record:
        record.upsert(parse_article(Article("x", "As it stands today.")), [])
    assert done(write_lines(tmp_path / "a.jsonl", [Article("x", "As it was.")]), alone).counts == ShardCounts(older=1)
    with closing(opened(alone)) as record:
        assert [article.text for article in record.get_articles(["x"])] == ["As it stands today."]
        assert [version.article.text for version in record.list_versions("x")] == ["As it was."]


@pytest.fixture(params=BOTH)
def two(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """Two empty records of one kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/one.db", f"sqlite:///{tmp_path}/two.db"
        return
    server: Server = request.getfixturevalue("postgresql")
    with server.database() as one, server.database() as other:
        yield server.address(one), server.address(other)


def test_shards_in_any_order_give_the_same_content(two: tuple[str, str], tmp_path: Path) -> None:
    paths = sorted(mixed(tmp_path / "archive", 6, 5).iterdir())
    for path in paths:
        done(path, two[0])
    for path in (*paths[3:], *paths[2::-1]):
        done(path, two[1])
    lines = content(two[0])
    assert content(two[1]) == lines
    assert sum(line.startswith('["copies"') for line in lines) >= 6
    assert sum(line.startswith('["article_versions"') for line in lines) >= 6
    assert all(check_integrity(address, TimeLimit(lambda: 0.0)) == [] for address in two)


def test_what_was_removed_does_not_come_back_with_the_same_shard(alone: str, tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.jsonl", articles(3))
    done(path, alone)
    removal.remove_articles(alone, ["bridge-000001"])
    done(path, alone)
    with closing(opened(alone)) as record:
        assert record.get_counts().articles == 2


def test_lines_that_are_no_articles_are_counted_and_the_rest_is_added(alone: str, tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.jsonl", articles(3))
    with path.open("a") as file:
        file.write("{broken\n" + '{"id": "nul", "text": "a\\u0000b"}\n')
    found = done(path, alone)
    assert found.counts == ShardCounts(new=3, failed=2)
    assert [f"line {number}" in sentence for number, sentence in zip((4, 5), found.failures, strict=True)] == [
        True,
        True,
    ]


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.parquet", "a.jsonl.zst"])
def test_of_a_damaged_shard_nothing_is_added(alone: str, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    (write_parquet if name.endswith("parquet") else write_lines)(path, articles(200))
    path.write_bytes(path.read_bytes()[:-60])
    with pytest.raises(BadInput, match="is not a whole"):
        done(path, alone)
    with closing(opened(alone)) as record:
        assert record.get_counts().articles == 0
    assert not any(line.startswith('["shards"') for line in content(alone))


def test_a_shard_that_changes_while_it_is_read_is_refused(
    alone: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_lines(tmp_path / "a.jsonl", articles(2))
    read = shard_module.analyse

    def meanwhile(article: Article) -> object:
        write_lines(path, articles(3))
        return read(article)

    monkeypatch.setattr(shard_module, "analyse", meanwhile)
    with pytest.raises(BadInput, match="has changed while it was read"):
        done(path, alone)


def test_pages_and_packed_rows_are_read_as_streams(alone: str, tmp_path: Path) -> None:
    assert done(write_warc(tmp_path / "a.warc.gz", articles(3)), alone).counts == ShardCounts(new=3)
    rows = write_parquet(tmp_path / "b.parquet", articles(4)).read_bytes()
    (tmp_path / "c.parquet.gz").write_bytes(gzip.compress(rows))
    assert done(tmp_path / "c.parquet.gz", alone).counts == ShardCounts(new=4)


@pytest.fixture
def server() -> Iterator[Server]:
    """A PostgreSQL that a test may stop."""
    with running(careless=True) as started:
        yield started


@pytest.mark.postgresql
@pytest.mark.usefixtures("postgresql")  # which skips where there is none
def test_a_database_that_is_away_for_a_while_is_waited_for(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It goes while the shard is read, and comes back at the third try."""
    address = server.address(server.create())
    path = write_lines(tmp_path / "a.jsonl", articles(70))
    read, waits = shard_module.analyse, []

    def leaving(article: Article) -> object:
        if article.id == "bridge-000003":
            server.stop("immediate")
        return read(article)

    def wait(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 2:
            server.start()

    monkeypatch.setattr(shard_module, "analyse", leaving)
    assert process_shard(str(path), address, sleep=wait).counts == ShardCounts(new=70)
    assert waits == [0.5, 1.0]


@pytest.mark.postgresql
@pytest.mark.usefixtures("postgresql")
def test_a_database_that_stays_away_is_given_up_after_its_time(server: Server, tmp_path: Path) -> None:
    address = server.address(server.create())
    server.stop()
    waits: list[float] = []
    path = write_lines(tmp_path / "a.jsonl", articles(1))
    with pytest.raises(DatabaseUnavailable, match="cannot be used"):
        process_shard(str(path), address, sleep=waits.append, max_wait_seconds=10)
    assert waits == [0.5, 1, 2, 4, 2.5]
    server.start()
