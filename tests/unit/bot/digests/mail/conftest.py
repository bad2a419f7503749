"""Fixtures: a store on either database, a digest with confirmed addresses, and a mail server."""

from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from bot.digests.delivery.digest_repository import build_digest
from bot.digests.mail.addresses import MailAddress
from bot.digests.model import Digest
from bot.storage.request_log import RateLimit
from bot.storage.schema import digest_mail_recipients, digests
from bot.storage.store import Store, open_store
from tests.stand_ins.digest_world import add_digests, make_config
from tests.stand_ins.mail_server import MailServer, run_mail_server

NOW = datetime(2026, 6, 1, 8, 30, tzinfo=UTC)


class Clock:
    """A clock that tests set."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **fields: float) -> None:
        """Move the clock forwards."""
        self.now += timedelta(**fields)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def store(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[Store]:
    is_postgresql = request.param == "postgresql"
    address = request.getfixturevalue("postgresql_bot_address") if is_postgresql else f"sqlite:///{tmp_path}/record.db"
    with closing(open_store(address, RateLimit(20), lambda: clock().timestamp())) as opened_store:
        yield opened_store


@pytest.fixture
def digest(store: Store) -> Digest:
    """A digest with two confirmed addresses and a pending one."""
    add_digests(store, [make_config(zone="UTC")], NOW - timedelta(days=1))
    digest = build_digest(store.database.read(lambda db: db.execute(select(digests)).mappings().one()))
    rows = [
        {"digest": digest.id, "team": "T1", "address": address.text, "key": address.key, "state": state}
        for name, state in (("ann", "confirmed"), ("bob", "confirmed"), ("cy", "pending"))
        for address in (MailAddress(f"{name}@example.com"),)
    ]
    common = {"person": "U1", "added_at": NOW}
    store.database.write(lambda db: db.execute(insert(digest_mail_recipients), [row | common for row in rows]))
    return digest


@pytest.fixture
async def mail_server() -> AsyncIterator[MailServer]:
    async with run_mail_server() as server:
        yield server
