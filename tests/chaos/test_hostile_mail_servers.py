"""For every answer of a mail server, a mail is sent, refused, delayed or uncertain, and never sent twice by mistake."""

import asyncio

import pytest

from bot.core.configuration.mail_settings import MailSettings
from bot.digests.mail import smtp
from bot.digests.mail.smtp import MailDelayed, MailError, MailUncertain, SmtpSender
from tests.chaos.hostile_server import Answer, repeat, run_server

_HELLO = (b"220 mail.example ESMTP\r\n", b"250 mail.example\r\n", b"250 OK\r\n", b"250 OK\r\n")


def script(*answers: bytes, stays_open: bool = False) -> Answer:
    """Return an answer that sends one reply for each line it gets, and the first at once."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for reply in answers:
            writer.write(reply)
            await writer.drain()
            await reader.readline()
        if stays_open:
            await asyncio.sleep(60)

    return answer


BEFORE_TEXT: dict[str, Answer] = {
    "closes at once": script(),
    "never greets": script(b"", stays_open=True),
    "one byte at a time": repeat(b"2", 0.05),
    "endless greeting": repeat(b"220-welcome\r\n"),
    "a line without an end": repeat(b"2" * 5_000),
    "another protocol": script(b"HTTP/1.1 400 Bad Request\r\n\r\n"),
    "binary": script(bytes(range(256))),
    "refuses everybody": script(b"554 no\r\n"),
    "code without digits": script(b"abc hello\r\n"),
    "stops after the greeting": script(_HELLO[0], stays_open=True),
    "wrong codes": script(_HELLO[0], b"999 what\r\n"),
    "refuses the sender": script(*_HELLO[:2], b"550 no\r\n"),
    "letters outside ASCII": script(b"220 \xff\xfe\r\n", b"250 \xff\r\n", b"550 \xff\r\n"),
}
AFTER_TEXT: dict[str, Answer] = {
    "closes after the text": script(*_HELLO, b"354 go on\r\n"),
    "says nothing after the text": script(*_HELLO, b"354 go on\r\n", stays_open=True),
}


@pytest.fixture(autouse=True)
def short_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "_COMMAND_SECONDS", 0.3)
    monkeypatch.setattr(smtp, "_DATA_SECONDS", 0.3)


async def send_through(answer: Answer) -> tuple[MailError, bool]:
    """Return the error of a mail, and whether its text was about to be sent."""
    is_text_sent = False

    async def before_text() -> bool:
        nonlocal is_text_sent
        is_text_sent = True
        return True

    async with run_server(answer) as port:
        settings = MailSettings("127.0.0.1", port, "news@bot.example", use_starttls=False)
        mail = SmtpSender(settings).send("desk@paper.example", "Subject: x\r\n\r\nwords\r\n", before_text)
        with pytest.raises(MailError) as raised:
            await asyncio.wait_for(mail, 20)
    return raised.value, is_text_sent


@pytest.mark.parametrize("name", BEFORE_TEXT)
async def test_hostile_mail_server_delays_the_mail_before_its_text(name: str) -> None:
    error, is_text_sent = await send_through(BEFORE_TEXT[name])
    assert isinstance(error, MailDelayed)
    assert not is_text_sent
    assert "paper.example" not in str(error)


@pytest.mark.parametrize("name", AFTER_TEXT)
async def test_mail_is_uncertain_if_the_server_is_lost_after_its_text(name: str) -> None:
    error, is_text_sent = await send_through(AFTER_TEXT[name])
    assert isinstance(error, MailUncertain)
    assert is_text_sent
