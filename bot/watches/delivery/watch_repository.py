"""Stores watches and the watch settings of channels.

Rule: a change of a watch, its audit entry and a higher version are one transaction. Versions are committed in order,
so a replica that has read all watches up to a version only needs the later ones.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, func, insert, select, true, update

from bot.storage.audit_log import AuditAction, AuditLog, Detail
from bot.storage.database import Database
from bot.storage.schema import watch_changes, watch_matches, watch_notices, watches
from bot.storage.store import Store
from bot.watches.model import ChannelWatch, WatchConfig, WatchState, deserialize_query, serialize_query
from briefings import BadQuestion

#: most watches of one channel and of one team, without stopped ones
MAX_CHANNEL_WATCHES, MAX_TEAM_WATCHES = 50, 10_000
_STOPPED = 'This watch was stopped. Set up a new one: /watch "lynch-mob"'
_AUDIT_ACTIONS = {WatchState.ACTIVE: "resumed", WatchState.PAUSED: "paused", WatchState.STOPPED: "stopped"}


@dataclass(frozen=True, slots=True)
class WatchChanges:
    """The watches that changed since a version, the current version, and the number of all active watches."""

    version: int
    watches: tuple[ChannelWatch, ...]
    active_count: int


class WatchRepository:
    """The watches of all teams. `clock` returns the current time with its time zone.

    Every call can raise DatabaseUnavailable.
    """

    def __init__(self, database: Database, audit_log: AuditLog, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._audit_log = audit_log
        self._clock = clock

    async def add(self, config: WatchConfig) -> ChannelWatch:
        """Save a new, active watch. Raises BadQuestion if the channel already has it, or has too many."""
        return await self._database.write_async(lambda db: self._add(db, config))

    async def list_watches(
        self, team: str | None = None, channel: str | None = None, owner: str | None = None
    ) -> tuple[ChannelWatch, ...]:
        """Return the watches that are not stopped, of a team or of all teams, by channel and number."""
        statement = select(watches).where(watches.c.state != WatchState.STOPPED.value)
        for column, value in ((watches.c.team, team), (watches.c.channel, channel), (watches.c.owner, owner)):
            statement = statement.where(column == value) if value is not None else statement
        ordered = statement.order_by(watches.c.team, watches.c.channel, watches.c.number)
        return await self._database.read_async(lambda db: tuple(map(build_watch, db.execute(ordered).mappings())))

    async def find(self, team: str, channel: str, number: int) -> ChannelWatch | None:
        """Return the channel's watch with this number, in any state, or None."""
        condition = (watches.c.team == team) & (watches.c.channel == channel) & (watches.c.number == number)
        row = await self._database.read_async(
            lambda db: db.execute(select(watches).where(condition)).mappings().one_or_none()
        )
        return build_watch(row) if row else None

    async def change_state(self, watch: ChannelWatch, state: WatchState, person: str) -> ChannelWatch:
        """Pause, resume or stop the watch, and return its new state. A stopped watch does not change."""
        return await self._database.write_async(lambda db: self._change_state(db, watch, state, person))

    async def edit(self, watch: ChannelWatch, config: WatchConfig, person: str) -> ChannelWatch:
        """Save a new query, but keep the channel, thread and owner. Raises BadQuestion for a duplicate."""
        return await self._database.write_async(lambda db: self._edit(db, watch, config, person))

    async def take_over(self, watch: ChannelWatch, person: str) -> ChannelWatch:
        """Make `person` the owner. Return the watch's new state."""
        return await self._database.write_async(lambda db: self._take_over(db, watch, person))

    @staticmethod
    def forget_team(db: Connection, team: str) -> None:
        """Delete a team's watches, messages and matches, in the given transaction."""
        db.execute(delete(watch_matches).where(watch_matches.c.watch.in_(select(watches.c.id).filter_by(team=team))))
        db.execute(delete(watch_notices).where(watch_notices.c.team == team))
        db.execute(delete(watches).where(watches.c.team == team))
        bump_version(db)

    def _add(self, db: Connection, config: WatchConfig) -> ChannelWatch:
        version = bump_version(db)  # also locks the numbering
        in_channel = (watches.c.team == config.team) & (watches.c.channel == config.channel)
        is_kept = watches.c.state != WatchState.STOPPED.value
        rows = db.execute(select(watches).where(in_channel, is_kept)).mappings()
        _check_new(config, [build_watch(row) for row in rows], is_added=True)
        team_count = db.execute(
            select(func.count()).select_from(watches).where(watches.c.team == config.team, is_kept)
        ).scalar_one()
        if team_count >= MAX_TEAM_WATCHES:
            raise BadQuestion(f"This workspace already has {MAX_TEAM_WATCHES:,} watches, the limit. Stop some first.")
        number = 1 + (db.execute(select(func.max(watches.c.number)).where(in_channel)).scalar() or 0)
        row = {
            "team": config.team,
            "channel": config.channel,
            "number": number,
            "owner": config.owner,
            "query": serialize_query(config.query),
            "thread": config.thread,
            "state": WatchState.ACTIVE.value,
            "created_at": self._clock(),
            "version": version,
        }
        watch = build_watch(db.execute(insert(watches).values(row).returning(watches)).mappings().one())
        self._add_audit_entry(db, watch, config.owner, "added")
        return watch

    def _edit(self, db: Connection, watch: ChannelWatch, config: WatchConfig, person: str) -> ChannelWatch:
        new_config = replace(watch.config, query=config.query)
        version = bump_version(db)
        conditions = (watches.c.team == new_config.team, watches.c.channel == new_config.channel)
        others = select(watches).where(
            *conditions, watches.c.id != watch.id, watches.c.state != WatchState.STOPPED.value
        )
        _check_new(new_config, [build_watch(row) for row in db.execute(others).mappings()])
        return self._update(
            db, watch, person, "edited", {"query": serialize_query(new_config.query), "version": version}
        )

    def _change_state(self, db: Connection, watch: ChannelWatch, state: WatchState, person: str) -> ChannelWatch:
        current = build_watch(db.execute(select(watches).where(watches.c.id == watch.id)).mappings().one())
        if current.state in (state, WatchState.STOPPED):
            return current
        action = _AUDIT_ACTIONS[state]
        values: dict[str, Any] = {"state": state.value, "version": bump_version(db)}
        values["why"] = None if state is WatchState.ACTIVE else f"<@{person}> {action} it."
        return self._update(db, watch, person, action, values)

    def _take_over(self, db: Connection, watch: ChannelWatch, person: str) -> ChannelWatch:
        return self._update(db, watch, person, "taken over", {"owner": person}, {"owner": watch.config.owner})

    def _update(
        self,
        db: Connection,
        watch: ChannelWatch,
        person: str,
        action: str,
        values: dict[str, Any],
        detail: Detail | None = None,
    ) -> ChannelWatch:
        condition = (watches.c.id == watch.id) & (watches.c.state != WatchState.STOPPED.value)
        row = db.execute(update(watches).where(condition).values(values).returning(watches)).mappings().one_or_none()
        if row is None:
            raise BadQuestion(_STOPPED)
        changed_watch = build_watch(row)
        self._add_audit_entry(db, changed_watch, person, action, detail or {})
        return changed_watch

    def _add_audit_entry(
        self, db: Connection, watch: ChannelWatch, person: str | None, action: str, extra_detail: Detail | None = None
    ) -> None:
        detail: Detail = {"channel": watch.config.channel, "number": watch.number, **(extra_detail or {})}
        self._audit_log.add_in_transaction(
            db, AuditAction(watch.config.team, person, action, f"watch {watch.id}", detail)
        )


