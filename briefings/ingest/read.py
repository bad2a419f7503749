"""One door for everything that can be added: looks at the path, and asks the reader that knows its kind."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from briefings.errors import BadInput
from briefings.ingest.contents import read_contents
from briefings.ingest.files import cannot_read
from briefings.ingest.folder import read_folder
from briefings.ingest.jsonlines import Broken, read_lines
from briefings.ingest.kind import bare_name, stem
from briefings.ingest.worker import PageReader
from briefings.model import Article


def read(path: str | Path, stdin: BinaryIO | None = None, broken: Broken | None = None) -> Iterator[Article]:
    """The raw articles at `path`: a file or a folder of what `kind` knows, or `-` for JSON lines from `stdin`.

    Boilerplate is not marked yet. With `broken`, which is told of whatever is no article, what else there is comes, in
    one pass; without it, the first such thing raises BadInput, and nothing of its file comes. With it, too, raises
    BadInput for what can be read not at all: at once, or while the articles are taken.
    """
    if str(path) == "-" and stdin is not None:
        return read_lines(stdin, "standard input", broken)
    path = Path(path)
    is_folder = _is_folder(path)
    if broken is None and path.is_file():
        for _ in _read(path, is_folder, _refuse):  # a pipe can be read but once
            pass
    found = _read(path, is_folder, broken or _refuse)
    first = next(found, None)  # so that what can be read not at all is told at once
    return iter(()) if first is None else chain((first,), found)


def _read(path: Path, is_folder: bool, broken: Broken) -> Iterator[Article]:
    with PageReader() as pages:
        if is_folder:
            yield from read_folder(path, pages.read, broken)
        else:
            for article, _ in read_contents(path, _identity(path), pages.read, broken):
                yield article


def _identity(path: Path) -> str:
    return stem(path.name) if bare_name(path.name) != path.name else path.name[: len(path.name) - len(path.suffix)]


def _refuse(error: BadInput) -> None:
    raise error


def _is_folder(path: Path) -> bool:
    """Whether it is a folder rather than a file. Raises BadInput when it is neither."""
    try:
        if path.exists():
            return path.is_dir()
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise cannot_read(path, error if isinstance(error, OSError) else OSError(0, "it is no name")) from error
    raise BadInput(f"{path} is not there: no file or folder has this name. Check it for a slip.")
