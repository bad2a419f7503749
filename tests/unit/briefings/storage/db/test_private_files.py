"""Files that we create are readable by their owner only."""

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from briefings.storage.db.private_files import (
    create_private_file,
    list_database_files,
    list_readable_by_others,
    restrict_files,
)
from briefings.storage.repository import open_repository

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no permissions of this kind")


@pytest.fixture(params=[0o000, 0o002, 0o022, 0o077], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    old_mask = os.umask(request.param)
    yield request.param
    os.umask(old_mask)


def get_mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.usefixtures("umask")
def test_a_new_database_is_private_whatever_the_umask(tmp_path: Path) -> None:
    """The files that SQLite keeps beside it are private too."""
    address = f"sqlite:///{tmp_path / 'data' / 'deep' / 'record.db'}"
    with closing(open_repository(address, lambda: datetime.now(UTC))) as repository:
        assert repository.get_counts().articles == 0
        files = list_database_files(address)
        assert {path.name for path in files} >= {"record.db", "record.db-wal"}
        assert {get_mode(path) for path in files} == {0o600}
    assert {get_mode(tmp_path / "data"), get_mode(tmp_path / "data" / "deep")} == {0o700}


def test_an_existing_file_is_not_changed(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("kept", encoding="ascii")
    file.chmod(0o644)
    assert not create_private_file(file)
    assert (file.read_text(encoding="ascii"), get_mode(file)) == ("kept", 0o644)


def test_files_that_others_can_read_are_found_and_restricted(tmp_path: Path) -> None:
    files = [tmp_path / f"{mode:o}" for mode in (0o600, 0o400, 0o644, 0o660, 0o606, 0o601)]
    for file in files:
        file.touch()
        file.chmod(int(file.name, 8))
    files.append(tmp_path / "missing")
    assert [file.name for file in list_readable_by_others(files)] == ["644", "660", "606", "601"]
    assert [file.name for file in restrict_files(files)] == ["644", "660", "606", "601"]
    assert [get_mode(file) for file in files[:-1]] == [0o600, 0o400, 0o600, 0o600, 0o600, 0o600]


@pytest.mark.parametrize("address", ["sqlite://", "sqlite:///:memory:", "postgresql+psycopg://h/d", "nonsense"])
def test_databases_without_files_have_none(address: str) -> None:
    assert list_database_files(address) == ()
