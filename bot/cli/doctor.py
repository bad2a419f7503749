"""The command `doctor`: check what the bot needs, and say what to fix.

Rule: a failed check does not stop the other checks.
"""

import time
from argparse import Namespace
from collections.abc import Callable, Iterable
from contextlib import closing

from bot.cli import resources
from bot.cli.feeds import format_failures
from bot.cli.queries import format_count
from bot.core.settings import Mode, Settings
from briefings import BriefingsError
from briefings.attribution import get_engine_version
from briefings.storage import open_feed_repository
from briefings.storage.maintenance import Finding, TimeLimit, check_integrity, count_stale_articles

#: seconds for each check of the database, unless `--thorough` is given
_CHECK_SECONDS = 10.0
#: number of consecutive failures from which a feed counts as a problem
_MIN_FAILURES_TO_WARN = 3
_MODE_DESCRIPTIONS = {
    Mode.SOCKET: "in Slack, over Socket Mode",
    Mode.HTTP: "in Slack, over signed HTTP requests",
    Mode.OAUTH: "in every workspace that installs it, over signed HTTP requests",
    Mode.LOCAL: "in the local workspace, because no Slack tokens are set",
}

_Check = Callable[[Settings], Iterable[Finding]]


def doctor(arguments: Namespace) -> int:
    """Run all checks and print their findings; return 1 if there is a problem."""
    try:
        settings = resources.load_settings()
    except BriefingsError as error:
        print(f"settings: {error}")
        return 1
    print(f"settings: OK. The bot runs {_MODE_DESCRIPTIONS[settings.mode]}")
    seconds = None if arguments.thorough else _CHECK_SECONDS
    checks: tuple[tuple[str, _Check], ...] = (
        ("topics", _check_topics),
        ("database", lambda settings: _check_database(settings, seconds)),
        ("feeds", _check_feeds),
        *_build_slack_checks(settings),
    )
    return max([_run_check(name, check, settings) for name, check in checks])


def _run_check(name: str, check: _Check, settings: Settings) -> int:
    """Print the findings of a check, each as soon as it is known; return 1 if there is a problem."""
    status = 0
    try:
        for finding in check(settings):
            print(f"{name}: {finding.sentence}", flush=True)
            status = max(status, int(finding.wrong))
    except BriefingsError as error:
        print(f"{name}: {error}")
        return 1
    return status


def _check_topics(settings: Settings) -> Iterable[Finding]:
    yield _build_ok_finding(", ".join(topic.slug for topic in resources.load_topics(settings)) or "none")


def _check_database(settings: Settings, seconds: float | None) -> Iterable[Finding]:
    with resources.open_service(settings) as service:
        totals = service.get_counts()
    if not totals.articles:
        yield _build_ok_finding("empty. Add articles with: ontherecord add FOLDER")
        return
    yield _build_ok_finding(f"{format_count(totals.articles, 'article')}, {format_count(totals.quotes, 'quote')}")
    findings = check_integrity(settings.database_url, TimeLimit(time.monotonic, seconds))
    yield from findings or [_build_ok_finding("no problems found")]
    if stale_count := count_stale_articles(settings.database_url, get_engine_version()):
        yield _build_ok_finding(
            f"{format_count(stale_count, 'article')} processed by an older version. "
            "Re-analyse with: ontherecord reanalyse"
        )


def _check_feeds(settings: Settings) -> Iterable[Finding]:
    """Count the feeds and list the failing ones; a feed that keeps failing is a problem."""
    configured_feeds = resources.load_feeds(settings)
    with closing(open_feed_repository(settings.database_url)) as feed_repository:
        followed_feeds, counts = feed_repository.list_feeds(), feed_repository.get_counts(resources.now())
    if not followed_feeds:
        configured_note = (
            f" yet. The bot will follow {len(configured_feeds[0])} from {settings.feeds} when it runs"
            if configured_feeds
            else ""
        )
        yield _build_ok_finding(f"none{configured_note}")
        return
    yield _build_ok_finding(
        f"{counts.feeds} followed, {counts.failing} failing. Pages: {counts.waiting} waiting, {counts.teasers} with "
        f"only a teaser, {counts.gone_pages} gone from their sites"
    )
    for feed in followed_feeds:
        if feed.failures:
            yield Finding(format_failures(feed), wrong=feed.failures >= _MIN_FAILURES_TO_WARN)
    if settings.contact is None:
        yield _build_ok_finding("sites can't see who runs this bot. Set CONTACT to a URL or an email address")


def _build_slack_checks(settings: Settings) -> Iterable[tuple[str, _Check]]:
    if settings.mode is Mode.LOCAL:
        sentence = "not connected. Create the app from `ontherecord manifest` and put its tokens into .env"
        return [("Slack", lambda _: [_build_ok_finding(sentence)])]

    from bot.server import diagnostics  # importing the Slack libraries takes longer than all other checks

    return [(name, _build_check(check)) for name, check in diagnostics.list_checks(settings)]


def _build_check(check: Callable[[Settings], str]) -> _Check:
    """Convert a check that returns one sentence, and raises BriefingsError for a problem."""
    return lambda settings: [_build_ok_finding(check(settings))]


def _build_ok_finding(sentence: str) -> Finding:
    return Finding(sentence, wrong=False)
