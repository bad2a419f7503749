"""`add --outlet`, `--date` and `--columns` fill in what articles do not state."""

import json
from pathlib import Path

import pytest

from tests.support.command_line import RunCommand

TEXT = "“We will count every vote,” said Anna Berg, the mayor of Easton."


def read_sources(run: RunCommand) -> dict[str, tuple[str | None, str | None]]:
    """Return outlet and day by article id."""
    articles = json.loads(run("briefing", "*", "--json").out)["articles"]
    return {article["id"]: (article["publisher"], article["published"]) for article in articles}


def test_an_outlet_and_a_day_fill_in_stored_articles_and_change_no_stated_ones(run: RunCommand, folder: Path) -> None:
    lines = [{"id": "bare", "text": TEXT}, {"id": "stated", "text": TEXT + " It is late.", "publisher": "The Tribune"}]
    (folder / "a.jsonl").write_text("\n".join(map(json.dumps, lines)))
    result = run("add", "a.jsonl")
    assert "1 article has no outlet and 2 no day. To fill them in: ontherecord add a.jsonl" in result.err
    result = run("add", "a.jsonl", "--outlet", "The Paper", "--date", "2016-06-30")
    assert (result.out, result.err) == ("a.jsonl: 0 articles added, 2 updated.\n", "")
    expected_sources = {"bare": ("The Paper", "2016-06-30"), "stated": ("The Tribune", "2016-06-30")}
    assert read_sources(run) == expected_sources
    for options in ((), ("--outlet", "The Other", "--date", "2020-01-01")):
        assert run("add", "a.jsonl", *options).out == "a.jsonl: 0 articles added, 2 unchanged.\n"
        assert read_sources(run) == expected_sources
    assert "changed on" not in run("briefing", "*").out


def test_columns_choose_the_text_and_the_day(run: RunCommand, folder: Path) -> None:
    (folder / "a.csv").write_text(f'abstract,words,when\n"A summary of it.","{TEXT}",2016-06-30\n')
    result = run("add", "a.csv", "--columns", "text=words,date=when", "--outlet", "The Paper")
    assert result.out == "a.csv: 1 article added.\n"
    assert "text from “words”, day from “when”" in result.err
    assert list(read_sources(run).values()) == [("The Paper", "2016-06-30")]
    assert "Anna Berg" in run("whosaid", "count every vote").out


@pytest.mark.parametrize("options", [(), ("--dry-run",)])
@pytest.mark.parametrize(
    ("name", "content", "has_note"),
    [
        ("a.txt", TEXT, True),
        ("a.jsonl", json.dumps({"id": "a", "body": TEXT}), False),
        ("a.csv", f'words,body\n"A summary.","{TEXT}"\n', False),
    ],
)
def test_columns_for_a_file_without_columns_give_a_note(
    run: RunCommand, folder: Path, name: str, content: str, has_note: bool, options: tuple[str, ...]
) -> None:
    (folder / name).write_text(content)
    result = run("add", name, "--columns", "text=body", *options)
    assert result.status == 0
    note = f"ontherecord: note: --columns was not used, because {name} contains no table.\n"
    assert (note in result.err) is has_note


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--date", "30 June", "invalid date '30 June'"),
        ("--date", "2999-01-01", "2999-01-01 has not come yet"),
        ("--outlet", " ", "invalid outlet"),
        ("--outlet", "x" * 501, "use 1 to 500 characters"),
        ("--columns", "words=body", "use text, title, date, outlet, byline, url or id"),
        ("--columns", "body", "text=body,date=published"),
    ],
)
def test_wrong_options_are_refused_with_an_example(run: RunCommand, option: str, value: str, message: str) -> None:
    result = run("add", "a.csv", option, value)
    assert result.status == 2
    assert message in result.err


def test_the_name_of_a_source_without_an_outlet_is_never_its_number(run: RunCommand, folder: Path) -> None:
    lines = [{"id": "194", "text": TEXT}, {"id": "194~2", "text": TEXT.replace("vote", "ballot")}]
    (folder / "a.jsonl").write_text("\n".join(map(json.dumps, lines)))
    (folder / "hall notes.txt").write_text(TEXT.replace("vote", "paper"))
    run("add", "a.jsonl", "hall notes.txt")
    for command in (("briefing", "*"), ("whosaid", "count every"), ("whosaid", "by Berg")):
        out = run(*command).out
        assert "194" not in out
        assert "no link" not in out
    assert "\n  hall notes, undated" in run("whosaid", "count every paper").out
    assert "“We will count every vote,” said…”" in run("whosaid", "count every vote").out
