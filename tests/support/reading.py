"""Read a path and record everything that is reported meanwhile."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from briefings.errors import BadInput
from briefings.ingest.context import FileReading, ReadObserver, ReadOptions
from briefings.ingest.reader import read_raw_articles
from briefings.model import Article


class RecordingObserver(ReadObserver):
    """Observer that keeps what it receives."""

    def __init__(self) -> None:
        self.errors: list[str] = []
        self.warnings: list[str] = []
        self.files: list[FileReading] = []
        self.columns: dict[str, Mapping[str, str]] = {}
        self.byte_count = 0

    def on_error(self, error: BadInput) -> None:
        self.errors.append(str(error))

    def on_warning(self, sentence: str) -> None:
        self.warnings.append(sentence)

    def on_columns(self, name: str, columns: Mapping[str, str]) -> None:
        self.columns[name] = columns

    def on_file(self, reading: FileReading) -> None:
        self.files.append(reading)

    def on_progress(self, byte_count: int) -> None:
        self.byte_count += byte_count


@dataclass(frozen=True, slots=True)
class ReadResult:
    """Articles of a path and what was reported. An error that ended the reading is the last of `errors`."""

    articles: list[Article]
    observer: RecordingObserver = field(repr=False)

    @property
    def ids(self) -> list[str]:
        return [article.id for article in self.articles]

    @property
    def errors(self) -> list[str]:
        return self.observer.errors

    @property
    def warnings(self) -> list[str]:
        return self.observer.warnings


def read_path(path: Path | str, stdin: bytes = b"", options: ReadOptions | None = None) -> ReadResult:
    """Read a path, or `stdin` if the path is "-"."""
    observer, articles = RecordingObserver(), list[Article]()
    try:
        for article in read_raw_articles(path, BytesIO(stdin), observer=observer, options=options):
            articles.append(article)
    except BadInput as error:
        observer.on_error(error)
    assert all("\n" not in sentence for sentence in (*observer.errors, *observer.warnings))
    return ReadResult(articles, observer)
