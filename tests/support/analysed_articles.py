"""Adds articles to a repository with their analysis. Each article is analysed once per test run."""

from functools import cache

from briefings.attribution import analysis
from briefings.attribution.analysis import Analysis
from briefings.model import Article
from briefings.storage.repository import Repository


@cache
def analyse(article: Article) -> Analysis:
    """Return the quotes and names of an article, from the cache if possible."""
    return analysis.analyse(article)


def add_articles(repository: Repository, *articles: Article) -> None:
    """Add articles with their quotes and names, as the service does."""
    for article in articles:
        result = analyse(article)
        repository.upsert(article, result.quotes, names=result.names, engine=result.engine)
