"""Overflow menus: what is chosen comes back whole, and anything else is refused with one sentence."""

import zlib
from base64 import urlsafe_b64encode
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.queries.queries import MAX_CHARACTERS
from bot.slack.blocks.button_values import Action, ButtonValue
from bot.slack.blocks.menus import Choice, build_menu, build_row, decode_press, get_requested_action
from bot.slack.transport.response_url import add_thread, get_requester
from briefings import BadQuestion, Slot

CITATION_ID = "0123456789abcdef"
QUESTIONS = (
    '/whosaid "a full stop" by:"Jane Roe"',
    "/briefing Überfall in Łódź :smile: & <!channel> | *now*",
    "/briefing " + "the vote on the harbour in Easton " * 15,
    "/briefing \ud83d lone surrogate",
)


def choose(choices: list[Choice], number: int) -> dict[str, Any]:
    """Return what Slack sends when an option of a menu is chosen."""
    menu = build_menu(7, choices)
    assert menu
    element = menu.element.to_dict()
    assert len(element["action_id"]) <= 255
    assert len(menu.block_id) <= 255
    option = element["options"][number]
    assert len(option["value"]) <= 150
    return {"action_id": element["action_id"], "block_id": menu.block_id or "made by Slack", "selected_option": option}


@pytest.mark.parametrize("question", QUESTIONS)
def test_chosen_option_brings_back_its_question_and_its_line(question: str) -> None:
    values = [
        (Action.CONTEXT, ButtonValue(question, citation_id=CITATION_ID)),
        (Action.PAGE, ButtonValue(question, 3, slot=Slot.QUOTES)),
        (Action.SHARE, ButtonValue(question, 12)),
    ]
    choices = [Choice("Do it", action, value) for action, value in values]
    for number, expected in enumerate(values):
        pressed = choose(choices, number)
        assert decode_press(pressed) == expected
        assert get_requested_action(pressed) is expected[0]


@pytest.mark.parametrize("question", QUESTIONS)
def test_menu_in_a_thread_brings_back_its_question_and_its_thread(question: str) -> None:
    """The id of a block can hold a part of a long question and the thread."""
    menu = build_menu(7, [Choice("Do it", Action.SHARE, ButtonValue(question))])
    assert menu
    block = {"type": "actions", "elements": [menu.element.to_dict()]} | (
        {"block_id": menu.block_id} if menu.block_id else {}
    )
    sent_block = add_thread({"blocks": [block]}, "1467300000.123456")["blocks"][0]
    assert len(sent_block["block_id"]) <= 255
    element = sent_block["elements"][0]
    pressed = {name: value[name] for value, name in ((element, "action_id"), (sent_block, "block_id"))}
    pressed |= {"selected_option": element["options"][0]}
    assert decode_press(pressed) == (Action.SHARE, ButtonValue(question))
    assert get_requester({"actions": [pressed]}, None).thread == "1467300000.123456"


@given(st.text(min_size=1, max_size=120))
def test_any_short_question_fits_into_a_menu(question: str) -> None:
    value = ButtonValue(question, citation_id=CITATION_ID)
    assert decode_press(choose([Choice("x", Action.WRONG, value)], 0)) == (Action.WRONG, value)


def test_question_that_is_too_long_has_no_menu() -> None:
    long_question = "/briefing " + "".join(chr(0x4E00 + number * 7) for number in range(MAX_CHARACTERS))
    assert build_menu(0, [Choice("x", Action.WRONG, ButtonValue(long_question))]) is None


def list_labels(blocks: list[Any]) -> tuple[list[str], list[str]]:
    """Return the labels of a row's buttons, and of its menus' options."""
    elements = [element for block in blocks for element in block.to_dict()["elements"]]
    buttons = [element["text"]["text"] for element in elements if element["type"] == "button"]
    menus = [element["options"] for element in elements if element["type"] == "overflow"]
    assert all(1 <= len(options) <= 5 for options in menus)
    assert len({element["action_id"] for element in elements}) == len(elements)
    return buttons, [option["text"]["text"] for options in menus for option in options]


@pytest.mark.parametrize("count", range(12))
def test_row_has_at_most_three_buttons_and_menus_of_the_rest(count: int) -> None:
    choices = [Choice(f"No. {number}", Action.PAGE, ButtonValue("q", number), str(number)) for number in range(count)]
    buttons, options = list_labels(build_row(choices))
    assert len(buttons) <= 3
    assert [*buttons, *options] == [choice.label for choice in choices]


@pytest.mark.parametrize("count", range(8))
@pytest.mark.parametrize("other_count", range(6))
def test_choices_of_other_questions_are_buttons_or_in_the_menu_and_never_left_out(count: int, other_count: int) -> None:
    choices = [Choice(f"No. {number}", Action.PAGE, ButtonValue("q", number), str(number)) for number in range(count)]
    others = [Choice(f"Any {n}", Action.ASK, ButtonValue(f"wider {n}"), f"wider{n}") for n in range(other_count)]
    buttons, options = list_labels(build_row(choices, others))
    assert len(buttons) <= 3
    labels = [*buttons, *options]
    assert [label for label in labels if label.startswith("No.")] == [choice.label for choice in choices]
    assert [label for label in labels if label.startswith("Any")] == [choice.label for choice in others]
    assert sum(label.startswith("Any") for label in buttons) >= min(other_count, 3 - max(bool(count), count - 5))


