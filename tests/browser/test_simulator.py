"""The local workspace in Chromium: commands, buttons, modals and links.

The bot here is a small Bolt app with signed requests, response_urls and the Web API. It sends payloads that the real
bot does not send, for example rejected blocks and public messages.
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

SOURCE = "https://news.example/2016/jun/30/harbour-vote#:~:text=the%20dock"

Args = dict[str, Any]


def section(text: str, **rest: object) -> Args:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **rest}


def button(label: str, action_id: str) -> Args:
    return {"type": "button", "text": {"type": "plain_text", "text": label}, "action_id": action_id, "value": "v"}


BRIEFING = [
    {"type": "header", "text": {"type": "plain_text", "text": "The harbour vote"}},
    {"type": "context", "elements": [{"type": "mrkdwn", "text": "As of 30 June 2016 · 4 articles, 2 outlets"}]},
    section("*Where it stands*\nThe council votes on Friday, &amp; nobody knows how. <" + SOURCE + "|The Example>"),
    {"type": "divider"},
    section("*Who said what*\n&gt; “I did all I could” – _Ada Marsh_, mayor <" + SOURCE + "|The Example>"),
    section("*Where sources differ*", fields=[{"type": "mrkdwn", "text": f"*Paper {n}*\n{n}00 jobs"} for n in (3, 5)]),
    {"type": "actions", "elements": [button("Another topic", "again"), button("Ask me", "ask")]},
]
MODAL = {
    "type": "modal",
    "callback_id": "asked",
    "title": {"type": "plain_text", "text": "Who said it?"},
    "submit": {"type": "plain_text", "text": "Look it up"},
    "blocks": [
        {
            "type": "input",
            "block_id": "words",
            "label": {"type": "plain_text", "text": "Words"},
            "element": {"type": "plain_text_input", "action_id": "words"},
        }
    ],
}


def listen(bolt: AsyncApp) -> None:
    @bolt.command("/briefing")
    async def briefing(ack: Any, respond: Any, command: Args) -> None:
        await ack()
        await respond(text=f"A briefing on {command['text']}", blocks=BRIEFING, response_type="in_channel")

    @bolt.command("/whosaid")
    async def whosaid(ack: Any, respond: Any, command: Args) -> None:
        await ack()
        if command["text"] == "too much":
            await respond(text="too much", blocks=[section("x" * 3001)])
        else:
            await respond(f"Nobody is quoted with {command['text']} <!channel>")

    @bolt.action("again")
    async def again(ack: Any, respond: Any) -> None:
        await ack()
        await respond(text="Replaced", blocks=[section("*Replaced* by a click")], replace_original=True)

    @bolt.action("ask")
    async def ask(ack: Any, client: AsyncWebClient, body: Args) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=MODAL)

    @bolt.view("asked")
    async def submitted(ack: Any, client: AsyncWebClient, body: Args, view: Args) -> None:
        words = view["state"]["values"]["words"]["words"]["value"]
        if len(words) < 3:
            await ack(response_action="errors", errors={"words": "Three letters at least."})
            return
        await ack()
        await client.chat_postMessage(channel=body["user"]["id"], text=f"You asked for {words}")


@pytest_asyncio.fixture(loop_scope="session")
async def home() -> AsyncIterator[str]:
    async with small_bot(listen) as home:
        yield home


@pytest_asyncio.fixture(loop_scope="session")
async def visit(chromium: Browser, home: str, request: pytest.FixtureRequest) -> AsyncIterator[Visit]:
    async with visiting(chromium, home, getattr(request, "param", {"viewport": DESKTOP})) as visit:
        yield visit


async def test_command_is_answered_and_source_link_opens(visit: Visit) -> None:
    """The answer is drawn from blocks. Its source link opens the publisher's page without a referrer."""
    await visit.type("/briefing labour-crisis")
    answer = visit.page.get_by_role("article", name="On the Record")
    await expect(answer.get_by_role("heading", name="The harbour vote")).to_be_visible()
    assert visit.external_requests == []
    source = await visit.follow(answer.get_by_role("link", name="The Example").first)
    assert visit.external_requests == [SOURCE.partition("#")[0]]
    assert await source.evaluate("[document.referrer, window.opener]") == ["", None]


