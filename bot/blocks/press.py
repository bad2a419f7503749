"""What a button asks for, as it travels in its value or in a modal's private metadata, so that nothing is kept between
two presses.

Rule: what comes back is untrusted. It is read whole or not at all, and the question in it goes through the parser of
what people type.
"""

import json
from dataclasses import dataclass
from enum import StrEnum

from slack_sdk.models.blocks import ButtonElement

from bot import limits
from bot.ask import MOST_CHARACTERS
from bot.blocks.message import button
from briefings.errors import BadQuestion

#: pages of an answer that anybody could want
_MOST_PAGES = 100
#: a question's line: what can be typed, and the marks and names that its filters are told with
_LONGEST = MOST_CHARACTERS + 200


class Action(StrEnum):
    """The buttons, by the first part of their action_id; what follows a colon makes it unique in its message."""

    PAGE = "page"
    ASK = "ask"
    SHARE = "share"
    CONTEXT = "context"
    WORDINGS = "wordings"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Press:
    """A question as a command's line, a page of its answer, and the key of one of its lines ("" for none)."""

    asked: str
    page: int = 0
    line: str = ""

    @property
    def value(self) -> str:
        """For a button or a modal."""
        told = {"asked": self.asked, "page": self.page, "line": self.line}
        return json.dumps({name: one for name, one in told.items() if one}, ensure_ascii=False)


def pressed(value: object) -> Press:
    """What a value says. Raises BadQuestion for what none of our buttons sent."""
    try:
        told = json.loads(value) if isinstance(value, str) and len(value) <= limits.PRIVATE_METADATA else None
    except (ValueError, RecursionError):
        told = None
    if isinstance(told, dict) and told.keys() <= {"asked", "page", "line"}:
        match told.get("asked"), told.get("page", 0), told.get("line", ""):
            case str(asked), int(page), str(line) if _sound(asked, page, line):
                return Press(asked, page, line)
    raise BadQuestion("This button belongs to an older answer: please ask again.")


def _sound(asked: str, page: int, line: str) -> bool:
    return len(asked) <= _LONGEST and 0 <= page <= _MOST_PAGES and len(line) <= limits.OPTION_VALUE


def press(label: str, action: Action, what: Press, place: int | str = "") -> tuple[ButtonElement, ...]:
    """The button, or none when what it would ask for does not fit into it. `place` tells it from others of its kind."""
    if len(what.value) > limits.BUTTON_VALUE:
        return ()
    return (button(label, action.value if place == "" else f"{action.value}:{place}", what.value),)
