"""WARC archives of the web (ISO 28500): each page that answered a request, with its address.

Rule: only pages that came whole are articles; a damaged record ends the archive, for nothing says where the next
begins. Nothing is ever unpacked to a file, so that no name in an archive can lead anywhere.
"""

from collections.abc import Callable, Iterator
from typing import BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord

from briefings.errors import BadInput
from briefings.ingest.formats.html import MAX_PAGE_BYTES
from briefings.model import Article

#: reads a page of this address, sent with this content type
ReadPage = Callable[[bytes, str | None, str | None], Article]
_PAGE_TYPES = ("text/html", "application/xhtml+xml")
_CHUNK_BYTES = 1 << 16


def read_warc(
    stream: BinaryIO, name: str, read_page: ReadPage, on_error: Callable[[BadInput], None]
) -> Iterator[Article]:
    """The articles of an archive, unpacked already, in order; `broken` is told of each page that is none.

    Raises BadInput when the archive itself is damaged.
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
        # whatever the library stumbles over when the lines of a record make no sense
        raise BadInput(f"{name}, after record {number}: the archive is damaged or cut off there.") from error


def _read_record(record: ArcWarcRecord, read_page: ReadPage) -> Article | None:
    """The article of a record; None for what is no page: requests, pictures, redirects, errors."""
    address = record.rec_headers.get_header("WARC-Target-URI")
    headers = record.http_headers
    if record.rec_type not in {"response", "resource"} or (headers and headers.get_statuscode() != "200"):
        return None
    content_type = headers.get_header("Content-Type") if headers else record.rec_headers.get_header("Content-Type")
    if not (content_type or "").lower().startswith(_PAGE_TYPES):
        return None
    if record.rec_headers.get_header("WARC-Truncated"):
        raise BadInput(f"{address}: the archive holds only the beginning of this page.")
    return read_page(_read_content(record, address), address, content_type)


def _read_content(record: ArcWarcRecord, address: str | None) -> bytes:
    """The page as its server meant it: whole again from its chunks, unpacked."""
    stream, data = record.content_stream(), bytearray()
    while chunk := stream.read(_CHUNK_BYTES):
        data += chunk
        if len(data) > MAX_PAGE_BYTES:
            raise BadInput(f"{address} is longer than {MAX_PAGE_BYTES:,} bytes, the most a page may have.")
    if getattr(record.raw_stream, "limit", 0):  # fewer bytes came than the record announces
        raise BadInput(f"{address}: the archive is cut off in this page.")
    return bytes(data)
