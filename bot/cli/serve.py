"""The commands `demo`, `serve` and `manifest`."""

import signal
import time
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

from bot.cli import resources
from bot.cli.terminal.output import build_style
from bot.core.settings import Mode, Settings
from briefings import BadSettings, BriefingsError, BriefingService
from briefings.render import Style, to_terminal

if TYPE_CHECKING:
    from bot.storage.store import Store


def demo(arguments: Namespace) -> int:
    """Add the sample articles if the database is empty, and print the answers to two slash commands."""
    with resources.open_service(resources.load_settings()) as service:
        if not service.get_counts().articles:
            from briefings.ingest import read_raw_articles  # the readers of all kinds of files

            service.add(read_raw_articles(resources.find_seeds()))
        for question, render in (
            ("/briefing labour-crisis", _render_briefing),
            ('/whosaid "lynch-mob"', _render_who_said),
        ):
            print(f"> {question}\n\n{_render_or_explain(render, service, build_style(arguments))}\n")
    return 0


def serve(_: Namespace) -> int:
    """Run the bot until it gets SIGTERM or SIGINT."""
    import asyncio  # the server's modules are imported when it starts

    from briefings import BoundedSteps

    # until the server handles the signal: the first process of a container would ignore it
    signal.signal(signal.SIGTERM, _exit)
    settings = resources.load_settings()
    with resources.open_bot_service(settings) as service, BoundedSteps() as steps:
        asyncio.run(_run_server(settings, service.with_steps(steps)))
    return 0


def _exit(signal_number: int, _: object) -> NoReturn:
    raise SystemExit(128 + signal_number)


def manifest(arguments: Namespace) -> int:
    """Print the app manifest: for Socket Mode, or for HTTP at `--url`, for one workspace or `--many`."""
    from bot.server.manifest import build_manifest

    text = build_manifest(
        arguments.url,
        many_workspaces=arguments.many,
        classic=arguments.classic,
        command_names=resources.load_command_names(),
        pages_url=_find_public_url(),
    )
    print(text, end="")
    return 0


def _find_public_url() -> str | None:
    """Return PUBLIC_URL, or None. The other settings may be incomplete, because the app does not exist yet."""
    try:
        return resources.load_settings().public_url
    except BadSettings:
        return None


def _render_briefing(service: BriefingService, style: Style) -> str:
    return to_terminal(service.brief("labour-crisis"), style)


def _render_who_said(service: BriefingService, style: Style) -> str:
    return to_terminal(service.who_said("lynch-mob"), style)


def _render_or_explain(render: Callable[[BriefingService, Style], str], service: BriefingService, style: Style) -> str:
    """Return the answer or its error message, for example if the database has only other articles."""
    try:
        return render(service, style)
    except BriefingsError as error:
        return str(error)


async def _run_server(settings: Settings, service: BriefingService) -> None:
    from bot.cli.safety.startup import configure_logs, prepare_keys
    from bot.core import logs
    from bot.core.metrics import Metrics
    from bot.server.feed_poller import FeedPoller, open_feed_builder, open_feed_service
    from bot.server.server import build_web_app, serve

    metrics = Metrics()
    start_keys = prepare_keys(settings)
    configure_logs(settings, start_keys.keys, metrics.record_error)
    if start_keys.problem:
        logs.get_logger().warning("audit_log_without_key", reason=start_keys.problem)
    if settings.record_policy.is_per_team:
        async with open_feed_builder(settings) as build_feeds:
            with _open_store(settings) as store:
                app = build_web_app(settings, service, store=store, metrics=metrics, build_feeds=build_feeds)
                await serve(app, settings, on_listening=_print_url)
        return
    configured_feeds = resources.load_feeds(settings)
    async with open_feed_service(settings, service) as feeds:
        feed_poller = FeedPoller(feeds, configured_feeds[0] if configured_feeds else None)
        if settings.mode is not Mode.LOCAL:
            with _open_store(settings) as store:
                app = build_web_app(
                    settings, service, store=store, metrics=metrics, feed_service=feeds, poller=feed_poller
                )
                await serve(app, settings, on_listening=_print_url)
            return
        from bot.simulator.mount import build_with_workspace
        from bot.simulator.state.clock import TurnableClock

        clock = TurnableClock()
        with _open_store(settings, clock.get_timestamp) as store:
            app, local_settings = build_with_workspace(
                settings, service, clock=clock, store=store, metrics=metrics, feed_service=feeds, poller=feed_poller
            )
            await serve(app, local_settings, on_listening=_print_local_url)


@contextmanager
def _open_store(settings: Settings, now: Callable[[], float] = time.time) -> "Iterator[Store]":
    """Open the bot's own tables, after encrypting what is still in clear."""
    from bot.cli.safety.startup import protect_store

    with resources.open_bot_store(settings, now) as store:
        protect_store(settings, store)
        yield store


def _print_url(url: str) -> None:
    print(f"On the Record is running at {url} and answering in Slack. Press Ctrl-C to stop.", flush=True)


def _print_local_url(url: str) -> None:
    print(f"No Slack tokens are set. Open the local workspace at {url}/ and type /briefing labour-crisis", flush=True)
    print("Press Ctrl-C to stop.", flush=True)
