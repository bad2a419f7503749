"""Encodes what a button requests in its value, so that the bot stores no state between two clicks.

Rule: a value that comes back is untrusted. It is decoded completely or rejected, and its question goes through the
same parser as typed commands. The same format is used in a modal's private metadata.
"""

import json
from dataclasses import dataclass
from enum import StrEnum

from slack_sdk.models.blocks import ButtonElement

from bot.core import slack_limits
from bot.queries.queries import MAX_CHARACTERS
from bot.slack.blocks.message import button
from briefings import BadQuestion, Slot

#: highest page number of an answer
_MAX_PAGES = 100
_MAX_CHANNEL_LENGTH = 40
#: longest command text, in characters: what users can type, plus filter names and quotation marks
MAX_QUERY_LENGTH = MAX_CHARACTERS + 200


class Action(StrEnum):
    """Kinds of button: the part of an action_id before the colon. The part after it is unique in the message."""

    PAGE = "page"
    ASK = "ask"
    SHARE = "share"
    CONTEXT = "context"
    WORDINGS = "wordings"
    TIMELINE = "timeline"
    COMPARE = "compare"
    WRONG = "wrong"
    COPY = "copy"
    SAVE = "save"
    WATCH = "watch-this"
    MUTE = "mute"


@dataclass(frozen=True, slots=True)
class ButtonValue:
    """What a button requests: a command text, a page of its answer, a citation id ("" for none), and a slot.

    With a slot, the pages contain only the lines of that slot. A modal keeps the `channel` whose muted sources apply.
    """

    command_text: str
    page: int = 0
    citation_id: str = ""
    slot: Slot | None = None
    channel: str = ""

    @property
    def value(self) -> str:
        """Return the JSON for a button's value or a modal's private metadata."""
        fields = {"asked": self.command_text, "page": self.page, "line": self.citation_id, "slot": self.slot}
        fields |= {"channel": self.channel}
        return json.dumps(
            {name: field_value for name, field_value in fields.items() if field_value}, ensure_ascii=False
        )


def decode_button(value: object) -> ButtonValue:
    """Decode a button's value. Raises BadQuestion if the bot did not create it."""
    try:
        fields = json.loads(value) if isinstance(value, str) and len(value) <= slack_limits.PRIVATE_METADATA else None
    except (ValueError, RecursionError):
        fields = None
    if isinstance(fields, dict) and fields.keys() <= {"asked", "page", "line", "slot", "channel"}:
        match fields.get("asked"), fields.get("page", 0), fields.get("line", ""), fields.get("slot", ""):
            case str(command_text), int(page), str(citation_id), str(slot) if is_valid(
                command_text, page, citation_id
            ) and slot in ("", *Slot):
                channel = str(fields.get("channel", ""))[:_MAX_CHANNEL_LENGTH]
                return ButtonValue(command_text, page, citation_id, Slot(slot) if slot else None, channel)
    raise BadQuestion("This button belongs to an older answer. Ask again.")


def build_button(
    label: str, action: Action, button_value: ButtonValue, suffix: int | str = ""
) -> tuple[ButtonElement, ...]:
    """Return a tuple with the button, or an empty one if its value is too long for Slack.

    `suffix` makes the action_id unique among buttons of the same kind.
    """
    if len(button_value.value) > slack_limits.BUTTON_VALUE:
        return ()
    return (button(label, action.value if suffix == "" else f"{action.value}:{suffix}", button_value.value),)


def is_valid(command_text: str, page: int, citation_id: str) -> bool:
    """Whether these fields are within the bounds of the values that the bot creates."""
    return (
        len(command_text) <= MAX_QUERY_LENGTH
        and 0 <= page <= _MAX_PAGES
        and len(citation_id) <= slack_limits.OPTION_VALUE
    )
