"""The commands `watch list` and `watch run`, for the watches of all workspaces."""

import asyncio
from argparse import Namespace

from bot.cli import resources
from bot.cli.queries import format_count
from bot.cli.terminal.lists import Column, Listing, apply_limit, print_list
from bot.cli.terminal.output import format_json
from bot.core.settings import Mode, Settings
from bot.queries.watches import format_watch
from bot.storage.store import Store
from bot.watches.delivery.watch_repository import open_watch_repository
from bot.watches.model import ChannelWatch, serialize_query
from briefings import BadSettings, BriefingService
from briefings.render import make_printable


def list_watches(arguments: Namespace) -> int:
    """Print every watch that is not stopped."""
    with resources.open_operator_store(resources.load_settings()) as store:
        watches = asyncio.run(open_watch_repository(store).list_watches())
    if arguments.json:
        print(format_json([_build_json(watch) for watch in apply_limit(watches, arguments)]))
    else:
        print_list(watches, _WATCHES, arguments)
    return 0


def run(_: Namespace) -> int:
    """Match what has arrived with the watches, post what is due, and print counts.

    Raises BadSettings without Slack tokens.
    """
    settings = resources.load_settings()
    if settings.mode is Mode.LOCAL:
        raise BadSettings("Slack is not connected: set SLACK_BOT_TOKEN, or use watches in the local workspace.")
    with resources.open_bot_service(settings) as service, resources.open_bot_store(settings) as store:
        print(asyncio.run(_run_once(settings, service, store)))
    return 0


async def _run_once(settings: Settings, service: BriefingService, store: Store) -> str:
    from bot.cli.safety.startup import configure_logs
    from bot.server import wiring

    configure_logs(settings, store.keys)
    bot = wiring.build(settings, service, store=store)
    try:
        if bot.watch_runner is None:
            return "Watches need a database: set DATABASE_URL."
        attempt_count = await bot.watch_runner.run_due()
        articles = format_count(bot.watch_runner.arrival_count, "article")
        matches = "1 match" if bot.watch_runner.match_count == 1 else f"{bot.watch_runner.match_count} matches"
        return f"{articles} arrived, {matches}, {format_count(attempt_count, 'message')} due."
    finally:
        bot.executor.close()
        bot.gate.close()
        bot.records.close()


def _format_watch(watch: ChannelWatch) -> str:
    config = watch.config
    query = format_watch(config.query).partition(" ")[2]
    reason = f" ({make_printable(watch.reason)})" if watch.reason else ""
    location = f"{config.team} {config.channel} {watch.number}"
    return f"{location}  {make_printable(query)}  {config.owner}  {watch.state.value}{reason}"


_WATCHES: Listing[ChannelWatch] = Listing(
    (Column("channel"), Column("looks for"), Column("owner"), Column("state")),
    lambda watch: (
        f"{watch.config.team} {watch.config.channel} {watch.number}",
        format_watch(watch.config.query).partition(" ")[2],
        watch.config.owner,
        f"{watch.state.value}{f' ({watch.reason})' if watch.reason else ''}",
    ),
    _format_watch,
    empty_message="No watches yet.",
)


def _build_json(watch: ChannelWatch) -> dict[str, object]:
    config = watch.config
    return {
        "team": config.team,
        "channel": config.channel,
        "number": watch.number,
        "query": serialize_query(config.query),
        "owner": config.owner,
        "thread": config.thread or None,
        "state": watch.state.value,
        "why": watch.reason,
        "created_at": watch.created_at.isoformat(),
    }
