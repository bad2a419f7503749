"""Measure how fast slash commands are acknowledged, from a separate client process over loopback.

Reference: a Bolt app on the same web server that only checks the signature and acknowledges. Our bot also deduplicates,
applies rate limits, and composes and delivers the acknowledged briefings while more commands arrive.
"""

import asyncio
import json
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult

from bench.figures import Figure, compute_percentile
from bench.seeded import open_seeded_service
from bench.served import serve
from bot.core import logs
from bot.core.settings import Settings
from bot.server.server import build_web_app
from bot.storage.request_log import RateLimit
from bot.storage.store import open_store
from briefings.service.service import BriefingService

_SECRET = "0" * 32
_CONCURRENCY = 20
#: name, text and number of the commands: `help` measures only the request, the other one also composes a briefing
_COMMANDS = (("help", "help", 2_000), ("briefing", "labour-crisis", 2_000))
#: number of simultaneous commands by different users, sent to a bot with an empty cache
_BURST_SIZE = 40


@dataclass(frozen=True, slots=True)
class ClientResult:
    """Results of the client: acknowledgements per second, their p99, and the slowest."""

    per_second: float
    p99_ms: float
    slowest_ms: float


def measure() -> Iterator[Figure]:
    """Yield acknowledgements per second and their p99 for `help` and for a briefing on the seeds."""
    logs.configure("CRITICAL")  # hides the errors of answers sent after the client has exited
    with TemporaryDirectory() as folder, open_seeded_service(Path(folder)) as (_, service):
        for name, text, requests in _COMMANDS:
            ours, raw = _measure_both(folder, service, text, requests, _CONCURRENCY)
            yield Figure(f"slack.{name}.acks_per_s", ours.per_second, raw.per_second)
            yield Figure(f"slack.{name}.ack_p99_ms", ours.p99_ms, raw.p99_ms)
        ours, raw = _measure_both(folder, service, "labour-crisis", _BURST_SIZE, _BURST_SIZE)
        yield Figure(f"slack.burst{_BURST_SIZE}.ack_slowest_ms", ours.slowest_ms, raw.slowest_ms)


def _measure_both(
    folder: str, service: BriefingService, text: str, requests: int, concurrency: int
) -> tuple[ClientResult, ClientResult]:
    """Return the results of our bot and of the reference."""
    raw = asyncio.run(_measure_app(_build_peer(), text, requests, concurrency))
    with closing(
        open_store(f"sqlite:///{folder}/record.db", RateLimit(_build_settings().rate_per_minute), time.time)
    ) as store:
        app = build_web_app(_build_settings(), service, store=store)
        return asyncio.run(_measure_app(app, text, requests, concurrency)), raw


def _build_settings() -> Settings:
    return Settings(bot_token="xoxb-made-up", signing_secret=_SECRET)  # noqa: S106  # opens nothing


def _build_peer() -> web.Application:
    """Build a Bolt app that only acknowledges."""
    bolt = AsyncApp(signing_secret=_SECRET, authorize=_authorize)

    @bolt.command("/briefing")
    async def on_briefing(ack: AsyncAck) -> None:
        await ack()

    async def events(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await bolt.async_dispatch(await to_bolt_request(request)))

    app = web.Application()
    app.router.add_post("/slack/events", events)
    return app


async def _authorize() -> AuthorizeResult:
    """Authorise without a call to Slack, as our bot does."""
    return AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-made-up")  # noqa: S106  # opens nothing


async def _measure_app(app: web.Application, text: str, requests: int, concurrency: int) -> ClientResult:
    async with serve(app) as address:
        client = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bench.slack_client", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
        )
        task = {
            "url": f"{address}/slack/events",
            "secret": _SECRET,
            "text": text,
            "requests": requests,
            "at_once": concurrency,
        }
        output, _ = await client.communicate(json.dumps({**task, "run": time.time_ns()}).encode())
        if client.returncode:
            raise RuntimeError("the client failed")
        timings = json.loads(output)
    return ClientResult(requests / timings["seconds"], compute_percentile(timings["ms"], 0.99), max(timings["ms"]))
