"""Bad input: one plain sentence on standard error, exit status 1, nothing half-loaded; bad usage: exit status 2."""

import json
from pathlib import Path

import pytest

from tests.support.articles import SEEDS
from tests.support.command_line import Ran, Run

GOOD = json.dumps({"id": "one", "text": "The hall was full of people who sang."})


def refused(found: Ran) -> str:
    """The one sentence (or two) that was said, checked for being no more than that."""
    assert found.status == 1
    assert found.out == ""
    assert found.err.startswith("ontherecord: ")
    assert found.err.count("\n") == 1
    assert "Traceback" not in found.err
    return found.err.removeprefix("ontherecord: ").rstrip("\n")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.txt", b"", "empty.txt is empty"),
        ("latin.txt", b"caf\xe9", "latin.txt: this is not UTF-8 text"),
        ("empty.jsonl", b"", "empty.jsonl holds no articles"),
        ("broken.jsonl", b'{"id": "a",', "broken.jsonl, line 1: this is not valid JSON"),
        ("broken.jsonl.gz", b"\x1f\x8bnot", "is not a whole gzip file"),
        ("page.pdf", b"%PDF", "page.pdf is of a kind unknown here"),
    ],
)
@pytest.mark.parametrize("command", [["add"], ["quotes"], ["briefing", "*", "--from"], ["whosaid", "sang", "--from"]])
def test_a_file_that_cannot_be_read(
    run: Run, folder: Path, command: list[str], name: str, content: bytes, said: str
) -> None:
    (folder / name).write_bytes(content)
    assert said in refused(run(*command, name))


@pytest.mark.parametrize("command", [["add"], ["quotes"], ["briefing", "*", "--from"]])
def test_a_file_that_is_not_there_and_a_folder_without_articles(run: Run, folder: Path, command: list[str]) -> None:
    (folder / "none").mkdir()
    assert "holds no articles" in refused(run(*command, "none"))
    assert "is not there" in refused(run(*command, "nowhere"))


def test_a_broken_sources_file_adds_nothing(run: Run, folder: Path) -> None:
    (folder / "news").mkdir()
    (folder / "news" / "a.txt").write_text("The hall was full.")
    (folder / "news" / "sources.toml").write_text('[[article]\nfile = "a.txt"')
    assert "sources.toml, line 1: this is not valid TOML" in refused(run("add", "news"))
    assert "The record is empty" in refused(run("briefing", "*"))


def test_a_broken_line_is_told_and_keeps_nothing_else_out(run: Run, folder: Path) -> None:
    (folder / "a.jsonl").write_text(f"{GOOD}\nno JSON\n")
    found = run("add", "a.jsonl")
    assert (found.status, found.out) == (1, "a.jsonl: 1 added, 0 already there, 1 failed\n")
    assert "a.jsonl, line 2" in found.err


def test_a_file_broken_at_its_end_is_asked_nothing(run: Run, folder: Path) -> None:
    (folder / "a.jsonl").write_text(f"{GOOD}\nno JSON\n")
    assert "a.jsonl, line 2" in refused(run("briefing", "*", "--from", "a.jsonl"))


def test_a_pipe_broken_at_its_end_says_what_it_added(run: Run) -> None:
    found = run("add", "-", stdin=f"{GOOD}\nno JSON\n".encode())
    assert (found.status, found.out) == (1, "-: 1 added, 0 already there, 1 failed\n")
    assert "standard input, line 2" in found.err


def test_one_bad_path_does_not_stop_the_next(run: Run) -> None:
    found = run("add", "nowhere", str(SEEDS))
    assert (found.status, found.out) == (1, f"{SEEDS}: 4 added, 0 already there\n")
    assert "nowhere is not there" in found.err


@pytest.mark.parametrize("command", [["briefing", "*"], ["topics"], ["whosaid", "x"], ["demo"], ["serve"]])
def test_broken_topics(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]) -> None:
    (folder / "ours.toml").write_text('[[topic]]\nslug = "a"\ntitle =\n')
    monkeypatch.setenv("TOPICS", "ours.toml")
    assert "ours.toml, line 3: this is not valid TOML" in refused(run(*command))
    assert not (folder / "record.db").exists()


def test_an_unknown_topic_names_the_nearest(run: Run) -> None:
    run("add", str(SEEDS))
    assert "Did you mean: labour-crisis?" in refused(run("briefing", "labor-crysis"))


@pytest.mark.parametrize(
    "command", [["briefing", ""], ["briefing", "  "], ["whosaid"], ["whosaid", ""], ["whosaid", "“”"]]
)
def test_an_empty_command_says_how_to_ask(run: Run, command: list[str]) -> None:
    assert "for example: " in refused(run(*command))


@pytest.mark.parametrize(
    "command", [["briefing", "*"], ["whosaid", "x"], ["topics"], ["add", "x"], ["demo"], ["serve"]]
)
@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SLACK_BOT_TOKEN", "xoxb-1", "neither SLACK_APP_TOKEN"),
        ("SLACK_APP_TOKEN", "xapp-1", "SLACK_BOT_TOKEN is missing"),
        ("SLACK_SIGNING_SECRET", "abc", "SLACK_BOT_TOKEN is missing"),
    ],
)
def test_half_of_the_tokens(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch, command: list[str], name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(name, value)
    sentence = refused(run(*command))
    assert said in sentence
    assert value not in sentence.split()
    assert not (folder / "record.db").exists()


def test_a_record_that_cannot_be_opened(run: Run, folder: Path) -> None:
    (folder / "record.db").write_bytes(b"no database at all" * 100)
    assert refused(run("briefing", "*"))


def test_doctor_tells_what_is_wrong_and_fails(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    found = run("doctor")
    assert (found.status, found.err) == (1, "")
    assert found.out.startswith("settings: SLACK_BOT_TOKEN is set, but neither")


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["brief"],
        ["briefing"],
        ["briefing", "x", "--words", "many"],
        ["briefing", "x", "--words", "5"],
        ["briefing", "x", "--words", "٣٠"],
        ["briefing", "x", "--since", "June"],
        ["briefing", "x", "--until", "2016-06-31"],
        ["whosaid", "x", "--unknown"],
        ["quotes"],
        ["add"],
    ],
)
def test_bad_usage(run: Run, folder: Path, arguments: list[str]) -> None:
    found = run(*arguments)
    assert (found.status, found.out) == (2, "")
    assert found.err.startswith("usage: ontherecord")
    assert not (folder / "record.db").exists()
