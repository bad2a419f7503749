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
from briefings.gathering import schedule
from briefings.gathering.pages import Means, look_at
from briefings.gathering.reading import is_whole
from briefings.gathering.report import Outcome, Report
from briefings.ingest.address import canonical
from briefings.ingest.entries import Entry, Feed, not_a_feed
from briefings.ingest.failures import CannotFetch, Failure
from briefings.ingest.feed import looks_like_feed
from briefings.ingest.fetch import NO_MARK, Fetched, Mark, host_of, web_address
from briefings.ingest.markup import feeds_of
from briefings.record.sources import FollowedFeed, Told

#: the name of the lease, and the seconds it lasts when its holder is heard of no more
LEASE = "polling"
LEASE_SECONDS = 300.0
#: seconds after which its holder makes itself heard
_RENEWED = 60.0
#: hosts that are asked at the same time
AT_ONCE = 8
#: pages that are looked at in one pass, so that feeds have their turn
_PAGES = 200
#: characters of an entry's text that are kept until it is read
_MOST_TEXT = 400_000

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A feed that is to be followed: its address or that of a page which names it, and who wants it."""

    address: str
    by: str
    title: str | None = None
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Followed:
    """A feed that is followed now; `new` is False when it was before; `entries` are those it has at present."""

    address: str
    title: str | None
    entries: int
    new: bool


class Gathering:
    """All of it, by `means`. `holder` is this process's own name among those that share the record."""

    def __init__(self, means: Means, holder: str) -> None:
        self._means = means
        self._holder = holder
        self._heard = datetime.min.replace(tzinfo=UTC)

    async def add(self, link: str) -> Report:
        """Adds the article at an address, or those of a feed, which is not followed by that.

        What goes wrong is told in the report. Raises RecordUnavailable.
        """
        report = Report()
        try:
            address = _own(link)
            found = await self._means.fetch(address, NO_MARK)
            if looks_like_feed(found.data or b"", found.content_type):
                await self._add_all(await self._read(found), report)
            else:
                await self._add_page(address, found, report)
        except CannotFetch as error:
            report.failed(error)
            report.became(Outcome.FAILED)
        return report

    async def follow(self, wanted: Wanted) -> Followed:
        """Follows the feed at an address, or the first that works of those which the page there names.

        Raises CannotFetch when there is none.
        """
        found = await self._means.fetch(str(web_address(wanted.address)), NO_MARK)
        if not looks_like_feed(found.data or b"", found.content_type):
            found = await self._discovered(found)
        feed = await self._read(found)
        return await self._follow(replace(wanted, address=found.moved or found.address), feed)

    async def unfollow(self, address: str) -> str:
        """Follows a feed no more; gives its address. Raises CannotFetch when it is not followed."""
        typed = str(web_address(address))
        for known in await self.feeds():
            if canonical(known.address) in (canonical(typed), typed) or known.address == typed:
                await self._call(self._means.sources.unfollow, known.address)
                return known.address
        raise CannotFetch(Failure.ADDRESS, f"No feed at {typed} is followed.")

    async def feeds(self) -> tuple[FollowedFeed, ...]:
        """The feeds that are followed, by address."""
        return await self._call(self._means.sources.feeds)

    async def keep_to(self, listed: Sequence[Wanted], file: str) -> None:
        """Follows just what `file` lists, of what stands there; what people follow is not touched.

        Nothing is fetched: whether a feed is one shows when it is polled.
        """
        wanted = {str(web_address(one.address)): one for one in listed}
        for known in await self.feeds():
            if known.followed_by == file and known.address not in wanted:
                await self._call(self._means.sources.unfollow, known.address)
        for address, one in wanted.items():
            await self._call(self._means.sources.follow, self._row(address, one))

    async def poll(self, *, all_feeds: bool = False) -> Report | None:
        """One pass: every feed that is due, or all, then the pages that are. None when another process has the lease.

        Raises RecordUnavailable.
        """
        if not await self._held():
            return None
        report, sources = Report(), self._means.sources
        try:
            due = await self._call(sources.feeds, None if all_feeds else self._means.now())
            feeds = {feed.address: feed for feed in due}
            await self._each(feeds, lambda address: self._poll(feeds[address], report), self._still_held)
            pages = await self._call(sources.pages, self._means.now(), _PAGES)
            await self._each(
                (page.address for page in pages), lambda address: self._look(address, report), self._still_held
            )
        finally:
            await self._call(sources.release, LEASE, self._holder)
        return report

    async def _add_all(self, feed: Feed, report: Report) -> None:
        """Adds what a feed has now."""
        self._count(feed, report)
        await self._queue(feed, None, None)

        async def look(address: str) -> None:
            if not await self._look(address, report):
                report.became(Outcome.HELD)  # looked at before, and not to be looked at yet

        await self._each((_own(entry.address) for entry in feed.entries), look)

    async def _add_page(self, address: str, found: Fetched, report: Report) -> None:
        """Adds the article of a page that has just been fetched."""
        sources = self._means.sources
        page = await self._call(sources.page, address)
        if page is None:
            await self._call(sources.queue, [(address, Told(), False)], None, self._means.now())
            page = await self._call(sources.page, address)
        assert page is not None  # noqa: S101 - pages are never deleted
        if page.article is not None and not await self._call(self._means.has, page.article):
            page = replace(page, article=None)  # it was removed, and is wanted again
        # what has just been fetched is not asked for again
        await look_at(replace(page, whole=False), replace(self._means, fetch=_already(found)), report)

    async def _poll(self, feed: FollowedFeed, report: Report) -> None:
        now = self._means.now()
        try:
            found = await self._means.fetch(feed.address, Mark(feed.etag, feed.modified))
            values: dict[str, object] = {"answered_at": now, "failures": 0, "failure": None}
            if found.data is not None:
                read = await self._read(found)
                self._count(read, report)
                report.fresh += await self._queue(read, feed, found) > 0
                values |= {"title": feed.title or read.title, "unusable": len(read.failures)}
                values |= {"etag": found.mark.etag, "modified": found.mark.modified}
            report.polled += 1
            values["due_at"] = schedule.feed_due(now, feed.minutes)
            await self._call(self._means.sources.settle_feed, feed.address, values, found.moved)
        except CannotFetch as error:
            failures = feed.failures + 1
            due = schedule.feed_due(now, feed.minutes, failures, error.wait)
            values = {"failures": failures, "failure": str(error), "due_at": due}
            await self._call(self._means.sources.settle_feed, feed.address, values)
            report.feeds_failed += 1
            report.failed(error)

    async def _look(self, address: str, report: Report) -> bool:
        """Looks at a page if it is due; False when it is not."""
        page = await self._call(self._means.sources.page, address)
        if page is None or page.due_at is None or page.due_at > self._means.now():
            return False
        await look_at(page, self._means, report)
        return True

    async def _follow(self, wanted: Wanted, feed: Feed) -> Followed:
        row = replace(self._row(wanted.address, wanted), title=wanted.title or feed.title)
        new = await self._call(self._means.sources.follow, row)
        return Followed(wanted.address, row.title, len(feed.entries), new)

    def _row(self, address: str, wanted: Wanted) -> FollowedFeed:
        now = self._means.now()
        return FollowedFeed(address, wanted.title, wanted.by, now, wanted.minutes, due_at=now)

    async def _discovered(self, page: Fetched) -> Fetched:
        """The first feed of those that a page names."""
        failed = not_a_feed(page.address)
        for named in feeds_of((page.data or b"").decode("utf-8", "replace")):
            try:
                found = await self._means.fetch(str(web_address(named, web_address(page.address))), NO_MARK)
                await self._read(found)
            except CannotFetch as error:
                failed = error
            else:
                return found
        raise failed

    async def _read(self, found: Fetched) -> Feed:
        try:
            return await self._call(self._means.read_feed, found.data or b"", found.address, found.content_type)
        except CannotFetch:
            raise
        except BadInput as error:
            raise CannotFetch(Failure.FEED, str(error)) from error

    def _count(self, feed: Feed, report: Report) -> None:
        for failure in feed.failures:
            report.became(Outcome.FAILED)
            report.failed(failure)

    async def _queue(self, feed: Feed, followed: FollowedFeed | None, found: Fetched | None) -> int:
        outlet = (followed.title if followed else None) or feed.title
        address = (found.moved if found else None) or (followed.address if followed else None)
        queued = [(_own(entry.address), _told(entry, outlet), is_whole(entry.html)) for entry in feed.entries]
        return await self._call(self._means.sources.queue, queued, address, self._means.now())

    async def _each(
        self,
        addresses: Iterable[str],
        work: Callable[[str], Awaitable[object]],
        may_go_on: Callable[[], Awaitable[bool]] | None = None,
    ) -> None:
        """Does `work` with each address, several hosts at a time and one after the other of each, while it may."""
        hosts: dict[str, list[str]] = {}
        for address in addresses:
            hosts.setdefault(host_of(address), []).append(address)
        waiting = iter(hosts.values())

        async def worker() -> None:
            for some in waiting:
                for address in some:
                    if may_go_on is not None and not await may_go_on():
                        return
                    await work(address)

        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(min(AT_ONCE, len(hosts))):
                    group.create_task(worker())
        except ExceptionGroup as failed:  # the first says it all: the others were ended for it
            raise failed.exceptions[0] from failed

    async def _held(self) -> bool:
        now = self._means.now()
        held = await self._call(self._means.sources.hold, LEASE, self._holder, now, LEASE_SECONDS)
        self._heard = now
        return held

    async def _still_held(self) -> bool:
        return (self._means.now() - self._heard).total_seconds() < _RENEWED or await self._held()

    async def _call(self, work: Callable[..., _T], *arguments: object) -> _T:
        return await asyncio.to_thread(work, *arguments)


def _own(link: str) -> str:
    """An address as it is kept: canonical. Raises CannotFetch."""
    checked = str(web_address(link))
    return canonical(checked) or checked


def _already(found: Fetched) -> Callable[[str, Mark], Awaitable[Fetched]]:
    async def fetched(_address: str, _mark: Mark) -> Fetched:
        return found

    return fetched


def _told(entry: Entry, outlet: str | None) -> Told:
    published = entry.published.isoformat() if entry.published else None
    return Told(entry.title, published, entry.byline, outlet, entry.html[:_MOST_TEXT])
