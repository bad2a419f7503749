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
LONGEST = 4000
#: seconds by which the clocks of two replicas may differ
SKEW = 60
_NAMESPACE = "on-the-record.pages."


class Forged(BriefingsError):
    """Not ours, or not for this."""


class Expired(BriefingsError):
    """Ours, and too old."""


class Signed:
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

    def written(self, value: Mapping[str, str], step: int = 1) -> str:
        """`value`, signed; the moment is rounded down to `step` seconds, within which the same gives the same."""
        at = int(self._now()) // step * step
        return str(self._serializer.dumps({"at": at, **value}))

    def read(self, text: str) -> dict[str, str]:
        """What was written. Raises Forged, Expired."""
        told = self._loaded(text)
        at = told.pop("at", None) if isinstance(told, dict) else None
        if not isinstance(told, dict) or not isinstance(at, int) or not all(isinstance(v, str) for v in told.values()):
            raise Forged("This is not one of ours.")
        if not -SKEW <= self._now() - at <= self._seconds:
            raise Expired("This has run out.")
        return told

    def _loaded(self, text: str) -> object:
        if len(text) > LONGEST or not text.isascii() or not _canonical(text):
            raise Forged("This is not one of ours.")
        try:
            return self._serializer.loads(text)
        except BadData:
            raise Forged("This is not one of ours.") from None


def _canonical(text: str) -> bool:
    """Whether the signature is spelt as we spell it: base64 has other spellings of the same bytes."""
    signature = text.rpartition(".")[2]
    try:
        return base64_encode(base64_decode(signature)).decode() == signature
    except BadData:
        return False
