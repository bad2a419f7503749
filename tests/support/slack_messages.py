"""Messages for Slack: their texts, their buttons, and whether they are within Slack's limits."""

from typing import Any

from bot.slack.blocks.button_values import Action, ButtonValue
from bot.slack.blocks.menus import decode_press
from bot.slack.blocks.message import Message
from bot.slack.transport.response_url import Requester, _build_body
from bot.slack.views import briefing, who_said
from briefings.model import Briefing, WhoSaid
from tests.stand_ins.slack_limits import find_problems, iterate_texts


def render_briefing(value: Briefing, page: int = 1) -> Message:
    return briefing.build_message(value, "/briefing labour-crisis", page)


def render_who_said(result: WhoSaid, page: int = 1) -> Message:
    return who_said.build_message(result, "/whosaid words", page)


def assert_within_limits(message: Message) -> None:
    assert find_problems(_build_body(message, Requester(""), replace=False)) == []


def join_texts(message: Message) -> str:
    return "\n".join(text for block in message.blocks for text in iterate_texts(block.to_dict()))


def decode_buttons(message: Message, action: Action) -> list[ButtonValue]:
    """Return the values of the buttons and options of one kind."""
    presses = [decode_press(press) for press in list_presses(message)]
    return [value for requested_action, value in presses if requested_action is action]


def list_presses(message: Message) -> list[dict[str, Any]]:
    """Return what Slack sends for each button and each option of a menu."""
    presses = []
    for block in (block.to_dict() for block in message.blocks):
        accessory = [block["accessory"]] if "accessory" in block else []
        for element in [*accessory, *(block["elements"] if block["type"] == "actions" else [])]:
            ids = {"action_id": element["action_id"], "block_id": block.get("block_id", "made up")}
            options = element.get("options")
            presses += [ids | {"selected_option": option} for option in options or []]
            presses += [] if options else [ids | {"value": element["value"]}]
    return presses
