"""Copied quotations, canvases and files over HTTP. The stand-in checks views and messages against Slack's limits."""

import io
import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import docx
import pytest

from bot.listeners.exports import saving
from bot.storage.request_log import RateLimit
from bot.storage.store import Store, open_store
from briefings import BriefingService
from briefings.exports import Format
from tests.scenarios.conftest import Slack, find_button, list_choices, run_bot
from tests.stand_ins.slack import get_visible_text
from tests.support.export_readers import read_csv
from tests.support.seed_service import open_seed_service

FILE_FORMATS = [name.value for name in Format]
LYNCH_MOB = "In fact, it was like a lynch-mob without the rope."


@pytest.fixture(scope="module")
def seed_service() -> Iterator[BriefingService]:
    with open_seed_service("sqlite://") as service:
        yield service


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(open_store(f"sqlite:///{tmp_path}/record.db", RateLimit(60), time.time)) as store:
        yield store


@pytest.fixture
async def slack(seed_service: BriefingService, store: Store) -> AsyncIterator[Slack]:
    async with run_bot(seed_service, store) as slack:
        yield slack


async def ask(slack: Slack, command: str, typed: str) -> dict[str, Any]:
    await slack.post(slack.command(command, typed))
    return await slack.stand_in.wait_for_answer(len(slack.stand_in.answers) + 1)


async def press(slack: Slack, answer: dict[str, Any], label: str) -> dict[str, Any]:
    """Press a button or choose from a menu, and return the modal that it fills."""
    button, count = find_button(answer, label), len(slack.stand_in.views)
    response = await slack.post(slack.press(button["action_id"], button["value"]))
    assert (response.status, await response.text()) == (200, "")
    return await slack.stand_in.wait_for_view(count + 2)


async def save(slack: Slack, target: str, typed: str = "lynch-mob", command: str = "/whosaid") -> dict[str, Any]:
    """Open the form of an answer, submit it, and return the modal that says what happened."""
    form = await press(slack, await ask(slack, command, typed), "Save as canvas or file")
    return await submit(slack, form, target)


async def submit(slack: Slack, form: dict[str, Any], target: str) -> dict[str, Any]:
    count = len(slack.stand_in.views)
    response = await slack.post(slack.submit(form, target=target))
    answer = json.loads(await response.text())
    assert (response.status, answer["response_action"]) == (200, "update")
    assert "Loading…" in get_visible_text(answer["view"])
    return await slack.stand_in.wait_for_view(count + 1)


async def test_copied_quotation_is_plain_text_with_speaker_outlet_day_and_link(slack: Slack) -> None:
    modal = await press(slack, await ask(slack, "/whosaid", "lynch-mob"), "Copy as quote")
    text = modal["blocks"][0]["text"]
    assert text["type"] == "plain_text"
    assert text["text"].startswith("“On Monday night we had the parliamentary Labour party")
    assert LYNCH_MOB in text["text"]
    assert (
        "” — John McDonnell (shadow chancellor), International Business Times UK, Thu 30 Jun 2016, https://www.ibt"
        in text["text"]
    )
    assert modal["title"]["text"] == "Copy as quote"


async def test_every_line_of_a_briefing_and_every_hit_can_be_copied(slack: Slack) -> None:
    for command, typed in (("/briefing", "labour-crisis"), ("/whosaid", "by:Corbyn")):
        answer = await ask(slack, command, typed)
        choices = [choice for choice in list_choices(answer) if choice["text"]["text"] == "Copy as quote"]
        assert choices
        for choice in choices:
            count = len(slack.stand_in.views)
            body = slack.press(choice["action_id"], choice["value"])
            await slack.post(body)
            modal = await slack.stand_in.wait_for_view(count + 2)
            assert " — " in modal["blocks"][0]["text"]["text"]


async def test_a_question_too_long_for_menus_still_offers_all_quotations_to_copy(slack: Slack) -> None:
    words = " OR ".join(f"no{number:03}words{number * 7919:06}" for number in range(60))
    answer = await ask(slack, "/whosaid", f'by:Corbyn about:labour-crisis since:2016-06-01 "{words}"'[:900])
    if any(choice["text"]["text"] == "Copy as quote" for choice in list_choices(answer)):
        modal = await press(slack, answer, "Copy as quote")
        assert modal["blocks"][0]["text"]["type"] == "plain_text"


