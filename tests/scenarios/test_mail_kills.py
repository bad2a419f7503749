"""Digests by e-mail are sent at most once, and exactly once unless a kill falls between the text and its answer."""

import asyncio
import itertools
import os
import random
import signal
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select

from bot.core.configuration.mail_settings import MailSettings
from bot.core.tenancy import use_all_teams
from bot.digests.mail.composer import MailComposer
from bot.digests.mail.links import MailLinks
from bot.digests.mail.outbox import MailOutbox, add_digest_mails
from bot.digests.mail.runner import MailRunner
from bot.digests.mail.smtp import SmtpSender
from bot.digests.model import MailContent
from bot.storage.request_log import RateLimit
from bot.storage.schema import digest_mail_recipients, digest_mails
from bot.storage.store import Store, open_store
from tests.stand_ins.mail_server import MailServer, run_mail_server
from tests.support.depth import choose
from tests.support.postgresql import Server

DIGESTS, ADDRESSES, KILLS = 12, 5, choose(7, 30)
LEASE = timedelta(seconds=3)


def send_all(address: str, port: int) -> None:
    """Run the mail runner until all mails are finished. The client's name has its process id."""
    settings = MailSettings("127.0.0.1", port, f"p{os.getpid()}@bot.example", use_starttls=False)

    async def make_passes() -> None:
        with closing(open_store(address, RateLimit(20), lambda: datetime.now(UTC).timestamp())) as store:
            outbox = MailOutbox(store.database, LEASE, timedelta(seconds=0.2))
            runner = MailRunner(outbox, SmtpSender(settings), lambda: datetime.now(UTC))
            while await asyncio.to_thread(count_open_mails, store):
                await runner.run_due()
                await asyncio.sleep(0.05)
            runner.close()

    asyncio.run(make_passes())


def count_open_mails(store: Store) -> int:
    statement = select(func.count()).select_from(digest_mails).where(digest_mails.c.next_try.is_not(None))
    with use_all_teams("a worker of a test counts what is left"):
        return int(store.database.read(lambda db: db.execute(statement).scalar_one()))


class Killer:
    """Kills the process that sends, at a random moment: at the recipient, during the text, or right after it."""

    def __init__(self, server: MailServer, rng: random.Random) -> None:
        self.counts = {"before": 0, "text": 0}
        #: recipients whose mail may or may not have arrived
        self.open_mails: set[str] = set()
        self._rng = rng
        self._killed: set[int] = set()
        self.process_ids: list[int] = []
        server.answer_recipient = self._answer_recipient
        server.answer_text = self._answer_text

    def _answer_recipient(self, _address: str) -> str:
        if self._rng.random() < 0.25:
            self._kill("before")
        return "451 later" if self._rng.random() < 0.2 else "250 OK"

    def _answer_text(self, mail: EmailMessage) -> str:
        if self._rng.random() < 0.2:
            # any mail of a killed process that is on its way is open
            self._kill("text")
            self.open_mails.add(mail["Message-ID"])
            return "250 OK" if self._rng.random() < 0.5 else "drop"
        return "250 OK"

    def _kill(self, moment: str) -> None:
        for process in self.process_ids:
            if process not in self._killed and sum(self.counts.values()) < KILLS:
                self._killed.add(process)
                os.kill(process, signal.SIGKILL)
                self.counts[moment] += 1
                return


def fill(store: Store) -> None:
    """Freeze a mail for each address of each digest."""
    now = datetime.now(UTC)
    composer = MailComposer(
        MailSettings("localhost", 25, "news@bot.example"), MailLinks("https://bot.example", ("a" * 32,), now.timestamp)
    )
    content = MailContent("Ferries", "Ferries sailed.", "<p>Ferries sailed.</p>")
    for digest in range(1, DIGESTS + 1):
        rows = [
            {
                "digest": digest,
                "team": "T1",
                "address": f"a{number}@example{digest}.com",
                "key": f"{digest} {number}",
                "state": "confirmed",
                "person": "U1",
                "added_at": now,
            }
            for number in range(ADDRESSES)
        ]
        store.database.write(lambda db, rows=rows: db.execute(insert(digest_mail_recipients), rows))  # type: ignore[misc]  # the loop's rows
        store.database.write(
            lambda db, digest=digest: add_digest_mails(  # type: ignore[misc]  # the loop's digest
                db, digest, now, lambda recipient: composer.compose_digest(content, recipient, str(digest), now), now
            )
        )


async def run_with_kills(address: str, workers: int) -> None:
    with closing(open_store(address, RateLimit(20), lambda: datetime.now(UTC).timestamp())) as store:
        fill(store)
        async with run_mail_server() as server:
            killer = Killer(server, random.Random(random.randrange(2**32)))  # noqa: S311 - no secrets
            kill_counts = await asyncio.gather(
                *(_restart_until_done(address, server.port, killer) for _ in range(workers))
            )
        rows = store.database.read(lambda db: db.execute(select(digest_mails)).mappings().all())
    assert sum(kill_counts) >= sum(killer.counts.values()) >= KILLS // 3, killer.counts
    assert len(rows) == DIGESTS * ADDRESSES
    assert {row["state"] for row in rows} <= {"sent", "unknown"}
    assert max(server.counts_by_id.values()) == 1
    sent_count = sum(row["state"] == "sent" for row in rows)
    assert sent_count <= len(server.counts_by_id)
    # a kill takes at most the four mails that its process was sending
    assert len(rows) - sent_count <= 4 * sum(killer.counts.values())
    assert len(server.counts_by_id) >= sent_count


async def _restart_until_done(address: str, port: int, killer: Killer) -> int:
    """Run a worker, restart it after each kill, and return the number of kills."""
    for kill_count in itertools.count():
        process = await asyncio.to_thread(start_worker, address, port)
        killer.process_ids.append(process.pid or 0)
        await asyncio.to_thread(process.join)
        if process.exitcode == 0:
            return kill_count
    raise AssertionError


def start_worker(address: str, port: int) -> BaseProcess:
    """Start a worker process that calls `send_all`."""
    context = get_context("forkserver")
    context.set_forkserver_preload([__name__, "psycopg", "sqlalchemy.dialects.postgresql.psycopg"])
    process = context.Process(target=send_all, args=(address, port), daemon=True)
    process.start()
    return process


async def test_one_worker_on_sqlite_survives_kills(tmp_path: Path) -> None:
    await asyncio.wait_for(run_with_kills(f"sqlite:///{tmp_path}/record.db", 1), 110)


@pytest.mark.postgresql
async def test_three_workers_on_postgresql_survive_kills(durable_postgresql: Server) -> None:
    with durable_postgresql.temporary_database() as name:
        await asyncio.wait_for(run_with_kills(durable_postgresql.build_url(name), 3), 110)
