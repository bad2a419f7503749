"""A digest is also sent by e-mail to addresses that confirmed, and they can leave, over HTTP and SMTP."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select
from yarl import URL

from bot.server.server import build_web_app
from bot.storage.schema import digest_mail_recipients, digest_mails
from bot.storage.store import Store
from briefings.service.service import BriefingService
from tests.scenarios.conftest import Slack, run_app
from tests.scenarios.slack_digests.conftest import send_digest_command
from tests.stand_ins.mail_server import MailServer, get_part, run_mail_server
from tests.stand_ins.slack import get_visible_text

PUBLIC_URL = "https://bot.example"


@pytest.fixture
async def mail_server() -> AsyncIterator[MailServer]:
    async with run_mail_server() as server:
        yield server


@pytest.fixture
async def slack(news: BriefingService, store: Store, mail_server: MailServer) -> AsyncIterator[Slack]:
    def build(settings: Any) -> Any:
        return build_web_app(settings, news, store=store, sleep=lambda _: asyncio.sleep(0.05))

    async with run_app(build, mail=mail_server.settings, public_url=PUBLIC_URL, admins=("U7",)) as slack:
        yield slack


async def wait_until(condition: Callable[[], bool]) -> None:
    for _ in range(200):
        if condition():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("it did not happen in time")


def find_link(text: str) -> str:
    """Return path and query of the bot's link in a mail."""
    match = re.search(rf"{re.escape(PUBLIC_URL)}/mail/\S+", text)
    assert match
    parts = urlsplit(match[0])
    return f"{parts.path}?{parts.query}"


async def open_page(slack: Slack, link: str, method: str = "GET", **options: Any) -> tuple[int, str]:
    assert not isinstance(slack.bot, str)
    address = URL(str(slack.bot.make_url("/")).rstrip("/") + link, encoded=True)
    async with slack.session.request(method, address, **options) as response:
        return response.status, await response.text()


async def add_confirmed(slack: Slack, mail_server: MailServer, address: str = "desk@example.com") -> None:
    answer = await send_digest_command(slack, f"milldon-flood weekdays at 8:30 by e-mail to {address}")
    assert f"I've sent an e-mail to {address} to confirm" in get_visible_text(answer)
    await wait_until(lambda: len(mail_server.mails) == 1)
    link = find_link(get_part(mail_server.mails[0], "plain"))
    assert (await open_page(slack, link, "POST"))[0] == 200


async def test_a_confirmed_address_gets_what_the_channel_gets(slack: Slack, mail_server: MailServer) -> None:
    await add_confirmed(slack, mail_server)
    await send_digest_command(slack, "now 1")
    await slack.stand_in.wait_for(slack.stand_in.posts)
    await wait_until(lambda: len(mail_server.mails) == 2)
    mail = mail_server.mails[1]
    assert mail["To"] == "desk@example.com"
    assert mail["From"] == "On the Record <news@bot.example>"
    assert mail["Subject"].startswith("The Milldon flood: ")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Unsubscribe"].startswith(f"<{PUBLIC_URL}/mail/unsubscribe?token=")
    assert mail["Date"]
    assert mail["Message-ID"].endswith("@bot.example>")
    for part in (get_part(mail, "plain"), get_part(mail, "html")):
        assert "We saw the water come over the wall within minutes" in part
        assert "https://paper.example/flood" in part
        assert "Ada Morley" in part
    assert 'color-scheme" content="light dark"' in get_part(mail, "html")


async def test_nothing_but_the_request_is_sent_before_the_address_confirms(
    slack: Slack, mail_server: MailServer
) -> None:
    await send_digest_command(slack, "milldon-flood weekdays at 8:30 by email to desk@example.com")
    await wait_until(lambda: len(mail_server.mails) == 1)
    assert "press Confirm" in get_part(mail_server.mails[0], "plain")
    await send_digest_command(slack, "now 1")
    await slack.stand_in.wait_for(slack.stand_in.posts)
    await asyncio.sleep(0.3)
    assert len(mail_server.mails) == 1


