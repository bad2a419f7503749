"""A repository without some sources answers as if their articles were never stored."""

from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import date, timedelta

import pytest

from briefings.attribution.analysis import analyse
from briefings.model import Article
from briefings.source_filter import SourceFilter, build_source_filter
from briefings.storage.db.types import ALL_ARTICLES, ArticleFilter, QuoteScope
from briefings.storage.filtered_repository import FilteredRepository
from briefings.storage.repository import Repository, open_repository
from tests.unit.briefings.storage.conftest import noon

OUTLETS = ("The Tribune", "The Courier", "The Easton Tribune", None)
FILTERS = (
    build_source_filter(["Tribune"]),
    build_source_filter(addresses=["tribune.example/sport"]),
    build_source_filter(["The Courier"], ["tribune.example/sport"]),
    build_source_filter(["Nobody's Paper"]),
    build_source_filter(OUTLETS[:3], ["nameless.example"]),
)


def make_article(number: int) -> Article:
    outlet = OUTLETS[number % len(OUTLETS)]
    host = (outlet or "Nameless").removeprefix("The ").lower().replace(" ", "-")
    section = "sport" if number % 3 == 0 else "news"
    return Article(
        f"a{number}",
        f'The ferry {number} sailed. "We build ferries and number {number}," Jane Roe said.\nThe harbour was full.',
        outlet,
        None if number % 7 == 0 else date(2016, 6, 1) + timedelta(number % 5),
        f"https://{host}.example/{section}/{number}",
        f"Ferries {number}",
    )


ARTICLES = tuple(map(make_article, range(40)))


def fill(repository: Repository, articles: Sequence[Article]) -> Repository:
    for article in articles:
        analysis = analyse(article)
        repository.upsert(article, analysis.quotes, names=analysis.names)
    return repository


READS: dict[str, Callable[[Repository], object]] = {
    "ids": lambda repository: repository.find_ids(),
    "newest ids": lambda repository: repository.find_ids(limit=3),
    "ids of days": lambda repository: repository.find_ids(ArticleFilter(since=date(2016, 6, 3))),
    "ids with words": lambda repository: repository.find_ids(ArticleFilter(any_of=("ferry",)), 5),
    "articles": lambda repository: repository.get_articles(limit=6),
    "articles with words": lambda repository: repository.get_articles(phrases=["harbour"], limit=6),
    "words in texts": lambda repository: repository.find_articles_with("the ferry", 7),
    "count": lambda repository: repository.count_articles(ALL_ARTICLES),
    "count of days": lambda repository: repository.count_articles(ArticleFilter(since=date(2016, 6, 3))),
    "count with words": lambda repository: repository.count_articles(ArticleFilter(all_of=("ferry", "harbour"))),
    "totals": lambda repository: (repository.get_counts().articles, repository.get_counts().quotes),
    "totals with words": lambda repository: repository.get_counts(["ferry"]),
    "quotes": lambda repository: repository.find_quotes("build ferries", limit=4),
    "later quotes": lambda repository: repository.find_quotes("build ferries", limit=4, skip=3),
    "quotes by": lambda repository: repository.find_quotes("", QuoteScope(by="Roe"), limit=5),
    "quotes from": lambda repository: repository.find_quotes("ferries", QuoteScope(outlet="Tribune"), limit=5),
    "any quotes": lambda repository: repository.find_any(["number 3", "number 4", "number 8"]),
    "typos": lambda repository: repository.find_close("biuld ferries", limit=50),
    "nearest": lambda repository: repository.find_nearest("build some ferries", limit=50),
}


@pytest.mark.parametrize("sources", FILTERS, ids=["outlet", "section", "both", "none", "all"])
def test_everything_is_as_if_the_articles_were_not_stored(repository: Repository, sources: SourceFilter) -> None:
    filtered = FilteredRepository(fill(repository, ARTICLES), sources)
    rest = [article for article in ARTICLES if not sources.matches(article.publisher, article.url)]
    with closing(open_repository("sqlite://", noon)) as other:
        fill(other, rest)
        for name, read in READS.items():
            expected, value = read(other), read(filtered)
            # the closest quotes are ranked by likeness alone, so equal ones may come in another order
            if name in ("typos", "nearest"):
                assert {repr(hit) for hit in value} == {repr(hit) for hit in expected}, name  # type: ignore[attr-defined]  # hits
            else:
                assert value == expected, name


def test_a_cited_article_is_still_found_by_its_id(repository: Repository) -> None:
    fill(repository, ARTICLES[:2])
    filtered = FilteredRepository(repository, build_source_filter(["The Tribune"]))
    assert [article.id for article in filtered.get_articles(["a0"])] == ["a0"]
    filtered.close()
    assert repository.has_article("a0")
