"""Completion if its library is not installed."""

import sys

import pytest

from tests.support.command_line import RunCommand


@pytest.fixture(autouse=True)
def _no_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "argcomplete", None)


def test_script_says_what_to_install(run: RunCommand) -> None:
    result = run("completion", "bash")
    assert (result.status, result.out) == (1, "")
    assert result.err == "ontherecord: completion needs a package. Install it with: pip install argcomplete\n"


def test_tab_key_never_runs_the_command(run: RunCommand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_ARGCOMPLETE", "1")
    result = run("topics")
    assert (result.status, result.out, result.err) == (1, "", "")
