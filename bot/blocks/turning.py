"""The pages of an answer: the buttons that turn them, and the sentence that tells which one is shown."""

from collections.abc import Sequence

from slack_sdk.models.blocks import ButtonElement

from bot.blocks.message import Page
from bot.blocks.press import Action, Press, press


def turning(asked: str, page: int, last: int, first: int = 1) -> list[ButtonElement]:
    """Back and next, where there is such a page."""
    back = press("Back", Action.PAGE, Press(asked, page - 1), "-") if page > first else ()
    more = press("More lines", Action.PAGE, Press(asked, page + 1), "+") if page < last else ()
    return [*back, *more]


def page_told(laid: Sequence[Page], page: int, what: str) -> str:
    """Which of the items page `page` (from 1) shows: "Lines 1 to 20 of 63."."""
    before = sum(one.items for one in laid[: page - 1])
    total, shown = sum(one.items for one in laid), laid[page - 1].items
    if shown < 2:
        return f"{what.capitalize()} {before + shown:,} of {total:,}."
    return f"{what.capitalize()}s {before + 1:,} to {before + shown:,} of {total:,}."
