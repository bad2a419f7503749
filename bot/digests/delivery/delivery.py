"""Delivers one claimed run, or postpones it to a later attempt.

Rule: the content is saved in the database before the post, so every attempt posts the same text. Every later attempt
first looks for the message in the channel. If that is impossible in time, the run ends as "unknown" and is never
posted again.
"""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256

from slack_sdk.web.async_client import AsyncWebClient

from bot.core.logs import format_traceback, get_logger
from bot.core.public_errors import explain_publicly
from bot.delivery import slack_errors
from bot.delivery.channel_history import ChannelUnreadable, find_messages
from bot.delivery.ports import ChannelPoster, FindClient, RunOnThread
from bot.delivery.slack_errors import ErrorScope, RetryPolicy
from bot.digests.delivery.run_repository import Claim, RunRepository
from bot.digests.model import Content, ContentSource, DetailsPlace, Digest, RunState
from bot.digests.scheduling.local_time import load_zone
from bot.queries.time_zones import format_zone
from bot.slack.blocks.message import add_note
from bot.slack.transport.channel_posts import DeliveryUncertain, NotPosted
from briefings import BriefingsError, DatabaseUnavailable

_NOT_ACTIVE_REASON = "The digest was paused or stopped at that time."


class RunDelivery:
    """Delivers runs. `clock` returns the current time with its time zone."""

    def __init__(
        self,
        run_repository: RunRepository,
        source: ContentSource,
        poster: ChannelPoster,
        find_client: FindClient,
        clock: Callable[[], datetime],
        policy: RetryPolicy,
        run_on_thread: RunOnThread,
    ) -> None:
        self._run_repository = run_repository
        self._source = source
        self._poster = poster
        self._find_client = find_client
        self._clock = clock
        self._policy = policy
        self._run_on_thread = run_on_thread

    async def send(self, claim: Claim) -> None:
        """Make one attempt. Raises DatabaseUnavailable; then the lease expires and another attempt follows."""
        if claim.content is not None:
            await self._resume_delivery(claim, claim.content)
        elif not claim.digest.is_active:
            await self._finish(claim, RunState.SKIPPED, _NOT_ACTIVE_REASON)
        elif self._is_over(claim):
            await self._finish(claim, RunState.SKIPPED, claim.run.reason or "It was not sent in time.")
        else:
            await self._send_first(claim)

    async def _send_first(self, claim: Claim) -> None:
        content = await self._load_content(claim)
        if content is not None and await self._run_on_thread(
            self._run_repository.save_content, claim, content, self._clock()
        ):
            await self._post(claim, content)

    async def _load_content(self, claim: Claim) -> Content | None:
        """Return the content of the run, or None if this attempt is over."""
        try:
            async with asyncio.timeout(self._policy.content_timeout.total_seconds()):
                content = await self._source.fetch_content(claim.digest, self._clock())
        except (DatabaseUnavailable, TimeoutError):
            await self._postpone(claim, "The database did not respond.")
        except BriefingsError as error:
            await self._finish(claim, RunState.FAILED, explain_publicly(error), should_notify=True)
        except Exception as error:  # noqa: BLE001  # logged, so that one failing digest does not block the others
            get_logger().error(
                "digest content failed",
                digest=claim.digest.id,
                error=type(error).__name__,
                place=format_traceback(error),
            )
            await self._postpone(claim, "Something went wrong while the digest was created.")
        else:
            if content is not None:
                return content
            await self._finish(claim, RunState.SILENT, None)
        return None

    async def _resume_delivery(self, claim: Claim, content: Content) -> None:
        """Make a later attempt: find out first whether an earlier one was successful."""
        client = await self._get_client(claim)
        if client is None:
            return
        key, ts = make_message_key(claim), claim.run.message_ts
        since = claim.tried_at or claim.run.due_at
        keys = {key} if ts is None else _make_details_keys(claim, content)
        thread = ts and _select_thread(content, ts)
        try:
            ts_by_key = await find_messages(client, claim.digest.config.channel, frozenset(keys), since, thread)
        except ChannelUnreadable as error:
            await self._handle_unreadable(claim, error)
            return
        if ts is not None:
            await self._post_details(claim, content, client, ts, set(ts_by_key))
        elif key in ts_by_key:
            await self._finish_post(claim, content, client, ts_by_key[key], is_retry=True)
        elif self._is_over(claim) or not claim.digest.is_active:
            reason = claim.run.reason or "Slack didn't accept it in time."
            await self._finish(claim, RunState.FAILED, reason, should_notify=True)
        elif await self._run_on_thread(self._run_repository.renew_lease, claim, self._clock()):
            await self._post(claim, content)

    async def _handle_unreadable(self, claim: Claim, error: ChannelUnreadable) -> None:
        if claim.run.message_ts is not None and (self._is_over(claim) or not error.is_temporary):
            await self._finish(claim, RunState.DELIVERED, f"Its details may be missing ({error.code}).")
        elif error.is_temporary and not self._is_over(claim):
            await self._postpone(claim, f"The channel could not be read ({error.code}).")
        else:
            reason = f"The channel could not be read, so we don't know whether it was posted ({error.code})."
            await self._finish(claim, RunState.UNKNOWN, reason, should_notify=True)

    async def _post(self, claim: Claim, content: Content) -> None:
        client = await self._get_client(claim)
        if client is None:
            return
        is_late = self._clock() - claim.run.due_at >= self._policy.late_after
        message = add_note(content.message, _format_late_note(claim)) if is_late else content.message
        try:
            async with asyncio.timeout(self._policy.post_timeout.total_seconds()):
                channel = claim.digest.config.channel
                ts = await self._poster.post(client, channel, message, key=make_message_key(claim))
        except NotPosted as error:
            await self._handle_post_error(claim, error)
        except (DeliveryUncertain, TimeoutError) as error:
            get_logger().warning("digest post unconfirmed", digest=claim.digest.id, error=type(error).__name__)
            await self._postpone(claim, "Slack didn't confirm that it was posted.")
        else:
            await self._finish_post(claim, content, client, ts)

    async def _finish_post(
        self, claim: Claim, content: Content, client: AsyncWebClient, ts: str, *, is_retry: bool = False
    ) -> None:
        if not content.thread:
            await self._run_on_thread(self._run_repository.mark_sent, claim, ts, content.history_items, self._clock())
            return
        if not await self._run_on_thread(
            self._run_repository.mark_posted, claim, ts, content.history_items, self._clock()
        ):
            return
        posted_keys: set[str] = set()
        if is_retry:
            keys, thread = frozenset(_make_details_keys(claim, content)), _select_thread(content, ts)
            try:
                since = claim.tried_at or claim.run.due_at
                posted_keys = set(await find_messages(client, claim.digest.config.channel, keys, since, thread))
            except ChannelUnreadable as error:
                await self._postpone(claim, f"Its details could not be read ({error.code}).")
                return
        await self._post_details(claim, content, client, ts, posted_keys)

    async def _post_details(
        self, claim: Claim, content: Content, client: AsyncWebClient, ts: str, posted_keys: set[str]
    ) -> None:
        """Post the missing details, in order. A failure does not undo the delivery of the main message."""
        channel, thread = claim.digest.config.channel, _select_thread(content, ts)
        for key, message in zip(_make_details_keys(claim, content), content.thread, strict=True):
            if key in posted_keys:
                continue
            if not await self._run_on_thread(self._run_repository.renew_lease, claim, self._clock()):
                return
            try:
                async with asyncio.timeout(self._policy.post_timeout.total_seconds()):
                    await self._poster.post(client, channel, message, key=key, thread=thread)
            except (NotPosted, DeliveryUncertain, TimeoutError) as error:
                is_temporary = (
                    not isinstance(error, NotPosted) or slack_errors.classify_error(error.code) is ErrorScope.TRANSIENT
                )
                if is_temporary and not self._is_over(claim):
                    await self._postpone(claim, "The details could not be posted yet.")
                else:
                    await self._finish(claim, RunState.DELIVERED, "The details could not be posted.")
                return
        await self._finish(claim, RunState.DELIVERED, None)

    async def _handle_post_error(self, claim: Claim, error: NotPosted) -> None:
        scope = slack_errors.classify_error(error.code)
        if scope is ErrorScope.TRANSIENT:
            if self._is_over(claim):
                await self._finish(
                    claim, RunState.FAILED, f"Slack didn't accept it in time ({error.code}).", should_notify=True
                )
            else:
                await self._postpone(claim, f"Slack didn't accept it ({error.code}).")
        elif scope is ErrorScope.MESSAGE:
            await self._finish(claim, RunState.FAILED, f"Slack rejected it ({error.code}).", should_notify=True)
        else:
            await self._pause_digests(claim, error.code, channel=scope is ErrorScope.CHANNEL)

    async def _get_client(self, claim: Claim) -> AsyncWebClient | None:
        """Return the bot's client, or None if this attempt is over."""
        client = await self._find_client(claim.digest.config.team)
        if client is None:
            await self._pause_digests(claim, slack_errors.NOT_INSTALLED, channel=False)
        return client

    async def _pause_digests(self, claim: Claim, code: str, *, channel: bool) -> None:
        get_logger().warning("digests paused", digest=claim.digest.id, error=code)
        reason = slack_errors.describe_error(code)
        await self._run_on_thread(
            self._run_repository.fail_and_pause, claim, reason, code, self._clock(), channel_only=channel
        )

    async def _postpone(self, claim: Claim, reason: str) -> None:
        until = self._clock() + self._policy.compute_backoff(claim.run.attempts)
        get_logger().warning(
            "digest retry scheduled", digest=claim.digest.id, attempts=claim.run.attempts, reason=reason
        )
        await self._run_on_thread(self._run_repository.postpone, claim, until, reason)

    async def _finish(self, claim: Claim, state: RunState, reason: str | None, *, should_notify: bool = False) -> None:
        notice = _format_notice(claim, state, reason or "") if should_notify else None
        await self._run_on_thread(self._run_repository.finish, claim, state, reason, notice, self._clock())
        get_logger().info("digest run finished", digest=claim.digest.id, state=state.value, reason=reason)

    def _is_over(self, claim: Claim) -> bool:
        return self._clock() - claim.run.due_at > self._policy.grace_period


