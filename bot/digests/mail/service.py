"""Adds, removes and lists the addresses of a digest, and freezes the mails of its runs.

Rule: only the digest's owner and admins see or change its addresses. What the reader of a mail does (confirm, stop)
needs no sign-in, only the link in the mail.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from bot.core.settings import Settings
from bot.digests.mail.addresses import MAX_ADDRESSES, MailAddress
from bot.digests.mail.composer import MailComposer
from bot.digests.mail.content import build_confirmation_mail
from bot.digests.mail.links import MailLinks, build_mail_links
from bot.digests.mail.model import Recipient, RecipientState
from bot.digests.mail.outbox import add_digest_mails
from bot.digests.mail.recipients import RecipientRepository
from bot.digests.model import Digest, MailContent
from bot.slack.blocks.mrkdwn import make_readable
from bot.storage.store import Store
from briefings import BadQuestion

#: what is said if e-mail is not set up
NOT_SET_UP = (
    "Digests aren't sent by e-mail here. To turn that on, the person who runs On the Record sets SMTP_URL, MAIL_FROM "
    "and an https PUBLIC_URL."
)
_SENDER = "Someone who uses On the Record in Slack"
#: longest title in a mail to an address that has not confirmed, and its most digits: a year or two, no phone number
_MAX_TITLE, _MAX_DIGITS = 60, 8
_LINK_LIKE = re.compile(r"[@/\\]|www|http|\w[.。｡]\w{2}", re.IGNORECASE)
_STATE_LABELS = {
    RecipientState.PENDING: "not confirmed yet",
    RecipientState.CONFIRMED: "confirmed",
    RecipientState.REJECTION: "refused by its mail server",
}


@dataclass(frozen=True, slots=True)
class MailService:
    """The addresses of digests and their mails."""

    repository: RecipientRepository
    composer: MailComposer
    links: MailLinks

    async def add(
        self, digest: Digest, title: str, schedule: str, addresses: Sequence[MailAddress], person: str
    ) -> str:
        """Add addresses and ask them to confirm. Return a sentence of plain text. Raises BadQuestion."""

        def compose(recipient: Recipient, now: datetime) -> str:
            url = self.links.build_confirm_url(recipient)
            content = build_confirmation_mail(_make_safe_title(title), schedule, _SENDER, url)
            return self.composer.compose_confirmation(content, recipient, now)

        asked_addresses = await self.repository.add(digest, addresses, person, compose)
        others = [address for address in addresses if address not in asked_addresses]
        sentences = []
        if asked_addresses:
            pronoun = "it confirms" if len(asked_addresses) == 1 else "they confirm"
            sentences.append(
                f"I've sent an e-mail to {_join(asked_addresses)} to confirm. Until {pronoun}, nothing else is sent."
            )
        if others:
            recipients = await self.repository.list_recipients(digest.id)
            states = {recipient.address.key: recipient.state for recipient in recipients}
            confirmed = [address for address in others if states.get(address.key) is RecipientState.CONFIRMED]
            pending = [address for address in others if address not in confirmed]
            sentences += [f"Already added: {_join(confirmed)}."] if confirmed else []
            verbs = "was asked already, and has" if len(pending) == 1 else "were asked already, and have"
            sentences += [f"{_join(pending)} {verbs} not confirmed yet."] if pending else []
        return " ".join(sentences)

    async def remove(self, digest: Digest, addresses: Sequence[MailAddress], person: str) -> str:
        """Remove addresses. Return a sentence of plain text. Raises BadQuestion if the digest has none of them."""
        if not await self.repository.remove(digest, addresses, person):
            raise BadQuestion(
                f"Digest {digest.number} isn't sent to {_join(addresses)}. To see its addresses, type "
                f"/digest email {digest.number}"
            )
        return f"Digest {digest.number} is not sent to {_join(addresses)}."

    async def set_addresses(
        self, digest: Digest, title: str, schedule: str, addresses: Sequence[MailAddress], person: str
    ) -> str:
        """Make these the digest's addresses. Return a sentence of plain text, "" for no change. Raises BadQuestion."""
        recipients = await self.repository.list_recipients(digest.id)
        old_keys, new_keys = {recipient.address.key for recipient in recipients}, {item.key for item in addresses}
        removed = [recipient.address for recipient in recipients if recipient.address.key not in new_keys]
        added = [address for address in addresses if address.key not in old_keys]
        sentences = []
        if removed:
            sentences.append(await self.remove(digest, removed, person))
        if added:
            sentences.append(await self.add(digest, title, schedule, added, person))
        return " ".join(sentences)

    async def list_addresses(self, digest: Digest) -> tuple[MailAddress, ...]:
        """Return the digest's addresses."""
        return tuple(recipient.address for recipient in await self.repository.list_recipients(digest.id))

    async def describe(self, digest: Digest) -> str:
        """Return the digest's addresses and their states, one a line, as plain text."""
        recipients = await self.repository.list_recipients(digest.id)
        how_to = f"To add one, type /digest email {digest.number} add desk@example.com"
        if not recipients:
            return f"Digest {digest.number} isn't sent by e-mail. {how_to}"
        lines = [f"• {recipient.address.text}, {_STATE_LABELS[recipient.state]}" for recipient in recipients]
        first = recipients[0].address.text
        removal = f"To remove one, type /digest email {digest.number} remove {first}"
        return "\n".join([f"Digest {digest.number} is also sent by e-mail to:", *lines, how_to, removal])

    def freeze(
        self, db: Connection, digest: Digest, due_at: datetime, run_key: str, content: MailContent, now: datetime
    ) -> None:
        """Add the mails of a run, in the transaction that saves its content."""

        def compose(recipient: Recipient) -> str:
            return self.composer.compose_digest(content, recipient, run_key, now)

        add_digest_mails(db, digest.id, due_at, compose, now)


def open_mail_service(settings: Settings, store: Store, now: Callable[[], float]) -> MailService | None:
    """Return the service, or None if e-mail is not set up."""
    links = build_mail_links(settings, now)
    if settings.mail is None or links is None:
        return None
    repository = RecipientRepository(store.database, store.audit_log, store.clock)
    return MailService(repository, MailComposer(settings.mail, links), links)


def require_mail_service(mail_service: MailService | None) -> MailService:
    """Return the service. Raises BadQuestion if e-mail is not set up."""
    if mail_service is None:
        raise BadQuestion(NOT_SET_UP)
    return mail_service


def _join(addresses: Sequence[MailAddress]) -> str:
    return ", ".join(address.text for address in addresses[:MAX_ADDRESSES])


def _make_safe_title(title: str) -> str:
    """Return the title for a mail to an address that did not ask for it: short, and no link, address or number.

    The title is typed by anyone, and mail programs make links of all that looks like one.
    """
    title = make_readable(unicodedata.normalize("NFKC", title))
    if not title or _LINK_LIKE.search(title) or sum(character.isdigit() for character in title) > _MAX_DIGITS:
        return "news"
    return title if len(title) <= _MAX_TITLE else f"{title[:_MAX_TITLE]}…"
