"""News from the web: add a link; feeds, and feeds follow, unfollow, poll."""

import asyncio
import sys
from argparse import Namespace
from collections.abc import Awaitable, Callable
from contextlib import closing
from typing import TypeVar

from bot.cli import resources
from bot.core.settings import Settings
from briefings import BriefingService
from briefings.feeds import FeedReport, FeedRequest, FeedService, Outcome
from briefings.render import make_printable
from briefings.storage import FollowedFeed, open_feed_repository

#: whoever works in a terminal
_REQUESTER = "the command line"
#: sentences of failures that are printed; the others are counted
_MAX_FAILURES = 10
#: passes of one `poll`: each takes what is due, until nothing is
_MAX_PASSES = 50
_NO_FEEDS_MESSAGE = "No feed is followed. Follow one with: ontherecord feeds follow ADDRESS"
_T = TypeVar("_T")


def add_url(settings: Settings, service: BriefingService, url: str) -> int:
    """Adds what is at an address and says what became of it; 1 when some or all of it failed."""
    report = _run_with_feed_service(settings, service, lambda feeds: feeds.add(url))
    _print_failures(report)
    if report.outcomes.total() > report.outcomes[Outcome.FAILED] or report.outcomes.total() != 1:
        print(f"{url}: {report.summarise()}")
    return 1 if report.failures else 0


def list_feeds(arguments: Namespace) -> int:
    """Lists the feeds that are followed, or the articles that are gone from their sites."""
    with closing(open_feed_repository(resources.load_settings().database_url)) as feed_repository:
        if arguments.gone:
            missing_articles = [
                f"{page.gone_at:%Y-%m-%d}  {page.article}" for page in feed_repository.list_gone_pages()
            ]
            print("\n".join(map(make_printable, missing_articles)) or "No article is known to be gone from its site.")
            return 0
        followed_feeds = feed_repository.list_feeds()
        print(
            "\n".join(map(_format_feed, followed_feeds))
            or "No feed is followed. Follow one with: ontherecord feeds follow ADDRESS"
        )
    return 0


def follow(arguments: Namespace) -> int:
    """Follows a feed, or the one that a page names."""
    settings = resources.load_settings()
    feed_request = FeedRequest(arguments.address, _REQUESTER, arguments.outlet, arguments.minutes)
    with resources.open_service(settings) as service:
        result = _run_with_feed_service(settings, service, lambda feeds: feeds.follow(feed_request))
    prefix = "Following" if result.is_new else "Followed already:"
    print(
        make_printable(
            f"{prefix} {result.address} ({result.title or 'untitled'}), {result.entry_count} entries at present."
        )
    )
    print("They are added while the bot serves, or with: ontherecord feeds poll")
    return 0


def unfollow(arguments: Namespace) -> int:
    """Follows a feed no more."""
    settings = resources.load_settings()
    with resources.open_service(settings) as service:
        url = _run_with_feed_service(settings, service, lambda feeds: feeds.unfollow(arguments.address))
    print(f"Followed no more: {url}. Its articles stay.")
    return 0


def poll(arguments: Namespace) -> int:
    """Polls what is due and says what became of it."""
    settings = resources.load_settings()

    async def run_passes(feeds: FeedService) -> FeedReport | None:
        if (configured_feeds := resources.load_feeds(settings)) is not None:
            await feeds.sync_with_file(*configured_feeds)
        total_report = await feeds.poll(all_feeds=arguments.all_feeds)
        for _ in range(_MAX_PASSES):
            pass_report = await feeds.poll() if total_report else None
            if (
                total_report is None
                or pass_report is None
                or not (pass_report.polled_feeds or pass_report.failed_feeds or pass_report.outcomes)
            ):
                break
            total_report.merge(pass_report)
        return total_report

    with resources.open_service(settings) as service:
        report = _run_with_feed_service(settings, service, run_passes)
    if report is None:
        print("ontherecord: another process polls just now: try again in a few minutes.", file=sys.stderr)
        return 1
    _print_failures(report)
    print(f"{report.polled_feeds} feeds answered, {report.failed_feeds} failed; {report.summarise()}")
    return 1 if report.failed_feeds else 0


def _format_feed(feed: FollowedFeed) -> str:
    title = f" ({feed.title})" if feed.title else ""
    interval = f", every {feed.minutes} minutes" if feed.minutes else ""
    last_answer = f"answered {feed.answered_at:%Y-%m-%d %H:%M} UTC" if feed.answered_at else "not polled yet"
    unusable_note = f", {feed.unusable} entries of it cannot be used" if feed.unusable else ""
    line = make_printable(f"{feed.address}{title}: {last_answer}{interval}{unusable_note}")
    if not feed.failures:
        return line
    times = "once" if feed.failures == 1 else f"{feed.failures} times"
    return f"{line}\n    {make_printable(f'failed {times}: {feed.failure}')}"


def _print_failures(report: FeedReport) -> None:
    for sentence in report.sentences[:_MAX_FAILURES]:
        print(f"ontherecord: {make_printable(sentence)}", file=sys.stderr)
    if len(report.sentences) > _MAX_FAILURES:
        print("ontherecord: there are more such failures; they are counted below.", file=sys.stderr)


def _run_with_feed_service(
    settings: Settings, service: BriefingService, work: Callable[[FeedService], Awaitable[_T]]
) -> _T:
    from bot.server.feed_poller import open_feed_service

    async def run() -> _T:
        async with open_feed_service(settings, service) as feeds:
            return await work(feeds)

    return asyncio.run(run())
