"""The commands `feeds list`, `follow`, `unfollow` and `poll`, and `add` for a URL."""

import asyncio
import sys
from argparse import Namespace
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path
from typing import TypeVar

from bot.cli import resources
from bot.cli.queries import format_count
from bot.cli.terminal.lists import Column, Listing, print_list
from bot.core.settings import Settings
from briefings import Article, BadInput, BriefingService, Provenance
from briefings.feeds import FeedReport, FeedRequest, FeedService, FollowResult, Outcome
from briefings.ingest import read_feed_list_file
from briefings.outlets import read_host
from briefings.render import make_printable
from briefings.storage import FollowedFeed, Page, open_feed_repository

#: stored as the person who followed a feed
_REQUESTER = "the command line"
#: number of failure messages that are printed; the others are only counted
_MAX_FAILURES = 10
#: passes of one `feeds poll`; each takes some of the due feeds and pages, until none is left
_MAX_PASSES = 50
_T = TypeVar("_T")


def add_url(settings: Settings, service: BriefingService, url: str, *, is_trusted: bool = False) -> int:
    """Add the article or the feed entries at a URL and print the counts; return 1 if anything failed.

    With `is_trusted`, the outlets that the pages state are taken as they are.
    """
    report = _run_with_feed_service(settings, service, lambda feeds: feeds.add(url))
    if is_trusted:
        service.outlets.trust(report.articles)
    _print_failures(report)
    has_only_one_failure = report.outcomes.total() == report.outcomes[Outcome.FAILED] == 1
    if not has_only_one_failure:  # its message is enough
        print(f"{url}: {report.summarise()}")
    for article in service.get_articles(report.articles):
        if not article.provenance.is_certain and article.publisher:
            print(f"ontherecord: note: {make_printable(explain_doubt(article))}", file=sys.stderr)
    return 1 if report.failures else 0


def explain_doubt(article: Article) -> str:
    """Return what to know, and to do, about an outlet that is not certain."""
    if article.provenance is Provenance.CONTRADICTED:
        return f"{article.publisher} calls itself {article.claimed_outlet}. That name belongs to other sites."
    host = read_host(article.url) or "HOST"
    return (
        f'{article.publisher} is unconfirmed. To confirm it: ontherecord outlets confirm "{article.publisher}" {host}'
    )


def list_feeds(arguments: Namespace) -> int:
    """Print the followed feeds, or with `--gone` the articles that disappeared from their sites."""
    with closing(open_feed_repository(resources.load_record_settings(arguments).database_url)) as feed_repository:
        if arguments.gone:
            print_list(feed_repository.list_gone_pages(), _GONE_PAGES, arguments)
        else:
            print_list(feed_repository.list_feeds(), _FEEDS, arguments)
    return 0


def follow(arguments: Namespace) -> int:
    """Follow a feed, given its URL or the URL of a page that links to it, or every feed in an OPML file."""
    settings = resources.load_record_settings(arguments)
    if "://" not in arguments.address and Path(arguments.address).is_file():
        return _follow_list(settings, arguments)
    feed_request = FeedRequest(arguments.address, _REQUESTER, arguments.outlet, arguments.minutes)
    with resources.open_service(settings) as service:
        result = _run_with_feed_service(settings, service, lambda feeds: feeds.follow(feed_request))
    print(_format_follow_result(result))
    print("Its articles are added while the bot runs. To add them now, run: ontherecord feeds poll")
    return 0


def _follow_list(settings: Settings, arguments: Namespace) -> int:
    """Follow the feeds in an OPML file and report each; return 1 if any failed."""
    if arguments.outlet is not None:
        raise BadInput("--outlet is for one feed, not for a list. Leave it out, or follow each feed by its address.")
    feed_list = read_feed_list_file(Path(arguments.address))
    requests = [FeedRequest(address, _REQUESTER, minutes=arguments.minutes) for address in feed_list.addresses]
    failed_count = feed_list.unusable_count

    def report(result: FollowResult | BadInput) -> None:
        nonlocal failed_count
        if isinstance(result, FollowResult):
            print(_format_follow_result(result), flush=True)
        else:
            failed_count += 1
            print(f"ontherecord: {make_printable(str(result))}", file=sys.stderr)

    with resources.open_service(settings) as service:
        _run_with_feed_service(settings, service, lambda feeds: feeds.follow_all(requests, report))
    if feed_list.unusable_count:
        count = format_count(feed_list.unusable_count, "feed")
        print(f"ontherecord: {arguments.address}: {count} without a web address.", file=sys.stderr)
    total = len(feed_list.addresses) + feed_list.unusable_count
    print(
        f"{arguments.address}: {total - failed_count} of {format_count(total, 'feed')} followed, {failed_count} failed"
    )
    print("Their articles are added while the bot runs. To add them now, run: ontherecord feeds poll")
    return 1 if failed_count else 0


