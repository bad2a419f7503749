"""The key file: private from the first moment, created once, and refused if others can read it."""

import os
import stat
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.core.encryption.key_file import create_key_file, find_key_file, load_keys, load_or_create_keys
from bot.core.encryption.key_settings import NO_KEYS, KeySettings
from bot.core.encryption.keys import KeyRing, format_key
from briefings import BadSettings

KEY, OTHER = bytes(range(32)), bytes(range(32, 64))
posix_only = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no permissions of this kind")


def load(file: Path) -> KeyRing | None:
    return load_keys(KeySettings(file=file), "sqlite://")


@posix_only
@pytest.mark.parametrize("umask", [0o000, 0o022, 0o277])
def test_a_new_file_is_private_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    old_mask = os.umask(umask)
    try:
        assert create_key_file(tmp_path / "k")
    finally:
        os.umask(old_mask)
    assert stat.S_IMODE((tmp_path / "k").stat().st_mode) & 0o177 == 0
    assert [path.name for path in tmp_path.iterdir()] == ["k"]


def test_processes_that_start_together_use_one_key(tmp_path: Path) -> None:
    settings = KeySettings(file=tmp_path / "k")
    with ThreadPoolExecutor(8) as executor:
        rings = list(executor.map(lambda _: load_or_create_keys(settings, "sqlite://"), range(16)))
    assert len(set(rings)) == 1
    assert not create_key_file(tmp_path / "k")


@posix_only
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o602, 0o666])
def test_a_file_that_others_can_read_is_refused_with_the_command(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "my key"
    create_key_file(file)
    file.chmod(mode)
    with pytest.raises(BadSettings, match=r"chmod 600 '.*my key'$"):
        load(file)


@pytest.mark.parametrize(
    "content", [b"", b"# only a comment\n", b"nonsense\n", b"\xff\xfe\x00", format_key(KEY)[:-4].encode(), b"\0" * 50]
)
def test_a_damaged_file_is_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "k"
    create_key_file(file)
    file.write_bytes(content)
    with pytest.raises(BadSettings) as error:
        load(file)
    assert str(file) in str(error.value)
    assert "\n" not in str(error.value)


def test_a_file_can_have_comments_and_older_keys(tmp_path: Path) -> None:
    file = tmp_path / "k"
    create_key_file(file)
    file.write_text(f"# new\n{format_key(KEY)}\n# old\n{format_key(OTHER)}\n", encoding="ascii")
    assert load(file) == KeyRing((KEY, OTHER))


def test_a_missing_file_is_no_key(tmp_path: Path) -> None:
    assert load(tmp_path / "k") is None


def test_a_folder_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="Can't read the key file"):
        load(tmp_path)


def test_a_place_that_cannot_be_written_says_what_to_set(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    with pytest.raises(BadSettings, match="Set KEY_FILE to another place, or set ENCRYPTION_KEYS"):
        create_key_file(tmp_path / "a" / "k")


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("sqlite:///{}/var/record.db", "ontherecord.key"),
        ("sqlite+pysqlite:///{}/var/record.db?timeout=5", "ontherecord.key"),
        ("sqlite://", None),
        ("sqlite:///:memory:", None),
        ("sqlite:///file:x?mode=ro&uri=true", None),
        ("postgresql+psycopg://host/name", None),
    ],
)
def test_the_file_is_beside_the_folder_of_the_database_and_not_in_it(
    tmp_path: Path, address: str, place: str | None
) -> None:
    file = find_key_file(NO_KEYS, address.format(tmp_path))
    assert file == (tmp_path / place if place else None)


def test_the_settings_come_before_the_file(tmp_path: Path) -> None:
    create_key_file(tmp_path / "k")
    ring = KeyRing((KEY,))
    assert load_keys(KeySettings(ring, tmp_path / "k"), "sqlite://") == ring


def test_without_a_place_the_message_names_the_setting() -> None:
    with pytest.raises(BadSettings, match="set ENCRYPTION_KEYS"):
        load_or_create_keys(NO_KEYS, "postgresql+psycopg://host/name")
