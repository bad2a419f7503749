"""Stores where each channel gets the details of its digests.

Rule: a channel without a row has the default, the thread. A change and its audit entry are one transaction.
"""

from sqlalchemy import ColumnElement, Connection, delete, select

from bot.digests.model import DetailsPlace
from bot.storage.audit_log import AuditAction, AuditLog
from bot.storage.database import Database, build_insert
from bot.storage.schema import digest_channels
from bot.storage.store import Store


class ChannelSettings:
    """Repository of the table `digest_channels`. Every call can raise DatabaseUnavailable."""

    def __init__(self, database: Database, audit_log: AuditLog) -> None:
        self._database = database
        self._audit_log = audit_log

    async def get_details_place(self, team: str, channel: str) -> DetailsPlace:
        """Return where the channel gets the details of its digests."""
        statement = select(digest_channels.c.details).where(_match(team, channel))
        stored = await self._database.read_async(lambda db: db.execute(statement).scalar())
        return DetailsPlace(stored) if stored else DetailsPlace.THREAD

    async def set_details_place(self, team: str, channel: str, person: str, place: DetailsPlace) -> None:
        """Set where the channel gets the details, for all runs whose content is not saved yet."""
        action = AuditAction(team, person, "set digest details", channel, {"details": place.value})

        def work(db: Connection) -> None:
            row = build_insert(db, digest_channels).values(team=team, channel=channel, details=place.value)
            keys = [digest_channels.c.team, digest_channels.c.channel]
            db.execute(row.on_conflict_do_update(index_elements=keys, set_={"details": place.value}))
            self._audit_log.add_in_transaction(db, action)

        await self._database.write_async(work)

    @staticmethod
    def forget_team(db: Connection, team: str) -> None:
        """Delete a team's settings, in the given transaction."""
        db.execute(delete(digest_channels).where(digest_channels.c.team == team))


def open_channel_settings(store: Store) -> ChannelSettings:
    """Return the repository of the settings in the bot's database."""
    return ChannelSettings(store.database, store.audit_log)


def _match(team: str, channel: str) -> ColumnElement[bool]:
    return (digest_channels.c.team == team) & (digest_channels.c.channel == channel)
