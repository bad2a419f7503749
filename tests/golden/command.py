"""The `ontherecord` command in a folder of its own, over a copy of the seeds' record, with no settings of the machine."""

import io
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.cli import main
from tests.command_line import Ran, Run
from tests.golden.seeded import seeds_at_noon

_OURS = ("SLACK_", "DATABASE_URL", "TOPICS", "PUBLIC_URL", "HOST", "PORT", "LOG_LEVEL", "COLUMNS")
_OURS += ("FEEDS", "CONTACT", "FETCH_NETWORKS", "FORCE_COLOR", "METRICS_TOKEN")


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record that holds the seeds, to be copied."""
    file = tmp_path_factory.mktemp("filled") / "record.db"
    with seeds_at_noon(f"sqlite:///{file}"):
        pass
    return file


@pytest.fixture
def folder(tmp_path: Path, filled: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that commands run in."""
    shutil.copy(filled, tmp_path / "record.db")
    _settle(tmp_path, monkeypatch)
    return tmp_path


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `ontherecord ARGUMENTS`; `stdin` is what is piped into it."""
    assert Path.cwd() == folder

    def ran(*arguments: str, stdin: bytes = b"") -> Ran:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        with _ended() as status:
            status.append(main(arguments))
        captured = capsys.readouterr()
        return Ran(status[0], captured.out, captured.err)

    return ran


@contextmanager
def _ended() -> Iterator[list[int]]:
    """The exit status, of wrong usage and of --help too."""
    status: list[int] = []
    try:
        yield status
    except SystemExit as usage:
        status.append(int(str(usage.code)))


def _settle(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(_OURS):
            monkeypatch.delenv(name)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{folder}/record.db")
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.chdir(folder)
