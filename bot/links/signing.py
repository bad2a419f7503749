"""The links from Slack to the pages, and the keys in them.

Rule: a key names a workspace and a moment, no person: whoever in that workspace holds the link may look for seven days
(docs/decisions/0030). What is posted where others read it bears a key only where people have no other way in.

Values that we signed ourselves and take back from strangers: links, sessions, sign-ins under way.

Rule: a value is good for one purpose, for a while, in exactly the characters that were given out. Whatever is not is
refused without being read, and the signature is compared in constant time (itsdangerous).
"""

from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256

from itsdangerous import BadData, URLSafeSerializer
from itsdangerous.encoding import base64_decode, base64_encode

from bot.core.settings import Settings
from bot.links.urls import PageLinks
from briefings import BriefingsError

#: characters of the longest that is looked at: a path of `bot.web.paths.LONGEST` and its signature are shorter
MAX_LENGTH = 4000
#: seconds by which the clocks of two replicas may differ
MAX_CLOCK_SKEW = 60
_NAMESPACE = "on-the-record.pages."


class InvalidToken(BriefingsError):
    """Not ours, or not for this."""


class ExpiredToken(BriefingsError):
    """Ours, and too old."""


class TokenSigner:
    """Values for one `purpose`, good for `seconds`. `now` gives seconds since 1970.

    The first of `secrets` signs, every one of them is taken. Raises ValueError without any.
    """

    def __init__(self, secrets: Sequence[str], purpose: str, seconds: int, now: Callable[[], float]) -> None:
        if not secrets:
            raise ValueError("nothing to sign with")
        self._seconds = seconds
        self._now = now
        self._serializer = URLSafeSerializer(
            list(reversed(secrets)),  # itsdangerous signs with the last
            salt=_NAMESPACE + purpose,
            signer_kwargs={"key_derivation": "hmac", "digest_method": sha256},
        )

    def sign(self, payload: Mapping[str, str], rounding_seconds: int = 1) -> str:
        """`value`, signed; the moment is rounded down to `step` seconds, within which the same gives the same."""
        issued_at = int(self._now()) // rounding_seconds * rounding_seconds
        return str(self._serializer.dumps({"at": issued_at, **payload}))

    def verify(self, token: str) -> dict[str, str]:
        """What was written. Raises Forged, Expired."""
        payload = self._load(token)
        issued_at = payload.pop("at", None) if isinstance(payload, dict) else None
        if (
            not isinstance(payload, dict)
            or not isinstance(issued_at, int)
            or not all(isinstance(value, str) for value in payload.values())
        ):
            raise InvalidToken("This is not one of ours.")
        if not -MAX_CLOCK_SKEW <= self._now() - issued_at <= self._seconds:
            raise ExpiredToken("This has run out.")
        return payload

    def _load(self, token: str) -> object:
        if len(token) > MAX_LENGTH or not token.isascii() or not _is_canonical(token):
            raise InvalidToken("This is not one of ours.")
        try:
            return self._serializer.loads(token)
        except BadData:
            raise InvalidToken("This is not one of ours.") from None


def _is_canonical(token: str) -> bool:
    """Whether the signature is spelt as we spell it: base64 has other spellings of the same bytes."""
    signature = token.rpartition(".")[2]
    try:
        return base64_encode(base64_decode(signature)).decode() == signature
    except BadData:
        return False


#: seconds for which a link is good
LINK_SECONDS = 7 * 24 * 3600
#: within which all links of a workspace are the same, so that an answer that is kept can be given again
_ROUNDING_SECONDS = 3600
_MAX_TEAM_LENGTH = 32


class LinkSigner:
    """The links of one bot. `now` gives seconds since 1970."""

    def __init__(self, settings: Settings, now: Callable[[], float]) -> None:
        self._base_url = settings.pages_url
        self._loopback = settings.loopback
        self._can_sign_in = settings.has_sign_in
        self._signer = TokenSigner(settings.page_signing_secrets, "link", LINK_SECONDS, now) if self._base_url else None

    def build_page_links(self, team: str, *, is_shared: bool = False) -> PageLinks | None:
        """Where a team finds the pages, None where it does not; `shared` for what others may read as well."""
        if self._loopback is not None:
            return PageLinks(self._loopback)
        if self._base_url is None or self._signer is None or not 0 < len(team) <= _MAX_TEAM_LENGTH:
            return None
        without_key = is_shared and self._can_sign_in
        return PageLinks(self._base_url, "" if without_key else self._signer.sign({"team": team}, _ROUNDING_SECONDS))

    def verify_key(self, key: str) -> str:
        """The team that a key was given to. Raises Forged, Expired."""
        team = self._signer.verify(key).get("team") if self._signer else None
        if not team:
            raise InvalidToken("This is not one of ours.")
        return team
