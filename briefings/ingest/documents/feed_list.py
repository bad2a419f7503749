"""Explain what to do with a list of feeds (OPML), which contains no articles."""

from collections.abc import Sequence
from typing import NoReturn

from briefings.errors import BadInput
from briefings.ingest.context import ReadOptions
from briefings.ingest.syndication.opml import read_feed_list
from briefings.model import Article


def read(data: bytes, name: str, article_id: str, options: ReadOptions) -> Sequence[Article | BadInput]:
    """Raise BadInput that says how to follow the feeds of the list."""
    del article_id, options
    _refuse(len(read_feed_list(data, name).addresses), name)


def _refuse(feed_count: int, name: str) -> NoReturn:
    count = "1 feed" if feed_count == 1 else f"{feed_count:,} feeds"
    raise BadInput(f"{name} is a list of {count}, not of articles. Follow them with: ontherecord feeds follow {name}")
