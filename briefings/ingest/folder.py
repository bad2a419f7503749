"""A folder of files, with an optional `sources.toml` that tells what is known of each.

Rule: `sources.toml` is right as a whole, or nothing of the folder is read; every other file fails by itself. Links are
never followed, so that nothing outside the folder is read.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from briefings.errors import BadInput
from briefings.ingest.contents import ARCHIVES, read_contents
from briefings.ingest.fields import Fields, described, required
from briefings.ingest.files import cannot_read
from briefings.ingest.jsonlines import Broken
from briefings.ingest.kind import bare_name, stem
from briefings.ingest.toml import read_tables
from briefings.ingest.warc import Pages
from briefings.model import Article

SOURCES = "sources.toml"
#: folders inside each other
DEEPEST = 20
#: endings of names that are read; what lies beside saved pages (pictures, styles) is left aside
_ENDINGS = frozenset(
    {".txt", ".text", ".html", ".htm", ".xhtml", ".json", ".jsonl", ".ndjson", ".warc", ".parquet", ".gz", ".zst"}
)


@dataclass(frozen=True, slots=True)
class _Told:
    """What `sources.toml` tells of one file, and where in it."""

    fields: Fields
    where: str


def read_folder(folder: Path, pages: Pages, broken: Broken) -> Iterator[Article]:
    """The articles of a folder and its subfolders, by file name; hidden and other files are left aside.

    `broken` is told of each file, line, row or record that is no article. Raises BadInput when there are no files to
    read, or when `sources.toml` is wrong.
    """
    told = _sources(folder)
    files = 0
    first: dict[str, str] = {}
    for path in _files(folder, broken, DEEPEST):
        files += 1
        try:
            for article, kind in read_contents(path, _identity(folder, path), pages, broken):
                if kind in ARCHIVES:
                    yield article
                else:
                    _check_id(first, article.id, path)
                    yield _described(article, told.get(path.relative_to(folder).as_posix()))
        except BadInput as error:
            broken(error)
    if not files:
        raise BadInput(f"{folder} holds no articles. Put .txt, .html or .jsonl files in it.")


def _files(folder: Path, broken: Broken, deepest: int) -> Iterator[Path]:
    """The files to read, by name, those of a subfolder where its name stands."""
    try:
        with os.scandir(folder) as found:
            entries = sorted((entry for entry in found if not entry.name.startswith(".")), key=lambda entry: entry.name)
    except OSError as error:
        raise cannot_read(folder, error) from error
    for entry in entries:
        path = folder / entry.name
        if entry.is_dir(follow_symlinks=False):
            if deepest:
                yield from _files_below(path, broken, deepest - 1)
            else:
                broken(BadInput(f"{path} lies over {DEEPEST} folders deep: it is not read."))
        elif path.suffix.lower() in _ENDINGS:
            if entry.is_symlink():
                broken(BadInput(f"{path} is a link, which is not followed. Add what it leads to by its own name."))
            elif entry.is_file(follow_symlinks=False):
                yield path


def _files_below(folder: Path, broken: Broken, deepest: int) -> Iterator[Path]:
    try:
        yield from _files(folder, broken, deepest)
    except BadInput as error:
        broken(error)


def _identity(folder: Path, path: Path) -> str:
    """What an article is called that has no id of its own: its file's name, and its folders' within `folder`."""
    relative = path.relative_to(folder)
    name = relative.name
    own = stem(name) if bare_name(name) != name else name[: -len(path.suffix)]
    return (relative.parent / own).as_posix()


def _sources(folder: Path) -> dict[str, _Told]:
    """What is told of each file, by its name; nothing without a `sources.toml`."""
    path = folder / SOURCES
    if not path.exists() or path.is_symlink():
        return {}
    told: dict[str, _Told] = {}
    for where, fields in read_tables(path, "article"):
        name = required(fields, "file", where)
        if ".." in Path(name).parts or not (folder / name).is_file():
            raise BadInput(f"{where}: {name!r} is no file of this folder. Correct the name or remove the entry.")
        if name in told:
            raise BadInput(f"{where}: {name!r} has an entry already. Keep one of the two.")
        described("checked", "checked", fields, where)
        told[name] = _Told(fields, where)
    return told


def _described(article: Article, told: _Told | None) -> Article:
    """The article with what is told of it, which goes before what it tells itself."""
    if told is None:
        return article
    known = described(article.id, article.text, told.fields, told.where)
    return replace(
        article,
        publisher=known.publisher or article.publisher,
        published=known.published or article.published,
        url=known.url or article.url,
        title=known.title or article.title,
        byline=known.byline or article.byline,
    )


def _check_id(first: dict[str, str], identity: str, path: Path) -> None:
    """No two files may give one id: `a.txt` and `a.TXT` do."""
    if identity in first:
        raise BadInput(f"{path} and {first[identity]} would both be {identity!r}. Rename one of them.")
    first[identity] = path.name
