"""`ontherecord doctor`: checks what the bot needs, a line or more each, and says what to do.

Rule: a check that fails keeps no other from being made.
"""

import time
from argparse import Namespace
from collections.abc import Callable, Iterable
from contextlib import closing

from bot.cli import resources
from bot.core.settings import Mode, Settings
from briefings import BriefingsError
from briefings.attribution import get_engine_version
from briefings.render import make_printable
from briefings.storage import open_feed_repository
from briefings.storage.maintenance import Finding, TimeLimit, check_integrity, count_stale_articles

#: seconds that each look into the record may take, unless it is to be thorough
_CHECK_SECONDS = 10.0
#: failures of a feed, one after the other, that call for somebody to look
_MIN_FAILURES_TO_WARN = 3
_MODE_DESCRIPTIONS = {
    Mode.SOCKET: "Slack over Socket Mode",
    Mode.HTTP: "Slack over signed HTTP requests",
    Mode.OAUTH: "every workspace that installs it, over signed HTTP requests",
    Mode.LOCAL: "the local workspace, as no Slack tokens are set",
}

_Check = Callable[[Settings], Iterable[Finding]]


def doctor(arguments: Namespace) -> int:
    """Checks everything; exit status 1 when something is wrong."""
    try:
        settings = resources.load_settings()
    except BriefingsError as error:
        print(f"settings: {error}")
        return 1
    print(f"settings: fine; the bot runs in {_MODE_DESCRIPTIONS[settings.mode]}")
    seconds = None if arguments.thorough else _CHECK_SECONDS
    checks: tuple[tuple[str, _Check], ...] = (
        ("topics", _check_topics),
        ("record", lambda settings: _check_record(settings, seconds)),
        ("feeds", _check_feeds),
        *_build_slack_checks(settings),
    )
    return max([_run_check(name, check, settings) for name, check in checks])


def _run_check(name: str, check: _Check, settings: Settings) -> int:
    """Prints what a check finds, as it finds it; 1 when something is wrong."""
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


def _check_record(settings: Settings, seconds: float | None) -> Iterable[Finding]:
    with resources.open_service(settings) as service:
        totals = service.get_counts()
    if not totals.articles:
        yield _build_ok_finding("empty; add articles with: ontherecord add FOLDER")
        return
    yield _build_ok_finding(f"{totals.articles} articles, {totals.quotes} quotes")
    findings = check_integrity(settings.database_url, TimeLimit(time.monotonic, seconds))
    yield from findings or [_build_ok_finding("sound")]
    if stale_count := count_stale_articles(settings.database_url, get_engine_version()):
        articles_phrase = "one article was" if stale_count == 1 else f"{stale_count} articles were"
        yield _build_ok_finding(
            f"{articles_phrase} read by another engine than today's; read again with: ontherecord reanalyse"
        )


def _check_feeds(settings: Settings) -> Iterable[Finding]:
    """How many there are, and each that fails; one that fails for long is something wrong."""
    configured_feeds = resources.load_feeds(settings)
    with closing(open_feed_repository(settings.database_url)) as feed_repository:
        followed_feeds, counts = feed_repository.list_feeds(), feed_repository.get_counts(resources.now())
    if not followed_feeds:
        waiting_note = (
            f"; {len(configured_feeds[0])} of {settings.feeds} are followed when the bot serves"
            if configured_feeds
            else ""
        )
        yield _build_ok_finding(f"none is followed{waiting_note}")
        return
    yield _build_ok_finding(
        f"{counts.feeds} followed, {counts.failing} of them failing; {counts.waiting} pages wait, {counts.teasers} are "
        f"only a teaser, {counts.gone_pages} are gone from their sites"
    )
    for feed in followed_feeds:
        if feed.failures:
            times = "once" if feed.failures == 1 else f"{feed.failures} times"
            yield Finding(
                make_printable(f"failed {times}: {feed.failure}"), wrong=feed.failures >= _MIN_FAILURES_TO_WARN
            )
    if settings.contact is None:
        yield _build_ok_finding("sites are not told who runs this bot: set CONTACT to an address of the web or of mail")


def _build_slack_checks(settings: Settings) -> Iterable[tuple[str, _Check]]:
    if settings.mode is Mode.LOCAL:
        next_step = "not asked; create the app from `ontherecord manifest` and put its tokens into .env to connect"
        return [("Slack", lambda _: [_build_ok_finding(next_step)])]

    from bot.server import diagnostics  # the Slack libraries take longer to import than all other checks

    return [(name, _build_check(check)) for name, check in diagnostics.list_checks(settings)]


def _build_check(check: Callable[[Settings], str]) -> _Check:
    """A check whose one sentence is fine, and which raises what is wrong."""
    return lambda settings: [_build_ok_finding(check(settings))]


def _build_ok_finding(sentence: str) -> Finding:
    return Finding(sentence, wrong=False)
