"""Fixtures that run the command line in an empty folder, with its own database and no other settings."""

import io
import os
import sys
from pathlib import Path

import pytest

from bot.cli import main
from tests.support.command_line import CommandResult, RunCommand

SETTING_PREFIXES = ("SLACK_", "DATABASE_URL", "TOPICS", "PUBLIC_URL", "HOST", "PORT", "LOG_LEVEL", "COLUMNS")
SETTING_PREFIXES += ("FEEDS", "CONTACT", "FETCH_NETWORKS")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the empty folder that commands run in."""
    for name in list(os.environ):
        if name.startswith(SETTING_PREFIXES):
            monkeypatch.delenv(name)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/record.db")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> RunCommand:
    """Return a function that runs `ontherecord ARGUMENTS`, with `stdin` as standard input."""
    assert Path.cwd() == folder

    def run_command(*arguments: str, stdin: bytes = b"") -> CommandResult:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        try:
            status = main(arguments)
        except SystemExit as error:  # argparse exits on wrong usage
            status = int(str(error.code))
        captured = capsys.readouterr()
        return CommandResult(status, captured.out, captured.err)

    return run_command
