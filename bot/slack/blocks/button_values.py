"""What a button asks for, as it travels in its value or in a modal's private metadata, so that nothing is kept between
two presses.

Rule: what comes back is untrusted. It is read whole or not at all, and the question in it goes through the parser of
what people type.

The pages of an answer: the buttons that turn them, and the sentence that tells which one is shown.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from slack_sdk.models.blocks import ButtonElement

from bot.core import slack_limits
from bot.queries.queries import MAX_CHARACTERS
from bot.slack.blocks.message import Page, button
from briefings import BadQuestion

#: pages of an answer that anybody could want
_MAX_PAGES = 100
#: a question's line: what can be typed, and the marks and names that its filters are told with
_MAX_QUERY_LENGTH = MAX_CHARACTERS + 200


class Action(StrEnum):
    """The buttons, by the first part of their action_id; what follows a colon makes it unique in its message."""

    PAGE = "page"
    ASK = "ask"
    SHARE = "share"
    CONTEXT = "context"
    WORDINGS = "wordings"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class ButtonValue:
    """A question as a command's line, a page of its answer, and the key of one of its lines ("" for none)."""

    command_text: str
    page: int = 0
    citation_id: str = ""

    @property
    def value(self) -> str:
        """For a button or a modal."""
        fields = {"asked": self.command_text, "page": self.page, "line": self.citation_id}
        return json.dumps(
            {name: field_value for name, field_value in fields.items() if field_value}, ensure_ascii=False
        )


def decode_button(value: object) -> ButtonValue:
    """What a value says. Raises BadQuestion for what none of our buttons sent."""
    try:
        fields = json.loads(value) if isinstance(value, str) and len(value) <= slack_limits.PRIVATE_METADATA else None
    except (ValueError, RecursionError):
        fields = None
    if isinstance(fields, dict) and fields.keys() <= {"asked", "page", "line"}:
        match fields.get("asked"), fields.get("page", 0), fields.get("line", ""):
            case str(command_text), int(page), str(citation_id) if _is_valid(command_text, page, citation_id):
                return ButtonValue(command_text, page, citation_id)
    raise BadQuestion("This button belongs to an older answer: please ask again.")


def _is_valid(command_text: str, page: int, citation_id: str) -> bool:
    return (
        len(command_text) <= _MAX_QUERY_LENGTH
        and 0 <= page <= _MAX_PAGES
        and len(citation_id) <= slack_limits.OPTION_VALUE
    )


def build_button(
    label: str, action: Action, button_value: ButtonValue, suffix: int | str = ""
) -> tuple[ButtonElement, ...]:
    """The button, or none when what it would ask for does not fit into it. `place` tells it from others of its kind."""
    if len(button_value.value) > slack_limits.BUTTON_VALUE:
        return ()
    return (button(label, action.value if suffix == "" else f"{action.value}:{suffix}", button_value.value),)


def build_page_buttons(command_text: str, page_number: int, last_page: int, first_page: int = 1) -> list[ButtonElement]:
    """Back and next, where there is such a page."""
    back_button = (
        build_button("Back", Action.PAGE, ButtonValue(command_text, page_number - 1), "-")
        if page_number > first_page
        else ()
    )
    next_button = (
        build_button("More lines", Action.PAGE, ButtonValue(command_text, page_number + 1), "+")
        if page_number < last_page
        else ()
    )
    return [*back_button, *next_button]


def describe_page(message_pages: Sequence[Page], page_number: int, noun: str) -> str:
    """Which of the items page `page` (from 1) shows: "Lines 1 to 20 of 63."."""
    items_before = sum(message_page.item_count for message_page in message_pages[: page_number - 1])
    total, shown_count = (
        sum(message_page.item_count for message_page in message_pages),
        message_pages[page_number - 1].item_count,
    )
    if shown_count < 2:
        return f"{noun.capitalize()} {items_before + shown_count:,} of {total:,}."
    return f"{noun.capitalize()}s {items_before + 1:,} to {items_before + shown_count:,} of {total:,}."
