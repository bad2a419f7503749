"""Archives are listed shard by shard on any fsspec file system, and a stamp identifies content without reading it."""

import bz2
import lzma
import os
from collections.abc import Callable
from pathlib import Path

import fsspec
import pytest

from briefings.backfill.archives import get_shard, list_shards, open_articles
from briefings.backfill.shard import process_shard
from briefings.errors import BadInput
from briefings.ingest.sandbox import PageReader
from briefings.storage.writes.shard_ledger import ShardCounts
from tests.support.archives import to_json_line, write_lines, write_parquet, write_warc
from tests.support.generated import generate_articles


def raise_error(error: BadInput) -> None:
    raise error


def test_folder_lists_each_shard_once_and_ignores_other_files(tmp_path: Path) -> None:
    hidden_folder = tmp_path / "2016" / ".hidden"
    hidden_folder.mkdir(parents=True)
    for name in (
        "b.jsonl.gz",
        "a.parquet",
        "readme.txt",
        "c.warc.zst",
        "2016/d.ndjson",
        ".e.jsonl",
        "2016/.hidden/f.jsonl",
    ):
        (tmp_path / name).touch()
    listed_shards = list_shards([str(tmp_path), str(tmp_path / "b.jsonl.gz")])
    names = ("2016/d.ndjson", "a.parquet", "b.jsonl.gz", "c.warc.zst")
    assert [shard.address for shard in listed_shards] == [str(tmp_path / name) for name in names]


def test_stamp_changes_only_with_the_content(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.jsonl", generate_articles(1))
    before = get_shard(str(path))
    assert before == get_shard(str(path)) == list_shards([str(tmp_path)])[0]
    os.utime(path, (1, 1))
    assert get_shard(str(path)) != before


def test_shard_can_be_on_any_file_system(tmp_path: Path) -> None:
    with fsspec.open("memory://archive/a.jsonl", "w") as file:
        file.write("".join(map(to_json_line, generate_articles(2))))
    (shard,) = list_shards(["memory://archive"])
    assert shard.address == "memory:///archive/a.jsonl"
    assert process_shard(shard.address, f"sqlite:///{tmp_path}/record.db").counts == ShardCounts(new=2)


@pytest.mark.parametrize("write", [write_lines, write_parquet, write_warc])
def test_file_type_comes_from_the_content(tmp_path: Path, write: object) -> None:
    assert callable(write)
    path = write(tmp_path / "anything.json", generate_articles(2))
    with PageReader() as page_reader, open_articles(str(path), page_reader.read, raise_error) as shard_articles:
        assert len(list(shard_articles)) == 2


@pytest.mark.parametrize(
    ("archive", "message"),
    [
        ("nowhere", "was not found"),
        ("empty", "contains no JSON lines"),
        ("nosuch://bucket/a", "cannot be reached: Protocol not known: nosuch."),
        ("s3://bucket/a", "cannot be reached: Install s3fs to access S3."),
    ],
)
def test_archive_that_cannot_be_listed_is_reported(tmp_path: Path, archive: str, message: str) -> None:
    (tmp_path / "empty").mkdir()
    address = archive if "://" in archive else str(tmp_path / archive)
    with pytest.raises(BadInput) as raised:
        list_shards([address])
    assert address in str(raised.value)
    assert message in str(raised.value)


@pytest.mark.parametrize(("suffix", "compress"), [(".bz2", bz2.compress), (".xz", lzma.compress)])
def test_more_compressions_are_shards(tmp_path: Path, suffix: str, compress: Callable[[bytes], bytes]) -> None:
    data = "".join(map(to_json_line, generate_articles(2))).encode()
    (tmp_path / f"a.jsonl{suffix}").write_bytes(compress(data))
    (shard,) = list_shards([str(tmp_path)])
    with open_articles(shard.address, PageReader().read, raise_error) as shard_articles:
        assert len(list(shard_articles)) == 2


def test_damaged_shard_is_not_added(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.jsonl.gz", generate_articles(20))
    path.write_bytes(path.read_bytes()[:-50])
    with pytest.raises(BadInput, match="ends in the middle"):
        process_shard(str(path), f"sqlite:///{tmp_path}/record.db")


def test_text_file_is_not_a_shard(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("It rained.")
    with pytest.raises(BadInput, match="is a text file"), open_articles(str(path), PageReader().read, raise_error):
        pass
