"""Delivers one claimed message of a watch, or postpones it to a later attempt.

Rule: the content is saved in the database before the post. Every later attempt first looks for the message in the
channel. If that is impossible in time, the message ends as "unknown" and is never posted again. Edits are repeatable,
because they replace the whole message.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.logs import get_logger
from bot.delivery import slack_errors
from bot.delivery.channel_history import ChannelUnreadable, find_messages
from bot.delivery.ports import ChannelPoster, FindClient, RunOnThread
from bot.delivery.slack_errors import ErrorScope, RetryPolicy
from bot.slack.transport.channel_posts import DeliveryUncertain, NotPosted
from bot.slack.transport.clients import get_error_code
from bot.watches.delivery.notice_repository import NoticeClaim, NoticeRepository, PostedMessage, PreparedMessage
from bot.watches.delivery.post_log import PostLog
from bot.watches.model import ChannelWatch, NoticeKind, NoticeState

_CONNECTION_ERRORS = (SlackClientError, ClientError, TimeoutError, OSError)
#: how long after its claim a message is posted without another look at its lease; much shorter than a lease
_FRESH_PERIOD = timedelta(seconds=30)
_NOT_ACTIVE_REASON = "The watch was paused or stopped."


class NoticeDelivery:
    """Delivers messages. `clock` returns the current time with its time zone.

    `note_post` is called with the watch of each match that was posted.
    """

    def __init__(
        self,
        repository: NoticeRepository,
        poster: ChannelPoster,
        find_client: FindClient,
        clock: Callable[[], datetime],
        policy: RetryPolicy,
        run_on_thread: RunOnThread,
        note_post: Callable[[ChannelWatch], None] = lambda _: None,
    ) -> None:
        self._repository = repository
        self._poster = poster
        self._find_client = find_client
        self._clock = clock
        self._policy = policy
        self._run_on_thread = run_on_thread
        self._note_post = note_post
        self._post_log = PostLog(repository, clock, run_on_thread)

    async def send(self, claim: NoticeClaim) -> None:
        """Make one attempt. Raises DatabaseUnavailable; then the lease expires and another attempt follows."""
        notice = claim.notice
        if notice.message_ts is None and notice.tried_at is None:
            if notice.kind is NoticeKind.REPORTS and claim.parent_ts is None:
                await self._finish(claim, NoticeState.SKIPPED, "Its message was not posted.")
                return
            if notice.kind is not NoticeKind.SUMMARY and not (claim.watch and claim.watch.is_active):
                await self._finish(claim, NoticeState.SKIPPED, _NOT_ACTIVE_REASON)
                return
        client = await self._find_client(notice.team)
        if client is None:
            await self._pause_watches(claim, slack_errors.NOT_INSTALLED, channel=False)
        elif notice.message_ts is not None:
            await self._edit(claim, client, notice.message_ts)
        elif notice.tried_at is not None:
            await self._retry(claim, client, notice.tried_at)
        elif self._is_over(claim):
            await self._finish(claim, NoticeState.FAILED, "It was not sent in time.", should_notify=True)
        elif claim.is_prepared and claim.message is not None:
            # a claim that waited long for its turn may belong to another replica by now
            is_fresh = timedelta(0) <= self._clock() - claim.claimed_at < _FRESH_PERIOD
            if is_fresh or await self._run_on_thread(self._repository.renew_lease, claim, self._clock()):
                await self._post(claim, client, PreparedMessage(claim.message, claim.notice.content_version))
        elif prepared := await self._run_on_thread(self._repository.prepare, claim, self._clock()):
            await self._post(claim, client, prepared)

    async def _retry(self, claim: NoticeClaim, client: AsyncWebClient, tried_at: datetime) -> None:
        """Find out first whether an earlier attempt was successful."""
        key = make_message_key(claim)
        try:
            ts_by_key = await find_messages(
                client, claim.notice.channel, frozenset([key]), tried_at, _select_thread(claim)
            )
        except ChannelUnreadable as error:
            if error.is_temporary and not self._is_over(claim):
                await self._postpone(claim, f"The channel could not be read ({error.code}).")
            else:
                reason = f"The channel could not be read, so we don't know whether it was posted ({error.code})."
                await self._finish(claim, NoticeState.UNKNOWN, reason, should_notify=True)
            return
        if key in ts_by_key:
            # the first attempt may have posted an older version of a message that has changed since
            version = claim.notice.content_version if claim.notice.kind is NoticeKind.MATCH else 0
            await self._post_log.add(PostedMessage(claim, ts_by_key[key], version))
        elif self._is_over(claim):
            reason = claim.notice.reason or "Slack didn't accept it in time."
            await self._finish(claim, NoticeState.FAILED, reason, should_notify=True)
        elif await self._run_on_thread(self._repository.renew_lease, claim, self._clock()) and claim.message:
            await self._post(claim, client, PreparedMessage(claim.message, claim.notice.content_version))

    async def _post(self, claim: NoticeClaim, client: AsyncWebClient, prepared: PreparedMessage) -> None:
        try:
            async with asyncio.timeout(self._policy.post_timeout.total_seconds()):
                ts = await self._poster.post(
                    client,
                    claim.notice.channel,
                    prepared.message,
                    key=make_message_key(claim),
                    thread=_select_thread(claim),
                )
        except NotPosted as error:
            await self._handle_error(claim, error.code)
        except (DeliveryUncertain, TimeoutError) as error:
            get_logger().warning("watch post unconfirmed", notice=claim.notice.id, error=type(error).__name__)
            await self._postpone(claim, "Slack didn't confirm that it was posted.")
        else:
            await self._post_log.add(PostedMessage(claim, ts, prepared.version))
            get_logger().info("watch notice posted", notice=claim.notice.id, kind=claim.notice.kind.value)
            if claim.watch and claim.notice.kind is NoticeKind.MATCH:
                self._note_post(claim.watch)

    async def _edit(self, claim: NoticeClaim, client: AsyncWebClient, ts: str) -> None:
        """Replace a posted message by the newest version of its content."""
        message, version = claim.message, claim.notice.content_version
        reason = None
        try:
            async with asyncio.timeout(self._policy.post_timeout.total_seconds()):
                if message:
                    await client.chat_update(channel=claim.notice.channel, ts=ts, **message.content)
        except SlackApiError as error:
            code = get_error_code(error)
            if slack_errors.classify_error(code) is ErrorScope.TRANSIENT and not self._is_over(claim):
                await self._postpone(claim, f"Slack didn't accept the edit ({code}).")
                return
            reason = f"It could not be edited ({code})."
        except _CONNECTION_ERRORS as error:
            await self._postpone(claim, f"Slack didn't confirm the edit ({type(error).__name__}).")
            return
        await self._post_log.add(PostedMessage(claim, ts, version, reason))

    async def _handle_error(self, claim: NoticeClaim, code: str) -> None:
        scope = slack_errors.classify_error(code)
        if scope is ErrorScope.TRANSIENT and not self._is_over(claim):
            await self._postpone(claim, f"Slack didn't accept it ({code}).")
        elif scope in (ErrorScope.TRANSIENT, ErrorScope.MESSAGE):
            await self._finish(claim, NoticeState.FAILED, f"Slack rejected it ({code}).", should_notify=True)
        else:
            await self._pause_watches(claim, code, channel=scope is ErrorScope.CHANNEL)

    async def _pause_watches(self, claim: NoticeClaim, code: str, *, channel: bool) -> None:
        get_logger().warning("watches paused", notice=claim.notice.id, error=code)
        reason = slack_errors.describe_error(code)
        await self._run_on_thread(
            self._repository.fail_and_pause, claim, reason, code, self._clock(), channel_only=channel
        )

    async def _postpone(self, claim: NoticeClaim, reason: str) -> None:
        until = self._clock() + self._policy.compute_backoff(claim.notice.attempts)
        get_logger().warning(
            "watch retry scheduled", notice=claim.notice.id, attempts=claim.notice.attempts, reason=reason
        )
        await self._run_on_thread(self._repository.postpone, claim, until, reason)

    async def _finish(
        self, claim: NoticeClaim, state: NoticeState, reason: str, *, should_notify: bool = False
    ) -> None:
        notice = None
        if should_notify and claim.watch and claim.notice.kind is NoticeKind.MATCH:
            notice = f"Watch {claim.watch.number} in <#{claim.notice.channel}>: a match may be missing. {reason}"
        await self._run_on_thread(self._repository.finish, claim, state, reason, notice, self._clock())
        get_logger().info("watch notice finished", notice=claim.notice.id, state=state.value, reason=reason)

    def _is_over(self, claim: NoticeClaim) -> bool:
        return self._clock() - claim.notice.due > self._policy.grace_period


def make_message_key(claim: NoticeClaim) -> str:
    """Return the key in the metadata of the message. It is unique and the same for every attempt."""
    notice = claim.notice
    parts = ("watch", notice.team, notice.channel, notice.id, notice.created_at.isoformat())
    return sha256("\0".join(map(str, parts)).encode()).hexdigest()[:32]


def _select_thread(claim: NoticeClaim) -> str | None:
    """Return the thread to post in: that of the watch, or of the message whose further reports it lists."""
    return (claim.watch.config.thread if claim.watch else "") or claim.parent_ts
