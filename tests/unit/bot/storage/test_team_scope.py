"""Every statement sees the rows of the current team only: in SQLAlchemy, and in PostgreSQL itself."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Table, delete, exists, func, insert, select, union_all, update
from sqlalchemy.exc import DBAPIError

from bot.core.tenancy import OtherTeamRefused, use_all_teams, use_no_team, use_team
from bot.storage.database import BOT_TABLES, Database, open_database
from bot.storage.request_log import RateLimit
from bot.storage.schema import METADATA, digest_runs, digests, feedback, installations, watch_matches, watches
from bot.storage.store import build_store
from bot.storage.team_scope import bypasses_row_security, create_row_security, see_all_teams
from bot.storage.team_scope.owners import OWNERS, OwnedByTeam, Shared
from briefings import DatabaseUnavailable
from briefings.storage.db.database import connect, get_writer
from briefings.storage.maintenance.backup import write_backup
from briefings.storage.maintenance.restore import restore_backup
from tests.support.postgresql import Server
from tests.tenants.workspaces import OTHER, OWN, SHARED_CHANNEL, add_installation, add_rows

SCOPED_TABLES = [METADATA.tables[name] for name, owner in OWNERS.items() if not isinstance(owner, Shared)]
#: triggers refuse every change of the audit log
CHANGEABLE_TABLES = [table for table in SCOPED_TABLES if table.name != "audit"]


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A database with the rows of two workspaces. In PostgreSQL, its user is a plain one, as in production."""
    if request.param == "sqlite":
        address = f"sqlite:///{tmp_path_factory.mktemp('scope')}/bot.db"
        with closing(open_database(address)) as database:
            yield fill(database)
        return
    server: Server = request.getfixturevalue("postgresql")
    with server.temporary_plain_database() as address, closing(open_database(address)) as database:
        yield fill(database)


def fill(database: Database) -> Database:
    """Add the rows of two workspaces."""
    store = build_store(database, RateLimit(20), lambda: 0.0)
    for workspace in (OWN, OTHER):
        asyncio.run(add_installation(store, workspace))
        add_rows(store, workspace)
    return database


@pytest.fixture
def db(database: Database) -> Iterator[Connection]:
    """A transaction of the own team, which is rolled back."""
    with use_team(OWN.team), database.write_engine.connect() as db:
        yield db
        db.rollback()


def count(db: Connection, table: Table) -> int:
    return int(db.execute(select(func.count()).select_from(table)).scalar_one())


def count_in(database: Database, table: Table) -> int:
    return database.read(lambda db: count(db, table))


@pytest.mark.parametrize("table", METADATA.sorted_tables, ids=str)
def test_every_table_says_to_whom_its_rows_belong(table: Table) -> None:
    """A new table is a decision: list it in `OWNERS`."""
    assert (OWNERS[table.name] == OwnedByTeam()) == ("team" in table.c)


@pytest.mark.parametrize("table", SCOPED_TABLES, ids=str)
def test_rows_are_those_of_the_team_of_all_teams_or_none(database: Database, table: Table) -> None:
    counts = []
    for team in (OWN.team, OTHER.team):
        with use_team(team):
            counts.append(count_in(database, table))
    with use_all_teams("a test"):
        assert count_in(database, table) == sum(counts)
    with use_no_team():
        assert count_in(database, table) == 0
    with use_team("T404"):
        assert count_in(database, table) == 0
    assert min(counts) > 0


@pytest.mark.parametrize("table", CHANGEABLE_TABLES, ids=str)
def test_delete_and_update_without_a_condition_leave_other_teams_alone(db: Connection, table: Table) -> None:
    own_count = count(db, table)
    column = next(iter(table.c))
    assert db.execute(update(table).values({column: column})).rowcount == own_count
    assert db.execute(delete(table)).rowcount == own_count
    with see_all_teams(db, "a test"):
        assert count(db, table) > 0


@pytest.mark.parametrize("table", SCOPED_TABLES, ids=str)
def test_row_of_another_team_cannot_be_inserted(db: Connection, table: Table) -> None:
    with see_all_teams(db, "a test"):
        other_row = dict(db.execute(select(table)).mappings().all()[-1])
        if table in CHANGEABLE_TABLES:
            db.execute(delete(table))
    assert OTHER.team in other_row.values() or OTHER.first_id <= next(iter(other_row.values()))
    with pytest.raises(OtherTeamRefused, match=table.name):
        db.execute(insert(table).values(other_row))
    with pytest.raises(OtherTeamRefused):
        db.execute(insert(table), [other_row, other_row])


