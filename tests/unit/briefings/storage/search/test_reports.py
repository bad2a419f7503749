"""The other reports of an utterance are read with it, newest first, without those of muted sources."""

from datetime import date

from sqlalchemy import event

from briefings.model import Article, Kind, Quote, Span, Speaker
from briefings.source_filter import build_source_filter
from briefings.storage.filtered_repository import FilteredRepository
from briefings.storage.maintenance import rebuild, removal
from briefings.storage.repository import Repository

WHOLE = "We will reopen the harbour before the autumn storms"
SHORT = "reopen the harbour before the autumn storms"
OTHER = "The market belongs to everybody in the town"
WHOLE_SPAN, SHORT_SPAN = Span(0, len(WHOLE)), Span(0, len(SHORT))


def add(repository: Repository, article_id: str, words: str, day: int, outlet: str = "The Ebb") -> None:
    quote = Quote((Span(0, len(words)),), None, None, Speaker("Ada Brindle"), Kind.DIRECT, 1.0, "test")
    repository.upsert(Article(article_id, f"{words}.", outlet, date(2016, 3, day)), [quote])


def find_ids(repository: Repository, article_id: str, span: Span) -> list[str]:
    hits = repository.find_reports_of([(article_id, span)])
    return [hit.article.id for hit in hits.get((article_id, span), ())]


def test_other_reports_come_newest_first_and_without_the_quote_itself(repository: Repository) -> None:
    add(repository, "a", WHOLE, 1)
    add(repository, "b", SHORT, 3)
    add(repository, "c", WHOLE, 2)
    add(repository, "d", OTHER, 2)
    assert find_ids(repository, "a", WHOLE_SPAN) == ["b", "c"]
    assert find_ids(repository, "b", SHORT_SPAN) == ["c", "a"]
    assert repository.find_reports_of([("d", Span(0, len(OTHER))), ("missing", WHOLE_SPAN)]) == {}


def test_reports_of_muted_sources_are_left_out(repository: Repository) -> None:
    add(repository, "a", WHOLE, 1)
    add(repository, "b", SHORT, 3, "The Flood")
    add(repository, "c", WHOLE, 2)
    filtered = FilteredRepository(repository, build_source_filter(["The Flood"]))
    assert find_ids(filtered, "a", WHOLE_SPAN) == ["c"]


def test_removed_link_separates_what_it_joined(repository: Repository, address: str) -> None:
    """Two reports that share nothing with each other are one utterance while a longer report has both."""
    first, second = "nobody will ever lose a berth here", "the ferry returns in early summer"
    add(repository, "a", first, 1)
    add(repository, "b", second, 2)
    add(repository, "c", f"{first}, and {second}", 3)
    assert find_ids(repository, "a", Span(0, len(first))) == ["c", "b"]
    removal.remove_articles(address, ["c"])
    assert find_ids(repository, "a", Span(0, len(first))) == []


def test_rebuilding_finds_the_same_reports(repository: Repository, address: str) -> None:
    add(repository, "a", WHOLE, 1)
    add(repository, "b", SHORT, 3)
    rebuild.reindex(address)
    assert find_ids(repository, "a", WHOLE_SPAN) == ["b"]


def test_number_of_statements_does_not_grow_with_the_quotes(repository: Repository) -> None:
    for number in range(6):
        add(repository, f"a{number}", WHOLE, number + 1)
        add(repository, f"b{number}", f"{OTHER} {number}", number + 1)
    statements: list[str] = []
    event.listen(repository._engine, "before_cursor_execute", lambda *values: statements.append(values[2]))
    repository.find_reports_of([("a0", WHOLE_SPAN)])
    count = len(statements)
    repository.find_reports_of([(f"a{number}", WHOLE_SPAN) for number in range(6)])
    assert len(statements) == 2 * count
