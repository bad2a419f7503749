"""PostgreSQL's row security: the database itself shows a transaction only the rows of its team.

Rule: a transaction names its team in the setting `ontherecord.team`, which ends with it. Without a name, no row is
visible. The tables' owner is limited too; superusers and roles with BYPASSRLS are not, and `ontherecord doctor` warns.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, event, text

from bot.core.tenancy import ALL_TEAMS, get_scope, use_all_teams
from bot.storage.team_scope.owners import OWNERS, OwnedByInstallation, OwnedByParent, Owner, Shared

_SETTING = "ontherecord.team"
_POLICY = "own_team"
#: in a subquery, so that it is read once for a statement and not for each row
_CURRENT = f"(SELECT current_setting('{_SETTING}', true))"


def create_row_security(db: Connection, tables: Iterable[str] | None = None) -> None:
    """Protect tables of a PostgreSQL database (default: all of the bot's). It can be repeated.

    A migration that creates a table calls it for that table. SQLite has no such thing.
    """
    if db.dialect.name != "postgresql":
        return
    for table in OWNERS if tables is None else tables:
        if condition := _build_condition(table, OWNERS[table]):
            # the names are those of `OWNERS`
            for statement in (
                f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
                f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
                f"DROP POLICY IF EXISTS {_POLICY} ON {table}",
                f"CREATE POLICY {_POLICY} ON {table} "
                f"USING ({_CURRENT} = '{ALL_TEAMS}' OR {condition}) "
                f"WITH CHECK ({_CURRENT} = '{ALL_TEAMS}' OR {condition})",
            ):
                db.exec_driver_sql(statement)


def drop_row_security(db: Connection, tables: Iterable[str]) -> None:
    """Remove the protection again, for a migration down."""
    if db.dialect.name == "postgresql":
        for table in tables:
            db.exec_driver_sql(f"DROP POLICY IF EXISTS {_POLICY} ON {table}")
            db.exec_driver_sql(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
            db.exec_driver_sql(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")


def name_team_in_transactions(engine: Engine) -> None:
    """Let every transaction of an engine name its team."""
    if engine.dialect.name == "postgresql":
        event.listen(engine, "begin", _name_team)


def use_all_rows(db: Connection) -> None:
    """Let the rest of a transaction see all teams: for migrations, backup and restore."""
    if db.dialect.name == "postgresql":
        _set_scope(db, ALL_TEAMS)


@contextmanager
def see_all_teams(db: Connection, reason: str) -> Iterator[None]:
    """See the rows of all teams within the block, in a transaction of one team. `reason` is that of `use_all_teams`."""
    with use_all_teams(reason):
        use_all_rows(db)
        yield
    # after an error the transaction ends, and the setting with it
    if db.dialect.name == "postgresql":
        _set_scope(db, get_scope())


def bypasses_row_security(db: Connection) -> bool:
    """Whether row security does not limit the database's user, because it is a superuser or has BYPASSRLS."""
    if db.dialect.name != "postgresql":
        return False
    statement = text("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
    return bool(db.execute(statement).scalar())


def _name_team(db: Connection) -> None:
    _set_scope(db, get_scope())


def _set_scope(db: Connection, scope: str) -> None:
    db.exec_driver_sql(f"SELECT set_config('{_SETTING}', %s, true)", (scope,))


def _build_condition(table: str, owner: Owner) -> str:
    match owner:
        case Shared():
            return ""
        case OwnedByParent(column, parent):
            # the subquery is limited by the policy of the parent's table
            # the names are those of `OWNERS`
            return f"EXISTS (SELECT 1 FROM {parent} WHERE {parent}.id = {table}.{column})"  # noqa: S608  # constant names
        case OwnedByInstallation():
            return f"(team_id = {_CURRENT} OR (team_id IS NULL AND enterprise_id = {_CURRENT}))"
        case _:
            return f"team = {_CURRENT}"
