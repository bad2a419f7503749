"""Dispatcher: sends the user's actions to the bot and shows its acknowledgements.

Rule: every action is a signed HTTP request to the bot's URL. Errors of the bot are shown as in Slack.
"""

import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import aiohttp

from bot.core import slack_limits
from bot.simulator import payloads
from bot.simulator.payloads import (
    build_action,
    build_command_form,
    build_message_action,
    build_shortcut,
    build_submission,
    build_view_action,
    curl_quotes,
    find_element,
    sign_event,
    sign_form,
)
from bot.simulator.state.model import (
    BOT,
    INVITE,
    SLACK,
    Channel,
    Command,
    EntryKind,
    Exchange,
    Message,
    SlackError,
    View,
)
from bot.simulator.state.validation import Json
from bot.simulator.state.workspace import Workspace
from bot.simulator.web_api import show_slack_error

#: names of the bot in the /invite command, in lower case
_LINK = re.compile(r"https?://[^\s<>|]+")
_BOT_NAMES = ("@on the record", "@ontherecord")


class NoAck(Exception):
    """The bot did not acknowledge a request; the message is Slack's error code."""


@dataclass(frozen=True, slots=True)
class Dispatcher:
    """Sends requests from the workspace to the bot."""

    workspace: Workspace
    session: Callable[[], aiohttp.ClientSession]
    bot_url: str
    signing_secret: str
    #: prefix of every response_url
    response_url_base: str
    ack_seconds: float = slack_limits.ACK_SECONDS

    async def send_line(self, channel_id: str, line: str, thread: str = "") -> None:
        """Handle a line typed in a channel or thread: a slash command, or a message.

        Raises SlackError.
        """
        channel = self.workspace.get_conversation(channel_id)
        if thread and self.workspace.find_message(thread) is None:
            raise SlackError("thread_not_found")
        if not line.startswith("/"):
            await self._send_message(channel, line, thread or (self.workspace.panel_ts if channel.is_im else ""))
        elif thread:
            self._show_notice(channel.id, f"{line.split()[0]} is not supported in threads. Sorry!", thread)
        else:
            await self._send_command(channel, line)

    async def _send_message(self, channel: Channel, line: str, thread: str) -> None:
        message = self.workspace.say(channel.id, EntryKind.MESSAGE, _format_message(line), thread=thread)
        is_mention = f"<@{BOT.id}>" in message.text
        if is_mention and channel.id in self.workspace.uninvited_channels:
            command = f"/invite @{BOT.real_name}"
            notice = f"{BOT.real_name} isn't in this channel. Type {command} here, then send your message again."
            self._show_notice(channel.id, notice, thread)
        elif channel.is_im or is_mention:
            await self._send_event(channel, payloads.build_message_event(self.workspace, channel, message), message.ts)
        if links := [link for link in _LINK.findall(line) if link.startswith(f"{self.workspace.base_url}/record/")]:
            await self._send_event(channel, payloads.build_links_event(self.workspace, message, links), message.ts)

    async def _send_command(self, channel: Channel, line: str) -> None:
        entry = self.workspace.say(channel.id, EntryKind.COMMAND, line)
        name, _, text = line.partition(" ")
        if name == INVITE.name and text.strip().casefold() in _BOT_NAMES:
            was_invited = channel.id not in self.workspace.uninvited_channels
            self.workspace.invite(channel.id)
            self._show_notice(channel.id, f"{BOT.real_name} was added to {channel.name}.")
            if not (was_invited or channel.is_im):
                await self._send_event(channel, payloads.build_joined_event(self.workspace, channel))
            return
        command = next((candidate for candidate in self.workspace.commands if candidate.name == name), None)
        if command is None:
            self._show_notice(channel.id, _format_unknown_command(name, self.workspace.commands))
            return
        await self._call_command(channel.id, command, curl_quotes(text.strip()), entry.ts)

    async def click(self, message: Message, block_id: str, action_id: str, choice: str | None) -> None:
        """Send a click in a message. Raises SlackError if the message has no such element."""
        action = _find_action(list(message.blocks), block_id, action_id, choice)
        response_url = self.response_url_base + self.workspace.new_response_token(message.channel, message.ts)
        try:
            await self._send(build_message_action(self.workspace, message, block_id, action, response_url), message.ts)
        except NoAck as error:
            self._show_notice(message.channel, f"The click failed with the error “{error}”.")

    async def choose_shortcut(self, message: Message, name: str) -> None:
        """Send a message shortcut. Raises SlackError if the app has no such shortcut."""
        if (
            name not in (candidate.callback for candidate in self.workspace.shortcuts)
            or message.kind is not EntryKind.MESSAGE
        ):
            raise SlackError("invalid_arguments", ("Unknown shortcut.",))
        response_url = self.response_url_base + self.workspace.new_response_token(message.channel)
        try:
            await self._send(build_shortcut(self.workspace, message, name, response_url), message.ts)
        except NoAck as error:
            self._show_notice(message.channel, f"The shortcut failed with the error “{error}”.")

    async def open_home(self, channel: Channel) -> None:
        """Send the event for an opened Home tab."""
        await self._send_event(channel, payloads.build_home_event(self.workspace, channel))

    async def open_panel(self, channel: Channel) -> None:
        """Send the event for an opened Messages tab, and start the Assistant thread if there is none."""
        await self._send_event(channel, payloads.build_home_event(self.workspace, channel, "messages"))
        if not self.workspace.panel_ts:
            await self._send_event(
                channel, payloads.build_panel_event(self.workspace, channel, self.workspace.open_panel())
            )

    async def click_in_view(self, view: View, block_id: str, action_id: str, choice: str | None) -> None:
        """Send a click in a modal or the App Home. Raises SlackError if the view has no such element."""
        action = _find_action(view.body["blocks"], block_id, action_id, choice)
        try:
            await self._send(build_view_action(self.workspace, view, block_id, action))
        except NoAck as error:
            self._show_notice(view.channel, f"The click failed with the error “{error}”.")

    async def suggest(self, view: View, block_id: str, action_id: str, text: str) -> list[Json]:
        """Return the bot's options for a select that the user types `text` into; none if the bot does not answer."""
        if find_element(view.body["blocks"], block_id, action_id) is None:
            raise SlackError("invalid_arguments")
        try:
            body = await self._send(payloads.build_suggestion(view, block_id, action_id, text))
        except NoAck:
            return []
        options = _parse_json(body).get("options")
        return [option for option in options if isinstance(option, dict)] if isinstance(options, list) else []

    async def submit_view(self, view: View, values: Json) -> dict[str, str]:
        """Send a submitted modal and apply the answer: close, replace or keep the modal. Return errors by block_id."""
        try:
            answer = _parse_json(await self._send(build_submission(self.workspace, view, values)))
        except NoAck as error:
            return {"": f"We had some trouble connecting ({error}). Try again?"}
        return self._handle_submission_answer(view, answer)

    async def _call_command(self, channel: str, command: Command, text: str, entry_ts: str) -> None:
        conversation = self.workspace.get_conversation(channel)
        response_url = self.response_url_base + self.workspace.new_response_token(channel)
        try:
            body = await self._send(
                build_command_form(self.workspace, conversation, command, text, response_url), entry_ts
            )
        except NoAck as error:
            self._show_notice(channel, f"{command.name} failed with the error “{error}”.")
            return
        payload = _parse_json(body) or ({"text": body} if body.strip() else {})
        if payload:
            self._show_answer(channel, command, payload)

    def _show_answer(self, channel: str, command: Command, payload: Json) -> None:
        try:
            message = self.workspace.post(channel, payload, ephemeral=payload.get("response_type") != "in_channel")
            self.workspace.record_exchange(message.ts, Exchange(f"the acknowledgement of {command.name}", payload, {}))
        except SlackError as error:
            show_slack_error(self.workspace, channel, command.name, error.details, payload)

    def _handle_submission_answer(self, view: View, answer: Json) -> dict[str, str]:
        errors: dict[str, str] = answer.get("errors") or {}
        match answer.get("response_action"):
            case "errors":
                return errors
            case "clear":
                self.workspace.close_modals(close_all=True)
            case "update" | "push" as action:
                return self._show_next_view(view, answer.get("view") or {}, on_top=action == "push")
            case _:
                self.workspace.close_modals()
        return {}

    def _show_next_view(self, view: View, body: Json, *, on_top: bool) -> dict[str, str]:
        try:
            if on_top:
                self.workspace.open_view(self.workspace.new_trigger(view.channel), body, on_top=True)
            else:
                self.workspace.update_view(view.id, body)
        except SlackError as error:
            show_slack_error(self.workspace, view.channel, "view_submission", error.details, body)
            return {"": f"Slack would refuse the next view: {error}"}
        return {}

    async def _send(self, fields: dict[str, str], message_ts: str = "") -> str:
        """Post to the bot, record the exchange for a message, and return the acknowledgement's body. Raises NoAck."""
        request = _parse_json(fields["payload"]) if "payload" in fields else fields
        body, headers = sign_form(fields, self.signing_secret, self.workspace.clock())
        return await self._trace(request.get("type", "slash command"), request, self._post(body, headers), message_ts)

    async def _trace(self, name: str, request: Json, acknowledgement: Awaitable[str], message_ts: str) -> str:
        try:
            body = await acknowledgement
        except NoAck as error:
            self.workspace.record_exchange(message_ts, Exchange(f"{name}, to the bot", request, {"error": str(error)}))
            raise
        self.workspace.record_exchange(
            message_ts, Exchange(f"{name}, to the bot", request, {"status": 200, "body": body})
        )
        return body

    async def _send_event(self, channel: Channel, event: Json, message_ts: str = "") -> None:
        """Send an event to the bot; unlike Slack, show a notice if the bot rejects it."""
        body, headers = sign_event(event, self.signing_secret, self.workspace.clock())
        try:
            await self._trace(event["event"]["type"], event, self._post(body, headers), message_ts)
        except NoAck as error:
            self._show_notice(channel.id, f"The bot did not accept this event: “{error}”.")

    async def _post(self, body: bytes, headers: dict[str, str]) -> str:
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

    def _show_notice(self, channel: str, text: str, thread: str = "") -> None:
        self.workspace.say(channel, EntryKind.NOTICE, text, author=SLACK, thread=thread)


def _find_action(blocks: list[Json], block_id: str, action_id: str, choice: str | None) -> Json:
    element = find_element(blocks, block_id, action_id)
    action = build_action(element, choice) if element else None
    if action is None:
        raise SlackError("invalid_arguments", ("This button or menu no longer exists.",))
    return action


def _format_message(line: str) -> str:
    """Format a typed line as message text: & < > as entities, the bot's name as a mention."""
    escaped_line = line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    names = "|".join(re.escape(name) for name in (BOT.real_name, BOT.name))
    return re.sub(rf"(?<!\w)@(?:{names})\b", f"<@{BOT.id}>", escaped_line, flags=re.IGNORECASE)


def _parse_json(body: str) -> Json:
    """Return the JSON object in an acknowledgement, or an empty one."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _format_unknown_command(name: str, commands: tuple[Command, ...]) -> str:
    names = ", ".join(command.name for command in commands)
    return (
        f"{name} is not a valid command. Lines that start with “/” are commands. To send one as a message, type a "
        f"space first. Available commands: {names}."
    )
