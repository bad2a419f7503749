"""What acts on a terminal in an article or a file name never reaches it, in any command or format."""

import json
from pathlib import Path

import pytest

from bot.cli.terminal import lists, output
from bot.cli.terminal.output import escape_json, format_json
from tests.support.command_line import RunCommand

ACTIVE = "\x1b[31m\x9b31m\x1b]0;t\x07\u202e\x7f"
WORDS = f"We won’t close{ACTIVE} the library in Easton this year"
ARTICLE = {
    "id": "one",
    "url": "https://paper.example/one",
    "headline": f"Library{ACTIVE} vote",
    "outlet": "The Tribune",
    "date": "2016-06-21",
    "text": f"Easton{ACTIVE} has a library. “{WORDS},” said Jane Roe, the mayor of Easton. Members voted on Tuesday.",
}


@pytest.fixture
def articles(run: RunCommand, folder: Path) -> str:
    """Store the article, and return the name of its file."""
    (folder / "one.jsonl").write_text(json.dumps(ARTICLE) + "\n", encoding="utf-8")
    assert run("add", "one.jsonl").status == 0
    return "one.jsonl"


@pytest.mark.parametrize(
    "command",
    [
        ("briefing", "library"),
        ("briefing", "library", "--json"),
        ("whosaid", "library"),
        ("whosaid", "library", "--json"),
        ("whosaid", "--timeline", "--by", "Roe", "--json"),
        ("people", "--json"),
        ("people", "--format", "csv"),
        ("people", "--format", "md"),
        ("topics",),
        ("quotes", "one.jsonl"),
        ("updates", "one.jsonl"),
        *(("export", "search", "library", "--format", name) for name in ("md", "csv", "json", "bibtex", "ris", "csl")),
        ("export", "article", "one"),
    ],
)
def test_words_of_an_article_do_nothing_to_a_terminal(
    run: RunCommand, articles: str, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    assert articles
    for module in (lists, output):
        monkeypatch.setattr(module, "is_terminal", lambda: True)
    result = run(*command, "--color", "never", "--no-pager")
    assert result.status == 0
    assert not set(result.out + result.err) & set("\x1b\x9b\x07\u202e\x7f")


def test_piped_export_has_the_words_of_the_article_unchanged(run: RunCommand, articles: str) -> None:
    assert articles
    assert WORDS in run("export", "search", "library", "--format", "csv").out


def test_json_for_a_program_has_the_words_of_the_article(run: RunCommand, articles: str) -> None:
    hits = json.loads(run("whosaid", "library", "--json").out)["hits"]
    assert hits[0]["quote"] == WORDS
    assert json.loads(run("quotes", articles).out)["quotes"][0]["speaker"] == "Jane Roe"


@pytest.mark.parametrize("text", [ACTIVE, "\x00\x85\u2066\u200f", "tab\tline\n“é” 𝄞", "\udcff"])
def test_json_keeps_every_value_and_has_no_active_character(text: str) -> None:
    for written in (format_json([text]), escape_json(json.dumps({"a": text}, ensure_ascii=False))):
        value = json.loads(written)
        assert value in ([text], {"a": text})
        assert not set(written) & set("\x1b\x9b\x07\u202e\x7f\x85\u2066\u200f\udcff")


@pytest.mark.parametrize(
    "command",
    [
        ("add", "{}"),
        ("check", "{}/missing.txt"),
        ("briefing", "x", "--from", "{}"),
        ("restore", "{}"),
        ("backfill", "{}"),
        ("init", "--bot-token", "xoxb-1-2-abcabcabcabc", "--app-token", "xapp-1-A-1-abc", "--file", "{}/.env"),
    ],
)
def test_file_name_in_a_message_does_nothing_to_a_terminal(
    run: RunCommand, folder: Path, command: tuple[str, ...]
) -> None:
    name = "bad\x1b[31m\x9bname.pdf"
    (folder / name).write_bytes(b"%PDF-1.4 x")
    result = run(*(word.format(name) for word in command))
    assert result.status == 1
    assert "bad" in result.err
    assert not set(result.out + result.err) & set("\x1b\x9b")
