"""Read the articles of a folder, with optional metadata from `sources.toml`.

Rule: every file is read or reported, except files of the system and parts of saved pages (`ignored_files.py`).
Rule: an invalid `sources.toml` fails the whole folder. Any other invalid file fails without affecting the rest.
Rule: symbolic links are never followed, so nothing outside the folder is read.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from briefings.errors import BadInput
from briefings.ingest.context import ReadContext
from briefings.ingest.field_validation import Fields, build_article, require_text
from briefings.ingest.file_reader import read_file
from briefings.ingest.files.article_ids import ArticleIds
from briefings.ingest.files.ignored_files import (
    find_page_stems,
    is_companion_folder,
    is_ignored_name,
    is_page_part,
    is_readme,
    is_settings_file,
)
from briefings.ingest.text_file import cannot_read_error, make_label
from briefings.ingest.topics_file import read_tables
from briefings.model import Article

SOURCES_FILE = "sources.toml"
#: maximum depth of nested folders
MAX_DEPTH = 20


@dataclass(frozen=True, slots=True)
class _SourceEntry:
    """Metadata of one file from `sources.toml`, and the location of its entry."""

    fields: Fields
    location: str


@dataclass(frozen=True, slots=True)
class _Listing:
    """What listing a folder needs: the folder itself, and where errors and remarks go."""

    root: Path
    on_error: Callable[[BadInput], None]
    on_warning: Callable[[str], None]


def read_folder(folder: Path, context: ReadContext) -> Iterator[Article]:
    """Yield the articles of a folder and its subfolders, sorted by file name.

    The observer receives each invalid or unsupported file, line, row or record. Raises BadInput if there are no files
    to read or `sources.toml` is invalid.
    """
    observer = context.observer
    source_entries = _read_sources(folder)
    file_count = 0
    for path, article_id in _list_files(_Listing(folder, observer.on_error, observer.on_warning)):
        file_count += 1
        source_entry = source_entries.get(path.relative_to(folder).as_posix())
        articles = (item.article for item in read_file(path, article_id, context))
        try:
            if source_entry is None:
                yield from articles
            else:
                yield from _complete_single_article(articles, source_entry, observer.on_warning)
        except BadInput as error:
            observer.on_error(error)
    if not file_count:
        raise BadInput(f"{make_label(str(folder))} contains no articles. Put text files, web pages or documents in it.")


def measure_folder(folder: Path) -> tuple[int, int]:
    """Return the number of files that `read_folder` would open, and their total size in bytes."""
    file_count = byte_count = 0

    def ignore(_: object) -> None:
        pass

    for path, _ in _list_files(_Listing(folder, ignore, ignore)):
        file_count += 1
        try:
            byte_count += path.stat().st_size
        except OSError:
            continue
    return file_count, byte_count


def _list_files(listing: _Listing) -> Iterator[tuple[Path, str]]:
    """Yield the files to read and their article ids, sorted by name; a subfolder comes at the position of its name."""
    return _list_subfolder(listing, listing.root, MAX_DEPTH, is_companion=False)


def _list_subfolder(
    listing: _Listing, folder: Path, max_depth: int, *, is_companion: bool
) -> Iterator[tuple[Path, str]]:
    try:
        with os.scandir(folder) as scanned_entries:
            entries = sorted(
                (entry for entry in scanned_entries if not is_ignored_name(entry.name)), key=lambda entry: entry.name
            )
    except OSError as error:
        if folder == listing.root:
            raise cannot_read_error(folder, error) from error
        listing.on_error(cannot_read_error(folder, error))
        return
    page_stems, article_ids = find_page_stems(entry.name for entry in entries), ArticleIds()
    for entry in entries:
        path = folder / entry.name
        name = make_label(str(path))
        if entry.is_symlink():
            listing.on_error(BadInput(f"{name} is a symbolic link, so it was skipped. Add the target file itself."))
        elif entry.is_dir(follow_symlinks=False):
            if max_depth:
                is_inner_companion = is_companion or is_companion_folder(entry.name, page_stems)
                yield from _list_subfolder(listing, path, max_depth - 1, is_companion=is_inner_companion)
            else:
                listing.on_error(BadInput(f"{name} is nested more than {MAX_DEPTH} folders deep, so it was skipped."))
        elif not entry.is_file(follow_symlinks=False):
            listing.on_error(BadInput(f"{name} is not a regular file, so it was skipped."))
        elif is_readme(entry.name) and not is_companion:
            listing.on_warning(f"{name} was skipped, because it describes the folder.")
        elif not (is_companion and is_page_part(entry.name)) and not is_settings_file(entry.name):
            yield path, article_ids.allocate(path.relative_to(listing.root).as_posix())


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


def _complete_single_article(
    articles: Iterator[Article], source_entry: _SourceEntry, on_warning: Callable[[str], None]
) -> Iterator[Article]:
    """Yield the article of a file with the metadata of its entry; several articles stay as they are."""
    first_article, second_article = next(articles, None), next(articles, None)
    if first_article is not None and second_article is None:
        yield _apply_source_entry(first_article, source_entry)
    elif first_article is not None and second_article is not None:
        on_warning(f"{source_entry.location}: this entry was not used, because the file contains several articles.")
        yield from (first_article, second_article)
        yield from articles


def _apply_source_entry(article: Article, source_entry: _SourceEntry) -> Article:
    """Return the article with the metadata of its entry, which overrides the article's own."""
    entry_article = build_article(article.id, article.text, source_entry.fields, source_entry.location)
    return replace(
        article,
        publisher=entry_article.publisher or article.publisher,
        published=entry_article.published or article.published,
        url=entry_article.url or article.url,
        title=entry_article.title or article.title,
        byline=entry_article.byline or article.byline,
    )
