"""Read damaged copies of one file and collect what goes wrong."""

from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter

from briefings.errors import BadInput
from briefings.ingest.context import ReadContext, ReadObserver
from briefings.ingest.file_reader import read_file
from briefings.ingest.sandbox import DocumentReader, PageReader
from tests.fuzz.mutator import mutate

#: maximum number of articles that are taken from one damaged copy
_MAX_ARTICLES = 1_000


@dataclass(slots=True)
class FuzzResult:
    """Counts of damaged copies, and a line for each one that raised a foreign error."""

    copies: int = 0
    with_articles: int = 0
    slowest_seconds: float = 0.0
    failures: list[str] = field(default_factory=list)


class _ErrorChecker(ReadObserver):
    """Observer that accepts errors whose message is one line."""

    def on_error(self, error: BadInput) -> None:
        _check_message(str(error))


def fuzz_file(path: Path, count: int, seed: int) -> FuzzResult:
    """Read `count` damaged copies of a file. Equal seeds give equal copies."""
    data, result, random = path.read_bytes(), FuzzResult(), Random(f"{seed} {path.name}")
    with PageReader() as page_reader, DocumentReader() as document_reader, TemporaryDirectory() as folder:
        context = ReadContext(page_reader.read, document_reader.read, _ErrorChecker())
        for number in range(count):
            copy = Path(folder) / path.name
            copy.write_bytes(mutate(data, random))
            start = perf_counter()
            try:
                articles = _count_articles(copy, context)
            except Exception as error:  # noqa: BLE001 - any foreign error is what we look for
                result.failures.append(f"copy {number}: {type(error).__name__}: {error}"[:200])
                articles = 0
            result.copies += 1
            result.with_articles += articles > 0
            result.slowest_seconds = max(result.slowest_seconds, perf_counter() - start)
    return result


def _count_articles(path: Path, context: ReadContext) -> int:
    count = 0
    try:
        for _ in read_file(path, path.stem, context):
            count += 1
            if count >= _MAX_ARTICLES:
                break
    except BadInput as error:
        _check_message(str(error))
    return count


def _check_message(message: str) -> None:
    if "\n" in message or not message.isprintable():
        raise ValueError(f"message is not one printable line: {message!r}")
