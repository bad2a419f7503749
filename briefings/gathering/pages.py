"""One page: fetched, read, taken into the record, and when it is looked at again.

Rule: an article that is held stays, whatever becomes of its page; what the team removed is not fetched again.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime

from briefings.errors import BadInput, RecordUnavailable
from briefings.gathering import schedule
from briefings.gathering.reading import Read, ReadPage, check_page, read_fetched, read_told
from briefings.gathering.report import Outcome, Report
from briefings.ingest.entries import Feed
from briefings.ingest.failures import CannotFetch, Failure
from briefings.ingest.fetch import Fetched, Mark
from briefings.model import Article
from briefings.record.sources import Page, Sources
from briefings.record.values import Standing

Fetch = Callable[[str, Mark], Awaitable[Fetched]]

_OUTCOMES = {
    Standing.NEW: Outcome.ADDED,
    Standing.CHANGED: Outcome.UPDATED,
    Standing.HELD: Outcome.HELD,
    Standing.OLDER: Outcome.OLDER,
}


@dataclass(frozen=True, slots=True)
class Means:
    """What the work is done with; all but `fetch` block, and are called on threads."""

    sources: Sources
    fetch: Fetch
    read_page: ReadPage
    #: the feed of some bytes, their address and their header Content-Type. Raises BadInput
    read_feed: Callable[[bytes, str, str], Feed]
    #: adds an article to the record. Raises BadInput
    take: Callable[[Article], Standing]
    #: whether an article of this id is held
    has: Callable[[str], bool]
    #: the present moment, in UTC
    now: Callable[[], datetime]


async def look_at(page: Page, means: Means, report: Report) -> None:
    """Looks at one page, notes and counts what became of it. Raises RecordUnavailable, and nothing else."""
    if page.article is not None and not await asyncio.to_thread(means.has, page.article):
        await _settle(page, means, due_at=None)
        report.became(Outcome.REMOVED)
        return
    try:
        await _look(page, means, report)
    except CannotFetch as error:
        await _failed(page, means, report, error)
    except RecordUnavailable:
        raise
    except BadInput as error:  # the record does not take it
        await _failed(page, means, report, CannotFetch(Failure.ARTICLE, str(error)))


async def _look(page: Page, means: Means, report: Report) -> None:
    now = means.now()
    if page.whole and page.looks == 0:
        read = await asyncio.to_thread(read_told, page.address, page.told, means.read_page, now.date())
        # the words are in the record now, and need not be kept twice
        kept = {name: getattr(page.told, name) for name in ("title", "published", "byline", "outlet")}
        await _take(page, means, report, read, told={**kept, "html": ""})
        return
    found = await means.fetch(page.address, Mark(page.etag, page.modified))
    if found.data is not None:
        check_page(page.address, found)
    mark = {"etag": found.mark.etag, "modified": found.mark.modified}
    if found.data is None or page.whole:
        await _settle(page, means, **_there(page, now), **mark)
        report.became(Outcome.HELD)
        return
    read = await asyncio.to_thread(read_fetched, page.address, found, page.told, means.read_page, now.date())
    await _take(page, means, report, read, **mark)


async def _take(page: Page, means: Means, report: Report, read: Read, **more: object) -> None:
    article = replace(read.article, id=page.article) if page.article else read.article
    stood = await asyncio.to_thread(means.take, article)
    told = {"article": article.id, "teaser": read.teaser}
    await _settle(page, means, **_there(page, means.now()), **told, **more)
    report.became(_OUTCOMES[stood], article.id, teaser=read.teaser)


def _there(page: Page, now: datetime) -> dict[str, object]:
    """What is noted of a page that is there."""
    looks = page.looks + 1
    due = schedule.page_due(now, looks)
    blank = dict.fromkeys(("kind", "failure", "missing_at", "gone_at"))
    return {"looks": looks, "due_at": due, "failures": 0, **blank}


async def _failed(page: Page, means: Means, report: Report, error: CannotFetch) -> None:
    now, failures = means.now(), page.failures + 1
    held = page.article is not None
    due = schedule.retry_due(now, failures, held=held, wait=error.wait)
    values: dict[str, object] = {"failures": failures, "kind": error.failure.value, "failure": str(error)}
    outcome = Outcome.MISSING if held else Outcome.FAILED
    if error.failure is Failure.MISSING:
        since = page.missing_at or now
        gone = held and schedule.is_gone(now, since, failures)
        values |= {"missing_at": since, "gone_at": now if gone else page.gone_at}
        due = None if gone else due
        outcome = Outcome.GONE if gone else outcome
    await _settle(page, means, due_at=due, **values)
    report.became(outcome)
    report.failed(error)


async def _settle(page: Page, means: Means, **values: object) -> None:
    await asyncio.to_thread(means.sources.settle_page, page.address, values)
