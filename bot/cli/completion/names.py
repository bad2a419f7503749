"""Reads names for completion: topics from the topics file, and people, outlets, articles and feeds from the database.

Rule: this module imports neither the service nor the database layer, which would take longer than a key press may.
"""

from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

from bot.core.settings import load
from bot.storage.known_names import NameTable, read_names
from briefings.ingest import read_topics

#: what can be asked for besides topics
_NEWS = ("today", "yesterday", "this week", "*")


def list_topics() -> Iterable[str]:
    """Return the slugs of the topics, and the days whose news can be asked for. Raises BriefingsError."""
    path = load().topics or Path(str(files("seeds"))) / "topics.toml"
    return [*(topic.slug for topic in read_topics(path)), *_NEWS]


def list_names(table: NameTable, prefix: str) -> Iterable[str]:
    """Return some names that begin with `prefix`, or for people have a last word that does. Raises BriefingsError."""
    return read_names(load().database_url, table, prefix)
