"""Sets to measure on, as JSON lines: articles whose ids may stand more than once, and topics with their documents.

Rule: what is told beside the articles, references and labels above all, is never looked at.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from briefings.errors import BadInput
from briefings.ingest.fields import require_text
from briefings.ingest.jsonlines import parse_article, read_objects
from briefings.model import Article


def read_evaluation_articles(path: Path, stdin: BinaryIO | None = None) -> Iterator[Article]:
    """The raw articles of a file, gzipped or not, or of `stdin` for "-", as a stream. Raises BadInput."""
    return (parse_article(fields, location) for location, fields in read_objects(path, stdin))


def read_evaluation_topics(path: Path, stdin: BinaryIO | None = None) -> Iterator[tuple[str, tuple[Article, ...]]]:
    """Each topic's name and its documents, raw: lines {"topic", "docs": [articles]}. Raises BadInput."""
    for location, fields in read_objects(path, stdin):
        documents = fields.get("docs")
        if not isinstance(documents, list) or not all(isinstance(document, dict) for document in documents):
            raise BadInput(f'{location}: "docs" must be a list of articles, each an object with an id and a text.')
        yield (
            require_text(fields, "topic", location),
            tuple(parse_article(document, location) for document in documents),
        )
