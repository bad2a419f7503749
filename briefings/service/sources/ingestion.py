"""Ingest many articles from an archive or a feed, a few dozen per transaction.

Rule: one batch is one transaction and bounds the memory. An interrupted run loses no article that it reported, and can
start again at the same place. Stored articles are recognised by their hash, before any analysis.

Rule: two articles with one id are different reports only if both are long, share hardly any runs of words, differ in
title or date, and the id is not a URL. Anything else is an update of the stored article.

Rule: an outlet or day that an article does not state is that of its stored version or, without one, the default.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

from briefings.article import parse_article
from briefings.errors import BadInput
from briefings.model import Article
from briefings.storage.db.types import ArticleStatus
from briefings.storage.repository import Repository
from briefings.storage.writes.analysis_pool import Analyser, open_analyser
from briefings.storage.writes.upsert import Arrival
from briefings.text.folding import make_search_key

#: words compared of each text, and words below which any text counts as an update
_MAX_COMPARED_WORDS, _MIN_WORDS = 2_000, 15
#: words per run, and the share of common runs, 0 to 1, below which two texts are different reports
_SHINGLE_SIZE, _MIN_OVERLAP = 3, 0.02
#: articles that may share one id of an archive
_MAX_IDS = 20
#: articles and characters per batch
_MAX_BATCH_ARTICLES, _MAX_BATCH_CHARACTERS = 64, 1_000_000
#: number of stored articles whose missing fields are filled in together
_FILLED_BATCH = 256

#: status of an ingested article, or the reason why it cannot be stored
Outcome = ArticleStatus | BadInput


@dataclass(frozen=True, slots=True)
class ArticleDefaults:
    """Outlet and publication day of the articles that state none."""

    outlet: str | None = None
    published: date | None = None


@dataclass(frozen=True, slots=True)
class IngestedArticle:
    """An article as it is stored, possibly under another id than it came with, and its outcome."""

    article: Article
    outcome: Outcome


NO_DEFAULTS = ArticleDefaults()


def ingest(
    repository: Repository, raw_articles: Iterable[Article], *, jobs: int = 1, defaults: ArticleDefaults = NO_DEFAULTS
) -> Iterator[IngestedArticle]:
    """Add raw articles in batches, analyse new ones in `jobs` processes, and yield the outcome for each in order.

    An exception of the iterator is raised after all articles before it were added.
    """
    new_count = 0
    with open_analyser(jobs) as analyse_articles:
        for batch in _split_into_batches(raw_articles):
            ingested_articles = _ingest_batch(repository, batch, analyse_articles, defaults)
            new_count += sum(
                ingested.outcome in (ArticleStatus.NEW, ArticleStatus.UPDATED) for ingested in ingested_articles
            )
            yield from ingested_articles
    repository.optimize_index(new_count)


def fill_in(repository: Repository, ids: Iterable[str], defaults: ArticleDefaults, *, jobs: int = 1) -> int:
    """Give stored articles without an outlet or a day the default ones, and return how many changed."""
    remaining_ids, updated_count = iter(ids), 0
    while batch := list(islice(remaining_ids, _FILLED_BATCH)):
        outcomes = ingest(repository, repository.get_articles(batch), jobs=jobs, defaults=defaults)
        updated_count += sum(ingested.outcome is ArticleStatus.UPDATED for ingested in outcomes)
    return updated_count


def are_different_articles(stored_article: Article, incoming_article: Article) -> bool:
    """Return whether two articles with one id are different reports, rather than one report and its update."""
    if "://" in incoming_article.id or (
        stored_article.title == incoming_article.title and stored_article.published == incoming_article.published
    ):
        return False
    stored_words, incoming_words = (
        make_search_key(article.text[: _MAX_COMPARED_WORDS * 10]).split()[:_MAX_COMPARED_WORDS]
        for article in (stored_article, incoming_article)
    )
    if min(len(stored_words), len(incoming_words)) < _MIN_WORDS:
        return False
    stored_shingles, incoming_shingles = _make_shingles(stored_words), _make_shingles(incoming_words)
    return len(stored_shingles & incoming_shingles) < _MIN_OVERLAP * min(len(stored_shingles), len(incoming_shingles))


def choose_article_id(incoming_article: Article, find_stored: Callable[[str], Article | None]) -> Article:
    """Return the article with an id that no other report has: its own id, or the id with a suffix "~2" to "~20".

    `find_stored` returns the stored article with an id, or None. Raises BadInput if all twenty ids are taken.
    """
    for number in range(1, _MAX_IDS + 1):
        candidate = incoming_article if number == 1 else replace(incoming_article, id=f"{incoming_article.id}~{number}")
        existing = find_stored(candidate.id)
        if existing is None or existing.text == candidate.text or not are_different_articles(existing, candidate):
            return candidate
    raise BadInput(
        f"{incoming_article.id} is already the id of {_MAX_IDS} other articles. Give each article a different id."
    )


def _split_into_batches(raw_articles: Iterable[Article]) -> Iterator[list[Article]]:
    batch: list[Article] = []
    size = 0
    try:
        for raw_article in raw_articles:
            # An article can be compared with another of the same id only after that one is stored.
            if any(raw_article.id == batched_article.id for batched_article in batch):
                yield batch
                batch, size = [], 0
            batch.append(raw_article)
            size += len(raw_article.text)
            if len(batch) == _MAX_BATCH_ARTICLES or size >= _MAX_BATCH_CHARACTERS:
                yield batch
                batch, size = [], 0
    except BadInput:
        yield batch
        raise
    yield batch


def _ingest_batch(
    repository: Repository, raw_articles: Sequence[Article], analyse_articles: Analyser, defaults: ArticleDefaults
) -> list[IngestedArticle]:
    articles = [parse_article(raw_article) for raw_article in raw_articles]
    outcomes = _get_statuses(repository, [_complete(article, None, defaults) for article in articles])
    for index, outcome in enumerate(outcomes):
        if outcome in (ArticleStatus.UPDATED, ArticleStatus.OLDER):
            articles[index], outcomes[index] = _compare_with_stored(repository, articles[index], outcome, defaults)
        else:
            articles[index] = _complete(articles[index], None, defaults)
    new_indexes = [
        index for index, outcome in enumerate(outcomes) if outcome in (ArticleStatus.NEW, ArticleStatus.UPDATED)
    ]
    new_articles = [articles[index] for index in new_indexes]
    analyses = analyse_articles(new_articles) if new_articles else ()
    arrivals = [
        Arrival(article, analysis.quotes, analysis.names, analysis.engine)
        for article, analysis in zip(new_articles, analyses, strict=True)
    ]
    for index, outcome in zip(new_indexes, _add_all(repository, arrivals), strict=True):
        outcomes[index] = outcome
    return [IngestedArticle(article, outcome) for article, outcome in zip(articles, outcomes, strict=True)]


def _compare_with_stored(
    repository: Repository, incoming_article: Article, outcome: Outcome, defaults: ArticleDefaults
) -> tuple[Article, Outcome]:
    """Return an article whose id is stored, with its id and missing fields completed, and its outcome so far."""

    def find_stored(article_id: str) -> Article | None:
        return next(iter(repository.get_articles([article_id])), None)

    try:
        article = incoming_article
        if outcome is ArticleStatus.UPDATED:
            article = choose_article_id(incoming_article, find_stored)
    except BadInput as error:
        return incoming_article, error
    stored_article = find_stored(article.id)
    completed_article = _complete(article, stored_article, defaults)
    (status,) = _get_statuses(repository, [completed_article])
    has_stored_text = stored_article is not None and stored_article.text == article.text
    if status is ArticleStatus.OLDER and has_stored_text:
        # fewer fields than the stored version, as before they were filled in
        status = ArticleStatus.UNCHANGED
    return completed_article, status


def _complete(article: Article, stored_article: Article | None, defaults: ArticleDefaults) -> Article:
    """Return the article with the outlet and day of its stored version or, without these, the default ones."""
    outlet = article.publisher or (stored_article and stored_article.publisher) or defaults.outlet
    published = article.published or (stored_article and stored_article.published) or defaults.published
    if (outlet, published) == (article.publisher, article.published):
        return article
    return replace(article, publisher=outlet, published=published)


def _get_statuses(repository: Repository, parsed_articles: Sequence[Article]) -> list[Outcome]:
    try:
        return list(repository.get_statuses(parsed_articles))
    except BadInput as error:
        return (
            [error]
            if len(parsed_articles) == 1
            else [outcome for article in parsed_articles for outcome in _get_statuses(repository, [article])]
        )


def _add_all(repository: Repository, arrivals: Sequence[Arrival]) -> list[Outcome]:
    """Add all in one transaction or, if one of them is invalid, each in a separate transaction."""
    try:
        return list(repository.upsert_all(arrivals)) if arrivals else []
    except BadInput as error:
        return (
            [error]
            if len(arrivals) == 1
            else [outcome for arrival in arrivals for outcome in _add_all(repository, [arrival])]
        )


def _make_shingles(words: Sequence[str]) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(words[start : start + _SHINGLE_SIZE]) for start in range(len(words) - _SHINGLE_SIZE + 1))
