"""The sentence about a missing package names a command that works where the program is installed."""

import shlex
import sys
from pathlib import Path

import pytest

from briefings.distribution import Extra, explain_missing


@pytest.mark.parametrize("extra", Extra)
def test_command_is_that_of_the_environment(extra: Extra, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    assert explain_missing("PDF files", extra).endswith(f': pip install "on-the-record[{extra}]"')
    (tmp_path / "pipx_metadata.json").touch()
    assert explain_missing("PDF files", extra).endswith(f': pipx inject on-the-record "on-the-record[{extra}]"')


def test_command_can_be_pasted_into_every_shell() -> None:
    """cmd.exe takes single quotation marks as part of a name, and zsh reads brackets without any as a pattern."""
    command = explain_missing("PDF files", Extra.DOCUMENTS).partition(": ")[2]
    assert "'" not in command
    assert shlex.split(command)[-1] == "on-the-record[documents]"