async def test_hostile_text_in_answer_stays_text(visit: Visit) -> None:
    """Typed markup is shown as text, with curly quotes as in Slack's clients."""
    await visit.type('/whosaid "<img src=x onerror=alert(1)>"')
    answer = visit.page.get_by_role("article", name="On the Record")
    await expect(answer).to_contain_text("@channel")
    assert await visit.page.locator("#log img").count() == 0


async def test_payload_that_slack_would_reject_is_shown_as_rejected(visit: Visit) -> None:
    """A section of 3,001 characters is not drawn. The page shows the reason and the payload."""
    await visit.type("/whosaid too much")
    refusal = visit.page.locator(".refusal")
    await expect(refusal).to_contain_text("Slack would refuse this: invalid_blocks")
    await expect(refusal).to_contain_text("must be less than 3001 characters [json-pointer:/blocks/0/text/text]")


async def test_button_replaces_message(visit: Visit) -> None:
    """The bot replaces the message with replace_original, and the message keeps the focus."""
    await visit.type("/briefing labour-crisis")
    await visit.page.get_by_role("button", name="Another topic").click()
    answer = visit.page.get_by_role("article", name="On the Record")
    await expect(answer).to_contain_text("Replaced by a click")
    await expect(answer).to_have_count(1)
    await expect(answer).to_be_focused()


async def test_modal_is_rejected_corrected_and_submitted(visit: Visit) -> None:
    """Errors appear at their field, and valid input closes the modal."""
    await visit.type("/briefing labour-crisis")
    await visit.page.get_by_role("button", name="Ask me").click()
    modal = visit.page.get_by_role("dialog")
    await modal.get_by_label("Words").fill("a")
    await modal.get_by_role("button", name="Look it up").click()
    await expect(modal.get_by_text("Three letters at least.")).to_be_visible()
    await modal.get_by_label("Words").fill("all I could")
    await modal.get_by_role("button", name="Look it up").click()
    await expect(modal).to_be_hidden()
    await visit.page.get_by_role("link", name="On the Record").click()
    await expect(visit.page.get_by_role("log")).to_contain_text("You asked for all I could")


async def test_workspace_works_by_keyboard(visit: Visit) -> None:
    """Keys send a command, reach the answer's source link, and recall the command."""
    await expect(visit.page.get_by_role("combobox")).to_be_focused()
    await visit.page.keyboard.type("/briefing labour-crisis\n")
    await expect(visit.page.get_by_role("heading", name="The harbour vote")).to_be_visible()
    command = visit.page.get_by_role("article", name="You")
    await visit.page.get_by_role("log").focus()
    await visit.page.keyboard.press("Tab")
    await expect(command.get_by_role("button", name="Dismiss")).to_be_focused()
    await visit.page.keyboard.press("Tab")
    await expect(command.locator("summary")).to_be_focused()
    await visit.page.keyboard.press("Tab")
    await expect(visit.page.get_by_role("link", name="The Example").first).to_be_focused()
    await visit.page.get_by_role("combobox").focus()
    await visit.page.keyboard.press("ArrowUp")
    await expect(visit.page.get_by_role("combobox")).to_have_value("/briefing labour-crisis")


@pytest.mark.parametrize("visit", LOOKS, indirect=True, ids=LOOK_NAMES)
async def test_answers_fit_the_page(visit: Visit) -> None:
    """At both widths and in both colour schemes, the answer fits and the composer stays visible."""
    await visit.type("/briefing labour-crisis")
    await expect(visit.page.get_by_role("button", name="Another topic")).to_be_in_viewport()
    await visit.check_layout()
    assert await find_violations(visit.page) == []
