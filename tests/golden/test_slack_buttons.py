"""What the buttons of an answer bring: modals, forms, a shared answer; and the App Home."""

from typing import Any

import pytest

from tests.golden.compare import compare
from tests.golden.person import Person
from tests.scenarios.conftest import find_button


def menu_of(view: dict[str, Any]) -> dict[str, Any]:
    """The first menu of a modal."""
    menu: dict[str, Any] = next(block for block in view["blocks"] if block["type"] == "actions")["elements"][0]
    return menu


@pytest.mark.parametrize(
    ("name", "command", "text"),
    [
        ("briefing", "/briefing", "labour-crisis"),
        ("whosaid", "/whosaid", "lynch-mob"),
        ("whosaid_undated", "/whosaid", "cynical attempt"),
        ("narration", "/whosaid", "Noisy pro-Corbyn demonstrators gathered"),
    ],
)
async def test_words_are_read_in_their_article_as_before(person: Person, name: str, command: str, text: str) -> None:
    """The modal that says to wait, the one that shows the words."""
    answer = await person.run_command(command, text)
    await person.send_for_view(person.button(answer, "Read in context"))
    compare(f"slack/modals/context_{name}.json", await person.everything_sent())


async def test_every_line_of_a_briefing_is_read_in_its_article_as_before(person: Person) -> None:
    """By the menu of the modal, one after the other."""
    view = await person.send_for_view(
        person.button(await person.run_command("/briefing", "labour-crisis"), "Read in context")
    )
    menu = menu_of(view)
    for option in menu["options"]:
        await person.send_for_view(person.slack.pick(view, menu["action_id"], option["value"]), 1)
    compare("slack/modals/context_every_line.json", person.stand_in.views)


async def test_wordings_stand_side_by_side_as_before(person: Person) -> None:
    """What differs is marked."""
    for words in ("lynch-mob", "abundantly clear"):
        await person.send_for_view(person.button(await person.run_command("/whosaid", words), "Compare the wordings"))
    compare("slack/modals/wordings.json", await person.everything_sent())


async def test_what_looks_wrong_is_told_in_a_form_as_before(person: Person) -> None:
    """The form, what it refuses, and the thanks."""
    form = await person.send_for_view(
        person.button(await person.run_command("/briefing", "labour-crisis"), "This looks wrong")
    )
    line = next(block for block in form["blocks"] if block.get("block_id") == "line")["element"]["options"][0]["value"]
    await person.send(person.slack.submit(form))
    await person.send(person.slack.submit(form, line=line, kind="made up"))
    await person.send(person.slack.submit(form, line=line, kind="wrong speaker", comment="*She* said it"))
    await person.send_for_view(person.button(await person.run_command("/whosaid", "lynch-mob"), "This looks wrong"))
    compare("slack/modals/feedback.json", await person.everything_sent())


async def test_an_answer_is_shared_as_before(person: Person) -> None:
    """What stands in the channel, what the sharer sees, and what a second press says."""
    for command, text, ts in (("/briefing", "labour-crisis", "5.1"), ("/whosaid", "lynch-mob", "5.2")):
        answer = await person.run_command(command, text)
        for _ in range(2):
            await person.send_for_answer(person.button(answer, "Share", message=ts))
    compare("slack/share/shared.json", await person.everything_sent())


@pytest.mark.parametrize("error", ["not_in_channel", "is_archived", "restricted_action", "invalid_blocks"])
async def test_what_cannot_be_shared_is_told_as_before(person: Person, error: str) -> None:
    """In one sentence, or as text alone."""
    person.stand_in.replies["chat.postMessage"] = [{"ok": False, "error": error}]
    await person.send_for_answer(person.button(await person.run_command("/whosaid", "lynch-mob"), "Share"))
    compare(f"slack/share/{error}.json", await person.everything_sent())


async def test_a_modal_that_opens_too_late_is_told_as_before(person: Person) -> None:
    """Slack says that the moment is over."""
    answer = await person.run_command("/whosaid", "lynch-mob")
    person.stand_in.replies["views.open"] = [{"ok": False, "error": "expired_trigger_id"}]
    await person.send_for_answer(person.button(answer, "Read in context"))
    compare("slack/notices/modal_too_late.json", await person.everything_sent())


async def test_an_answer_whose_address_is_used_up_comes_anew_as_before(person: Person) -> None:
    """As a fresh message."""
    answer = await person.run_command("/briefing", "labour-crisis")
    person.stand_in.statuses = [404]
    count = len(person.stand_in.answers) + 2
    await person.send(person.button(answer, "Whole briefing"))
    await person.stand_in.wait_for_answer(count)
    compare("slack/notices/address_used_up.json", await person.everything_sent())


async def test_the_home_is_as_before(person: Person) -> None:
    """Of who looks after the bot, with a doubt and a digest, and of anybody."""
    form = await person.send_for_view(
        person.button(await person.run_command("/whosaid", "lynch-mob"), "This looks wrong")
    )
    line = next(block for block in form["blocks"] if block.get("block_id") == "line")["element"]["options"][0]["value"]
    await person.send(person.slack.submit(form, line=line, kind="other"))
    await person.run_command("/digest", "labour-crisis weekdays at 8:30")
    compare("slack/home/admin.json", await person.open_home())
    compare("slack/home/anybody.json", await person.open_home("U2"))


async def test_the_buttons_of_the_home_bring_what_they_did(person: Person) -> None:
    """A topic in a modal, all of it, a line in its article, the form of a digest."""
    home = await person.open_home()
    modal = await person.send_for_view(person.slack.press_in(home, find_button(home, "Labour")))
    whole = await person.send_for_view(person.slack.press_in(modal, find_button(modal, "Whole briefing")), 1)
    await person.send_for_view(person.slack.press_in(whole, find_button(whole, "Read in context")))
    await person.send_for_view(person.slack.press_in(home, find_button(home, "New digest")))
    compare("slack/home/modals.json", await person.everything_sent())
