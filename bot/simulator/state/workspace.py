"""In-memory workspace: messages, modals and the App Home, with Slack's rules for changing them.

Rule: no I/O; the clock and the id generator are arguments. All collections have a maximum size. Where Slack would
answer with an error, SlackError is raised. Each change increments `version`, so that pages can ask for new changes.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice

from bot.core import slack_limits
from bot.simulator.state.files import FileStore
from bot.simulator.state.model import (
    BOT,
    CHANNELS,
    SLACK,
    UNINVITED_CHANNELS,
    YOU,
    Channel,
    Clock,
    Command,
    EntryKind,
    Exchange,
    Message,
    NewId,
    Person,
    Shortcut,
    SlackError,
    View,
)
from bot.simulator.state.response_urls import TokenStore, create_response_urls, create_trigger_ids
from bot.simulator.state.validation import Json, find_message_error, find_view_error

MAX_MESSAGES = 500
#: maximum number of exchanges per message
MAX_EXCHANGES = 6


@dataclass(slots=True)
class Workspace:
    """A workspace with one user, one bot and a few channels. Not thread-safe."""

    clock: Clock
    new_id: NewId
    commands: tuple[Command, ...]
    #: callback after each change
    on_change: Callable[[], None] = lambda: None
    people: tuple[Person, ...] = (YOU, BOT, SLACK)
    channels: tuple[Channel, ...] = CHANNELS
    version: int = 0
    modals: tuple[View, ...] = ()
    modals_version: int = 0
    home: View | None = None
    home_version: int = 0
    shortcuts: tuple[Shortcut, ...] = ()
    #: version of the last change to the clock or the injected fault
    clock_version: int = 0
    #: name of the fault for the bot's next post (`endpoints.INJECTED_FAULTS`), or ""
    injected_fault: str = ""
    #: the Assistant panel: its thread's ts, suggested prompts and status
    panel_ts: str = ""
    prompts: tuple[Json, ...] = ()
    status: str = ""
    panel_version: int = 0
    #: ids of the channels without the bot
    uninvited_channels: frozenset[str] = UNINVITED_CHANNELS
    #: URL of the local workspace, for links to its files
    base_url: str = ""
    files: FileStore = field(default_factory=FileStore)
    trigger_ids: TokenStore = field(init=False)
    response_urls: TokenStore = field(init=False)
    _messages: OrderedDict[str, Message] = field(default_factory=OrderedDict)
    _last_ts: int = 0

    def __post_init__(self) -> None:
        self.trigger_ids = create_trigger_ids(self.clock)
        self.response_urls = create_response_urls(self.clock)

    def say(
        self,
        channel: str,
        kind: EntryKind,
        text: str,
        *,
        author: Person = YOU,
        payload: Json | None = None,
        thread: str = "",
    ) -> Message:
        """Add an entry that the bot did not post: from the user or from Slack."""
        entry = Message(self._next_ts(), channel, author, kind, text, self.clock(), payload=payload, thread=thread)
        return self._store(replace(entry, ephemeral=kind is not EntryKind.MESSAGE))

    def post(self, channel: str, payload: Json, *, ephemeral: bool = False) -> Message:
        """Post the bot's `payload` in a channel or to a user. Raises SlackError."""
        conversation = self.get_conversation(channel)
        text, blocks = self._check_content(payload)
        thread = str(payload.get("thread_ts") or "")
        if thread and thread != self.panel_ts and self.find_message(thread) is None:
            raise SlackError("thread_not_found")
        if thread and thread == self.panel_ts:
            self.show_panel(status="")  # Slack clears the status when the bot replies
        entry = Message(
            self._next_ts(), conversation.id, BOT, EntryKind.MESSAGE, text, self.clock(), blocks, payload, ephemeral
        )
        return self._store(replace(entry, thread=thread))

    def update(self, channel: str, ts: str, payload: Json, *, with_ephemeral: bool = False) -> Message:
        """Replace one of the bot's messages. Raises SlackError.

        Only a response_url can replace an ephemeral message (`with_ephemeral`).
        """
        message = self._get_own_message(channel, ts, with_ephemeral)
        text, blocks = self._check_content(payload)
        return self._store(replace(message, text=text, blocks=blocks, payload=payload, edited=True))

    def delete(self, channel: str, ts: str, *, with_ephemeral: bool = False) -> None:
        """Mark one of the bot's messages as deleted; the entry stays for the pages. Raises SlackError."""
        message = self._get_own_message(channel, ts, with_ephemeral)
        self._store(replace(message, text="", blocks=(), payload=None, deleted=True))

    def dismiss(self, message: Message) -> None:
        """Delete an ephemeral message for the user. Raises SlackError for a public message."""
        if not message.ephemeral:
            raise SlackError("cant_delete_message")
        self._store(replace(message, text="", blocks=(), payload=None, exchanges=(), deleted=True))

    def unfurl(self, ts: str, previews: list[list[Json]]) -> None:
        """Show previews below a message. Raises SlackError."""
        message = self.find_message(ts)
        if message is None:
            raise SlackError("cannot_find_message")
        blocks = [self._check_content({"text": "preview", "blocks": preview})[1] for preview in previews]
        self._store(replace(message, unfurls=tuple(blocks)))

    def record_exchange(self, ts: str, exchange: Exchange) -> None:
        """Add an exchange to a message, if the message still exists."""
        if message := self.find_message(ts):
            exchanges = (*message.exchanges, exchange)[-MAX_EXCHANGES:]
            self._store(replace(message, exchanges=exchanges))

    def list_changes_since(self, channel: str, version: int) -> Iterator[Message]:
        """Return the channel's entries changed after `version`, oldest first, deleted ones included."""
        return (entry for entry in self._messages.values() if entry.channel == channel and entry.version > version)

    def list_history(self, channel: str, limit: int) -> list[Message]:
        """Return the newest public messages, newest first, without replies in threads. Raises SlackError."""
        return list(islice((entry for entry in self._list_public(channel) if not entry.thread), limit))

    def list_public_replies(self, channel: str, thread: str) -> list[Message]:
        """Return the public messages of a thread, oldest first. Raises SlackError."""
        entries = [entry for entry in self._list_public(channel) if thread in (entry.ts, entry.thread)]
        if not entries and thread != self.panel_ts:
            raise SlackError("thread_not_found")
        return entries[::-1]

    def list_visible_replies(self, thread: str) -> list[Message]:
        """Return all replies that the user sees below a message, oldest first."""
        return [entry for entry in self._messages.values() if entry.thread == thread and not entry.deleted]

    def list_changed_threads(self, channel: str, version: int) -> list[str]:
        """Return the ts of the channel's threads that changed after `version`."""
        return list(
            dict.fromkeys(entry.thread for entry in self.list_changes_since(channel, version) if self.is_reply(entry))
        )

    def is_reply(self, message: Message) -> bool:
        """Return whether the message is in a thread; the Assistant's thread counts as the conversation itself."""
        return bool(message.thread) and message.thread not in (message.ts, self.panel_ts)

    def mark_clock_turned(self) -> None:
        """Record a change of the clock or the injected fault."""
        self.clock_version = self._bump_version()

    def open_panel(self) -> str:
        """Start a new thread of the Assistant panel; return its ts."""
        self.panel_ts = self._next_ts()
        return self.panel_ts

    def show_panel(self, *, prompts: tuple[Json, ...] | None = None, status: str | None = None) -> None:
        """Set the suggested prompts or the status of the Assistant panel."""
        self.prompts = self.prompts if prompts is None else prompts
        self.status = self.status if status is None else status
        self.panel_version = self._bump_version()

    def find_message(self, ts: str) -> Message | None:
        """Return the entry with this ts, or None if it is deleted or unknown."""
        message = self._messages.get(ts)
        return None if message is None or message.deleted else message

    def get_conversation(self, name: str) -> Channel:
        """Return a channel by id, name or #name, or the conversation with a user by id. Raises SlackError."""
        if name in (person.id for person in self.people):
            return next(channel for channel in self.channels if channel.is_im)
        for channel in self.channels:
            if name in (channel.id, channel.name, "#" + channel.name):
                return channel
        raise SlackError("channel_not_found")

    def invite(self, channel: str) -> None:
        """Add the bot to a channel."""
        self.uninvited_channels -= {channel}

    def get_joined_channel(self, name: str) -> Channel:
        """Return the conversation, if the bot is in it. Raises SlackError."""
        conversation = self.get_conversation(name)
        if conversation.id in self.uninvited_channels:
            raise SlackError("not_in_channel")
        return conversation

    def new_trigger(self, channel: str) -> str:
        """Return a trigger_id, which opens one modal within three seconds."""
        milliseconds = int(self.clock().timestamp() * 1000)
        return self.trigger_ids.issue(f"{milliseconds}.1000.{self.new_id()}", channel)

    def new_response_token(self, channel: str, message: str | None = None) -> str:
        """Return the token of a response_url; `message` is the ts of the clicked message, if any."""
        return self.response_urls.issue(self.new_id(), channel, message)

    def respond(self, token: str, payload: Json) -> Message | None:
        """Handle a POST to a response_url; return the new or changed message. Raises SlackError."""
        response_token = self.response_urls.check(token)
        # a slash command has no message to replace, so Slack posts a new one
        message: Message | None = None
        if response_token.message is not None and payload.get("delete_original"):
            self.delete(response_token.channel, response_token.message, with_ephemeral=True)
        elif response_token.message is not None and payload.get("replace_original"):
            message = self.update(response_token.channel, response_token.message, payload, with_ephemeral=True)
        else:
            message = self.post(response_token.channel, payload, ephemeral=payload.get("response_type") != "in_channel")
        response_token.uses -= 1
        return message

    def open_view(self, trigger: str, body: Json, *, on_top: bool = False) -> View:
        """Open a modal, or push it on the stack with `on_top`. Raises SlackError."""
        token = self.trigger_ids.check(trigger)
        checked_body = self._check_view(body)
        if on_top and len(self.modals) >= slack_limits.MODALS:
            raise SlackError("push_limit_reached")
        parent = self.modals[-1] if on_top and self.modals else None
        view_id = "V" + self.new_id()[:10].upper()
        root, previous = (parent.root, parent.id) if parent else (view_id, None)
        view = View(view_id, self.new_id()[:12], checked_body, root, previous, token.channel)
        token.uses -= 1
        self._set_modals((*self.modals, view) if on_top else (view,))
        return view

    def update_view(self, view_id: str, body: Json, hash_: str | None = None) -> View:
        """Replace an open modal. Raises SlackError if it is closed, or has changed since `hash_`."""
        checked_body = self._check_view(body)
        old = next((view for view in self.modals if view.id == view_id), None)
        if old is None:
            raise SlackError("not_found")
        if hash_ not in (None, old.hash):
            raise SlackError("hash_conflict")
        new = replace(old, body=checked_body, hash=self.new_id()[:12])
        self._set_modals(tuple(new if view is old else view for view in self.modals))
        return new

    def publish_home(self, body: Json) -> View:
        """Publish the App Home for the user. Raises SlackError."""
        checked_body = self._check_view(body)
        view_id = self.home.id if self.home else "V" + self.new_id()[:10].upper()
        self.home = View(view_id, self.new_id()[:12], checked_body, view_id, None, self.get_conversation(BOT.id).id)
        self.home_version = self._bump_version()
        return self.home

    def close_modals(self, *, close_all: bool = False) -> None:
        """Close the top modal, or all modals."""
        self._set_modals(() if close_all else self.modals[:-1])

    def _list_public(self, channel: str) -> Iterator[Message]:
        """Return the public messages of a channel, newest first. Raises SlackError."""
        conversation = self.get_joined_channel(channel)
        entries = (entry for entry in reversed(self._messages.values()) if entry.channel == conversation.id)
        return (
            entry for entry in entries if entry.kind is EntryKind.MESSAGE and not (entry.ephemeral or entry.deleted)
        )

    def _check_content(self, payload: Json) -> tuple[str, tuple[Json, ...]]:
        if error := find_message_error(payload):
            raise SlackError(error.code, error.messages)
        return str(payload.get("text") or "")[: slack_limits.TEXT], tuple(
            self._add_block_ids(payload.get("blocks") or [])
        )

    def _check_view(self, body: Json) -> Json:
        if error := find_view_error(body):
            raise SlackError(error.code, error.messages)
        return {**body, "blocks": self._add_block_ids(body["blocks"])}

    def _add_block_ids(self, blocks: list[Json]) -> list[Json]:
        """Add the block_ids and action_ids that Slack generates when the app sends none."""
        return [{"block_id": self.new_id()[:5], **block, **self._add_element_ids(block)} for block in blocks]

    def _add_element_ids(self, block: Json) -> Json:
        elements: Json = {
            key: {"action_id": self.new_id()[:5], **block[key]}
            for key in ("accessory", "element")
            if isinstance(block.get(key), dict)
        }
        if block["type"] == "actions":
            elements["elements"] = [{"action_id": self.new_id()[:5], **element} for element in block["elements"]]
        return elements

    def _next_ts(self) -> str:
        self._last_ts = max(self._last_ts + 1, int(self.clock().timestamp() * 1_000_000))
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06}"

    def _store(self, message: Message) -> Message:
        self.version += 1
        stored_message = replace(message, version=self.version)
        self._messages[stored_message.ts] = stored_message
        while len(self._messages) > MAX_MESSAGES:
            self._messages.popitem(last=False)
        self.on_change()
        return stored_message

    def _get_own_message(self, channel: str, ts: str, with_ephemeral: bool) -> Message:
        message = self.find_message(ts)
        if message is None or message.channel != self.get_conversation(channel).id:
            raise SlackError("message_not_found")
        if message.ephemeral and not with_ephemeral:
            raise SlackError("message_not_found")
        if message.author != BOT:
            raise SlackError("cant_update_message")
        return message

    def _set_modals(self, modals: tuple[View, ...]) -> None:
        self.modals = modals
        self.modals_version = self._bump_version()

    def _bump_version(self) -> int:
        self.version += 1
        self.on_change()
        return self.version
