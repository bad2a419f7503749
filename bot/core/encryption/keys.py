"""Keys that are not in the database: parse them, and derive one for each purpose. Pure.

Rule: the first key encrypts and signs, and every key decrypts and verifies, so that keys can be rotated. A key is 32
random bytes, written in base64. It never appears in `repr`, a log or an error.
"""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from briefings import BadSettings

KEY_BYTES = 32
NO_KEY = "Tokens need a key outside the database. Run `ontherecord keys new` and set ENCRYPTION_KEYS."


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Keys, newest first; at least one."""

    keys: tuple[bytes, ...] = field(repr=False)

    @property
    def ids(self) -> tuple[str, ...]:
        """A short name for each key, which says nothing about it: 8 hexadecimal digits."""
        return tuple(get_key_id(key) for key in self.keys)

    def derive(self, purpose: str) -> tuple[bytes, ...]:
        """Return 32 bytes for one purpose, such as "backup", from each key, newest first."""
        return tuple(derive_key(key, purpose) for key in self.keys)

    def find_derived(self, key_id: str, purpose: str) -> bytes | None:
        """Return the bytes for a purpose from the key of an id, or None if that key is not here."""
        return next((derive_key(key, purpose) for key in self.keys if get_key_id(key) == key_id), None)


def derive_key(key: bytes, purpose: str) -> bytes:
    """Return 32 bytes for one purpose: HKDF with SHA-256 and no salt, RFC 5869."""
    pseudorandom_key = hmac.digest(bytes(hashlib.sha256().digest_size), key, "sha256")
    return hmac.digest(pseudorandom_key, purpose.encode() + b"\x01", "sha256")


def get_key_id(key: bytes) -> str:
    """Return the short name of a key."""
    return derive_key(key, "key id")[:4].hex()


def format_key(key: bytes) -> str:
    """Return a key as it is written in settings and in the key file."""
    return base64.urlsafe_b64encode(key).decode()


def parse_keys(text: str, source: str) -> KeyRing | None:
    """Return the keys in a text, separated by commas or white space; None if there are none.

    `source` starts the message of the BadSettings that an invalid or repeated key raises.
    """
    keys = tuple(_parse_key(part, source) for part in re.split(r"[\s,]+", text) if part)
    if len(set(keys)) < len(keys):
        raise BadSettings(f"{source} has the same key twice: remove one.")
    return KeyRing(keys) if keys else None


def list_secrets(key_ring: KeyRing | None) -> Sequence[str]:
    """Return what must never be logged: the keys as anyone may write them, in both alphabets of base64."""
    keys = key_ring.keys if key_ring else ()
    texts = (encode(key).decode() for key in keys for encode in (base64.urlsafe_b64encode, base64.standard_b64encode))
    # without the padding, which can be left out; the text is then found with it, too
    return list(dict.fromkeys(text.rstrip("=") for text in texts))


def _parse_key(text: str, source: str) -> bytes:
    try:
        key = base64.b64decode(text.replace("-", "+").replace("_", "/"), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise BadSettings(f"{source} has an invalid key. Make one with: ontherecord keys new")
    return key
