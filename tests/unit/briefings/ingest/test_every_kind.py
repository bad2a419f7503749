"""A sound file of every kind gives its articles, and a damaged one gives articles or an error for the user."""

from pathlib import Path

import pytest

from briefings.errors import BadInput
from briefings.ingest.context import FileReading, ReadObserver
from briefings.ingest.formats.file_type import COMPRESSIONS, FileType
from briefings.ingest.reader import read_raw_articles
from tests.fuzz.runner import fuzz_file
from tests.fuzz.samples import SAMPLE_NAMES, write_samples

_COPIES = 6
#: a list of feeds has no articles; an archive is named with the type of the files in it
_WITHOUT_ARTICLES = frozenset(["feeds.opml"])
_CONTAINERS = frozenset([FileType.ZIP, FileType.WACZ, *COMPRESSIONS])


class _FileCollector(ReadObserver):
    def __init__(self) -> None:
        self.types: set[FileType] = set()
        self.errors: list[str] = []

    def on_error(self, error: BadInput) -> None:
        self.errors.append(str(error))

    def on_file(self, reading: FileReading) -> None:
        self.types.add(reading.file_type)


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write_samples(tmp_path_factory.mktemp("samples"))


def test_every_sound_file_gives_articles_and_no_problem(paths: list[Path]) -> None:
    for path in paths:
        collector = _FileCollector()
        if path.name in _WITHOUT_ARTICLES:
            with pytest.raises(BadInput, match="list of 1 feed"):
                list(read_raw_articles(path))
            continue
        articles = list(read_raw_articles(path, observer=collector))
        assert articles, path.name
        assert all("Jane Roe, the council leader" in article.text for article in articles), path.name
        assert collector.errors == [], path.name


def test_samples_are_of_every_kind(paths: list[Path]) -> None:
    collector = _FileCollector()
    for _ in read_raw_articles(paths[0].parent, observer=collector):
        pass
    assert set(FileType) - collector.types - _CONTAINERS - {FileType.FEED_LIST} == set()


@pytest.mark.parametrize("name", SAMPLE_NAMES)
def test_damaged_file_gives_articles_or_an_error_for_the_user(paths: list[Path], name: str) -> None:
    path = next(path for path in paths if path.name == name)
    assert fuzz_file(path, _COPIES, seed=1).failures == []
