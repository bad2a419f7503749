"""Hands one mail to the SMTP server, and says how certain the result is.

Rule: the caller is called right before the text is sent. What fails earlier was certainly not sent. After that, only a
4xx or 5xx answer of the server is certain: a lost connection or an answer that is neither leaves it open.
"""

import asyncio
import re
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import aiosmtplib

from bot.core.configuration.mail_settings import MailSettings

#: seconds for one command, and for the whole text
_COMMAND_SECONDS, _DATA_SECONDS = 20.0, 60.0
#: answers to RCPT about the mailbox: it does not exist, is on another server, or has an impossible name
_MAILBOX_CODES = (550, 551, 553)
#: the detailed code of an answer (RFC 3463). Its second number is the subject: 1 is the address
_ENHANCED_STATUS = re.compile(r"\s*[45]\.(\d{1,3})\.\d{1,3}\b")
_MAILBOX_SUBJECTS = ("0", "1")
#: words of servers that send no detailed code and refuse us, not the address
_POLICY_WORDS = re.compile(
    r"\b(?:relay\w*|authenticat\w*|auth|log ?in|sender|spam|spamhaus|block\w*|blacklist\w*|denied|policy|reputation"
    r"|greylist\w*|rate|rbl|dnsbl|spf|dkim|dmarc|client host|your (?:ip|host))\b",
    re.IGNORECASE,
)


class MailError(Exception):
    """A mail was not sent. `code` is the server's, or 0; the message never contains an address."""

    def __init__(self, sentence: str, code: int = 0) -> None:
        super().__init__(sentence)
        self.code = code


class MailDelayed(MailError):
    """Not sent now; a later attempt may succeed."""


class MailRefused(MailError):
    """The server refused this mail for good, but another one may be accepted."""


class AddressRefused(MailRefused):
    """The server doesn't know this address, so every mail to it would be refused."""


class MailUncertain(MailError):
    """The connection was lost after the text, so the result is uncertain."""


class SmtpSender:
    """Sends mails through one server. `tls_context` replaces the system's certificates, for tests."""

    def __init__(self, settings: MailSettings, tls_context: ssl.SSLContext | None = None) -> None:
        self._settings = settings
        self._tls_context = tls_context or ssl.create_default_context()

    async def send(self, address: str, message: str, before_text: Callable[[], Awaitable[bool]]) -> bool:
        """Send `message` to `address`. Return False, and send nothing, if `before_text` returns False.

        `before_text` runs when the recipient is accepted, right before the text. Raises MailDelayed, MailRefused or
        MailUncertain.
        """
        async with self._connect() as client:
            try:
                await client.mail(self._settings.sender)
            except aiosmtplib.SMTPResponseException as error:
                raise MailDelayed("The mail server refused the sender", error.code) from None
            except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
                raise MailDelayed(_describe(error)) from None
            try:
                await client.rcpt(address)
            except aiosmtplib.SMTPResponseException as error:
                raise _classify_recipient_answer(error) from None
            except (aiosmtplib.SMTPException, OSError, TimeoutError, ValueError) as error:
                raise MailDelayed(_describe(error)) from None
            if not await before_text():
                return False
            try:
                await client.data(message, timeout=_DATA_SECONDS)
            except aiosmtplib.SMTPResponseException as error:
                raise _classify_text_answer(error) from None
            except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
                raise MailUncertain(_describe(error)) from None
            return True

    async def check(self) -> str:
        """Connect and sign in without sending anything. Return what was found. Raises MailDelayed."""
        async with self._connect() as client:
            is_encrypted = client.get_transport_info("sslcontext") is not None
        return "with TLS" if is_encrypted else "without TLS"

    @asynccontextmanager
    async def _connect(self) -> AsyncIterator[aiosmtplib.SMTP]:
        """Yield a connection that is encrypted and signed in as the settings say. Raises MailDelayed."""
        settings = self._settings
        client = aiosmtplib.SMTP(
            hostname=settings.host,
            port=settings.port,
            username=settings.username or None,
            password=settings.password or None,
            use_tls=settings.use_tls,
            start_tls=settings.use_starttls,
            tls_context=self._tls_context,
            timeout=_COMMAND_SECONDS,
        )
        try:
            await client.connect()
        except (aiosmtplib.SMTPException, OSError, TimeoutError, ValueError) as error:
            client.close()
            code = error.code if isinstance(error, aiosmtplib.SMTPResponseException) else 0
            raise MailDelayed(_describe(error), code) from None
        try:
            yield client
        finally:
            # the result is known by now; saying goodbye must not change it
            with suppress(aiosmtplib.SMTPException, OSError, TimeoutError, asyncio.CancelledError):
                await client.quit(timeout=2)
            client.close()


def _classify_recipient_answer(error: aiosmtplib.SMTPResponseException) -> MailError:
    """Return what an answer to RCPT means. Only a code about the mailbox itself is about the address.

    A server that wants a password, that relays for no one or that distrusts us refuses every address. That is repaired
    by the person who runs the bot, so the mail is tried again and the address is kept.
    """
    status = _ENHANCED_STATUS.match(error.message)
    is_about_mailbox = error.code in _MAILBOX_CODES and (status is None or status[1] in _MAILBOX_SUBJECTS)
    if is_about_mailbox and not _POLICY_WORDS.search(error.message):
        return AddressRefused("The mail server refused the address", error.code)
    return MailDelayed("The mail server refused the address", error.code)


def _classify_text_answer(error: aiosmtplib.SMTPResponseException) -> MailError:
    """Return what an answer to the text means."""
    if 400 <= error.code < 500:
        return MailDelayed("The mail server refused the e-mail", error.code)
    if 500 <= error.code < 600:
        return MailRefused("The mail server refused the e-mail", error.code)
    return MailUncertain("The mail server gave an answer that says neither yes nor no", error.code)


def _describe(error: Exception) -> str:
    """Return the reason without the server's own words, which can contain an address."""
    if isinstance(error, aiosmtplib.SMTPAuthenticationError):
        return "The mail server refused SMTP_USERNAME or SMTP_PASSWORD"
    if isinstance(error, aiosmtplib.SMTPNotSupported):
        return "The mail server doesn't support TLS or signing in"
    if isinstance(error, ssl.SSLError) or isinstance(error.__cause__, ssl.SSLError):
        return "The mail server's certificate could not be verified"
    if isinstance(error, TimeoutError | aiosmtplib.SMTPTimeoutError):
        return "The mail server did not answer"
    return "The connection to the mail server failed"
