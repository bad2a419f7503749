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
from briefings.ingest import text_file
from briefings.ingest.field_validation import build_article, check_id, check_text
from briefings.ingest.formats.compression import open_decompressed
from briefings.ingest.formats.encoding import decode_bytes
from briefings.ingest.formats.file_type import FileType
from briefings.ingest.formats.html import MAX_PAGE_BYTES
from briefings.ingest.formats.json_lines import ErrorCallback, read_lines
from briefings.ingest.formats.parquet import read_parquet
from briefings.ingest.formats.warc import ReadPage, read_warc
from briefings.ingest.text_file import split_front_matter
from briefings.model import Article

#: kinds of which a file holds many articles
ARCHIVE_TYPES = frozenset({FileType.JSON_LINES, FileType.WARC, FileType.PARQUET})


def read_file(
    path: Path, article_id: str, read_page: ReadPage, on_error: ErrorCallback
) -> Iterator[tuple[Article, FileType]]:
    """Each article of a file with what kind of file it is. `identity` is for an article that has no id of its own.

    `pages` reads a page, and `broken` is told of each line, row or record that is no article. Raises BadInput when the
    file as a whole cannot be read, before or after articles that stand before its damage.
    """
    with open_decompressed(path) as (stream, file_type):
        if file_type is FileType.JSON_LINES:
            articles = read_lines(stream, str(path), on_error)
        elif file_type is FileType.WARC:
            articles = read_warc(stream, str(path), read_page, on_error)
        elif file_type is FileType.PARQUET:
            articles = read_parquet(path, str(path), on_error)
        elif file_type is FileType.HTML:
            articles = iter([_read_page_article(stream, path, article_id, read_page)])
        else:
            articles = iter([_read_text_article(stream, path, article_id)])
        for article in articles:
            yield article, file_type


def _read_page_article(stream: BinaryIO, path: Path, article_id: str, read_page: ReadPage) -> Article:
    data = stream.read(MAX_PAGE_BYTES + 1)
    try:
        article = read_page(data, None, None)
    except BadInput as error:
        raise BadInput(f"{path}: {error}") from error
    return article if article.url else replace(article, id=check_id(article_id, str(path)))


def _read_text_article(stream: BinaryIO, path: Path, article_id: str) -> Article:
    location, max_bytes = str(path), text_file.MAX_BYTES
    check_id(article_id, location)
    data = stream.read(max_bytes + 1)
    if len(data) > max_bytes:
        raise BadInput(f"{path} is longer than {max_bytes:,} bytes, the most one text may have: split it.")
    fields, text = split_front_matter(decode_bytes(data, location))
    return build_article(article_id, check_text(text, location), fields, location)
