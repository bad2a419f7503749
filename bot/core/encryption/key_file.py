"""The file with the keys: where it is, reading it and creating it.

Rule: the file is beside the folder of the database, never in it, so that a copy of that folder has no key. Only its
owner can read it. A backup never contains it.
"""

import os
import secrets
import shlex
import sys
from contextlib import suppress
from pathlib import Path

from bot.core.encryption.key_settings import KeySettings
from bot.core.encryption.keys import KEY_BYTES, NO_KEY, KeyRing, format_key, parse_keys
from briefings import BadSettings

_NAME = "ontherecord.key"
_MAX_BYTES = 10_000
_OTHERS = 0o077


def find_key_file(settings: KeySettings, database_url: str) -> Path | None:
    """Return the path of the key file, which need not exist; None if it has no place, as with PostgreSQL."""
    if settings.file:
        return settings.file
    scheme, _, name = database_url.partition(":///")
    if not scheme.startswith("sqlite") or not name or name.startswith(("file:", ":")):
        return None
    return Path(name.partition("?")[0]).absolute().parent.parent / _NAME


def load_keys(settings: KeySettings, database_url: str) -> KeyRing | None:
    """Return the keys of ENCRYPTION_KEYS, or else of the key file; None if there are none. Raises BadSettings."""
    if settings.keys:
        return settings.keys
    file = find_key_file(settings, database_url)
    if file is None:
        return None
    try:
        with file.open("rb") as opened_file:
            # of the open file, because another could take its place
            mode = os.fstat(opened_file.fileno()).st_mode
            text = opened_file.read(_MAX_BYTES).decode("ascii")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise BadSettings(f"Can't read the key file {file}. Restore it, or set ENCRYPTION_KEYS.") from error
    if sys.platform != "win32" and mode & _OTHERS:
        raise BadSettings(f"Others can read the key file {file}. Run: chmod 600 {shlex.quote(str(file))}")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    key_ring = parse_keys("\n".join(lines), f"The key file {file}")
    if key_ring is None:
        raise BadSettings(f"The key file {file} is empty. Restore it, or set ENCRYPTION_KEYS.")
    return key_ring


def load_or_create_keys(settings: KeySettings, database_url: str) -> KeyRing:
    """Return the keys, after creating the key file if there is none. Raises BadSettings if it has no place."""
    key_ring = load_keys(settings, database_url)
    if key_ring:
        return key_ring
    file = find_key_file(settings, database_url)
    if file is None:
        raise BadSettings(NO_KEY)
    create_key_file(file)
    key_ring = load_keys(settings, database_url)
    assert key_ring is not None  # noqa: S101 - we or another process have just written it
    return key_ring


def create_key_file(file: Path) -> bool:
    """Write a file with a new key, completely or not at all; return False if it exists. Raises BadSettings."""
    text = "# Keep this file safe and out of backups: without it, stored tokens can't be read.\n"
    partial_file = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(partial_file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        try:
            with os.fdopen(descriptor, "w", encoding="ascii") as opened_file:
                opened_file.write(f"{text}{format_key(secrets.token_bytes(KEY_BYTES))}\n")
                opened_file.flush()
                os.fsync(opened_file.fileno())
            return _publish(partial_file, file)
        finally:
            with suppress(FileNotFoundError):
                partial_file.unlink()
    except OSError as error:
        reason = (error.strerror or "no reason given").lower()
        raise BadSettings(
            f"Can't create the key file {file}: {reason}. Set KEY_FILE to another place, or set ENCRYPTION_KEYS."
        ) from error


def _publish(partial_file: Path, file: Path) -> bool:
    """Give a complete file its name, unless another process was first."""
    try:
        if sys.platform == "win32":
            partial_file.rename(file)  # fails there if the name is taken
        else:
            os.link(partial_file, file)
    except FileExistsError:
        return False
    return True
