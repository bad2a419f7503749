"""Processes that send digests, to be killed at any moment, and the Slack over HTTP that kills them.

A worker's token names its process, so that whoever receives its calls can kill it before or after taking them.
"""

import asyncio
import json
import logging
import os
import random
import signal
from contextlib import closing
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from typing import Any

import structlog
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import func, select

from bot.digests.delivery.runner import DigestRunner
from bot.digests.delivery.slack_errors import RetryPolicy
from bot.slack.transport import clients
from bot.slack.transport.channel_posts import QueuedChannelPoster
from bot.storage.request_log import RateLimit
from bot.storage.schema import digest_runs
from bot.storage.store import Store, open_store
from tests.stand_ins.digest_world import FakeContentSource

#: a lease outlasts one attempt, as in a newsroom, but not by minutes
RETRY_POLICY = RetryPolicy(
    lease_duration=timedelta(seconds=5),
    post_timeout=timedelta(seconds=2.5),
    first_backoff=timedelta(seconds=0.5),
    max_backoff=timedelta(seconds=1),
    max_concurrency=4,
)


def send_all(address: str, slack: str, digests_due: int) -> None:
    """Sends until every digest's run is over."""
    logging.disable(logging.CRITICAL)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    client = clients.make_web_client(slack, f"xoxb-{os.getpid()}")

    async def client_of(_: str) -> AsyncWebClient:
        return client

    async def passes() -> None:
        with closing(open_store(address, RateLimit(20), lambda: datetime.now(UTC).timestamp())) as store:
            posting = QueuedChannelPoster()
            runner = DigestRunner(
                store, FakeContentSource(thread=1), posting, client_of, lambda: datetime.now(UTC), RETRY_POLICY
            )
            while await asyncio.to_thread(_over, store) < digests_due:
                await runner.run_due()
                await asyncio.sleep(0.1)
            runner.close()

    asyncio.run(passes())


def start_worker(address: str, slack: str, digests_due: int) -> BaseProcess:
    """A worker."""
    context = get_context("forkserver")
    context.set_forkserver_preload(["tests.digest_workers", "psycopg", "sqlalchemy.dialects.postgresql.psycopg"])
    process = context.Process(target=send_all, args=(address, slack, digests_due), daemon=True)
    process.start()
    return process


def _over(store: Store) -> int:
    waiting = select(func.count()).select_from(digest_runs).where(digest_runs.c.lease_until.is_(None))
    return int(store.database.read(lambda db: db.execute(waiting).scalar_one()))


class KillerSlack:
    """Slack over HTTP: takes messages, drops connections, kills whoever calls, until it has killed enough."""

    def __init__(self, chance: random.Random, kills: int) -> None:
        self.messages: list[dict[str, Any]] = []
        self.kill_counts = {"before": 0, "after": 0, "answered": 0, "looking": 0}
        self.drop_count = 0
        self._chance = chance
        self._kills = kills
        self._gone: set[int] = set()
        self.app = web.Application()
        self.app.router.add_post("/api/chat.postMessage", self._post)
        self.app.router.add_post("/api/conversations.history", self._history)
        self.app.router.add_post("/api/conversations.replies", self._history)

    async def _post(self, request: web.Request) -> web.StreamResponse:
        told = await request.json() if request.content_type == "application/json" else dict(await request.post())
        if isinstance(told.get("metadata"), str):
            told["metadata"] = json.loads(told["metadata"])
        drawn = self._chance.random()
        if drawn < 0.15 and self._kill(request, "before"):
            return _gone(request)
        self.messages.append({**told, "ts": f"{datetime.now(UTC).timestamp():.3f}{len(self.messages):03}"})
        if 0.15 <= drawn < 0.3 and self._kill(request, "after"):
            return _gone(request)
        if 0.3 <= drawn < 0.4:
            self.drop_count += 1
            return _gone(request)
        answer = web.json_response({"ok": True, "ts": self.messages[-1]["ts"]})
        if 0.4 <= drawn < 0.55:
            await answer.prepare(request)
            await answer.write_eof()
            self._kill(request, "answered")
        return answer

    async def _history(self, request: web.Request) -> web.StreamResponse:
        told = {**request.query, **dict(await request.post())}
        if self._chance.random() < 0.1 and self._kill(request, "looking"):
            return _gone(request)
        mine = [
            one
            for one in self.messages
            if one["channel"] == told["channel"]
            and one.get("thread_ts") == told.get("ts")
            and float(one["ts"]) >= float(str(told.get("oldest", "0")))
        ]
        return web.json_response({"ok": True, "messages": mine[::-1], "has_more": False})

    def _kill(self, request: web.Request, when: str) -> bool:
        if sum(self.kill_counts.values()) >= self._kills:
            return False
        process = int(request.headers["Authorization"].rpartition("-")[2])
        if process not in self._gone:  # by another of its calls, a moment ago
            self._gone.add(process)
            os.kill(process, signal.SIGKILL)
            self.kill_counts[when] += 1
        return True


def _gone(request: web.Request) -> web.StreamResponse:
    """The connection is cut without an answer."""
    if request.transport:
        request.transport.abort()
    return web.Response()
