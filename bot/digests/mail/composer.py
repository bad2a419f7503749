"""Composes mails: headers, a plain-text and an HTML part. Everything in them is ASCII, so any server can send them.

Rule: the Message-ID is the same for every attempt, so that a mail that arrived twice would be recognised. Subscribers
can leave by one press in their mail program (RFC 8058), by a page, or by e-mail if an address is set for it.
"""

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from hashlib import sha256
from urllib.parse import quote

from bot.core.configuration.mail_settings import MailSettings
from bot.digests.mail.addresses import MailAddress
from bot.digests.mail.content import UNSUBSCRIBE_PLACE
from bot.digests.mail.links import MailLinks
from bot.digests.mail.model import Recipient
from bot.digests.model import MailContent

#: headers of URLs. Folding would encode a URL that is longer than a line, and mail programs would not read it
_URL_HEADERS = ("list-unsubscribe",)


class _MailPolicy(EmailPolicy):
    """Folds lines at 76 characters, the limit of encoded words, except headers of URLs."""

    def fold(self, name: str, value: str) -> str:
        """Return a header as lines."""
        if name.lower() in _URL_HEADERS:
            return f"{name}: {value}{self.linesep}"
        return str(super().fold(name, value))

    def fold_binary(self, name: str, value: str) -> bytes:
        """Return a header as lines of ASCII."""
        return self.fold(name, value).encode("ascii")


_POLICY = _MailPolicy(linesep="\r\n", max_line_length=76)


@dataclass(frozen=True, slots=True)
class MailComposer:
    """Composes mails of one sender."""

    settings: MailSettings
    links: MailLinks

    def compose_digest(self, content: MailContent, recipient: Recipient, run_key: str, now: datetime) -> str:
        """Return the mail of a run for one recipient, as ASCII text. `run_key` identifies the run."""
        url = self.links.build_unsubscribe_url(recipient)
        mail = self._start(recipient.address, content.subject, f"{run_key} {recipient.address.key}", now)
        mail["List-Id"] = f"<digest-{recipient.digest}.{self._domain}>"
        mailto = self.settings.unsubscribe_address
        other_way = f", <mailto:{mailto}?subject={quote(f'unsubscribe {recipient.id}')}>" if mailto else ""
        mail["List-Unsubscribe"] = f"<{url}>{other_way}"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        mail["Precedence"] = "bulk"
        return _finish(mail, content, url)

    def compose_confirmation(self, content: MailContent, recipient: Recipient, now: datetime) -> str:
        """Return the mail that asks a recipient to confirm, as ASCII text."""
        identity = f"confirm {recipient.digest} {recipient.address.key} {now.isoformat()}"
        return _finish(self._start(recipient.address, content.subject, identity, now), content, "")

    @property
    def _domain(self) -> str:
        return self.settings.sender.rpartition("@")[2]

    def _start(self, address: MailAddress, subject: str, identity: str, now: datetime) -> EmailMessage:
        mail = EmailMessage(policy=_POLICY)
        mail["From"] = Address(self.settings.sender_name, addr_spec=self.settings.sender)
        mail["To"] = Address(addr_spec=address.text)
        mail["Subject"] = subject
        mail["Date"] = format_datetime(now)
        mail["Message-ID"] = f"<{sha256(identity.encode()).hexdigest()[:40]}@{self._domain}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail["X-Auto-Response-Suppress"] = "All"
        return mail


def _finish(mail: EmailMessage, content: MailContent, unsubscribe_url: str) -> str:
    mail.set_content(content.text.replace(UNSUBSCRIBE_PLACE, unsubscribe_url), cte="quoted-printable")
    html = content.html.replace(UNSUBSCRIBE_PLACE, unsubscribe_url.replace("&", "&amp;"))
    mail.add_alternative(html, subtype="html", cte="quoted-printable")
    return mail.as_bytes().decode("ascii")
