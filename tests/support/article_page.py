"""A page of one article, and the metadata that are read from it."""

from datetime import date

from lxml.html import document_fromstring

from briefings.ingest.pages.page_metadata import PageMetadata, extract_metadata
from tests.stand_ins.pages import make_paragraphs

JUNE_30 = date(2016, 6, 30)
TEXT = make_paragraphs(3)


def read_metadata(
    head: str = "", top: str = "", *, title: str = "The count goes on | The Tribune", base: str | None = None
) -> PageMetadata:
    """Return the metadata of a page with markup in its head and below its headline."""
    page = (
        f"<html><head><title>{title}</title>{head}</head><body><main><article><h1>The count goes on</h1>{top}{TEXT}"
        "</article></main></body></html>"
    )
    return extract_metadata(document_fromstring(page), base)


def find_day(head: str = "", top: str = "", *, before: str = "", below: str = "", after: str = "") -> date | None:
    """Return the day of a page with markup in its head, below the headline, before and after the article."""
    page = (
        f"<html><head><title>The count goes on | The Paper</title>{head}</head><body>{before}<main><article>"
        f"<h1>The count goes on</h1>{top}{TEXT}{below}</article></main>{after}</body></html>"
    )
    return extract_metadata(document_fromstring(page), None).published
