"""Runs a real PostgreSQL server for tests, from the installed package, on a free loopback port.

Rule: started by root, the server runs as an unprivileged user. It requires a random password and leaves no files.
"""

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, LiteralString

import psycopg
from psycopg import sql

#: users that can run the server instead of root, which PostgreSQL refuses; the first existing one is used
_USERS = ("postgres", "nobody")
#: a collation that differs from byte order, and an unusual time zone: they expose code that depends on either
_LOCALE = ("--encoding=UTF8", "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US")
_SETTINGS = "listen_addresses = '127.0.0.1'\nunix_socket_directories = ''\ntimezone = 'Asia/Kathmandu'\n"
#: the first version of PostgreSQL that lets one choose how a database is copied
_FIRST_WITH_STRATEGY = 150_000
_FAST_SETTINGS = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"


class PostgresqlMissing(Exception):
    """PostgreSQL is not installed. The message names the missing program."""


class Server:
    """A PostgreSQL server. After a stop it can start again, with the same port and databases."""

    def __init__(self, folder: Path, port: int, password: str, *, is_fast: bool) -> None:
        self.port, self._is_fast = port, is_fast
        self._folder, self._password = folder, password

    def start(self) -> None:
        """Start the server and wait until it accepts connections. Raises RuntimeError with the server's output."""
        _run("pg_ctl", "start", "-w", "-s", "-D", str(self._folder / "data"), "-l", str(self._folder / "log"))

    def stop(self, mode: str = "fast") -> None:
        """Stop the server and wait until it is down.

        `mode` is a mode of pg_ctl: "fast" breaks connections, "immediate" is like a crash.
        """
        _run("pg_ctl", "stop", "-w", "-s", "-m", mode, "-D", str(self._folder / "data"))

    def build_url(self, database: str) -> str:
        """Return the SQLAlchemy URL of a database, which need not exist."""
        return f"postgresql+psycopg://postgres:{self._password}@127.0.0.1:{self.port}/{database}"

    def connect(self, database: str = "postgres") -> psycopg.Connection[tuple[Any, ...]]:
        """Open a psycopg connection in autocommit mode."""
        return psycopg.connect(self.build_url(database).replace("+psycopg", ""), autocommit=True)

    def create_database(self, template: str = "template1", tablespace: str = "pg_default") -> str:
        """Create a database as a copy of `template`, and return its name."""
        name = f"d_{secrets.token_hex(6)}"
        with self.connect() as db:
            # without durability, copying the files is three times as fast as logging the copy
            is_copied = self._is_fast and db.info.server_version >= _FIRST_WITH_STRATEGY
            statement: LiteralString = "CREATE DATABASE {} TEMPLATE {} TABLESPACE {}"
            statement += " STRATEGY file_copy" if is_copied else ""
            db.execute(sql.SQL(statement).format(*map(sql.Identifier, (name, template, tablespace))))
        return name

    @contextmanager
    def temporary_database(self, template: str = "template1", tablespace: str = "pg_default") -> Iterator[str]:
        """Create a database and yield its name. Drop it at the end, even with open connections."""
        name = self.create_database(template, tablespace)
        try:
            yield name
        finally:
            self._execute("DROP DATABASE {} WITH (FORCE)", name)

    @contextmanager
    def temporary_plain_database(self) -> Iterator[str]:
        """Create a database of a plain user, not a superuser, and yield its URL. Drop both at the end."""
        user = f"u_{secrets.token_hex(6)}"
        with self.connect() as db:
            statement = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(user), self._password)
            db.execute(statement)
        name = self.create_database()
        try:
            self._execute("ALTER DATABASE {} OWNER TO {}", name, user)
            yield self.build_url(name).replace("//postgres:", f"//{user}:")
        finally:
            self._execute("DROP DATABASE {} WITH (FORCE)", name)
            self._execute("DROP ROLE {}", user)

    @contextmanager
    def temporary_tablespace(self, folder: Path) -> Iterator[str]:
        """Create a tablespace and yield its name.

        The folder must be empty and belong to the server. Drop the databases in it before the end.
        """
        name = f"t_{secrets.token_hex(6)}"
        with self.connect() as db:
            db.execute(sql.SQL("CREATE TABLESPACE {} LOCATION {}").format(sql.Identifier(name), str(folder)))
        try:
            yield name
        finally:
            self._execute("DROP TABLESPACE {}", name)

    def _execute(self, statement: LiteralString, *names: str) -> None:
        with self.connect() as db:
            db.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


@contextmanager
def run_server(*, is_fast: bool = False) -> Iterator[Server]:
    """Start a new server. `is_fast` turns off durability for speed. Raises PostgresqlMissing."""
    for name in ("initdb", "pg_ctl"):
        _find_program(name)
    folder = Path(tempfile.mkdtemp(prefix="postgresql-"))
    try:
        server = _create_server(folder, is_fast=is_fast)
        server.start()
        try:
            yield server
        finally:
            server.stop("immediate")  # its data is deleted anyway
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def give_to_server(folder: Path) -> None:
    """Change the owner of a folder to the user that runs the server."""
    if (user := _get_server_user()) is not None:
        shutil.chown(folder, user.pw_uid, user.pw_gid)


def _create_server(folder: Path, *, is_fast: bool) -> Server:
    give_to_server(folder)
    password = secrets.token_urlsafe(16)
    (folder / "password").write_text(password, encoding="ascii")
    authentication = ("--username=postgres", "--auth=scram-sha-256", f"--pwfile={folder / 'password'}")
    _run("initdb", "-D", str(folder / "data"), "--no-sync", *authentication, *_LOCALE)
    with socket.socket() as free_socket:
        free_socket.bind(("127.0.0.1", 0))
        port: int = free_socket.getsockname()[1]
    with (folder / "data" / "postgresql.conf").open("a", encoding="utf-8") as settings:
        settings.write(f"port = {port}\n{_SETTINGS}{_FAST_SETTINGS if is_fast else ''}")
    return Server(folder, port, password, is_fast=is_fast)


def _run(name: str, *arguments: str) -> None:
    user = _get_server_user()
    identity: dict[str, Any] = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    command: Sequence[str] = (_find_program(name), *arguments)
    # the server inherits standard output, so a pipe would never reach its end
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.run(
            command, cwd="/", check=False, stdin=subprocess.DEVNULL, stdout=output, stderr=output, **identity
        )
        if process.returncode:
            output.seek(0)
            raise RuntimeError(f"{name}: {output.read().strip()}")


def _find_program(name: str) -> str:
    """Return the path of a program: from Debian's newest package, or else from the PATH."""
    packaged = Path("/usr/lib/postgresql").glob(f"*/bin/{name}")
    newest = max(packaged, key=lambda path: float(path.parts[-3]), default=None)
    program = str(newest) if newest else shutil.which(name)
    if program is None:
        raise PostgresqlMissing(f"PostgreSQL is not installed: no {name} in /usr/lib/postgresql/*/bin or on the PATH")
    return program


def _get_server_user() -> pwd.struct_passwd | None:
    """Return the user that runs the server, or None for the current user."""
    if os.geteuid() != 0:
        return None
    users = {user.pw_name: user for user in pwd.getpwall()}
    return next(users[name] for name in _USERS if name in users)
