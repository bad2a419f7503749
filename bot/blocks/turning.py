"""The pages of an answer: the buttons that turn them, and the sentence that tells which one is shown."""

from collections.abc import Sequence

from slack_sdk.models.blocks import ButtonElement

from bot.blocks.message import Page
from bot.blocks.press import Action, ButtonValue, build_button


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
