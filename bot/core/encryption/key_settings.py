"""Settings of the keys: ENCRYPTION_KEYS and KEY_FILE for tokens and the audit log, BACKUP_KEY for backups. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.core.encryption.keys import KeyRing, list_secrets, parse_keys
from briefings import BadSettings

#: characters of the shortest key for backups
_MIN_BACKUP_KEY_LENGTH = 32


@dataclass(frozen=True, slots=True)
class KeySettings:
    """Where the keys are."""

    #: the keys, newest first; None means those of the key file
    keys: KeyRing | None = None
    #: the key file; None means beside the folder of the database
    file: Path | None = None
    #: the key that signs backups; None means one that is derived from the keys
    backup_key: str | None = field(default=None, repr=False)

    @property
    def secrets(self) -> tuple[str, ...]:
        """The keys, for redaction in logs."""
        return (*list_secrets(self.keys), *((self.backup_key,) if self.backup_key else ()))


#: none is set
NO_KEYS = KeySettings()


def parse_key_settings(values: Mapping[str, str]) -> KeySettings:
    """Return the values of ENCRYPTION_KEYS, KEY_FILE and BACKUP_KEY from environment variables. Raises BadSettings."""
    return KeySettings(
        parse_keys(values.get("ENCRYPTION_KEYS", ""), "ENCRYPTION_KEYS"),
        Path(values["KEY_FILE"]) if "KEY_FILE" in values else None,
        _parse_backup_key(values.get("BACKUP_KEY", "").strip()),
    )


def _parse_backup_key(key: str) -> str | None:
    if key and len(key) < _MIN_BACKUP_KEY_LENGTH:
        raise BadSettings(f"BACKUP_KEY is too short: use at least {_MIN_BACKUP_KEY_LENGTH} random characters.")
    return key or None
