"""Builds overflow menus, and decodes what was pressed: a button, or an option of a menu.

Rule: Slack allows 150 characters for an option's value, fewer than a question needs. The question is therefore in the
ids of the menu and of its block; an option's value has only the action, the page, the slot and the citation.
Rule: ids that come back are untrusted. They are decoded completely or rejected.
"""

import binascii
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement, Option, OverflowMenuElement, PlainTextObject

from bot.core import slack_limits
from bot.slack.blocks import mrkdwn
from bot.slack.blocks.button_values import MAX_QUERY_LENGTH, Action, ButtonValue, build_button, decode_button, is_valid
from briefings import BadQuestion, Slot

#: the part of a menu's action_id before the first colon
MENU = "menu"
#: most buttons of a row, and most next to a menu
MAX_BUTTONS, _MAX_BUTTONS_WITH_MENU = 3, 2
#: most characters of one id that are available for the question
_CHUNK_LENGTH = 220
#: what separates the id of a block from the thread that is appended to it
BLOCK_SEPARATOR = "~"
#: most bytes of a question in UTF-8
_MAX_BYTES = 4 * MAX_QUERY_LENGTH
_OLDER_ANSWER = "This button belongs to an older answer. Ask again."


@dataclass(frozen=True, slots=True)
class Choice:
    """A label and what it requests. `suffix` makes the action_id of its button unique among those of its action."""

    label: str
    action: Action
    value: ButtonValue
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Menu:
    """An overflow menu, and the id that its block needs for a long question ("" for any id)."""

    element: OverflowMenuElement
    block_id: str = ""


def build_menu(suffix: int | str, choices: Sequence[Choice]) -> Menu | None:
    """Return a menu of choices about one question, at most five, or None if the question is too long for the ids.

    `suffix` is unique among the menus of the message.
    """
    token = _encode_question(choices[0].value.command_text)
    chunks = [token[:_CHUNK_LENGTH], token[_CHUNK_LENGTH:]]
    if len(chunks[1]) > _CHUNK_LENGTH:
        return None
    options = [
        Option(value=_encode_option(choice), text=_build_label(choice.label))
        for choice in choices[: slack_limits.OVERFLOW_OPTIONS]
    ]
    element = OverflowMenuElement(action_id=f"{MENU}:{suffix}:{chunks[0]}", options=options)
    return Menu(element, f"{MENU}:{suffix}:{chunks[1]}" if chunks[1] else "")


def build_row(choices: Sequence[Choice], other_questions: Sequence[Choice] = ()) -> list[Block]:
    """Return one row: at most three buttons, or fewer and a menu of the others. Return no row without choices.

    `other_questions` cannot be in a menu, which has one question; at most two or three of them are shown. If the
    question is too long for a menu, the first choices are buttons and the others are left out.
    """
    is_paged = bool(choices) and choices[0].action is Action.PAGE
    other_questions = other_questions[: MAX_BUTTONS - is_paged]
    room = MAX_BUTTONS - len(other_questions)
    visible_choices = [*choices[:room], *other_questions]
    menu = None
    if len(choices) > room:
        # a choice that the menu has no room for becomes a button, in the place of another question
        excess = len(choices) - slack_limits.OVERFLOW_OPTIONS
        room = min(max(_MAX_BUTTONS_WITH_MENU - len(other_questions), int(is_paged), excess), MAX_BUTTONS)
        menu = build_menu("row", choices[room:])
        visible_choices = [*choices[:room], *other_questions][:MAX_BUTTONS] if menu else list(choices[:MAX_BUTTONS])
    elements: list[ButtonElement | OverflowMenuElement] = [
        element
        for choice in visible_choices
        for element in build_button(choice.label, choice.action, choice.value, choice.suffix)
    ]
    elements += [menu.element] if menu else []
    block_id = menu.block_id if menu and menu.block_id else None
    return [ActionsBlock(elements=list(elements), block_id=block_id)] if elements else []


def get_requested_action(press: Mapping[str, Any]) -> Action | None:
    """Return what was pressed; PAGE for an unreadable menu, so that it is answered; None for other elements."""
    name = str(press.get("action_id") or "").partition(":")[0]
    if name == MENU:
        try:
            return decode_press(press)[0]
        except BadQuestion:
            return Action.PAGE
    return Action(name) if name in set(Action) else None


def decode_press(press: Mapping[str, Any]) -> tuple[Action, ButtonValue]:
    """Return the action and value of a button, a menu's option or a select's option. Raises BadQuestion."""
    name, _, rest = str(press.get("action_id") or "").partition(":")
    option = press.get("selected_option")
    option_value = option.get("value") if isinstance(option, Mapping) else None
    if name == MENU:
        token = rest.partition(":")[2]
        block_name, _, block_rest = str(press.get("block_id") or "").partition(":")
        token += block_rest.partition(":")[2].partition(BLOCK_SEPARATOR)[0] if block_name == MENU else ""
        return _decode_option(option_value, _decode_question(token))
    if name not in set(Action):
        raise BadQuestion(_OLDER_ANSWER)
    return Action(name), decode_button(press.get("value") or option_value)


def _build_label(label: str) -> PlainTextObject:
    return PlainTextObject(text=mrkdwn.to_plain_text(label, slack_limits.OPTION_TEXT) or "…", emoji=False)


def _encode_option(choice: Choice) -> str:
    value = choice.value
    return f"{choice.action}:{value.page}:{value.slot or ''}:{value.citation_id}"


def _decode_option(option_value: object, command_text: str) -> tuple[Action, ButtonValue]:
    match str(option_value).split(":", 3):
        case [action, page, slot, citation_id] if (
            action in set(Action)
            and page.isascii()
            and page.isdecimal()
            and slot in ("", *Slot)
            and len(page) <= len(str(slack_limits.BUTTON_VALUE))
            and is_valid(command_text, int(page), citation_id)
        ):
            return Action(action), ButtonValue(command_text, int(page), citation_id, Slot(slot) if slot else None)
    raise BadQuestion(_OLDER_ANSWER)


def _encode_question(text: str) -> str:
    """Return a question as letters, digits, "-" and "_": compressed ("z") if that is shorter, or as it is ("t")."""
    data = text.encode("utf-8", "surrogatepass")
    compressor = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    compressed_data = compressor.compress(data) + compressor.flush()
    kind, shorter_data = ("z", compressed_data) if len(compressed_data) < len(data) else ("t", data)
    return kind + urlsafe_b64encode(shorter_data).decode("ascii").rstrip("=")


def _decode_question(token: str) -> str:
    kind, encoded_data = token[:1], token[1:]
    try:
        data = urlsafe_b64decode(encoded_data + "=" * (-len(encoded_data) % 4))
        if kind == "z":
            decompressor = zlib.decompressobj(-zlib.MAX_WBITS)
            data = decompressor.decompress(data, _MAX_BYTES)
            if not decompressor.eof:
                raise BadQuestion(_OLDER_ANSWER)
        elif kind != "t":
            raise BadQuestion(_OLDER_ANSWER)
        return data.decode("utf-8", "surrogatepass")
    except (binascii.Error, zlib.error, ValueError) as error:
        raise BadQuestion(_OLDER_ANSWER) from error
