"""Stores where the bot is installed, with Slack's tokens, in slack_sdk's own tables.

Rule: slack_sdk reads and writes the tables. This module runs it on a thread, keeps one installation per workspace,
writes the audit log, and encrypts the tokens before slack_sdk sees them.
"""

import asyncio
import copy
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

from slack_bolt.error import BoltError
from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.installation_store.sqlalchemy import SQLAlchemyInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from slack_sdk.oauth.state_store.sqlalchemy import SQLAlchemyOAuthStateStore
from sqlalchemy import ColumnElement, Connection, Table, and_, delete, func, or_, select

from bot.core.encryption.keys import NO_KEY, KeyRing
from bot.core.logs import get_library_logger
from bot.core.public_errors import explain_publicly
from bot.core.tenancy import OtherTeamRefused, use_team
from bot.storage.audit_log import AuditAction, AuditLog, log_action
from bot.storage.database import Database
from bot.storage.protection.token_cipher import TokenCipher
from bot.storage.protection.token_columns import Change, change_tokens
from bot.storage.schema import bots, installations, oauth_states
from briefings import BadSettings, DatabaseUnavailable

T = TypeVar("T")
Tokens = TypeVar("Tokens", Bot, Installation)
#: seconds to finish an installation after it was started
STATE_SECONDS = 10 * 60


class InstallationStore(AsyncInstallationStore):
    """Repository of the installations of the app `client_id`. The find methods may raise DatabaseUnavailable.

    Without `cipher`, it finds where the bot is installed, but raises BadSettings for tokens.
    """

    def __init__(
        self, database: Database, audit_log: AuditLog, client_id: str, cipher: TokenCipher | None = None
    ) -> None:
        self._database = database
        self._audit_log = audit_log
        self._client_id = client_id
        self._given_cipher = cipher
        self._reader = SQLAlchemyInstallationStore(client_id, database.engine, logger=get_library_logger())
        self._writer = SQLAlchemyInstallationStore(client_id, database.write_engine, logger=get_library_logger())

    @property
    def _cipher(self) -> TokenCipher:
        if self._given_cipher is None:
            raise BadSettings(NO_KEY)
        return self._given_cipher

    async def async_save(self, installation: Installation) -> None:
        """Replace older installations of the workspace with a new one. Raises BoltError, as the OAuth flow expects."""
        try:
            encrypted_installation = _copy_with_tokens(installation, self._cipher.encrypt)
            with use_team(installation.team_id or installation.enterprise_id or ""):
                await self._run_on_thread(lambda: self._writer.save(encrypted_installation))
                log_action(await self._database.write_async(lambda db: self._delete_older(db, installation)))
        except OtherTeamRefused as error:  # an installation without a team
            raise BoltError("Slack named no workspace.") from error
        except DatabaseUnavailable as error:
            raise BoltError(explain_publicly(error)) from error

    async def async_save_bot(self, bot: Bot) -> None:
        """Replace the tokens of an installation."""
        encrypted_bot = _copy_with_tokens(bot, self._cipher.encrypt)
        with use_team(bot.team_id or bot.enterprise_id or ""):
            await self._run_on_thread(lambda: self._writer.save_bot(encrypted_bot))

    async def async_find_bot(
        self, *, enterprise_id: str | None, team_id: str | None, is_enterprise_install: bool | None = False
    ) -> Bot | None:
        """Return the bot of a workspace or an organisation, or None. Raises UndecryptableToken."""
        # Slack's request names the team before it is known whether it has the bot
        with use_team((None if is_enterprise_install else team_id) or enterprise_id or ""):
            bot = await self._run_on_thread(
                lambda: self._reader.find_bot(
                    enterprise_id=enterprise_id, team_id=team_id, is_enterprise_install=is_enterprise_install
                )
            )
        return _copy_with_tokens(bot, self._cipher.decrypt) if bot else None

    async def find_workspace(self, team: str) -> tuple[str | None, str | None] | None:
        """Return the organisation id and workspace id of the installation with this team id, or None."""
        is_org = and_(bots.c.enterprise_id == team, bots.c.team_id.is_(None))
        statement = select(bots.c.enterprise_id, bots.c.team_id).where(
            or_(bots.c.team_id == team, is_org), bots.c.client_id == self._client_id
        )
        newest_statement = statement.order_by(bots.c.id.desc()).limit(1)
        with use_team(team):
            row = await self._database.read_async(lambda db: db.execute(newest_statement).one_or_none())
        return (row.enterprise_id, row.team_id) if row else None

    def has_workspace(self, team: str) -> bool:
        """Tell whether the bot is installed in a workspace or an organisation with this id. Blocks."""
        is_org = and_(bots.c.enterprise_id == team, bots.c.team_id.is_(None))
        statement = select(bots.c.id).where(or_(bots.c.team_id == team, is_org), bots.c.client_id == self._client_id)
        with use_team(team):
            return self._database.read(lambda db: db.execute(statement.limit(1)).first()) is not None

    async def _run_on_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.to_thread(self._database.run, work)

    def _delete_older(self, db: Connection, installation: Installation) -> AuditAction:
        """Delete older installations of the same workspace, and add the new one to the audit log."""
        for table in (bots, installations):
            condition = and_(
                table.c.enterprise_id == installation.enterprise_id, table.c.team_id == installation.team_id
            )
            newest_id = select(func.max(table.c.id)).where(condition).scalar_subquery()
            db.execute(delete(table).where(condition, table.c.id < newest_id))
        workspace_id = installation.team_id or installation.enterprise_id or ""
        action = AuditAction(
            workspace_id,
            installation.user_id,
            "installed",
            workspace_id,
            {"org": bool(installation.is_enterprise_install)},
        )
        self._audit_log.add_in_transaction(db, action)
        return action


