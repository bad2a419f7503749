"""Takes in many articles, as an archive or a feed brings them: looks, reads, writes, some dozen at a time.

Rule: memory is bounded by one batch, which is one transaction: whoever is killed has lost nothing that was counted, and
begins again at the same place. What is held already is told by its hash, before anything is looked for in it. Another
article under an id that is taken gets one of its own (`clashes`).

Tells an article that changed from another one under the same id, as archives that number their articles have them.

Rule: only what cannot be the same report is taken apart: two long texts with hardly a run of words in common, told by
different titles or days, under an id that is no address. Everything else is a change.
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

#: words of each text that are compared; with fewer than the second, any text may replace it
_MAX_COMPARED_WORDS, _MIN_WORDS = 2_000, 15
#: words in a row that two texts share or do not, and the share of the fewer runs under which they are two reports
_SHINGLE_SIZE, _MIN_OVERLAP = 3, 0.02
#: articles that may stand under one id of an archive
_MAX_IDS = 20


def are_different_articles(stored_article: Article, incoming_article: Article) -> bool:
    """Whether two articles of one id are two reports, not one and its change."""
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
    """The article under the first of "601", "601~2", "601~3" ... that is free, or its own, or that it is a change of.

    `held` gives the article that stands under an id. Raises BadInput when all twenty are other articles.
    """
    for number in range(1, _MAX_IDS + 1):
        candidate = incoming_article if number == 1 else replace(incoming_article, id=f"{incoming_article.id}~{number}")
        existing = find_stored(candidate.id)
        if existing is None or existing.text == candidate.text or not are_different_articles(existing, candidate):
            return candidate
    raise BadInput(
        f"{incoming_article.id} is the id of {_MAX_IDS} other articles already: give each article an id of its own."
    )


def _make_shingles(words: Sequence[str]) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(words[start : start + _SHINGLE_SIZE]) for start in range(len(words) - _SHINGLE_SIZE + 1))


#: articles, and characters of them, that are written together
_MAX_BATCH_ARTICLES, _MAX_BATCH_CHARACTERS = 64, 1_000_000

#: how an article stood to what was held, or why it cannot be kept
Outcome = ArticleStatus | BadInput


def ingest(repository: Repository, raw_articles: Iterable[Article], *, jobs: int = 1) -> Iterator[Outcome]:
    """Adds raw articles as they come, reading new ones in so many processes; tells of each, in their order.

    Whatever iterating over `raws` raises is raised after all that came before it was added.
    """
    new_count = 0
    with open_analyser(jobs) as analyse_articles:
        for batch in _split_into_batches(raw_articles):
            outcomes = _ingest_batch(repository, batch, analyse_articles)
            new_count += sum(outcome in (ArticleStatus.NEW, ArticleStatus.UPDATED) for outcome in outcomes)
            yield from outcomes
    repository.optimize_index(new_count)


def _split_into_batches(raw_articles: Iterable[Article]) -> Iterator[list[Article]]:
    batch: list[Article] = []
    size = 0
    try:
        for raw_article in raw_articles:
            if any(
                raw_article.id == batched_article.id for batched_article in batch
            ):  # how it stands to the other is seen when that is there
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
    """The article, under an id of its own where its id is another article's, and how it stands to what is held."""
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
    """Adds them together or, when one of them is refused, each by itself."""
    try:
        return list(repository.upsert_all(arrivals)) if arrivals else []
    except BadInput as error:
        return (
            [error]
            if len(arrivals) == 1
            else [outcome for arrival in arrivals for outcome in _add_all(repository, [arrival])]
        )
