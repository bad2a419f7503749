"""One door for everything that can be added: looks at the path, and asks the reader that knows its kind."""

from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from briefings.errors import BadInput
from briefings.ingest.files import cannot_read, read_text_file
from briefings.ingest.folder import read_folder
from briefings.ingest.jsonlines import Broken, read_lines, read_lines_file
from briefings.model import Article

#: names that end so, or in nothing (a pipe), hold JSON lines
_JSON_LINES = frozenset({".jsonl", ".ndjson", ".json", ".gz", ""})


def read(path: str | Path, stdin: BinaryIO | None = None, broken: Broken | None = None) -> Iterable[Article]:
    """The raw articles at `path`: a folder, a `.txt` file, JSON lines (also `.gz`), or `-` for JSON lines from `stdin`.

    Boilerplate is not marked yet. A folder's and a file's articles come only when all of them can be read; but with
    `broken`, which is told of each line that cannot, JSON lines are read in one pass and what the others hold comes.
    Raises BadInput, at once or while the articles are taken.
    """
    if str(path) == "-" and stdin is not None:
        return read_lines(stdin, "standard input", broken)
    path = Path(path)
    if _is_folder(path):
        return read_folder(path)
    suffix = path.suffix.lower()
    if suffix == ".txt":
        return (read_text_file(path),)
    if suffix in _JSON_LINES:
        return read_lines_file(path, broken)
    raise BadInput(f"{path} is of a kind unknown here. Give a .txt, .jsonl or .jsonl.gz file, or a folder of .txt.")


def _is_folder(path: Path) -> bool:
    """Whether it is a folder rather than a file. Raises BadInput when it is neither."""
    try:
        if path.exists():
            return path.is_dir()
    except OSError as error:
        raise cannot_read(path, error) from error
    raise BadInput(f"{path} is not there: no file or folder has this name. Check it for a slip.")
