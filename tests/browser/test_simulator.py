"""A person tries the bot in the local workspace, in Chromium: types, reads, clicks, follows a source.

The bot here is a small Bolt app that gets signed requests over HTTP and answers by response_url and Web API: it sends
what our own bot does not, modals, refused blocks, messages for the whole channel.
"""

from collections.abc import AsyncIterator
from typing import Any

import pytest
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


@pytest.fixture
async def home() -> AsyncIterator[str]:
    async with small_bot(listen) as home:
        yield home


@pytest.fixture
async def visit(chromium: Browser, home: str, request: pytest.FixtureRequest) -> AsyncIterator[Visit]:
    async with visiting(chromium, home, getattr(request, "param", {"viewport": DESKTOP})) as visit:
        yield visit


async def test_a_person_asks_for_a_briefing_and_follows_a_source(visit: Visit) -> None:
    """The typed command comes back as blocks; its source link opens the publisher's page, which learns nothing."""
    await visit.type("/briefing labour-crisis")
    answer = visit.page.get_by_role("article", name="On the Record")
    await expect(answer.get_by_role("heading", name="The harbour vote")).to_be_visible()
    assert visit.external_requests == []
    source = await visit.follow(answer.get_by_role("link", name="The Example").first)
    assert visit.external_requests == [SOURCE.partition("#")[0]]
    assert await source.evaluate("[document.referrer, window.opener]") == ["", None]


async def test_what_is_hostile_in_an_answer_stays_text(visit: Visit) -> None:
    """Markup in what was typed is shown as typed, quotes curled as Slack's clients do, by the bot and by the page."""
    await visit.type('/whosaid "<img src=x onerror=alert(1)>"')
    answer = visit.page.get_by_role("article", name="On the Record")
    await expect(answer).to_contain_text("@channel")
    assert await visit.page.locator("#log img").count() == 0


async def test_a_payload_slack_would_refuse_is_shown_as_refused(visit: Visit) -> None:
    """3,001 characters in a section are not drawn; the page says why and shows the payload."""
    await visit.type("/whosaid too much")
    refusal = visit.page.locator(".refusal")
    await expect(refusal).to_contain_text("Slack would refuse this: invalid_blocks")
    await expect(refusal).to_contain_text("must be less than 3001 characters [json-pointer:/blocks/0/text/text]")


async def test_a_click_replaces_the_message(visit: Visit) -> None:
    """A button's block_actions reach the bot, whose replace_original changes the message, and the focus stays there."""
    await visit.type("/briefing labour-crisis")
    await visit.page.get_by_role("button", name="Another topic").click()
    answer = visit.page.get_by_role("article", name="On the Record")
    await expect(answer).to_contain_text("Replaced by a click")
    await expect(answer).to_have_count(1)
    await expect(answer).to_be_focused()


async def test_a_modal_is_filled_in_sent_back_and_submitted(visit: Visit) -> None:
    """views.open shows the modal, errors stand by their field, and a good answer closes it."""
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


async def test_the_keyboard_alone_is_enough(visit: Visit) -> None:
    """From the page's start: type, send, tab past the command to the answer's source, go back in what was typed."""
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
async def test_nothing_runs_out_of_the_page(visit: Visit) -> None:
    """At either width, in either scheme, the answer fits and the composer stays in sight."""
    await visit.type("/briefing labour-crisis")
    await expect(visit.page.get_by_role("button", name="Another topic")).to_be_in_viewport()
    await visit.check_layout()
    assert await find_violations(visit.page) == []
