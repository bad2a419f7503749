"""The option --team: each command uses the record of one workspace, and says which ones there are."""

import asyncio
import time
from contextlib import closing
from pathlib import Path

import pytest

from bot.storage.request_log import RateLimit
from bot.storage.store import open_store
from tests.support.articles import SEEDS
from tests.support.command_line import RunCommand
from tests.support.two_workspaces import install

#: slack_sdk calls oauth.v2.access with BasicAuth, deprecated since aiohttp 3.13
pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")

RECORD_COMMANDS = [
    ["briefing", "harbour"],
    ["whosaid", "harbour"],
    ["check", "draft.txt"],
    ["export", "briefing", "harbour"],
    ["topics"],
    ["people"],
    ["add", "articles.jsonl"],
    ["backfill", "articles.jsonl"],
    ["feeds"],
    ["feeds", "list"],
    ["feeds", "follow", "https://tribune.example/feed"],
    ["feeds", "unfollow", "https://tribune.example/feed"],
    ["feeds", "poll"],
    ["remove", "a"],
    ["backup", "b.db"],
    ["restore", "b.db"],
    ["reanalyse"],
    ["reindex"],
    ["feedback"],
]


@pytest.fixture
def run_per_team(
    run: RunCommand, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> RunCommand:
    """Return a function that runs commands with a record for each of the workspaces T1 and T2."""
    monkeypatch.setenv("SLACK_CLIENT_ID", "1.2")
    monkeypatch.setenv("SLACK_CLIENT_SECRET", "made-up-client-secret")
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "0123456789abcdef0123456789abcdef")
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:9/api")
    monkeypatch.setenv("RECORD", "per-team")
    (folder / "draft.txt").write_text("“We will never sell it,” said Jane Roe.")
    (folder / "articles.jsonl").write_text('{"id": "a", "text": "Jane Roe opened the harbour of Easton on Monday."}\n')
    with closing(open_store(f"sqlite:///{folder}/record.db", RateLimit(20), time.time)) as store:
        for team in ("T1", "T2"):
            asyncio.run(install(store, team))
    capsys.readouterr()  # the log of the installations
    return run


@pytest.mark.parametrize("arguments", RECORD_COMMANDS, ids=" ".join)
def test_command_without_a_workspace_lists_those_to_choose_from(
    run_per_team: RunCommand, folder: Path, arguments: list[str]
) -> None:
    result = run_per_team(*arguments)
    assert (result.status, result.out) == (1, "")
    assert result.err == "ontherecord: Each workspace has its own record. Add --team with one of these: T1, T2.\n"
    assert not (folder / "record-teams").exists()


@pytest.mark.parametrize("team", ["T9", "../T1", "T1/../T2", "", "T1;T2", "*"])
def test_unknown_workspace_is_refused_with_those_that_work(run_per_team: RunCommand, folder: Path, team: str) -> None:
    result = run_per_team("topics", f"--team={team}")
    assert (result.status, result.out) == (1, "")
    assert result.err == (f"ontherecord: No workspace with the id {team!r} has a record. Use one of these: T1, T2.\n")
    assert not (folder / "record-teams").exists()


def test_articles_are_added_to_the_record_of_the_chosen_workspace(run_per_team: RunCommand) -> None:
    run_per_team("add", "articles.jsonl", "--team", "T1")
    assert "1 article" in run_per_team("add", "articles.jsonl", "--team", "t2 ").out
    run_per_team("remove", "a", "--team", "T2")
    assert "opened the harbour" in run_per_team("briefing", "harbour", "--team", "T1").out
    assert "opened the harbour" not in run_per_team("briefing", "harbour", "--team", "T2").out
    assert run_per_team("feeds", "--team", "T1", "list").status == 0
    assert run_per_team("feeds", "list", "--team", "T1").status == 0
    assert run_per_team("feedback", "--team", "T1").out == "No reports to review.\n"


