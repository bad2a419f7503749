"""Read raw articles from a file, a folder or standard input."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from briefings.errors import BadInput
from briefings.ingest.file_reader import read_file
from briefings.ingest.folder import read_folder
from briefings.ingest.formats.file_type import strip_all_suffixes, strip_compression_suffix
from briefings.ingest.formats.json_lines import ErrorCallback, read_lines
from briefings.ingest.sandbox import PageReader
from briefings.ingest.text_file import cannot_read_error
from briefings.model import Article


def read_raw_articles(
    path: str | Path, stdin: BinaryIO | None = None, on_error: ErrorCallback | None = None
) -> Iterator[Article]:
    """Return the raw articles of a file or folder, or of JSON lines from `stdin` if the path is "-".

    Boilerplate is not marked yet. With `on_error`, one pass yields every valid article and calls it for each invalid
    item. Without it, the first invalid item raises BadInput, and no article of its file is returned. In both cases an
    unreadable source raises BadInput, either at once or during iteration.
    """
    if str(path) == "-" and stdin is not None:
        return read_lines(stdin, "standard input", on_error)
    path = Path(path)
    is_folder = _is_folder(path)
    if on_error is None and path.is_file():
        for _ in _read_raw_articles(path, is_folder, _raise_error):  # not for pipes, which can only be read once
            pass
    articles = _read_raw_articles(path, is_folder, on_error or _raise_error)
    first_article = next(articles, None)  # an unreadable source fails here, not at the first iteration
    return iter(()) if first_article is None else chain((first_article,), articles)


def _read_raw_articles(path: Path, is_folder: bool, on_error: ErrorCallback) -> Iterator[Article]:
    with PageReader() as page_reader:
        if is_folder:
            yield from read_folder(path, page_reader.read, on_error)
        else:
            for article, _file_type in read_file(path, _derive_article_id(path), page_reader.read, on_error):
                yield article


def _derive_article_id(path: Path) -> str:
    return (
        strip_all_suffixes(path.name)
        if strip_compression_suffix(path.name) != path.name
        else path.name[: len(path.name) - len(path.suffix)]
    )


def _raise_error(error: BadInput) -> None:
    raise error


def _is_folder(path: Path) -> bool:
    """Tell whether the path is a folder rather than a file. Raises BadInput if it is neither."""
    try:
        if path.exists():
            return path.is_dir()
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise cannot_read_error(path, error if isinstance(error, OSError) else OSError(0, "invalid name")) from error
    raise BadInput(f"{path} was not found. Check the name.")
