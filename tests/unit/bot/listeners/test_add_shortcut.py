"""`ontherecord add` says of every path what became of it, and one broken line keeps nothing else out."""

import io
import json
import sys
from pathlib import Path

import pytest

from bot.cli import main


@pytest.fixture(autouse=True)
def record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A record of the test's own, in the folder we are in."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", "sqlite:///record.db")


def line(name: str, text: str, **told: str) -> str:
    return json.dumps({"id": name, "text": text, **told}) + "\n"


def written(lines: str) -> str:
    Path("news.jsonl").write_text(lines, encoding="utf-8")
    return "news.jsonl"


def test_added_updated_and_already_there_are_told_apart(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["add", written(line("a", "One.") + line("b", "Two."))]) == 0
    assert main(["add", written(line("a", "One, corrected.") + line("b", "Two.") + line("c", "Three."))]) == 0
    assert main(["add", written(line("a", "One."))]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "news.jsonl: 2 added, 0 already there",
        "news.jsonl: 1 added, 1 updated, 1 already there",
        "news.jsonl: 0 added, 0 already there, 1 older than what is held",
    ]


def test_a_second_article_of_one_id_updates_the_first(capsys: pytest.CaptureFixture[str]) -> None:
    path = written(line("empty", "One.") + line("empty", "Two.") + line("empty", "Two."))
    assert main(["add", path]) == 0
    assert capsys.readouterr().out == "news.jsonl: 1 added, 1 updated, 1 already there\n"
    assert main(["add", path]) == 0
    assert capsys.readouterr().out == ("news.jsonl: 0 added, 2 already there, 1 older than what is held\n")


def test_a_broken_line_is_told_and_the_rest_is_added(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["add", written(line("a", "One.") + "{\n" + line("b", "Two."))]) == 1
    told = capsys.readouterr()
    assert told.out == "news.jsonl: 2 added, 0 already there, 1 failed\n"
    assert told.err == "ontherecord: news.jsonl, line 2: this is not valid JSON. Give one JSON object a line.\n"


def test_of_very_many_broken_lines_each_is_told_and_all_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["add", written("{\n" * 5_000)]) == 1
    told = capsys.readouterr()
    assert told.out == "news.jsonl: 0 added, 0 already there, 5000 failed\n"
    assert len(told.err.splitlines()) == 5_000


def test_a_path_that_is_not_there_does_not_stop_the_next(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["add", "nowhere.jsonl", written(line("a", "One."))]) == 1
    told = capsys.readouterr()
    assert told.out == "news.jsonl: 1 added, 0 already there\n"
    assert told.err.startswith("ontherecord: nowhere.jsonl is not there")


def test_articles_from_a_pipe_are_added_as_they_come(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    data = (line("a", "One.") + "[]\n" + line("b", "Two.")).encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    assert main(["add", "-"]) == 1
    assert capsys.readouterr().out == "-: 2 added, 0 already there, 1 failed\n"
