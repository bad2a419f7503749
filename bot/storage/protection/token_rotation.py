"""Encrypt stored tokens again: those in clear, from before there was a key, and those under an older key.

Rule: each row is one transaction, so that the bot goes on working meanwhile and a killed run can be repeated. A row
that changed since it was read is read again.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

from sqlalchemy import Connection, Table, and_, delete, select, update

from bot.storage.database import Database
from bot.storage.protection.token_cipher import TokenCipher
from bot.storage.protection.token_columns import TOKEN_COLUMNS, TOKEN_TABLES, can_decrypt, encrypt_again


def encrypt_stored_tokens(database: Database, cipher: TokenCipher) -> int:
    """Encrypt every token with the newest key, and return the count of changed rows. Blocks.

    Raises UndecryptableToken if a token cannot be decrypted; the rows before stay changed.
    """
    changed_count = 0
    for table in TOKEN_TABLES:
        for row_id in database.read(partial(_list_ids, table=table)):
            changed_count += database.write(partial(_encrypt_row, table=table, row_id=row_id, cipher=cipher))
    if changed_count:
        # else a token in clear stays in the file until SQLite has many changes to write
        database.move_changes_into_file()
    return changed_count


def forget_lost_tokens(database: Database, cipher: TokenCipher) -> int:
    """Delete the installations with a token that cannot be decrypted, and return the count of deleted rows. Blocks."""
    return sum(database.write(partial(_delete_lost_rows, table=table, cipher=cipher)) for table in TOKEN_TABLES)


def count_rows_to_mend(database: Database, cipher: TokenCipher) -> tuple[int, int]:
    """Return the counts of rows with a token in clear or under an older key, and of rows that can't be decrypted."""
    rows = [row for table in TOKEN_TABLES for row in database.read(partial(_read_rows, table=table))]
    lost_count = sum(not can_decrypt(row, cipher) for row in rows)
    values = [[row[name] for name in TOKEN_COLUMNS if row.get(name)] for row in rows]
    return sum(any(not cipher.is_current(value) for value in row) for row in values), lost_count


def _encrypt_row(db: Connection, table: Table, row_id: int, cipher: TokenCipher) -> bool:
    """Encrypt the tokens of one row again; return False if it is gone, or needs no change."""
    row = db.execute(select(table).where(table.c.id == row_id).with_for_update()).mappings().one_or_none()
    values = encrypt_again(dict(row), cipher) if row else {}
    if row is None or not values:
        return False
    unchanged = and_(*(table.c[name] == row[name] for name in values))
    return db.execute(update(table).where(table.c.id == row_id, unchanged).values(values)).rowcount > 0


def _delete_lost_rows(db: Connection, table: Table, cipher: TokenCipher) -> int:
    rows = db.execute(select(table).with_for_update()).mappings().all()
    lost_ids = [row["id"] for row in rows if not can_decrypt(dict(row), cipher)]
    return db.execute(delete(table).where(table.c.id.in_(lost_ids))).rowcount if lost_ids else 0


def _list_ids(db: Connection, table: Table) -> list[int]:
    return list(db.execute(select(table.c.id).order_by(table.c.id)).scalars())


def _read_rows(db: Connection, table: Table) -> list[Mapping[str, Any]]:
    return [dict(row) for row in db.execute(select(table)).mappings()]
