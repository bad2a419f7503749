"""Worker processes that send digests, and a stand-in for Slack that kills them.

A worker's token contains its process id, so the stand-in can kill it before or after it stores a message.
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

from bot.core.tenancy import use_all_teams
from bot.delivery.slack_errors import RetryPolicy
from bot.digests.delivery.runner import DigestRunner
from bot.digests.model import DetailsPlace
from bot.slack.transport import clients
from bot.slack.transport.channel_posts import QueuedChannelPoster
from bot.storage.request_log import RateLimit
from bot.storage.schema import digest_runs
from bot.storage.store import Store, open_store
from tests.stand_ins.digest_world import FakeContentSource

#: as in production, a lease lasts longer than one attempt, but all durations are shorter
RETRY_POLICY = RetryPolicy(
    lease_duration=timedelta(seconds=5),
    post_timeout=timedelta(seconds=2.5),
    first_backoff=timedelta(seconds=0.5),
    max_backoff=timedelta(seconds=1),
    max_concurrency=4,
)


def send_all(address: str, slack: str, digests_due: int) -> None:
    """Run the digest runner until this many runs are finished. `slack` is the URL of the Web API."""
    logging.disable(logging.CRITICAL)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    client = clients.make_web_client(slack, f"xoxb-{os.getpid()}")

    async def get_client(_: str) -> AsyncWebClient:
        return client

    async def make_passes() -> None:
        with closing(open_store(address, RateLimit(20), lambda: datetime.now(UTC).timestamp())) as store:
            poster = QueuedChannelPoster()
            source = FakeContentSource(1, DetailsPlace.THREAD, DetailsPlace.CHANNEL)
            runner = DigestRunner(store, source, poster, get_client, lambda: datetime.now(UTC), RETRY_POLICY)
            while await asyncio.to_thread(_count_finished_runs, store) < digests_due:
                await runner.run_due()
                await asyncio.sleep(0.1)
            runner.close()

    asyncio.run(make_passes())


def start_worker(address: str, slack: str, digests_due: int) -> BaseProcess:
    """Start a worker process that calls `send_all`."""
    context = get_context("forkserver")
    context.set_forkserver_preload([__name__, "psycopg", "sqlalchemy.dialects.postgresql.psycopg"])
    process = context.Process(target=send_all, args=(address, slack, digests_due), daemon=True)
    process.start()
    return process


def _count_finished_runs(store: Store) -> int:
    statement = select(func.count()).select_from(digest_runs).where(digest_runs.c.lease_until.is_(None))
    with use_all_teams("a worker of a test counts what is left"):
        return int(store.database.read(lambda db: db.execute(statement).scalar_one()))


class KillerSlack:
    """Stand-in for Slack that stores messages, drops connections and kills callers.

    `kills` is the number of processes to kill. `kill_counts` counts them by the moment of the kill.
    """

    def __init__(self, rng: random.Random, kills: int) -> None:
        self.messages: list[dict[str, Any]] = []
        self.kill_counts = {"before": 0, "after": 0, "answered": 0, "looking": 0}
        self.drop_count = 0
        self._rng = rng
        self._kills = kills
        self._killed_processes: set[int] = set()
        self.app = web.Application()
        self.app.router.add_post("/api/chat.postMessage", self._post)
        self.app.router.add_post("/api/conversations.history", self._history)
        self.app.router.add_post("/api/conversations.replies", self._history)

    async def _post(self, request: web.Request) -> web.StreamResponse:
        message = await request.json() if request.content_type == "application/json" else dict(await request.post())
        if isinstance(message.get("metadata"), str):
            message["metadata"] = json.loads(message["metadata"])
        draw = self._rng.random()
        if draw < 0.15 and self._kill(request, "before"):
            return cut_connection(request)
        self.messages.append({**message, "ts": f"{datetime.now(UTC).timestamp():.3f}{len(self.messages):03}"})
        if 0.15 <= draw < 0.3 and self._kill(request, "after"):
            return cut_connection(request)
        if 0.3 <= draw < 0.4:
            self.drop_count += 1
            return cut_connection(request)
        response = web.json_response({"ok": True, "ts": self.messages[-1]["ts"]})
        if 0.4 <= draw < 0.55:
            await response.prepare(request)
            await response.write_eof()
            self._kill(request, "answered")
        return response

    async def _history(self, request: web.Request) -> web.StreamResponse:
        arguments = {**request.query, **dict(await request.post())}
        if self._rng.random() < 0.1 and self._kill(request, "looking"):
            return cut_connection(request)
        messages = [
            message
            for message in self.messages
            if message["channel"] == arguments["channel"]
            and message.get("thread_ts") == arguments.get("ts")
            and float(message["ts"]) >= float(str(arguments.get("oldest", "0")))
        ]
        return web.json_response({"ok": True, "messages": messages[::-1], "has_more": False})

    def _kill(self, request: web.Request, when: str) -> bool:
        # few kills must not leave a moment out by chance
        is_ahead = self.kill_counts[when] > min(self.kill_counts["before"], self.kill_counts["after"]) + 1
        if is_ahead or sum(self.kill_counts.values()) >= self._kills:
            return False
        process = int(request.headers["Authorization"].rpartition("-")[2])
        if process not in self._killed_processes:  # another of its calls may just have killed it
            self._killed_processes.add(process)
            os.kill(process, signal.SIGKILL)
            self.kill_counts[when] += 1
        return True


def cut_connection(request: web.Request) -> web.StreamResponse:
    """Close the connection without a response."""
    if request.transport:
        request.transport.abort()
    return web.Response()
