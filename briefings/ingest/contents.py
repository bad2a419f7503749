"""The articles of one file, whatever its kind.

Rule: a text's article is the file's own characters, after its block of metadata if it has one, and is known by the
file's name; a page's is what is found in it, and is known by its address. What cannot be read is one failed article,
unless it is the file itself.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from briefings.errors import BadInput
from briefings.ingest import files
from briefings.ingest.block import parted
from briefings.ingest.encoding import decoded
from briefings.ingest.fields import check_id, check_text, described
from briefings.ingest.html import MAX_PAGE
from briefings.ingest.jsonlines import Broken, read_lines
from briefings.ingest.kind import Kind
from briefings.ingest.packed import unpacked
from briefings.ingest.parquet import read_parquet
from briefings.ingest.warc import Pages, read_warc
from briefings.model import Article

#: kinds of which a file holds many articles
ARCHIVES = frozenset({Kind.LINES, Kind.WARC, Kind.PARQUET})


def read_contents(path: Path, identity: str, pages: Pages, broken: Broken) -> Iterator[tuple[Article, Kind]]:
    """Each article of a file with what kind of file it is. `identity` is for an article that has no id of its own.

    `pages` reads a page, and `broken` is told of each line, row or record that is no article. Raises BadInput when the
    file as a whole cannot be read, before or after articles that stand before its damage.
    """
    with unpacked(path) as (stream, kind):
        if kind is Kind.LINES:
            found = read_lines(stream, str(path), broken)
        elif kind is Kind.WARC:
            found = read_warc(stream, str(path), pages, broken)
        elif kind is Kind.PARQUET:
            found = read_parquet(path, str(path), broken)
        elif kind is Kind.PAGE:
            found = iter([_page(stream, path, identity, pages)])
        else:
            found = iter([_text(stream, path, identity)])
        for article in found:
            yield article, kind


def _page(stream: BinaryIO, path: Path, identity: str, pages: Pages) -> Article:
    data = stream.read(MAX_PAGE + 1)
    try:
        article = pages(data, None, None)
    except BadInput as error:
        raise BadInput(f"{path}: {error}") from error
    return article if article.url else replace(article, id=check_id(identity, str(path)))


def _text(stream: BinaryIO, path: Path, identity: str) -> Article:
    where, most = str(path), files.MAX_BYTES
    check_id(identity, where)
    data = stream.read(most + 1)
    if len(data) > most:
        raise BadInput(f"{path} is longer than {most:,} bytes, the most one text may have: split it.")
    told, text = parted(decoded(data, where))
    return described(identity, check_text(text, where), told, where)
