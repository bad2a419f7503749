"""What the bot's own tables say of its digests here: when each comes next, and what became of its last runs.

Rule: it is read and never written. Slack knows nothing of it; whoever turns the clock wants to know where to.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from bot.digests.model import Digest, Run, RunState
from bot.local.model import TEAM_ID
from bot.store.digests import Digests

#: runs of one digest that are told of
_RUNS = 8


@dataclass(frozen=True, slots=True)
class Entry:
    """A digest, and its last runs, newest first."""

    digest: Digest
    runs: tuple[Run, ...]


Agenda = Callable[[], Awaitable[tuple[Entry, ...]]]


def of_store(kept: Digests) -> Agenda:
    """The agenda of the digests that are kept for this workspace."""

    async def entries() -> tuple[Entry, ...]:
        return tuple([Entry(digest, await kept.runs(digest, _RUNS)) for digest in await kept.of(TEAM_ID)])

    return entries


async def none() -> tuple[Entry, ...]:
    """The agenda of a bot that keeps nothing."""
    return ()


def next_due(entries: tuple[Entry, ...], now: datetime) -> Digest | None:
    """The digest that comes first after `now`."""
    ahead = [entry.digest for entry in entries if entry.digest.next_due and entry.digest.next_due > now]
    return min(ahead, key=lambda digest: (digest.next_due, digest.id), default=None)


def became(run: Run) -> str:
    """What became of a run, in a few words."""
    told = {
        RunState.SENT: "sent late" if run.late else "sent",
        RunState.SILENT: "nothing was new, nothing posted",
        RunState.WAITING: "due",
        RunState.CLAIMED: "under way",
        RunState.FROZEN: "under way",
        RunState.UNKNOWN: "not known whether it was posted",
    }.get(run.state, run.state.value)
    return f"{told}: {run.why}" if run.why else told
