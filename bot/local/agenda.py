"""What the bot's own tables say of its digests here: when each comes next, and what became of its last runs.

Rule: it is read and never written. Slack knows nothing of it; whoever turns the clock wants to know where to.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from bot.digests.delivery.digest_repository import DigestRepository
from bot.digests.model import Digest, Run, RunState
from bot.local.model import TEAM_ID

#: runs of one digest that are told of
_MAX_RUNS = 8


@dataclass(frozen=True, slots=True)
class AgendaEntry:
    """A digest, and its last runs, newest first."""

    digest: Digest
    runs: tuple[Run, ...]


Agenda = Callable[[], Awaitable[tuple[AgendaEntry, ...]]]


def create_agenda(repository: DigestRepository) -> Agenda:
    """The agenda of the digests that are kept for this workspace."""

    async def list_entries() -> tuple[AgendaEntry, ...]:
        return tuple(
            [
                AgendaEntry(digest, await repository.list_runs(digest, _MAX_RUNS))
                for digest in await repository.list_digests(TEAM_ID)
            ]
        )

    return list_entries


async def empty_agenda() -> tuple[AgendaEntry, ...]:
    """The agenda of a bot that keeps nothing."""
    return ()


def find_next_digest(entries: tuple[AgendaEntry, ...], now: datetime) -> Digest | None:
    """The digest that comes first after `now`."""
    upcoming = [entry.digest for entry in entries if entry.digest.next_due and entry.digest.next_due > now]
    return min(upcoming, key=lambda digest: (digest.next_due, digest.id), default=None)


def describe_run(run: Run) -> str:
    """What became of a run, in a few words."""
    description = {
        RunState.SENT: "sent late" if run.late else "sent",
        RunState.SILENT: "nothing was new, nothing posted",
        RunState.WAITING: "due",
        RunState.CLAIMED: "under way",
        RunState.CONTENT_READY: "under way",
        RunState.UNKNOWN: "not known whether it was posted",
    }.get(run.state, run.state.value)
    return f"{description}: {run.reason}" if run.reason else description
