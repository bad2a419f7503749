"""A page that exceeds a limit is one failure, and the next page is read."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Never
from unittest.mock import Mock

import pytest

from briefings.errors import BadInput
from briefings.ingest import sandbox
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


def test_page_that_needs_too_much_memory_does_not_affect_the_next(reader: PageReader) -> None:
    with pytest.raises(BadInput, match=r"memory|crashed"):
        reader.read(("<p>" + "word " * 1_900_000).encode(), None)
    assert reader.read(make_page().encode(), None).text


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

    monkeypatch.setattr(sandbox, "Popen", record_mask)
    with pytest.raises(BadInput, match=r"^The reader process did not start: cannot allocate memory\."):
        reader.read(make_page().encode(), None)
    assert signal.SIGINT in masks[0]
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())
