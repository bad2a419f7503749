"""`ontherecord doctor`: checks what the bot needs, a line or more each, and says what to do.

Rule: a check that fails keeps no other from being made.
"""

import time
from argparse import Namespace
from collections.abc import Callable, Iterable
from contextlib import closing

from bot.cli import opened
from bot.settings import Mode, Settings
from briefings.errors import BriefingsError
from briefings.quotes.version import engine
from briefings.record.integrity import Finding, Time, look, number_stale
from briefings.record.sources import open_sources
from briefings.render.plain import printable

#: seconds that each look into the record may take, unless it is to be thorough
_SECONDS = 10.0
#: failures of a feed, one after the other, that call for somebody to look
_FOR_LONG = 3
_MODES = {
    Mode.SOCKET: "Slack over Socket Mode",
    Mode.HTTP: "Slack over signed HTTP requests",
    Mode.OAUTH: "every workspace that installs it, over signed HTTP requests",
    Mode.LOCAL: "the local workspace, as no Slack tokens are set",
}

_Check = Callable[[Settings], Iterable[Finding]]


def doctor(arguments: Namespace) -> int:
    """Checks everything; exit status 1 when something is wrong."""
    try:
        told = opened.settings()
    except BriefingsError as error:
        print(f"settings: {error}")
        return 1
    print(f"settings: fine; the bot runs in {_MODES[told.mode]}")
    seconds = None if arguments.thorough else _SECONDS
    checks: tuple[tuple[str, _Check], ...] = (
        ("topics", _topics),
        ("record", lambda told: _record(told, seconds)),
        ("feeds", _feeds),
        *_slack(told),
    )
    return max([_checked(name, check, told) for name, check in checks])


def _checked(name: str, check: _Check, told: Settings) -> int:
    """Prints what a check finds, as it finds it; 1 when something is wrong."""
    status = 0
    try:
        for finding in check(told):
            print(f"{name}: {finding.sentence}", flush=True)
            status = max(status, int(finding.wrong))
    except BriefingsError as error:
        print(f"{name}: {error}")
        return 1
    return status


def _topics(told: Settings) -> Iterable[Finding]:
    yield _fine(", ".join(topic.slug for topic in opened.topics(told)) or "none")


def _record(told: Settings, seconds: float | None) -> Iterable[Finding]:
    with opened.desk(told) as desk:
        held = desk.searched()
    if not held.articles:
        yield _fine("empty; add articles with: ontherecord add FOLDER")
        return
    yield _fine(f"{held.articles} articles, {held.quotes} quotes")
    found = look(told.database_url, Time(time.monotonic, seconds))
    yield from found or [_fine("sound")]
    if number := number_stale(told.database_url, engine()):
        articles = "one article was" if number == 1 else f"{number} articles were"
        yield _fine(f"{articles} read by another engine than today's; read again with: ontherecord reanalyse")


def _feeds(told: Settings) -> Iterable[Finding]:
    """How many there are, and each that fails; one that fails for long is something wrong."""
    listed = opened.feeds(told)
    with closing(open_sources(told.database_url)) as sources:
        followed, counts = sources.feeds(), sources.counts(opened.now())
    if not followed:
        waiting = f"; {len(listed[0])} of {told.feeds} are followed when the bot serves" if listed else ""
        yield _fine(f"none is followed{waiting}")
        return
    yield _fine(
        f"{counts.feeds} followed, {counts.failing} of them failing; {counts.waiting} pages wait, {counts.teasers} are "
        f"only a teaser, {counts.gone} are gone from their sites"
    )
    for feed in followed:
        if feed.failures:
            times = "once" if feed.failures == 1 else f"{feed.failures} times"
            yield Finding(printable(f"failed {times}: {feed.failure}"), wrong=feed.failures >= _FOR_LONG)
    if told.contact is None:
        yield _fine("sites are not told who runs this bot: set CONTACT to an address of the web or of mail")


def _slack(told: Settings) -> Iterable[tuple[str, _Check]]:
    if told.mode is Mode.LOCAL:
        to_do = "not asked; create the app from `ontherecord manifest` and put its tokens into .env to connect"
        return [("Slack", lambda _: [_fine(to_do)])]
    from bot import doctor  # the Slack libraries take longer to import than the rest of a check takes

    return [(name, _whether(check)) for name, check in doctor.checks(told)]


def _whether(check: Callable[[Settings], str]) -> _Check:
    """A check whose one sentence is fine, and which raises what is wrong."""
    return lambda told: [_fine(check(told))]


def _fine(sentence: str) -> Finding:
    return Finding(sentence, wrong=False)
