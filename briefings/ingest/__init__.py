"""Turns what people have into raw articles: files, folders, feeds, web pages and archives.

Rule: what cannot be read is one `BadInput` sentence with file and line, and nothing of it is half-loaded.
The names below are imported on first use: the HTTP client is slow to import, and most commands do not need it.
"""

from typing import TYPE_CHECKING

from briefings.late_names import import_late

if TYPE_CHECKING:
    from briefings.ingest.context import FileReading, ReadObserver, ReadOptions
    from briefings.ingest.formats.file_type import FileType
    from briefings.ingest.http.fetcher import open_fetcher
    from briefings.ingest.paths.input_file import open_input_file
    from briefings.ingest.reader import measure, read_raw_articles
    from briefings.ingest.records.evaluation_sets import read_evaluation_articles, read_evaluation_topics
    from briefings.ingest.sandbox import FeedReader, PageReader
    from briefings.ingest.syndication.opml import read_feed_list_file
    from briefings.ingest.topics_file import read_topics

__all__ = [
    "FeedReader",
    "FileReading",
    "FileType",
    "PageReader",
    "ReadObserver",
    "ReadOptions",
    "measure",
    "open_fetcher",
    "open_input_file",
    "read_evaluation_articles",
    "read_evaluation_topics",
    "read_feed_list_file",
    "read_raw_articles",
    "read_topics",
]

#: searched in this order for a public name; the slowest import comes last
_MODULES = (
    "paths.input_file",
    "topics_file",
    "context",
    "records.evaluation_sets",
    "reader",
    "sandbox",
    "syndication.opml",
    "http.fetcher",
)

__getattr__ = import_late(__name__, __all__, _MODULES)