def test_row_cannot_be_moved_to_another_team(db: Connection) -> None:
    for statement in (
        update(digests).values(team=OTHER.team),
        update(digest_runs).values(digest=OTHER.first_id),
        update(installations).values(team_id=OTHER.team),
    ):
        with pytest.raises(OtherTeamRefused):
            db.execute(statement)


def test_row_of_no_team_cannot_be_inserted(database: Database) -> None:
    """Code that forgot the team writes nothing."""
    row = {"team": OWN.team, "subject": "C9", "at": None}
    with use_no_team(), pytest.raises(OtherTeamRefused):
        database.write(lambda db: db.execute(insert(METADATA.tables["greetings"]).values(row)))


_OTHERS = digests.alias("others")
#: statements that could reach around a condition on the first table only, and the number of own rows they find
STATEMENTS: dict[str, tuple[Callable[[], Any], int]] = {
    "alias": (lambda: select(func.count()).select_from(_OTHERS), 2),
    "join": (lambda: select(func.count()).select_from(digests.join(watches, watches.c.number == digests.c.number)), 4),
    "outer join keeps the rows of the first table": (
        lambda: select(digests.c.id, watches.c.id).select_from(
            digests.outerjoin(watches, watches.c.id == OTHER.first_id)
        ),
        2,
    ),
    "two tables without a join": (
        lambda: select(digests.c.id, watches.c.id).where(watches.c.number == digests.c.number),
        4,
    ),
    "subquery in IN": (
        lambda: select(feedback.c.id).where(feedback.c.channel.in_(select(digests.c.channel))),
        2,
    ),
    "EXISTS": (lambda: select(feedback.c.id).where(exists().where(digests.c.team == OTHER.team)), 0),
    "subquery in FROM": (lambda: select(select(digests).subquery().c.id), 2),
    "CTE": (lambda: select(select(digests).cte().c.id), 2),
    "UNION": (lambda: union_all(select(digests.c.id), select(watches.c.id)), 4),
    "shared channel": (lambda: select(digests.c.id).where(digests.c.channel == SHARED_CHANNEL), 1),
    "the other's team in the condition": (lambda: select(digests.c.id).where(digests.c.team == OTHER.team), 0),
    "the other's id": (lambda: select(digest_runs).where(digest_runs.c.digest == OTHER.first_id), 0),
    "child joined with parent": (
        lambda: select(watch_matches.c.watch).join(watches, watches.c.id == watch_matches.c.watch),
        2,
    ),
}


@pytest.mark.parametrize("name", STATEMENTS)
def test_statement_sees_own_rows_only(db: Connection, name: str) -> None:
    build, expected = STATEMENTS[name]
    rows = db.execute(build()).all()
    assert (rows[0][0] if len(rows) == 1 and name in ("alias", "join") else len(rows)) == expected
    assert OTHER.word not in str(rows)
    if name.startswith("outer"):
        assert {row[1] for row in rows} == {None}


def test_full_join_is_refused(db: Connection) -> None:
    with pytest.raises(NotImplementedError, match="use two statements"):
        db.execute(select(digests.c.id).select_from(digests.outerjoin(watches, watches.c.id == 1, full=True)))


def test_statement_is_compiled_once_for_all_teams(database: Database) -> None:
    """The team is a parameter: a cached statement must not keep the team of its first execution."""
    statement = select(digests.c.team).distinct()
    for team in (OWN.team, OTHER.team, OWN.team):
        with use_team(team):
            assert database.read(lambda db: db.execute(statement).scalars().all()) == [team]


@pytest.mark.parametrize("database", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True)
class TestRowSecurity:
    """PostgreSQL limits SQL that SQLAlchemy does not see."""

    @pytest.mark.parametrize("table", SCOPED_TABLES, ids=str)
    def test_typed_sql_sees_own_rows_only(self, database: Database, table: Table) -> None:
        counts = []
        statement = f"SELECT count(*) FROM {table.name}"  # noqa: S608  # one of our own names
        for scope in (use_no_team(), use_team(OWN.team), use_team(OTHER.team), use_all_teams("a test")):
            with scope:
                counts.append(database.read(lambda db: db.exec_driver_sql(statement).scalar_one()))
        assert counts[0] == 0
        assert counts[3] == counts[1] + counts[2]
        assert min(counts[1:3]) > 0

    def test_typed_sql_cannot_write_rows_of_another_team(self, db: Connection) -> None:
        statement = "INSERT INTO greetings (team, subject, at) VALUES ('T2', 'C9', now())"
        with pytest.raises(DBAPIError, match="row-level security"):
            db.exec_driver_sql(statement)

    def test_connection_that_names_no_team_sees_nothing(self, database: Database) -> None:
        """For example psql, or a program that does not know of teams."""
        with database.engine.connect() as db:
            db.exec_driver_sql("SELECT set_config('ontherecord.team', '', true)")
            assert db.exec_driver_sql("SELECT count(*) FROM digests").scalar_one() == 0

    def test_setting_ends_with_the_transaction(self, database: Database) -> None:
        with use_all_teams("a test"):
            database.read(lambda db: count(db, digests))
        with closing(database.engine.raw_connection()) as connection:
            row = connection.cursor().execute("SELECT current_setting('ontherecord.team', true)").fetchone()
            assert row[0] in (None, "")

    def test_protection_can_be_repeated(self, database: Database) -> None:
        database.write(create_row_security)
        with use_team(OWN.team):
            assert count_in(database, digests) == 2

    def test_superuser_is_reported(self, database: Database, postgresql: Server) -> None:
        assert not database.read(bypasses_row_security)
        with postgresql.temporary_database() as name, closing(open_database(postgresql.build_url(name))) as other:
            assert other.read(bypasses_row_security)


