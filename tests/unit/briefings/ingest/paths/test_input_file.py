"""What is not a file is refused in one sentence, and never waited for."""

import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli import main
from briefings.errors import BadInput
from briefings.ingest.paths import input_file
from briefings.ingest.paths.input_file import UnusablePathError, open_input_file
from briefings.ingest.reader import read_raw_articles
from briefings.ingest.syndication.opml import read_feed_list_file
from briefings.ingest.text_file import read_utf8
from briefings.ingest.topics_file import read_topics


@pytest.fixture(autouse=True)
def short_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open_input_file, "__defaults__", (0.05, -1))


def make_pipe(tmp_path: Path) -> Path:
    os.mkfifo(tmp_path / "pipe.txt")
    return tmp_path / "pipe.txt"


def make_socket(tmp_path: Path) -> Path:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "s.txt"))
    return tmp_path / "s.txt"


def link_to_pipe(tmp_path: Path) -> Path:
    (tmp_path / "link.txt").symlink_to(make_pipe(tmp_path))
    return tmp_path / "link.txt"


def name_zeros(_: Path) -> Path:
    return Path("/dev/zero")


def name_null(_: Path) -> Path:
    return Path("/dev/null")


def name_terminal(tmp_path: Path) -> Path:
    (tmp_path / "device.txt").symlink_to("/dev/tty")
    return tmp_path / "device.txt"


CASES: list[tuple[Callable[[Path], Path], str]] = [
    (make_pipe, "it is a pipe, and no program writes to it"),
    (link_to_pipe, "it is a pipe, and no program writes to it"),
    (make_socket, "it is a socket, not a file"),
    (name_zeros, "it is a device, not a file"),
    (name_null, "it is a device, not a file"),
    (name_terminal, "it is a device, not a file"),
]


@pytest.mark.parametrize(("make_path", "reason"), CASES)
@pytest.mark.parametrize(
    "read", [lambda path: list(read_raw_articles(path)), read_utf8, read_topics, read_feed_list_file]
)
def test_what_is_not_a_file_is_one_sentence_for_every_reader(
    tmp_path: Path, read: Callable[[Path], object], make_path: Callable[[Path], Path], reason: str
) -> None:
    path = make_path(tmp_path)
    with pytest.raises(BadInput) as raised:
        read(path)
    advice = "Give a file, or - and the content on standard input."
    assert str(raised.value) == f"{path} cannot be read: {reason}. {advice}"


def test_no_thread_waits_for_a_refused_pipe(tmp_path: Path) -> None:
    path, count = make_pipe(tmp_path), threading.active_count()
    with pytest.raises(UnusablePathError):
        open_input_file(path)
    assert threading.active_count() == count


def test_pipe_that_is_written_to_a_moment_later_is_read(tmp_path: Path) -> None:
    path = make_pipe(tmp_path)
    writer = threading.Timer(0.1, path.write_text, args=("Jane Roe said no.",))
    writer.start()
    with open_input_file(path, writer_timeout=20) as file:
        assert file.read() == b"Jane Roe said no."
    writer.join()


def test_pipe_of_a_shell_is_read_by_its_descriptor() -> None:
    """As in `ontherecord add <(curl …)`."""
    reading, writing = os.pipe()
    os.write(writing, b"Jane Roe said no.")
    os.close(writing)
    with open_input_file(Path(f"/dev/fd/{reading}")) as file:
        assert file.read() == b"Jane Roe said no."
    os.close(reading)


def test_terminal_command_ends_with_the_sentence_and_status_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/news.db")
    for command in ("add", "check"):
        path = tmp_path / f"{command}.fifo"
        os.mkfifo(path)
        assert main([command, str(path)]) == 1
        output = capsys.readouterr()
        assert "no program writes to it" in output.err
        assert len(output.err.strip().splitlines()) == 1


def test_default_wait_is_short() -> None:
    assert input_file.WRITER_TIMEOUT_SECONDS <= 5
