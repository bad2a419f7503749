"""Find the reader of a document type and run it, inside the sandbox process.

Rule: a reader is a module with a function `read(data, name, article_id, options)`. It is imported on first use, so a
missing optional package affects only its own type.
"""

from collections.abc import Sequence
from importlib import import_module

from briefings.distribution import Extra, explain_missing
from briefings.errors import BadInput
from briefings.ingest.context import ReadNote, ReadOptions
from briefings.ingest.formats.file_type import FileType
from briefings.model import Article

#: maximum size of one document in bytes; a newspaper's PDF has 5 to 50 million
MAX_DOCUMENT_BYTES = 100_000_000
#: name of the module in this package that reads a type
_MODULES: dict[FileType, str] = {
    FileType.FEED: "feed_file",
    FileType.FEED_LIST: "feed_list",
    FileType.SPREADSHEET: "spreadsheet",
    FileType.PDF: "pdf.reader",
    FileType.WORD: "office.word",
    FileType.RTF: "office.rtf",
    FileType.OPEN_DOCUMENT: "office.open_document",
    FileType.EPUB: "office.epub",
    FileType.EMAIL: "mail.message_reader",
    FileType.MAILBOX: "mail.mailbox",
    FileType.NEXIS: "nexis.reader",
    FileType.FACTIVA: "factiva",
    FileType.MHTML: "saved_page",
    FileType.WEBARCHIVE: "saved_page",
    FileType.SUBTITLES: "subtitles",
    FileType.NITF: "wires.nitf",
    FileType.NEWSML: "wires.newsml",
}


def is_document(file_type: FileType) -> bool:
    """Tell whether a type is read by this package."""
    return file_type in _MODULES


def read_document(
    data: bytes, file_type: FileType, name: str, article_id: str, options: ReadOptions
) -> Sequence[Article | BadInput | ReadNote]:
    """Return the articles of a document in order, and a BadInput for each part that was not taken.

    A ReadNote among them is a message for the observer.
    `name` starts every error message. An article without its own id gets `article_id`, or "ID/1", "ID/2" if the file
    contains several. Raises BadInput if the document as a whole cannot be read, or needs a package that is missing.
    """
    try:
        module = import_module(f"{__package__}.{_MODULES[file_type]}")
    except ImportError as error:
        raise BadInput(f"{name}: {explain_missing(f'{file_type} files', Extra.DOCUMENTS)}") from error
    items: Sequence[Article | BadInput | ReadNote] = module.read(data, name, article_id, options)
    return items
