"""Targets that read files, feeds and what servers answer. The parsers run in this process, so that errors are seen."""

import asyncio
import io
import tempfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from briefings.errors import BadInput
from briefings.ingest.archives.http_message import decode_body, parse_head
from briefings.ingest.context import Content, ReadContext, ReadObserver
from briefings.ingest.documents.registry import read_document
from briefings.ingest.file_reader import read_content
from briefings.ingest.formats.compression import open_content
from briefings.ingest.formats.integrity import Integrity
from briefings.ingest.http.bounded_body import read_body
from briefings.ingest.http.robots import RobotsCache
from briefings.ingest.pages.html import read_page
from briefings.ingest.pages.redirect_pages import find_refresh_target
from briefings.ingest.syndication.feed import read_feed
from briefings.ingest.syndication.opml import read_feed_list
from briefings.ingest.topics_file import read_topics
from briefings.text.spans import explain_unstorable
from tests.fuzz.samples import list_contents
from tests.fuzz.target import ForbiddenAnswer, Target, check_message

#: maximum number of articles that are taken from one input
_MAX_ARTICLES = 200
_ADDRESS = "https://tribune.example/rss"
#: kinds whose reader takes milliseconds, and gets fewer inputs
_SLOW_NAMES = ("page", "saved", "pdf", "sheet", "docx", "odt", "epub", "wacz", "warc", "arc", "zip", "factiva", "story")
_JSON_FEED = (
    '{"version":"https://jsonfeed.org/version/1.1","title":"The Tribune","home_page_url":"https://tribune.example/",'
    '"items":[{"id":"1","url":"https://tribune.example/1","title":"Harbour","date_published":"2016-06-30T10:00:00Z",'
    '"content_html":"<p>“We wait,” said Jane Roe.</p>","authors":[{"name":"Ada Kerr"}],"tags":["harbour"]}]}'
)
_ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom"><title>The Tribune</title><entry><id>tag:1</id><title>Harbour</title>'
    '<link href="https://tribune.example/1"/><updated>2016-06-30T10:00:00Z</updated><author><name>Ada Kerr</name>'
    '</author><content type="html">&lt;p&gt;Jane Roe said no.&lt;/p&gt;</content></entry></feed>'
)
_REDIRECT = '<html><head><meta http-equiv="refresh" content="0; url=https://tribune.example/2"></head></html>'
_ROBOTS = "User-agent: *\nDisallow: /private\nCrawl-delay: 2\nAllow: /*.html$\nSitemap: https://tribune.example/s.xml\n"
_TOPICS = '[[topic]]\nslug = "harbour"\ntitle = "The harbour"\nwords = ["harbour", "ferry strike"]\n'


class _LineObserver(ReadObserver):
    """Observer that accepts errors and warnings of one line."""

    def on_error(self, error: BadInput) -> None:
        check_message(str(error))

    def on_warning(self, sentence: str) -> None:
        check_message(sentence)


def list_targets() -> list[Target]:
    """Return a target for each kind of file, and for feeds, lists and responses of servers."""
    files = [
        Target(name, _build_file_run(name), [content.encode() if isinstance(content, str) else content], _share(name))
        for name, content in list_contents().items()
    ]
    return [
        *files,
        Target("live-feed", _read_live_feed, [str(list_contents()["feed.xml"]).encode(), _ATOM.encode()], 5),
        Target("json-feed", _read_live_feed, [_JSON_FEED.encode()], 20),
        Target(
            "feed-list", lambda data: read_feed_list(data, "feeds.opml"), [str(_get_text("feeds.opml")).encode()], 4
        ),
        Target("topics", _read_topics, [_TOPICS.encode()], 20),
        Target("robots", _read_robots, [_ROBOTS.encode()], 20),
        Target("refresh", lambda data: find_refresh_target(data.decode("utf-8", "replace")), [_REDIRECT.encode()], 20),
        Target("recorded-response", _read_recorded_response, list(map(_frame_response, _BODIES)), 20),
        Target("compressed-body", _read_compressed_body, _BODIES, 20),
    ]


def _get_text(name: str) -> str | bytes:
    return list_contents()[name]


def _share(name: str) -> int:
    return 4 if any(part in name for part in _SLOW_NAMES) else 8


def _build_file_run(name: str) -> Callable[[bytes], object]:
    return lambda data: _read_file(data, name)


def _read_file(data: bytes, name: str) -> int:
    """Read the articles of one file and return their number."""
    integrity, count = Integrity(name), 0
    context = ReadContext(read_page, read_document, _LineObserver())
    with open_content(lambda: io.BytesIO(data), integrity) as file:
        content = Content(file.stream, file.file_type, name, Path(name).stem, integrity)
        for item in read_content(content, context):
            if problem := explain_unstorable(item.article.text):
                raise ForbiddenAnswer(f"text cannot be stored: {problem}")
            count += 1
            if count >= _MAX_ARTICLES:
                break
    return count


def _read_live_feed(data: bytes) -> object:
    return read_feed(data, _ADDRESS, "application/xml")


def _read_topics(data: bytes) -> object:
    with tempfile.NamedTemporaryFile(prefix="topics-", suffix=".toml") as file:
        file.write(data)
        file.flush()
        return read_topics(Path(file.name))


def _read_robots(data: bytes) -> object:
    async def fetch(_: str) -> bytes:
        return data

    cache = RobotsCache("OnTheRecord", lambda: 0.0)
    return asyncio.run(cache.get_crawl_delay("https://tribune.example", "https://tribune.example/1", fetch))


def _read_recorded_response(data: bytes) -> object:
    head = parse_head(data)
    return decode_body(data[head.length :], head.headers, 1_000_000) if head else None


def _read_compressed_body(data: bytes) -> object:
    async def iterate() -> AsyncIterator[bytes]:
        for start in range(0, len(data), 100):
            yield data[start : start + 100]

    return asyncio.run(read_body(iterate(), "gzip", 1_000_000, _ADDRESS))


def _frame_response(body: bytes) -> bytes:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n"
    return head % len(body) + body


def _list_bodies() -> list[bytes]:
    import gzip
    import zlib

    text = b"<p>Jane Roe said no.</p>" * 8
    return [gzip.compress(text), gzip.compress(text) * 2, zlib.compress(text), zlib.compress(text)[2:-4]]


_BODIES = _list_bodies()
