"""The digests of all workspaces, for whoever runs the bot: what is scheduled, and one pass of the scheduler."""

import asyncio
import json
from argparse import Namespace

from bot.cli import opened
from bot.digests.model import Digest, Run
from bot.settings import Mode, Settings
from bot.store.digests import Digests, open_digests
from bot.store.store import Store
from briefings.desk import Desk
from briefings.errors import BadSettings
from briefings.render.plain import printable


def listed(arguments: Namespace) -> int:
    """Prints every digest that is not stopped, with its next run and what became of the last one."""
    with opened.store(opened.settings()) as store:
        found = asyncio.run(_found(open_digests(store)))
    if arguments.json:
        print(json.dumps([_as_json(digest, last) for digest, last in found], ensure_ascii=False))
    else:
        print("\n".join(_line(digest, last) for digest, last in found) or "No digest is scheduled.")
    return 0


def run_due(_: Namespace) -> int:
    """Sends what is due now, and prints how many runs that were. Raises BadSettings without Slack tokens."""
    told = opened.settings()
    if told.mode is Mode.LOCAL:
        raise BadSettings("There is no Slack to post to: set SLACK_BOT_TOKEN, or schedule in the local workspace.")
    with opened.desk(told) as desk, opened.store(told) as store:
        taken = asyncio.run(_run_due(told, desk, store))
    print(f"{taken} run{'' if taken == 1 else 's'} due.")
    return 0


async def _run_due(told: Settings, desk: Desk, store: Store) -> int:
    from bot import app, logs

    logs.configure(told.log_level, secrets=told.secrets)
    bot = app.build(told, desk, store=store)
    try:
        return await bot.runner.run_due() if bot.runner else 0
    finally:
        bot.answering.close()
        bot.gate.close()


async def _found(digests: Digests) -> list[tuple[Digest, Run | None]]:
    found = []
    for digest in await digests.of():
        runs = await digests.runs(digest, 1)
        found.append((digest, runs[0] if runs else None))
    return found


def _line(digest: Digest, last: Run | None) -> str:
    wish = digest.wish
    when = f"next {digest.next_due:%Y-%m-%d %H:%M} UTC" if digest.next_due else digest.state.value
    became = f", last {last.due:%Y-%m-%d %H:%M} UTC {last.state.value}" if last else ""
    where = f"{wish.team} {wish.channel} {digest.number}"
    return f"{where}  {printable(wish.ask)}  {wish.schedule} {wish.zone}  {when}{became}"


def _as_json(digest: Digest, last: Run | None) -> dict[str, object]:
    wish = digest.wish
    return {
        "team": wish.team,
        "channel": wish.channel,
        "number": digest.number,
        "ask": wish.ask,
        "schedule": str(wish.schedule),
        "zone": wish.zone,
        "owner": wish.owner,
        "when_nothing": wish.when_nothing.value,
        "state": digest.state.value,
        "why": digest.why,
        "next_due": digest.next_due and digest.next_due.isoformat(),
        "last": {"due": last.due.isoformat(), "state": last.state.value, "why": last.why} if last else None,
    }
