"""Bad input: one plain message on standard error and exit status 1; wrong usage: exit status 2."""

import json
from pathlib import Path

import pytest

from tests.support.articles import SEEDS
from tests.support.command_line import CommandResult, RunCommand

VALID_LINE = json.dumps({"id": "one", "text": "The hall was full of people who sang."})


def get_message(result: CommandResult) -> str:
    """Return the message of a command that failed, after checking that it is the only output."""
    assert result.status == 1
    assert result.out == ""
    assert result.err.startswith("ontherecord: ")
    assert result.err.count("\n") == 1
    assert "Traceback" not in result.err
    return result.err.removeprefix("ontherecord: ").rstrip("\n")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("empty.txt", b"", "empty.txt is empty"),
        ("latin.txt", b"caf\xe9", "latin.txt: this is not UTF-8 text"),
        ("empty.jsonl", b"", "empty.jsonl contains no articles"),
        ("broken.jsonl", b'{"id": "a",', "broken.jsonl, line 1: the file ends in the middle of a value"),
        ("broken.jsonl.gz", b"\x1f\x8bnot", "is a damaged or incomplete gzip file"),
        ("page.rar", b"Rar!", "page.rar is a RAR archive"),
    ],
)
@pytest.mark.parametrize("command", [["add"], ["quotes"], ["briefing", "*", "--from"], ["whosaid", "sang", "--from"]])
def test_an_unreadable_file_is_refused(
    run: RunCommand, folder: Path, command: list[str], name: str, content: bytes, message: str
) -> None:
    (folder / name).write_bytes(content)
    assert message in get_message(run(*command, name))


@pytest.mark.parametrize("command", [["add"], ["quotes"], ["briefing", "*", "--from"]])
def test_a_missing_file_and_an_empty_folder_are_refused(run: RunCommand, folder: Path, command: list[str]) -> None:
    (folder / "empty").mkdir()
    assert "contains no articles" in get_message(run(*command, "empty"))
    assert "was not found" in get_message(run(*command, "nowhere"))


def test_an_invalid_sources_file_adds_nothing(run: RunCommand, folder: Path) -> None:
    (folder / "news").mkdir()
    (folder / "news" / "a.txt").write_text("The hall was full.")
    (folder / "news" / "sources.toml").write_text('[[article]\nfile = "a.txt"')
    assert "sources.toml, line 1: this is not valid TOML" in get_message(run("add", "news"))
    assert "There are no articles yet." in get_message(run("briefing", "*"))


def test_an_invalid_line_is_named_and_the_rest_is_added(run: RunCommand, folder: Path) -> None:
    (folder / "a.jsonl").write_text(f"{VALID_LINE}\nno JSON\n")
    result = run("add", "a.jsonl")
    assert (result.status, result.out) == (1, "a.jsonl: 1 article added, 1 part not taken.\n")
    assert "a.jsonl, line 2" in result.err


def test_a_file_with_an_invalid_last_line_gives_no_answer(run: RunCommand, folder: Path) -> None:
    (folder / "a.jsonl").write_text(f"{VALID_LINE}\nno JSON\n")
    assert "a.jsonl, line 2" in get_message(run("briefing", "*", "--from", "a.jsonl"))


def test_invalid_standard_input_still_says_what_was_added(run: RunCommand) -> None:
    result = run("add", "-", stdin=f"{VALID_LINE}\nno JSON\n".encode())
    assert (result.status, result.out) == (1, "standard input: 1 article added, 1 part not taken.\n")
    assert "standard input, line 2" in result.err


def test_a_bad_path_does_not_stop_the_next(run: RunCommand) -> None:
    result = run("add", "nowhere", str(SEEDS))
    assert (result.status, result.out) == (1, f"{SEEDS}: 4 articles added.\n")
    assert "nowhere was not found" in result.err


@pytest.mark.parametrize("command", [["briefing", "*"], ["topics"], ["whosaid", "x"], ["demo"], ["serve"]])
def test_an_invalid_topics_file_is_refused(
    run: RunCommand, folder: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    (folder / "topics.toml").write_text('[[topic]]\nslug = "a"\ntitle =\n')
    monkeypatch.setenv("TOPICS", "topics.toml")
    assert "topics.toml, line 3: this is not valid TOML" in get_message(run(*command))
    assert not (folder / "record.db").exists()


def test_an_unknown_topic_suggests_a_similar_one(run: RunCommand) -> None:
    run("add", str(SEEDS))
    assert "Did you mean: labour-crisis?" in get_message(run("briefing", "labor-crysis"))


@pytest.mark.parametrize(
    "command", [["briefing", ""], ["briefing", "  "], ["whosaid"], ["whosaid", ""], ["whosaid", "“”"]]
)
def test_an_empty_question_shows_an_example(run: RunCommand, command: list[str]) -> None:
    assert "for example: " in get_message(run(*command))


@pytest.mark.parametrize(
    "command", [["briefing", "*"], ["whosaid", "x"], ["topics"], ["add", "x"], ["demo"], ["serve"]]
)
@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("SLACK_BOT_TOKEN", "xoxb-1", "neither SLACK_APP_TOKEN"),
        ("SLACK_APP_TOKEN", "xapp-1", "SLACK_BOT_TOKEN is missing"),
        ("SLACK_SIGNING_SECRET", "abc", "SLACK_BOT_TOKEN is missing"),
    ],
)
def test_an_incomplete_set_of_tokens_is_refused(
    run: RunCommand,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: list[str],
    name: str,
    value: str,
    message: str,
) -> None:
    monkeypatch.setenv(name, value)
    actual_message = get_message(run(*command))
    assert message in actual_message
    assert value not in actual_message.split()
    assert not (folder / "record.db").exists()


def test_a_file_that_is_not_a_database_is_refused(run: RunCommand, folder: Path) -> None:
    (folder / "record.db").write_bytes(b"no database at all" * 100)
    assert get_message(run("briefing", "*"))


def test_doctor_names_the_problem_and_fails(run: RunCommand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    result = run("doctor")
    assert (result.status, result.err) == (1, "")
    assert result.out.startswith("settings: SLACK_BOT_TOKEN is set, but neither")


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["brief"],
        ["briefing"],
        ["briefing", "x", "--words", "many"],
        ["briefing", "x", "--words", "5"],
        ["briefing", "x", "--words", "٣٠"],
        ["briefing", "x", "--since", "soon"],
        ["briefing", "x", "--until", "2016-06-31"],
        ["whosaid", "x", "--unknown"],
        ["quotes"],
        ["add"],
    ],
)
def test_wrong_usage_exits_with_status_2(run: RunCommand, folder: Path, arguments: list[str]) -> None:
    result = run(*arguments)
    assert (result.status, result.out) == (2, "")
    assert result.err.startswith("usage: ontherecord")
    assert not (folder / "record.db").exists()
