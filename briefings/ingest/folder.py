"""Read the articles of a folder, with optional metadata from `sources.toml`.

Rule: an invalid `sources.toml` fails the whole folder. Any other invalid file fails without affecting the rest.
Rule: symbolic links are never followed, so nothing outside the folder is read.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from briefings.errors import BadInput
from briefings.ingest.context import ErrorCallback, ReadContext
from briefings.ingest.field_validation import Fields, build_article, require_text
from briefings.ingest.file_reader import SINGLE_ARTICLE_TYPES, read_file
from briefings.ingest.formats.file_type import strip_all_suffixes, strip_compression_suffix
from briefings.ingest.text_file import cannot_read_error
from briefings.ingest.topics_file import read_tables
from briefings.model import Article

SOURCES_FILE = "sources.toml"
#: maximum depth of nested folders
MAX_DEPTH = 20
#: file extensions that are read; the images and styles of saved pages are ignored
_FILE_ENDINGS = frozenset(
    {".txt", ".text", ".html", ".htm", ".xhtml", ".json", ".jsonl", ".ndjson", ".warc", ".parquet", ".gz", ".zst"}
)


@dataclass(frozen=True, slots=True)
class _SourceEntry:
    """Metadata of one file from `sources.toml`, and the location of its entry."""

    fields: Fields
    location: str


def read_folder(folder: Path, context: ReadContext) -> Iterator[Article]:
    """Yield the articles of a folder and its subfolders, sorted by file name; ignore hidden and unsupported files.

    The observer receives each invalid file, line, row or record. Raises BadInput if there are no files to read or
    `sources.toml` is invalid.
    """
    on_error = context.observer.on_error
    source_entries = _read_sources(folder)
    file_count = 0
    file_by_id: dict[str, str] = {}
    for path in _list_files(folder, on_error, MAX_DEPTH):
        file_count += 1
        try:
            for item in read_file(path, _derive_article_id(folder, path), context):
                if item.file_type in SINGLE_ARTICLE_TYPES:
                    _check_id(file_by_id, item.article.id, path)
                    yield _apply_source_entry(item.article, source_entries.get(path.relative_to(folder).as_posix()))
                else:
                    yield item.article
        except BadInput as error:
            on_error(error)
    if not file_count:
        raise BadInput(f"{folder} contains no articles. Put .txt, .html or .jsonl files in it.")


def _list_files(folder: Path, on_error: ErrorCallback, max_depth: int) -> Iterator[Path]:
    """Yield the files to read, sorted by name; each subfolder's files come at the position of its name."""
    try:
        with os.scandir(folder) as scanned_entries:
            entries = sorted(
                (entry for entry in scanned_entries if not entry.name.startswith(".")), key=lambda entry: entry.name
            )
    except OSError as error:
        raise cannot_read_error(folder, error) from error
    for entry in entries:
        path = folder / entry.name
        if entry.is_dir(follow_symlinks=False):
            if max_depth:
                yield from _list_subfolder_files(path, on_error, max_depth - 1)
            else:
                on_error(BadInput(f"{path} is nested more than {MAX_DEPTH} folders deep, so it was skipped."))
        elif path.suffix.lower() in _FILE_ENDINGS:
            if entry.is_symlink():
                on_error(BadInput(f"{path} is a symbolic link, so it was skipped. Add the target file itself."))
            elif entry.is_file(follow_symlinks=False):
                yield path


def _list_subfolder_files(folder: Path, on_error: ErrorCallback, max_depth: int) -> Iterator[Path]:
    try:
        yield from _list_files(folder, on_error, max_depth)
    except BadInput as error:
        on_error(error)


def _derive_article_id(folder: Path, path: Path) -> str:
    """Build an article id from the file's path relative to `folder`, without its extensions."""
    relative = path.relative_to(folder)
    name = relative.name
    file_stem = strip_all_suffixes(name) if strip_compression_suffix(name) != name else name[: -len(path.suffix)]
    return (relative.parent / file_stem).as_posix()


def _read_sources(folder: Path) -> dict[str, _SourceEntry]:
    """Return the entries of `sources.toml` by file name; empty without such a file."""
    path = folder / SOURCES_FILE
    if not path.exists() or path.is_symlink():
        return {}
    source_entries: dict[str, _SourceEntry] = {}
    for location, fields in read_tables(path, "article"):
        name = require_text(fields, "file", location)
        if ".." in Path(name).parts or not (folder / name).is_file():
            raise BadInput(f"{location}: {name!r} is not in this folder. Correct the name or remove the entry.")
        if name in source_entries:
            raise BadInput(f"{location}: {name!r} already has an entry. Keep only one.")
        build_article("validation", "validation", fields, location)  # raises BadInput for an invalid field
        source_entries[name] = _SourceEntry(fields, location)
    return source_entries


def _apply_source_entry(article: Article, source_entry: _SourceEntry | None) -> Article:
    """Return the article with the metadata of its entry, which overrides the article's own."""
    if source_entry is None:
        return article
    entry_article = build_article(article.id, article.text, source_entry.fields, source_entry.location)
    return replace(
        article,
        publisher=entry_article.publisher or article.publisher,
        published=entry_article.published or article.published,
        url=entry_article.url or article.url,
        title=entry_article.title or article.title,
        byline=entry_article.byline or article.byline,
    )


def _check_id(file_by_id: dict[str, str], article_id: str, path: Path) -> None:
    """Raise BadInput if another file has the same id, as with `a.txt` and `a.TXT`."""
    if article_id in file_by_id:
        raise BadInput(f"{path} and {file_by_id[article_id]} would both get the id {article_id!r}. Rename one of them.")
    file_by_id[article_id] = path.name
