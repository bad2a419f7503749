"""`ontherecord add` reports the outcome of every path, and a broken line never blocks the others."""

import io
import json
import sys
from pathlib import Path

import pytest

from bot.cli import main


@pytest.fixture(autouse=True)
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Use a new database in a temporary working directory."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", "sqlite:///record.db")


def make_line(name: str, text: str, **fields: str) -> str:
    return json.dumps({"id": name, "text": text, **fields}) + "\n"


def write_lines(lines: str) -> str:
    """Write a file of JSON lines and return its path."""
    Path("news.jsonl").write_text(lines, encoding="utf-8")
    return "news.jsonl"


def test_added_updated_and_unchanged_articles_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    first, second, third = make_line("a", "One."), make_line("b", "Two."), make_line("c", "Three.")
    assert main(["add", write_lines(first + second)]) == 0
    assert main(["add", write_lines(make_line("a", "One, corrected.") + second + third)]) == 0
    assert main(["add", write_lines(first)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "news.jsonl: 2 articles added.",
        "news.jsonl: 1 article added, 1 updated, 1 unchanged.",
        "news.jsonl: 0 articles added, 1 older than the stored version.",
    ]


def test_second_article_with_the_same_id_updates_the_first(capsys: pytest.CaptureFixture[str]) -> None:
    path = write_lines(make_line("empty", "One.") + make_line("empty", "Two.") + make_line("empty", "Two."))
    assert main(["add", path]) == 0
    assert capsys.readouterr().out == "news.jsonl: 1 article added, 1 updated, 1 unchanged.\n"
    assert main(["add", path]) == 0
    assert capsys.readouterr().out == "news.jsonl: 0 articles added, 2 unchanged, 1 older than the stored version.\n"


def test_broken_line_is_reported_and_the_rest_is_added(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["add", write_lines(make_line("a", "One.") + "{\n" + make_line("b", "Two."))]) == 1
    output = capsys.readouterr()
    assert output.out == "news.jsonl: 2 articles added, 1 part not taken.\n"
    assert (
        output.err.splitlines()[0]
        == "ontherecord: news.jsonl, line 2: this is not valid JSON. Write one JSON object per line."
    )


def test_broken_lines_with_one_reason_are_counted_after_fifty(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["add", write_lines("{\n" * 5_000)]) == 1
    output = capsys.readouterr()
    assert output.out == "news.jsonl: 0 articles added, 1 file not taken.\n"
    assert len(output.err.splitlines()) == 51
    assert output.err.splitlines()[-1] == "ontherecord: and 4,950 more in news.jsonl"


def test_missing_path_does_not_stop_the_next(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["add", "nowhere.jsonl", write_lines(make_line("a", "One."))]) == 1
    output = capsys.readouterr()
    assert output.out == "news.jsonl: 1 article added.\n"
    assert output.err.startswith("ontherecord: nowhere.jsonl was not found")


def test_articles_from_a_pipe_are_added(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    data = (make_line("a", "One.") + "[]\n" + make_line("b", "Two.")).encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    assert main(["add", "-"]) == 1
    assert capsys.readouterr().out == "standard input: 2 articles added, 1 part not taken.\n"
