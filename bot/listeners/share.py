"""Listens for the button that shares an answer: the bot posts it in the channel with the user's name.

Rule: an answer is posted once, even if the button is pressed several times, on any replica. Shares are audited. A post
that Slack rejects can be tried again.
"""

import re
from hashlib import sha256
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.answers.answer_service import AnswerService
from bot.core.logs import get_logger
from bot.listeners.buttons import add_action_listener, is_private
from bot.slack.blocks.button_values import Action, ButtonValue
from bot.slack.blocks.menus import decode_press
from bot.slack.blocks.message import Message, add_note
from bot.slack.transport.channel_posts import NotPosted, QueuedChannelPoster
from bot.slack.transport.request_gate import RequestGate
from bot.slack.transport.request_verification import get_team_id
from bot.slack.transport.response_url import Requester, get_requester
from bot.storage.audit_log import AuditAction
from bot.storage.feedback import Share
from bot.storage.request_log import Request
from bot.storage.store import Store
from briefings import BadQuestion, DatabaseUnavailable

_USER_ID = re.compile(r"[UW][A-Z0-9]{1,30}")


class ShareService:
    """Shares answers. `gate` deduplicates them; `store`, if there is one, gets the share and its audit entry."""

    def __init__(self, gate: RequestGate, poster: QueuedChannelPoster, store: Store | None) -> None:
        self._gate = gate
        self._poster = poster
        self._store = store

    async def share(
        self, requester: Requester, team: str, message: Message, button: ButtonValue, answer_ts: str
    ) -> None:
        """Post `message` in the channel of the request. `answer_ts` identifies the answer. Raises BriefingsError."""
        if requester.client is None or not _USER_ID.fullmatch(requester.user):
            raise BadQuestion("Slack didn't say who shared this. Please press the button again.")
        key_text = "\0".join((team, requester.channel, requester.user, answer_ts, button.value))
        key = sha256(key_text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
        if not (await self._gate.admit(Request(f"share:{key}"))).is_new:
            raise BadQuestion(
                "You've already shared this answer. If it isn't in the channel, ask again and share the new answer."
            )
        shared_message = add_note(message, f"Shared by <@{requester.user}>")
        try:
            ts = await self._poster.post(requester.client, requester.channel, shared_message, key=key)
        except NotPosted:
            await self._gate.release(f"share:{key}")
            raise
        await self._save_share(Share(team, requester.channel, ts, requester.user, button.command_text))

    async def _save_share(self, share: Share) -> None:
        """Save the share and its audit entry. A database error is logged, because the message is already posted."""
        if self._store is None:
            return
        try:
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
            return add_note(message, "Shared in this channel with your name.")

        await answers.executor.answer(requester, share_answer, source=Action.SHARE.value, replace=is_private(body))

    add_action_listener(app, Action.SHARE, on_share)


def _get_answer_ts(body: dict[str, Any]) -> str:
    """Return an ID of the answer. A message keeps it when it is replaced."""
    return str((body.get("container") or {}).get("message_ts") or body.get("trigger_id") or "")
