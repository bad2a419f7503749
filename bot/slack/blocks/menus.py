"""Builds overflow menus, and decodes what was pressed: a button, or an option of a menu.

Rule: Slack allows 150 characters for an option's value, fewer than a question needs. The question is therefore in the
ids of the menu and of its block; an option's value has only the action, the page, the slot and the citation.
Rule: a choice of another question has in its value only how this question differs from that of the menu.
Rule: nothing is left out. What does not fit into a menu is in a second menu, or a button.
Rule: ids that come back are untrusted. They are decoded completely or rejected.
"""

import binascii
import re
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement, Option, OverflowMenuElement, PlainTextObject

from bot.core import slack_limits
from bot.slack.blocks import mrkdwn
from bot.slack.blocks.button_values import MAX_QUERY_LENGTH, Action, ButtonValue, build_button, decode_button, is_valid
from briefings import BadQuestion, Slot

#: the part of a menu's action_id before the first colon
MENU = "menu"
#: labels of the actions that take something away
COPY_LABEL, SAVE_LABEL = "Copy as quote", "Save as canvas or file"
#: most buttons of a row, and most next to a menu
MAX_BUTTONS, _MAX_BUTTONS_WITH_MENU = 3, 2
#: most characters of one id that are available for the question
_CHUNK_LENGTH = 220
#: what separates the id of a block from the thread that is appended to it
BLOCK_SEPARATOR = "~"
#: most bytes of a question in UTF-8
_MAX_BYTES = 4 * MAX_QUERY_LENGTH
#: the citation of a choice of another question: how many characters both begin and end with, and those in between
_OTHER_QUESTION = re.compile(r"=([0-9]{1,4})\.([0-9]{1,4})\.(.*)", re.DOTALL)
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
    """Return a menu of one to five choices, or None if the first one's question is too long for the ids.

    `suffix` is unique among the menus of the message. Raises ValueError for more choices than a menu can have.
    """
    _check_count(choices)
    return build_fitting_menu(suffix, choices) if has_menu(choices[0].value.command_text) else None


def build_fitting_menu(suffix: int | str, choices: Sequence[Choice]) -> Menu:
    """Return the same menu as `build_menu` of a question that is known to be short enough, see `has_menu`."""
    _check_count(choices)
    return _build_menu_about(choices[0].value.command_text, suffix, choices)


def count_label_characters(labels: Iterable[str]) -> int:
    """Count the characters of these labels of choices as a menu shows them."""
    return sum(len(_build_label(label).text) for label in labels)


def has_menu(question: str) -> bool:
    """Whether a question is short enough for a menu."""
    return len(_encode_question(question)) <= 2 * _CHUNK_LENGTH


def build_row(choices: Sequence[Choice], other_questions: Sequence[Choice] = ()) -> list[Block]:
    """Return one row: at most three buttons, or fewer and menus of the others. Return no row without choices.

    `choices` are about one question; two or three of the `other_questions` are buttons, if there are so many. What
    does not fit into a menu, because its question is too long, is a button too.
    """
    is_paged = bool(choices) and choices[0].action is Action.PAGE
    visible_others = list(other_questions[: MAX_BUTTONS - is_paged])
    room = MAX_BUTTONS - len(visible_others)
    if len(choices) + len(other_questions) > MAX_BUTTONS:
        # a choice that the menu has no room for becomes a button, in the place of another question
        excess = len(choices) - slack_limits.OVERFLOW_OPTIONS
        room = min(max(_MAX_BUTTONS_WITH_MENU - len(visible_others), int(is_paged), excess), MAX_BUTTONS)
        visible_others = visible_others[: MAX_BUTTONS - room]
    visible_choices = [*choices[:room], *visible_others]
    menus, unfit_choices = _build_menus([*choices[room:], *other_questions[len(visible_others) :]])
    visible_choices += unfit_choices
    elements: list[ButtonElement | OverflowMenuElement] = [
        element
        for choice in visible_choices
        for element in build_button(choice.label, choice.action, choice.value, choice.suffix)
    ]
    elements += [menu.element for menu in menus]
    block_id = next((menu.block_id for menu in menus if menu.block_id), None)
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


