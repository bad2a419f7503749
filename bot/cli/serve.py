"""The starts: demo, serve, manifest."""

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
    """Fills an empty record with the seeds and prints what the two slash commands answer."""
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
    """Serves the bot until it is told to stop."""
    settings = resources.load_settings()
    with resources.open_service(settings) as service:
        asyncio.run(_run_server(settings, service))
    return 0


def manifest(arguments: Namespace) -> int:
    """Prints the manifest for Socket Mode, or for HTTP at `--url`, for one workspace or `--many`."""
    from bot.server.manifest import build_manifest as written

    print(written(arguments.url, many_workspaces=arguments.many), end="")
    return 0


def _render_briefing(service: BriefingService) -> str:
    return to_terminal(service.brief("labour-crisis"), build_style())


def _render_who_said(service: BriefingService) -> str:
    return to_terminal(service.who_said("lynch-mob"), build_style())


def _render_or_explain(render: Callable[[BriefingService], str], service: BriefingService) -> str:
    """The answer, or the sentence that a person would get instead, as from a record that holds other articles."""
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
                await serve(app, settings, on_listening=_print_address)
            return
        from bot.simulator.mount import build_with_workspace
        from bot.simulator.state.clock import TurnableClock

        clock = TurnableClock()
        with resources.open_bot_store(settings, clock.get_timestamp) as store:
            app, local_settings = build_with_workspace(
                settings, service, clock=clock, store=store, metrics=metrics, feed_service=feeds, poller=feed_poller
            )
            await serve(app, local_settings, on_listening=_print_local_address)


def _print_address(address: str) -> None:
    print(f"On the Record listens at {address} and answers in Slack. Ctrl-C stops it.", flush=True)


def _print_local_address(address: str) -> None:
    print(
        f"No Slack tokens are set: open the local workspace at {address}/ and type /briefing labour-crisis", flush=True
    )
    print("Ctrl-C stops it.", flush=True)
