"""Read raw articles from a file, a folder or standard input."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from briefings.errors import BadInput
from briefings.ingest.context import ErrorCallback, ReadContext, ReadObserver, ReadOptions
from briefings.ingest.file_reader import read_file
from briefings.ingest.folder import read_folder
from briefings.ingest.formats.file_type import strip_all_suffixes, strip_compression_suffix
from briefings.ingest.records.json_lines import read_lines
from briefings.ingest.sandbox import DocumentReader, PageReader
from briefings.ingest.text_file import cannot_read_error
from briefings.model import Article


class _CallbackObserver(ReadObserver):
    """Observer that passes errors to a function and ignores everything else."""

    def __init__(self, on_error: ErrorCallback) -> None:
        self._on_error = on_error

    def on_error(self, error: BadInput) -> None:
        self._on_error(error)


def read_raw_articles(
    path: str | Path,
    stdin: BinaryIO | None = None,
    on_error: ErrorCallback | None = None,
    *,
    observer: ReadObserver | None = None,
    options: ReadOptions | None = None,
) -> Iterator[Article]:
    """Return the raw articles of a file or folder, or of JSON lines from `stdin` if the path is "-".

    Boilerplate is not marked yet. With `observer` (or `on_error`, a shorter form), one pass yields every valid article
    and reports each invalid item. Without both, the first invalid item raises BadInput, and no article of its file is
    returned. In all cases an unreadable source raises BadInput, either at once or during iteration.
    """
    if observer is None and on_error is not None:
        observer = _CallbackObserver(on_error)
    options = options or ReadOptions()
    if str(path) == "-" and stdin is not None:
        articles = read_lines(stdin, "standard input", observer.on_error if observer else None)
        return (_add_defaults(article, options) for article in articles)
    path = Path(path)
    is_folder = _is_folder(path)
    if observer is None and path.is_file():
        for _ in _read_raw_articles(path, is_folder, ReadObserver(), options):
            pass  # not for pipes, which can only be read once
    articles = _read_raw_articles(path, is_folder, observer or ReadObserver(), options)
    first_article = next(articles, None)  # an unreadable source fails here, not at the first iteration
    return iter(()) if first_article is None else chain((first_article,), articles)


def _read_raw_articles(path: Path, is_folder: bool, observer: ReadObserver, options: ReadOptions) -> Iterator[Article]:
    with PageReader() as page_reader, DocumentReader() as document_reader:
        context = ReadContext(page_reader.read, document_reader.read, observer, options)
        if is_folder:
            articles = read_folder(path, context)
        else:
            articles = (item.article for item in read_file(path, _derive_article_id(path), context))
        for article in articles:
            yield _add_defaults(article, options)


def _add_defaults(article: Article, options: ReadOptions) -> Article:
    """Return the article with the outlet and day that the user states, where it does not state its own."""
    if options.outlet is None and options.published is None:
        return article
    return replace(
        article,
        publisher=article.publisher or options.outlet,
        published=article.published or options.published,
    )


def _derive_article_id(path: Path) -> str:
    return (
        strip_all_suffixes(path.name)
        if strip_compression_suffix(path.name) != path.name
        else path.name[: len(path.name) - len(path.suffix)]
    )


def _is_folder(path: Path) -> bool:
    """Tell whether the path is a folder rather than a file. Raises BadInput if it is neither."""
    try:
        if path.exists():
            return path.is_dir()
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise cannot_read_error(path, error if isinstance(error, OSError) else OSError(0, "invalid name")) from error
    raise BadInput(f"{path} was not found. Check the name.")


def measure(path: str | Path) -> tuple[int, int]:
    """Return the number of files that reading a path would open, and their total size in bytes."""
    path = Path(path)
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    return len(files), sum(file.stat().st_size for file in files)