def load_changes(db: Connection, known_version: int, team: str | None = None) -> WatchChanges:
    """Return the watches that changed after `known_version`, stopped ones too, and what else a replica compares.

    With `team`, only those of this team.
    """
    version = db.execute(select(watch_changes.c.version)).scalar() or 0
    is_own = true() if team is None else watches.c.team == team
    statement = select(watches).where(watches.c.version > known_version, is_own)
    rows = db.execute(statement).mappings() if version != known_version else ()
    changed_watches = tuple(map(build_watch, rows))
    count = select(func.count()).select_from(watches).where(watches.c.state == WatchState.ACTIVE.value, is_own)
    return WatchChanges(version, changed_watches, db.execute(count).scalar_one())


def list_watching_teams(db: Connection) -> tuple[str, ...]:
    """Return the teams that have an active watch, sorted."""
    statement = select(watches.c.team).where(watches.c.state == WatchState.ACTIVE.value).distinct()
    return tuple(db.execute(statement.order_by(watches.c.team)).scalars())


def bump_version(db: Connection) -> int:
    """Return the next version of the watches. Other transactions that change a watch wait for the end of this one."""
    statement = update(watch_changes).values(version=watch_changes.c.version + 1).returning(watch_changes.c.version)
    version: int | None = db.execute(statement).scalar()
    if version is None and db.dialect.name == "postgresql":
        db.execute(select(func.pg_advisory_xact_lock(func.hashtext("watch changes"))))
        version = db.execute(statement).scalar()
    if version is None:
        db.execute(insert(watch_changes).values(id=1, version=1))
    return version or 1


