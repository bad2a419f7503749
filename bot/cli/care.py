"""The care of the record: add, doctor."""

import sys
from argparse import Namespace
from collections import Counter
from collections.abc import Callable, Iterable

from bot.cli import opened
from bot.settings import Mode, Settings
from briefings.desk import Desk
from briefings.errors import BriefingsError
from briefings.ingest.read import read
from briefings.record.values import Standing

#: broken lines of one file that are told one by one
_MOST_FAILURES = 10


def add(arguments: Namespace) -> int:
    """Adds what is at each path and says what became of it; a path that cannot be read does not stop the next."""
    with opened.desk(opened.settings()) as desk:
        return max([_added(desk, path) for path in arguments.paths])


def _added(desk: Desk, path: str) -> int:
    """Adds what is at `path`, article by article; 1 when some or all of it cannot be read."""
    stood: Counter[Standing] = Counter()
    failed = 0

    def broken(error: BriefingsError) -> None:
        nonlocal failed
        failed += 1
        if failed <= _MOST_FAILURES:
            print(f"ontherecord: {error}", file=sys.stderr)
        elif failed == _MOST_FAILURES + 1:
            print("ontherecord: there are more such lines; they are counted below.", file=sys.stderr)

    try:
        for article in read(path, sys.stdin.buffer, broken):
            stood[desk.take(article)] += 1
    except BriefingsError as error:
        broken(error)
    if stood or failed != 1:  # of a path of which nothing can be read, the one sentence says it all
        print(f"{path}: {_told(stood, failed)}")
    return 1 if failed else 0


def _told(stood: Counter[Standing], failed: int) -> str:
    counts = (
        (stood[Standing.NEW], "added", True),
        (stood[Standing.CHANGED], "updated", False),
        (stood[Standing.HELD], "already there", True),
        (stood[Standing.OLDER], "older than what is held", False),
        (failed, "failed", False),
    )
    return ", ".join(f"{count} {what}" for count, what, always in counts if count or always)


def doctor(_: Namespace) -> int:
    """Checks what the bot needs, one line each; exit status 1 when something is wrong."""
    try:
        told = opened.settings()
    except BriefingsError as error:
        print(f"settings: {error}")
        return 1
    print(f"settings: fine; the bot runs in {_MODES[told.mode]}")
    checks: tuple[tuple[str, Callable[[Settings], str]], ...] = (
        ("topics", _topics),
        ("record", _record),
        *_slack(told),
    )
    return max(_checked(name, check, told) for name, check in checks)


_MODES = {
    Mode.SOCKET: "Slack over Socket Mode",
    Mode.HTTP: "Slack over signed HTTP requests",
    Mode.OAUTH: "every workspace that installs it, over signed HTTP requests",
    Mode.LOCAL: "the local workspace, as no Slack tokens are set",
}


def _checked(name: str, check: Callable[[Settings], str], told: Settings) -> int:
    try:
        print(f"{name}: {check(told)}")
    except BriefingsError as error:
        print(f"{name}: {error}")
        return 1
    return 0


def _topics(told: Settings) -> str:
    return ", ".join(topic.slug for topic in opened.topics(told)) or "none"


def _record(told: Settings) -> str:
    with opened.desk(told) as desk:
        held = desk.searched()
    if not held.articles:
        return "empty; add articles with: ontherecord add FOLDER"
    return f"{held.articles} articles, {held.quotes} quotes"


def _slack(told: Settings) -> Iterable[tuple[str, Callable[[Settings], str]]]:
    if told.mode is Mode.LOCAL:
        to_do = "not asked; create the app from `ontherecord manifest` and put its tokens into .env to connect"
        return [("Slack", lambda _: to_do)]
    from bot import doctor  # the Slack libraries take longer to import than the rest of a check takes

    return doctor.checks(told)
