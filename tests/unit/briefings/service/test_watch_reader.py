"""Arrived articles are read in bulk with completed names, and a preview shows what a watch would have found."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Connection, event

from briefings.model import Article, Topic
from briefings.service import BriefingService
from briefings.service.watching import reader
from briefings.storage.db.arrivals import delete_arrivals
from briefings.storage.repository import open_repository
from briefings.storage.session import run_in_transaction
from briefings.watches import WatchQuery

TODAY = date(2016, 7, 1)
TOPIC = Topic("ferry-strike", "The ferry strike", ("ferry strike", "dockers"))
TEXT = "“This is a lynch-mob,” said John Alder, who leads the dockers of Easton. The harbour was open that day."


@pytest.fixture
def service() -> Iterator[BriefingService]:
    with closing(open_repository("sqlite://", lambda: datetime(2016, 7, 1, 12, tzinfo=UTC))) as repository:
        yield BriefingService(repository, [TOPIC])


def add(service: BriefingService, name: str, text: str = TEXT, days_ago: int = 0, publisher: str = "Tribune") -> None:
    service.add([Article(name, text, publisher=publisher, published=TODAY - timedelta(days_ago))])


def test_arrivals_are_listed_and_read_with_their_quotes(service: BriefingService) -> None:
    assert not service.watching.has_arrivals()
    add(service, "a")
    add(service, "b", "A harbour closed.")
    assert service.watching.has_arrivals()
    arrivals = service.watching.list_arrivals()
    assert [(arrival.article, arrival.is_new) for arrival in arrivals] == [("a", True), ("b", True)]
    articles = service.watching.read_articles(["b", "a", "unknown", "a"])
    assert {key: [quote.speaker and quote.speaker.name for quote in value[1]] for key, value in articles.items()} == {
        "a": ["John Alder"],
        "b": [],
    }
    repository = service._repository
    run_in_transaction(repository._engine, lambda db: delete_arrivals(db, [arrival.id for arrival in arrivals]))
    assert service.watching.list_arrivals() == ()


def test_number_of_queries_does_not_grow_with_the_articles(service: BriefingService) -> None:
    for number in range(40):
        add(service, f"a{number}", f"Roe number {number} said: “The harbour of year {number} is closed.”")
    statements: list[str] = []

    def count(_c: Connection, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(service._repository._engine, "before_cursor_execute", count)
    counts = []
    for size in (2, 40):
        statements.clear()
        assert len(service.watching.read_articles([f"a{number}" for number in range(size)])) == size
        counts.append(len(statements))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        (WatchQuery("lynch mob"), "ba"),
        (WatchQuery("lynchmob"), "ba"),
        (WatchQuery(by="Alder"), "ba"),
        (WatchQuery(by="Alder", outlet="Tribune"), "a"),
        (WatchQuery(by="Alder", about="dockers of Easton"), "ba"),
        (WatchQuery(by="Alder", about="ferry-strike"), "ba"),
        (WatchQuery(by="Alder", about="trains"), ""),
        (WatchQuery(by="Nobody"), ""),
        (WatchQuery("the harbour"), "cba"),
        (WatchQuery(words="harbour open"), "cba"),
        (WatchQuery(words="ferry-strike"), "ba"),
        (WatchQuery(words="trains"), ""),
        (WatchQuery("lynch mob", by="Roe"), ""),
    ],
)
def test_preview_shows_what_the_last_days_would_have_given(
    service: BriefingService, query: WatchQuery, names: str
) -> None:
    add(service, "a", days_ago=6)
    add(service, "b", days_ago=2, publisher="Herald")
    add(service, "c", "The harbour was open for all of the summer.", days_ago=1)
    add(service, "old", days_ago=9)
    preview = service.watching.preview(query, TODAY - timedelta(7))
    assert "".join(article.id for article, _ in preview.findings) == names
    assert not preview.is_bounded


def test_preview_is_bounded_and_uses_the_topics_that_are_given(
    service: BriefingService, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in "abc":
        add(service, name)
    monkeypatch.setattr(reader, "MAX_PREVIEW_ARTICLES", 2)
    for query in (WatchQuery("lynch mob"), WatchQuery(by="Alder")):
        preview = service.watching.preview(query, TODAY)
        assert (len(preview.findings), preview.is_bounded) == (2, True)
    query = WatchQuery(words="ferry-strike")
    assert len(service.watching.preview(query, TODAY, [Topic("ferry-strike", "x", ("harbour",))]).findings) == 2
    assert service.watching.preview(query, TODAY, []).findings == ()
