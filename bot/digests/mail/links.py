"""Builds and reads the signed links of mails: to confirm an address, and to stop the mails.

Rule: a link names a recipient by its number, never by its address, and is valid for one purpose only.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from bot.core.settings import Settings
from bot.digests.mail.model import Recipient
from bot.links.signing import ExpiredToken, InvalidToken, TokenSigner
from briefings import BadQuestion

CONFIRM_PATH, UNSUBSCRIBE_PATH = "/mail/confirm", "/mail/unsubscribe"
#: lifetime of the links: confirming is soon, and leaving must work for as long as mails are kept
CONFIRM_SECONDS, UNSUBSCRIBE_SECONDS = 7 * 24 * 3600, 5 * 365 * 24 * 3600
_BAD_LINK = "This link isn't complete. Open it again from the e-mail."
_OLD_LINK = "This link has expired. Ask in Slack to add your address again."


@dataclass(frozen=True, slots=True)
class RecipientReference:
    """The recipient that a link names: its number, and the hash of its address."""

    id: int
    digest: int
    key: str


class MailLinks:
    """Signs links for `base_url`, without a final slash. `now` returns seconds since 1970."""

    def __init__(self, base_url: str, signing_secrets: tuple[str, ...], now: Callable[[], float]) -> None:
        # without a secret, as in the local workspace, links are valid until the process ends
        signing_secrets = signing_secrets or (secrets.token_hex(32),)
        self._base_url = base_url
        self._confirm = TokenSigner(signing_secrets, "mail-confirm", CONFIRM_SECONDS, now)
        self._unsubscribe = TokenSigner(signing_secrets, "mail-unsubscribe", UNSUBSCRIBE_SECONDS, now)

    def build_confirm_url(self, recipient: Recipient) -> str:
        """Return the link that confirms a recipient."""
        return f"{self._base_url}{CONFIRM_PATH}?token={quote(self._confirm.sign(_make_payload(recipient)))}"

    def build_unsubscribe_url(self, recipient: Recipient) -> str:
        """Return the link that stops a recipient's mails."""
        return f"{self._base_url}{UNSUBSCRIBE_PATH}?token={quote(self._unsubscribe.sign(_make_payload(recipient)))}"

    def read_confirm_token(self, token: str) -> RecipientReference:
        """Return the recipient of a link to confirm. Raises BadQuestion."""
        return _read(self._confirm, token)

    def read_unsubscribe_token(self, token: str) -> RecipientReference:
        """Return the recipient of a link to stop mails. Raises BadQuestion."""
        return _read(self._unsubscribe, token)


def build_mail_links(settings: Settings, now: Callable[[], float]) -> MailLinks | None:
    """Return the links, or None if no browser can reach this bot (over HTTPS, or in the local workspace)."""
    if settings.loopback:
        return MailLinks(settings.loopback, (), now)
    public_url = settings.public_url or ""
    has_pages = public_url.startswith("https://") and settings.page_signing_secrets
    return MailLinks(public_url, settings.page_signing_secrets, now) if has_pages else None


def _make_payload(recipient: Recipient) -> dict[str, str]:
    return {"recipient": str(recipient.id), "digest": str(recipient.digest), "key": recipient.address.key}


def _read(signer: TokenSigner, token: str) -> RecipientReference:
    try:
        payload = signer.verify(token)
        return RecipientReference(int(payload["recipient"]), int(payload["digest"]), payload["key"])
    except ExpiredToken as error:
        raise BadQuestion(_OLD_LINK) from error
    except (InvalidToken, KeyError, ValueError) as error:
        raise BadQuestion(_BAD_LINK) from error
