"""What reading a file needs from its caller: options of the user, sandboxed parsers, and an observer of events."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import BinaryIO

from briefings.errors import BadInput
from briefings.ingest.formats.file_type import FileType
from briefings.ingest.formats.integrity import Integrity
from briefings.model import Article

#: receives the error of one invalid item; reading then continues
ErrorCallback = Callable[[BadInput], None]
#: parses a page from its bytes, URL and content type
ReadPage = Callable[[bytes, str | None, str | None], Article]


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What the user says about the articles, for all files of one call."""

    #: name of a table's column by the name of our field: {"text": "body"}
    columns: Mapping[str, str] = field(default_factory=dict)
    #: outlet and publication day of the articles that do not state their own
    outlet: str | None = None
    published: date | None = None


@dataclass(frozen=True, slots=True)
class FileReading:
    """What became of one file: its type and numbers of articles and of parts that were not taken."""

    #: path, or the path of an archive and the name inside it
    name: str
    file_type: FileType
    articles: int
    problems: int
    #: name of the column that each field came from; empty for anything but tables
    columns: Mapping[str, str] = field(default_factory=dict)


class ReadObserver:
    """Receiver of what happens during reading. This base class raises errors and ignores the rest."""

    @property
    def is_strict(self) -> bool:
        """Tell whether the first error ends the reading, so that nothing is taken from its file."""
        return type(self).on_error is ReadObserver.on_error

    def on_error(self, error: BadInput) -> None:
        """Receive the error of a file or part that was not taken; the message names it."""
        raise error

    def on_warning(self, sentence: str) -> None:
        """Receive a sentence about a field that was dropped from an article that was taken."""

    def on_columns(self, name: str, columns: Mapping[str, str]) -> None:
        """Receive the mapping of a table: the name of a column by the name of our field."""

    def on_file(self, reading: FileReading) -> None:
        """Receive the result of a file after its last article.

        Called for each file whose type is known, also inside archives. An archive of files itself is reported only if
        it has problems of its own, and with 0 articles, because its files are reported.
        """

    def on_progress(self, byte_count: int) -> None:
        """Receive the number of bytes that were read from disk since the last call."""


@dataclass(frozen=True, slots=True)
class ReadNote:
    """What the reader of a document, in its own process, tells the observer: a warning or the mapping of a table."""

    name: str
    warning: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)

    def report(self, observer: ReadObserver) -> None:
        """Pass the note on."""
        if self.warning is not None:
            observer.on_warning(self.warning)
        if self.columns:
            observer.on_columns(self.name, self.columns)


#: parses a document from its bytes, type, name, article id and the user's options
ReadDocument = Callable[[bytes, FileType, str, str, ReadOptions], Sequence[Article | BadInput | ReadNote]]


@dataclass(frozen=True, slots=True)
class ReadContext:
    """Everything that a reader may use besides the content."""

    read_page: ReadPage
    read_document: ReadDocument
    observer: ReadObserver
    options: ReadOptions = ReadOptions()


@dataclass(frozen=True, slots=True)
class Content:
    """Decompressed content of one file."""

    stream: BinaryIO
    file_type: FileType
    #: path or name that starts every error message
    name: str
    #: id of an article that does not carry its own; further articles get "/2", "/3" after it
    article_id: str
    #: damage that ended the stream early; a reader that finds the end missing reports it here
    integrity: Integrity = field(default_factory=Integrity)
    #: number of archives around this content
    depth: int = 0