def make_message_key(claim: Claim) -> str:
    """Return the key in the metadata of the run's message. It is unique and the same for every attempt."""
    digest = claim.digest
    parts = (
        digest.config.team,
        digest.config.channel,
        digest.id,
        digest.created_at.isoformat(),
        claim.run.due_at.isoformat(),
    )
    return sha256("\0".join(map(str, parts)).encode()).hexdigest()[:32]


def _make_details_keys(claim: Claim, content: Content) -> list[str]:
    """Return the keys of the details, in order."""
    return [f"{make_message_key(claim)}-{index}" for index, _ in enumerate(content.thread)]


def _select_thread(content: Content, ts: str) -> str | None:
    """Return the thread of the details, below the message `ts`, or None if they go to the channel."""
    return ts if content.details_place is DetailsPlace.THREAD else None


def _format_late_note(claim: Claim) -> str:
    return f"This digest is late: it was due at {_format_due_time(claim)}."


def _format_due_time(claim: Claim) -> str:
    due_at = claim.run.due_at.astimezone(load_zone(claim.digest.config.zone) or UTC)
    return f"{due_at:%H:%M} on {due_at.day} {due_at:%B} ({format_zone(claim.digest.config.zone)})"


def _format_notice(claim: Claim, state: RunState, reason: str) -> str:
    label = _format_digest_label(claim.digest)
    if state is RunState.UNKNOWN:
        return (
            f"{label}: we couldn't confirm that the {_format_due_time(claim)} post went through. "
            f"Check the channel; if it's missing, type /digest now {claim.digest.number} there."
        )
    return f"{label} wasn't posted at {_format_due_time(claim)}. {reason}"


def _format_digest_label(digest: Digest) -> str:
    return f"Digest {digest.number} in <#{digest.config.channel}>"
