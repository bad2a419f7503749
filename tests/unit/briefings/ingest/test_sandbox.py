"""A page that exceeds a limit is one failure, and the next page is read."""

import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Never
from unittest.mock import Mock

import pytest

from briefings.errors import BadInput
from briefings.ingest import reader_process, sandbox
from briefings.ingest.reader_process import SpawnedProcess
from briefings.ingest.sandbox import PageReader
from tests.stand_ins.pages import make_page, make_paragraphs


@pytest.fixture
def reader() -> Iterator[PageReader]:
    with PageReader() as page_reader:
        yield page_reader


def test_one_process_reads_several_pages(reader: PageReader) -> None:
    for number in range(3):
        address = f"https://paper.example/{number}"
        assert reader.read(make_page().encode(), address).id == address


def test_page_without_an_article_raises_the_error_of_the_parser(reader: PageReader) -> None:
    with pytest.raises(BadInput, match="contains no article"):
        reader.read(b"<html></html>", None)
    assert reader.read(make_page().encode(), None).text


def test_page_that_needs_too_much_memory_does_not_affect_the_next() -> None:
    with PageReader(seconds=60) as patient_reader:
        with pytest.raises(BadInput, match=r"memory|crashed"):
            patient_reader.read(("<p>" + "word " * 1_900_000).encode(), None)
        assert patient_reader.read(make_page().encode(), None).text


def test_page_that_takes_too_long_does_not_affect_the_next() -> None:
    slow_page = make_page(make_paragraphs(20_000)).encode()  # over a second of work
    with PageReader(seconds=0.0) as impatient_reader, pytest.raises(BadInput, match="within 0 seconds"):
        impatient_reader.read(slow_page, None)
    with PageReader() as page_reader:
        assert page_reader.read(make_page().encode(), None).text


SCRIPT = """
from briefings.ingest.reader import read_raw_articles
print([article.text for article in read_raw_articles({path!r})])
"""


@pytest.mark.parametrize("is_file", [True, False], ids=["a script without a main guard", "standard input"])
def test_a_script_of_any_kind_can_read_documents(tmp_path: Path, is_file: bool) -> None:
    page, script = tmp_path / "speech.html", tmp_path / "script.py"
    page.write_text(make_page())
    script.write_text(SCRIPT.format(path=str(page)))
    command = [sys.executable, *([str(script)] if is_file else [])]
    source = "" if is_file else script.read_text()
    result = subprocess.run(command, input=source, capture_output=True, text=True, timeout=120, check=False)
    assert (result.stderr, result.returncode) == ("", 0)
    assert result.stdout.startswith("['")


def test_an_interrupted_start_does_not_spoil_the_next_page(reader: PageReader, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Connection, "poll", Mock(side_effect=KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            reader.read(make_page().encode(), None)
    assert reader.read(make_page().encode(), None).text


def test_the_reader_process_never_sees_an_interruption(reader: PageReader, monkeypatch: pytest.MonkeyPatch) -> None:
    masks: list[set[int]] = []

    def record_mask(*_: object, **__: object) -> Never:
        masks.append({int(number) for number in signal.pthread_sigmask(signal.SIG_BLOCK, ())})
        raise OSError(12, "Cannot allocate memory")

    monkeypatch.setattr(reader_process, "Popen", record_mask)
    with pytest.raises(BadInput, match=r"^The reader process did not start: cannot allocate memory\."):
        reader.read(make_page().encode(), None)
    assert signal.SIGINT in masks[0]
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())


@pytest.fixture
def spawned_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start the processes as on Windows."""

    def start_process(function_path: tuple[str, str], memory: int) -> tuple[SpawnedProcess, Connection]:
        connection, child_connection = Pipe()
        with child_connection:
            return SpawnedProcess(child_connection, function_path, memory), connection

    monkeypatch.setattr(sandbox, "start_process", start_process)


@pytest.mark.usefixtures("spawned_processes")
def test_the_process_of_windows_reads_pages_and_ends(reader: PageReader) -> None:
    for number in range(2):
        address = f"https://paper.example/{number}"
        assert reader.read(make_page().encode(), address).id == address
    with pytest.raises(BadInput, match="contains no article"):
        reader.read(b"<html></html>", None)
    process = reader._process
    assert process
    assert process.poll() is None
    reader.close()
    assert process.poll() is not None


@pytest.mark.usefixtures("spawned_processes")
def test_the_process_of_windows_has_a_time_limit() -> None:
    slow_page = make_page(make_paragraphs(20_000)).encode()
    with PageReader(seconds=0.0) as impatient_reader, pytest.raises(BadInput, match="within 0 seconds"):
        impatient_reader.read(slow_page, None)


@pytest.mark.parametrize(
    ("platform", "expected_limits"),
    [("linux", {"RLIMIT_CORE", "RLIMIT_AS"}), ("darwin", {"RLIMIT_CORE"}), ("win32", set())],
)
def test_memory_is_limited_where_the_system_can(
    monkeypatch: pytest.MonkeyPatch, platform: str, expected_limits: set[str]
) -> None:
    limits: list[int] = []
    monkeypatch.setattr("resource.setrlimit", lambda limit, _: limits.append(limit))
    monkeypatch.setattr("sys.platform", platform)
    reader_process._limit_memory(1_000_000)
    assert set(limits) == {getattr(resource, name) for name in expected_limits}
