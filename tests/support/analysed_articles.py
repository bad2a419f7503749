"""Articles put into a record as the desk does it, each read only once in a run of the tests."""

from functools import cache

from briefings.attribution import analysis
from briefings.attribution.analysis import Analysis
from briefings.model import Article
from briefings.storage.repository import Repository


@cache
def analyse(article: Article) -> Analysis:
    """What is found in an article."""
    return analysis.analyse(article)


def add_articles(repository: Repository, *articles: Article) -> None:
    """Adds articles with all that is found in them."""
    for article in articles:
        found = analyse(article)
        repository.upsert(article, found.quotes, names=found.names, engine=found.engine)