async def test_an_answer_is_saved_as_a_canvas_for_its_user_only(slack: Slack) -> None:
    slack.stand_in.replies["auth.test"] = [{"ok": True, "url": "https://team.example/", "team_id": "T1"}]
    modal = await save(slack, "canvas")
    (canvas,) = slack.stand_in.canvases
    assert canvas["title"] == "Quotes with “lynch-mob”"
    assert LYNCH_MOB in canvas["document_content"]["markdown"]
    assert canvas["document_content"]["type"] == "markdown"
    assert "channel_id" not in canvas
    access = slack.stand_in.arguments[slack.stand_in.calls.index("canvases.access.set")]
    assert (access["canvas_id"], access["access_level"], access["user_ids"]) == ("F1", "write", "U1")
    assert "Saved as a canvas: <" in get_visible_text(modal)
    assert "/docs/T1/F1|" in get_visible_text(modal)
    (post,) = slack.stand_in.posts
    assert (post["channel"], "/docs/T1/F1|" in post["text"]) == ("U1", True)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("canvas_disabled_user_team", "Canvases are turned off in this workspace."),
        ("free_team_not_allowed", "This workspace's plan doesn't allow canvases."),
        ("free_teams_cannot_create_non_tabbed_canvases", "This workspace's plan allows canvases only in channels."),
        ("missing_scope", "On the Record doesn't have the permission yet. Ask an admin to reinstall the app."),
        ("restricted_action", "An admin has restricted canvases here."),
        ("some_new_error", "Slack didn't create the canvas."),
    ],
)
async def test_without_canvases_the_form_says_why_and_offers_files(slack: Slack, code: str, reason: str) -> None:
    slack.stand_in.replies["canvases.create"] = [{"ok": False, "error": code}]
    form = await save(slack, "canvas")
    assert f"{reason} Choose a file instead." in get_visible_text(form)
    options = form["blocks"][1]["element"]["options"]
    assert [option["value"] for option in options] == ["docx", *[name for name in FILE_FORMATS if name != "docx"]]
    modal = await submit(slack, form, "docx")
    assert "Saved. The file is in your direct messages" in get_visible_text(modal)
    assert slack.stand_in.uploads


async def test_a_canvas_that_its_user_cannot_open_is_deleted(slack: Slack) -> None:
    slack.stand_in.replies["canvases.access.set"] = [{"ok": False, "error": "failed"}]
    form = await save(slack, "canvas")
    assert "Slack didn't share the canvas with you. Choose a file instead." in get_visible_text(form)
    assert slack.stand_in.arguments[slack.stand_in.calls.index("canvases.delete")]["canvas_id"] == "F1"


async def test_an_answer_in_a_modal_can_be_copied_and_saved(slack: Slack) -> None:
    answer = await ask(slack, "/whosaid", "lynch-mob")
    for label, title in (("Copy as quote", "Copy as quote"), ("Save as canvas or file", "Save this answer")):
        choice, count = find_button(answer, label), len(slack.stand_in.views)
        button = {"type": choice["type"], "action_id": choice["action_id"], "value": choice["value"]}
        button["type"] = "overflow" if choice["action_id"].startswith("menu:") else "button"
        await slack.post(slack.press_in({"type": "modal"}, button))
        modal = await slack.stand_in.wait_for_view(count + 2)
        assert modal["title"]["text"] == title
        assert "views.push" in slack.stand_in.calls


async def test_a_canvas_that_may_exist_is_not_created_again(slack: Slack) -> None:
    slack.stand_in.replies["canvases.create"] = [{"ok": True}]  # without an id
    modal = await save(slack, "canvas")
    assert "Slack didn't confirm the canvas." in get_visible_text(modal)
    assert "submit" not in modal
    assert slack.stand_in.calls.count("canvases.create") == 1
    assert "canvases.access.set" not in slack.stand_in.calls


