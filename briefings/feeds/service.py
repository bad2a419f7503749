"""Add articles from links, follow feeds, and poll the feeds and pages that are due.

Rule: a poll saves a feed's entries before it fetches any page, so an interrupted poll continues where it stopped.
Rule: with several processes, only the one with the lease polls.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TypeVar

from briefings.errors import BadInput
from briefings.feeds import polling
from briefings.feeds.entry_texts import build_feed_metadata, drop_foreign_texts
from briefings.feeds.page_identity import identify_pages
from briefings.feeds.page_updates import FeedDependencies, update_page
from briefings.feeds.polling import FeedReport, Outcome
from briefings.ingest.addresses import unwrap_address
from briefings.ingest.field_validation import normalise_url
from briefings.ingest.http.failures import Failure, FetchError
from briefings.ingest.http.fetcher import NO_VALIDATORS, CacheValidators, FetchResponse, get_host, parse_url
from briefings.ingest.pages.html import find_feed_links
from briefings.ingest.syndication.feed import Feed, looks_like_feed, not_a_feed_error
from briefings.ingest.syndication.opml import refuse_feed_list
from briefings.ingest.syndication.outlets import choose_outlets
from briefings.ingest.syndication.teasers import is_whole_article
from briefings.storage.writes.feed_repository import FeedMetadata, FollowedFeed

#: name of the lease, and seconds until it expires without renewal
LEASE_NAME = "polling"
LEASE_SECONDS = 300.0
#: seconds after which the owner renews the lease
_LEASE_RENEWAL_SECONDS = 60.0
#: maximum number of hosts that are fetched from in parallel
MAX_PARALLEL_HOSTS = 8
#: maximum number of pages in one pass, so that feeds are polled in time
_MAX_PAGES_PER_PASS = 200

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class FeedRequest:
    """Request to follow a feed: the URL of the feed or of a page that links to it, and who asks for it."""

    address: str
    followed_by: str
    title: str | None = None
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class FollowResult:
    """A followed feed with its current number of entries; `is_new` is False if it was followed before."""

    address: str
    title: str | None
    entry_count: int
    is_new: bool


class FeedService:
    """Service for links and feeds. `holder` is a unique name of this process among those that share the database."""

    def __init__(self, dependencies: FeedDependencies, holder: str) -> None:
        self._dependencies = dependencies
        self._holder = holder
        self._lease_renewed_at = datetime.min.replace(tzinfo=UTC)

    async def add(self, link: str) -> FeedReport:
        """Add the article at a URL, or the articles of a feed without following it.

        The report lists the failures. Raises DatabaseUnavailable.
        """
        report = FeedReport()
        try:
            address = str(parse_url(unwrap_address(link.strip())))
            response = await self._dependencies.fetch(address, NO_VALIDATORS)
            if await self._run_in_thread(looks_like_feed, response.data or b"", response.content_type):
                await self._add_feed_entries(await self._read_feed(response), report)
            else:
                await self._run_in_thread(refuse_feed_list, response.data or b"", address)
                await self._add_page(address, response, report)
        except FetchError as error:
            report.count_failure(error)
            report.count_outcome(Outcome.FAILED)
        return report

    async def follow(self, request: FeedRequest) -> FollowResult:
        """Follow the feed at a URL, or the first working feed that the page there links to.

        Raises FetchError if no feed works.
        """
        response = await self._dependencies.fetch(str(parse_url(request.address)), NO_VALIDATORS)
        if not looks_like_feed(response.data or b"", response.content_type):
            response = await self._discover_feed(response)
        feed = await self._read_feed(response)
        return await self._follow(replace(request, address=response.permanent_address or response.address), feed)

    async def follow_all(
        self, requests: Sequence[FeedRequest], report: Callable[[FollowResult | BadInput], None]
    ) -> None:
        """Follow the feeds at several URLs, several at a time, and report each result. Raises DatabaseUnavailable."""
        requests_by_address = {request.address: request for request in requests}

        async def follow_one(address: str) -> None:
            try:
                report(await self.follow(requests_by_address[address]))
            except BadInput as error:
                report(error)

        await self._run_per_host(requests_by_address, follow_one)

    async def unfollow(self, address: str) -> str:
        """Unfollow a feed and return its URL. Raises FetchError if it is not followed."""
        requested_address = str(parse_url(address))
        for followed_feed in await self.list_feeds():
            if (
                normalise_url(followed_feed.address) in (normalise_url(requested_address), requested_address)
                or followed_feed.address == requested_address
            ):
                await self._run_in_thread(self._dependencies.repository.unfollow, followed_feed.address)
                return followed_feed.address
        raise FetchError(Failure.ADDRESS, f"You aren't following a feed at {requested_address}.")

    async def list_feeds(self) -> tuple[FollowedFeed, ...]:
        """Return the followed feeds, sorted by URL."""
        return await self._run_in_thread(self._dependencies.repository.list_feeds)

    async def sync_with_file(self, requests: Sequence[FeedRequest], file: str) -> None:
        """Follow exactly the feeds that `file` lists, and unfollow those removed from it; keep feeds added by people.

        Nothing is fetched. An address that is not a feed fails when it is polled.
        """
        requests_by_address = {str(parse_url(request.address)): request for request in requests}
        for followed_feed in await self.list_feeds():
            if followed_feed.followed_by == file and followed_feed.address not in requests_by_address:
                await self._run_in_thread(self._dependencies.repository.unfollow, followed_feed.address)
        for address, request in requests_by_address.items():
            await self._save(request, self._build_row(address, request))

    async def poll(self, *, all_feeds: bool = False) -> FeedReport | None:
        """Poll the feeds that are due (or all feeds), and then visit the pages that are due.

        Returns None if another process has the lease. Raises DatabaseUnavailable.
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
        """Add the articles of the feed's current entries."""
        self._count_failures(feed, report)
        keys = await self._identify_pages([(entry.key, entry.address) for entry in feed.entries])
        await self._queue_entries(feed, None, None)

        async def update_entry_page(address: str) -> None:
            if not await self._update_page_if_due(address, report):
                report.count_outcome(Outcome.UNCHANGED)  # visited before, and not due again yet

        await self._run_per_host(dict.fromkeys(keys), update_entry_page)

    async def _add_page(self, address: str, response: FetchResponse, report: FeedReport) -> None:
        """Add the article of a page that has just been fetched from exactly this address."""
        repository = self._dependencies.repository
        (key,) = await self._identify_pages([(normalise_url(address) or address, address)])
        page = await self._run_in_thread(repository.get_page, key)
        if page is None:
            metadata = FeedMetadata(link=address if address != key else None)
            await self._run_in_thread(repository.queue_pages, [(key, metadata, False)], None, self._dependencies.now())
            page = await self._run_in_thread(repository.get_page, key)
        assert page is not None  # noqa: S101 - pages are never deleted
        if page.article is not None and not await self._run_in_thread(self._dependencies.has_article, page.article):
            page = replace(page, article=None)  # the team removed it, and now adds it again
        # the page has just been fetched, so the response is reused
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
        """Visit a page if it is due; return False if it is not."""
        page = await self._run_in_thread(self._dependencies.repository.get_page, address)
        if page is None or page.due_at is None or page.due_at > self._dependencies.now():
            return False
        await update_page(page, self._dependencies, report)
        return True

    async def _follow(self, request: FeedRequest, feed: Feed) -> FollowResult:
        row = replace(self._build_row(request.address, request), title=request.title or feed.title)
        is_new = await self._save(request, row)
        return FollowResult(request.address, row.title, len(feed.entries), is_new)

    async def _save(self, request: FeedRequest, row: FollowedFeed) -> bool:
        """Store a feed, and confirm the outlet that the team gave to its site; return whether the feed is new."""
        if request.title is not None:
            confirm = self._dependencies.outlets.confirm_stated
            await self._run_in_thread(confirm, request.title, row.address, request.followed_by)
        return await self._run_in_thread(self._dependencies.repository.follow, row)

    def _build_row(self, address: str, request: FeedRequest) -> FollowedFeed:
        now = self._dependencies.now()
        return FollowedFeed(address, request.title, request.followed_by, now, request.minutes, due_at=now)

    async def _discover_feed(self, page: FetchResponse) -> FetchResponse:
        """Return the response of the first working feed that a page links to."""
        last_error = not_a_feed_error(page.address)
        for link in await self._run_in_thread(find_feed_links, (page.data or b"").decode("utf-8", "replace")):
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
            feed = await self._run_in_thread(
                self._dependencies.read_feed, response.data or b"", response.address, response.content_type
            )
            return await self._run_in_thread(drop_foreign_texts, feed, response.address, self._dependencies.outlets)
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
        # a title that is not the feed's own is the outlet name that the team gave it
        team_outlet = followed_feed.title if followed_feed and followed_feed.title != feed.title else None
        address = (response.permanent_address if response else None) or (
            followed_feed.address if followed_feed else None
        )
        keys = await self._identify_pages([(entry.key, entry.address) for entry in feed.entries])
        queued_pages = await self._run_in_thread(_build_queue, feed, keys, team_outlet)
        return await self._run_in_thread(
            self._dependencies.repository.queue_pages, queued_pages, address, self._dependencies.now()
        )

    async def _identify_pages(self, pages: Sequence[tuple[str, str]]) -> list[str]:
        """Return the address under which each page (key and exact URL) is stored."""
        return await self._run_in_thread(identify_pages, pages, self._dependencies.repository.find_pages)

    async def _run_per_host(
        self,
        addresses: Iterable[str],
        work: Callable[[str], Awaitable[object]],
        may_continue: Callable[[], Awaitable[bool]] | None = None,
    ) -> None:
        """Run `work` for every URL: hosts in parallel, URLs of one host in sequence, until `may_continue` is False."""
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
        except ExceptionGroup as error_group:  # the first error caused the cancellation of the other tasks
            raise error_group.exceptions[0] from error_group

    async def _acquire_lease(self) -> bool:
        now = self._dependencies.now()
        has_lease = await self._run_in_thread(
            self._dependencies.repository.acquire_lease, LEASE_NAME, self._holder, now, LEASE_SECONDS
        )
        self._lease_renewed_at = now
        return has_lease

    async def _keep_lease(self) -> bool:
        return (
            self._dependencies.now() - self._lease_renewed_at
        ).total_seconds() < _LEASE_RENEWAL_SECONDS or await self._acquire_lease()

    async def _run_in_thread(self, work: Callable[..., _T], *arguments: object) -> _T:
        return await asyncio.to_thread(work, *arguments)


def _return_response(response: FetchResponse) -> Callable[[str, CacheValidators], Awaitable[FetchResponse]]:
    async def return_response(_address: str, _validators: CacheValidators) -> FetchResponse:
        return response

    return return_response


def _build_queue(feed: Feed, keys: Sequence[str], team_outlet: str | None) -> list[tuple[str, FeedMetadata, bool]]:
    """Return the entries of a feed as pages to visit. Takes long for a long feed, so keep it off the event loop."""
    return [
        (key, build_feed_metadata(entry, key, team_outlet or outlet), is_whole_article(entry.html))
        for key, entry, outlet in zip(keys, feed.entries, choose_outlets(feed), strict=True)
    ]
