"""Parts of the local workspace in Chromium: command menu, threads, private messages, modals and developer view.

The bot is a small Bolt app that uses all of them.
"""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.browser.axe import find_violations
from tests.browser.visit import DESKTOP, LOOK_NAMES, LOOKS, Visit, visiting
from tests.browser.workspaces import small_bot

pytestmark = pytest.mark.browser

Args = dict[str, Any]


def plain(text: str) -> Args:
    return {"type": "plain_text", "text": text}


def option(name: str) -> Args:
    return {"text": plain(name.capitalize()), "value": name}


def input_block(name: str, element: Args, **more: Any) -> Args:
    return {
        "type": "input",
        "block_id": name,
        "label": plain(name.capitalize()),
        "element": {**element, "action_id": name},
        **more,
    }


DAYS = [option("monday"), option("friday")]
FORM: Args = {
    "type": "modal",
    "callback_id": "form",
    "title": plain("All the inputs"),
    "submit": plain("Send"),
    "blocks": [
        input_block("words", {"type": "plain_text_input", "max_length": 20}, hint=plain("Any words")),
        input_block("notes", {"type": "plain_text_input", "multiline": True}, optional=True),
        input_block("day", {"type": "static_select", "options": DAYS, "initial_option": DAYS[1]}),
        input_block("days", {"type": "checkboxes", "options": DAYS}),
        input_block("one", {"type": "radio_buttons", "options": DAYS, "initial_option": DAYS[0]}),
        input_block("many", {"type": "multi_static_select", "options": DAYS, "initial_options": DAYS}, optional=True),
        input_block("time", {"type": "timepicker", "initial_time": "08:30"}),
        input_block("date", {"type": "datepicker"}, optional=True),
        input_block("place", {"type": "conversations_select", "default_to_current_conversation": True}),
    ],
}
STOP = {
    "type": "button",
    "action_id": "stop",
    "text": plain("Stop"),
    "confirm": {
        "title": plain("Stop it?"),
        "text": plain("It never comes again."),
        "confirm": plain("Stop it"),
        "deny": plain("Keep it"),
    },
}
PUSH = {"type": "button", "action_id": "push", "text": plain("Another view")}
ROWS = [
    {
        "type": "actions",
        "block_id": "row",
        "elements": [STOP, {"type": "button", "action_id": "form", "text": plain("Form")}],
    }
]


def view(title: str, *blocks: Args) -> Args:
    return {"type": "modal", "title": plain(title), "blocks": [{"type": "section", "text": plain(title)}, *blocks]}


def listen(bolt: AsyncApp) -> None:
    @bolt.command("/briefing")
    async def briefing(ack: Any, respond: Any) -> None:
        await ack()
        await respond(text="Two buttons", blocks=ROWS)

    @bolt.action("stop")
    async def stop(ack: Any, respond: Any) -> None:
        await ack()
        await respond(text="Stopped", replace_original=True)

    @bolt.action("form")
    async def form(ack: Any, client: AsyncWebClient, body: Args) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=FORM)

    @bolt.view("form")
    async def filled(ack: Any, view: Args) -> None:
        values = {name: value[name] for name, value in view["state"]["values"].items()}
        if values["words"]["value"] == "none":
            await ack(response_action="errors", errors={"words": "Other words, please.", "days": "Another day."})
            return
        await ack(response_action="update", view=second_view(format_values(values)))

    @bolt.action("push")
    async def push(ack: Any, client: AsyncWebClient, body: Args) -> None:
        await ack()
        await client.views_push(trigger_id=body["trigger_id"], view=view("The third view"))

    @bolt.event("app_mention")
    async def mentioned(event: Args, client: AsyncWebClient) -> None:
        thread = event.get("thread_ts", event["ts"])
        await client.chat_postMessage(channel=event["channel"], thread_ts=thread, text="Answered below", blocks=ROWS)

    @bolt.shortcut("echo")
    async def echo(ack: Any, respond: Any, body: Args) -> None:
        await ack()
        await respond(f"Echo: {body['message']['text']}")


def format_values(values: Args) -> str:
    """Format the submitted values in the order of the form."""
    texts = [
        str(part.get("value") or part.get("selected_time") or part.get("selected_conversation") or "")
        for part in values.values()
    ]
    options = [part.get("selected_options") or [part.get("selected_option")] for part in values.values()]
    selections = [" ".join(option["value"] for option in some if option) for some in options]
    return " | ".join(a or b or "-" for a, b in zip(texts, selections, strict=True))


def second_view(text: str) -> Args:
    return view("The next view", {"type": "section", "text": plain(text)}, {"type": "actions", "elements": [PUSH]})


@pytest_asyncio.fixture(loop_scope="session")
async def visit(chromium: Browser, request: pytest.FixtureRequest) -> AsyncIterator[Visit]:
    async with (
        small_bot(listen) as home,
        visiting(chromium, home, getattr(request, "param", {"viewport": DESKTOP})) as visit,
    ):
        yield visit


