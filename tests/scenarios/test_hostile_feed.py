"""A feed whose every link is a trap but one: each is a counted, named failure of its own, and the good one comes."""

import asyncio
import gzip
import json
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web
from aiohttp.test_utils import TestServer

from briefings.feeds.polling import Outcome
from briefings.feeds.service import FeedRequest
from briefings.ingest.http.failures import Failure
from briefings.ingest.http.fetcher import FetchLimits
from tests.stand_ins.feed_world import newsdesk
from tests.stand_ins.newsroom import PARAGRAPHS

BODY = "".join(f"<p>{one}</p>" for one in PARAGRAPHS)
PAGE = f"<html><head><title>Good</title></head><body><article><h1>Good</h1>{BODY}</article></body></html>"
LIMITS = FetchLimits(max_bytes=1_000_000, timeout_seconds=2.0)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def serve_body(body: bytes, kind: str = "text/html", **headers: str) -> Handler:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(body=body, headers={"Content-Type": kind} | headers)

    return answer


def redirect_to(address: str) -> Handler:
    async def send(_: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": address})

    return send


async def serve_endlessly(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/html"})
    await response.prepare(request)
    try:
        while True:
            await response.write(b"<p>more and more</p>" * 1_000)
    except ConnectionError:
        return response


async def never_answer(_: web.Request) -> web.StreamResponse:
    await asyncio.Event().wait()
    raise AssertionError


TRAPS: dict[str, tuple[Handler, Failure]] = {
    "huge": (serve_body(b"", **{"Content-Length": "200000000"}), Failure.LARGE),
    "endless": (serve_endlessly, Failure.LARGE),
    "bomb": (serve_body(gzip.compress(b"<p>" * 20_000_000), **{"Content-Encoding": "gzip"}), Failure.LARGE),
    "silent": (never_answer, Failure.SLOW),
    "circle": (redirect_to("circle"), Failure.REDIRECTS),
    "metadata": (redirect_to("http://169.254.169.254/latest/meta-data/"), Failure.FORBIDDEN),
    "file": (redirect_to("file:///etc/passwd"), Failure.ADDRESS),
    "front": (redirect_to("/"), Failure.MISSING),
    "picture": (serve_body(b"\xff\xd8\xff\xe0", "image/jpeg"), Failure.KIND),
    "liar": (serve_body(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40), Failure.ARTICLE),
    "empty": (serve_body(b""), Failure.ARTICLE),
    "entities": (serve_body(b"<!DOCTYPE x [<!ENTITY a 'b'>]><html><body>&a;</body></html>"), Failure.ARTICLE),
    "deep": (serve_body(b"<div>" * 190_000), Failure.ARTICLE),
}


async def test_each_trap_is_one_failure_and_the_good_article_comes(tmp_path: Path) -> None:
    app = web.Application()
    links = [*TRAPS, "good"]

    async def feed(request: web.Request) -> web.Response:
        items: list[object] = [
            {"url": str(request.url.with_path(f"/{name}")), "title": "<script>x</script>"} for name in links
        ]
        items += [{"url": "javascript:alert(1)"}, {"url": "file:///etc/passwd"}, {"title": "nowhere"}, 7]
        return web.Response(text=json.dumps({"version": "https://jsonfeed.org/version/1", "items": items}))

    app.router.add_get("/feed", feed)
    app.router.add_get("/", serve_body(PAGE.encode()))
    app.router.add_get("/good", serve_body(PAGE.encode()))
    for name, (handler, _) in TRAPS.items():
        app.router.add_get(f"/{name}", handler)
    async with TestServer(app, host="127.0.0.1") as server, newsdesk(tmp_path, bounds=LIMITS) as news:
        await news.gathering.follow(FeedRequest(str(server.make_url("/feed")), "U1"))
        report = await news.gathering.poll()
        assert report is not None
        assert report.articles == [str(server.make_url("/good"))]
        expected = Counter(failure for _, failure in TRAPS.values())
        expected.update({Failure.ADDRESS: 3, Failure.FEED: 1})
        assert report.failures == expected
        assert report.outcomes == Counter({Outcome.ADDED: 1, Outcome.FAILED: len(TRAPS) + 4})
        (feed_row,) = await news.gathering.list_feeds()
        assert (feed_row.failures, feed_row.unusable) == (0, 4)
        waiting = news.sources.get_counts(news.clock.now).waiting
        assert waiting == 0  # none is asked again at once
