"""Read the articles of one file of any supported type.

Rule: the article of a text file is the text after its front matter, unchanged, and its id comes from the file name.
The article of a web page is its extracted text, and its id is the page's URL. Unreadable content counts as one failed
article, unless the file as a whole is unreadable.
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

#: file types that contain many articles
ARCHIVE_TYPES = frozenset({FileType.JSON_LINES, FileType.WARC, FileType.PARQUET})


def read_file(
    path: Path, article_id: str, read_page: ReadPage, on_error: ErrorCallback
) -> Iterator[tuple[Article, FileType]]:
    """Yield each article of a file with the file's type.

    `article_id` is the id of an article that does not carry its own. `read_page` parses web pages. `on_error` is called
    for each invalid line, row or record. Raises BadInput if the file cannot be read or is damaged; articles before the
    damage are yielded first.
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
        raise BadInput(f"{path} is longer than {max_bytes:,} bytes, the limit for one text. Split it.")
    fields, text = split_front_matter(decode_bytes(data, location))
    return build_article(article_id, check_text(text, location), fields, location)
