"""Read evaluation sets in JSON lines: articles, or topics with their articles.

Rule: they are read without their labels and references. Article ids may repeat.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from briefings.errors import BadInput
from briefings.ingest.field_validation import require_text
from briefings.ingest.records.json_lines import parse_article, read_objects
from briefings.model import Article


def read_evaluation_articles(path: Path, stdin: BinaryIO | None = None) -> Iterator[Article]:
    """Yield the raw articles of a JSON lines file, compressed or not, or of `stdin` if the path is "-".

    Raises BadInput for an invalid line.
    """
    return (parse_article(fields, location) for location, fields in read_objects(path, stdin))


def read_evaluation_topics(path: Path, stdin: BinaryIO | None = None) -> Iterator[tuple[str, tuple[Article, ...]]]:
    """Yield each topic's name and its raw documents from lines like {"topic", "docs": [articles]}.

    Raises BadInput for an invalid line.
    """
    for location, fields in read_objects(path, stdin):
        documents = fields.get("docs")
        if not isinstance(documents, list) or not all(isinstance(document, dict) for document in documents):
            raise BadInput(f'{location}: "docs" must be a list of articles. Give each an "id" and a "text".')
        yield (
            require_text(fields, "topic", location),
            tuple(parse_article(document, location) for document in documents),
        )
