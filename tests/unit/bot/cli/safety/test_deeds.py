"""Every command that changes something leaves one entry in the audit log, and every command is in one table."""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cli.parser import build_parser
from bot.cli.safety.deeds import CHANGES, OWN_ENTRY, READS
from bot.core.encryption.keys import format_key
from tests.support.command_line import RunCommand
from tests.support.keys import KEYS, OTHER_KEYS

#: a run of each command in an empty folder, and its outcome
RUNS: dict[str, tuple[list[str], str]] = {
    "add": (["a.txt", "--outlet", "The Tribune", "--date", "2016-06-30"], "done"),
    "remove": (["nothing"], "failed"),
    "backup": (["b.db"], "done"),
    "restore": (["missing.db"], "failed"),
    "reanalyse": ([], "done"),
    "reindex": ([], "done"),
    "feedback": (["--close", "7"], "failed"),
    "backfill": (["missing.jsonl"], "failed"),
    "feeds follow": (["missing.opml"], "failed"),
    "feeds unfollow": (["https://news.example/feed"], "failed"),
    "feeds poll": ([], "done"),
    "digest run-due": ([], "failed"),
    "watch run": ([], "failed"),
    "outlets confirm": (["The Tribune", "tribune.example"], "done"),
    "outlets remove": (["The Tribune"], "failed"),
    "keys rotate": ([], "failed"),
    "doctor": (["--fix-permissions"], "done"),
}


def list_commands(parser: argparse.ArgumentParser, words: str = "") -> Iterator[str]:
    """Yield the words of every command that can run."""
    if words and parser.get_default("run"):
        yield words
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, subparser in action.choices.items():
                yield from list_commands(subparser, f"{words} {name}".strip())


def list_entries(run: RunCommand) -> list[dict[str, object]]:
    return [json.loads(line) for line in run("audit", "--json").out.splitlines()]


def test_every_command_is_in_exactly_one_table() -> None:
    commands = set(list_commands(build_parser()))
    assert sorted(commands) == sorted([*CHANGES, *READS, *OWN_ENTRY])
    assert set(RUNS) == set(CHANGES)


@pytest.mark.parametrize("command", CHANGES)
def test_a_command_that_changes_something_leaves_one_entry(run: RunCommand, folder: Path, command: str) -> None:
    (folder / "a.txt").write_text("Jane Roe said on Monday: “The ferry will return.”", encoding="utf-8")
    arguments, outcome = RUNS[command]
    run(*command.split(), *arguments)
    (entry,) = list_entries(run)
    assert entry["action"] == CHANGES[command]
    assert str(entry["person"]).startswith("terminal")
    assert str(entry["subject"]).startswith(command)
    assert entry["detail"] == {"outcome": outcome}
    assert run("audit", "verify").status == 0


@pytest.mark.parametrize(
    "arguments", [["add", "a.txt", "--dry-run"], ["feedback"], ["doctor"], ["topics"], ["feeds"], ["audit", "verify"]]
)
def test_a_command_that_only_reads_leaves_none(run: RunCommand, folder: Path, arguments: list[str]) -> None:
    (folder / "a.txt").write_text("Jane Roe said: “The ferry will return.”", encoding="utf-8")
    run(*arguments)
    assert list_entries(run) == []
    assert run("audit").out == "No entries.\n"


def test_entries_have_no_credentials_and_one_short_line(run: RunCommand) -> None:
    run("feeds", "unfollow", f"https://jane:pass-word@news.example/feed?{'x' * 900}")
    run("feeds", "unfollow", "https://news.example/feed?key=invented-key&token=invented-token")
    run("remove", "xoxb-1-invented\nsecond\x1b[31m line")
    output = run("audit").out
    assert "pass-word" not in output
    assert "xoxb" not in output
    assert "invented-" not in output
    assert "\x1b" not in output
    assert len(output.splitlines()) == 3
    assert all(len(line) < 700 for line in output.splitlines())


def test_entries_are_chosen_by_workspace_and_day(run: RunCommand) -> None:
    run("reindex")
    run("reindex")
    assert len(run("audit", "--limit", "1").out.splitlines()) == 1
    assert run("audit", "--team", "T9").out == "No entries.\n"
    assert len(run("audit", "--since", "yesterday").out.splitlines()) == 2
    assert run("audit", "--limit", "0").status == 2
    assert run("audit", "--since", "some day").status == 2


def test_without_the_key_of_the_log_nothing_is_changed(
    run: RunCommand, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command stops before it does anything, and `keys rotate` goes on with another key."""
    (folder / "a.txt").write_text("Jane Roe said: “The ferry will return.”", encoding="utf-8")
    monkeypatch.setenv("ENCRYPTION_KEYS", format_key(KEYS.keys[0]))
    assert run("add", "a.txt", "--outlet", "The Tribune").status == 0
    monkeypatch.delenv("ENCRYPTION_KEYS")
    result = run("remove", "--outlet", "The Tribune")
    assert (result.status, result.out) == (1, "")
    assert f"needs the key {KEYS.ids[0]}, which is missing" in result.err
    assert len(list_entries(run)) == 1
    assert run("audit", "verify").status == 1
    assert run("doctor").status == 1
    monkeypatch.setenv("ENCRYPTION_KEYS", format_key(OTHER_KEYS.keys[0]))
    assert run("keys", "rotate").status == 0
    assert run("remove", "--outlet", "The Tribune").out.startswith("Removed 1 article")
