"""Sends what the person did to the bot, and shows what the bot answers in the acknowledgement.

Rule: one way only, a signed HTTP request to the bot's address; every failure of the bot is shown as Slack shows it.
"""

import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import aiohttp

from bot import limits
from bot.local import events
from bot.local.faults import Json
from bot.local.interactions import (
    action_of,
    command_fields,
    curled,
    element_at,
    message_action,
    shortcut,
    signed,
    signed_event,
    submission,
    view_action,
)
from bot.local.model import BOT, INVITE, SLACK, Channel, Command, Exchange, Kind, Message, Refused, View
from bot.local.webapi import show_refusal
from bot.local.workspace import Workspace

#: how the bot is called in Slack's own command
_BOT_NAMES = ("@on the record", "@ontherecord")


class NoAck(Exception):
    """The bot did not acknowledge; the message is Slack's code for it."""


@dataclass(frozen=True, slots=True)
class Dispatch:
    """The way from the workspace to the bot."""

    workspace: Workspace
    session: Callable[[], aiohttp.ClientSession]
    bot_url: str
    signing_secret: str
    #: the address a response_url starts with
    respond_at: str
    ack_seconds: float = limits.ACK_SECONDS

    async def typed(self, channel_id: str, line: str, thread: str = "") -> None:
        """A line typed in a channel, or in a thread: a command goes to the bot, anything else is a message.

        Raises Refused.
        """
        channel = self.workspace.conversation(channel_id)
        if thread and self.workspace.message(thread) is None:
            raise Refused("thread_not_found")
        if not line.startswith("/"):
            await self._said(channel, line, thread or (self.workspace.panel if channel.is_im else ""))
        elif thread:
            self._notice(channel.id, f"{line.split()[0]} is not supported in threads. Sorry!", thread)
        else:
            await self._commanded(channel, line)

    async def _said(self, channel: Channel, line: str, thread: str) -> None:
        message = self.workspace.say(channel.id, Kind.MESSAGE, _as_message(line), thread=thread)
        if channel.is_im or f"<@{BOT.id}>" in message.text:
            await self._tell(channel, events.said(self.workspace, channel, message), message.ts)

    async def _commanded(self, channel: Channel, line: str) -> None:
        typed = self.workspace.say(channel.id, Kind.COMMAND, line)
        name, _, text = line.partition(" ")
        if name == INVITE.name and text.strip().casefold() in _BOT_NAMES:
            self.workspace.invite(channel.id)
            self._notice(channel.id, f"{BOT.real_name} was added to {channel.name}.")
            return
        command = next((known for known in self.workspace.commands if known.name == name), None)
        if command is None:
            self._notice(channel.id, _no_command(name, self.workspace.commands))
            return
        await self._command(channel.id, command, curled(text.strip()), typed.ts)

    async def acted(self, message: Message, block_id: str, action_id: str, chosen: str | None) -> None:
        """A click in a message. Raises Refused when there is nothing to click at that place."""
        action = _action(list(message.blocks), block_id, action_id, chosen)
        respond_at = self.respond_at + self.workspace.new_response(message.channel, message.ts)
        try:
            await self._send(message_action(self.workspace, message, block_id, action, respond_at), message.ts)
        except NoAck as error:
            self._notice(message.channel, f"The click failed with the error “{error}”.")

    async def chosen(self, message: Message, name: str) -> None:
        """A shortcut of a message's menu. Raises Refused for one that the app does not have."""
        if name not in (known.callback for known in self.workspace.shortcuts) or message.kind is not Kind.MESSAGE:
            raise Refused("invalid_arguments", ("There is no such shortcut.",))
        respond_at = self.respond_at + self.workspace.new_response(message.channel)
        try:
            await self._send(shortcut(self.workspace, message, name, respond_at), message.ts)
        except NoAck as error:
            self._notice(message.channel, f"The shortcut failed with the error “{error}”.")

    async def home_opened(self, channel: Channel) -> None:
        """The Home tab is looked at."""
        await self._tell(channel, events.home_opened(self.workspace, channel))

    async def panel_opened(self, channel: Channel) -> None:
        """The conversation with the bot is looked at, the first time as a new thread of the Assistant."""
        if not self.workspace.panel:
            await self._tell(channel, events.panel_opened(self.workspace, channel, self.workspace.open_panel()))

    async def acted_in_view(self, view: View, block_id: str, action_id: str, chosen: str | None) -> None:
        """A click in a modal. Raises Refused when there is nothing to click at that place."""
        action = _action(view.body["blocks"], block_id, action_id, chosen)
        try:
            await self._send(view_action(self.workspace, view, block_id, action))
        except NoAck as error:
            self._notice(view.channel, f"The click failed with the error “{error}”.")

    async def submitted(self, view: View, values: Json) -> dict[str, str]:
        """A submitted modal, which the answer closes, replaces or sends back. Gives errors by block_id."""
        try:
            answer = _as_json(await self._send(submission(self.workspace, view, values)))
        except NoAck as error:
            return {"": f"We had some trouble connecting ({error}). Try again?"}
        return self._after_submission(view, answer)

    async def _command(self, channel: str, command: Command, text: str, typed: str) -> None:
        place = self.workspace.conversation(channel)
        respond_at = self.respond_at + self.workspace.new_response(channel)
        try:
            body = await self._send(command_fields(self.workspace, place, command, text, respond_at), typed)
        except NoAck as error:
            self._notice(channel, f"{command.name} failed with the error “{error}”.")
            return
        payload = _as_json(body) or ({"text": body} if body.strip() else {})
        if payload:
            self._answer(channel, command, payload)

    def _answer(self, channel: str, command: Command, payload: Json) -> None:
        try:
            made = self.workspace.post(channel, payload, ephemeral=payload.get("response_type") != "in_channel")
            self.workspace.traced(made.ts, Exchange(f"the acknowledgement of {command.name}", payload, {}))
        except Refused as refusal:
            show_refusal(self.workspace, channel, command.name, refusal.fault, payload)

    def _after_submission(self, view: View, answer: Json) -> dict[str, str]:
        errors: dict[str, str] = answer.get("errors") or {}
        match answer.get("response_action"):
            case "errors":
                return errors
            case "clear":
                self.workspace.close_modals(all_of_them=True)
            case "update" | "push" as how:
                return self._next_view(view, answer.get("view") or {}, on_top=how == "push")
            case _:
                self.workspace.close_modals()
        return {}

    def _next_view(self, view: View, body: Json, *, on_top: bool) -> dict[str, str]:
        try:
            if on_top:
                self.workspace.open_view(self.workspace.new_trigger(view.channel), body, on_top=True)
            else:
                self.workspace.update_view(view.id, body)
        except Refused as refusal:
            show_refusal(self.workspace, view.channel, "view_submission", refusal.fault, body)
            return {"": f"Slack would refuse the next view: {refusal}"}
        return {}

    async def _send(self, fields: dict[str, str], about: str = "") -> str:
        """Posts to the bot, on account of the message `about`; gives the body of its acknowledgement. Raises NoAck."""
        told = _as_json(fields["payload"]) if "payload" in fields else fields
        body, headers = signed(fields, self.signing_secret, self.workspace.clock())
        return await self._traced(told.get("type", "slash command"), told, self._posted(body, headers), about)

    async def _traced(self, what: str, told: Json, sending: Awaitable[str], about: str) -> str:
        try:
            body = await sending
        except NoAck as error:
            self.workspace.traced(about, Exchange(f"{what}, to the bot", told, {"error": str(error)}))
            raise
        self.workspace.traced(about, Exchange(f"{what}, to the bot", told, {"status": 200, "body": body}))
        return body

    async def _tell(self, channel: Channel, event: Json, about: str = "") -> None:
        """Tells the bot of an event; one that is not taken is shown, which Slack would not."""
        body, headers = signed_event(event, self.signing_secret, self.workspace.clock())
        try:
            await self._traced(event["event"]["type"], event, self._posted(body, headers), about)
        except NoAck as error:
            self._notice(channel.id, f"The bot did not take this event: “{error}”.")

    async def _posted(self, body: bytes, headers: dict[str, str]) -> str:
        timeout = aiohttp.ClientTimeout(total=self.ack_seconds)
        try:
            async with self.session().post(self.bot_url, data=body, headers=headers, timeout=timeout) as response:
                text = await response.text(errors="replace")
        except TimeoutError as error:
            raise NoAck("operation_timeout") from error
        except aiohttp.ClientError as error:
            raise NoAck("dispatch_failed") from error
        if response.status != 200:
            raise NoAck("http_client_error" if response.status < 500 else "http_service_error")
        return text

    def _notice(self, channel: str, text: str, thread: str = "") -> None:
        self.workspace.say(channel, Kind.NOTICE, text, author=SLACK, thread=thread)


def _action(blocks: list[Json], block_id: str, action_id: str, chosen: str | None) -> Json:
    element = element_at(blocks, block_id, action_id)
    action = action_of(element, chosen) if element else None
    if action is None:
        raise Refused("invalid_arguments", ("There is nothing to click at this place.",))
    return action


def _as_message(line: str) -> str:
    """A typed line in the form messages have: & < > as entities, the bot's name as a mention of it."""
    escaped = line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    names = "|".join(re.escape(name) for name in (BOT.real_name, BOT.name))
    return re.sub(rf"(?<!\w)@(?:{names})\b", f"<@{BOT.id}>", escaped, flags=re.IGNORECASE)


def _as_json(body: str) -> Json:
    """The JSON object in an acknowledgement, or an empty one."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _no_command(name: str, commands: tuple[Command, ...]) -> str:
    known = ", ".join(command.name for command in commands)
    return (
        f"{name} is not a valid command. Lines that start with a “/” are read as commands; "
        f"to send one as a message, put a space in front. The commands here: {known}."
    )
