"""A mail is sent at most once with every answer of the server, and exactly once if it answers."""

from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import select

from bot.digests.mail.composer import MailComposer
from bot.digests.mail.links import MailLinks
from bot.digests.mail.outbox import MailOutbox, add_digest_mails
from bot.digests.mail.recipients import forget_team
from bot.digests.mail.runner import MailRunner
from bot.digests.mail.smtp import MailDelayed, SmtpSender
from bot.digests.model import Digest, MailContent
from bot.storage.schema import digest_mail_recipients, digest_mails, digest_notices, mail_sends
from bot.storage.store import Store
from tests.stand_ins.mail_server import MailServer
from tests.unit.bot.digests.mail.conftest import NOW, Clock

CONTENT = MailContent("Ferries: 1 new fact", "Ferries sailed. UNSUBSCRIBEPLACEOFTHISRECIPIENT", "<p>Ferries é</p>")


def freeze(store: Store, digest: Digest, mail_server: MailServer) -> None:
    links = MailLinks("https://bot.example", ("a" * 32,), NOW.timestamp)
    composer = MailComposer(mail_server.settings, links)
    store.database.write(
        lambda db: add_digest_mails(
            db, digest.id, NOW, lambda recipient: composer.compose_digest(CONTENT, recipient, "run", NOW), NOW
        )
    )


def make_runner(store: Store, mail_server: MailServer, clock: Clock) -> MailRunner:
    return MailRunner(MailOutbox(store.database), SmtpSender(mail_server.settings), clock)


def read_states(store: Store) -> list[str]:
    statement = select(digest_mails.c.state).order_by(digest_mails.c.recipient)
    return list(store.database.read(lambda db: db.execute(statement).scalars().all()))


def read_notices(store: Store) -> list[str]:
    return list(store.database.read(lambda db: db.execute(select(digest_notices.c.text)).scalars().all()))


async def test_everyone_who_confirmed_gets_one_mail(
    store: Store, digest: Digest, mail_server: MailServer, clock: Clock
) -> None:
    for _ in range(2):
        freeze(store, digest, mail_server)  # a second time changes nothing
    runner = make_runner(store, mail_server, clock)
    for _ in range(3):
        await runner.run_due()
        clock.advance(minutes=10)
    assert sorted(mail_server.recipients) == ["ann@example.com", "bob@example.com"]
    assert set(mail_server.counts_by_id.values()) == {1}
    assert read_states(store) == ["sent", "sent"]
    assert runner.outcomes == {"sent": 2}


async def test_a_temporary_refusal_is_tried_again_with_the_same_bytes(
    store: Store, digest: Digest, mail_server: MailServer, clock: Clock
) -> None:
    texts: list[str] = []

    def answer(mail: EmailMessage) -> str:
        texts.append(mail.as_string())
        return "451 try later" if len(texts) < 5 else "250 OK"

    mail_server.answer_text = answer
    freeze(store, digest, mail_server)
    runner = make_runner(store, mail_server, clock)
    for _ in range(12):
        await runner.run_due()
        clock.advance(minutes=5)
    assert read_states(store) == ["sent", "sent"]
    assert len(set(texts)) == 2
    assert set(mail_server.counts_by_id.values()) == {1}


async def test_a_server_that_is_down_fails_the_mails_within_the_grace_period_and_tells_once(
    store: Store, digest: Digest, mail_server: MailServer, clock: Clock
) -> None:
    mail_server.answer_recipient = lambda _: "450 busy"
    freeze(store, digest, mail_server)
    runner = make_runner(store, mail_server, clock)
    for _ in range(40):
        await runner.run_due()
        clock.advance(minutes=5)
    assert read_states(store) == ["failed", "failed"]
    (notice,) = read_notices(store)
    assert "wasn't sent. The mail server refused the address." in notice
    assert "ann@example.com" not in notice


async def test_a_lost_connection_after_the_text_is_unknown_and_never_sent_again(
    store: Store, digest: Digest, mail_server: MailServer, clock: Clock
) -> None:
    mail_server.answer_text = lambda _: "drop"
    freeze(store, digest, mail_server)
    runner = make_runner(store, mail_server, clock)
    for _ in range(5):
        await runner.run_due()
        clock.advance(minutes=10)
    assert read_states(store) == ["unknown", "unknown"]
    assert set(mail_server.counts_by_id.values()) == {1}
    assert len(read_notices(store)) == 1


async def test_a_process_that_ends_during_the_text_leaves_it_unknown(
    store: Store, digest: Digest, mail_server: MailServer, clock: Clock
) -> None:
    freeze(store, digest, mail_server)
    outbox = MailOutbox(store.database)
    first, second = outbox.claim(clock(), "killed", 10)
    assert outbox.begin(first, clock())
    runner = make_runner(store, mail_server, clock)
    await runner.run_due()
    assert mail_server.mails == []  # the leases still last
    clock.advance(minutes=5)
    await runner.run_due()
    assert read_states(store) == ["unknown", "sent"]
    assert mail_server.recipients == [second.address.text]
    assert not outbox.begin(second, clock())  # the killed one lost its claim


