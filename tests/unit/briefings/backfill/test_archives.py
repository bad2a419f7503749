"""Archives are listed shard by shard wherever fsspec reaches, and a shard's state is told without reading it."""

import os
from pathlib import Path

import fsspec
import pytest

from briefings.backfill.archives import get_shard, list_shards, open_articles
from briefings.backfill.shard import process_shard
from briefings.errors import BadInput
from briefings.ingest.sandbox import PageReader
from briefings.storage.writes.shard_ledger import ShardCounts
from tests.support.archives import line, write_lines, write_parquet, write_warc
from tests.support.generated import articles


def refuse(error: BadInput) -> None:
    raise error


def test_a_folder_is_its_files_by_name_and_each_once_what_lies_beside_them_aside(tmp_path: Path) -> None:
    below = tmp_path / "2016" / ".hidden"
    below.mkdir(parents=True)
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
    found = list_shards([str(tmp_path), str(tmp_path / "b.jsonl.gz")])
    names = ("2016/d.ndjson", "a.parquet", "b.jsonl.gz", "c.warc.zst")
    assert [shard.address for shard in found] == [str(tmp_path / name) for name in names]


def test_another_content_is_another_stamp_and_the_same_is_the_same(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.jsonl", articles(1))
    before = get_shard(str(path))
    assert before == get_shard(str(path)) == list_shards([str(tmp_path)])[0]
    os.utime(path, (1, 1))
    assert get_shard(str(path)) != before


def test_a_shard_may_lie_on_any_file_system(tmp_path: Path) -> None:
    with fsspec.open("memory://archive/a.jsonl", "w") as file:
        file.write("".join(map(line, articles(2))))
    (shard,) = list_shards(["memory://archive"])
    assert shard.address == "memory:///archive/a.jsonl"
    assert process_shard(shard.address, f"sqlite:///{tmp_path}/record.db").counts == ShardCounts(new=2)


@pytest.mark.parametrize("write", [write_lines, write_parquet, write_warc])
def test_the_kind_is_told_by_the_content_and_not_by_the_name(tmp_path: Path, write: object) -> None:
    assert callable(write)
    path = write(tmp_path / "anything.json", articles(2))
    with PageReader() as pages, open_articles(str(path), pages.read, refuse) as found:
        assert len(list(found)) == 2


@pytest.mark.parametrize(
    ("archive", "sentence"),
    [
        ("nowhere", "is not there"),
        ("empty", "holds no shards"),
        ("nosuch://bucket/a", "cannot be reached: Protocol not known: nosuch."),
        ("s3://bucket/a", "cannot be reached: Install s3fs to access S3."),
    ],
)
def test_an_archive_that_cannot_be_listed_is_named_in_one_sentence(tmp_path: Path, archive: str, sentence: str) -> None:
    (tmp_path / "empty").mkdir()
    address = archive if "://" in archive else str(tmp_path / archive)
    with pytest.raises(BadInput) as told:
        list_shards([address])
    assert address in str(told.value)
    assert sentence in str(told.value)


def test_text_is_no_shard(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("It rained.")
    with pytest.raises(BadInput, match="is text, and no shard"), open_articles(str(path), PageReader().read, refuse):
        pass
