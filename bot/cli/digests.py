"""The commands `digest list` and `digest run-due`, for the digests of all workspaces."""

import asyncio
import json
from argparse import Namespace

from bot.cli import resources
from bot.cli.queries import format_count
from bot.core.settings import Mode, Settings
from bot.digests.delivery.digest_repository import DigestRepository, open_digest_repository
from bot.digests.model import Digest, Run
from bot.storage.store import Store
from briefings import BadSettings, BriefingService
from briefings.render import make_printable


def list_digests(arguments: Namespace) -> int:
    """Print every digest that is not stopped, with its next run and the outcome of its last run."""
    with resources.open_bot_store(resources.load_settings()) as store:
        digest_runs = asyncio.run(_load_digests(open_digest_repository(store)))
    if arguments.json:
        print(json.dumps([_build_json(digest, last_run) for digest, last_run in digest_runs], ensure_ascii=False))
    else:
        print("\n".join(_format_digest(digest, last_run) for digest, last_run in digest_runs) or "No digests yet.")
    return 0


def run_due(_: Namespace) -> int:
    """Send the digests that are due and print the number of runs. Raises BadSettings without Slack tokens."""
    settings = resources.load_settings()
    if settings.mode is Mode.LOCAL:
        raise BadSettings("Slack is not connected: set SLACK_BOT_TOKEN, or use digests in the local workspace.")
    with resources.open_service(settings) as service, resources.open_bot_store(settings) as store:
        run_count = asyncio.run(_run_due(settings, service, store))
    print(f"{format_count(run_count, 'run')} due.")
    return 0


async def _run_due(settings: Settings, service: BriefingService, store: Store) -> int:
    from bot.core import logs
    from bot.server import wiring

    logs.configure(settings.log_level, secrets=settings.secrets)
    bot = wiring.build(settings, service, store=store)
    try:
        return await bot.runner.run_due() if bot.runner else 0
    finally:
        bot.executor.close()
        bot.gate.close()


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
