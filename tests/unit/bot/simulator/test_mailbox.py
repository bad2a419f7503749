"""The local workspace keeps the bot's e-mails on this machine, and nothing in them runs."""

from collections.abc import AsyncIterator
from email.message import EmailMessage

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.simulator.mailbox import MAILS_PATH, LocalMailbox
from briefings import BadSettings

HOSTILE = "<script>alert(1)</script> & https://paper.example/a?x=1&y=2 javascript:alert(1)"


def make_mail(subject: str = "Ferries: 1 new fact", text: str = "Ferries sailed.") -> str:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "news@bot.example", "desk@example.com", subject
    mail.set_content(text)
    mail.add_alternative("<p>Ferries é</p><script>alert(1)</script>", subtype="html")
    return mail.as_string()


async def accept() -> bool:
    return True


async def decline() -> bool:
    return False


@pytest.fixture
def mailbox() -> LocalMailbox:
    return LocalMailbox()


@pytest.fixture
async def client(mailbox: LocalMailbox) -> AsyncIterator[TestClient[web.Request, web.Application]]:
    app = web.Application()
    mailbox.attach(app, "http://127.0.0.1")
    async with TestClient(TestServer(app), headers={"Host": "127.0.0.1"}) as client:
        yield client


async def test_mails_are_listed_newest_first_with_their_links(
    mailbox: LocalMailbox, client: TestClient[web.Request, web.Application]
) -> None:
    assert "No e-mails yet" in await (await client.get(MAILS_PATH)).text()
    assert await mailbox.send("desk@example.com", make_mail("First"), accept)
    assert await mailbox.send("desk@example.com", make_mail("Second", HOSTILE), accept)
    page = await (await client.get(MAILS_PATH)).text()
    assert page.index("Second") < page.index("First")
    assert "<script>alert(1)" not in page
    assert 'href="https://paper.example/a?x=1&amp;y=2"' in page
    assert 'href="javascript:' not in page


async def test_a_mail_that_was_taken_back_is_not_kept(mailbox: LocalMailbox) -> None:
    assert not await mailbox.send("desk@example.com", make_mail(), decline)
    assert mailbox.list_mails() == ()


async def test_the_last_two_hundred_mails_are_kept(mailbox: LocalMailbox) -> None:
    for number in range(205):
        await mailbox.send("desk@example.com", make_mail(f"Mail {number}"), accept)
    assert [mail.number for mail in mailbox.list_mails()] == list(range(205, 5, -1))


async def test_the_html_part_runs_no_scripts_and_loads_nothing(
    mailbox: LocalMailbox, client: TestClient[web.Request, web.Application]
) -> None:
    await mailbox.send("desk@example.com", make_mail(), accept)
    response = await client.get(f"{MAILS_PATH}/1")
    assert "Ferries é" in await response.text()
    policy = response.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline';")
    assert "script-src" not in policy


@pytest.mark.parametrize("number", ["0", "2", "x", "1x", "%C2%B2", "-1"])
async def test_an_unknown_mail_is_not_found(
    mailbox: LocalMailbox, client: TestClient[web.Request, web.Application], number: str
) -> None:
    await mailbox.send("desk@example.com", make_mail(), accept)
    assert (await client.get(f"{MAILS_PATH}/{number}")).status == 404


async def test_other_hosts_and_pages_are_refused(client: TestClient[web.Request, web.Application]) -> None:
    for headers in ({"Host": "evil.example"}, {"Origin": "https://evil.example"}):
        assert (await client.get(MAILS_PATH, headers=headers)).status == 403


def test_the_mailbox_is_on_this_machine_only(mailbox: LocalMailbox) -> None:
    with pytest.raises(BadSettings):
        mailbox.attach(web.Application(), "http://0.0.0.0:3000")
