"""Ingest many articles from an archive or a feed, a few dozen per transaction.

Rule: one batch is one transaction and bounds the memory. An interrupted run loses no article that it reported, and can
start again at the same place. Stored articles are recognised by their hash, before any analysis.

Rule: two articles with one id are different reports only if both are long, share hardly any runs of words, differ in
title or date, and the id is not a URL. Anything else is an update of the stored article.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

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

#: status of an ingested article, or the reason why it cannot be stored
Outcome = ArticleStatus | BadInput


def ingest(repository: Repository, raw_articles: Iterable[Article], *, jobs: int = 1) -> Iterator[Outcome]:
    """Add raw articles in batches, analyse new ones in `jobs` processes, and yield the outcome for each in order.

    An exception of the iterator is raised after all articles before it were added.
    """
    new_count = 0
    with open_analyser(jobs) as analyse_articles:
        for batch in _split_into_batches(raw_articles):
            outcomes = _ingest_batch(repository, batch, analyse_articles)
            new_count += sum(outcome in (ArticleStatus.NEW, ArticleStatus.UPDATED) for outcome in outcomes)
            yield from outcomes
    repository.optimize_index(new_count)


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


def _ingest_batch(repository: Repository, raw_articles: Sequence[Article], analyse_articles: Analyser) -> list[Outcome]:
    parsed_articles = [parse_article(raw_article) for raw_article in raw_articles]
    outcomes = _get_statuses(repository, parsed_articles)
    for index, outcome in enumerate(outcomes):
        if outcome is ArticleStatus.UPDATED:
            parsed_articles[index], outcomes[index] = _resolve_id_conflict(repository, parsed_articles[index])
    new_indexes = [
        index for index, outcome in enumerate(outcomes) if outcome in (ArticleStatus.NEW, ArticleStatus.UPDATED)
    ]
    articles = [parsed_articles[index] for index in new_indexes]
    analyses = analyse_articles(articles) if articles else ()
    arrivals = [
        Arrival(article, analysis.quotes, analysis.names, analysis.engine)
        for article, analysis in zip(articles, analyses, strict=True)
    ]
    for index, outcome in zip(new_indexes, _add_all(repository, arrivals), strict=True):
        outcomes[index] = outcome
    return outcomes


def _resolve_id_conflict(repository: Repository, incoming_article: Article) -> tuple[Article, Outcome]:
    """Return the article, with a new id if another report has its id, and its outcome so far."""
    try:
        renamed_article = choose_article_id(
            incoming_article, lambda article_id: next(iter(repository.get_articles([article_id])), None)
        )
    except BadInput as error:
        return incoming_article, error
    return renamed_article, _get_statuses(repository, [renamed_article])[0]


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
