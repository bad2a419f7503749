"""Sign backup files, and check the signature before anything in a file is used.

The signature is a line after the last page of the database, which SQLite ignores: HMAC-SHA256 of the file before it
with a key, or without a key a plain SHA-256, which detects damage but not forgery.
"""

import hmac
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from hashlib import sha256
from pathlib import Path

from briefings.errors import BadInput

_MAGIC = b"SQLite format 3\0"
_LINE = re.compile(rb"\nontherecord-backup-v1 (hmac-sha256|sha256) ([0-9a-f]{64})\n\Z")
#: bytes of the longest line, and bytes read at a time
_LINE_SIZE, _CHUNK_SIZE = 128, 1 << 20


class Seal(Enum):
    """What the end of a backup file proves."""

    NONE = "unsigned"
    CHECKSUM = "sha256"
    SIGNATURE = "hmac-sha256"


@dataclass(frozen=True, slots=True)
class BackupKey:
    """Secret key for signatures, and older keys with which a backup may be signed. Nothing prints them."""

    value: bytes
    older_values: tuple[bytes, ...] = ()

    def __repr__(self) -> str:
        """Return the name of the class only."""
        return "BackupKey()"


def sign_file(path: Path, key: BackupKey | None) -> None:
    """Append the signature to a file that has none; a checksum if there is no key. Raises OSError."""
    (digest,) = _compute_digests(path, path.stat().st_size, [key.value if key else None])
    seal = Seal.CHECKSUM if key is None else Seal.SIGNATURE
    with path.open("ab") as file:
        file.write(f"\nontherecord-backup-v1 {seal.value} {digest}\n".encode())


def check_signature(path: Path, key: BackupKey | None, *, accept_unsigned: bool) -> None:
    """Raise BadInput if the file differs from what was signed, or no one can tell. Raises OSError.

    A file that is not an SQLite database is left to the other checks.
    """
    with path.open("rb") as file:
        if file.read(len(_MAGIC)) != _MAGIC:
            return
        size = path.stat().st_size
        file.seek(max(0, size - _LINE_SIZE))
        line = _LINE.search(file.read())
    if line is None:
        if not accept_unsigned:
            raise BadInput(
                f"The backup {path} is not signed, so changes to it can't be detected. If you trust where it comes "
                "from, restore it with --unsigned."
            )
        return
    seal, expected_digest = Seal(line[1].decode()), line[2].decode()
    body_size = size - len(line[0])
    if seal is Seal.SIGNATURE and key is None:
        if not accept_unsigned:
            raise BadInput(
                f"The backup {path} is signed, but this program has no key to check it. Set BACKUP_KEY or "
                "ENCRYPTION_KEYS to the key that signed it, or restore it with --unsigned."
            )
        return
    if seal is Seal.CHECKSUM and key is not None and not accept_unsigned:
        raise BadInput(
            f"The backup {path} was written without a key, so it is not signed. If you trust where it comes from, "
            "restore it with --unsigned."
        )
    keys = [key.value, *key.older_values] if key and seal is Seal.SIGNATURE else [None]
    digests = _compute_digests(path, body_size, keys)
    if not any(hmac.compare_digest(digest, expected_digest) for digest in digests):
        if seal is Seal.CHECKSUM:
            raise BadInput(f"The backup {path} is damaged: it does not match its checksum. Use another backup.")
        raise BadInput(
            f"The backup {path} does not match its signature: it was changed, or signed with another key. Use another "
            "backup."
        )


def _compute_digests(path: Path, size: int, keys: Sequence[bytes | None]) -> list[str]:
    """Return a signature with each key, or a checksum for None, of the first bytes of a file."""
    digests = [sha256() if key is None else hmac.new(key, digestmod="sha256") for key in keys]
    for chunk in _read_chunks(path, size):
        for digest in digests:
            digest.update(chunk)
    return [digest.hexdigest() for digest in digests]


def _read_chunks(path: Path, size: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        while size > 0 and (chunk := file.read(min(_CHUNK_SIZE, size))):
            yield chunk
            size -= len(chunk)
