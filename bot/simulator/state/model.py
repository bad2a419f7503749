"""Model of the local workspace: people, channels, commands, messages, exchanges, views, and Slack errors."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.simulator.state.validation import ErrorDetails, Json
from briefings import BriefingsError

#: returns the current time with its time zone
Clock = Callable[[], datetime]
#: returns a new id of letters and digits that is hard to guess
NewId = Callable[[], str]


@dataclass(frozen=True, slots=True)
class Person:
    """A member of the workspace."""

    id: str
    name: str
    real_name: str
    is_bot: bool = False


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel, or the direct conversation between the user and the bot."""

    id: str
    name: str
    is_im: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command from the app's manifest; `name` includes the slash."""

    name: str
    usage: str
    description: str
    should_escape: bool = False


def read_commands(manifest: Json) -> tuple[Command, ...]:
    """Return the slash commands in an app's manifest."""
    declarations = manifest.get("features", {}).get("slash_commands", [])
    return tuple(
        Command(
            declaration["command"],
            declaration.get("usage_hint", ""),
            declaration["description"],
            declaration.get("should_escape", False),
        )
        for declaration in declarations
    )


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A message shortcut from the app's manifest."""

    callback: str
    name: str


def read_shortcuts(manifest: Json) -> tuple[Shortcut, ...]:
    """Return the message shortcuts in an app's manifest."""
    declarations = manifest.get("features", {}).get("shortcuts", [])
    return tuple(
        Shortcut(declaration["callback_id"], declaration["name"])
        for declaration in declarations
        if declaration["type"] == "message"
    )


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request about a message, and its answer; `name` says what it is: "chat.postMessage"."""

    name: str
    request: Json
    answer: Json


class EntryKind(StrEnum):
    """Kind of a log entry: a message, a typed command, a notice from Slack, or a payload that Slack would refuse."""

    MESSAGE = "message"
    COMMAND = "command"
    NOTICE = "notice"
    REFUSAL = "refusal"


@dataclass(frozen=True, slots=True)
class Message:
    """One entry of a channel's log."""

    #: Slack's id of a message: seconds since 1970 with six decimals, unique in the workspace
    ts: str
    channel: str
    author: Person
    kind: EntryKind
    text: str
    at: datetime
    blocks: tuple[Json, ...] = ()
    #: the bot's unchanged payload; None if the bot did not send the message
    payload: Json | None = None
    #: only visible to the user; the bot cannot update it by its ts
    ephemeral: bool = False
    edited: bool = False
    deleted: bool = False
    #: the ts of the thread's first message, or ""
    thread: str = ""
    #: requests and answers about this message, newest last
    exchanges: tuple[Exchange, ...] = ()
    #: blocks of the previews of the links in the message
    unfurls: tuple[tuple[Json, ...], ...] = ()
    #: version of the workspace at the last change
    version: int = 0


@dataclass(frozen=True, slots=True)
class View:
    """The current state of a modal or App Home; `hash` changes with every update."""

    id: str
    hash: str
    body: Json
    root: str
    previous: str | None
    channel: str


class SlackError(BriefingsError):
    """Slack would answer `ok: false`; `details` has its error code and messages."""

    def __init__(self, code: str, messages: tuple[str, ...] = ()) -> None:
        super().__init__(code)
        self.details = ErrorDetails(code, messages)


TEAM_ID: Final = "T0LOCAL001"
TEAM_DOMAIN: Final = "local-workspace"
APP_ID: Final = "A0LOCAL001"
BOT_ID: Final = "B0LOCAL001"
YOU: Final = Person("U0LOCAL001", "you", "You")
BOT: Final = Person("U0LOCAL002", "ontherecord", "On the Record", is_bot=True)
SLACK: Final = Person("USLACKBOT", "slackbot", "Workspace", is_bot=True)
CHANNELS: Final = (
    Channel("C0LOCAL001", "newsroom"),
    Channel("C0LOCAL002", "politics"),
    Channel("D0LOCAL001", "On the Record", is_im=True),
)
#: the command that the workspace handles itself
INVITE: Final = Command("/invite", "@On the Record", "Adds On the Record to this channel")
#: channels without the bot, to try /invite
UNINVITED_CHANNELS: Final = frozenset({"C0LOCAL002"})
