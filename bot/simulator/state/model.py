"""The values of the local workspace: people, channels, commands, messages, exchanges, views, and Slack's refusal."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.simulator.state.validation import ErrorDetails, Json
from briefings import BriefingsError

#: gives the present moment, with its zone
Clock = Callable[[], datetime]
#: gives a new id at each call: letters and digits, hard to guess
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
    """A channel, or the conversation between the person and the bot."""

    id: str
    name: str
    is_im: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command as the app's manifest declares it; `name` with its slash."""

    name: str
    usage: str
    description: str
    should_escape: bool = False


def read_commands(manifest: Json) -> tuple[Command, ...]:
    """The slash commands that an app's manifest declares."""
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
    """An entry that the app's manifest adds to a message's menu."""

    callback: str
    name: str


def read_shortcuts(manifest: Json) -> tuple[Shortcut, ...]:
    """The message shortcuts that an app's manifest declares."""
    declarations = manifest.get("features", {}).get("shortcuts", [])
    return tuple(
        Shortcut(declaration["callback_id"], declaration["name"])
        for declaration in declarations
        if declaration["type"] == "message"
    )


@dataclass(frozen=True, slots=True)
class Exchange:
    """What one side sent on a message's account, and what the other answered. `what` names it: "chat.postMessage"."""

    name: str
    request: Json
    answer: Json


class EntryKind(StrEnum):
    """What an entry of the log is: a message, a command as typed, a word from Slack itself, or a refused payload."""

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
    #: what the bot sent, untouched; None for what it did not send
    payload: Json | None = None
    #: only the person sees it, and it cannot be updated by its ts
    ephemeral: bool = False
    edited: bool = False
    deleted: bool = False
    #: the ts of the message it answers, "" for none
    thread: str = ""
    #: what was sent back and forth on its account, the newest last
    exchanges: tuple[Exchange, ...] = ()
    #: the workspace's version at the last change
    version: int = 0


@dataclass(frozen=True, slots=True)
class View:
    """A modal or App Home as last sent. `hash` changes with it."""

    id: str
    hash: str
    body: Json
    root: str
    previous: str | None
    channel: str


class SlackError(BriefingsError):
    """Slack would answer `ok: false`. `fault` holds its error code and details."""

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
#: what the workspace itself understands
INVITE: Final = Command("/invite", "@On the Record", "Adds On the Record to this channel")
#: where the bot must be invited before it may post, so that this can be tried too
UNINVITED_CHANNELS: Final = frozenset({"C0LOCAL002"})
