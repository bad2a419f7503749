"""Listens for the button that shares an answer: the bot posts it in the conversation, or thread, with the user's name.

Rule: an answer is posted once, even if the button is pressed several times, on any replica. Shares are audited. A post
that Slack rejects can be tried again. Between two people, where the bot can't be invited, Slack posts the answer
through the response_url.
"""

import re
from hashlib import sha256
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.answers.answer_service import AnswerService
from bot.core.logs import get_logger
from bot.core.permissions.table import GuardedAction
from bot.listeners.buttons import add_action_listener, is_private
from bot.slack.blocks.button_values import Action, ButtonValue
from bot.slack.blocks.menus import decode_press
from bot.slack.blocks.message import Message, add_note
from bot.slack.permissions.actor import get_actor
from bot.slack.permissions.authorizer import Authorizer, Subject
from bot.slack.transport.channel_posts import (
    NOT_MEMBER_CODES,
    UNCLEAR_NAME,
    NotPosted,
    QueuedChannelPoster,
    is_between_people,
)
from bot.slack.transport.request_gate import RequestGate
from bot.slack.transport.request_verification import get_team_id
from bot.slack.transport.response_url import Requester, ResponseUrlClient, get_requester
from bot.storage.audit_log import AuditAction
from bot.storage.feedback import Share
from bot.storage.request_log import Request
from bot.storage.store import Store
from briefings import BadQuestion, DatabaseUnavailable

_USER_ID = re.compile(r"[UW][A-Z0-9]{1,30}")
_PRIVATE_REFUSED = (
    "On the Record can't post in this conversation. Copy the answer, or ask in a channel and share it there."
)


class ShareService:
    """Shares answers. `gate` deduplicates them; `store`, if there is one, gets the share and its audit entry."""

    def __init__(
        self,
        gate: RequestGate,
        poster: QueuedChannelPoster,
        response_url_client: ResponseUrlClient,
        store: Store | None,
        authorizer: Authorizer,
    ) -> None:
        self._authorizer = authorizer
        self._gate = gate
        self._poster = poster
        self._response_url_client = response_url_client
        self._store = store

    async def share(
        self,
        requester: Requester,
        team: str,
        message: Message,
        button: ButtonValue,
        answer_ts: str,
    ) -> None:
        """Post `message` in the conversation and thread of the request. Raises BriefingsError.

        `answer_ts` identifies the answer.
        """
        if requester.client is None or not _USER_ID.fullmatch(requester.user):
            raise BadQuestion("Slack didn't say who shared this. Please press the button again.")
        actor = get_actor(team, requester.user, requester.client)
        await self._authorizer.require(GuardedAction.SHARE, actor, Subject(requester.channel))
        place = f"{requester.channel} {requester.thread}".strip()
        key_text = "\0".join((team, place, requester.user, answer_ts, button.value))
        key = sha256(key_text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
        if not (await self._gate.admit(Request(f"share:{key}"))).is_new:
            raise BadQuestion(
                "You've already shared this answer. If it isn't in the channel, ask again and share the new answer."
            )
        shared_message = add_note(message, f"Shared by <@{requester.user}>")
        try:
            ts = await self._post(requester, shared_message, key)
        except NotPosted:
            await self._gate.release(f"share:{key}")
            raise
        await self._save_share(Share(team, requester.channel, ts, requester.user, button.command_text))

    async def _post(self, requester: Requester, message: Message, key: str) -> str:
        """Post `message` and return its ts, or "" if Slack does not tell it. Raises NotPosted, DeliveryUncertain."""
        if requester.client is None:
            raise NotPosted(_PRIVATE_REFUSED, "no client")
        try:
            return await self._poster.post(
                requester.client,
                requester.channel,
                message,
                key=key,
                thread=requester.thread or None,
                channel_name=requester.channel_name,
            )
        except NotPosted as error:
            if not _is_private(requester) or error.code not in NOT_MEMBER_CODES:
                raise
            if not await self._response_url_client.share(requester, message):
                raise NotPosted(_PRIVATE_REFUSED, error.code) from error
            return ""

    async def _save_share(self, share: Share) -> None:
        """Save the share and its audit entry. A database error is logged, because the message is already posted."""
        if self._store is None:
            return
        try:
            if share.ts:  # Slack does not tell the ts of a message that it posted itself
                await self._store.shares.add(share)
            await self._store.audit_log.add(
                AuditAction(share.team, share.person, "shared", share.channel, {"ts": share.ts})
            )
        except DatabaseUnavailable as error:
            get_logger().error("share not saved", error=type(error).__name__)


def register(app: AsyncApp, answers: AnswerService, share_service: ShareService) -> None:
    """Register the listener."""

    async def on_share(
        ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        await ack()
        requester = get_requester(body, client)

        async def share_answer() -> Message:
            _, button = decode_press(action)
            page_links = answers.get_page_links(context, body, is_shared=True)
            message = await answers.cache.get_page(
                answers.get_query(button), button.page, slot=button.slot, sharable=False, page_links=page_links
            )
            await share_service.share(requester, get_team_id(context), message, button, _get_answer_ts(body))
            place = "thread" if requester.thread else "conversation" if _is_private(requester) else "channel"
            return add_note(message, f"Shared in this {place} with your name.")

        await answers.executor.answer(requester, share_answer, source=Action.SHARE.value, replace=is_private(body))

    add_action_listener(app, Action.SHARE, on_share)


def _get_answer_ts(body: dict[str, Any]) -> str:
    """Return an ID of the answer. A message keeps it when it is replaced."""
    return str((body.get("container") or {}).get("message_ts") or body.get("trigger_id") or "")


def _is_private(requester: Requester) -> bool:
    """Whether the button is, or may be, in a conversation between people, where Slack can post for the bot."""
    return requester.channel_name == UNCLEAR_NAME or is_between_people(requester.channel, requester.channel_name)
