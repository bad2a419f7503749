"""Stores what a channel has seen, in the transaction that settles a run."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, insert

from bot.digests.model import Digest, HistoryItem
from bot.storage.schema import digest_history

#: rows in one statement
_BATCH_SIZE = 100


def store_items(db: Connection, digest: Digest, due_at: datetime, ts: str, items: Sequence[HistoryItem]) -> None:
    """Upsert: the newest detail replaces the stored one for the same fingerprint."""
    config = digest.config
    table = digest_history
    condition = (table.c.team == config.team) & (table.c.channel == config.channel)
    item_by_fingerprint = {item.fingerprint: item for item in items}
    for start in range(0, len(items), _BATCH_SIZE):
        fingerprints = list(item_by_fingerprint)[start : start + _BATCH_SIZE]
        db.execute(delete(table).where(condition, table.c.fingerprint.in_(fingerprints)))
    common_values = {"team": config.team, "channel": config.channel, "digest": digest.id, "due": due_at}
    rows = [
        {
            **common_values,
            "message_ts": ts,
            "place": position,
            "fingerprint": item.fingerprint,
            "detail": dict(item.detail),
        }
        for position, item in enumerate(item_by_fingerprint.values())
    ]
    if rows:
        db.execute(insert(table), rows)
