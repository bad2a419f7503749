"""Signs tokens and page links, and verifies them when they come back.

Rule: a token is valid for one purpose, for a limited time, and only in the exact characters that were issued. The
signature is compared in constant time (itsdangerous). A link's key names a workspace and a time, not a person: anyone
in that workspace who has the link can open the page for seven days (docs/decisions/0030). Messages that other people
can read get a key only if readers cannot sign in.
"""

from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256

from itsdangerous import BadData, URLSafeSerializer
from itsdangerous.encoding import base64_decode, base64_encode

from bot.core.settings import Settings
from bot.links.page_address import PageAddress, parse_page_url
from bot.links.urls import PageLinks
from briefings import BriefingsError

#: longest token to verify, in characters: a path of `urls.MAX_LENGTH` characters fits, with its signature
MAX_LENGTH = 4000
#: largest accepted difference between the clocks of two replicas, in seconds
MAX_CLOCK_SKEW = 60
#: lifetime of a link, in seconds
LINK_SECONDS = 7 * 24 * 3600
#: all links of a workspace are identical for this many seconds, so that cached answers can be reused
_ROUNDING_SECONDS = 3600
_MAX_TEAM_LENGTH = 32
_NAMESPACE = "on-the-record.pages."
_INVALID = "This link or token is not valid."


class InvalidToken(BriefingsError):
    """The token has a wrong signature, or was issued for another purpose."""


class ExpiredToken(BriefingsError):
    """The token has a valid signature, but its lifetime is over. `payload` is what was signed."""

    def __init__(self, payload: Mapping[str, str]) -> None:
        super().__init__("This link or token has expired.")
        self.payload = payload


class TokenSigner:
    """Signs and verifies tokens for one `purpose`. A token is valid for `seconds`; `now` returns seconds since 1970.

    The first of `secrets` signs, and all of them verify. Raises ValueError if `secrets` is empty.
    """

    def __init__(self, secrets: Sequence[str], purpose: str, seconds: int, now: Callable[[], float]) -> None:
        if not secrets:
            raise ValueError("secrets is empty: at least one is needed to sign")
        self._seconds = seconds
        self._now = now
        self._serializer = URLSafeSerializer(
            list(reversed(secrets)),  # itsdangerous signs with the last
            salt=_NAMESPACE + purpose,
            signer_kwargs={"key_derivation": "hmac", "digest_method": sha256},
        )

    def sign(self, payload: Mapping[str, str], rounding_seconds: int = 1) -> str:
        """Return `payload` as a signed token.

        The issue time is rounded down to `rounding_seconds`: within that step, equal payloads give equal tokens.
        """
        issued_at = int(self._now()) // rounding_seconds * rounding_seconds
        return str(self._serializer.dumps({"at": issued_at, **payload}))

    def verify(self, token: str) -> dict[str, str]:
        """Return the payload of `token`. Raises InvalidToken, ExpiredToken."""
        payload = self._load(token)
        issued_at = payload.pop("at", None) if isinstance(payload, dict) else None
        if (
            not isinstance(payload, dict)
            or not isinstance(issued_at, int)
            or not all(isinstance(value, str) for value in payload.values())
        ):
            raise InvalidToken(_INVALID)
        if not -MAX_CLOCK_SKEW <= self._now() - issued_at <= self._seconds:
            raise ExpiredToken(payload)
        return payload

    def _load(self, token: str) -> object:
        if len(token) > MAX_LENGTH or not token.isascii() or not _is_canonical(token):
            raise InvalidToken(_INVALID)
        try:
            return self._serializer.loads(token)
        except BadData:
            raise InvalidToken(_INVALID) from None


class LinkSigner:
    """Builds page links with signed keys, and verifies the keys. `now` returns seconds since 1970."""

    def __init__(self, settings: Settings, now: Callable[[], float]) -> None:
        self._base_url = settings.pages_url
        self._loopback = settings.loopback
        self._can_sign_in = settings.has_sign_in
        self._is_per_team = settings.record_policy.is_per_team
        self._signer = TokenSigner(settings.page_signing_secrets, "link", LINK_SECONDS, now) if self._base_url else None

    def build_page_links(self, team: str, *, is_shared: bool = False) -> PageLinks | None:
        """Return the page links for a team, or None if the team has no pages.

        `is_shared` is for messages that other people can read: their links have no key if readers can sign in. They
        name the team if each has its own record, so that they never open the record of another one.
        """
        if self._loopback is not None:
            return PageLinks(self._loopback)
        if self._base_url is None or self._signer is None or not 0 < len(team) <= _MAX_TEAM_LENGTH:
            return None
        if is_shared and self._can_sign_in:
            return PageLinks(self._base_url, workspace=team if self._is_per_team else "")
        return PageLinks(self._base_url, self._signer.sign({"team": team}, _ROUNDING_SECONDS))

    def find_page(self, url: str, team: str) -> PageAddress | None:
        """Return the page that `url` opens if every member of `team` may see it, else None.

        A link with a key opens for the key's team. A link without one opens for members who sign in.
        """
        base_url = self._loopback or self._base_url
        address = parse_page_url(url, base_url) if base_url else None
        if address is None or self._loopback is not None:
            return address
        if address.key is None:
            is_other = self._is_per_team and address.workspace not in (None, team)
            return address if self._can_sign_in and not is_other else None
        try:
            return address if self.verify_key(address.key) == team else None
        except (InvalidToken, ExpiredToken):
            return None

    def verify_key(self, key: str) -> str:
        """Return the team that `key` was issued for. Raises InvalidToken, ExpiredToken."""
        team = self._signer.verify(key).get("team") if self._signer else None
        if not team:
            raise InvalidToken(_INVALID)
        return team


def _is_canonical(token: str) -> bool:
    """Whether the signature is in canonical base64, which has several spellings for the same bytes."""
    signature = token.rpartition(".")[2]
    try:
        return base64_encode(base64_decode(signature)).decode() == signature
    except BadData:
        return False
