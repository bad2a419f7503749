"""Puts the bot and the local workspace on one server: the workspace is Slack to that bot, which has no other path.

Rule: the secret and the token are made anew at every start and leave this process only over loopback.
"""

import json
import secrets
from dataclasses import replace

from aiohttp import web

from bot import limits
from bot.local.agenda import none, of_store
from bot.local.clock import TurnableClock
from bot.local.model import commands_of, shortcuts_of
from bot.local.server import attach
from bot.manifest import manifest
from bot.metrics import Metrics
from bot.polling import Polling
from bot.serve import build_web_app
from bot.settings import Settings
from bot.store.digests import open_digests
from bot.store.store import Store
from briefings.desk import Desk
from briefings.gathering.gathering import Gathering


def with_workspace(
    told: Settings,
    desk: Desk,
    *,
    clock: TurnableClock | None = None,
    store: Store | None = None,
    metrics: Metrics | None = None,
    gathering: Gathering | None = None,
    polling: Polling | None = None,
    ack_seconds: float = limits.ACK_SECONDS,
) -> tuple[web.Application, Settings]:
    """The bot's web application with the workspace at `/`, and the settings to serve it with.

    `clock` is the workspace's and the bot's; `store` should go by it too. `told.port` must be a port, as the bot is
    told its Slack's address before it listens. `ack_seconds` is how long it may take to acknowledge. Raises
    BadSettings unless `told.host` is on loopback.
    """
    host = f"[{told.host}]" if ":" in told.host else told.host
    base = f"http://{host}:{told.port}"
    secret, token = secrets.token_hex(32), f"xoxb-{secrets.token_hex(16)}"
    settings = replace(told, bot_token=token, signing_secret=secret, api_url=f"{base}/local/api/", loopback=base)

    clock = clock or TurnableClock()
    app = build_web_app(
        settings,
        desk,
        now=clock.seconds,
        sleep=clock.sleep,
        store=store,
        metrics=metrics,
        gathering=gathering,
        polling=polling,
    )
    told_of = json.loads(manifest())
    attach(
        app,
        signing_secret=secret,
        bot_token=token,
        base_url=base,
        clock=clock,
        agenda=of_store(open_digests(store)) if store else none,
        commands=commands_of(told_of),
        shortcuts=shortcuts_of(told_of),
        ack_seconds=ack_seconds,
    )
    return app, settings
