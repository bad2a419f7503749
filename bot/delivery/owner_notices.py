"""Stores and sends the notices to the owners of digests and watches.

Rule: a notice is sent at most once: it is deleted before the attempt, and put back only if Slack rejects it. If its
owner is gone, the channel is told instead, then an admin, and each kind of problem only once a month.
"""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import Connection, delete, insert, select

from bot.core.logs import format_traceback, get_logger
from bot.core.permissions.admin_list import NO_ENTRIES, AdminList
from bot.core.tenancy import use_team
from bot.delivery import slack_errors
from bot.delivery.ports import ChannelPoster, FindClient, RunOnThread
from bot.delivery.slack_errors import ErrorScope, RetryPolicy
from bot.slack.blocks.message import Message
from bot.slack.transport.channel_posts import DeliveryUncertain, NotPosted
from bot.slack.transport.clients import is_deactivated
from bot.storage.audit_log import AuditAction
from bot.storage.schema import audit, digest_notices
from bot.storage.store import Store
from briefings import DatabaseUnavailable

#: age at which an undelivered notice is dropped, and interval between attempts while the workspace refuses all posts
_LIFETIME, _TEAM_RETRY_INTERVAL = timedelta(days=7), timedelta(hours=1)
#: how long the same problem is not passed on again
_PASS_ON_INTERVAL = timedelta(days=30)
#: most admins to try
_MAX_ADMINS = 5
_PASSED_ON = "owner unreachable"


class NoticeSubject(StrEnum):
    """What a notice is about."""

    DIGEST = "digest"
    WATCH = "watch"


#: the sentence for others if the owner cannot be reached: its start, and what an admin can do
_PREFIXES = {
    NoticeSubject.DIGEST: "The person who scheduled this digest can't be reached",
    NoticeSubject.WATCH: "The person who set up this watch can't be reached",
}
_NEXT_STEPS = {
    NoticeSubject.DIGEST: (
        "An On the Record admin can take a digest over: type /digest take and its number in its channel."
    ),
    NoticeSubject.WATCH: (
        "An On the Record admin can take a watch over: type /watch take and its number in its channel."
    ),
}


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice in Slack's markup. `at` is the time of its event."""

    team: str
    #: the first is the recipient, the others are for the case that it cannot be reached
    recipients: tuple[str, ...]
    text: str
    at: datetime
    #: number of times that Slack has rejected it
    attempts: int
    subject: NoticeSubject = NoticeSubject.DIGEST

    @property
    def recipient(self) -> str:
        """The id of the person or channel that gets it."""
        return self.recipients[0]


class NoticeOutbox:
    """The table `digest_notices`. Every call blocks and can raise DatabaseUnavailable."""

    def __init__(self, store: Store) -> None:
        self._database = store.database
        self._audit_log = store.audit_log

    def take(self, now: datetime, limit: int = 20) -> list[Notice]:
        """Delete and return the oldest notices that are due, at most `limit`."""

        def work(db: Connection) -> list[Notice]:
            table = digest_notices
            statement = select(table.c.id).where(table.c.next_try <= now).order_by(table.c.id).limit(limit)
            notice_ids = db.execute(statement.with_for_update(skip_locked=True)).scalars().all()
            deletion = delete(table).where(table.c.id.in_(notice_ids)).returning(table)
            rows = sorted(db.execute(deletion).all(), key=lambda row: int(row.id)) if notice_ids else []
            return [
                Notice(row.team, tuple(row.person.split()), row.text, row.at, row.attempts, NoticeSubject(row.subject))
                for row in rows
            ]

        return self._database.write(work)

    def put_back(self, notice: Notice, retry_at: datetime) -> None:
        """Store a rejected notice for a retry at `retry_at`, with one more attempt counted."""
        self._database.write(lambda db: store_notice(db, replace(notice, attempts=notice.attempts + 1), retry_at))

    def pass_on(self, notice: Notice, passed_on_notice: Notice, now: datetime) -> bool:
        """Store the notice for the next recipient. Return False if the same problem was passed on lately."""
        # the same problem on another day has other digits only
        problem = sha256(re.sub(r"\d", "", notice.text).encode()).hexdigest()[:12]
        subject = f"{notice.recipient} to {passed_on_notice.recipient}: {problem}"

        def work(db: Connection) -> bool:
            conditions = (audit.c.team == notice.team, audit.c.action == _PASSED_ON, audit.c.subject == subject)
            statement = select(audit.c.id).where(*conditions, audit.c.at > now - _PASS_ON_INTERVAL).limit(1)
            if db.execute(statement).first():
                return False
            self._audit_log.add_in_transaction(db, AuditAction(notice.team, None, _PASSED_ON, subject))
            store_notice(db, passed_on_notice, now)
            return True

        return self._database.write(work)


