"""A PostgreSQL of this machine's own package, on a free loopback port and in a temporary folder; never a stand-in.

Rule: it runs as an unprivileged user when root asks for it, demands a password made up for the day, and leaves nothing.
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

#: who runs the server in root's stead, whoever is there; PostgreSQL refuses root
_USERS = ("postgres", "nobody")
#: names in another order than their bytes, and a zone that nobody works in: what depends on either is found out
_LOCALE = ("--encoding=UTF8", "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US")
_SETTINGS = "listen_addresses = '127.0.0.1'\nunix_socket_directories = ''\ntimezone = 'Asia/Kathmandu'\n"
_CARELESS = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"


class PostgresqlMissing(Exception):
    """There is no PostgreSQL here; says what was looked for."""


class Server:
    """One PostgreSQL. Stopped, it may be started again: same port, same databases."""

    def __init__(self, folder: Path, port: int, password: str) -> None:
        self.port = port
        self._folder, self._password = folder, password

    def start(self) -> None:
        """Comes back when connections are taken. Raises RuntimeError with what the server has to say otherwise."""
        _run("pg_ctl", "start", "-w", "-s", "-D", str(self._folder / "data"), "-l", str(self._folder / "log"))

    def stop(self, mode: str = "fast") -> None:
        """Comes back when it is down; `mode` as pg_ctl has it: "fast" breaks connections, "immediate" is a crash."""
        _run("pg_ctl", "stop", "-w", "-s", "-m", mode, "-D", str(self._folder / "data"))

    def build_url(self, database: str) -> str:
        """The SQLAlchemy address of a database, whether it is there or not."""
        return f"postgresql+psycopg://postgres:{self._password}@127.0.0.1:{self.port}/{database}"

    def connect(self, database: str = "postgres") -> psycopg.Connection[tuple[Any, ...]]:
        """A connection of the driver's own, each statement a transaction."""
        return psycopg.connect(self.build_url(database).replace("+psycopg", ""), autocommit=True)

    def create_database(self, template: str = "template1", tablespace: str = "pg_default") -> str:
        """The name of a new database, a copy of `template`."""
        name = f"d_{secrets.token_hex(6)}"
        self._ask("CREATE DATABASE {} TEMPLATE {} TABLESPACE {}", name, template, tablespace)
        return name

    @contextmanager
    def temporary_database(self, template: str = "template1", tablespace: str = "pg_default") -> Iterator[str]:
        """The name of a new database, dropped in the end, whoever is still connected."""
        name = self.create_database(template, tablespace)
        try:
            yield name
        finally:
            self._ask("DROP DATABASE {} WITH (FORCE)", name)

    @contextmanager
    def temporary_tablespace(self, folder: Path) -> Iterator[str]:
        """The name of a place for databases in an empty folder that was handed over; they are gone before it is."""
        name = f"t_{secrets.token_hex(6)}"
        with self.connect() as db:
            db.execute(sql.SQL("CREATE TABLESPACE {} LOCATION {}").format(sql.Identifier(name), str(folder)))
        try:
            yield name
        finally:
            self._ask("DROP TABLESPACE {}", name)

    def _ask(self, statement: LiteralString, *names: str) -> None:
        with self.connect() as db:
            db.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


@contextmanager
def run_server(*, is_fast: bool = False) -> Iterator[Server]:
    """A new server, started; `careless` trades what outlives a crash of the machine for speed. Raises Missing."""
    for name in ("initdb", "pg_ctl"):
        _found(name)
    folder = Path(tempfile.mkdtemp(prefix="postgresql-"))
    try:
        server = _made(folder, careless=is_fast)
        server.start()
        try:
            yield server
        finally:
            server.stop("immediate")  # its folder goes with it
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def give_to_server(folder: Path) -> None:
    """Gives a folder to whoever runs the server."""
    if (user := _user()) is not None:
        shutil.chown(folder, user.pw_uid, user.pw_gid)


def _made(folder: Path, *, careless: bool) -> Server:
    give_to_server(folder)
    password = secrets.token_urlsafe(16)
    (folder / "password").write_text(password, encoding="ascii")
    authentication = ("--username=postgres", "--auth=scram-sha-256", f"--pwfile={folder / 'password'}")
    _run("initdb", "-D", str(folder / "data"), "--no-sync", *authentication, *_LOCALE)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    with (folder / "data" / "postgresql.conf").open("a", encoding="utf-8") as settings:
        settings.write(f"port = {port}\n{_SETTINGS}{_CARELESS if careless else ''}")
    return Server(folder, port, password)


def _run(name: str, *arguments: str) -> None:
    user = _user()
    given: dict[str, Any] = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    command: Sequence[str] = (_found(name), *arguments)
    # The server inherits standard output: a pipe would never end
    with tempfile.TemporaryFile("w+") as said:
        if subprocess.run(command, cwd="/", stdin=subprocess.DEVNULL, stdout=said, stderr=said, **given).returncode:
            said.seek(0)
            raise RuntimeError(f"{name}: {said.read().strip()}")


def _found(name: str) -> str:
    """The program of Debian's newest version, or the one on the PATH."""
    packaged = Path("/usr/lib/postgresql").glob(f"*/bin/{name}")
    newest = max(packaged, key=lambda path: float(path.parts[-3]), default=None)
    found = str(newest) if newest else shutil.which(name)
    if found is None:
        raise PostgresqlMissing(f"no PostgreSQL here: no {name} in /usr/lib/postgresql/*/bin or on the PATH")
    return found


def _user() -> pwd.struct_passwd | None:
    """Whoever runs the server when that cannot be the one who runs this."""
    if os.geteuid() != 0:
        return None
    known = {user.pw_name: user for user in pwd.getpwall()}
    return next(known[name] for name in _USERS if name in known)
