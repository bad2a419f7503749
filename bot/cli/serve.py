"""The commands `demo`, `serve` and `manifest`."""

import asyncio
from argparse import Namespace
from collections.abc import Callable

from bot.cli import resources
from bot.cli.queries import build_style
from bot.core.settings import Mode, Settings
from briefings import BriefingsError, BriefingService
from briefings.ingest import read_raw_articles
from briefings.render import to_terminal


def demo(_: Namespace) -> int:
    """Add the sample articles if the database is empty, and print the answers to two slash commands."""
    with resources.open_service(resources.load_settings()) as service:
        if not service.get_counts().articles:
            service.add(read_raw_articles(resources.find_seeds()))
        for question, render in (
            ("/briefing labour-crisis", _render_briefing),
            ('/whosaid "lynch-mob"', _render_who_said),
        ):
            print(f"> {question}\n\n{_render_or_explain(render, service)}\n")
    return 0


def serve(_: Namespace) -> int:
    """Run the bot until it gets SIGTERM or SIGINT."""
    settings = resources.load_settings()
    with resources.open_service(settings) as service:
        asyncio.run(_run_server(settings, service))
    return 0


def manifest(arguments: Namespace) -> int:
    """Print the app manifest: for Socket Mode, or for HTTP at `--url`, for one workspace or `--many`."""
    from bot.server.manifest import build_manifest

    text = build_manifest(
        arguments.url,
        many_workspaces=arguments.many,
        classic=arguments.classic,
        command_names=resources.load_command_names(),
    )
    print(text, end="")
    return 0


def _render_briefing(service: BriefingService) -> str:
    return to_terminal(service.brief("labour-crisis"), build_style())


def _render_who_said(service: BriefingService) -> str:
    return to_terminal(service.who_said("lynch-mob"), build_style())


def _render_or_explain(render: Callable[[BriefingService], str], service: BriefingService) -> str:
    """Return the answer or its error message, for example if the database has only other articles."""
    try:
        return render(service)
    except BriefingsError as error:
        return str(error)


async def _run_server(settings: Settings, service: BriefingService) -> None:
    from bot.core import logs
    from bot.core.metrics import Metrics
    from bot.server.feed_poller import FeedPoller, open_feed_service
    from bot.server.server import build_web_app, serve

    metrics = Metrics()
    logs.configure(settings.log_level, secrets=settings.secrets, on_error=metrics.record_error)
    configured_feeds = resources.load_feeds(settings)
    async with open_feed_service(settings, service) as feeds:
        feed_poller = FeedPoller(feeds, configured_feeds[0] if configured_feeds else None)
        if settings.mode is not Mode.LOCAL:
            with resources.open_bot_store(settings) as store:
                app = build_web_app(
                    settings, service, store=store, metrics=metrics, feed_service=feeds, poller=feed_poller
                )
                await serve(app, settings, on_listening=_print_url)
            return
        from bot.simulator.mount import build_with_workspace
        from bot.simulator.state.clock import TurnableClock

        clock = TurnableClock()
        with resources.open_bot_store(settings, clock.get_timestamp) as store:
            app, local_settings = build_with_workspace(
                settings, service, clock=clock, store=store, metrics=metrics, feed_service=feeds, poller=feed_poller
            )
            await serve(app, local_settings, on_listening=_print_local_url)


def _print_url(url: str) -> None:
    print(f"On the Record is running at {url} and answering in Slack. Press Ctrl-C to stop.", flush=True)


def _print_local_url(url: str) -> None:
    print(f"No Slack tokens are set. Open the local workspace at {url}/ and type /briefing labour-crisis", flush=True)
    print("Press Ctrl-C to stop.", flush=True)