class NoticeSender:
    """Sends the notices of an outbox. The people of `admins` get what no one else can."""

    def __init__(
        self,
        outbox: NoticeOutbox,
        poster: ChannelPoster,
        find_client: FindClient,
        clock: Callable[[], datetime],
        policy: RetryPolicy,
        run_on_thread: RunOnThread,
        admins: AdminList = NO_ENTRIES,
    ) -> None:
        self._outbox = outbox
        self._poster = poster
        self._find_client = find_client
        self._clock = clock
        self._policy = policy
        self._run_on_thread = run_on_thread
        self._admins = admins

    async def send_all(self) -> None:
        """Send the waiting notices. Raises DatabaseUnavailable; any other error is logged."""
        while notices := await self._run_on_thread(self._outbox.take, self._clock()):
            for notice in notices:
                try:
                    with use_team(notice.team):
                        await self._send(notice)
                except DatabaseUnavailable:
                    raise
                except Exception as error:  # noqa: BLE001  # the next owner still gets a notice
                    get_logger().error("owner notice failed", error=type(error).__name__, place=format_traceback(error))

    async def _send(self, notice: Notice) -> None:
        """Send a notice. A temporary refusal is retried; an uncertain delivery is not."""
        client = await self._find_client(notice.team)
        if client is None:
            await self._handle_error(notice, slack_errors.NOT_INSTALLED)
            return
        if await self._is_gone(client, notice):
            await self._pass_on(notice)
            return
        try:
            async with asyncio.timeout(self._policy.post_timeout.total_seconds()):
                await self._poster.post(client, notice.recipient, Message(notice.text))
        except (DeliveryUncertain, TimeoutError) as error:
            get_logger().warning("owner notice unconfirmed", error=type(error).__name__)
        except NotPosted as error:
            await self._handle_error(notice, error.code)

    async def _is_gone(self, client: AsyncWebClient, notice: Notice) -> bool:
        """Whether the recipient is a person whose account is deactivated."""
        return notice.recipient.startswith(("U", "W")) and await is_deactivated(client, notice.recipient)

    async def _handle_error(self, notice: Notice, code: str) -> None:
        scope, now = slack_errors.classify_error(code), self._clock()
        get_logger().warning("owner notice rejected", error=code)
        if scope is ErrorScope.TRANSIENT or (scope is ErrorScope.TEAM and code != slack_errors.INACTIVE):
            if now - notice.at < _LIFETIME:
                is_transient = scope is ErrorScope.TRANSIENT
                wait = self._policy.compute_backoff(notice.attempts + 1) if is_transient else _TEAM_RETRY_INTERVAL
                await self._run_on_thread(self._outbox.put_back, notice, now + wait)
            return
        await self._pass_on(notice)

    async def _pass_on(self, notice: Notice) -> None:
        """Send the notice to the next recipient: the channel, then the admins."""
        is_passed_on = notice.text.startswith(_PREFIXES[notice.subject])
        others = notice.recipients[1:]
        if not is_passed_on:
            admins = self._admins.list_users(notice.team)[:_MAX_ADMINS]
            others += tuple(admin for admin in admins if admin != notice.recipient)
        if not others:
            get_logger().warning("owner notice dropped", recipient=notice.recipient)
            return
        text = notice.text
        if not is_passed_on:
            prefix = f"{_PREFIXES[notice.subject]} (<@{notice.recipient}>)."
            text = f"{prefix} {notice.text} {_NEXT_STEPS[notice.subject]}"
        passed_on_notice = Notice(notice.team, others, text, notice.at, 0, notice.subject)
        if await self._run_on_thread(self._outbox.pass_on, notice, passed_on_notice, self._clock()):
            get_logger().info("owner notice passed on", recipient=others[0])


def store_notice(db: Connection, notice: Notice, retry_at: datetime) -> None:
    """Store a notice that is sent at `retry_at` or later, in the given transaction."""
    row = {"team": notice.team, "person": " ".join(notice.recipients), "text": notice.text, "at": notice.at}
    row |= {"next_try": retry_at, "attempts": notice.attempts, "subject": notice.subject.value}
    db.execute(insert(digest_notices).values(row))
