"""A mail server in the event loop of a test, which accepts, refuses, delays or drops mails as the test says."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from bot.core.configuration.mail_settings import MailSettings


@dataclass
class MailServer:
    """Collects mails. `answer_recipient` and `answer_text` return the server's answers; "drop" cuts the connection."""

    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    answer_recipient: Callable[[str], str] = lambda _address: "250 OK"
    answer_text: Callable[[EmailMessage], str] = lambda _mail: "250 OK"
    port: int = 0

    async def handle_RCPT(  # noqa: N802 - the name in aiosmtpd
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Answer RCPT."""
        answer = self.answer_recipient(address)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        """Answer the text of a mail, after storing it if it is accepted."""
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        mail = message_from_bytes(content, policy=default)
        assert isinstance(mail, EmailMessage)
        answer = self.answer_text(mail)
        if answer.startswith("250") or answer == "drop":
            self.mails.append(mail)
            self.recipients += envelope.rcpt_tos
        if answer == "drop":
            server.transport.abort()
            return "250 never arrives"
        return answer

    @property
    def counts_by_id(self) -> Counter[str]:
        """The number of times that each Message-ID was accepted."""
        return Counter(mail["Message-ID"] for mail in self.mails)

    @property
    def settings(self) -> MailSettings:
        """Settings that send to this server."""
        return MailSettings("127.0.0.1", self.port, "news@bot.example", use_starttls=False)


@asynccontextmanager
async def run_mail_server(**fields: Any) -> AsyncIterator[MailServer]:
    """Run a mail server on a free loopback port."""
    handler = MailServer(**fields)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(handler, enable_SMTPUTF8=False), "127.0.0.1", 0)
    handler.port = server.sockets[0].getsockname()[1]
    try:
        yield handler
    finally:
        server.close()


def get_part(mail: EmailMessage, kind: str) -> str:
    """Return the plain-text or HTML part of a mail."""
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())
