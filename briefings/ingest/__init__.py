"""Turns what people have into raw articles: files, folders, feeds, web pages and archives.

Rule: what cannot be read is one `BadInput` sentence with file and line, and nothing of it is half-loaded.
The names below are imported on first use: the HTTP client is slow to import, and most commands do not need it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from briefings.ingest.context import FileReading, ReadObserver, ReadOptions
    from briefings.ingest.formats.file_type import FileType
    from briefings.ingest.http.fetcher import open_fetcher
    from briefings.ingest.reader import measure, read_raw_articles
    from briefings.ingest.sandbox import FeedReader, PageReader
    from briefings.ingest.syndication.opml import read_feed_list_file
    from briefings.ingest.topics_file import read_evaluation_articles, read_evaluation_topics, read_topics

__all__ = [
    "FeedReader",
    "FileReading",
    "FileType",
    "PageReader",
    "ReadObserver",
    "ReadOptions",
    "measure",
    "open_fetcher",
    "read_evaluation_articles",
    "read_evaluation_topics",
    "read_feed_list_file",
    "read_raw_articles",
    "read_topics",
]

#: searched in this order for a public name; the slowest import comes last
_MODULES = ("topics_file", "context", "reader", "sandbox", "syndication.opml", "http.fetcher")


def __getattr__(name: str) -> Any:  # noqa: ANN401  # the types are those of the imports above
    """Import a public name on first use. Raises AttributeError for any other name."""
    if name in __all__:
        for module in (import_module(f"{__name__}.{module}") for module in _MODULES):
            if hasattr(module, name):
                return getattr(module, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
