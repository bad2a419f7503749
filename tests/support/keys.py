"""Keys for tests, and installations that are encrypted with them."""

from bot.core.encryption.keys import KeyRing
from bot.storage.installations import InstallationStore, open_installation_store
from bot.storage.store import Store

KEYS = KeyRing((bytes(range(32)),))
OTHER_KEYS = KeyRing((bytes(range(32, 64)),))


def open_installations(store: Store, client_id: str = "1.2") -> InstallationStore:
    """Return the installations of an app, under the first key."""
    return open_installation_store(store.database, store.audit_log, client_id, KEYS)
