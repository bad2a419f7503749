"""Finds the keys that the database needs, to refuse a start without them."""

from sqlalchemy import Connection, select

from bot.core.encryption.keys import KeyRing
from bot.storage.database import Database
from bot.storage.protection.audit_chain import get_head_key
from bot.storage.protection.token_cipher import get_value_key
from bot.storage.protection.token_columns import TOKEN_COLUMNS, TOKEN_TABLES


def list_missing_keys(database: Database, keys: KeyRing | None) -> tuple[str, ...]:
    """Return the ids of the keys of stored tokens and of the newest audit entry that are not in `keys`. Blocks."""
    return tuple(sorted(database.read(_read_key_ids) - set(keys.ids if keys else ())))


def _read_key_ids(db: Connection) -> set[str]:
    key_ids = {get_head_key(db)}
    for table in TOKEN_TABLES:
        columns = [table.c[name] for name in TOKEN_COLUMNS if name in table.c]
        for row in db.execute(select(*columns)):
            key_ids.update(get_value_key(value) for value in row if value)
    return {key_id for key_id in key_ids if key_id}
