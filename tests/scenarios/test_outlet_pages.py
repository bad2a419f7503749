"""Pages of articles whose outlet is not certain, over HTTP: every name is marked, or replaced with the host."""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.links import urls
from briefings.model import Article, Provenance
from briefings.service.service import BriefingService
from briefings.storage.repository import open_repository
from tests.scenarios.test_article_pages import Site, serve_pages

_GAZETTEER, _EVIL = "https://gazetteer.example/1", "https://evil.example/2"
_TEXT = (
    "“We waited for long enough for the harbour wall,” said Jane Roe, the council leader of Easton. The harbour strike "
    "drew {drawn} dock workers on Thursday. “The strike at the harbour will not end before Friday,” said Tom Poe."
)
_ARTICLES = (
    Article(
        _GAZETTEER, _TEXT.format(drawn="1,200"), "Easton Gazetteer", date(2024, 5, 1), _GAZETTEER, "Strike grows",
        provenance=Provenance.UNCONFIRMED, claimed_outlet="Easton Gazetteer",
    ),
    Article(
        _EVIL, _TEXT.format(drawn="1,500"), "evil.example", date(2024, 5, 2), _EVIL, "Strike widens",
        provenance=Provenance.CONTRADICTED, claimed_outlet="The Tribune",
    ),
)  # fmt: skip
#: what a reader types into the filter is the bare name
_FILTER = re.compile(r"<datalist.*?</datalist>", re.DOTALL)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[BriefingService]:
    with closing(open_repository(f"sqlite:///{tmp_path / 'record.db'}", lambda: datetime.now(UTC))) as repository:
        service = BriefingService(repository)
        service.add(_ARTICLES)
        yield service


@pytest.fixture
async def site(service: BriefingService) -> AsyncIterator[Site]:
    async with serve_pages(service) as site:
        yield site


@pytest.mark.parametrize(
    "address",
    [
        "/record/",
        urls.article(_GAZETTEER),
        urls.article(_EVIL),
        "/record/stories/harbour",
        "/record/people/Jane%20Roe",
        "/record/people/Jane%20Roe/timeline",
        "/record/search?q=waited",
        "/record/search?q=harbour",
    ],
)
async def test_page_marks_every_name_of_an_uncertain_outlet(site: Site, address: str) -> None:
    response = await site.get(address)
    assert response.status == 200
    shown = _FILTER.sub("", await response.text())
    assert "Gazetteer" in shown or "evil.example" in shown
    assert not re.search(r"Easton Gazetteer(?! \(unconfirmed\))", shown), shown
    assert not re.search(r"(?<!calls itself )The Tribune", shown), shown


async def test_article_page_shows_the_host_of_a_page_with_another_outlets_name(site: Site) -> None:
    page = await site.page(urls.article(_EVIL))
    assert "evil.example (calls itself The Tribune)" in page.all_text
    tags = {attributes.get("property"): attributes.get("content") for tag, attributes in page.elements if tag == "meta"}
    assert tags["og:site_name"] == "evil.example (calls itself The Tribune)"