@pytest.mark.parametrize("visit", LOOKS, ids=LOOK_NAMES, indirect=True)
async def test_command_menu_works_by_keyboard(visit: Visit) -> None:
    """Typing "/" opens the menu. Keys filter, move, choose and close, and nothing is sent."""
    page, line = visit.page, visit.page.get_by_role("combobox", name="Message or command")
    menu = page.get_by_role("listbox", name="Commands")
    await page.keyboard.type("/")
    await expect(menu.get_by_role("option")).to_have_count(3)
    await expect(menu.get_by_role("option", selected=True)).to_contain_text("/briefing topic or words")
    assert await find_violations(page) == []
    await page.keyboard.press("ArrowDown")
    await expect(menu.get_by_role("option", selected=True)).to_contain_text("/whosaid")
    await expect(line).to_have_attribute("aria-activedescendant", "command-2")
    await page.keyboard.press("ArrowUp")
    await page.keyboard.press("ArrowUp")
    await expect(menu.get_by_role("option", selected=True)).to_contain_text("/invite")
    await page.keyboard.press("Escape")
    await expect(menu).to_be_hidden()
    await expect(line).to_have_attribute("aria-expanded", "false")
    await page.keyboard.type("w")
    await expect(menu.get_by_role("option")).to_have_count(1)
    await page.keyboard.press("Enter")
    await expect(line).to_have_value("/whosaid ")
    await expect(page.locator("#usage")).to_have_text("/whosaid words")
    await expect(line).to_be_focused()
    await line.fill("")
    await page.get_by_role("button", name="Commands").click()
    await menu.get_by_role("option", name="/briefing").click()
    await expect(line).to_have_value("/briefing ")
    await expect(page.get_by_role("article")).to_have_count(0)
    await visit.check_layout()


@pytest.mark.parametrize("visit", LOOKS, ids=LOOK_NAMES, indirect=True)
async def test_thread_is_opened_answered_and_closed(visit: Visit) -> None:
    """Mentions are answered in the thread, and Escape closes it."""
    page = visit.page
    await visit.type("@On the Record hello")
    root = page.get_by_role("log", name="Messages in").get_by_role("article", name="You")
    replies = root.get_by_role("button", name="1 reply")
    await replies.focus()
    await page.keyboard.press("Enter")
    thread = page.get_by_role("complementary", name="Thread")
    await expect(thread.get_by_role("article", name="On the Record")).to_contain_text("Stop")
    await expect(thread.get_by_role("textbox", name="Reply in the thread")).to_be_focused()
    await page.keyboard.type("@On the Record again")
    await page.keyboard.press("Enter")
    await expect(thread.get_by_role("article", name="On the Record")).to_have_count(2)
    await page.keyboard.type("/briefing x")
    await page.keyboard.press("Enter")
    await expect(thread).to_contain_text("/briefing is not supported in threads. Sorry!")
    await thread.get_by_role("button", name="Dismiss").click()
    await expect(thread).not_to_contain_text("Sorry!")
    assert await find_violations(page) == []
    await thread.get_by_role("textbox").focus()
    await page.keyboard.press("Escape")
    await expect(thread).to_be_hidden()
    await expect(root.get_by_role("button", name="3 replies")).to_be_focused()
    await visit.check_layout()
    await page.goto(f"{page.url}#thread-{(await root.get_attribute('id') or '').removeprefix('m-')}")
    await page.reload()
    await expect(thread.get_by_role("article", name="On the Record")).to_have_count(2)


async def test_message_menu_works_by_keyboard(visit: Visit) -> None:
    """Enter opens the menu, and Escape closes it and restores the focus. Shortcut and thread work."""
    page = visit.page
    await visit.type("hello there")
    entry = page.get_by_role("article", name="You")
    opener = entry.get_by_label("More actions on this message")
    await opener.focus()
    await page.keyboard.press("Enter")
    await expect(entry.get_by_role("button", name="Reply in thread")).to_be_visible()
    assert await find_violations(page) == []
    await page.keyboard.press("Tab")
    await page.keyboard.press("Escape")
    await expect(entry.get_by_role("button", name="Echo this")).to_be_hidden()
    await expect(opener).to_be_focused()
    await page.keyboard.press("Enter")
    await entry.get_by_role("button", name="Echo this").press("Enter")
    await expect(page.get_by_role("article", name="On the Record")).to_contain_text("Echo: hello there")
    await opener.press("Enter")
    await entry.get_by_role("button", name="Reply in thread").press("Enter")
    await expect(page.get_by_role("textbox", name="Reply in the thread")).to_be_focused()


