"""`add --dry-run` shows how each file would be read, and neither stores anything nor opens the database."""

import json
from pathlib import Path

import pytest

from tests.support.command_line import RunCommand

TEXT = "“We will count every vote,” said Anna Berg, the mayor of Easton."


@pytest.fixture
def news(folder: Path) -> Path:
    """Return a folder with a text, a table, JSON lines and two files that are not taken."""
    news = folder / "news"
    news.mkdir()
    (news / "notes.txt").write_text(f"Title: The count\nOutlet: The Tribune\n\n{TEXT}")
    (news / "bare.txt").write_text(TEXT)
    (news / "table.csv").write_text(f'body,date\n"{TEXT}",2016-06-30\n"{TEXT} Late.",2016-06-29\n')
    (news / "photo.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (news / "broken.jsonl").write_text(json.dumps({"text": TEXT}) + "\n{\n")
    return news


def test_each_file_is_shown_with_its_first_article(run: RunCommand, news: Path) -> None:
    result = run("add", "--dry-run", "news")
    assert result.status == 1
    lines = result.out.splitlines()
    assert lines[lines.index("news/notes.txt: text, 1 article") + 1] == (
        "    “The count”, no day, The Tribune, no byline"
    )
    assert lines[lines.index("news/bare.txt: text, 1 article") + 1] == (
        "    no title (“We will count every vote,” said…”), no day, no outlet, no byline"
    )
    table_line = lines.index("news/table.csv: CSV, 2 articles")
    assert lines[table_line + 1].startswith("    first: no title")
    assert lines[table_line + 2] == "    text from “body”, day from “date”"
    assert any(line == "news: 5 articles, 1 file not taken, 1 part not taken. Nothing was stored." for line in lines)
    assert [line.partition(" ")[2].partition(" ")[0].rstrip(",") for line in result.err.splitlines()] == [
        "news/broken.jsonl",
        "news/photo.png",
    ]
    assert not list(news.parent.glob("*.db*"))


def test_the_outlet_and_day_of_the_user_are_shown(run: RunCommand, news: Path) -> None:
    result = run("add", "--dry-run", "--outlet", "The Paper", "--date", "2016-06-30", "news/bare.txt")
    assert "Thu 30 Jun 2016, The Paper" in result.out
    assert "The Tribune, no byline" in run("add", "--dry-run", "--outlet", "The Paper", str(news / "notes.txt")).out


def test_standard_input_and_a_missing_file_are_handled(run: RunCommand) -> None:
    result = run("add", "--dry-run", "-", stdin=json.dumps({"id": "a", "text": TEXT}).encode())
    assert (result.status, result.out.splitlines()[0]) == (0, "standard input: JSON, 1 article")
    result = run("add", "--dry-run", "nowhere")
    assert (result.status, result.out) == (1, "")
    assert "was not found" in result.err


def test_a_url_is_refused(run: RunCommand) -> None:
    result = run("add", "--dry-run", "https://paper.example/a")
    assert (result.status, result.out) == (1, "")
    assert "Leave --dry-run out" in result.err
