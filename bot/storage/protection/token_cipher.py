"""Encrypt and decrypt the tokens in the database, with AES-256-GCM.

Rule: each value is bound to its workspace and its column, so that a copy of it in another row is refused. A value that
cannot be decrypted is an error, never an empty token. The library is imported here only, because only apps that many
workspaces install store tokens.
"""

import base64
import binascii
import secrets
from collections.abc import Sequence

from bot.core.encryption.keys import KeyRing
from briefings import BadSettings, DatabaseUnavailable
from briefings.distribution import Extra, explain_missing

#: what starts an encrypted value: the version of the format; Slack's tokens start with "x"
_PREFIX = "e1."
_PURPOSE = "tokens"
_NONCE_BYTES = 12


class UndecryptableToken(DatabaseUnavailable):
    """A stored token cannot be decrypted; the message says what to do. Nothing is posted until it can."""


class TokenCipher:
    """Encrypts with the first key of `key_ring`, and decrypts with each. Raises BadSettings without the library."""

    def __init__(self, key_ring: KeyRing) -> None:
        try:
            from cryptography.exceptions import InvalidTag
            from cryptography.hazmat.primitives.ciphers.aead import AESGCM
        except ImportError as error:
            raise BadSettings(explain_missing("Apps for many workspaces", Extra.WORKSPACES)) from error
        self._invalid_tag = InvalidTag
        self._newest_id = key_ring.ids[0]
        self._ciphers = {key_id: AESGCM(key_ring.find_derived(key_id, _PURPOSE) or b"") for key_id in key_ring.ids}

    def encrypt(self, token: str, context: Sequence[str]) -> str:
        """Return the encrypted token. `context` names its place: the workspace and the column."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        encrypted = self._ciphers[self._newest_id].encrypt(nonce, token.encode(), _build_context(context))
        return f"{_PREFIX}{self._newest_id}.{base64.urlsafe_b64encode(nonce + encrypted).decode()}"

    def decrypt(self, value: str, context: Sequence[str]) -> str:
        """Return the token of an encrypted value. Raises UndecryptableToken, also for a token in clear."""
        if not value.startswith(_PREFIX):
            raise UndecryptableToken("A stored token is not encrypted. Run: ontherecord keys rotate")
        key_id, _, text = value.removeprefix(_PREFIX).partition(".")
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise UndecryptableToken(
                f"A stored token needs the key {key_id}, which is missing. Add it to ENCRYPTION_KEYS or the key file."
            )
        try:
            data = base64.b64decode(text.encode("ascii"), altchars=b"-_", validate=True)
            return cipher.decrypt(data[:_NONCE_BYTES], data[_NONCE_BYTES:], _build_context(context)).decode()
        except (self._invalid_tag, binascii.Error, ValueError) as error:
            raise UndecryptableToken(
                "A stored token is damaged, or was moved here from another workspace. Install the app again there."
            ) from error

    def is_current(self, value: str) -> bool:
        """Tell whether a value is encrypted with the newest key."""
        return value.startswith(f"{_PREFIX}{self._newest_id}.")


def is_encrypted(value: str) -> bool:
    """Tell whether a stored value is encrypted, rather than a token in clear."""
    return value.startswith(_PREFIX)


def get_value_key(value: str) -> str | None:
    """Return the id of the key of an encrypted value, or None for a token in clear."""
    return value.removeprefix(_PREFIX).partition(".")[0] if is_encrypted(value) else None


def _build_context(parts: Sequence[str]) -> bytes:
    """Return the parts as bytes from which they can be told apart."""
    return b"\0".join(part.encode() for part in parts)
