"""A page that exceeds a limit is one failure, and the next page is read."""

from collections.abc import Iterator

import pytest

from briefings.errors import BadInput
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
