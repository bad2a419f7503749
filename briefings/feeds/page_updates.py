"""Update one page: fetch it, store its article, and schedule the next visit.

Rule: the outlet of an article is what its host says, not what the page says.
Rule: a stored article is kept even if its page disappears. An article that the team removed is not fetched again.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime

from briefings.errors import BadInput, DatabaseUnavailable, LimitExceeded
from briefings.feeds import polling
from briefings.feeds.article_builder import (
    ExtractedArticle,
    ReadPage,
    build_from_feed,
    build_from_page,
    check_existence,
    check_type,
)
from briefings.feeds.polling import FeedReport, Outcome
from briefings.ingest.addresses import build_former_key
from briefings.ingest.http.failures import Failure, FetchError
from briefings.ingest.http.fetcher import CacheValidators, FetchResponse
from briefings.ingest.syndication.feed import Feed
from briefings.model import Article
from briefings.outlets import KnownOutletJudge, OutletJudge
from briefings.storage.db.types import ArticleStatus
from briefings.storage.writes.feed_repository import FeedRepository, Page

Fetch = Callable[[str, CacheValidators], Awaitable[FetchResponse]]

_OUTCOME_BY_STATUS = {
    ArticleStatus.NEW: Outcome.ADDED,
    ArticleStatus.UPDATED: Outcome.UPDATED,
    ArticleStatus.UNCHANGED: Outcome.UNCHANGED,
    ArticleStatus.OLDER: Outcome.OLDER,
}


@dataclass(frozen=True, slots=True)
class FeedDependencies:
    """Dependencies of the feed service. All except `fetch` block, so they run in threads."""

    repository: FeedRepository
    fetch: Fetch
    read_page: ReadPage
    #: parses a feed from its bytes, URL and Content-Type header. Raises BadInput
    read_feed: Callable[[bytes, str, str], Feed]
    #: stores an article. Raises BadInput
    add_article: Callable[[Article], ArticleStatus]
    #: tells whether an article with this id is stored
    has_article: Callable[[str], bool]
    #: returns the current time in UTC
    now: Callable[[], datetime]
    #: decides which outlet a fetched article is shown with
    outlets: OutletJudge = field(default_factory=KnownOutletJudge)


async def update_page(page: Page, dependencies: FeedDependencies, report: FeedReport) -> None:
    """Visit a page, save the result and count it in the report. Raises only DatabaseUnavailable."""
    if page.article is not None and not await asyncio.to_thread(dependencies.has_article, page.article):
        await _save_page(page, dependencies, due_at=None)
        report.count_outcome(Outcome.REMOVED_BY_TEAM)
        return
    try:
        await _fetch_and_add(page, dependencies, report)
    except FetchError as error:
        await _record_failure(page, dependencies, report, error)
    except DatabaseUnavailable:
        raise
    except LimitExceeded as error:
        await _record_failure(page, dependencies, report, FetchError(Failure.LIMIT, str(error)))
    except BadInput as error:  # the article cannot be stored
        await _record_failure(page, dependencies, report, FetchError(Failure.ARTICLE, str(error)))


async def _fetch_and_add(page: Page, dependencies: FeedDependencies, report: FeedReport) -> None:
    now = dependencies.now()
    if page.whole and page.looks == 0:
        extracted_article = await asyncio.to_thread(
            build_from_feed, page.address, page.feed_metadata, dependencies.read_page, now.date()
        )
        # the text is stored with the article now, so it is removed from the feed metadata
        metadata = asdict(replace(page.feed_metadata, html=""))
        await _add_article(page, dependencies, report, extracted_article, told=metadata)
        return
    link = page.feed_metadata.link or page.address
    response = await dependencies.fetch(link, CacheValidators(page.etag, page.modified))
    if response.data is not None:
        check_existence(link, response)
    validator_values = {"etag": response.validators.etag, "modified": response.validators.last_modified}
    if response.data is None or page.whole:
        await _save_page(page, dependencies, **_get_available_values(page, now), **validator_values)
        report.count_outcome(Outcome.UNCHANGED)
        return
    check_type(link, response)
    extracted_article = await asyncio.to_thread(
        build_from_page, page.address, response, page.feed_metadata, dependencies.read_page, now.date()
    )
    await _add_article(page, dependencies, report, extracted_article, **validator_values)


async def _add_article(
    page: Page,
    dependencies: FeedDependencies,
    report: FeedReport,
    extracted_article: ExtractedArticle,
    **extra_values: object,
) -> None:
    article_id = page.article or await _find_former_id(extracted_article.article.id, dependencies)
    article = await asyncio.to_thread(dependencies.outlets.judge, replace(extracted_article.article, id=article_id))
    status = await asyncio.to_thread(dependencies.add_article, article)
    article_values = {"article": article.id, "teaser": extracted_article.is_teaser}
    await _save_page(
        page, dependencies, **_get_available_values(page, dependencies.now()), **article_values, **extra_values
    )
    report.count_outcome(_OUTCOME_BY_STATUS[status], article.id, is_teaser=extracted_article.is_teaser)


async def _find_former_id(article_id: str, dependencies: FeedDependencies) -> str:
    """Return the id under which an earlier version stored an article, or else the id itself."""
    former_id = build_former_key(article_id)
    if former_id is not None and await asyncio.to_thread(dependencies.has_article, former_id):
        return former_id
    return article_id


def _get_available_values(page: Page, now: datetime) -> dict[str, object]:
    """Return the values to save for a page that responded."""
    looks = page.looks + 1
    due_at = polling.get_page_due_at(now, looks)
    cleared_values = dict.fromkeys(("kind", "failure", "missing_at", "gone_at"))
    return {"looks": looks, "due_at": due_at, "failures": 0, **cleared_values}


async def _record_failure(page: Page, dependencies: FeedDependencies, report: FeedReport, error: FetchError) -> None:
    now, failures = dependencies.now(), page.failures + 1
    has_stored_article = page.article is not None
    due_at = polling.get_retry_due_at(
        now, failures, has_stored_article=has_stored_article, retry_after=error.retry_after
    )
    if error.failure is Failure.LIMIT and failures >= polling.MAX_LIMIT_FAILURES:
        due_at = None
    values: dict[str, object] = {"failures": failures, "kind": error.failure.value, "failure": str(error)}
    outcome = Outcome.MISSING if has_stored_article else Outcome.FAILED
    if error.failure is Failure.MISSING:
        missing_since = page.missing_at or now
        is_gone = has_stored_article and polling.is_gone(now, missing_since, failures)
        values |= {"missing_at": missing_since, "gone_at": now if is_gone else page.gone_at}
        due_at = None if is_gone else due_at
        outcome = Outcome.GONE_FROM_SITE if is_gone else outcome
    await _save_page(page, dependencies, due_at=due_at, **values)
    report.count_outcome(outcome)
    report.count_failure(error)


async def _save_page(page: Page, dependencies: FeedDependencies, **values: object) -> None:
    await asyncio.to_thread(dependencies.repository.update_page, page.address, values)
