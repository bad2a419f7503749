"""Read the articles of one file of any supported type.

Rule: the article of a text file is the text after its front matter, unchanged, and its id comes from the file name.
The article of a web page is its extracted text, and its id is the page's URL. Rule: what cannot be read is reported to
the observer with the name of the file, and the rest is read. Rule: of a damaged file, whole articles before the damage
are taken; a file that is one article is refused, because its beginning would look like a correction.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from briefings.errors import BadInput
from briefings.ingest import text_file
from briefings.ingest.archives.warc import read_warc
from briefings.ingest.archives.zip_archive import iterate_members
from briefings.ingest.context import Content, ReadContext, ReadNote
from briefings.ingest.documents.registry import MAX_DOCUMENT_BYTES, is_document
from briefings.ingest.field_validation import build_article, check_id, check_text
from briefings.ingest.files.content_observer import ContentObserver
from briefings.ingest.files.ignored_files import explain_other_text, is_unfinished
from briefings.ingest.files.progress import FileProgress
from briefings.ingest.formats.compression import open_content, open_seekable
from briefings.ingest.formats.encoding import decode_bytes
from briefings.ingest.formats.file_type import FileType
from briefings.ingest.formats.integrity import Integrity
from briefings.ingest.formats.zip_type import detect_zip_type, open_zip
from briefings.ingest.pages.html import MAX_PAGE_BYTES
from briefings.ingest.paths.input_file import open_input_file
from briefings.ingest.records.field_mapping import RecordMapper
from briefings.ingest.records.json_lines import read_json
from briefings.ingest.records.parquet import read_parquet
from briefings.ingest.records.tables.text_table import read_table
from briefings.ingest.text_header.header import read_header
from briefings.model import Article

#: file types of which the articles before damage are taken
_PARTIAL_TYPES = frozenset({FileType.JSON_LINES, FileType.TABLE, FileType.WARC, FileType.ARC})
#: file types that shortcuts and programs have too
_AMBIGUOUS_TYPES = frozenset({FileType.TEXT, FileType.WEBARCHIVE})
_ARCHIVE_TYPES = frozenset({FileType.ZIP, FileType.WACZ})


@dataclass(frozen=True, slots=True)
class FileArticle:
    """One article of a file, and the type of the file (inside an archive: of the file in it)."""

    article: Article
    file_type: FileType


def read_file(path: Path, article_id: str, context: ReadContext) -> Iterator[FileArticle]:
    """Yield each article of a file.

    `article_id` is the id of an article that does not carry its own. Raises BadInput if the file cannot be read or
    nothing was taken from it; other errors are reported to the observer.
    """
    name = text_file.make_label(str(path))
    integrity = Integrity(name)
    progress = FileProgress(_get_size(path), context.observer.on_progress)
    try:
        with open_content(lambda: open_input_file(path, buffering=0), integrity, progress.advance) as open_file:
            content = Content(open_file.stream, open_file.file_type, name, article_id, integrity)
            yield from read_content(content, context)
    except BadInput:
        progress.finish()
        raise
    progress.finish()


def read_content(content: Content, context: ReadContext) -> Iterator[FileArticle]:
    """Yield each article of decompressed content.

    Raises BadInput if the content cannot be read or nothing was taken from it; other errors are reported.
    """
    if content.file_type is not FileType.ZIP:
        yield from _read_typed(content, context)
        return
    with open_seekable(content.stream, content.integrity) as file:
        file_type = detect_zip_type(file, content.name)
        file.seek(0)
        yield from _read_typed(replace(content, stream=file, file_type=file_type), context)


def _get_size(path: Path) -> int:
    try:
        return path.stat().st_size
    except (OSError, ValueError):  # ValueError: a NUL in the name
        return 0


def _read_typed(content: Content, context: ReadContext) -> Iterator[FileArticle]:
    """Yield each article of content that is not an undetected ZIP file, and report the end."""
    file_type, article_count = content.file_type, 0
    observer = ContentObserver(context.observer, content)
    end_error: BadInput | None = None
    try:
        if file_type in _ARCHIVE_TYPES:
            items = _read_members(content, context, observer)
        else:
            items = (FileArticle(article, file_type) for article in _dispatch(content, context, observer))
        for item in items:
            article_count += 1
            yield item
    except BadInput as error:
        end_error = error
    observer.report_end(article_count, end_error)


def _dispatch(content: Content, context: ReadContext, observer: ContentObserver) -> Iterator[Article]:
    file_context = replace(context, observer=observer)
    if content.file_type not in _PARTIAL_TYPES:
        content.integrity.is_strict = True
        content.integrity.check()
    if is_unfinished(content.name):
        raise BadInput(f"{content.name} is an unfinished download. Download it again.")
    if content.file_type in _AMBIGUOUS_TYPES and (reason := explain_other_text(content.name)):
        raise BadInput(f"{content.name} {reason}")
    if is_document(content.file_type):
        return _read_document(content, file_context)
    if content.file_type not in _READERS:
        raise BadInput(f"{content.name}: files of the type {content.file_type} can't be read.")
    articles = _READERS[content.file_type](content, file_context)
    return _drop_damaged_row(articles, content) if content.file_type is FileType.TABLE else articles


def _drop_damaged_row(articles: Iterator[Article], content: Content) -> Iterator[Article]:
    """Yield all articles but the last one before damage: the end of its text may be missing."""
    previous_article: Article | None = None
    for article in articles:
        if previous_article is not None:
            yield previous_article
        previous_article = article
    if previous_article is not None and content.integrity.damage is None:
        yield previous_article


def _read_members(content: Content, context: ReadContext, observer: ContentObserver) -> Iterator[FileArticle]:
    """Yield the articles of each file in an archive; a file that cannot be read does not stop the rest."""
    member_count = 0
    with open_zip(content.stream, content.name) as package:
        for member in iterate_members(package, content, observer):
            member_count += 1
            try:
                with open_content(member.open, member.integrity) as inner:
                    inner_content = Content(
                        inner.stream,
                        inner.file_type,
                        member.name,
                        member.article_id,
                        member.integrity,
                        content.depth + 1,
                    )
                    try:
                        yield from read_content(inner_content, context)
                    except BadInput as error:  # a problem of this file, which it has reported
                        context.observer.on_error(error)
            except BadInput as error:
                observer.on_error(error)
    if not member_count and not observer.problem_count:
        raise BadInput(f"{content.name} contains no files that can be read.")


def _read_json(content: Content, context: ReadContext) -> Iterator[Article]:
    mapper = _build_mapper(content, context)
    return read_json(content.stream, content.name, mapper, context.observer.on_error)


def _build_mapper(content: Content, context: ReadContext) -> RecordMapper:
    return RecordMapper(content.article_id, context.options, context.observer.on_warning, context.read_page)


def _read_parquet(content: Content, context: ReadContext) -> Iterator[Article]:
    with open_seekable(content.stream, content.integrity) as file:
        mapper, observer = _build_mapper(content, context), context.observer
        yield from read_parquet(file, content.name, observer.on_error, mapper, observer.on_columns)


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


def _read_text(content: Content, context: ReadContext) -> Iterator[Article]:
    max_bytes = text_file.MAX_BYTES
    check_id(content.article_id, content.name)
    data = content.stream.read(max_bytes + 1)
    if len(data) > max_bytes:
        raise BadInput(f"{content.name} is longer than {max_bytes:,} bytes, the limit for one text. Split it.")
    header = read_header(decode_bytes(data, content.name))
    for warning in header.warnings:
        context.observer.on_warning(f"{content.name}: {warning}")
    yield build_article(content.article_id, check_text(header.text, content.name), header.fields, content.name)


_READERS: dict[FileType, Callable[[Content, ReadContext], Iterator[Article]]] = {
    FileType.JSON_LINES: _read_json,
    FileType.PARQUET: _read_parquet,
    FileType.TABLE: read_table,
    FileType.WARC: read_warc,
    FileType.ARC: read_warc,
    FileType.HTML: _read_page,
    FileType.TEXT: _read_text,
}
