"""What an observer or a caller raises is passed on unchanged, and an error of the file names the file."""

import errno
import io
import os
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import pytest

from briefings.errors import BadInput
from briefings.ingest.context import ReadObserver
from briefings.ingest.formats.compression import open_content
from briefings.ingest.formats.integrity import Integrity
from briefings.ingest.reader import read_raw_articles
from briefings.ingest.text_file import cannot_read_error

TEXT = "“We will count every vote,” said Anna Berg, the mayor of Easton."


class FailingObserver(ReadObserver):
    """Observer in which one event fails."""

    def __init__(self, event: str, error: Exception) -> None:
        def fail(*_: object) -> None:
            raise error

        setattr(self, event, fail)


def write_table(folder: Path) -> None:
    (folder / "a.csv").write_text(f'title,text\n"A vote","{TEXT}"\n')


def write_parquet(folder: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    parquet.write_table(pyarrow.table({"title": ["A vote"], "text": [TEXT]}), folder / "a.parquet")


def write_text(folder: Path) -> None:
    (folder / "a.txt").write_text(TEXT)


@pytest.mark.parametrize("error", [BrokenPipeError(errno.EPIPE, "Broken pipe"), OSError(28, "full"), ValueError("no")])
@pytest.mark.parametrize(
    ("write", "event"),
    [
        (write_table, "on_columns"),
        (write_parquet, "on_columns"),
        (write_parquet, "on_file"),
        (write_text, "on_file"),
        (write_text, "on_progress"),
    ],
)
def test_what_an_observer_raises_is_passed_on(
    tmp_path: Path, write: Callable[[Path], None], event: str, error: Exception
) -> None:
    write(tmp_path)
    with pytest.raises(type(error)) as caught:
        list(read_raw_articles(tmp_path, observer=FailingObserver(event, error)))
    assert caught.value is error


def test_what_the_caller_raises_is_no_error_of_the_file() -> None:
    error = OSError(errno.ENOSPC, "No space left on device")
    with pytest.raises(OSError, match="No space left") as caught:  # noqa: SIM117 - the inner block raises
        with open_content(lambda: nullcontext(io.BytesIO(b"text")), Integrity("a.txt")):
            raise error
    assert caught.value is error


def test_a_read_error_names_the_file() -> None:
    class DamagedFile(io.BytesIO):
        def readinto1(self, _buffer: object) -> int:
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    with (
        pytest.raises(BadInput, match=r"^a\.txt cannot be read: input/output error\."),
        open_content(lambda: nullcontext(DamagedFile()), Integrity("a.txt")),
    ):
        pass


def test_a_full_disk_is_not_told_as_a_wrong_name() -> None:
    error = cannot_read_error("a.zip", OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
    assert str(error) == "a.zip cannot be read: no space left on device. Free some disk space."
