"""What an answer leaves out: the sources that its channel mutes, with the line that says so."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from briefings import NO_SOURCES, SourceFilter

if TYPE_CHECKING:
    from bot.slack.blocks.message import Message


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Sources that an answer leaves out, and the line that says so, as markup ("" for none)."""

    sources: SourceFilter = NO_SOURCES
    note: str = ""


#: leaves out nothing
EVERYTHING = LeftOut()
#: finds what the answer to the current request leaves out
FindLeftOut = Callable[[], Awaitable[LeftOut]]


async def leave_out_nothing() -> LeftOut:
    """Return that nothing is left out."""
    return EVERYTHING


async def add_left_out_note(message: "Message", find_left_out: FindLeftOut) -> "Message":
    """Return an answer with the line that says what it leaves out, if it leaves something out."""
    from bot.slack.blocks.message import add_note  # a question in a terminal needs no Slack, which is slow to import

    note = (await find_left_out()).note
    return add_note(message, note) if note else message
