"""The arrivals of articles, for the parts of the bot that store what follows from them in the same transaction."""

from sqlalchemy import Connection, inspect

from briefings.storage.db import ArticleArrival, delete_arrivals, has_arrivals, list_arrivals, lock_arrivals

__all__ = ["ArticleArrival", "delete_arrivals", "has_arrivals", "has_record", "list_arrivals", "lock_arrivals"]


def has_record(db: Connection) -> bool:
    """Whether the database has articles at all; a bot on a database of its own gets no arrivals."""
    return inspect(db).has_table("arrivals")
