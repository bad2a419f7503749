"""Colour, pager and tables: only on a terminal, and as the user asks."""

import sys
from argparse import ArgumentParser, Namespace
from contextlib import closing
from pathlib import Path

import pytest

from bot.cli import resources
from bot.cli.terminal import lists, output, pager
from bot.cli.terminal.lists import Column, Listing, print_list, render_table
from bot.cli.terminal.output import build_style, has_color, print_answer
from briefings.storage import FollowedFeed, open_feed_repository
from briefings.watches import WatchQuery
from tests.support.articles import SEEDS
from tests.support.command_line import RunCommand
from tests.unit.bot.cli.test_digest_commands import add_digest
from tests.unit.bot.cli.test_watch_commands import add_watch

HOSTILE = "Jane\x1b[31m Roe\x1b]8;;https://bad.example\x07 [bold]x[/bold] :smile:\r\n\u202eevil"
LISTING: Listing[str] = Listing(
    (Column("name"), Column("letters", is_numeric=True)), lambda item: (item, str(len(item))), str, "No names yet."
)


@pytest.fixture
def terminal(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make standard output a terminal of 80 columns and 24 lines."""
    assert folder
    monkeypatch.setattr(output, "is_terminal", lambda: True)
    monkeypatch.setattr(lists, "is_terminal", lambda: True)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("LINES", "24")


def make_arguments(**values: object) -> Namespace:
    return Namespace(parser=ArgumentParser(prog="ontherecord people"), **values)


@pytest.mark.parametrize(
    ("choice", "is_terminal", "environment", "expected"),
    [
        (None, True, {}, True),
        (None, False, {}, False),
        ("auto", True, {"NO_COLOR": "1"}, False),
        ("auto", True, {"NO_COLOR": ""}, True),
        ("auto", True, {"TERM": "dumb"}, False),
        ("never", True, {}, False),
        ("always", False, {}, True),
        ("always", False, {"NO_COLOR": "1"}, True),
    ],
)
def test_option_decides_on_colour_then_no_color_then_the_terminal(
    monkeypatch: pytest.MonkeyPatch,
    folder: Path,
    choice: str | None,
    is_terminal: bool,
    environment: dict[str, str],
    expected: bool,
) -> None:
    assert folder
    monkeypatch.setattr(sys.stdout, "isatty", lambda: is_terminal)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    arguments = Namespace() if choice is None else Namespace(color=choice)
    assert has_color(arguments) is expected
    assert build_style(arguments).rich is expected
    assert not build_style(arguments, is_plain=True).rich


@pytest.mark.parametrize("position", ["before", "after"])
def test_color_can_be_before_or_after_the_command(run: RunCommand, position: str) -> None:
    run("add", str(SEEDS))
    option, command = ["--color", "always"], ["briefing", "labour-crisis"]
    assert "\x1b[1m" in run(*(option + command if position == "before" else command + option)).out
    assert "\x1b" not in run(*command, "--color", "never").out


def test_piped_list_is_one_plain_line_per_row_whatever_the_length(
    run: RunCommand, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run
    print_list([f"name {number}" for number in range(200)], LISTING, make_arguments(color="always"))
    captured = capsys.readouterr()
    assert captured.out.splitlines() == [f"name {number}" for number in range(200)]
    assert captured.err == ""


def test_limit_of_a_piped_list_is_noted_on_standard_error(run: RunCommand) -> None:
    run("add", str(SEEDS))
    result = run("people", "--limit", "2")
    assert len(result.out.splitlines()) == 2
    assert result.err.startswith("ontherecord: and ")
    assert result.err.endswith(" more. To see all, add: --limit all\n")
    assert run("people", "--limit", "all").err == ""


@pytest.mark.parametrize("limit", ["0", "-1", "x", "1.5", "٣", "10000000"])
def test_limit_is_a_number_or_all(run: RunCommand, limit: str) -> None:
    result = run("people", f"--limit={limit}")
    assert result.status == 2
    assert "use a number from 1 to 1,000,000, or all" in result.err


@pytest.mark.usefixtures("terminal")
def test_terminal_shows_fifty_rows_and_says_how_to_see_the_others(capsys: pytest.CaptureFixture[str]) -> None:
    print_list([f"name {number}" for number in range(390)], LISTING, make_arguments(color="never", no_pager=True))
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["NAME", "LETTERS"]
    assert len(lines) == 52
    assert lines[-1] == "and 340 more. To see all, add: --limit all"
    print_list([f"name {number}" for number in range(390)], LISTING, make_arguments(limit=sys.maxsize, no_pager=True))
    assert "more" not in capsys.readouterr().out


@pytest.mark.parametrize(
    "words",
    [("feeds", "--limit", "1"), ("feeds", "--limit", "1", "list"), ("feeds", "list", "--limit", "1")],
)
def test_limit_counts_before_and_after_the_command_list(run: RunCommand, words: tuple[str, ...]) -> None:
    for number in range(3):
        add_feed("The Tribune", f"https://paper.example/{number}")
    result = run(*words)
    assert len(result.out.splitlines()) == 1
    assert result.err == "ontherecord: and 2 more. To see all, add: --limit all\n"


@pytest.mark.usefixtures("terminal")
def test_list_without_rows_and_without_a_message_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    print_list([], Listing(LISTING.columns, LISTING.build_row, LISTING.format_line, ""), make_arguments())
    assert capsys.readouterr().out == ""


@pytest.mark.usefixtures("terminal")
def test_empty_list_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    print_list([], LISTING, make_arguments())
    assert capsys.readouterr().out == "No names yet.\n"


@pytest.mark.parametrize("color", [True, False])
def test_strangers_text_in_a_table_is_neither_markup_nor_an_escape_sequence(color: bool) -> None:
    table = render_table(LISTING.columns, [(HOSTILE, "1")], width=120, color=color)
    row = table.splitlines()[1]
    assert "\x1b" not in row
    assert "[bold]x[/bold] :smile:" in row
    assert "\u202e" not in row
    assert len(table.splitlines()) == 2


def test_table_wraps_long_cells_without_losing_words() -> None:
    words = [f"word{number}" for number in range(100)]
    table = render_table(LISTING.columns, [(" ".join(words), "1"), ("x" * 300, "2")], width=40, color=False)
    assert max(map(len, table.splitlines())) <= 40
    assert [word for word in table.split() if word.startswith("word")] == words
    assert table.count("x") == 300


@pytest.mark.usefixtures("terminal")
def test_long_answer_goes_to_the_pager_and_a_short_one_does_not(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paged_file = tmp_path / "paged.txt"
    monkeypatch.setenv("PAGER", f"tee '{paged_file}'")
    print_answer("one line", Namespace())
    assert not paged_file.exists()
    print_answer("line “x”\n" * 100, Namespace())
    assert paged_file.read_text(encoding="utf-8") == "line “x”\n" * 100 + "\n"
    paged_file.unlink()
    print_answer("line\n" * 100, Namespace(no_pager=True))
    assert not paged_file.exists()
    assert "line\n" * 100 in capsys.readouterr().out


@pytest.mark.usefixtures("terminal")
@pytest.mark.parametrize(
    "setting", ["", "cat", "no-such-pager", "'open quotation", "/dev/null", "  ", "false", "sh -c 'exit 127'"]
)
def test_answer_is_printed_if_there_is_no_usable_pager(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], setting: str
) -> None:
    monkeypatch.setenv("PAGER", setting)
    print_answer("line\n" * 100)
    assert capsys.readouterr().out == "line\n" * 100 + "\n"


@pytest.mark.usefixtures("terminal")
def test_pager_that_ends_early_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAGER", "true")
    print_answer("line\n" * 1_000_000)


@pytest.mark.usefixtures("terminal")
def test_wrapped_lines_count_and_escape_sequences_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    is_longer = pager._is_longer_than_screen
    assert is_longer("x" * 80 * 24)
    assert not is_longer("x" * 80 * 23)
    assert not is_longer("\x1b]8;;https://paper.example/" + "x" * 5000 + "\x1b\\The Paper\x1b]8;;\x1b\\")
    monkeypatch.setenv("LINES", "3")
    assert is_longer("a\nb\nc")


@pytest.mark.usefixtures("terminal")
@pytest.mark.parametrize(
    ("command", "columns"),
    [
        (("topics",), ["TOPIC", "TITLE", "ARTICLES", "NEWEST"]),
        (("people",), ["NAME", "QUOTES", "ARTICLES", "ROLES", "AND", "NOTES"]),
        (("digest", "list"), ["CHANNEL", "ABOUT", "SCHEDULE", "NEXT", "LAST"]),
        (("watch", "list"), ["CHANNEL", "LOOKS", "FOR", "OWNER", "STATE"]),
        (("feeds",), ["FEED", "TITLE", "LAST", "ANSWER", "MINUTES", "PROBLEMS"]),
    ],
)
def test_each_list_is_a_table_on_a_terminal(run: RunCommand, command: tuple[str, ...], columns: list[str]) -> None:
    run("add", str(SEEDS), "--outlet", "The Tribune")
    add_digest()
    add_watch(WatchQuery("lynch-mob", by=HOSTILE))
    add_feed(HOSTILE)
    header, *rows = run(*command, "--color", "never").out.splitlines()
    assert header.split() == columns
    assert rows
    assert "\x1b" not in "".join(rows)


def add_feed(title: str, address: str = "https://paper.example/feed") -> None:
    """Store a feed in the database of the test's settings."""
    with closing(open_feed_repository(resources.load_settings().database_url)) as repository:
        now = resources.now()
        repository.follow(FollowedFeed(address, title, "U1", now, None, now))