def _build_menus(choices: Sequence[Choice]) -> tuple[list[Menu], list[Choice]]:
    """Return menus of the choices, and the choices that fit into none: their question is too long, or another one.

    All menus begin with one question, a part of which is in the id of their block.
    """
    if not choices:
        return [], []
    question, size = choices[0].value.command_text, slack_limits.OVERFLOW_OPTIONS
    if not has_menu(question):
        return [], list(choices)
    fit_choices = [choice for choice in choices if len(_encode_option(choice, question)) <= slack_limits.OPTION_VALUE]
    menus = [
        _build_menu_about(question, f"row{start // size or ''}", fit_choices[start : start + size])
        for start in range(0, len(fit_choices), size)
    ]
    return menus, [choice for choice in choices if choice not in fit_choices]


def _check_count(choices: Sequence[Choice]) -> None:
    if len(choices) > slack_limits.OVERFLOW_OPTIONS:
        raise ValueError(f"a menu has at most {slack_limits.OVERFLOW_OPTIONS} choices")


def _build_menu_about(question: str, suffix: int | str, choices: Sequence[Choice]) -> Menu:
    token = _encode_question(question)
    chunks = [token[:_CHUNK_LENGTH], token[_CHUNK_LENGTH:]]
    options = [Option(value=_encode_option(choice, question), text=_build_label(choice.label)) for choice in choices]
    element = OverflowMenuElement(action_id=f"{MENU}:{suffix}:{chunks[0]}", options=options)
    return Menu(element, f"{MENU}:{suffix}:{chunks[1]}" if chunks[1] else "")


def _build_label(label: str) -> PlainTextObject:
    return PlainTextObject(text=mrkdwn.to_plain_text(label, slack_limits.OPTION_TEXT) or "…", emoji=False)


def _encode_option(choice: Choice, question: str) -> str:
    value = choice.value
    detail = value.citation_id
    if value.command_text != question:
        detail = _encode_change(question, value.command_text)
    return f"{choice.action}:{value.page}:{value.slot or ''}:{detail}"


def _encode_change(question: str, other_question: str) -> str:
    """Return how another question differs: the lengths of the same beginning and end, and what is in between."""
    prefix = _count_same(question, other_question)
    suffix = _count_same(question[prefix:][::-1], other_question[prefix:][::-1])
    return f"={prefix}.{suffix}.{other_question[prefix : len(other_question) - suffix]}"


def _count_same(text: str, other_text: str) -> int:
    """Return how many characters at the beginning of two texts are the same."""
    pairs = enumerate(zip(text, other_text, strict=False))
    return next((number for number, (char, other) in pairs if char != other), min(len(text), len(other_text)))


def _apply_change(question: str, detail: str) -> tuple[str, str]:
    """Return the question of an option, and its citation. Raises BadQuestion."""
    match = _OTHER_QUESTION.fullmatch(detail)
    if match is None:
        return question, detail
    prefix, suffix = int(match[1]), int(match[2])
    if prefix + suffix > len(question):
        raise BadQuestion(_OLDER_ANSWER)
    return f"{question[:prefix]}{match[3]}{question[len(question) - suffix :]}", ""


def _decode_option(option_value: object, command_text: str) -> tuple[Action, ButtonValue]:
    match str(option_value).split(":", 3):
        case [action, page, slot, detail] if (
            action in set(Action)
            and page.isascii()
            and page.isdecimal()
            and slot in ("", *Slot)
            and len(page) <= len(str(slack_limits.BUTTON_VALUE))
            and len(detail) <= slack_limits.OPTION_VALUE
        ):
            own_text, citation_id = _apply_change(command_text, detail)
            if is_valid(own_text, int(page), citation_id):
                return Action(action), ButtonValue(own_text, int(page), citation_id, Slot(slot) if slot else None)
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
