"""The commands `digest list` and `digest run-due`, for the digests of all workspaces."""

import asyncio
from argparse import Namespace

from bot.cli import resources
from bot.cli.queries import format_count
from bot.cli.terminal.lists import Column, Listing, apply_limit, print_list
from bot.cli.terminal.output import format_json
from bot.core.settings import Mode, Settings
from bot.digests.delivery.digest_repository import DigestRepository, open_digest_repository
from bot.digests.model import Digest, Run
from bot.storage.store import Store
from briefings import BadSettings, BriefingService
from briefings.render import make_printable


def list_digests(arguments: Namespace) -> int:
    """Print every digest that is not stopped, with its next run and the outcome of its last run."""
    with resources.open_operator_store(resources.load_settings()) as store:
        digest_runs = asyncio.run(_load_digests(open_digest_repository(store)))
    if arguments.json:
        shown_runs = apply_limit(digest_runs, arguments)
        print(format_json([_build_json(digest, last_run) for digest, last_run in shown_runs]))
    else:
        print_list(digest_runs, _DIGESTS, arguments)
    return 0


def run_due(_: Namespace) -> int:
    """Send the digests that are due and print the number of runs. Raises BadSettings without Slack tokens."""
    settings = resources.load_settings()
    if settings.mode is Mode.LOCAL:
        raise BadSettings("Slack is not connected: set SLACK_BOT_TOKEN, or use digests in the local workspace.")
    with resources.open_bot_service(settings) as service, resources.open_bot_store(settings) as store:
        run_count = asyncio.run(_run_due(settings, service, store))
    print(f"{format_count(run_count, 'run')} due.")
    return 0


async def _run_due(settings: Settings, service: BriefingService, store: Store) -> int:
    from bot.cli.safety.startup import configure_logs
    from bot.server import wiring

    configure_logs(settings, store.keys)
    bot = wiring.build(settings, service, store=store)
    try:
        run_count = await bot.runner.run_due() if bot.runner else 0
        if bot.mail_runner:
            await bot.mail_runner.run_due()
        return run_count
    finally:
        if bot.mail_runner:
            bot.mail_runner.close()
        bot.executor.close()
        bot.gate.close()
        bot.records.close()


async def _load_digests(repository: DigestRepository) -> list[tuple[Digest, Run | None]]:
    """Return each digest with its last run, or None if it has not run yet."""
    digest_runs = []
    for digest in await repository.list_digests():
        runs = await repository.list_runs(digest, 1)
        digest_runs.append((digest, runs[0] if runs else None))
    return digest_runs


def _format_digest(digest: Digest, last_run: Run | None) -> str:
    config = digest.config
    next_run = f"next {digest.next_due:%Y-%m-%d %H:%M} UTC" if digest.next_due else digest.state.value
    last_outcome = f", last {last_run.due_at:%Y-%m-%d %H:%M} UTC {last_run.state.value}" if last_run else ""
    location = f"{config.team} {config.channel} {digest.number}"
    return f"{location}  {make_printable(config.query)}  {config.schedule} {config.zone}  {next_run}{last_outcome}"


def _build_row(digest: Digest, last_run: Run | None) -> tuple[str, ...]:
    config = digest.config
    return (
        f"{config.team} {config.channel} {digest.number}",
        config.query,
        f"{config.schedule} {config.zone}",
        f"{digest.next_due:%Y-%m-%d %H:%M} UTC" if digest.next_due else digest.state.value,
        f"{last_run.due_at:%Y-%m-%d %H:%M} UTC {last_run.state.value}" if last_run else "",
    )


_DIGESTS: Listing[tuple[Digest, Run | None]] = Listing(
    (Column("channel"), Column("about"), Column("schedule"), Column("next"), Column("last")),
    lambda digest_run: _build_row(*digest_run),
    lambda digest_run: _format_digest(*digest_run),
    empty_message="No digests yet.",
)


def _build_json(digest: Digest, last_run: Run | None) -> dict[str, object]:
    config = digest.config
    return {
        "team": config.team,
        "channel": config.channel,
        "number": digest.number,
        "ask": config.query,
        "schedule": str(config.schedule),
        "zone": config.zone,
        "owner": config.owner,
        "when_nothing": config.when_nothing.value,
        "state": digest.state.value,
        "why": digest.reason,
        "next_due": digest.next_due and digest.next_due.isoformat(),
        "last": {"due": last_run.due_at.isoformat(), "state": last_run.state.value, "why": last_run.reason}
        if last_run
        else None,
    }
