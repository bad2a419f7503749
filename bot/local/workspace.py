"""The stand-in's memory: what stands in the channels, which modals are open, and what Slack lets a bot do to them.

Rule: no I/O; the clock and the ids are passed in. Everything is bounded, and what Slack would refuse is `Refused`.
Each change raises `version`, so that a page can ask for what is new since the version it has.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice

from bot import limits
from bot.local.faults import Json, message_fault, view_fault
from bot.local.model import (
    BOT,
    CHANNELS,
    SLACK,
    UNINVITED,
    YOU,
    Channel,
    Clock,
    Command,
    Exchange,
    Ids,
    Kind,
    Message,
    Person,
    Refused,
    Shortcut,
    View,
)
from bot.local.tickets import Tickets, response_urls, triggers

KEPT_MESSAGES = 500
#: exchanges that are remembered of one message
KEPT_EXCHANGES = 6


@dataclass(slots=True)
class Workspace:
    """One person, one bot, a few channels. Not for use from several threads."""

    clock: Clock
    ids: Ids
    commands: tuple[Command, ...]
    #: called after each change
    on_change: Callable[[], None] = lambda: None
    people: tuple[Person, ...] = (YOU, BOT, SLACK)
    channels: tuple[Channel, ...] = CHANNELS
    version: int = 0
    modals: tuple[View, ...] = ()
    modals_version: int = 0
    home: View | None = None
    home_version: int = 0
    shortcuts: tuple[Shortcut, ...] = ()
    #: changes when the clock was turned
    clock_version: int = 0
    #: the name of what goes wrong with the bot's next post (`trouble`), "" for nothing
    trouble: str = ""
    #: the Assistant panel: its thread, what it suggests, what the bot says it is doing
    panel: str = ""
    prompts: tuple[Json, ...] = ()
    status: str = ""
    panel_version: int = 0
    #: channels that the bot was not invited to
    uninvited: frozenset[str] = UNINVITED
    triggers: Tickets = field(init=False)
    responses: Tickets = field(init=False)
    _messages: OrderedDict[str, Message] = field(default_factory=OrderedDict)
    _last_ts: int = 0

    def __post_init__(self) -> None:
        self.triggers = triggers(self.clock)
        self.responses = response_urls(self.clock)

    def say(
        self,
        channel: str,
        kind: Kind,
        text: str,
        *,
        author: Person = YOU,
        payload: Json | None = None,
        thread: str = "",
    ) -> Message:
        """Adds an entry that the bot did not post: what was typed, or what Slack has to say."""
        entry = Message(self._next_ts(), channel, author, kind, text, self.clock(), payload=payload, thread=thread)
        return self._keep(replace(entry, ephemeral=kind is not Kind.MESSAGE))

    def post(self, channel: str, payload: Json, *, ephemeral: bool = False) -> Message:
        """Posts the bot's `payload` in a channel, or to a person. Raises Refused as Slack would."""
        place = self.conversation(channel)
        text, blocks = self._content(payload)
        thread = str(payload.get("thread_ts") or "")
        if thread and thread != self.panel and self.message(thread) is None:
            raise Refused("thread_not_found")
        if thread and thread == self.panel:
            self.show_panel(status="")  # which Slack takes away when the answer is there
        entry = Message(self._next_ts(), place.id, BOT, Kind.MESSAGE, text, self.clock(), blocks, payload, ephemeral)
        return self._keep(replace(entry, thread=thread))

    def update(self, channel: str, ts: str, payload: Json, *, with_ephemeral: bool = False) -> Message:
        """Replaces one of the bot's messages. Ephemeral ones are out of reach but for a response_url."""
        message = self._own(channel, ts, with_ephemeral)
        text, blocks = self._content(payload)
        return self._keep(replace(message, text=text, blocks=blocks, payload=payload, edited=True))

    def delete(self, channel: str, ts: str, *, with_ephemeral: bool = False) -> None:
        """Removes one of the bot's messages; a mark stays, so that pages learn of it."""
        message = self._own(channel, ts, with_ephemeral)
        self._keep(replace(message, text="", blocks=(), payload=None, deleted=True))

    def dismiss(self, message: Message) -> None:
        """Takes away what only the person sees. Raises Refused for what everybody does."""
        if not message.ephemeral:
            raise Refused("cant_delete_message")
        self._keep(replace(message, text="", blocks=(), payload=None, exchanges=(), deleted=True))

    def traced(self, ts: str, exchange: Exchange) -> None:
        """Remembers what was sent on a message's account; of one that is gone, nothing."""
        if message := self.message(ts):
            kept = (*message.exchanges, exchange)[-KEPT_EXCHANGES:]
            self._keep(replace(message, exchanges=kept))

    def since(self, channel: str, version: int) -> Iterator[Message]:
        """The channel's entries changed after `version`, oldest first, deleted ones included."""
        return (entry for entry in self._messages.values() if entry.channel == channel and entry.version > version)

    def history(self, channel: str, most: int) -> list[Message]:
        """The newest messages that everybody sees, newest first; what answers in a thread is not among them."""
        return list(islice((entry for entry in self._public(channel) if not entry.thread), most))

    def replies(self, channel: str, thread: str) -> list[Message]:
        """The messages of a thread that everybody sees, oldest first. Raises Refused."""
        told = [entry for entry in self._public(channel) if thread in (entry.ts, entry.thread)]
        if not told and thread != self.panel:
            raise Refused("thread_not_found")
        return told[::-1]

    def answers(self, thread: str) -> list[Message]:
        """All that the person sees below a message, oldest first."""
        return [entry for entry in self._messages.values() if entry.thread == thread and not entry.deleted]

    def threads_since(self, channel: str, version: int) -> list[str]:
        """The messages of a channel with whose threads something happened after `version`."""
        return list(dict.fromkeys(entry.thread for entry in self.since(channel, version) if self.is_answer(entry)))

    def is_answer(self, message: Message) -> bool:
        """Whether it stands below another message; the Assistant panel's thread is the conversation itself."""
        return bool(message.thread) and message.thread not in (message.ts, self.panel)

    def turned(self) -> None:
        """The clock was turned."""
        self.clock_version = self._changed()

    def open_panel(self) -> str:
        """A new thread of the Assistant panel."""
        self.panel = self._next_ts()
        return self.panel

    def show_panel(self, *, prompts: tuple[Json, ...] | None = None, status: str | None = None) -> None:
        """What the bot suggests there, or says that it is doing."""
        self.prompts = self.prompts if prompts is None else prompts
        self.status = self.status if status is None else status
        self.panel_version = self._changed()

    def message(self, ts: str) -> Message | None:
        """The entry with this ts, unless deleted or long gone."""
        message = self._messages.get(ts)
        return None if message is None or message.deleted else message

    def conversation(self, name: str) -> Channel:
        """The channel by id or #name, or the conversation with a person by their id. Raises Refused."""
        if name in (person.id for person in self.people):
            return next(channel for channel in self.channels if channel.is_im)
        for channel in self.channels:
            if name in (channel.id, channel.name, "#" + channel.name):
                return channel
        raise Refused("channel_not_found")

    def invite(self, channel: str) -> None:
        """Makes the bot a member of a channel."""
        self.uninvited -= {channel}

    def member_of(self, name: str) -> Channel:
        """The conversation, if the bot is in it. Raises Refused."""
        place = self.conversation(name)
        if place.id in self.uninvited:
            raise Refused("not_in_channel")
        return place

    def new_trigger(self, channel: str) -> str:
        """A trigger_id: good for one modal within three seconds."""
        number = int(self.clock().timestamp() * 1000)
        return self.triggers.issue(f"{number}.1000.{self.ids()}", channel)

    def new_response(self, channel: str, message: str | None = None) -> str:
        """The token of a response_url; `message` is the ts of the message acted upon, if there is one."""
        return self.responses.issue(self.ids(), channel, message)

    def respond(self, token: str, payload: Json) -> Message | None:
        """What a POST to a response_url does; the message it made or changed. Raises Refused as Slack would."""
        ticket = self.responses.check(token)
        # a slash command has no message to replace: Slack then posts a new one
        made: Message | None = None
        if ticket.message is not None and payload.get("delete_original"):
            self.delete(ticket.channel, ticket.message, with_ephemeral=True)
        elif ticket.message is not None and payload.get("replace_original"):
            made = self.update(ticket.channel, ticket.message, payload, with_ephemeral=True)
        else:
            made = self.post(ticket.channel, payload, ephemeral=payload.get("response_type") != "in_channel")
        ticket.uses -= 1
        return made

    def open_view(self, trigger: str, body: Json, *, on_top: bool = False) -> View:
        """Opens a modal, or with `on_top` pushes one on the stack. Raises Refused."""
        ticket = self.triggers.check(trigger)
        shown = self._checked_view(body)
        if on_top and len(self.modals) >= limits.MODALS:
            raise Refused("push_limit_reached")
        below = self.modals[-1] if on_top and self.modals else None
        number = "V" + self.ids()[:10].upper()
        root, previous = (below.root, below.id) if below else (number, None)
        view = View(number, self.ids()[:12], shown, root, previous, ticket.channel)
        ticket.uses -= 1
        self._stack((*self.modals, view) if on_top else (view,))
        return view

    def update_view(self, view_id: str, body: Json, hash_: str | None = None) -> View:
        """Replaces an open modal. Raises Refused when it is gone, or has changed since `hash_`."""
        shown = self._checked_view(body)
        old = next((view for view in self.modals if view.id == view_id), None)
        if old is None:
            raise Refused("not_found")
        if hash_ not in (None, old.hash):
            raise Refused("hash_conflict")
        new = replace(old, body=shown, hash=self.ids()[:12])
        self._stack(tuple(new if view is old else view for view in self.modals))
        return new

    def publish_home(self, body: Json) -> View:
        """Keeps the App Home for the person. Raises Refused."""
        shown = self._checked_view(body)
        number = self.home.id if self.home else "V" + self.ids()[:10].upper()
        self.home = View(number, self.ids()[:12], shown, number, None, self.conversation(BOT.id).id)
        self.home_version = self._changed()
        return self.home

    def close_modals(self, *, all_of_them: bool = False) -> None:
        """Closes the modal on top, or all."""
        self._stack(() if all_of_them else self.modals[:-1])

    def _public(self, channel: str) -> Iterator[Message]:
        """The messages that everybody sees, newest first. Raises Refused."""
        place = self.member_of(channel)
        seen = (entry for entry in reversed(self._messages.values()) if entry.channel == place.id)
        return (entry for entry in seen if entry.kind is Kind.MESSAGE and not (entry.ephemeral or entry.deleted))

    def _content(self, payload: Json) -> tuple[str, tuple[Json, ...]]:
        if fault := message_fault(payload):
            raise Refused(fault.error, fault.details)
        return str(payload.get("text") or "")[: limits.TEXT], tuple(self._named(payload.get("blocks") or []))

    def _checked_view(self, body: Json) -> Json:
        if fault := view_fault(body):
            raise Refused(fault.error, fault.details)
        return {**body, "blocks": self._named(body["blocks"])}

    def _named(self, blocks: list[Json]) -> list[Json]:
        """The blocks with the block_ids and action_ids that Slack makes up where the app gave none."""
        return [{"block_id": self.ids()[:5], **block, **self._named_elements(block)} for block in blocks]

    def _named_elements(self, block: Json) -> Json:
        named: Json = {
            key: {"action_id": self.ids()[:5], **block[key]}
            for key in ("accessory", "element")
            if isinstance(block.get(key), dict)
        }
        if block["type"] == "actions":
            named["elements"] = [{"action_id": self.ids()[:5], **element} for element in block["elements"]]
        return named

    def _next_ts(self) -> str:
        self._last_ts = max(self._last_ts + 1, int(self.clock().timestamp() * 1_000_000))
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06}"

    def _keep(self, message: Message) -> Message:
        self.version += 1
        kept = replace(message, version=self.version)
        self._messages[kept.ts] = kept
        while len(self._messages) > KEPT_MESSAGES:
            self._messages.popitem(last=False)
        self.on_change()
        return kept

    def _own(self, channel: str, ts: str, with_ephemeral: bool) -> Message:
        message = self.message(ts)
        if message is None or message.channel != self.conversation(channel).id:
            raise Refused("message_not_found")
        if message.ephemeral and not with_ephemeral:
            raise Refused("message_not_found")
        if message.author != BOT:
            raise Refused("cant_update_message")
        return message

    def _stack(self, modals: tuple[View, ...]) -> None:
        self.modals = modals
        self.modals_version = self._changed()

    def _changed(self) -> int:
        self.version += 1
        self.on_change()
        return self.version