def list_installed_teams(database: Database, client_id: str) -> tuple[str, ...]:
    """Return the ids of the workspaces and organisations that have the bot, sorted. Blocks."""
    statement = select(bots.c.team_id, bots.c.enterprise_id).where(bots.c.client_id == client_id)
    rows = database.read(lambda db: db.execute(statement).all())
    return tuple(sorted({team or enterprise for team, enterprise in rows if team or enterprise}))


def open_installation_store(
    database: Database, audit_log: AuditLog, client_id: str, keys: KeyRing | None
) -> InstallationStore:
    """Return the installations of the app `client_id`. Raises BadSettings if there is no key for their tokens."""
    if keys is None:
        raise BadSettings(NO_KEY)
    return InstallationStore(database, audit_log, client_id, TokenCipher(keys))


def _copy_with_tokens(original: Tokens, change: Change) -> Tokens:
    """Return a copy of an installation or a bot, with each token changed."""
    new_copy = copy.copy(original)
    for name, value in change_tokens(vars(original), change).items():
        setattr(new_copy, name, value)
    return new_copy


class OAuthStateStore(AsyncOAuthStateStore):
    """Repository of the OAuth states of installations that are not finished."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._store = SQLAlchemyOAuthStateStore(STATE_SECONDS, database.write_engine, logger=get_library_logger())

    async def async_issue(self, *_: object, **__: object) -> str:
        """Return a new state, and delete expired ones. May raise DatabaseUnavailable."""
        now = datetime.now(UTC).replace(tzinfo=None)
        await self._database.write_async(
            lambda db: db.execute(delete(oauth_states).where(oauth_states.c.expire_at < now))
        )
        return await asyncio.to_thread(self._database.run, self._store.issue)

    async def async_consume(self, state: str) -> bool:
        """Whether `state` was issued, has not expired and was not used before."""
        return await asyncio.to_thread(self._store.consume, state)


def delete_tokens(db: Connection, enterprise_id: str | None, team_id: str | None, revoked_at: datetime) -> bool:
    """Delete the tokens of a workspace, or of an organisation without `team_id`.

    Returns False, and deletes nothing, if the bot was installed again after `revoked_at`.
    """
    conditions = {table: _match_workspace(table, enterprise_id, team_id) for table in (bots, installations)}
    newest_installed_at = db.execute(select(func.max(bots.c.installed_at)).where(conditions[bots])).scalar()
    if newest_installed_at is not None and newest_installed_at > revoked_at.astimezone(UTC).replace(tzinfo=None):
        return False
    for table, condition in conditions.items():
        db.execute(delete(table).where(condition))
    return True


def _match_workspace(table: Table, enterprise_id: str | None, team_id: str | None) -> ColumnElement[bool]:
    if team_id is not None:  # unique in all of Slack, even if the workspace has since joined another organisation
        return table.c.team_id == team_id
    return and_(table.c.enterprise_id == enterprise_id, table.c.team_id.is_(None))
