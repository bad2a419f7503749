"""The button that shares an answer: the bot posts it in the channel and names who did.

Rule: one press, one message, however often it is pressed, on whichever replica. What was shared is noted; what Slack
refused may be tried again.
"""

import re
from hashlib import sha256
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.actions import action_id, is_private
from bot.asking import Asking
from bot.blocks.message import Message, with_note
from bot.blocks.press import Action, Press, pressed
from bot.courier import Asker, asker_of
from bot.logs import logger
from bot.posting import NotPosted, Posting
from bot.store.admission import Came
from bot.store.audit import Deed
from bot.store.gate import Gate
from bot.store.shares import Share
from bot.store.store import Store
from bot.teams import team_of
from briefings.errors import BadQuestion, RecordUnavailable

_PERSON = re.compile(r"[UW][A-Z0-9]{1,30}")


class Sharing:
    """Claims a share through `gate`, posts it by `posting`, and notes it in `store`, if there is one."""

    def __init__(self, gate: Gate, posting: Posting, store: Store | None) -> None:
        self._gate = gate
        self._posting = posting
        self._store = store
        self._posting = posting

    async def share(self, asker: Asker, team: str, message: Message, what: Press, pressed_at: str) -> None:
        """Posts `message` where it was asked for. `pressed_at` is the ts of what was pressed. Raises BriefingsError."""
        if asker.client is None or not _PERSON.fullmatch(asker.user):
            raise BadQuestion("Slack did not say who shares this: please press again.")
        told = "\0".join((team, asker.channel, asker.user, pressed_at, what.value))
        key = sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:32]
        if not (await self._gate.admit(Came(f"share:{key}"))).new:
            raise BadQuestion(
                "You have pressed this already: if nothing stands in the channel, ask again and share the new answer."
            )
        shown = with_note(message, f"Shared by <@{asker.user}>")
        try:
            ts = await self._posting.post(asker.client, asker.channel, shown, key=key)
        except NotPosted:
            await self._gate.release(f"share:{key}")
            raise
        await self._note(Share(team, asker.channel, ts, asker.user, what.asked))

    async def _note(self, share: Share) -> None:
        """The message stands there whatever the database says."""
        if self._store is None:
            return
        try:
            await self._store.shares.add(share)
            await self._store.audit.note(Deed(share.team, share.person, "shared", share.channel, {"ts": share.ts}))
        except RecordUnavailable as error:
            logger().error("a share is not noted", error=type(error).__name__)


def register(app: AsyncApp, asking: Asking, sharing: Sharing) -> None:
    """Makes `app` listen to it."""

    async def on_share(
        ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        await ack()
        asker = asker_of(body, client)

        async def shared() -> Message:
            what = pressed(action.get("value"))
            pages = asking.pages(context, body, shared=True)
            message = await asking.composed.page(asking.question(what), what.page, sharable=False, pages=pages)
            await sharing.share(asker, team_of(context), message, what, _pressed_at(body))
            return with_note(message, "Shared in this channel, with your name.")

        await asking.answering.answer(asker, shared, door=Action.SHARE.value, replace=is_private(body))

    app.action(action_id(Action.SHARE))(on_share)


def _pressed_at(body: dict[str, Any]) -> str:
    """What tells one answer from the next, which may be shared as well; a message keeps it while it is replaced."""
    return str((body.get("container") or {}).get("message_ts") or body.get("trigger_id") or "")