def test_backup_of_one_workspace_fills_the_record_of_another(run_per_team: RunCommand) -> None:
    run_per_team("add", "articles.jsonl", "--team", "T1")
    assert run_per_team("backup", "b.db", "--team", "T1").out.startswith("b.db: 1 article, ")
    result = run_per_team("restore", "b.db", "--team", "T2")
    assert (result.err, result.status) == ("", 0)
    assert "opened the harbour" in run_per_team("briefing", "harbour", "--team", "T2").out


def test_backup_of_a_shared_record_brings_nothing_of_other_workspaces_into_a_record(
    run_per_team: RunCommand, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bot's tables, such as feedback and the audit log, are those of all workspaces."""
    monkeypatch.setenv("RECORD", "shared")
    run_per_team("add", "articles.jsonl")
    assert run_per_team("backup", "b.db").status == 0
    assert b"audit" in (folder / "b.db").read_bytes()
    monkeypatch.setenv("RECORD", "per-team")
    result = run_per_team("restore", "b.db", "--team", "T2")
    assert (result.err, result.status) == ("", 0)
    assert "opened the harbour" in run_per_team("briefing", "harbour", "--team", "T2").out
    content = (folder / "record-teams" / "T2.db").read_bytes()
    assert (b"audit" in content, b"installed" in content) == (False, False)
    monkeypatch.setenv("RECORD", "shared")
    assert run_per_team("restore", "b.db", "--force").status == 0


def test_articles_of_a_file_need_no_workspace(run_per_team: RunCommand) -> None:
    assert "opened the harbour" in run_per_team("briefing", "harbour", "--from", "articles.jsonl").out


def test_doctor_counts_the_records_and_checks_the_chosen_one(run_per_team: RunCommand, folder: Path) -> None:
    run_per_team("add", "articles.jsonl", "--team", "T1")
    (folder / "record-teams" / "T7.db").touch()
    out = run_per_team("doctor").out
    assert "record: one for each workspace: 2 records, 2 workspaces with the bot" in out
    assert "Check one with: ontherecord doctor --team T1" in out
    assert "record: records of workspaces without the bot: T7" in out
    assert "\ndatabase: " not in out
    out = run_per_team("doctor", "--team", "T1").out
    assert "database: 1 article" in out
    assert "feeds: none" in out


@pytest.mark.parametrize(
    ("operator_team", "sentence"),
    [
        (
            "",
            "changed by only this terminal and FEEDS. To let the admins of one workspace change it, set",
        ),
        ("T1", "changed by the admins of T1, this terminal and FEEDS"),
    ],
)
def test_doctor_says_who_changes_a_shared_record(
    run_per_team: RunCommand, monkeypatch: pytest.MonkeyPatch, operator_team: str, sentence: str
) -> None:
    monkeypatch.setenv("RECORD", "shared")
    monkeypatch.setenv("OPERATOR_TEAM", operator_team)
    assert f"record: one for all workspaces, {sentence}" in run_per_team("doctor").out


def test_shared_record_needs_no_workspace(run: RunCommand) -> None:
    run("add", str(SEEDS))
    result = run("topics", "--team", "T1")
    assert (result.status, result.out) == (1, "")
    assert "Here all workspaces share one record: leave --team out." in result.err


def test_before_the_first_installation_there_is_no_record(run: RunCommand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_CLIENT_ID", "1.2")
    monkeypatch.setenv("SLACK_CLIENT_SECRET", "made-up-client-secret")
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "0123456789abcdef0123456789abcdef")
    monkeypatch.setenv("RECORD", "per-team")
    assert "No workspace has installed On the Record yet" in run("topics", "--team", "T1").err


def test_feeds_file_is_refused_where_each_workspace_follows_its_own(
    run_per_team: RunCommand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FEEDS", "feeds.toml")
    assert "FEEDS is set, but with RECORD=per-team each workspace follows its own feeds" in run_per_team("topics").err
