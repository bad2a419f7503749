"""Measure how fast the bot answers /healthz and signed commands while it reads pages made to be dear.

Each text of the cost benchmark is a page of a website on this machine, with a megabyte. The bot adds it by its link, as
"Add linked articles" does. Another process asks at a steady pace. Reference: the same while the bot reads an ordinary
page of the same size.
"""

import asyncio
import json
import sys
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack, closing
from pathlib import Path
from tempfile import TemporaryDirectory

from aiohttp import web
from aiohttp.test_utils import TestServer

from bench.cost import LARGE_SIZE, build_news, build_texts
from bench.cost.stages import build_page
from bench.figures import Figure, compute_percentile
from bench.seeded import open_seeded_service
from bot.core import logs
from bot.core.settings import Settings
from bot.server.feed_poller import open_feed_service
from bot.server.server import build_web_app
from bot.storage.request_log import RateLimit
from bot.storage.store import open_store
from briefings import BoundedSteps, BriefingService

_SECRET = "0" * 32
_NEWS = "ordinary_news"


def measure(size: int = LARGE_SIZE, names: tuple[str, ...] = ()) -> Iterator[Figure]:
    """Yield p99 ms of /healthz and of a signed command during each text, or only during those with these names."""
    logs.configure("CRITICAL")
    texts = {name: text for name, text in build_texts(size).items() if not names or name in names}
    with TemporaryDirectory() as folder, open_seeded_service(Path(folder)) as (_, service), BoundedSteps() as steps:
        results = asyncio.run(_read_pages(folder, service.with_steps(steps), {_NEWS: build_news(size), **texts}))
        reference = results.pop(_NEWS)
        for name, times in results.items():
            for kind in ("healthz", "command"):
                p99, news_p99 = compute_percentile(times[kind], 0.99), compute_percentile(reference[kind], 0.99)
                yield Figure(f"cost_server.{name}.{kind}.p99_ms", p99, news_p99)
        for kind in ("healthz", "command"):
            all_times = [value for times in results.values() for value in times[kind]]
            yield Figure(
                f"cost_server.all.{kind}.p99_ms",
                compute_percentile(all_times, 0.99),
                compute_percentile(reference[kind], 0.99),
            )


async def _read_pages(
    folder: str, service: BriefingService, texts: dict[str, str]
) -> dict[str, dict[str, list[float]]]:
    """Add each text by its link, and return the milliseconds of the other requests meanwhile."""
    url = f"sqlite:///{folder}/record.db"
    settings = Settings(
        bot_token="xoxb-made-up",  # noqa: S106  # opens nothing
        signing_secret=_SECRET,
        database_url=url,
        fetch_networks=("127.0.0.0/8",),
    )
    async with AsyncExitStack() as stack:
        site = await stack.enter_async_context(TestServer(_build_site(texts)))
        feed_service = await stack.enter_async_context(open_feed_service(settings, service))
        store = stack.enter_context(closing(open_store(url, RateLimit(1_000), time.time)))
        app = build_web_app(settings, service, store=store, feed_service=feed_service)
        server = await stack.enter_async_context(TestServer(app))
        results = {}
        for name in texts:
            client = await _start_client(str(server.make_url("")).rstrip("/"))
            report = await feed_service.add(str(site.make_url(f"/{name}")))
            output, _ = await client.communicate(b"")  # closes its standard input
            results[name] = json.loads(output)
            sys.stderr.write(f"{name}: {report.summarise()} {' '.join(report.sentences)}\n")
        return results


async def _start_client(url: str) -> asyncio.subprocess.Process:
    client = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.cost_client", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    if client.stdin is None:
        raise RuntimeError("the client did not start")
    client.stdin.write(json.dumps({"url": url, "secret": _SECRET}).encode() + b"\n")
    await client.stdin.drain()
    await asyncio.sleep(1.5)  # it starts
    return client


def _build_site(texts: dict[str, str]) -> web.Application:
    async def send_page(request: web.Request) -> web.Response:
        text = texts.get(request.match_info["name"])
        if text is None:
            raise web.HTTPNotFound
        return web.Response(body=build_page(text), content_type="text/html", charset="utf-8")

    site = web.Application()
    site.router.add_get("/{name}", send_page)
    return site
