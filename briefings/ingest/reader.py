"""Read raw articles from a file, a folder or standard input."""

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from briefings.errors import BadInput
from briefings.ingest.context import Content, ErrorCallback, ReadContext, ReadObserver, ReadOptions
from briefings.ingest.file_reader import read_content, read_file
from briefings.ingest.files.article_ids import derive_article_id
from briefings.ingest.files.guarded_observer import GuardedObserver, ObserverError, raise_cause
from briefings.ingest.folder import measure_folder, read_folder
from briefings.ingest.formats.compression import open_content, open_seekable
from briefings.ingest.formats.file_type import FileType
from briefings.ingest.formats.integrity import Integrity
from briefings.ingest.sandbox import DocumentReader, PageReader
from briefings.ingest.text_file import cannot_read_error, make_label
from briefings.model import Article

#: file types that are read from standard input as they arrive; their articles carry their own ids
_STREAMED_TYPES = frozenset({FileType.JSON_LINES, FileType.WARC, FileType.ARC})
_CHUNK_BYTES = 1 << 16


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
    """Return the raw articles of a file or folder, or of a file of any type from `stdin` if the path is "-".

    Boilerplate is not marked yet. With `observer` (or `on_error`, a shorter form), one pass yields every valid article
    and reports each invalid item. Without both, the first invalid item raises BadInput, and no article of its file is
    returned. In all cases an unreadable source raises BadInput, either at once or during iteration.
    """
    if observer is None and on_error is not None:
        observer = _CallbackObserver(on_error)
    options = options or ReadOptions()
    source = stdin if str(path) == "-" and stdin is not None else Path(path)
    if isinstance(source, Path):
        _check_path(source)
        if observer is None and source.is_file():
            for _ in _read_raw_articles(source, ReadObserver(), options):
                pass  # not for pipes, which can only be read once
    articles = _read_raw_articles(source, observer or ReadObserver(), options)
    if not isinstance(source, Path):
        return articles
    first_article = next(articles, None)  # an unreadable source fails here, not at the first iteration
    return iter(()) if first_article is None else chain((first_article,), articles)


def measure(path: str | Path) -> tuple[int, int]:
    """Return the number of files that reading a path would open, and their total size in bytes; content is not read.

    Raises BadInput if the path does not exist.
    """
    path = Path(path)
    _check_path(path)
    try:
        return measure_folder(path) if path.is_dir() else (1, path.stat().st_size)
    except OSError as error:
        raise cannot_read_error(path, error) from error


def _read_raw_articles(source: Path | BinaryIO, observer: ReadObserver, options: ReadOptions) -> Iterator[Article]:
    with PageReader() as page_reader, DocumentReader() as document_reader:
        context = ReadContext(page_reader.read, document_reader.read, GuardedObserver(observer), options)
        if not isinstance(source, Path):
            articles = _read_standard_input(source, context)
        elif source.is_dir():
            articles = read_folder(source, context)
        else:
            articles = (item.article for item in read_file(source, derive_article_id(source.name), context))
        try:
            for article in articles:
                yield _add_defaults(article, options)
        except ObserverError as error:
            raise_cause(error)


def _read_standard_input(stdin: BinaryIO, context: ReadContext) -> Iterator[Article]:
    """Yield the articles of a pipe; an article without its own id is identified by the content."""
    integrity = Integrity("standard input")
    with open_content(lambda: nullcontext(stdin), integrity, context.observer.on_progress) as open_stdin:
        content = Content(open_stdin.stream, open_stdin.file_type, integrity.name, integrity.name, integrity)
        if content.file_type in _STREAMED_TYPES:
            yield from (item.article for item in read_content(content, context))
            return
        with open_seekable(content.stream, integrity) as file:
            digest = sha256()
            while data := file.read(_CHUNK_BYTES):
                digest.update(data)
            file.seek(0)
            article_id = f"stdin-{digest.hexdigest()[:12]}"
            yield from (
                item.article for item in read_content(replace(content, stream=file, article_id=article_id), context)
            )


def _add_defaults(article: Article, options: ReadOptions) -> Article:
    """Return the article with the outlet and day that the user states, where it does not state its own."""
    if options.outlet is None and options.published is None:
        return article
    return replace(
        article,
        publisher=article.publisher or options.outlet,
        published=article.published or options.published,
    )


def _check_path(path: Path) -> None:
    """Raise BadInput if there is no file or folder at the path."""
    try:
        if path.exists():
            return
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise cannot_read_error(path, error if isinstance(error, OSError) else OSError(0, "invalid name")) from error
    raise BadInput(f"{make_label(str(path))} was not found. Check the name.")