async def test_private_message_is_dismissed(visit: Visit) -> None:
    """The message is marked as private and announced. After dismissal, the message field has the focus."""
    page = visit.page
    await visit.type("/briefing x")
    answer = page.get_by_role("article", name="On the Record")
    await expect(answer).to_contain_text("Only visible to you")
    await expect(page.locator("#news")).to_have_text("On the Record: Two buttons")
    await answer.get_by_role("button", name="Dismiss").press("Enter")
    await expect(answer).to_have_count(0)
    await expect(page.locator("#line")).to_be_focused()


@pytest.mark.parametrize("visit", LOOKS, ids=LOOK_NAMES, indirect=True)
async def test_modal_with_every_input(visit: Visit) -> None:
    """Errors appear at their fields. Updates, pushed views and closing move the focus correctly."""
    page = visit.page
    await visit.type("/briefing x")
    opener = page.get_by_role("article", name="On the Record").get_by_role("button", name="Form")
    await opener.press("Enter")
    form = page.get_by_role("dialog", name="All the inputs")
    words = form.get_by_label("Words")
    await expect(words).to_be_focused()
    await form.get_by_role("button", name="Send").press("Enter")
    await expect(form.locator('[data-error="words"], [data-error="days"]')).to_have_text(
        ["Please complete this required field."] * 2
    )
    await expect(words).to_be_focused()
    await words.fill("none")
    await form.get_by_role("group", name="Days").get_by_label("Friday").check()
    await form.get_by_role("button", name="Send").press("Enter")
    await expect(form.get_by_text("Other words, please.")).to_be_visible()
    await expect(words).to_have_attribute("aria-invalid", "true")
    await expect(words).to_have_accessible_description("Any words Other words, please.")
    assert await find_violations(page) == []
    await words.fill("all I could")
    await form.get_by_label("Time").fill("17:00")
    await form.get_by_role("button", name="Send").press("Enter")
    after = page.get_by_role("dialog", name="The next view")
    await expect(after).to_contain_text(
        "all I could | - | friday | friday | monday | monday friday | 17:00 | - | C0LOCAL001"
    )
    await after.get_by_role("button", name="Another view").press("Enter")
    third = page.get_by_role("dialog", name="The third view")
    await expect(third).to_contain_text("View 2 of 2")
    await expect(third.get_by_role("heading")).to_be_focused()
    await third.get_by_role("button", name="Back").press("Enter")
    await expect(after).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(opener).to_be_focused()


async def test_button_with_confirmation_dialog(visit: Visit) -> None:
    """The dialog has the app's texts. Only "Stop it" runs the action."""
    page = visit.page
    await visit.type("/briefing x")
    answer = page.get_by_role("article", name="On the Record")
    await answer.get_by_role("button", name="Stop").click()
    ask = page.get_by_role("dialog", name="Stop it?")
    await expect(ask).to_contain_text("It never comes again.")
    await ask.get_by_role("button", name="Keep it").click()
    await expect(answer.get_by_role("button", name="Stop")).to_be_focused()
    await answer.get_by_role("button", name="Stop").click()
    await ask.get_by_role("button", name="Stop it").click()
    await expect(answer).to_contain_text("Stopped")


@pytest.mark.parametrize("visit", LOOKS, ids=LOOK_NAMES, indirect=True)
async def test_developer_view_shows_limits_and_payloads(visit: Visit) -> None:
    """Each message shows its limit usage, and its requests and responses in both directions."""
    page = visit.page
    await visit.type("/briefing x")
    answer = page.get_by_role("article", name="On the Record")
    await answer.get_by_text("Payload").click()
    await expect(answer.get_by_role("row", name="blocks 1 50", exact=True)).to_be_visible()
    await expect(answer.get_by_role("row", name="elements of an actions block 2 25")).to_be_visible()
    await expect(answer.get_by_role("region", name="Request: response_url")).to_contain_text('"text": "Two buttons"')
    command = page.get_by_role("article", name="You")
    await command.get_by_text("Payload").click()
    await expect(command.get_by_role("region", name="Request: slash command")).to_contain_text('"command": "/briefing"')
    await expect(command.get_by_role("region", name="Answer: slash command")).to_contain_text('"status": 200')
    assert await find_violations(page) == []
    await visit.check_layout()


async def test_simulated_error_happens_once(visit: Visit) -> None:
    """A rate-limited post arrives a moment later, and the error does not repeat."""
    page = visit.page
    await page.locator("#clock").click()
    controls = page.get_by_role("dialog", name="Workspace clock")
    await controls.get_by_label("Error for the bot’s next message").select_option("refused")
    await expect(controls).to_contain_text("No digests yet.")
    await page.keyboard.press("Escape")
    await expect(page.locator("#clock")).to_be_focused()
    for words in ("one", "two"):
        await visit.type(f"@On the Record {words}")
    await expect(page.get_by_role("button", name="1 reply")).to_have_count(1)
