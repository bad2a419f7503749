"""Builds the choices that turn the pages of an answer, and the sentence that says which items a page shows."""

from collections.abc import Sequence
from dataclasses import replace

from bot.slack.blocks.button_values import Action, ButtonValue
from bot.slack.blocks.menus import Choice
from bot.slack.blocks.message import Page


def build_page_choices(
    shown_page: ButtonValue, message_pages: Sequence[Page], first_page: int = 1
) -> tuple[Choice, ...]:
    """Return the choices for the pages before and after the one shown, if these exist.

    The second one counts the items still to come ("12 more").
    """
    page_number = shown_page.page
    choices: list[Choice] = []
    if page_number > first_page:
        choices.append(Choice("Back", Action.PAGE, replace(shown_page, page=page_number - 1), "-"))
    if page_number < len(message_pages):
        remaining_count = sum(page.item_count for page in message_pages[page_number:])
        label = f"{remaining_count:,} more" if remaining_count else "More"
        choices.append(Choice(label, Action.PAGE, replace(shown_page, page=page_number + 1), "+"))
    return tuple(choices)


def describe_page(message_pages: Sequence[Page], page_number: int, noun: str) -> str:
    """Return which items a page shows ("Quotes 1 to 6 of 63."), or "" for the only page.

    `page_number` counts from 1.
    """
    if len(message_pages) < 2:
        return ""
    items_before = sum(message_page.item_count for message_page in message_pages[: page_number - 1])
    total = sum(message_page.item_count for message_page in message_pages)
    shown_count = message_pages[page_number - 1].item_count
    if shown_count < 2:
        return f"{noun.capitalize()} {items_before + shown_count:,} of {total:,}."
    return f"{noun.capitalize()}s {items_before + 1:,} to {items_before + shown_count:,} of {total:,}."
