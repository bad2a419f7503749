"""One server for the bot and the local workspace, which takes Slack's place.

Rule: every start creates a new signing secret and token. They leave the process only over loopback.
"""

import json
import secrets
from dataclasses import replace

from aiohttp import web

from bot.core import slack_limits
from bot.core.metrics import Metrics
from bot.core.settings import Settings
from bot.digests.delivery.digest_repository import open_digest_repository
from bot.server.feed_poller import FeedPoller
from bot.server.manifest import build_manifest
from bot.server.server import build_web_app
from bot.simulator.mailbox import LOCAL_MAIL, LocalMailbox
from bot.simulator.pages import create_agenda, empty_agenda
from bot.simulator.server import attach
from bot.simulator.state.clock import TurnableClock
from bot.simulator.state.model import read_commands, read_shortcuts
from bot.storage.store import Store
from briefings import BriefingService
from briefings.feeds import FeedService


def build_with_workspace(
    base_settings: Settings,
    service: BriefingService,
    *,
    clock: TurnableClock | None = None,
    store: Store | None = None,
    metrics: Metrics | None = None,
    feed_service: FeedService | None = None,
    poller: FeedPoller | None = None,
    ack_seconds: float = slack_limits.ACK_SECONDS,
) -> tuple[web.Application, Settings]:
    """Build the bot's web application with the workspace at `/`; return it with the settings to serve it.

    The workspace and the bot share `clock`; `store` should use it too. `base_settings.port` must be a fixed port,
    because the bot needs the workspace's URL before it listens. The bot must acknowledge within `ack_seconds`.
    Raises BadSettings unless `base_settings.host` is on loopback.
    """
    host = f"[{base_settings.host}]" if ":" in base_settings.host else base_settings.host
    base = f"http://{host}:{base_settings.port}"
    secret, token = secrets.token_hex(32), f"xoxb-{secrets.token_hex(16)}"
    settings = replace(
        base_settings,
        bot_token=token,
        signing_secret=secret,
        api_url=f"{base}/local/api/",
        loopback=base,
        # whatever the settings say, this bot sends no real e-mail
        mail=LOCAL_MAIL,
    )

    clock, mailbox = clock or TurnableClock(), LocalMailbox()
    app = build_web_app(
        settings,
        service,
        now=clock.get_timestamp,
        sleep=clock.sleep,
        store=store,
        metrics=metrics,
        feed_service=feed_service,
        poller=poller,
        mail_sender=mailbox,
    )
    app_manifest = json.loads(build_manifest(command_names=settings.command_names))
    attach(
        app,
        signing_secret=secret,
        bot_token=token,
        base_url=base,
        clock=clock,
        agenda=create_agenda(open_digest_repository(store)) if store else empty_agenda,
        commands=read_commands(app_manifest),
        shortcuts=read_shortcuts(app_manifest),
        ack_seconds=ack_seconds,
    )
    mailbox.attach(app, base)
    return app, settings
