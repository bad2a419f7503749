"""What is new in a story for readers who had part of it already, and what of that part no longer stands."""

from briefings.updates.model import Correction, Seen, SentLine, Update, UpdateItem, UpdateKind
from briefings.updates.updates import find_update, hash_article_text

__all__ = ["Correction", "Seen", "SentLine", "Update", "UpdateItem", "UpdateKind", "find_update", "hash_article_text"]
