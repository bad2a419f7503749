"""Shell completion: what is suggested for each argument, from a database that is only read."""

import io
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from bot.cli import resources
from bot.cli.completion.completer import complete_command_line
from bot.cli.parser import build_parser
from bot.storage.known_names import NameTable, read_names
from briefings import BriefingService
from briefings.ingest import read_raw_articles
from briefings.storage import open_repository
from tests.support.articles import SEEDS
from tests.support.command_line import RunCommand

argcomplete = pytest.importorskip("argcomplete", reason="argcomplete comes with `make setup`")


class Exit(Exception):
    """Raised where a completion would end the process."""


@pytest.fixture
def filled(run: RunCommand, folder: Path) -> Path:
    """Return the folder with a database that has the sample articles."""
    run("add", str(SEEDS))
    return folder


def complete(monkeypatch: pytest.MonkeyPatch, line: str) -> list[str]:
    """Return the suggestions for a command line in bash."""
    for name, value in {
        "COMP_LINE": line,
        "COMP_POINT": str(len(line)),
        "COMP_TYPE": "9",
        "_ARGCOMPLETE": "1",
        "_ARGCOMPLETE_IFS": "\n",
        "_ARGCOMPLETE_SHELL": "bash",
    }.items():
        monkeypatch.setenv(name, value)
    # it would open file descriptor 9, which the tests use for something else
    monkeypatch.setattr(argcomplete.CompletionFinder, "_init_debug_stream", lambda _: None)
    output = io.StringIO()

    def stop(_status: int) -> None:
        raise Exit

    with pytest.raises(Exit):
        complete_command_line(build_parser(), output_stream=output, exit_method=stop)
    return output.getvalue().split("\n") if output.getvalue() else []


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("ontherecord brie", ["briefing "]),
        ("ontherecord briefing lab", ["labour-crisis "]),
        ("ontherecord briefing yes", ["yesterday "]),
        ("ontherecord whosaid --about lab", ["labour-crisis "]),
        ("ontherecord whosaid --by Jer", ["Jeremy\\ Corbyn "]),
        ("ontherecord whosaid --by jer", ["Jeremy\\ Corbyn "]),
        ("ontherecord whosaid --by McD", ["McDonnell "]),
        ("ontherecord export person Hil", ["Hilary\\ Benn "]),
        ("ontherecord whosaid --outlet the", ["The\\ Guardian "]),
        ("ontherecord remove --outlet The", ["The\\ Guardian "]),
        ("ontherecord whosaid x --since la", ["last\\ week", "last\\ month"]),
        ("ontherecord whosaid x --format b", ["bibtex "]),
        ("ontherecord people --color a", ["auto", "always"]),
        ("ontherecord export article 003_", ["003_1d74e5b3318ec141 "]),
        ("ontherecord completion f", ["fish "]),
        ("ontherecord add sub", ["subfolder/"]),
        ("ontherecord add subfolder/", ["subfolder/article.txt "]),
        ("ontherecord briefing x --words ", []),
        ("ontherecord whosaid --by Zzz", []),
        ("ontherecord add nowhere/", []),
    ],
)
def test_each_argument_is_completed_with_its_own_kind_of_value(
    monkeypatch: pytest.MonkeyPatch, filled: Path, line: str, expected: list[str]
) -> None:
    (filled / "subfolder").mkdir()
    (filled / "subfolder/article.txt").touch()
    assert complete(monkeypatch, line) == expected


def test_options_are_completed_with_their_long_names(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    assert folder
    suggestions = complete(monkeypatch, "ontherecord whosaid --")
    assert {"--by", "--since", "--timeline"} <= set(suggestions)


def test_completion_writes_nothing(monkeypatch: pytest.MonkeyPatch, filled: Path) -> None:
    before = {path.name: path.read_bytes() for path in filled.iterdir() if path.is_file()}
    complete(monkeypatch, "ontherecord whosaid --by Jer")
    assert {path.name: path.read_bytes() for path in filled.iterdir() if path.is_file()} == before


def test_completion_creates_no_database(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    assert complete(monkeypatch, "ontherecord whosaid --by Jer") == []
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("settings", ["DATABASE_URL=nonsense", "SLACK_BOT_TOKEN=wrong", "TOPICS=missing.toml", "\x00"])
def test_wrong_settings_only_mean_no_suggestions(monkeypatch: pytest.MonkeyPatch, folder: Path, settings: str) -> None:
    monkeypatch.delenv("DATABASE_URL")
    (folder / ".env").write_text(settings)
    assert complete(monkeypatch, "ontherecord whosaid --by Jer") == []
    complete(monkeypatch, "ontherecord briefing lab")


@pytest.mark.parametrize("content", [b"", b"not a database", b"SQLite format 3\x00" + b"\xff" * 5000])
def test_damaged_database_only_means_no_suggestions(
    monkeypatch: pytest.MonkeyPatch, folder: Path, content: bytes
) -> None:
    (folder / "record.db").write_bytes(content)
    assert complete(monkeypatch, "ontherecord whosaid --by Jer") == []


def test_database_that_another_process_writes_is_read(monkeypatch: pytest.MonkeyPatch, filled: Path) -> None:
    writer = sqlite3.connect(filled / "record.db", isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    try:
        assert complete(monkeypatch, "ontherecord whosaid --by Jer") == ["Jeremy\\ Corbyn "]
    finally:
        writer.execute("ROLLBACK")
        writer.close()


def test_names_that_a_shell_could_run_are_not_suggested(monkeypatch: pytest.MonkeyPatch, filled: Path) -> None:
    with sqlite3.connect(filled / "record.db") as db:
        for name in ("Zed $(touch x)", "Zed `x`", "Zed; x", "Zed\nx", "Zed \x1b[31m", "Zed O’Neil"):
            db.execute("INSERT INTO outlets (name) VALUES (?)", [name])
    db.close()
    assert complete(monkeypatch, "ontherecord whosaid --outlet Zed") == ["Zed\\ O’Neil "]


def test_prefix_is_never_a_pattern_or_a_statement(filled: Path) -> None:
    for prefix in ("%", "_", "'; DROP TABLE quotes; --", "\x00", "\ud800", "x" * 10_000):
        assert read_names(f"sqlite:///{filled}/record.db", NameTable.PEOPLE, prefix) == []


@pytest.mark.postgresql
def test_names_are_read_from_postgresql_too(postgresql_address: str) -> None:
    with closing(open_repository(postgresql_address, resources.now)) as repository:
        BriefingService(repository, ()).add(read_raw_articles(SEEDS))
        assert read_names(postgresql_address, NameTable.PEOPLE, "jer") == ["Jeremy Corbyn"]
        assert read_names(postgresql_address, NameTable.PEOPLE, "McD") == ["McDonnell"]
        assert read_names(postgresql_address, NameTable.OUTLETS, "The") == ["The Guardian"]
        assert read_names(postgresql_address, NameTable.OUTLETS, "%") == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_script_is_valid_for_its_shell(run: RunCommand, shell: str) -> None:
    result = run("completion", shell)
    assert (result.status, result.err) == (0, "")
    assert "ontherecord" in result.out
    if program := shutil.which(shell):
        assert subprocess.run([program, "-n"], input=result.out, text=True, check=False).returncode == 0
