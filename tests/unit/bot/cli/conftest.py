"""Fixtures that run the command line in an empty folder, with its own database and no other settings."""

import io
import os
import sys
from pathlib import Path

import pytest

from bot.cli import main
from bot.core.tenancy import use_no_team
from tests.support.command_line import CommandResult, RunCommand

SETTING_PREFIXES = ("SLACK_", "DATABASE_URL", "TOPICS", "PUBLIC_URL", "HOST", "PORT", "LOG_LEVEL", "COLUMNS")
SETTING_PREFIXES += ("FEEDS", "CONTACT", "FETCH_NETWORKS", "FETCH_PORTS", "RECORD", "OPERATOR_TEAM")
SETTING_PREFIXES += ("ENCRYPTION_KEYS", "KEY_FILE")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the empty folder that commands run in."""
    for name in list(os.environ):
        if name.startswith(SETTING_PREFIXES):
            monkeypatch.delenv(name)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/record.db")
    monkeypatch.setenv("KEY_FILE", f"{tmp_path}/test.key")  # by default it would be outside this folder
    # nothing depends on the terminal that the tests run in
    for name in ("NO_COLOR", "PAGER", "LESS", "_ARGCOMPLETE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> RunCommand:
    """Return a function that runs `ontherecord ARGUMENTS`, with `stdin` as standard input."""
    assert Path.cwd() == folder

    def run_command(*arguments: str, stdin: bytes = b"") -> CommandResult:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        try:
            with use_no_team():  # as in a process of its own; the tests around it see all teams
                status = main(arguments)
        except SystemExit as error:  # argparse exits on wrong usage
            status = int(str(error.code))
        captured = capsys.readouterr()
        return CommandResult(status, captured.out, captured.err)

    return run_command
