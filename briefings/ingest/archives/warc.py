"""Read web pages from WARC archives (ISO 28500).

Rule: only complete pages become articles. A damaged record ends the archive, because the start of the next record is
unknown. Nothing is extracted to a file, so a name in an archive cannot escape to another folder.
"""

from collections.abc import Callable, Iterator
from typing import BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord

from briefings.errors import BadInput
from briefings.ingest.context import ReadPage
from briefings.ingest.pages.html import MAX_PAGE_BYTES
from briefings.model import Article

_PAGE_TYPES = ("text/html", "application/xhtml+xml")
_CHUNK_BYTES = 1 << 16


def read_warc(
    stream: BinaryIO, name: str, read_page: ReadPage, on_error: Callable[[BadInput], None]
) -> Iterator[Article]:
    """Yield the articles of a decompressed archive, in order; call `on_error` for each page without an article.

    Raises BadInput if the archive itself is damaged.
    """
    number = 0
    try:
        for number, record in enumerate(ArchiveIterator(stream), 1):
            try:
                article = _read_record(record, read_page)
            except BadInput as error:
                on_error(BadInput(f"{name}, record {number}: {error}"))
            else:
                if article is not None:
                    yield article
    except (ArchiveLoadFailed, ValueError, EOFError, AttributeError) as error:
        # ValueError and AttributeError: the library fails this way on malformed record headers
        raise BadInput(f"{name}, after record {number}: the archive is damaged or incomplete.") from error


def _read_record(record: ArcWarcRecord, read_page: ReadPage) -> Article | None:
    """Return the article of a record, or None if it is not a page, but a request, image, redirect or error."""
    address = record.rec_headers.get_header("WARC-Target-URI")
    headers = record.http_headers
    if record.rec_type not in {"response", "resource"} or (headers and headers.get_statuscode() != "200"):
        return None
    content_type = headers.get_header("Content-Type") if headers else record.rec_headers.get_header("Content-Type")
    if not (content_type or "").lower().startswith(_PAGE_TYPES):
        return None
    if record.rec_headers.get_header("WARC-Truncated"):
        raise BadInput(f"{address}: the archive contains only the beginning of this page.")
    return read_page(_read_content(record, address), address, content_type)


def _read_content(record: ArcWarcRecord, address: str | None) -> bytes:
    """Return the page without transfer chunks and compression."""
    stream, data = record.content_stream(), bytearray()
    while chunk := stream.read(_CHUNK_BYTES):
        data += chunk
        if len(data) > MAX_PAGE_BYTES:
            raise BadInput(f"{address} is longer than {MAX_PAGE_BYTES:,} bytes, the limit for one page.")
    if getattr(record.raw_stream, "limit", 0):  # the record announced more bytes than the archive contains
        raise BadInput(f"{address}: the archive ends in the middle of this page.")
    return bytes(data)