@pytest.mark.postgresql
class TestOldDatabases:
    """A plain user of PostgreSQL, whose tables are older than row security."""

    @pytest.fixture
    def address(self, postgresql: Server) -> Iterator[str]:
        with postgresql.temporary_plain_database() as address:
            yield address

    def test_old_rows_are_kept_and_protected_as_in_a_new_database(self, address: str, postgresql: Server) -> None:
        engine = connect(address)
        with get_writer(engine).begin() as db:
            command.upgrade(make_config(db), "0008")
            for team in ("T1", "T2"):
                db.exec_driver_sql(f"INSERT INTO greetings (team, subject, at) VALUES ('{team}', 'C1', now())")  # noqa: S608  # constants
        engine.dispose()
        with closing(open_database(address)) as migrated, postgresql.temporary_plain_database() as other:
            for scope, number in ((use_no_team(), 0), (use_team("T1"), 1), (use_all_teams("a test"), 2)):
                with scope:
                    assert count_in(migrated, METADATA.tables["greetings"]) == number
            with closing(open_database(other)) as new:
                assert list_policies(migrated) == list_policies(new)
                assert {policy[0] for policy in list_policies(new)} == {table.name for table in SCOPED_TABLES}

    def test_migration_can_be_undone(self, address: str) -> None:
        engine = connect(address)
        with get_writer(engine).begin() as db:
            command.upgrade(make_config(db), "0009")
            command.downgrade(make_config(db), "0008")
            assert db.exec_driver_sql("SELECT count(*) FROM pg_policies").scalar_one() == 0
        engine.dispose()

    def test_backup_and_restore_see_the_rows_of_all_teams(self, address: str, tmp_path: Path) -> None:
        with closing(open_database(address)) as database:
            fill(database)
        write_backup(address, tmp_path / "backup.db", external_tables=BOT_TABLES)
        with closing(open_database(address)) as database, use_all_teams("a test"):
            database.write(lambda db: db.execute(delete(digests)))
        restore_backup(address, tmp_path / "backup.db", external_tables=BOT_TABLES)
        with closing(open_database(address)) as database, use_all_teams("a test"):
            assert count_in(database, digests) == 4


def list_policies(database: Database) -> list[tuple[Any, ...]]:
    """Return the policies of all tables, as PostgreSQL stores them."""
    statement = "SELECT tablename, policyname, qual, with_check FROM pg_policies ORDER BY 1"
    return [tuple(row) for row in database.read(lambda db: db.exec_driver_sql(statement).all())]


def make_config(db: Connection) -> Config:
    """Return the configuration of the bot's migrations on this connection."""
    config = Config(attributes={"connection": db})
    config.set_main_option("script_location", "bot.storage:migrations")
    return config


def test_refused_row_is_no_database_error(database: Database) -> None:
    """It is a bug, and must not be shown as "the database cannot be used"."""
    statement = insert(METADATA.tables["greetings"]).values(team=OTHER.team, subject="C9")
    with use_team(OWN.team), pytest.raises(OtherTeamRefused) as caught:
        database.write(lambda db: db.execute(statement))
    assert not isinstance(caught.value, DatabaseUnavailable)


def test_no_code_of_the_bot_has_typed_sql_on_its_tables() -> None:
    """`team_scope` does not see it on SQLite. Completion reads articles only."""
    folder = Path(__file__).parents[4] / "bot"
    typed = {
        file.name
        for file in folder.rglob("*.py")
        if "migrations" not in file.parts
        and ("exec_driver_sql(" in (code := file.read_text("utf-8")) or " text(" in code)
    }
    assert typed <= {"known_names.py", "row_security.py", "append_only.py"}
