"""Create files that only their owner can read, and find those that others can read too.

Rule: a new file has its permissions from the first moment, whatever the umask is. An existing file is never changed
here, except by `restrict_files`, which the user asks for. Windows has no such permissions: nothing is checked there.
"""

import os
import stat
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

#: permissions of others and of the group
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
#: files that SQLite keeps beside a database
_COMPANIONS = ("", "-wal", "-shm", "-journal")


def create_private_folder(folder: Path) -> None:
    """Create a folder and its missing parents, for their owner only. An existing folder stays as it is.

    Raises OSError.
    """
    for path in reversed([path for path in folder.parents if not path.exists()]):
        path.mkdir(mode=0o700, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)


def create_private_file(file: Path) -> bool:
    """Create an empty file for its owner only; return False if it exists. Raises OSError."""
    try:
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        return False
    return True


def list_database_files(address: str) -> tuple[Path, ...]:
    """Return the files of the SQLite database at an SQLAlchemy URL that exist; none for other databases."""
    try:
        url = make_url(address)
    except ArgumentError:
        return ()
    name = url.database if url.get_backend_name() == "sqlite" else None
    if not name or name == ":memory:" or name.startswith("file:"):
        return ()
    return tuple(path for path in (Path(name + companion) for companion in _COMPANIONS) if path.exists())


def list_readable_by_others(files: Iterable[Path]) -> Iterator[Path]:
    """Yield the files that exist and that users other than their owner can read or change."""
    others = 0 if sys.platform == "win32" else _OTHERS
    yield from (file for file in files if file.exists() and file.stat().st_mode & others)


def restrict_files(files: Iterable[Path]) -> tuple[Path, ...]:
    """Take the permissions of others from the files that have them, and return these files. Raises OSError."""
    changed_files = tuple(list_readable_by_others(files))
    for file in changed_files:
        file.chmod(stat.S_IMODE(file.stat().st_mode) & ~_OTHERS)
    return changed_files
