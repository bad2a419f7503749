"""An error of the output ends `add` with a status, and is never told as an error of a file."""

import errno
import os
from pathlib import Path

import pytest

from bot.cli.progress import ReadingProgress
from tests.support.command_line import RunCommand

TEXT = "“We will count every vote,” said Anna Berg, the mayor of Easton."
TABLE = f'title,text\n"A vote","{TEXT}"\n'


@pytest.fixture
def discarded(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return the list of output files that were discarded; the output of the tests is not."""
    descriptors: list[int] = []
    monkeypatch.setattr("bot.cli._discard_output", lambda: descriptors.append(1))
    return descriptors


@pytest.mark.parametrize(
    ("number", "status", "message"),
    [
        (errno.EPIPE, 141, ""),
        (errno.ENOSPC, 1, "ontherecord: Writing failed: no space left on device.\n"),
    ],
)
@pytest.mark.parametrize(("name", "content"), [("a.txt", TEXT), ("a.csv", TABLE), ("a.html", f"<p>{TEXT}</p>")])
def test_an_output_error_of_a_dry_run_names_no_file(
    run: RunCommand,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    discarded: list[int],
    number: int,
    status: int,
    message: str,
    name: str,
    content: str,
) -> None:
    (folder / "news").mkdir()
    for prefix in ("a", "b"):
        (folder / "news" / f"{prefix}{name}").write_text(content)

    def fail(_progress: ReadingProgress, _line: str) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(ReadingProgress, "print_result", fail)
    result = run("add", "news", "--dry-run")
    assert (result.status, result.out, result.err) == (status, "", message)
    assert discarded == [1]


@pytest.mark.parametrize(("number", "status"), [(errno.EPIPE, 141), (errno.ENOSPC, 1)])
def test_an_output_error_of_a_note_about_a_table_names_no_file(
    run: RunCommand,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    discarded: list[int],
    number: int,
    status: int,
) -> None:
    (folder / "a.csv").write_text(TABLE)

    def fail(_line: str) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("bot.cli.add.report.print_line", fail)
    result = run("add", "a.csv")
    assert (result.status, result.out) == (status, "")
    assert "a.csv" not in result.err
    assert discarded


def test_names_of_files_with_control_characters_are_read_and_printed_safely(run: RunCommand, folder: Path) -> None:
    names = ["a\x1b[31m.txt", "b\n.txt", "\u202ec.txt", os.fsdecode(b"d\xff.txt")]
    for number, name in enumerate(names):
        (folder / name).write_text(f"{TEXT} It was day {number}.")
    (folder / "e\x1b.txt").write_bytes(b"")
    for path in (".", *names, "e\x1b.txt"):
        result = run("add", path)
        assert not any(char in result.out + result.err for char in "\x1b\u202e\udcff")
        assert "b\n" not in result.out + result.err
    assert "4 unchanged" in run("add", ".").out
