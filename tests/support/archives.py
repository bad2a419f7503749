"""Writes archives for tests: shards in every format, with articles for which the order of the shards matters."""

import gzip
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import zstandard

from briefings.model import Article
from tests.support.generated import generate_articles

_FIELDS = ("id", "text", "publisher", "url", "title", "byline")


def to_json_line(article: Article) -> str:
    """Return an article as a line of JSON, without empty fields."""
    fields = {name: value for name in _FIELDS if (value := getattr(article, name)) is not None}
    return json.dumps(fields | ({"published": str(article.published)} if article.published else {})) + "\n"


def write_lines(path: Path, articles: Iterable[Article]) -> Path:
    """Write a shard of JSON lines. The suffix of the path selects the compression."""
    data = "".join(map(to_json_line, articles)).encode()
    compress = {".gz": gzip.compress, ".zst": zstandard.ZstdCompressor().compress}.get(path.suffix)
    path.write_bytes(compress(data) if compress else data)
    return path


def write_parquet(path: Path, articles: Iterable[Article]) -> Path:
    """Write a Parquet shard."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.Table.from_pylist([json.loads(to_json_line(article)) for article in articles]), path)
    return path


def write_warc(path: Path, articles: Iterable[Article]) -> Path:
    """Write a WARC shard of pages, with each record compressed on its own."""
    path.write_bytes(b"".join(map(_build_warc_record, articles)))
    return path


def write_mixed_archive(folder: Path, shards: int, articles_each: int) -> Path:
    """Write a new folder of shards: JSON lines, compressed JSON lines and Parquet.

    The shards share articles: copies, repeated articles, and different versions of one article.
    """
    folder.mkdir()
    for index, articles in enumerate(_iterate_shards(shards, articles_each)):
        name = f"part-{index:03}"
        if index % 4 == 3:
            write_parquet(folder / f"{name}.parquet", articles)
        else:
            write_lines(folder / f"{name}.jsonl{('', '.gz', '.zst')[index % 3]}", articles)
    return folder


def _iterate_shards(shards: int, articles_each: int) -> Iterator[list[Article]]:
    all_articles = list(generate_articles(shards * articles_each, sentences=12))
    for index in range(shards):
        articles = all_articles[index * articles_each : (index + 1) * articles_each]
        first = articles[0]
        next_first = all_articles[(index + 1) * articles_each % len(all_articles)]
        copied_article = replace(
            first, id=f"copy-{index}", url=None, publisher="The Copyist", text=f"{first.text}\nSo it was."
        )
        other_version = replace(next_first, text=f"{next_first.text}\nCorrected by shard {index}.")
        short_article = Article(f"empty-{index % 2}", "" if index % 3 else "It rained.")
        yield [*articles, copied_article, all_articles[0], other_version, short_article]


def _build_warc_record(article: Article) -> bytes:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in article.text.splitlines())
    head = f"<!DOCTYPE html><html><head><title>{article.title}</title></head>"
    page = f"{head}<body><article>{body}</article></body></html>"
    response = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{page}".encode()
    warc_headers = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {article.url}\r\nWARC-Date: 2016-06-30T10:00:00Z\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(response)}\r\n\r\n"
    )
    return gzip.compress(warc_headers.encode() + response + b"\r\n\r\n")