def unfollow(arguments: Namespace) -> int:
    """Unfollow a feed; its articles are kept."""
    settings = resources.load_record_settings(arguments)
    with resources.open_service(settings) as service:
        url = _run_with_feed_service(settings, service, lambda feeds: feeds.unfollow(arguments.address))
    print(f"Unfollowed {url}. Its articles were kept.")
    return 0


def poll(arguments: Namespace) -> int:
    """Poll the due feeds and print the counts; return 1 if a feed failed or another process is polling."""
    settings = resources.load_record_settings(arguments)

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
        print("ontherecord: Another process is polling. Try again in a few minutes.", file=sys.stderr)
        return 1
    _print_failures(report)
    feeds_phrase = format_count(report.polled_feeds, "feed")
    print(f"{feeds_phrase} answered, {report.failed_feeds} failed; {report.summarise()}")
    return 1 if report.failed_feeds else 0


def format_failures(feed: FollowedFeed) -> str:
    """Return how often a feed has failed in a row, and its last failure, on one line."""
    times = "once" if feed.failures == 1 else f"{feed.failures} times"
    return make_printable(f"failed {times}: {feed.failure}")


def _format_follow_result(result: FollowResult) -> str:
    prefix = "Following" if result.is_new else "Already following"
    entries = "1 entry" if result.entry_count == 1 else f"{result.entry_count} entries"
    return make_printable(f"{prefix} {result.address} ({result.title or 'untitled'}), now with {entries}.")


def _format_last_answer(feed: FollowedFeed) -> str:
    return f"answered {feed.answered_at:%Y-%m-%d %H:%M} UTC" if feed.answered_at else "not polled yet"


def _format_feed(feed: FollowedFeed) -> str:
    title = f" ({feed.title})" if feed.title else ""
    interval = f", every {feed.minutes} minutes" if feed.minutes else ""
    last_answer = _format_last_answer(feed)
    unusable_note = f", unusable entries: {feed.unusable}" if feed.unusable else ""
    line = make_printable(f"{feed.address}{title}: {last_answer}{interval}{unusable_note}")
    return f"{line}\n    {format_failures(feed)}" if feed.failures else line


_FEEDS: Listing[FollowedFeed] = Listing(
    (Column("feed"), Column("title"), Column("last answer"), Column("minutes", is_numeric=True), Column("problems")),
    lambda feed: (
        feed.address,
        feed.title or "",
        _format_last_answer(feed),
        f"{feed.minutes}" if feed.minutes else "",
        "; ".join(
            filter(
                None,
                (
                    format_failures(feed) if feed.failures else "",
                    f"unusable entries: {feed.unusable}" if feed.unusable else "",
                ),
            )
        ),
    ),
    _format_feed,
    empty_message="No feeds yet. Follow one with: ontherecord feeds follow ADDRESS",
)
_GONE_PAGES: Listing[Page] = Listing(
    (Column("gone since"), Column("article")),
    lambda page: (f"{page.gone_at:%Y-%m-%d}", page.article or ""),
    lambda page: make_printable(f"{page.gone_at:%Y-%m-%d}  {page.article}"),
    empty_message="No articles have disappeared from their sites.",
)


def _print_failures(report: FeedReport) -> None:
    for sentence in report.sentences[:_MAX_FAILURES]:
        print(f"ontherecord: {make_printable(sentence)}", file=sys.stderr)
    if len(report.sentences) > _MAX_FAILURES:
        print("ontherecord: More failures are not shown, only counted.", file=sys.stderr)


def _run_with_feed_service(
    settings: Settings, service: BriefingService, work: Callable[[FeedService], Awaitable[_T]]
) -> _T:
    from bot.server.feed_poller import open_feed_service

    async def run() -> _T:
        async with open_feed_service(settings, service) as feeds:
            return await work(feeds)

    return asyncio.run(run())
