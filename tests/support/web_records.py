"""Build records of web archives for tests."""

import gzip

from tests.stand_ins.pages import make_page

PAGE = make_page().encode()
TEXT = (
    "Harbour plan\n\nThe council of Easton met on Thursday to talk about the harbour. “We will wait for the count,” "
    "said Jane Roe, who leads the council. The meeting went on until midnight.\n"
).encode()


def build_record(
    body: bytes,
    address: str = "https://paper.example/a",
    kind: str = "response",
    content_type: str = "",
    extra: str = "",
) -> bytes:
    """Build a WARC record; the content type of a response is that of an HTTP message."""
    content_type = content_type or ("application/http; msgtype=response" if kind == "response" else "text/html")
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {address}\r\nWARC-Date: 2016-06-30T10:00:00Z\r\n{extra}"
        f"Content-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body + b"\r\n\r\n"


def build_response(
    body: bytes = PAGE,
    address: str = "https://paper.example/a",
    *,
    headers: str = "Content-Type: text/html; charset=utf-8\r\n",
    status: str = "HTTP/1.1 200 OK",
    extra: str = "",
) -> bytes:
    """Build a WARC record of an HTTP response."""
    return build_record(f"{status}\r\n{headers}\r\n".encode() + body, address, extra=extra)


def build_arc(*pages: tuple[str, bytes], version: int = 1) -> bytes:
    """Build an ARC archive of pages and their addresses."""
    names = "URL IP-address Archive-date Content-type Archive-length"
    if version == 2:
        names = "URL IP-address Archive-date Content-type Result-code Checksum Location Offset Filename Archive-length"
    description = f"{version} 0 Crawler\n{names}\n".encode()
    data = f"filedesc://a.arc 0.0.0.0 20160630100000 text/plain {len(description)}\n".encode() + description + b"\n"
    for address, page in pages:
        response = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page
        fields = "200 - - 0 a.arc " if version == 2 else ""
        data += f"{address} 1.2.3.4 20160630100000 text/html {fields}{len(response)}\n".encode() + response + b"\n"
    return data


def compress_each(*records: bytes) -> bytes:
    """Compress each record on its own, as crawlers do."""
    return b"".join(map(gzip.compress, records))
