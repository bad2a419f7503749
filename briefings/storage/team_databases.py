"""A database of articles for each team: a file per team on SQLite, a schema per team on PostgreSQL.

Rule: a team's articles are apart from all others by where they are stored, so no query can return those of another
team. A team id reaches a file name or a schema name only after it was checked, and never as typed.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock

from sqlalchemy import URL, Connection, Engine, make_url, text
from sqlalchemy.exc import ArgumentError

from briefings.errors import BadSettings, DatabaseUnavailable
from briefings.storage.db.arrivals import ArticleArrival, delete_arrivals, list_arrivals
from briefings.storage.db.database import connect, describe_location, get_writer, translate_database_errors
from briefings.storage.repository import Repository
from briefings.storage.session import connect_and_migrate
from briefings.storage.writes.feed_repository import FeedRepository

_TEAM_ID = re.compile(r"[TE][A-Z0-9]{1,30}")
#: a schema is "record_" and the team id in lower case: PostgreSQL folds names in a search_path
_SCHEMA = re.compile(r"record_([te][a-z0-9]{1,30})")
_FOLDER_MODE = 0o700
#: files that SQLite keeps beside a database
_SQLITE_FILES = ("", "-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class TeamRepositories:
    """The repositories of one team's database. Close `articles` to close all of them."""

    articles: Repository
    feeds: FeedRepository
    arrivals: "TeamArrivals"


class TeamArrivals:
    """The queue of a team's articles that came or changed. Its methods block. Raises DatabaseUnavailable."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._location = describe_location(engine.url)

    def list_first(self, limit: int) -> tuple[ArticleArrival, ...]:
        """Return the first `limit` arrivals, the oldest first."""
        with translate_database_errors(self._location), self._engine.connect() as db:
            return list_arrivals(db, limit, lock=False)

    def delete(self, ids: Iterable[int]) -> None:
        """Delete arrivals. Call it after what follows from them is stored."""
        with translate_database_errors(self._location), get_writer(self._engine).begin() as db:
            delete_arrivals(db, ids)


class TeamDatabases:
    """The teams' databases beside the main one at an SQLAlchemy URL. Thread-safe. Its methods block.

    Raises BadSettings for a database that has no place for them: one in memory, or not SQLite or PostgreSQL.
    """

    def __init__(self, address: str) -> None:
        try:
            self._url = make_url(address)
        except ArgumentError as error:
            raise DatabaseUnavailable(
                "Invalid DATABASE_URL: write it as, for example, sqlite:///var/record.db."
            ) from error
        self._folder = _find_folder(self._url)
        self._lock = Lock()
        self._main_engine: Engine | None = None

    def build_address(self, team: str) -> str:
        """Return the SQLAlchemy URL of a team's database, which need not exist. Raises ValueError for another text."""
        _check_team(team)
        if self._folder:
            url = self._url.set(database=str(self._folder / f"{team}.db"))
        else:
            options = f"{self._url.query.get('options', '')} -csearch_path={_name_schema(team)}".strip()
            url = self._url.update_query_dict({"options": options})
        return url.render_as_string(hide_password=False)

    def open(self, team: str, clock: Callable[[], datetime]) -> TeamRepositories:
        """Open a team's database, after creating or migrating it. `clock` returns the time with a time zone.

        Raises DatabaseUnavailable, and ValueError for a text that is no team id.
        """
        address = self.build_address(team)
        self._create_place(team)
        engine = connect_and_migrate(address)
        return TeamRepositories(Repository(engine, clock), FeedRepository(engine), TeamArrivals(engine))

    def list_teams(self) -> tuple[str, ...]:
        """Return the ids of the teams that have a database, sorted. Raises DatabaseUnavailable."""
        if self._folder:
            names = [path.stem for path in self._folder.glob("*.db")] if self._folder.is_dir() else []
            return tuple(sorted(name for name in names if _TEAM_ID.fullmatch(name)))
        with self._main_connection() as db:
            schemas = db.execute(text("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'record\\_%'")).scalars()
            return tuple(sorted(match[1].upper() for name in schemas if (match := _SCHEMA.fullmatch(name))))

    def find_identity(self, team: str) -> str | None:
        """Return a text that differs between a team's database and one that took its place; None if there is none."""
        _check_team(team)
        if self._folder:
            try:
                status = (self._folder / f"{team}.db").stat()
            except OSError:
                return None
            return f"{status.st_dev}:{status.st_ino}"
        with self._main_connection() as db:
            statement = text("SELECT oid FROM pg_namespace WHERE nspname = :name")
            oid = db.execute(statement, {"name": _name_schema(team)}).scalar()
        return None if oid is None else str(oid)

    def delete(self, team: str) -> bool:
        """Delete a team's database with everything in it. Tell whether there was one. Raises DatabaseUnavailable."""
        _check_team(team)
        if self._folder is None:
            has_schema = self.find_identity(team) is not None
            with self._main_connection() as db:
                db.execute(text(f'DROP SCHEMA IF EXISTS "{_name_schema(team)}" CASCADE'))
            return has_schema
        has_file = (self._folder / f"{team}.db").exists()
        try:
            for suffix in _SQLITE_FILES:
                (self._folder / f"{team}.db{suffix}").unlink(missing_ok=True)
        except OSError as error:
            reason = (error.strerror or "no reason given").lower()
            raise DatabaseUnavailable(f"Can't delete {self._folder / team}.db: {reason}.") from error
        return has_file

    def _create_place(self, team: str) -> None:
        if self._folder is None:
            with self._main_connection() as db:
                # IF NOT EXISTS alone fails if two processes create it at once
                db.execute(text("SELECT pg_advisory_xact_lock(hashtext('team databases'))"))
                db.execute(text(f'CREATE SCHEMA IF NOT EXISTS "{_name_schema(team)}"'))
            return
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=_FOLDER_MODE)
            self._folder.chmod(_FOLDER_MODE)
        except OSError as error:
            reason = (error.strerror or "no reason given").lower()
            raise DatabaseUnavailable(f"Can't use the folder {self._folder}: {reason}.") from error

    def close(self) -> None:
        """Close the connections to the main database; those of the teams have their own."""
        with self._lock:
            if self._main_engine:
                self._main_engine.dispose()
            self._main_engine = None

    @contextmanager
    def _main_connection(self) -> Iterator[Connection]:
        """Yield a transaction in the main database."""
        with self._lock:
            if self._main_engine is None:
                self._main_engine = connect(self._url.render_as_string(hide_password=False))
            engine = self._main_engine
        with translate_database_errors(describe_location(engine.url)), get_writer(engine).begin() as db:
            yield db


def is_team_id(team: str) -> bool:
    """Tell whether a text is a team id that can name a database."""
    return bool(_TEAM_ID.fullmatch(team))


def _check_team(team: str) -> None:
    if not is_team_id(team):
        raise ValueError("not the id of a team")


def _name_schema(team: str) -> str:
    _check_team(team)
    return f"record_{team.lower()}"


def _find_folder(url: URL) -> Path | None:
    """Return the folder of the teams' files, or None on PostgreSQL."""
    backend = url.get_backend_name()
    if backend == "postgresql":
        return None
    path = Path(url.database or "")
    if backend != "sqlite" or url.database in {None, "", ":memory:"} or str(url.database).startswith("file:"):
        raise BadSettings("RECORD=per-team needs a database in a file or on PostgreSQL: set DATABASE_URL to one.")
    return path.with_name(f"{path.stem}-teams")
