"""Buttons of an answer: modals, the feedback form and sharing. Also the App Home."""

from typing import Any

import pytest

from tests.golden.compare import compare
from tests.golden.person import Person
from tests.scenarios.conftest import find_button


def get_menu(view: dict[str, Any]) -> dict[str, Any]:
    """Return the first menu of a modal."""
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
async def test_context_modal(person: Person, name: str, command: str, text: str) -> None:
    """The loading view, and the view with the words in their article."""
    answer = await person.run_command(command, text)
    await person.send_for_view(person.button(answer, "Read in context"))
    compare(f"slack/modals/context_{name}.json", await person.collect_received())


async def test_context_of_every_line_of_a_briefing(person: Person) -> None:
    """The person selects each line in the menu of the modal."""
    view = await person.send_for_view(
        person.button(await person.run_command("/briefing", "labour-crisis"), "Read in context")
    )
    menu = get_menu(view)
    for option in menu["options"]:
        await person.send_for_view(person.slack.pick(view, menu["action_id"], option["value"]), 1)
    compare("slack/modals/context_every_line.json", person.stand_in.views)


async def test_wordings_modal(person: Person) -> None:
    """The differences are marked."""
    for words in ("lynch-mob", "amazed by"):
        await person.send_for_view(person.button(await person.run_command("/whosaid", words), "Compare the wordings"))
    compare("slack/modals/wordings.json", await person.collect_received())


async def test_feedback_form(person: Person) -> None:
    """The form, its validation errors, and the confirmation."""
    form = await person.send_for_view(
        person.button(await person.run_command("/briefing", "labour-crisis"), "This looks wrong")
    )
    await person.send(person.slack.submit(form))
    await person.send(person.slack.submit(form, kind="made up"))
    await person.send(person.slack.submit(form, kind="wrong speaker", comment="*She* said it"))
    await person.send_for_view(person.button(await person.run_command("/whosaid", "lynch-mob"), "This looks wrong"))
    compare("slack/modals/feedback.json", await person.collect_received())


async def test_shared_answer(person: Person) -> None:
    """The post in the channel, the confirmation, and the answer to a second press."""
    for command, text, ts in (("/briefing", "labour-crisis", "5.1"), ("/whosaid", "lynch-mob", "5.2")):
        answer = await person.run_command(command, text)
        for _ in range(2):
            await person.send_for_answer(person.button(answer, "Share", message=ts))
    compare("slack/share/shared.json", await person.collect_received())


@pytest.mark.parametrize("error", ["not_in_channel", "is_archived", "restricted_action", "invalid_blocks"])
async def test_answer_that_cannot_be_shared(person: Person, error: str) -> None:
    """The error is explained in one sentence, or the answer is shared as plain text."""
    person.stand_in.replies["chat.postMessage"] = [{"ok": False, "error": error}]
    await person.send_for_answer(person.button(await person.run_command("/whosaid", "lynch-mob"), "Share"))
    compare(f"slack/share/{error}.json", await person.collect_received())


async def test_modal_with_an_expired_trigger(person: Person) -> None:
    answer = await person.run_command("/whosaid", "lynch-mob")
    person.stand_in.replies["views.open"] = [{"ok": False, "error": "expired_trigger_id"}]
    await person.send_for_answer(person.button(answer, "Read in context"))
    compare("slack/notices/modal_too_late.json", await person.collect_received())


async def test_answer_after_the_response_url_expired(person: Person) -> None:
    """The answer comes as a new message."""
    answer = await person.run_command("/briefing", "labour-crisis")
    person.stand_in.statuses = [404]
    count = len(person.stand_in.answers) + 2
    await person.send(person.button(answer, "Full briefing"))
    await person.stand_in.wait_for_answer(count)
    compare("slack/notices/address_used_up.json", await person.collect_received())


async def test_app_home(person: Person) -> None:
    """The App Home of an admin with a report and a digest, and of another person."""
    form = await person.send_for_view(
        person.button(await person.run_command("/whosaid", "lynch-mob"), "This looks wrong")
    )
    await person.send(person.slack.submit(form, kind="other"))
    await person.run_command("/digest", "labour-crisis weekdays at 8:30")
    compare("slack/home/admin.json", await person.open_home())
    compare("slack/home/anybody.json", await person.open_home("U2"))


async def test_buttons_of_the_app_home(person: Person) -> None:
    """A topic in a modal, the whole briefing, the context of a line, and the digest form."""
    home = await person.open_home()
    modal = await person.send_for_view(person.slack.press_in(home, find_button(home, "Labour")))
    whole = await person.send_for_view(person.slack.press_in(modal, find_button(modal, "Full briefing")), 1)
    await person.send_for_view(person.slack.press_in(whole, find_button(whole, "Read in context")))
    await person.send_for_view(person.slack.press_in(home, find_button(home, "New digest")))
    compare("slack/home/modals.json", await person.collect_received())
