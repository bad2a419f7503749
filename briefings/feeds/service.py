"""The desk that gathers: adds links, follows feeds, polls them when they are due.

Rule: a poll notes what a feed tells before anything is fetched, so that whoever is ended in the middle goes on where it
was; only the process that holds the lease polls, and it is one however many there are.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TypeVar

from briefings.errors import BadInput
from briefings.feeds import polling
from briefings.feeds.article_builder import is_whole_article
from briefings.feeds.page_updates import FeedDependencies, update_page
from briefings.feeds.polling import FeedReport, Outcome
from briefings.ingest.field_validation import normalise_url
from briefings.ingest.formats.feed import Feed, FeedEntry, looks_like_feed, not_a_feed_error
from briefings.ingest.formats.html import find_feed_links
from briefings.ingest.http.failures import Failure, FetchError
from briefings.ingest.http.fetcher import NO_VALIDATORS, CacheValidators, FetchResponse, get_host, parse_url
from briefings.storage.writes.feed_repository import FeedMetadata, FollowedFeed

#: the name of the lease, and the seconds it lasts when its holder is heard of no more
LEASE_NAME = "polling"
LEASE_SECONDS = 300.0
#: seconds after which its holder makes itself heard
_LEASE_RENEWAL_SECONDS = 60.0
#: hosts that are asked at the same time
MAX_PARALLEL_HOSTS = 8
#: pages that are looked at in one pass, so that feeds have their turn
_MAX_PAGES_PER_PASS = 200
#: characters of an entry's text that are kept until it is read
_MAX_TEXT_LENGTH = 400_000

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class FeedRequest:
    """A feed that is to be followed: its address or that of a page which names it, and who wants it."""

    address: str
    followed_by: str
    title: str | None = None
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class FollowResult:
    """A feed that is followed now; `new` is False when it was before; `entries` are those it has at present."""

    address: str
    title: str | None
    entry_count: int
    is_new: bool


class FeedService:
    """All of it, by `means`. `holder` is this process's own name among those that share the record."""

    def __init__(self, dependencies: FeedDependencies, holder: str) -> None:
        self._dependencies = dependencies
        self._holder = holder
        self._lease_renewed_at = datetime.min.replace(tzinfo=UTC)

    async def add(self, link: str) -> FeedReport:
        """Adds the article at an address, or those of a feed, which is not followed by that.

        What goes wrong is told in the report. Raises RecordUnavailable.
        """
        report = FeedReport()
        try:
            address = _normalise_link(link)
            response = await self._dependencies.fetch(address, NO_VALIDATORS)
            if looks_like_feed(response.data or b"", response.content_type):
                await self._add_feed_entries(await self._read_feed(response), report)
            else:
                await self._add_page(address, response, report)
        except FetchError as error:
            report.count_failure(error)
            report.count_outcome(Outcome.FAILED)
        return report

    async def follow(self, request: FeedRequest) -> FollowResult:
        """Follows the feed at an address, or the first that works of those which the page there names.

        Raises CannotFetch when there is none.
        """
        response = await self._dependencies.fetch(str(parse_url(request.address)), NO_VALIDATORS)
        if not looks_like_feed(response.data or b"", response.content_type):
            response = await self._discover_feed(response)
        feed = await self._read_feed(response)
        return await self._follow(replace(request, address=response.permanent_address or response.address), feed)

    async def unfollow(self, address: str) -> str:
        """Follows a feed no more; gives its address. Raises CannotFetch when it is not followed."""
        requested_address = str(parse_url(address))
        for followed_feed in await self.list_feeds():
            if (
                normalise_url(followed_feed.address) in (normalise_url(requested_address), requested_address)
                or followed_feed.address == requested_address
            ):
                await self._run_in_thread(self._dependencies.repository.unfollow, followed_feed.address)
                return followed_feed.address
        raise FetchError(Failure.ADDRESS, f"No feed at {requested_address} is followed.")

    async def list_feeds(self) -> tuple[FollowedFeed, ...]:
        """The feeds that are followed, by address."""
        return await self._run_in_thread(self._dependencies.repository.list_feeds)

    async def sync_with_file(self, requests: Sequence[FeedRequest], file: str) -> None:
        """Follows just what `file` lists, of what stands there; what people follow is not touched.

        Nothing is fetched: whether a feed is one shows when it is polled.
        """
        requests_by_address = {str(parse_url(request.address)): request for request in requests}
        for followed_feed in await self.list_feeds():
            if followed_feed.followed_by == file and followed_feed.address not in requests_by_address:
                await self._run_in_thread(self._dependencies.repository.unfollow, followed_feed.address)
        for address, request in requests_by_address.items():
            await self._run_in_thread(self._dependencies.repository.follow, self._build_row(address, request))

    async def poll(self, *, all_feeds: bool = False) -> FeedReport | None:
        """One pass: every feed that is due, or all, then the pages that are. None when another process has the lease.

        Raises RecordUnavailable.
        """
        if not await self._acquire_lease():
            return None
        report, repository = FeedReport(), self._dependencies.repository
        try:
            due_feeds = await self._run_in_thread(
                repository.list_feeds, None if all_feeds else self._dependencies.now()
            )
            feeds = {feed.address: feed for feed in due_feeds}
            await self._run_per_host(feeds, lambda address: self._poll(feeds[address], report), self._keep_lease)
            pages = await self._run_in_thread(repository.list_due_pages, self._dependencies.now(), _MAX_PAGES_PER_PASS)
            await self._run_per_host(
                (page.address for page in pages),
                lambda address: self._update_page_if_due(address, report),
                self._keep_lease,
            )
        finally:
            await self._run_in_thread(repository.release_lease, LEASE_NAME, self._holder)
        return report

    async def _add_feed_entries(self, feed: Feed, report: FeedReport) -> None:
        """Adds what a feed has now."""
        self._count_failures(feed, report)
        await self._queue_entries(feed, None, None)

        async def update_entry_page(address: str) -> None:
            if not await self._update_page_if_due(address, report):
                report.count_outcome(Outcome.UNCHANGED)  # looked at before, and not to be looked at yet

        await self._run_per_host((_normalise_link(entry.address) for entry in feed.entries), update_entry_page)

    async def _add_page(self, address: str, response: FetchResponse, report: FeedReport) -> None:
        """Adds the article of a page that has just been fetched."""
        repository = self._dependencies.repository
        page = await self._run_in_thread(repository.get_page, address)
        if page is None:
            await self._run_in_thread(
                repository.queue_pages, [(address, FeedMetadata(), False)], None, self._dependencies.now()
            )
            page = await self._run_in_thread(repository.get_page, address)
        assert page is not None  # noqa: S101 - pages are never deleted
        if page.article is not None and not await self._run_in_thread(self._dependencies.has_article, page.article):
            page = replace(page, article=None)  # it was removed, and is wanted again
        # what has just been fetched is not asked for again
        await update_page(
            replace(page, whole=False), replace(self._dependencies, fetch=_return_response(response)), report
        )

    async def _poll(self, feed: FollowedFeed, report: FeedReport) -> None:
        now = self._dependencies.now()
        try:
            response = await self._dependencies.fetch(feed.address, CacheValidators(feed.etag, feed.modified))
            values: dict[str, object] = {"answered_at": now, "failures": 0, "failure": None}
            if response.data is not None:
                parsed_feed = await self._read_feed(response)
                self._count_failures(parsed_feed, report)
                report.updated_feeds += await self._queue_entries(parsed_feed, feed, response) > 0
                values |= {"title": feed.title or parsed_feed.title, "unusable": len(parsed_feed.failures)}
                values |= {"etag": response.validators.etag, "modified": response.validators.last_modified}
            report.polled_feeds += 1
            values["due_at"] = polling.get_feed_due_at(now, feed.minutes)
            await self._run_in_thread(
                self._dependencies.repository.update_feed, feed.address, values, response.permanent_address
            )
        except FetchError as error:
            failures = feed.failures + 1
            due_at = polling.get_feed_due_at(now, feed.minutes, failures, error.retry_after)
            values = {"failures": failures, "failure": str(error), "due_at": due_at}
            await self._run_in_thread(self._dependencies.repository.update_feed, feed.address, values)
            report.failed_feeds += 1
            report.count_failure(error)

    async def _update_page_if_due(self, address: str, report: FeedReport) -> bool:
        """Looks at a page if it is due; False when it is not."""
        page = await self._run_in_thread(self._dependencies.repository.get_page, address)
        if page is None or page.due_at is None or page.due_at > self._dependencies.now():
            return False
        await update_page(page, self._dependencies, report)
        return True

    async def _follow(self, request: FeedRequest, feed: Feed) -> FollowResult:
        row = replace(self._build_row(request.address, request), title=request.title or feed.title)
        is_new = await self._run_in_thread(self._dependencies.repository.follow, row)
        return FollowResult(request.address, row.title, len(feed.entries), is_new)

    def _build_row(self, address: str, request: FeedRequest) -> FollowedFeed:
        now = self._dependencies.now()
        return FollowedFeed(address, request.title, request.followed_by, now, request.minutes, due_at=now)

    async def _discover_feed(self, page: FetchResponse) -> FetchResponse:
        """The first feed of those that a page names."""
        last_error = not_a_feed_error(page.address)
        for link in find_feed_links((page.data or b"").decode("utf-8", "replace")):
            try:
                response = await self._dependencies.fetch(str(parse_url(link, parse_url(page.address))), NO_VALIDATORS)
                await self._read_feed(response)
            except FetchError as error:
                last_error = error
            else:
                return response
        raise last_error

    async def _read_feed(self, response: FetchResponse) -> Feed:
        try:
            return await self._run_in_thread(
                self._dependencies.read_feed, response.data or b"", response.address, response.content_type
            )
        except FetchError:
            raise
        except BadInput as error:
            raise FetchError(Failure.FEED, str(error)) from error

    def _count_failures(self, feed: Feed, report: FeedReport) -> None:
        for failure in feed.failures:
            report.count_outcome(Outcome.FAILED)
            report.count_failure(failure)

    async def _queue_entries(
        self, feed: Feed, followed_feed: FollowedFeed | None, response: FetchResponse | None
    ) -> int:
        outlet = (followed_feed.title if followed_feed else None) or feed.title
        address = (response.permanent_address if response else None) or (
            followed_feed.address if followed_feed else None
        )
        queued_pages = [
            (_normalise_link(entry.address), _build_feed_metadata(entry, outlet), is_whole_article(entry.html))
            for entry in feed.entries
        ]
        return await self._run_in_thread(
            self._dependencies.repository.queue_pages, queued_pages, address, self._dependencies.now()
        )

    async def _run_per_host(
        self,
        addresses: Iterable[str],
        work: Callable[[str], Awaitable[object]],
        may_continue: Callable[[], Awaitable[bool]] | None = None,
    ) -> None:
        """Does `work` with each address, several hosts at a time and one after the other of each, while it may."""
        addresses_by_host: dict[str, list[str]] = {}
        for address in addresses:
            addresses_by_host.setdefault(get_host(address), []).append(address)
        pending_hosts = iter(addresses_by_host.values())

        async def worker() -> None:
            for host_addresses in pending_hosts:
                for address in host_addresses:
                    if may_continue is not None and not await may_continue():
                        return
                    await work(address)

        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(min(MAX_PARALLEL_HOSTS, len(addresses_by_host))):
                    group.create_task(worker())
        except ExceptionGroup as error_group:  # the first says it all: the others were ended for it
            raise error_group.exceptions[0] from error_group

    async def _acquire_lease(self) -> bool:
        now = self._dependencies.now()
        is_held = await self._run_in_thread(
            self._dependencies.repository.acquire_lease, LEASE_NAME, self._holder, now, LEASE_SECONDS
        )
        self._lease_renewed_at = now
        return is_held

    async def _keep_lease(self) -> bool:
        return (
            self._dependencies.now() - self._lease_renewed_at
        ).total_seconds() < _LEASE_RENEWAL_SECONDS or await self._acquire_lease()

    async def _run_in_thread(self, work: Callable[..., _T], *arguments: object) -> _T:
        return await asyncio.to_thread(work, *arguments)


def _normalise_link(link: str) -> str:
    """An address as it is kept: canonical. Raises CannotFetch."""
    valid_address = str(parse_url(link))
    return normalise_url(valid_address) or valid_address


def _return_response(response: FetchResponse) -> Callable[[str, CacheValidators], Awaitable[FetchResponse]]:
    async def return_response(_address: str, _validators: CacheValidators) -> FetchResponse:
        return response

    return return_response


def _build_feed_metadata(entry: FeedEntry, outlet: str | None) -> FeedMetadata:
    published_text = entry.published.isoformat() if entry.published else None
    return FeedMetadata(entry.title, published_text, entry.byline, outlet, entry.html[:_MAX_TEXT_LENGTH])
