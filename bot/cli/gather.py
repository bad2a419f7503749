"""News from the web: add a link; feeds, and feeds follow, unfollow, poll."""

import asyncio
import sys
from argparse import Namespace
from collections.abc import Awaitable, Callable
from contextlib import closing
from typing import TypeVar

from bot.cli import opened
from bot.settings import Settings
from briefings.desk import Desk
from briefings.gathering.gathering import Gathering, Wanted
from briefings.gathering.report import Outcome, Report
from briefings.record.sources import FollowedFeed, open_sources
from briefings.render.plain import printable

#: whoever works in a terminal
_HERE = "the command line"
#: sentences of failures that are printed; the others are counted
_MOST_FAILURES = 10
#: passes of one `poll`: each takes what is due, until nothing is
_MOST_PASSES = 50
_NONE = "No feed is followed. Follow one with: ontherecord feeds follow ADDRESS"
_T = TypeVar("_T")


def added(told: Settings, desk: Desk, link: str) -> int:
    """Adds what is at an address and says what became of it; 1 when some or all of it failed."""
    report = _run(told, desk, lambda gathering: gathering.add(link))
    _complain(report)
    if report.outcomes.total() > report.outcomes[Outcome.FAILED] or report.outcomes.total() != 1:
        print(f"{link}: {report.told()}")
    return 1 if report.failures else 0


def feeds(arguments: Namespace) -> int:
    """Lists the feeds that are followed, or the articles that are gone from their sites."""
    with closing(open_sources(opened.settings().database_url)) as sources:
        if arguments.gone:
            gone = [f"{page.gone_at:%Y-%m-%d}  {page.article}" for page in sources.gone()]
            print("\n".join(map(printable, gone)) or "No article is known to be gone from its site.")
            return 0
        followed = sources.feeds()
        print(
            "\n".join(map(_line, followed)) or "No feed is followed. Follow one with: ontherecord feeds follow ADDRESS"
        )
    return 0


def follow(arguments: Namespace) -> int:
    """Follows a feed, or the one that a page names."""
    told = opened.settings()
    wanted = Wanted(arguments.address, _HERE, arguments.outlet, arguments.minutes)
    with opened.desk(told) as desk:
        found = _run(told, desk, lambda gathering: gathering.follow(wanted))
    how = "Following" if found.new else "Followed already:"
    print(printable(f"{how} {found.address} ({found.title or 'untitled'}), {found.entries} entries at present."))
    print("They are added while the bot serves, or with: ontherecord feeds poll")
    return 0


def unfollow(arguments: Namespace) -> int:
    """Follows a feed no more."""
    told = opened.settings()
    with opened.desk(told) as desk:
        address = _run(told, desk, lambda gathering: gathering.unfollow(arguments.address))
    print(f"Followed no more: {address}. Its articles stay.")
    return 0


def poll(arguments: Namespace) -> int:
    """Polls what is due and says what became of it."""
    told = opened.settings()

    async def passes(gathering: Gathering) -> Report | None:
        if (listed := opened.feeds(told)) is not None:
            await gathering.keep_to(*listed)
        whole = await gathering.poll(all_feeds=arguments.all_feeds)
        for _ in range(_MOST_PASSES):
            more = await gathering.poll() if whole else None
            if whole is None or more is None or not (more.polled or more.feeds_failed or more.outcomes):
                break
            whole.add(more)
        return whole

    with opened.desk(told) as desk:
        report = _run(told, desk, passes)
    if report is None:
        print("ontherecord: another process polls just now: try again in a few minutes.", file=sys.stderr)
        return 1
    _complain(report)
    print(f"{report.polled} feeds answered, {report.feeds_failed} failed; {report.told()}")
    return 1 if report.feeds_failed else 0


def _line(feed: FollowedFeed) -> str:
    title = f" ({feed.title})" if feed.title else ""
    every = f", every {feed.minutes} minutes" if feed.minutes else ""
    answered = f"answered {feed.answered_at:%Y-%m-%d %H:%M} UTC" if feed.answered_at else "not polled yet"
    unusable = f", {feed.unusable} entries of it cannot be used" if feed.unusable else ""
    line = printable(f"{feed.address}{title}: {answered}{every}{unusable}")
    if not feed.failures:
        return line
    times = "once" if feed.failures == 1 else f"{feed.failures} times"
    return f"{line}\n    {printable(f'failed {times}: {feed.failure}')}"


def _complain(report: Report) -> None:
    for sentence in report.sentences[:_MOST_FAILURES]:
        print(f"ontherecord: {printable(sentence)}", file=sys.stderr)
    if len(report.sentences) > _MOST_FAILURES:
        print("ontherecord: there are more such failures; they are counted below.", file=sys.stderr)


def _run(told: Settings, desk: Desk, work: Callable[[Gathering], Awaitable[_T]]) -> _T:
    from bot.gathering import gathering

    async def run() -> _T:
        async with gathering(told, desk) as found:
            return await work(found)

    return asyncio.run(run())
