"""The command `doctor`: check what the bot needs, and say what to fix.

Rule: a failed check does not stop the other checks.
"""

import asyncio
import time
from argparse import Namespace
from collections.abc import Callable, Iterable
from contextlib import closing

from bot.cli import resources
from bot.cli.queries import format_count
from bot.cli.safety.checks import Findings, check_audit_log, check_files, check_hosts, check_keys, fix_permissions
from bot.cli.sources.feeds import format_failures
from bot.core.settings import Mode, Settings
from bot.storage.team_scope import bypasses_row_security
from bot.watches.delivery.watch_repository import open_watch_repository
from briefings import BadInput, BriefingsError
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
    """Run all checks and print their findings, or mend the database or permissions; return 1 if there is a problem."""
    if arguments.repair:
        from bot.cli.repair import repair  # imports what a check does not need

        return repair(arguments)
    if arguments.backup or arguments.unsigned:
        raise BadInput("--from and --unsigned belong to `doctor --repair`. Add --repair.")
    try:
        settings = resources.load_settings()
    except BriefingsError as error:
        print(f"settings: {error}")
        return 1
    if arguments.fix_permissions:
        return fix_permissions(settings)
    print(f"settings: OK. The bot runs {_MODE_DESCRIPTIONS[settings.mode]}")
    seconds = None if arguments.thorough else _CHECK_SECONDS
    record_checks: tuple[tuple[str, _Check], ...] = (
        ("database", lambda _: _check_database(resources.load_record_settings(arguments), seconds)),
        ("feeds", lambda _: _check_feeds(resources.load_record_settings(arguments))),
    )
    if settings.record_policy.is_per_team and not hasattr(arguments, "team"):  # too many to check all
        record_checks = ()
    checks: tuple[tuple[str, _Check], ...] = (
        ("topics", _check_topics),
        *([("record", _check_record)] if settings.mode is Mode.OAUTH else []),
        *record_checks,
        *([("hosts", _build_safety_check(check_hosts))] if settings.mode in (Mode.HTTP, Mode.OAUTH) else []),
        ("files", _build_safety_check(check_files)),
        ("keys", _build_safety_check(check_keys)),
        ("audit log", _build_safety_check(check_audit_log)),
        ("watches", _check_watches),
        ("e-mail", _check_mail),
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


def _check_record(settings: Settings) -> Iterable[Finding]:
    """Say whose record the workspaces read, and who may change it."""
    if not settings.record_policy.is_per_team:
        operator_team = settings.record.operator_team
        writers = f"the admins of {operator_team}, this terminal" if operator_team else "only this terminal"
        hint = "" if operator_team else ". To let the admins of one workspace change it, set OPERATOR_TEAM to its id"
        yield _build_ok_finding(f"one for all workspaces, changed by {writers} and FEEDS{hint}")
        return
    from bot.cli.records.team_choice import list_records  # imports Slack's libraries

    teams, installed_teams = list_records(settings)
    counts = f"{format_count(len(teams), 'record')}, {format_count(len(installed_teams), 'workspace')} with the bot"
    hint = f". Check one with: ontherecord doctor --team {teams[0]}" if teams else ""
    yield _build_ok_finding(f"one for each workspace: {counts}{hint}")
    if left_teams := sorted(set(teams) - set(installed_teams)):
        yield Finding(f"records of workspaces without the bot: {', '.join(left_teams)}", wrong=True)


def _check_database(settings: Settings, seconds: float | None) -> Iterable[Finding]:
    yield from _check_database_user(settings)
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


def _check_database_user(settings: Settings) -> Iterable[Finding]:
    """Warn about a user of PostgreSQL that row security does not limit. It is a problem with many workspaces."""
    with resources.open_operator_store(settings) as store:
        is_unlimited = store.database.read(bypasses_row_security)
    if is_unlimited:
        sentence = (
            "the database user is a superuser or has BYPASSRLS, so PostgreSQL doesn't separate workspaces. "
            "Create a plain user: docs/how-to/deploy.md, The database user"
        )
        yield Finding(sentence, wrong=settings.mode is Mode.OAUTH)


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


def _check_watches(settings: Settings) -> Iterable[Finding]:
    """Count the watches, and list those that Slack's errors have paused."""
    with resources.open_operator_store(settings) as store:
        watches = asyncio.run(open_watch_repository(store).list_watches())
    active_count = sum(watch.is_active for watch in watches)
    yield _build_ok_finding(f"{active_count} active, {len(watches) - active_count} paused" if watches else "none")
    for watch in watches:
        # what a user paused names the user; everything else is a problem
        if not watch.is_active and watch.reason and not watch.reason.startswith("<@"):
            yield Finding(f"{watch.config.team} {watch.config.channel} {watch.number}: {watch.reason}", wrong=True)


def _check_mail(settings: Settings) -> Iterable[Finding]:
    """Connect to the mail server and sign in, without sending anything."""
    if settings.mail is None:
        yield _build_ok_finding("off. To also send digests by e-mail, set SMTP_URL and MAIL_FROM")
        return

    from bot.digests.mail.smtp import MailDelayed, SmtpSender  # needed only with a mail server

    if settings.mode is not Mode.LOCAL and not (settings.public_url or "").startswith("https://"):
        yield Finding("off, because addresses confirm on a page: set PUBLIC_URL to an https URL", wrong=True)
    server = f"{settings.mail.host}:{settings.mail.port}"
    try:
        result = asyncio.run(SmtpSender(settings.mail).check())
    except MailDelayed as error:
        yield Finding(f"{error} ({server}). Check SMTP_URL", wrong=True)
    else:
        yield _build_ok_finding(f"{server} accepts us {result}; e-mails come from {settings.mail.sender}")


def _build_slack_checks(settings: Settings) -> Iterable[tuple[str, _Check]]:
    if settings.mode is Mode.LOCAL:
        sentence = "not connected. Create the app from `ontherecord manifest` and put its tokens into .env"
        return [("Slack", lambda _: [_build_ok_finding(sentence)])]

    from bot.server import diagnostics  # importing the Slack libraries takes longer than all other checks

    return [(name, _build_check(check)) for name, check in diagnostics.list_checks(settings)]


def _build_check(check: Callable[[Settings], str]) -> _Check:
    """Convert a check that returns one sentence, and raises BriefingsError for a problem."""
    return lambda settings: [_build_ok_finding(check(settings))]


def _build_safety_check(check: Callable[[Settings], Findings]) -> _Check:
    return lambda settings: (Finding(sentence, wrong=wrong) for sentence, wrong in check(settings))


def _build_ok_finding(sentence: str) -> Finding:
    return Finding(sentence, wrong=False)
