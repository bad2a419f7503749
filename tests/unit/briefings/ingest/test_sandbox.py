"""A page that takes too much is one failed page; the next one is read."""

from collections.abc import Iterator

import pytest

from briefings.errors import BadInput
from briefings.ingest.sandbox import PageReader
from tests.stand_ins.pages import page


@pytest.fixture
def reader() -> Iterator[PageReader]:
    with PageReader() as found:
        yield found


def test_pages_are_read_one_after_the_other(reader: PageReader) -> None:
    for number in range(3):
        address = f"https://paper.example/{number}"
        assert reader.read(page().encode(), address).id == address


def test_a_page_that_is_none_is_told_in_the_readers_words(reader: PageReader) -> None:
    with pytest.raises(BadInput, match="holds no article"):
        reader.read(b"<html></html>", None)
    assert reader.read(page().encode(), None).text


def test_a_page_that_needs_too_much_memory_fails_alone(reader: PageReader) -> None:
    with pytest.raises(BadInput, match=r"memory|ended by it"):
        reader.read(("<p>" + "word " * 1_900_000).encode(), None)
    assert reader.read(page().encode(), None).text


def test_a_page_that_takes_too_long_fails_alone() -> None:
    with PageReader(seconds=0.0) as hasty, pytest.raises(BadInput, match="within 0 seconds"):
        hasty.read(page().encode(), None)
    with PageReader() as patient:
        assert patient.read(page().encode(), None).text
