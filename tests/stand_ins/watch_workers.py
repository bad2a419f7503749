"""Worker processes that run watches, and a stand-in for Slack that kills them and accepts edits."""

import asyncio
import logging
import os
import random
from contextlib import closing
from datetime import UTC, datetime
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from typing import Any

import structlog
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import func, select

from bot.core.tenancy import use_all_teams
from bot.slack.transport import clients
from bot.slack.transport.channel_posts import QueuedChannelPoster
from bot.storage.request_log import RateLimit
from bot.storage.schema import watch_matches, watch_notices
from bot.storage.store import Store, open_store
from bot.watches.delivery.runner import WatchRunner
from bot.watches.delivery.stored_articles import StoredArticles
from briefings.service.service import BriefingService
from briefings.storage.repository import open_repository
from tests.stand_ins.digest_workers import RETRY_POLICY, KillerSlack, cut_connection


def run_all(address: str, slack: str, matches_due: int) -> None:
    """Run the watches until this many matches are recorded and all of their messages are posted."""
    logging.disable(logging.CRITICAL)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    client = clients.make_web_client(slack, f"xoxb-{os.getpid()}")

    async def get_client(_: str) -> AsyncWebClient:
        return client

    def now() -> datetime:
        return datetime.now(UTC)

    async def make_passes() -> None:
        with (
            closing(open_repository(address, now)) as repository,
            closing(open_store(address, RateLimit(20), lambda: now().timestamp())) as store,
        ):
            source = StoredArticles(BriefingService(repository))
            runner = WatchRunner(store, source, QueuedChannelPoster(), get_client, now, RETRY_POLICY)
            while not await asyncio.to_thread(_is_done, store, matches_due):
                await runner.run_due()
                await asyncio.sleep(0.1)
            runner.close()

    asyncio.run(make_passes())


def start_worker(address: str, slack: str, matches_due: int) -> BaseProcess:
    """Start a worker process that calls `run_all`."""
    context = get_context("forkserver")
    context.set_forkserver_preload([__name__, "psycopg", "sqlalchemy.dialects.postgresql.psycopg"])
    process = context.Process(target=run_all, args=(address, slack, matches_due), daemon=True)
    process.start()
    return process


def _is_done(store: Store, matches_due: int) -> bool:
    match_count = select(func.count()).select_from(watch_matches)
    open_count = select(func.count()).select_from(watch_notices).where(watch_notices.c.lease_until.is_not(None))
    with use_all_teams("a worker of a test counts what is left"):
        return store.database.read(
            lambda db: db.execute(match_count).scalar_one() >= matches_due and not db.execute(open_count).scalar_one()
        )


class EditingKillerSlack(KillerSlack):
    """A killer that also accepts edits. `edit_count` counts them."""

    def __init__(self, rng: random.Random, kills: int) -> None:
        super().__init__(rng, kills)
        self.edit_count = 0
        self.app.router.add_post("/api/chat.update", self._update)

    async def _update(self, request: web.Request) -> web.StreamResponse:
        changes: dict[str, Any] = (
            await request.json() if request.content_type == "application/json" else dict(await request.post())
        )
        if self._rng.random() < 0.1 and self._kill(request, "before"):
            return cut_connection(request)
        (message,) = [message for message in self.messages if message["ts"] == changes["ts"]]
        message |= {name: changes[name] for name in ("text", "blocks") if name in changes}
        self.edit_count += 1
        if self._rng.random() < 0.1 and self._kill(request, "after"):
            return cut_connection(request)
        return web.json_response({"ok": True, "ts": changes["ts"]})
