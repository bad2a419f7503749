"""How fast slash commands are acknowledged, from a client process of its own over loopback.

Rival: a Bolt app behind the same web server that checks the signature and acknowledges, and does nothing else.
Ours also refuses repeats and counts who asks how often, and composes and delivers the briefings that it acknowledged
while more come in.
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

from bench.figures import Figure, percentile
from bench.seeded import seeded
from bench.served import served
from bot.core import logs
from bot.core.settings import Settings
from bot.server.server import build_web_app
from bot.storage.request_log import RateLimit
from bot.storage.store import open_store
from briefings.service.service import BriefingService

_SECRET = "0" * 32
_AT_ONCE = 20
#: what is typed, and how often: `help` is the way of a request alone, the other brings a briefing's work with it
_ASKED = (("help", "help", 2_000), ("briefing", "labour-crisis", 2_000))
#: commands of as many people at the same moment, to a bot that has composed nothing yet
_BURST = 40


@dataclass(frozen=True, slots=True)
class Taken:
    """What the client saw: acknowledgements a second, the milliseconds that 99 of 100 did not exceed, the slowest."""

    per_second: float
    p99_ms: float
    slowest_ms: float


def measure() -> Iterator[Figure]:
    """Acknowledgements a second and their p99: of `help`, which takes no work, and of a briefing on the seeds."""
    logs.configure("CRITICAL")  # an answer that comes when the client is gone is no news here
    with TemporaryDirectory() as folder, seeded(Path(folder)) as (_, desk):
        for name, text, requests in _ASKED:
            ours, raw = _both(folder, desk, text, requests, _AT_ONCE)
            yield Figure(f"slack.{name}.acks_per_s", ours.per_second, raw.per_second)
            yield Figure(f"slack.{name}.ack_p99_ms", ours.p99_ms, raw.p99_ms)
        ours, raw = _both(folder, desk, "labour-crisis", _BURST, _BURST)
        yield Figure(f"slack.burst{_BURST}.ack_slowest_ms", ours.slowest_ms, raw.slowest_ms)


def _both(folder: str, desk: BriefingService, text: str, requests: int, at_once: int) -> tuple[Taken, Taken]:
    """Ours and the rival."""
    raw = asyncio.run(_measured(_peer(), text, requests, at_once))
    with closing(
        open_store(f"sqlite:///{folder}/record.db", RateLimit(_settings().rate_per_minute), time.time)
    ) as store:
        app = build_web_app(_settings(), desk, store=store)
        return asyncio.run(_measured(app, text, requests, at_once)), raw


def _settings() -> Settings:
    return Settings(bot_token="xoxb-made-up", signing_secret=_SECRET)  # noqa: S106  # opens nothing


def _peer() -> web.Application:
    """A Bolt app that only acknowledges."""
    bolt = AsyncApp(signing_secret=_SECRET, authorize=_authorized)

    @bolt.command("/briefing")
    async def on_briefing(ack: AsyncAck) -> None:
        await ack()

    async def events(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await bolt.async_dispatch(await to_bolt_request(request)))

    app = web.Application()
    app.router.add_post("/slack/events", events)
    return app


async def _authorized() -> AuthorizeResult:
    """Without asking Slack, as in our own bot."""
    return AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-made-up")  # noqa: S106  # opens nothing


async def _measured(app: web.Application, text: str, requests: int, at_once: int) -> Taken:
    async with served(app) as site:
        client = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bench.slack_client", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
        )
        asked = {
            "url": f"{site}/slack/events",
            "secret": _SECRET,
            "text": text,
            "requests": requests,
            "at_once": at_once,
        }
        told, _ = await client.communicate(json.dumps({**asked, "run": time.time_ns()}).encode())
        if client.returncode:
            raise RuntimeError("the client failed")
        seen = json.loads(told)
    return Taken(requests / seen["seconds"], percentile(seen["ms"], 0.99), max(seen["ms"]))