OTHER_QUESTIONS = (
    '/whosaid "a full stop"',
    '/whosaid "a full stop" by:"John Roe"',
    '/whosaid by:"Jane Roe"',
    "",
    "/briefing 1.2.=3.4.5:6",
    '/whosaid "a full stop" by:"Jane Roe" by:"Jane Roe"',
    "/whosaid a\nb \ud83d",
)


@pytest.mark.parametrize("other_question", OTHER_QUESTIONS)
def test_chosen_other_question_comes_back_whole(other_question: str) -> None:
    choices = [
        Choice("This", Action.SHARE, ButtonValue(QUESTIONS[0])),
        Choice("Other", Action.ASK, ButtonValue(other_question)),
    ]
    assert decode_press(choose(choices, 1)) == (Action.ASK, ButtonValue(other_question))


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_two_questions_share_a_menu(question: str, other_question: str) -> None:
    choices = [
        Choice("This", Action.SHARE, ButtonValue(question)),
        Choice("Other", Action.ASK, ButtonValue(other_question)),
    ]
    assert decode_press(choose(choices, 1)) == (Action.ASK, ButtonValue(other_question))


def test_other_question_that_differs_too_much_for_a_menu_is_a_button() -> None:
    choices = [Choice(f"No. {number}", Action.PAGE, ButtonValue("q", number), str(number)) for number in range(4)]
    others = [Choice(f"Any {n}", Action.ASK, ButtonValue(f"{n} " * 100), f"wider{n}") for n in range(4)]
    buttons, options = list_labels(build_row(choices, others))
    assert sorted([*buttons, *options]) == sorted(choice.label for choice in (*choices, *others))


def test_row_of_a_question_that_is_too_long_for_a_menu_has_a_button_for_each_choice() -> None:
    long_question = "".join(chr(0x4E00 + number * 7) for number in range(500))
    choices = [Choice("x", Action.PAGE, ButtonValue(long_question, number), str(number)) for number in range(6)]
    (row,) = build_row(choices)
    assert [element["type"] for element in row.to_dict()["elements"]] == ["button"] * 6


def test_menu_of_more_than_five_choices_is_a_mistake_of_the_program() -> None:
    with pytest.raises(ValueError, match="at most 5"):
        build_menu(0, [Choice("x", Action.PAGE, ButtonValue("q", number)) for number in range(6)])


def encode(data: bytes) -> str:
    compressor = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    return urlsafe_b64encode(compressor.compress(data) + compressor.flush()).decode().rstrip("=")


@pytest.mark.parametrize(
    "pressed",
    [
        {},
        {"action_id": "menu:0:tZm9v"},
        {"action_id": "menu:0:tZm9v", "selected_option": None},
        {"action_id": "menu:0:tZm9v", "selected_option": {"value": 3}},
        {"action_id": "menu:0:tZm9v", "selected_option": {"value": "explode:0::x"}},
        {"action_id": "menu:0:tZm9v", "selected_option": {"value": "page:-1::"}},
        {"action_id": "menu:0:tZm9v", "selected_option": {"value": "page:²::"}},
        {"action_id": "menu:0:tZm9v", "selected_option": {"value": "page:" + "9" * 5000 + "::"}},
        {"action_id": "menu:0:tZm9v", "selected_option": {"value": "page:1:everything:"}},
        {"action_id": "menu:0:tZm9v", "selected_option": {"value": "context:0::" + "x" * 151}},
        {"action_id": "menu:0:tZm9v", "selected_option": {"value": "ask:0::=2.2.x"}},
        {"action_id": "menu:0:tZm9v", "selected_option": {"value": "ask:0::=9999.0.x"}},
        {"action_id": "menu:0:tZm9v", "selected_option": {"value": "ask:0::=0.0." + "x" * 200}},
        {"action_id": "menu:0:t%%%", "selected_option": {"value": "page:x"}},
        {"action_id": "menu:0:tA", "selected_option": {"value": "page:1::"}},
        {"action_id": "menu:0:t_w", "selected_option": {"value": "page:1::"}},
        {"action_id": "menu:0:xZm9v", "selected_option": {"value": "page:1::"}},
        {"action_id": "menu:0:zZm9v", "selected_option": {"value": "page:1::"}},
        {"action_id": "menu:0:z" + encode(b"x" * 100_000_000), "selected_option": {"value": "page:1::"}},
        {"action_id": "menu:0:z" + encode(b"x" * 1500), "selected_option": {"value": "page:1::"}},
        {"action_id": "explode:1", "value": '{"asked": "x"}'},
        {"action_id": "page:1", "value": "no JSON"},
        {"action_id": "ask:topic", "selected_option": {"value": "[" * 900}},
    ],
)
def test_made_up_press_is_refused_in_one_sentence(pressed: dict[str, Any]) -> None:
    with pytest.raises(BadQuestion, match=r"^This button belongs to an older answer\. Ask again\.$"):
        decode_press(pressed)


def test_unreadable_menu_is_still_answered() -> None:
    assert get_requested_action({"action_id": "menu:0:t%%%"}) is Action.PAGE
    assert get_requested_action({"action_id": "unknown"}) is None