@pytest.mark.parametrize("name", FILE_FORMATS)
async def test_an_answer_is_uploaded_in_every_format_to_the_users_messages(slack: Slack, name: str) -> None:
    modal = await save(slack, name)
    assert "Saved. The file is in your direct messages" in get_visible_text(modal)
    (upload,), (file,), (post,) = slack.stand_in.uploads, slack.stand_in.files, slack.stand_in.posts
    assert post["channel"] == "U1"
    assert file["channel_id"] == "D1"
    assert file["files"][0]["title"] == "Quotes with “lynch-mob”"
    assert upload["filename"].startswith("quotes-with-lynch-mob")
    assert int(upload["length"]) == len(upload["content"])
    if name == "docx":
        paragraphs = docx.Document(io.BytesIO(upload["content"])).paragraphs
        assert any(LYNCH_MOB in paragraph.text for paragraph in paragraphs)
    elif name == "csv":
        assert LYNCH_MOB in read_csv(upload["content"])[0]["text"]
    else:
        assert b"lynch-mob without the rope" in upload["content"]


async def test_a_briefing_is_saved_whole(slack: Slack) -> None:
    await save(slack, "md", "labour-crisis", "/briefing")
    content = slack.stand_in.uploads[0]["content"].decode()
    for heading in ("## Latest", "## Day by day", "## Who said what", "## Sources"):
        assert heading in content


@pytest.mark.parametrize(
    ("method", "code", "reason"),
    [
        ("chat.postMessage", "cannot_dm_bot", "Open your direct messages with On the Record first"),
        ("chat.postMessage", "ratelimited", "Slack is busy."),
        ("files.getUploadURLExternal", "missing_scope", "Ask an admin to reinstall the app."),
        ("files.getUploadURLExternal", "storage_limit_reached", "no room for more files"),
        ("files.completeUploadExternal", "not_in_channel", "Open your direct messages with On the Record first"),
        ("files.completeUploadExternal", "new_error", "Slack didn't accept the file. Please try again in a minute."),
    ],
)
async def test_a_file_that_slack_refuses_is_explained_in_one_sentence(
    slack: Slack, method: str, code: str, reason: str
) -> None:
    slack.stand_in.replies[method] = [{"ok": False, "error": code}] * 4
    modal = await save(slack, "md")
    assert reason in get_visible_text(modal)
    if method != "chat.postMessage":  # the announcement of the file is corrected
        update = slack.stand_in.arguments[slack.stand_in.calls.index("chat.update")]
        assert reason.split(".")[0] in update["text"].replace("\u2060", "")


async def test_a_canvas_over_slacks_limit_is_offered_as_a_file(slack: Slack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saving, "MAX_CANVAS_BYTES", 10)
    form = await save(slack, "canvas")
    assert "This answer is too long for a canvas. Choose a file instead." in get_visible_text(form)
    assert not slack.stand_in.canvases


@pytest.mark.parametrize(
    ("metadata", "target", "reason"),
    [
        ("", "docx", "This button belongs to an older answer."),
        ("{}", "docx", "This button belongs to an older answer."),
        ('{"asked": "/whosaid lynch-mob"}', "exe", "Choose what to save the answer as."),
        ('{"asked": "/whosaid lynch-mob"}', "", "Choose what to save the answer as."),
        ('{"asked": "rm -rf /"}', "docx", "This button belongs to an older answer."),
    ],
)
async def test_a_forged_form_saves_nothing(slack: Slack, metadata: str, target: str, reason: str) -> None:
    form = await press(slack, await ask(slack, "/whosaid", "lynch-mob"), "Save as canvas or file")
    modal = await submit(slack, form | {"private_metadata": metadata}, target)
    assert reason in get_visible_text(modal)
    assert [*slack.stand_in.canvases, *slack.stand_in.uploads, *slack.stand_in.posts] == []


async def test_a_submission_that_slack_repeats_is_saved_once(slack: Slack) -> None:
    form = await press(slack, await ask(slack, "/whosaid", "lynch-mob"), "Save as canvas or file")
    body, count = slack.submit(form, target="canvas"), len(slack.stand_in.views)
    for _ in range(3):
        assert (await slack.post(body)).status == 200
    await slack.stand_in.wait_for_view(count + 1)
    await slack.bot.close()
    assert len(slack.stand_in.canvases) == 1