async def test_opening_a_link_changes_nothing_and_the_button_does(
    slack: Slack, mail_server: MailServer, store: Store
) -> None:
    await send_digest_command(slack, "milldon-flood weekdays at 8:30 by email to desk@example.com")
    await wait_until(lambda: len(mail_server.mails) == 1)
    link = find_link(get_part(mail_server.mails[0], "plain"))
    status, page = await open_page(slack, link)
    assert (status, "d…k@example.com" in page, "<button>Confirm</button>" in page) == (200, True, True)
    assert read_states(store) == ["pending"]
    for _ in range(2):
        assert "Confirmed" in (await open_page(slack, link, "POST"))[1]
    assert read_states(store) == ["confirmed"]


@pytest.mark.parametrize("body", [{"List-Unsubscribe": "One-Click"}, {}])
async def test_a_reader_leaves_without_signing_in(
    slack: Slack, mail_server: MailServer, store: Store, body: dict[str, str]
) -> None:
    await add_confirmed(slack, mail_server)
    await send_digest_command(slack, "now 1")
    await wait_until(lambda: len(mail_server.mails) == 2)
    link = find_link(get_part(mail_server.mails[1], "plain"))
    assert link in mail_server.mails[1]["List-Unsubscribe"]
    assert "Stop these e-mails" in (await open_page(slack, link))[1]
    assert read_states(store) == ["confirmed"]
    for _ in range(2):
        status, page = await open_page(slack, link, "POST", data=body)
        assert (status, "not sent to you anymore" in page) == (200, True)
    assert read_states(store) == []
    assert "not sent to you anymore" in (await open_page(slack, link))[1]


@pytest.mark.parametrize("path", ["/mail/confirm", "/mail/unsubscribe"])
@pytest.mark.parametrize("token", ["", "x", "a.b.c", "%00", "%C3%A9"])
async def test_a_forged_link_is_answered_with_a_page(slack: Slack, path: str, token: str) -> None:
    for method in ("GET", "POST"):
        status, page = await open_page(slack, f"{path}?token={token}", method)
        assert (status, "This link isn't complete" in page or "This link isn&#39;t complete" in page) == (400, True)


async def test_a_link_is_valid_for_one_purpose(slack: Slack, mail_server: MailServer, store: Store) -> None:
    await add_confirmed(slack, mail_server)
    confirm_link = find_link(get_part(mail_server.mails[0], "plain"))
    status, _ = await open_page(slack, confirm_link.replace("/confirm", "/unsubscribe"), "POST")
    assert (status, read_states(store)) == (400, ["confirmed"])


def read_states(store: Store) -> list[str]:
    return list(store.database.read(lambda db: db.execute(select(digest_mail_recipients.c.state)).scalars().all()))


async def test_addresses_are_listed_and_removed_by_their_owner(
    slack: Slack, mail_server: MailServer, store: Store
) -> None:
    await add_confirmed(slack, mail_server)
    answer = await send_digest_command(slack, "email 1 add <mailto:b@example.com|b@example.com>, c@EXAMPLE.com")
    assert "b@example.com, c@example.com" in get_visible_text(answer)
    listing = get_visible_text(await send_digest_command(slack, "email 1"))
    assert "desk@example.com, confirmed" in listing
    assert "b@example.com, not confirmed yet" in listing
    refusal = await send_digest_command(slack, "email 1", user_id="U2")
    assert "Only the person who scheduled this digest" in refusal["text"]
    assert "1 is not sent to" in (await send_digest_command(slack, "email 1 remove desk@example.com"))["text"]
    assert "isn't sent to" in (await send_digest_command(slack, "email 1 remove desk@example.com"))["text"]
    assert len(read_states(store)) == 2


