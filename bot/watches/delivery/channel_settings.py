"""Stores the watch settings of each channel: the limit an hour, quiet hours and their time zone.

Rule: a channel without a row has the defaults. A change and its audit entry are one transaction.
"""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Connection, RowMapping, delete, insert, select

from bot.storage.audit_log import AuditAction, AuditLog
from bot.storage.database import Database
from bot.storage.schema import watch_channels
from bot.storage.store import Store
from bot.watches.model import ChannelSettings
from bot.watches.quiet_hours import parse_stored_quiet_hours

#: ids in one statement
_IN_CHUNK = 500


class WatchChannelSettings:
    """Repository of the table `watch_channels`. Every call can raise DatabaseUnavailable."""

    def __init__(self, database: Database, audit_log: AuditLog) -> None:
        self._database = database
        self._audit_log = audit_log

    async def load(self, team: str, channel: str) -> ChannelSettings:
        """Return the settings of a channel."""
        return await self._database.read_async(lambda db: read_settings(db, team, channel))

    async def save(self, team: str, channel: str, person: str, settings: ChannelSettings) -> None:
        """Save the settings of a channel."""
        detail = {"limit": settings.hourly_limit, "quiet": str(settings.quiet_hours or ""), "zone": settings.zone}
        row = {"team": team, "channel": channel, "hourly_limit": settings.hourly_limit}
        row |= {"quiet": detail["quiet"], "zone": settings.zone}

        def work(db: Connection) -> None:
            db.execute(delete(watch_channels).where(_match(team, channel)))
            db.execute(insert(watch_channels).values(row))
            self._audit_log.add_in_transaction(db, AuditAction(team, person, "set watch settings", channel, detail))

        await self._database.write_async(work)

    @staticmethod
    def forget_team(db: Connection, team: str) -> None:
        """Delete a team's settings, in the given transaction."""
        db.execute(delete(watch_channels).where(watch_channels.c.team == team))


def read_settings(db: Connection, team: str, channel: str) -> ChannelSettings:
    """Return the settings of a channel, in the given transaction."""
    row = db.execute(select(watch_channels).where(_match(team, channel))).mappings().one_or_none()
    return _build_settings(row) if row else ChannelSettings()


def read_all_settings(db: Connection, places: Collection[tuple[str, str]]) -> dict[tuple[str, str], ChannelSettings]:
    """Return the settings of channels, each given by its team and id, in the given transaction."""
    settings = dict.fromkeys(places, ChannelSettings())
    teams = sorted({team for team, _ in places})
    channels = sorted({channel for _, channel in places})
    for start in range(0, len(channels), _IN_CHUNK):
        condition = watch_channels.c.team.in_(teams) & watch_channels.c.channel.in_(channels[start : start + _IN_CHUNK])
        for row in db.execute(select(watch_channels).where(condition)).mappings():
            if (place := (row["team"], row["channel"])) in settings:
                settings[place] = _build_settings(row)
    return settings


def _build_settings(row: RowMapping) -> ChannelSettings:
    return ChannelSettings(row["hourly_limit"], parse_stored_quiet_hours(row["quiet"]), row["zone"])


def open_watch_channel_settings(store: Store) -> WatchChannelSettings:
    """Return the repository of the settings in the bot's database."""
    return WatchChannelSettings(store.database, store.audit_log)


def _match(team: str, channel: str) -> ColumnElement[bool]:
    return (watch_channels.c.team == team) & (watch_channels.c.channel == channel)
