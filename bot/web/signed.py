"""Values that we signed ourselves and take back from strangers: links, sessions, sign-ins under way.

Rule: a value is good for one purpose, for a while, in exactly the characters that were given out. Whatever is not is
refused without being read, and the signature is compared in constant time (itsdangerous).
"""

from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256

from itsdangerous import BadData, URLSafeSerializer
from itsdangerous.encoding import base64_decode, base64_encode

from briefings.errors import BriefingsError

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
