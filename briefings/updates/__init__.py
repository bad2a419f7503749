"""What is new in a story for readers who had part of it already, and what of that part has changed.

The names below are imported on first use: only digests need them.
"""

from typing import TYPE_CHECKING

from briefings.late_names import import_late

if TYPE_CHECKING:
    from briefings.updates.known_updates import KnownUpdates
    from briefings.updates.model import Correction, ReadingHistory, SentLine, Update, UpdateItem, UpdateKind
    from briefings.updates.replay import replay_updates
    from briefings.updates.updates import MAX_SEEN_LINES, find_update, hash_article_text

__all__ = [
    "MAX_SEEN_LINES",
    "Correction",
    "KnownUpdates",
    "ReadingHistory",
    "SentLine",
    "Update",
    "UpdateItem",
    "UpdateKind",
    "find_update",
    "hash_article_text",
    "replay_updates",
]

__getattr__ = import_late(__name__, __all__, ("model", "updates", "known_updates", "replay"))
