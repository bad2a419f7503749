"""Copied quotations, canvases, files and previews in the local workspace."""

import io
from collections.abc import AsyncIterator, Iterator
from contextlib import closing

import docx
import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer, get_unused_port_socket

from bot.core.settings import Settings
from bot.links import urls
from bot.simulator.mount import build_with_workspace
from bot.simulator.state.model import Message, View
from briefings import BriefingService
from tests.scenarios.conftest import find_button
from tests.scenarios.test_simulator import DIRECT, NEWSROOM, Page
from tests.support.seed_service import open_seed_service

RALLY = "002_494a08902a45e5b0"


@pytest.fixture(scope="module")
def seed_service() -> Iterator[BriefingService]:
    with open_seed_service("sqlite://") as service:
        yield service


@pytest.fixture
async def page(seed_service: BriefingService) -> AsyncIterator[Page]:
    with closing(get_unused_port_socket("127.0.0.1")) as socket:
        port = socket.getsockname()[1]
        app, _ = build_with_workspace(Settings(port=port), seed_service)
        async with TestServer(app, socket_factory=lambda *_: socket), ClientSession() as http:
            yield Page(app, f"http://127.0.0.1:{port}", http)


async def ask(page: Page) -> Message:
    await page.send(do="type", channel=NEWSROOM, text="/whosaid lynch-mob")
    return await page.wait_for_answer(NEWSROOM)


async def choose(page: Page, answer: Message, label: str) -> View:
    """Press a button or choose from a menu, and return the modal when it is filled."""
    choice = find_button({"blocks": answer.blocks}, label)
    await page.send(
        do="act",
        ts=answer.ts,
        block=choice["block_id"],
        action=choice["action_id"],
        chosen=choice["value"] if choice["type"] == "overflow" or "menu" in choice["action_id"] else None,
    )
    await page.wait_until(lambda: bool(page.workspace.modals) and "Loading…" not in str(page.workspace.modals[-1].body))
    return page.workspace.modals[-1]


async def save(page: Page, target: str) -> View:
    form = await choose(page, await ask(page), "Save as canvas or file")
    await page.send(do="submit", view=form.id, values={"target target": target})
    await page.wait_until(lambda: "Save as" not in str(page.workspace.modals[-1].body.get("blocks")))
    await page.wait_until(lambda: "Loading…" not in str(page.workspace.modals[-1].body))
    return page.workspace.modals[-1]


async def test_a_quotation_is_shown_as_plain_text_to_copy(page: Page) -> None:
    modal = await choose(page, await ask(page), "Copy as quote")
    assert "without the rope" in modal.body["blocks"][0]["text"]["text"]
    assert (
        "— John McDonnell (shadow chancellor), International Business Times UK"
        in modal.body["blocks"][0]["text"]["text"]
    )


async def test_a_canvas_is_linked_and_opens(page: Page) -> None:
    modal = await save(page, "canvas")
    text = modal.body["blocks"][0]["text"]["text"]
    assert text.startswith(f"Saved as a canvas: <{page.home}/local/docs/T0LOCAL001/F")
    link = text.partition("<")[2].partition("|")[0]
    response = await page.http.get(link)
    assert (response.status, response.content_type) == (200, "text/plain")
    assert "without the rope" in await response.text()
    assert link in page.list_bot_messages(DIRECT)[-1].text


async def test_a_file_is_linked_in_the_direct_messages_and_opens(page: Page) -> None:
    await save(page, "docx")
    announcement, upload = page.list_bot_messages(DIRECT)[-2:]
    assert "with “lynch-mob”: Word" in announcement.text
    response = await page.http.get(upload.text.partition("<")[2].partition("|")[0])
    assert response.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''quotes-with-lynch-mob")
    paragraphs = docx.Document(io.BytesIO(await response.read())).paragraphs
    assert any("without the rope" in paragraph.text for paragraph in paragraphs)


async def test_a_link_to_our_page_gets_a_preview_below_its_message(page: Page, seed_service: BriefingService) -> None:
    (article,) = seed_service.get_articles([RALLY])
    start = article.text.index("like a lynch-mob without the rope")
    link = page.home + urls.article(RALLY, start, start + 10)
    await page.send(do="type", channel=NEWSROOM, text=f"Look: {link}")
    await page.wait_until(lambda: any(message.unfurls for message in page.workspace.list_changes_since(NEWSROOM, 0)))
    html = await page.fetch(NEWSROOM)
    assert 'class="unfurl"' in html
    assert "John McDonnell (shadow chancellor)" in html


async def test_other_links_get_no_preview(page: Page) -> None:
    for link in ("https://tribune.example/record/search?q=vote", page.home + "/record/people/Nobody"):
        await page.send(do="type", channel=NEWSROOM, text=link)
    assert not any(message.unfurls for message in page.workspace.list_changes_since(NEWSROOM, 0))


@pytest.mark.parametrize(
    ("method", "arguments", "error"),
    [
        ("canvases.create", {"document_content": {"type": "html", "markdown": "x"}}, "canvas_creation_failed"),
        ("canvases.create", {"document_content": "{"}, "invalid_arguments"),
        ("canvases.access.set", {"canvas_id": "F404", "access_level": "write"}, "canvas_not_found"),
        ("canvases.delete", {"canvas_id": "F404"}, "canvas_not_found"),
        ("files.getUploadURLExternal", {"filename": "a.md"}, "invalid_arguments"),
        ("files.getUploadURLExternal", {"filename": "a.md", "length": "99999999999"}, "invalid_arguments"),
        ("files.completeUploadExternal", {"channel_id": NEWSROOM, "files": '[{"id": "F404"}]'}, "file_not_found"),
        ("files.completeUploadExternal", {"channel_id": "C404", "files": "[]"}, "channel_not_found"),
        ("chat.unfurl", {"unfurl_id": "C0LOCAL001/404", "unfurls": {}}, "cannot_find_message"),
        ("chat.unfurl", {"unfurl_id": "C0LOCAL001/404"}, "missing_unfurls"),
    ],
)
async def test_bad_calls_get_slacks_errors(page: Page, method: str, arguments: dict[str, object], error: str) -> None:
    from bot.simulator.web_api import handle_api_call

    assert handle_api_call(page.workspace, method, arguments)["error"] == error


async def test_an_upload_needs_an_address_that_was_given_out(page: Page) -> None:
    response = await page.http.post(f"{page.home}/local/upload/F404", data=b"x")
    assert response.status == 404
    assert (await page.http.get(f"{page.home}/local/files/F404/a.md")).status == 404
