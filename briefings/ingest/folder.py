"""A folder of `.txt` files, with an optional `sources.toml` that tells what is known of each.

Rule: everything is read and checked before anything is handed out, so that a folder is added whole or not at all.
"""

from dataclasses import dataclass
from pathlib import Path

from briefings.errors import BadInput
from briefings.ingest.fields import Fields, described, required
from briefings.ingest.files import MAX_BYTES, cannot_read, read_text_file
from briefings.ingest.toml import read_tables
from briefings.model import Article

SOURCES = "sources.toml"
#: bytes of a folder's articles, for they are held at once; JSON lines are read as a stream
MAX_FOLDER_BYTES = 20 * MAX_BYTES


@dataclass(frozen=True, slots=True)
class _Told:
    """What `sources.toml` tells of one file, and where in it."""

    fields: Fields
    where: str


def read_folder(folder: Path) -> tuple[Article, ...]:
    """The articles of a folder, by file name; subfolders, hidden and other files are left aside.

    Raises BadInput when there are none, when one cannot be read, or when `sources.toml` is wrong.
    """
    paths = _text_files(folder)
    told = _sources(folder, {path.name for path in paths})
    articles = tuple(_described(read_text_file(path), told.get(path.name)) for path in paths)
    _check_ids(paths, articles)
    return articles


def _text_files(folder: Path) -> list[Path]:
    try:
        found = sorted(path for path in folder.iterdir() if _is_article(path))
        size = sum(path.stat().st_size for path in found)
    except OSError as error:
        raise cannot_read(folder, error) from error
    if not found:
        raise BadInput(f"{folder} holds no articles. Put .txt files in it, one an article.")
    if size > MAX_FOLDER_BYTES:
        raise BadInput(
            f"{folder} holds over {MAX_FOLDER_BYTES:,} bytes of articles. Split it, or add it as JSON lines."
        )
    return found


def _is_article(path: Path) -> bool:
    return path.suffix.lower() == ".txt" and not path.name.startswith(".") and path.is_file()


def _sources(folder: Path, names: set[str]) -> dict[str, _Told]:
    """What is told of each file, by its name; nothing without a `sources.toml`."""
    path = folder / SOURCES
    if not path.exists():
        return {}
    told: dict[str, _Told] = {}
    for where, fields in read_tables(path, "article"):
        name = required(fields, "file", where)
        if name not in names:
            raise BadInput(f"{where}: {name!r} is no .txt file of this folder. Correct the name or remove the entry.")
        if name in told:
            raise BadInput(f"{where}: {name!r} has an entry already. Keep one of the two.")
        told[name] = _Told(fields, where)
    return told


def _described(article: Article, told: _Told | None) -> Article:
    return described(article.id, article.text, told.fields, told.where) if told else article


def _check_ids(paths: list[Path], articles: tuple[Article, ...]) -> None:
    """No two files may give one id: `a.txt` and `a.TXT` do."""
    first: dict[str, Path] = {}
    for path, article in zip(paths, articles, strict=True):
        if first.setdefault(article.id, path) is not path:
            raise BadInput(f"{path} and {first[article.id].name} would both be {article.id!r}. Rename one of them.")
