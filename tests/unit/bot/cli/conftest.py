"""The command line in a folder of its own, with a record of its own and no settings of the machine's."""

import io
import os
import sys
from pathlib import Path

import pytest

from bot.cli import main
from tests.support.command_line import Ran, Run

OURS = ("SLACK_", "DATABASE_URL", "TOPICS", "PUBLIC_URL", "HOST", "PORT", "LOG_LEVEL", "COLUMNS")
OURS += ("FEEDS", "CONTACT", "FETCH_NETWORKS")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that commands run in."""
    for name in list(os.environ):
        if name.startswith(OURS):
            monkeypatch.delenv(name)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/record.db")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `ontherecord ARGUMENTS`; `stdin` is what is piped into it."""

    assert Path.cwd() == folder

    def ran(*arguments: str, stdin: bytes = b"") -> Ran:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        try:
            status = main(arguments)
        except SystemExit as usage:
            status = int(str(usage.code))
        captured = capsys.readouterr()
        return Ran(status, captured.out, captured.err)

    return ran
