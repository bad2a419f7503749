"""Prepares the keys and the logs at the start: creates the key file, and encrypts tokens from before there was a key.

Rule: the bot does not start if a key is missing that the database needs; it never makes a new key in its place.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.cli import resources
from bot.core.encryption.key_file import find_key_file, load_keys, load_or_create_keys
from bot.core.encryption.keys import KeyRing, list_secrets
from bot.core.settings import Mode, Settings
from bot.core.tenancy import use_all_teams
from briefings import BadSettings

if TYPE_CHECKING:
    from bot.storage.store import Store


def configure_logs(settings: Settings, keys: KeyRing | None, on_error: Callable[[str], None] = lambda _: None) -> None:
    """Set up the logs so that no line has a secret of the settings, or a key of the key file.

    `on_error` is called with the name of every event logged as an error.
    """
    from bot.core import logs  # imports structlog, which questions in a terminal do not need

    logs.configure(settings.log_level, secrets=(*settings.secrets, *list_secrets(keys)), on_error=on_error)


@dataclass(frozen=True, slots=True)
class StartKeys:
    """The keys at the start; None without any, and then perhaps why, as a sentence."""

    keys: KeyRing | None
    problem: str = ""


def prepare_keys(settings: Settings) -> StartKeys:
    """Return the keys, after creating the key file if it is needed. Raises BadSettings if a needed key is missing.

    Only tokens need a key. Without one, the audit log shows mistakes, but no attacks.
    """
    keys = load_keys(settings.encryption, settings.database_url)
    check_needed_keys(settings, keys)
    if keys or settings.mode is Mode.LOCAL:
        return StartKeys(keys)
    try:
        return StartKeys(load_or_create_keys(settings.encryption, settings.database_url))
    except BadSettings as error:
        if settings.mode is Mode.OAUTH:
            raise
        return StartKeys(None, str(error))


def check_needed_keys(settings: Settings, keys: KeyRing | None) -> None:
    """Raise BadSettings if the database has a token or an audit entry under a key that is missing."""
    from bot.storage.protection.needed_keys import list_missing_keys  # imports Slack's libraries

    with resources.open_operator_store(settings) as store:
        missing_ids = list_missing_keys(store.database, keys)
    if missing_ids:
        file = find_key_file(settings.encryption, settings.database_url)
        place = f"Restore the key file {file}, or add it to ENCRYPTION_KEYS" if file else "Add it to ENCRYPTION_KEYS"
        raise BadSettings(
            f"The database needs the key {missing_ids[0]}, which is missing. {place}. If it is lost, run: ontherecord "
            "keys rotate --forget-lost"
        )


def protect_store(settings: Settings, store: "Store") -> None:
    """Encrypt the tokens of a store that are in clear, and seal its audit log with the key, before the bot uses it."""
    from bot.storage.audit_log import AuditAction  # these import Slack's libraries
    from bot.storage.protection.token_cipher import TokenCipher
    from bot.storage.protection.token_rotation import encrypt_stored_tokens

    if store.keys is None:
        return
    with use_all_teams("the keys protect the tokens and the audit log of all teams"):
        if settings.mode is Mode.OAUTH:
            encrypt_stored_tokens(store.database, TokenCipher(store.keys))
        if not store.audit_log.get_key_id():
            action = AuditAction("", "server", "sealed the audit log", store.keys.ids[0])
            store.database.write(lambda db: store.audit_log.add_in_transaction(db, action))
