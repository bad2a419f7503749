"""Read the articles of one file of any supported type.

Rule: the article of a text file is the text after its front matter, unchanged, and its id comes from the file name.
The article of a web page is its extracted text, and its id is the page's URL. Rule: what cannot be read is reported to
the observer with the name of the file, and the rest is read.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from briefings.errors import BadInput
from briefings.ingest import text_file
from briefings.ingest.archives.warc import read_warc
from briefings.ingest.context import Content, ReadContext, ReadNote
from briefings.ingest.documents.registry import MAX_DOCUMENT_BYTES, is_document
from briefings.ingest.field_validation import build_article, check_id, check_text
from briefings.ingest.formats.compression import open_decompressed
from briefings.ingest.formats.encoding import decode_bytes
from briefings.ingest.formats.file_type import FileType
from briefings.ingest.pages.html import MAX_PAGE_BYTES
from briefings.ingest.records.field_mapping import RecordMapper
from briefings.ingest.records.json_lines import read_json
from briefings.ingest.records.parquet import read_parquet
from briefings.ingest.records.tables.text_table import read_table
from briefings.ingest.text_file import split_front_matter
from briefings.model import Article

#: file types that contain one article, whose metadata a folder's `sources.toml` can complete
SINGLE_ARTICLE_TYPES = frozenset(
    {
        FileType.HTML,
        FileType.MHTML,
        FileType.WEBARCHIVE,
        FileType.PDF,
        FileType.WORD,
        FileType.RTF,
        FileType.OPEN_DOCUMENT,
        FileType.EMAIL,
        FileType.SUBTITLES,
        FileType.NITF,
        FileType.TEXT,
    }
)


@dataclass(frozen=True, slots=True)
class FileArticle:
    """One article of a file, and the type of the file (inside an archive: of the file in it)."""

    article: Article
    file_type: FileType


def read_file(path: Path, article_id: str, context: ReadContext) -> Iterator[FileArticle]:
    """Yield each article of a file.

    `article_id` is the id of an article that does not carry its own. Raises BadInput if the file cannot be read or is
    damaged; articles before the damage are yielded first.
    """
    with open_decompressed(path) as (stream, file_type):
        yield from read_content(Content(stream, file_type, str(path), article_id), context, path)


def read_content(content: Content, context: ReadContext, path: Path | None = None) -> Iterator[FileArticle]:
    """Yield each article of decompressed content. `path` is the file on disk, if the content has one.

    Raises BadInput if the content as a whole cannot be read.
    """
    if content.file_type is FileType.PARQUET and path is not None:
        mapper, observer = _build_mapper(content, context), context.observer
        articles = read_parquet(path, content.name, observer.on_error, mapper, observer.on_columns)
    elif is_document(content.file_type):
        articles = _read_document(content, context)
    elif content.file_type in _READERS:
        articles = _READERS[content.file_type](content, context)
    else:
        raise BadInput(f"{content.name} is a {content.file_type} file, which can't be read.")
    for article in articles:
        yield FileArticle(article, content.file_type)


def _read_json(content: Content, context: ReadContext) -> Iterator[Article]:
    mapper = _build_mapper(content, context)
    return read_json(content.stream, content.name, mapper, context.observer.on_error)


def _build_mapper(content: Content, context: ReadContext) -> RecordMapper:
    return RecordMapper(content.article_id, context.options, context.observer.on_warning, context.read_page)


def _read_archive(content: Content, context: ReadContext) -> Iterator[Article]:
    return read_warc(content.stream, content.name, context.read_page, context.observer.on_error)


def _read_document(content: Content, context: ReadContext) -> Iterator[Article]:
    """Yield the articles of a document, which is parsed in the sandbox; report the parts that were not taken."""
    data = content.stream.read(MAX_DOCUMENT_BYTES + 1)
    if len(data) > MAX_DOCUMENT_BYTES:
        raise BadInput(f"{content.name} is longer than {MAX_DOCUMENT_BYTES:,} bytes, the limit for one document.")
    for item in context.read_document(data, content.file_type, content.name, content.article_id, context.options):
        if isinstance(item, BadInput):
            context.observer.on_error(item)
        elif isinstance(item, ReadNote):
            item.report(context.observer)
        else:
            yield item


def _read_page(content: Content, context: ReadContext) -> Iterator[Article]:
    data = content.stream.read(MAX_PAGE_BYTES + 1)
    try:
        article = context.read_page(data, None, None)
    except BadInput as error:
        raise BadInput(f"{content.name}: {error}") from error
    yield article if article.url else replace(article, id=check_id(content.article_id, content.name))


def _read_text(content: Content, _context: ReadContext) -> Iterator[Article]:
    max_bytes = text_file.MAX_BYTES
    check_id(content.article_id, content.name)
    data = content.stream.read(max_bytes + 1)
    if len(data) > max_bytes:
        raise BadInput(f"{content.name} is longer than {max_bytes:,} bytes, the limit for one text. Split it.")
    fields, text = split_front_matter(decode_bytes(data, content.name))
    yield build_article(content.article_id, check_text(text, content.name), fields, content.name)


_READERS: dict[FileType, Callable[[Content, ReadContext], Iterator[Article]]] = {
    FileType.JSON_LINES: _read_json,
    FileType.TABLE: read_table,
    FileType.WARC: _read_archive,
    FileType.HTML: _read_page,
    FileType.TEXT: _read_text,
}
