"""Measure what limiting statements to a team costs, in microseconds of one statement in a transaction of its own.

Reference: the same statement on the same rows, without the limit (on PostgreSQL, as a table without row security).
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Select, insert, select

from bench.figures import Figure, measure_in_turns
from bot.core.tenancy import use_all_teams, use_team
from bot.storage.database import open_database
from bot.storage.schema import digest_runs, digests, mutes
from bot.storage.team_scope import drop_row_security
from briefings.storage.db import connect

_TEAMS, _ROWS, _ROUNDS, _REPEATS = 50, 200, 100, 20
_TEAM, _CHANNEL, _ID = "T7", "C7", 7 * _ROWS + 8
_NOW = datetime(2031, 3, 3, tzinfo=UTC)
_STATEMENTS: dict[str, Select[Any]] = {
    "one_channel": select(digests).where(digests.c.team == _TEAM, digests.c.channel == _CHANNEL),
    "one_id": select(digests).where(digests.c.id == _ID),
    "children": select(digest_runs).where(digest_runs.c.digest == _ID),
    "join": select(digests.c.ask).join(digest_runs, digest_runs.c.digest == digests.c.id).where(digests.c.id == _ID),
    "empty_table": select(mutes).where(mutes.c.team == _TEAM, mutes.c.channel == _CHANNEL),
}


def measure() -> Iterator[Figure]:
    """Yield microseconds of each statement: on SQLite, and on PostgreSQL if BENCH_POSTGRESQL is an empty database."""
    with tempfile.TemporaryDirectory() as folder:
        yield from _measure("sqlite", f"sqlite:///{folder}/limited.db", f"sqlite:///{folder}/plain.db")
    if addresses := os.environ.get("BENCH_POSTGRESQL"):
        limited, plain = addresses.split()
        yield from _measure("postgresql", limited, plain)


def _measure(name: str, limited_address: str, plain_address: str) -> Iterator[Figure]:
    with closing(open_database(limited_address)) as limited, closing(open_database(plain_address)) as other:
        with use_all_teams("the benchmark adds rows of many teams"):
            limited.write(_fill)
            other.write(_fill)
            other.write(lambda db: drop_row_security(db, ("digests", "digest_runs", "mutes")))
        plain_engine = connect(plain_address)
        for statement_name, statement in _STATEMENTS.items():
            yield _compare(f"team_scope.{name}.{statement_name}.us", statement, limited.engine, plain_engine)
        plain_engine.dispose()


def _compare(name: str, statement: Select[Any], limited: Engine, plain: Engine) -> Figure:
    with use_team(_TEAM):
        ours, theirs = measure_in_turns(lambda: _run(limited, statement), lambda: _run(plain, statement), _ROUNDS)
    return Figure(name, ours / _REPEATS * 1000, theirs / _REPEATS * 1000)


def _run(engine: Engine, statement: Select[Any]) -> None:
    for _ in range(_REPEATS):
        with engine.connect() as db:
            db.execute(statement).all()


def _fill(db: Connection) -> None:
    rows = [(team, number) for team in range(_TEAMS) for number in range(_ROWS)]
    shared = {"owner": "U1", "ask": "floods", "schedule": "0 08:30", "zone": "UTC", "when_nothing": "silent"}
    shared |= {"state": "active"}
    times = {"created_at": _NOW, "reached": _NOW}
    db.execute(
        insert(digests),
        [
            shared
            | times
            | {"id": team * _ROWS + number + 1, "team": f"T{team}", "channel": f"C{number % 50}", "number": number}
            for team, number in rows
        ],
    )
    run = {"due": _NOW, "state": "sent", "late": False, "attempts": 1}
    db.execute(insert(digest_runs), [run | {"digest": index + 1} for index in range(len(rows))])
