"""Strangers' addresses are asked rarely, and the mail that asks them has nothing that its sender could abuse."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.digests.mail.addresses import MailAddress
from bot.digests.mail.composer import MailComposer
from bot.digests.mail.links import MailLinks
from bot.digests.mail.outbox import MailOutbox
from bot.digests.mail.recipients import RecipientRepository
from bot.digests.mail.runner import MailRunner
from bot.digests.mail.service import MailService
from bot.digests.mail.smtp import SmtpSender
from bot.digests.model import Digest
from bot.storage.schema import digest_mails
from bot.storage.store import Store
from briefings import BadQuestion
from tests.stand_ins.mail_server import MailServer, get_part
from tests.unit.bot.digests.mail.conftest import Clock


@pytest.fixture
def mail_service(store: Store, mail_server: MailServer, clock: Clock) -> MailService:
    links = MailLinks("https://bot.example", ("a" * 32,), lambda: clock().timestamp())
    repository = RecipientRepository(store.database, store.audit_log, clock)
    return MailService(repository, MailComposer(mail_server.settings, links), links)


def make_runner(store: Store, mail_server: MailServer, clock: Clock) -> MailRunner:
    return MailRunner(MailOutbox(store.database), SmtpSender(mail_server.settings), clock)


async def add(mail_service: MailService, digest: Digest, address: str, title: str = "Ferries") -> str:
    return await mail_service.add(digest, title, "daily at 9", [MailAddress(address)], "U1")


async def test_one_mailbox_is_asked_three_times_a_week_whatever_its_spelling(
    mail_service: MailService, digest: Digest
) -> None:
    for number in range(3):
        await add(mail_service, digest, f"victim+{number}@example.com")
    with pytest.raises(BadQuestion, match="asked several times this week"):
        await add(mail_service, digest, "Victim+other@example.com")


async def test_an_address_whose_request_never_left_can_be_asked_again(
    store: Store, digest: Digest, mail_server: MailServer, clock: Clock, mail_service: MailService
) -> None:
    await add(mail_service, digest, "dee@example.com")
    mail_server.answer_recipient = lambda _: "550 5.1.1 unknown"
    runner = make_runner(store, mail_server, clock)
    await runner.run_due()
    assert mail_server.mails == []
    mail_server.answer_recipient = lambda _: "250 OK"
    clock.advance(minutes=5)
    assert "I've sent an e-mail to dee@example.com" in await add(mail_service, digest, "dee@example.com")
    await runner.run_due()
    assert mail_server.recipients == ["dee@example.com"]


async def test_an_address_that_was_asked_is_said_to_be_unconfirmed(
    digest: Digest, clock: Clock, mail_service: MailService
) -> None:
    assert await add(
        mail_service, digest, "dee@example.com"
    ) == "I've sent an e-mail to dee@example.com to confirm. " + ("Until it confirms, nothing else is sent.")
    clock.advance(minutes=5)
    assert await add(mail_service, digest, "dee@example.com") == (
        "dee@example.com was asked already, and has not confirmed yet."
    )


@pytest.mark.parametrize(
    ("title", "is_shown"),
    [
        ("Ferry strikes: the U.S. view, 2030", True),
        ("Visit evil.example now", False),
        ("evil.example/win", False),
        ("t.me/x", False),
        ("evil．example", False),
        ("evil。example", False),
        ("you@evil.example", False),
        ("https:evil", False),
        ("WWW evil", False),
        ("call 0900 123 4567", False),
        ("call ０９００１２３４５６７", False),
        ("\r\nBcc: x", True),
    ],
)
async def test_a_mail_to_a_stranger_has_no_link_or_number_of_its_sender(
    store: Store,
    digest: Digest,
    mail_server: MailServer,
    clock: Clock,
    mail_service: MailService,
    title: str,
    is_shown: bool,
) -> None:
    await add(mail_service, digest, "dee@example.com", title)
    await make_runner(store, mail_server, clock).run_due()
    (mail,) = mail_server.mails
    texts = [mail["Subject"], get_part(mail, "plain"), get_part(mail, "html")]
    shown_title = " ".join(title.split()) if is_shown else "news"
    assert all(f"“{shown_title}”" in text for text in texts)
    assert all(url.startswith("https://bot.example/mail/confirm?") for url in re.findall(r"https?:[^\s\"]+", texts[1]))
    assert mail["Bcc"] is None


async def test_a_link_of_one_reader_never_stops_the_mails_of_another(digest: Digest, mail_service: MailService) -> None:
    first, second, _ = await mail_service.repository.list_recipients(digest.id)
    links = mail_service.links
    token = links.build_unsubscribe_url(first).partition("token=")[2]
    other_token = links.build_unsubscribe_url(second).partition("token=")[2]
    mixed_token = token.rpartition(".")[0] + "." + other_token.rpartition(".")[2]
    with pytest.raises(BadQuestion):
        links.read_unsubscribe_token(mixed_token)
    await mail_service.repository.unsubscribe(links.read_unsubscribe_token(token))
    remaining = await mail_service.repository.list_recipients(digest.id)
    assert [recipient.address.text for recipient in remaining] == ["bob@example.com", "cy@example.com"]


async def test_the_numbers_of_deleted_readers_do_not_let_old_links_work(
    digest: Digest, mail_service: MailService
) -> None:
    """SQLite can use the number of a deleted row again."""
    last = (await mail_service.repository.list_recipients(digest.id))[-1]
    old_token = mail_service.links.build_unsubscribe_url(last).partition("token=")[2]
    await mail_service.remove(digest, [last.address], "U1")
    await add(mail_service, digest, "dee@example.com")
    await mail_service.repository.unsubscribe(mail_service.links.read_unsubscribe_token(old_token))
    recipients = await mail_service.repository.list_recipients(digest.id)
    assert [recipient.address.text for recipient in recipients][-1] == "dee@example.com"


async def test_a_link_to_stop_works_for_years(mail_service: MailService, digest: Digest, clock: Clock) -> None:
    recipient = (await mail_service.repository.list_recipients(digest.id))[0]
    token = mail_service.links.build_unsubscribe_url(recipient).partition("token=")[2]
    confirm_token = mail_service.links.build_confirm_url(recipient).partition("token=")[2]
    clock.now += timedelta(days=4 * 365)
    assert mail_service.links.read_unsubscribe_token(token).id == recipient.id
    with pytest.raises(BadQuestion, match="expired"):
        mail_service.links.read_confirm_token(confirm_token)


async def test_removing_an_address_takes_back_its_waiting_mail(
    store: Store, digest: Digest, mail_server: MailServer, clock: Clock, mail_service: MailService
) -> None:
    await add(mail_service, digest, "dee@example.com")
    await mail_service.remove(digest, [MailAddress("dee@example.com")], "U1")
    await make_runner(store, mail_server, clock).run_due()
    assert mail_server.mails == []
    assert store.database.read(lambda db: db.execute(select(digest_mails)).all()) == []
