"""Stores the muted sources of each channel.

Rule: a change and its audit entry are one transaction. What a channel mutes is read from memory for a moment, so that
each answer does not read the table; a change is seen at once by this process, and by others within that moment.
"""

from collections import OrderedDict
from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, func, select

from bot.mutes.model import Mute, MuteTarget, SourceKind, build_filter
from bot.storage.audit_log import AuditAction, AuditLog
from bot.storage.database import Database, build_insert
from bot.storage.schema import mutes
from bot.storage.store import Store
from briefings import BadQuestion, SourceFilter

#: most muted sources of one channel
MAX_MUTES = 50
#: seconds for which what was read is used
_CACHE_SECONDS = 1.0
_MAX_CACHED_CHANNELS = 10_000
#: channels in one statement
_IN_CHUNK = 500


class MuteRepository:
    """Repository of the table `mutes`. `clock` returns the time. Every call can raise DatabaseUnavailable."""

    def __init__(self, database: Database, audit_log: AuditLog, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._audit_log = audit_log
        self._clock = clock
        self._cache: OrderedDict[tuple[str, str], tuple[datetime, tuple[Mute, ...]]] = OrderedDict()

    async def list_mutes(self, team: str, channel: str, *, cached: bool = False) -> tuple[Mute, ...]:
        """Return the muted sources of a channel, oldest first. With `cached`, they can be a second old."""
        now = self._clock()
        entry = self._cache.get((team, channel))
        if cached and entry and 0 <= (now - entry[0]).total_seconds() < _CACHE_SECONDS:
            return entry[1]
        statement = select(mutes).where(mutes.c.team == team, mutes.c.channel == channel)
        rows = await self._database.read_async(
            lambda db: db.execute(statement.order_by(mutes.c.at, mutes.c.source)).all()
        )
        channel_mutes = tuple(Mute(MuteTarget(SourceKind(row.kind), row.label), row.person, row.at) for row in rows)
        self._cache[team, channel] = now, channel_mutes
        self._cache.move_to_end((team, channel))
        while len(self._cache) > _MAX_CACHED_CHANNELS:
            self._cache.popitem(last=False)
        return channel_mutes

    async def add(self, team: str, channel: str, person: str, targets: Sequence[MuteTarget]) -> tuple[MuteTarget, ...]:
        """Mute sources in a channel. Return those that were not muted. Raises BadQuestion over the limit."""
        new_targets = await self._database.write_async(lambda db: self._add(db, team, channel, person, targets))
        self._cache.pop((team, channel), None)
        return new_targets

    async def remove(self, team: str, channel: str, person: str, targets: Sequence[MuteTarget]) -> None:
        """Unmute sources in a channel. Those that are not muted are ignored."""
        keys = [target.key for target in targets]
        statement = delete(mutes).where(mutes.c.team == team, mutes.c.channel == channel, mutes.c.source.in_(keys))

        def work(db: Connection) -> None:
            removed_labels = db.execute(statement.returning(mutes.c.label)).scalars().all()
            for label in removed_labels:
                self._audit_log.add_in_transaction(
                    db, AuditAction(team, person, "unmuted", label, {"channel": channel})
                )

        await self._database.write_async(work)
        self._cache.pop((team, channel), None)

    @staticmethod
    def forget_team(db: Connection, team: str) -> None:
        """Delete a team's muted sources, in the given transaction."""
        db.execute(delete(mutes).where(mutes.c.team == team))

    def _add(
        self, db: Connection, team: str, channel: str, person: str, targets: Sequence[MuteTarget]
    ) -> tuple[MuteTarget, ...]:
        new_targets = []
        for target in targets:
            row = {"team": team, "channel": channel, "source": target.key, "kind": target.kind.value}
            row |= {"label": target.label, "person": person}
            statement = build_insert(db, mutes).values(at=self._clock(), **row).on_conflict_do_nothing()
            if db.execute(statement.returning(mutes.c.source)).scalar() is None:
                continue
            new_targets.append(target)
        condition = (mutes.c.team == team) & (mutes.c.channel == channel)
        if new_targets and db.execute(select(func.count()).where(condition)).scalar_one() > MAX_MUTES:
            raise BadQuestion(
                f"This channel already mutes {MAX_MUTES} sources, the limit. Unmute one first: /sources unmute 1"
            )
        for target in new_targets:  # last, because other writers wait for the end of this transaction
            action = AuditAction(team, person, "muted", target.label, {"channel": channel})
            self._audit_log.add_in_transaction(db, action)
        return tuple(new_targets)


def read_filters(db: Connection, places: Collection[tuple[str, str]]) -> dict[tuple[str, str], SourceFilter]:
    """Return what channels mute, each given by its team and id, in the given transaction; only those that mute any."""
    teams = sorted({team for team, _ in places})
    if not teams:
        return {}
    mutes_by_place: dict[tuple[str, str], list[Mute]] = {}
    channels = sorted({channel for _, channel in places})
    for start in range(0, len(channels), _IN_CHUNK):
        is_asked = mutes.c.team.in_(teams) & mutes.c.channel.in_(channels[start : start + _IN_CHUNK])
        for row in db.execute(select(mutes).where(is_asked)):
            mute = Mute(MuteTarget(SourceKind(row.kind), row.label), row.person, row.at)
            mutes_by_place.setdefault((row.team, row.channel), []).append(mute)
    return {place: build_filter(mutes_by_place[place]) for place in places if place in mutes_by_place}


def open_mute_repository(store: Store) -> MuteRepository:
    """Return the repository of the muted sources in the bot's database."""
    return MuteRepository(store.database, store.audit_log, store.clock)