def find_notice_watches(db: Connection, rows: Sequence[RowMapping]) -> dict[int, ChannelWatch]:
    """Return the watch of each message that has one.

    If it was paused or stopped, another active watch for which the message is posted too takes its place.
    """
    ids = {row["watch"] for row in rows if row["watch"] is not None}
    stored_rows = db.execute(select(watches).where(watches.c.id.in_(ids))).mappings()
    watch_by_id = {row["id"]: build_watch(row) for row in stored_rows}
    watch_by_notice = {row["id"]: watch_by_id[row["watch"]] for row in rows if row["watch"] in watch_by_id}
    # a message that lists further reports is posted for the watches of the message above it
    notice_by_parent = {row["parent"] or row["id"]: row["id"] for row in rows if row["watch"] is not None}
    lonely = {
        parent: notice
        for parent, notice in notice_by_parent.items()
        if notice not in watch_by_notice or not watch_by_notice[notice].is_active
    }
    if lonely:
        statement = (
            select(watch_matches.c.notice.label("parent"), watches)
            .join(watches, watches.c.id == watch_matches.c.watch)
            .where(watch_matches.c.notice.in_(lonely), watches.c.state == WatchState.ACTIVE.value)
            .order_by(watches.c.number.desc())
        )
        for row in db.execute(statement).mappings():
            watch_by_notice[lonely[row["parent"]]] = build_watch(row)
    return watch_by_notice


def build_watch(row: RowMapping) -> ChannelWatch:
    """Return the watch for a row of the table `watches`."""
    config = WatchConfig(row["team"], row["channel"], row["owner"], deserialize_query(row["query"]), row["thread"])
    return ChannelWatch(row["id"], row["number"], config, WatchState(row["state"]), row["why"], row["created_at"])


def open_watch_repository(store: Store) -> WatchRepository:
    """Return the repository of the watches in the bot's database."""
    return WatchRepository(store.database, store.audit_log, store.clock)


def _check_new(config: WatchConfig, channel_watches: Sequence[ChannelWatch], *, is_added: bool = False) -> None:
    """Raise BadQuestion if the channel has a watch with the same query, or, for one to be added, too many."""
    for watch in channel_watches:
        if watch.config.query == config.query and watch.config.thread == config.thread:
            raise BadQuestion(f"This channel already has this watch. It is number {watch.number} in /watch list.")
    if is_added and len(channel_watches) >= MAX_CHANNEL_WATCHES:
        raise BadQuestion(
            f"This channel already has {MAX_CHANNEL_WATCHES} watches, the limit. Stop one first, for example: "
            "/watch stop 1"
        )
