"""Archives made up for tests: shards of every kind, with what makes the order of shards matter where it may."""

import gzip
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import zstandard

from briefings.model import Article
from tests.support.generated import generate_articles


def to_json_line(article: Article) -> str:
    """An article as a line of JSON."""
    names = ("id", "text", "publisher", "url", "title", "byline")
    told = {name: value for name in names if (value := getattr(article, name)) is not None}
    return json.dumps(told | ({"published": str(article.published)} if article.published else {})) + "\n"


def write_lines(path: Path, articles: Iterable[Article]) -> Path:
    """A shard of JSON lines, packed as its name says."""
    data = "".join(map(to_json_line, articles)).encode()
    packed = {".gz": gzip.compress, ".zst": zstandard.ZstdCompressor().compress}.get(path.suffix)
    path.write_bytes(packed(data) if packed else data)
    return path


def write_parquet(path: Path, articles: Iterable[Article]) -> Path:
    """A shard of rows."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.Table.from_pylist([json.loads(to_json_line(article)) for article in articles]), path)
    return path


def write_warc(path: Path, articles: Iterable[Article]) -> Path:
    """A shard of pages, packed record by record."""
    path.write_bytes(b"".join(map(_record, articles)))
    return path


def write_mixed_archive(folder: Path, shards: int, articles_each: int) -> Path:
    """A folder of shards of lines, rows and packed lines: with copies, articles told twice, tellings that differ."""
    folder.mkdir()
    for at, some in enumerate(_parts(shards, articles_each)):
        name = f"part-{at:03}"
        if at % 4 == 3:
            write_parquet(folder / f"{name}.parquet", some)
        else:
            write_lines(folder / f"{name}.jsonl{('', '.gz', '.zst')[at % 3]}", some)
    return folder


def _parts(shards: int, articles_each: int) -> Iterator[list[Article]]:
    made = list(generate_articles(shards * articles_each, sentences=12))
    for at in range(shards):
        some = made[at * articles_each : (at + 1) * articles_each]
        after = made[(at + 1) * articles_each % len(made)]
        copied = replace(
            some[0], id=f"copy-{at}", url=None, publisher="The Copyist", text=f"{some[0].text}\nSo it was."
        )
        changed = replace(after, text=f"{after.text}\nCorrected by shard {at}.")
        yield [*some, copied, made[0], changed, Article(f"empty-{at % 2}", "" if at % 3 else "It rained.")]


def _record(article: Article) -> bytes:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in article.text.splitlines())
    head = f"<!DOCTYPE html><html><head><title>{article.title}</title></head>"
    page = f"{head}<body><article>{body}</article></body></html>"
    answer = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{page}".encode()
    told = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {article.url}\r\nWARC-Date: 2016-06-30T10:00:00Z\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(answer)}\r\n\r\n"
    )
    return gzip.compress(told.encode() + answer + b"\r\n\r\n")
