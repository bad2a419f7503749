"""Read the web pages and texts of WARC, WET and ARC archives.

Rule: only whole pages and running texts become articles. Records that are neither are counted, and the counts are told
in one sentence. Rule: the date of a record is the day of crawling, so it is never the day of publication.
Rule: nothing is extracted to a file, so a name in an archive cannot escape to another folder.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from hashlib import sha256

from briefings.errors import BadInput
from briefings.ingest.archives.http_message import MAX_HEAD_BYTES, decode_body, parse_head
from briefings.ingest.archives.record_stream import Record, iterate_records
from briefings.ingest.archives.skipped_records import describe_type, format_skipped, is_running_text, is_site_file
from briefings.ingest.context import Content, ReadContext, ReadObserver, ReadPage
from briefings.ingest.field_validation import MAX_NAME_LENGTH, check_storable, normalise_url
from briefings.ingest.formats.encoding import decode_bytes
from briefings.ingest.formats.file_type import HEAD_BYTES, FileType, detect_file_type
from briefings.ingest.formats.integrity import Damage
from briefings.ingest.pages.html import MAX_PAGE_BYTES
from briefings.model import Article

_PAGE_TYPES = ("text/html", "application/xhtml+xml")
_TEXT_TYPE = "text/plain"
#: types that say nothing about the content
_UNKNOWN_TYPES = frozenset({"", "application/octet-stream", "application/unknown", "unknown/unknown", "no-type"})
#: records about the crawl itself
_INTERNAL_KINDS = frozenset({"request", "warcinfo", "metadata", "arc_header"})
#: addresses of records that a crawler makes itself, such as screenshots and texts of pages
_INTERNAL_ADDRESSES = ("urn:", "dns:", "whois:", "filedesc:", "metadata:", "warcinfo:")


def read_warc(content: Content, context: ReadContext) -> Iterator[Article]:
    """Yield the articles of an archive, in order; report each page without an article.

    Damage is reported to `content.integrity`. Raises BadInput if the archive has no page and no text.
    """
    observer, skipped = context.observer, Counter[str]()
    page_count = 0
    for number, record in enumerate(iterate_records(content.stream, content.integrity, content.file_type), 1):
        result: Article | BadInput | str | None
        if record.wrong_length is not None:
            _report_wrong_length(record, number, content, observer)
            return
        try:
            result = _read_record(record, context.read_page)
        except BadInput as error:
            result = BadInput(f"{content.name}, record {number}: {error}")
        if not record.finish():
            if content.integrity.damage is not None:
                return
            result = BadInput(f"{content.name}, record {number}: it has another length than it states.")
        if isinstance(result, str):
            skipped[result] += 1
        elif result is not None:
            page_count += 1
            if isinstance(result, BadInput):
                observer.on_error(result)
            else:
                yield result
    if content.integrity.damage is not None:
        return
    if not page_count:
        reasons = f": it has {format_skipped(skipped)}" if skipped else ""
        raise BadInput(f"{content.name} contains no pages or texts{reasons}.")
    if skipped:
        verb = "record was not a page" if skipped.total() == 1 else "records were not pages"
        observer.on_warning(f"{content.name}: {skipped.total():,} {verb}: {format_skipped(skipped)}.")


def _report_wrong_length(record: Record, number: int, content: Content, observer: ReadObserver) -> None:
    """Report a record whose end is unknown. The rest of the archive is not read.

    To look for the next record would be wrong: a page can contain what looks like a record of another site.
    """
    observer.on_error(
        BadInput(
            f"{content.name}, record {number}: its Content-Length “{record.wrong_length}” is not a number of bytes, so "
            "it and the rest of the archive were not read. Download or create the archive again."
        )
    )
    content.integrity.report(Damage.CORRUPT, content.file_type)


def _read_record(record: Record, read_page: ReadPage) -> Article | str | None:
    """Return the article of a record, the reason why it has none, or None if the record is about the crawl itself.

    Raises BadInput if the record is a page without an article.
    """
    if record.kind in _INTERNAL_KINDS or record.address.lower().startswith(_INTERNAL_ADDRESSES):
        return None
    if record.kind == "conversion":
        return _read_conversion(record)
    if record.kind not in {"response", "resource"}:
        return record.kind if record.kind in {"revisit", "continuation"} else "of an unknown kind"
    beginning = record.read(MAX_HEAD_BYTES)
    try:
        head = parse_head(beginning)
    except BadInput as error:
        raise BadInput(f"{record.address}: {error}") from error
    if head is None:
        content_type = "" if record.content_type.lower().startswith("application/http") else record.content_type
        return _read_body(record, beginning, content_type, {}, read_page)
    if head.status != "200":
        return f"with status {head.status}"
    return _read_body(record, beginning[head.length :], head.content_type, head.headers, read_page)


def _read_conversion(record: Record) -> Article | str:
    if not record.content_type.lower().startswith(_TEXT_TYPE):
        return describe_type(record.content_type)
    return _build_text(_read_rest(record, b""), record, record.content_type) or "without text"


def _read_body(
    record: Record, beginning: bytes, content_type: str, headers: Mapping[str, str], read_page: ReadPage
) -> Article | str:
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type not in {*_PAGE_TYPES, _TEXT_TYPE, *_UNKNOWN_TYPES}:
        return describe_type(media_type)
    if is_site_file(record.address):
        return "robots.txt or similar"
    body = _read_rest(record, beginning)
    try:
        body = decode_body(body, headers, MAX_PAGE_BYTES)
    except BadInput as error:
        raise BadInput(f"{record.address}: {error}") from error
    if media_type in _UNKNOWN_TYPES:
        media_type = _detect_type(body)
    if media_type in _PAGE_TYPES:
        return read_page(body, record.address, content_type or None)
    if media_type != _TEXT_TYPE:
        return media_type
    article = _build_text(body, record, content_type)
    return article if article is not None and is_running_text(article.text) else "text without sentences"


def _read_rest(record: Record, beginning: bytes) -> bytes:
    if record.is_truncated:
        raise BadInput(f"{record.address}: the archive contains only the beginning of this page.")
    body = beginning + record.read(MAX_PAGE_BYTES + 1 - len(beginning))
    if len(body) > MAX_PAGE_BYTES:
        raise BadInput(f"{record.address} is longer than {MAX_PAGE_BYTES:,} bytes, the limit for one page.")
    return body


def _detect_type(body: bytes) -> str:
    """Return the media type of a page or text that declares none, and a description of anything else."""
    try:
        file_type = detect_file_type(body[:HEAD_BYTES], "record")
    except BadInput:
        return "of an unknown type"
    if file_type is FileType.HTML:
        return _PAGE_TYPES[0]
    return _TEXT_TYPE if file_type is FileType.TEXT else f"{file_type} file"


def _build_text(body: bytes, record: Record, content_type: str) -> Article | None:
    """Return the article of a plain text, unchanged; None if the text is blank."""
    charset = content_type.partition("charset=")[2].partition(";")[0].strip(" \"'") or None
    text = decode_bytes(body, record.address, charset)
    if not text.strip("\ufeff \t\r\n"):
        return None
    url = normalise_url(record.address)
    article_id = url or record.address
    if not article_id or len(article_id) > MAX_NAME_LENGTH or not article_id.isprintable():
        article_id = f"page-{sha256((article_id or text).encode('utf-8', 'replace')).hexdigest()[:24]}"
    return Article(id=article_id, text=check_storable(text, record.address), url=url)