async def test_stopping_a_digest_deletes_its_addresses(slack: Slack, mail_server: MailServer, store: Store) -> None:
    await add_confirmed(slack, mail_server)
    await send_digest_command(slack, "stop 1")
    assert read_states(store) == []
    assert store.database.read(lambda db: db.execute(select(digest_mails)).all()) == []


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("email 1 add nonsense@", "isn't an e-mail address"),
        ("email 1 add desk@example.com\nBcc: x@example.com", "isn't an e-mail address"),
        ("milldon-flood daily at 9 by email to a@b", "isn't an e-mail address"),
        ("email 7 add desk@example.com", "no digest"),
        ("email 1 add " + ", ".join(f"a{n}@example.com" for n in range(21)), "at most 20"),
    ],
)
async def test_what_is_no_address_is_refused(slack: Slack, mail_server: MailServer, text: str, part: str) -> None:
    await send_digest_command(slack, "milldon-flood weekdays at 8:30")
    assert part in get_visible_text(await send_digest_command(slack, text))
    assert mail_server.mails == []


async def test_a_refused_address_gets_nothing_more_and_the_owner_is_told_once(
    slack: Slack, mail_server: MailServer, store: Store
) -> None:
    await add_confirmed(slack, mail_server)
    mail_server.answer_recipient = lambda _: "550 no such user"
    await send_digest_command(slack, "now 1")
    await wait_until(lambda: read_states(store) == ["refused"])
    await wait_until(lambda: any("Its mail server doesn't accept it" in post["text"] for post in slack.stand_in.posts))
    notices = [post for post in slack.stand_in.posts if post["channel"] == "U1"]
    assert len(notices) == 1
    assert "desk@example.com" not in notices[0]["text"]
    assert "d…k@example.com" in notices[0]["text"]


async def test_without_a_mail_server_the_answer_says_how_to_turn_it_on(news: BriefingService, store: Store) -> None:
    async with run_app(lambda settings: build_web_app(settings, news, store=store)) as slack:
        for text in ("milldon-flood weekdays at 8:30 by email to desk@example.com", "email 1 add desk@example.com"):
            answer = await send_digest_command(slack, text)
            assert "aren't sent by e-mail here. To turn that on" in answer["text"]
        await slack.post(slack.command("/digest", "milldon-flood"))
        view = await slack.stand_in.wait_for_view()
        assert not any(block.get("block_id") == "email" for block in view["blocks"])


async def test_the_form_has_the_addresses(slack: Slack, store: Store) -> None:
    await slack.post(slack.command("/digest", "milldon-flood"))
    view = await slack.stand_in.wait_for_view()
    fields = {
        "words": "Milldon",
        "repeat": "week",
        "days": ["Monday"],
        "time": "08:30",
        "zone": "Europe/London",
        "channel": "C1",
        "nothing": "silent",
        "details": "thread",
    }
    response = await slack.post(slack.submit(view, **fields, email="desk@exa mple.com"))
    assert "isn't an e-mail address" in (await response.json())["errors"]["email"]
    response = await slack.post(slack.submit(view, **fields, email="desk@example.com, b@example.com"))
    assert "to confirm" in str(await response.json())
    assert read_states(store) == ["pending", "pending"]
    await slack.post(slack.command("/digest", "edit 1"))
    edit_view = await slack.stand_in.wait_for_view(4)
    field = next(block for block in edit_view["blocks"] if block.get("block_id") == "email")
    assert field["element"]["initial_value"] == "desk@example.com, b@example.com"
    del fields["channel"]
    response = await slack.post(slack.submit(edit_view, **fields, email="b@example.com"))
    assert "is not sent to desk@example.com" in str(await response.json())
    assert read_states(store) == ["pending"]


async def test_no_log_has_an_address(slack: Slack, mail_server: MailServer, capsys: pytest.CaptureFixture[str]) -> None:
    await add_confirmed(slack, mail_server, "very-private@example.com")
    await send_digest_command(slack, "now 1")
    await wait_until(lambda: len(mail_server.mails) == 2)
    output = capsys.readouterr()
    assert "very-private" not in output.out + output.err