async def test_a_refused_address_is_told_once_and_gets_nothing_more(
    store: Store, digest: Digest, mail_server: MailServer, clock: Clock
) -> None:
    mail_server.answer_recipient = lambda address: "550 unknown" if address.startswith("ann") else "250 OK"
    freeze(store, digest, mail_server)
    runner = make_runner(store, mail_server, clock)
    await runner.run_due()
    assert read_states(store) == ["failed", "sent"]
    assert len(read_notices(store)) == 1
    columns = digest_mail_recipients.c
    statement = select(columns.state).order_by(columns.id)
    states = store.database.read(lambda db: db.execute(statement).scalars().all())
    assert states == ["refused", "confirmed", "pending"]


@pytest.mark.parametrize("answer", ["299 perhaps", "354 go on", "what?", "25O OK"])
async def test_an_answer_to_the_text_that_says_neither_yes_nor_no_never_sends_it_twice(
    store: Store, digest: Digest, mail_server: MailServer, clock: Clock, answer: str
) -> None:
    attempts: list[str] = []

    def answer_text(mail: EmailMessage) -> str:
        attempts.append(mail["Message-ID"])
        return answer

    mail_server.answer_text = answer_text
    freeze(store, digest, mail_server)
    runner = make_runner(store, mail_server, clock)
    for _ in range(5):
        await runner.run_due()
        clock.advance(minutes=10)
    assert read_states(store) == ["unknown", "unknown"]
    assert len(attempts) == len(set(attempts)) == 2


@pytest.mark.parametrize(
    ("answer", "is_about_address"),
    [
        ("550 unknown", True),
        ("550 5.1.1 User unknown", True),
        ("553 5.1.3 Invalid address", True),
        ("551 User not local", True),
        ("530 5.7.0 Authentication required", False),
        ("550 5.7.1 Relaying denied", False),
        ("550 relay not permitted", False),
        ("554 5.7.1 Service unavailable; client host blocked by zen.rbl.example", False),
        ("550 5.7.26 This mail has no SPF or DKIM", False),
        ("552 5.2.2 Mailbox full", False),
        ("500 5.5.1 Command unrecognized", False),
    ],
)
async def test_only_an_answer_about_the_mailbox_takes_the_address_off_the_list(
    store: Store, digest: Digest, mail_server: MailServer, clock: Clock, answer: str, is_about_address: bool
) -> None:
    mail_server.answer_recipient = lambda _: answer
    freeze(store, digest, mail_server)
    runner = make_runner(store, mail_server, clock)
    await runner.run_due()
    statement = select(digest_mail_recipients.c.state).order_by(digest_mail_recipients.c.id)
    states = store.database.read(lambda db: db.execute(statement).scalars().all())
    assert states == [*(["refused"] * 2 if is_about_address else ["confirmed"] * 2), "pending"]
    if is_about_address:
        return
    mail_server.answer_recipient = lambda _: "250 OK"  # repaired within the grace period
    clock.advance(minutes=10)
    await runner.run_due()
    assert read_states(store) == ["sent", "sent"]


async def test_a_refused_text_fails_this_mail_and_keeps_the_address(
    store: Store, digest: Digest, mail_server: MailServer, clock: Clock
) -> None:
    mail_server.answer_text = lambda _: "552 5.3.4 message too big"
    freeze(store, digest, mail_server)
    runner = make_runner(store, mail_server, clock)
    for _ in range(3):
        await runner.run_due()
        clock.advance(minutes=10)
    assert read_states(store) == ["failed", "failed"]
    (notice,) = read_notices(store)
    assert "wasn't sent. The mail server refused the e-mail." in notice
    states = store.database.read(lambda db: db.execute(select(digest_mail_recipients.c.state)).scalars().all())
    assert sorted(states) == ["confirmed", "confirmed", "pending"]


async def test_a_mail_of_a_late_digest_still_has_time_for_a_second_attempt(
    store: Store, digest: Digest, mail_server: MailServer, clock: Clock
) -> None:
    clock.advance(minutes=119)
    composer = MailComposer(mail_server.settings, MailLinks("https://bot.example", ("a" * 32,), NOW.timestamp))
    store.database.write(
        lambda db: add_digest_mails(
            db, digest.id, NOW, lambda recipient: composer.compose_digest(CONTENT, recipient, "run", NOW), clock()
        )
    )
    mail_server.answer_recipient = lambda _: "450 busy"
    runner = make_runner(store, mail_server, clock)
    await runner.run_due()
    mail_server.answer_recipient = lambda _: "250 OK"
    clock.advance(minutes=2)
    await runner.run_due()
    assert read_states(store) == ["sent", "sent"]


async def test_mails_a_day_are_bounded(store: Store, digest: Digest, mail_server: MailServer) -> None:
    def add(number: int) -> None:
        due = NOW + timedelta(minutes=number)
        store.database.write(lambda db: add_digest_mails(db, digest.id, due, lambda _: "x", NOW))

    for number in range(40):
        add(number)
    assert len(read_states(store)) == 60
    assert mail_server.mails == []


def test_a_team_that_leaves_takes_its_addresses_along(store: Store, digest: Digest, mail_server: MailServer) -> None:
    freeze(store, digest, mail_server)
    store.database.write(lambda db: forget_team(db, "T1"))
    for table in (digest_mail_recipients, digest_mails, mail_sends):
        assert store.database.read(lambda db, table=table: db.execute(select(table)).all()) == []  # type: ignore[misc]  # the loop's table


async def test_a_server_without_tls_gets_no_password(mail_server: MailServer) -> None:
    settings = replace(mail_server.settings, use_starttls=True, username="u", password="p")
    with pytest.raises(MailDelayed):
        await SmtpSender(settings).check()
    assert await SmtpSender(mail_server.settings).check() == "without TLS"
