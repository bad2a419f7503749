"""The form of a digest, over HTTP: it schedules and edits, and shows errors at their fields."""

import json
from typing import Any

import pytest

from bot.digests.model import WhenNothing
from bot.storage.store import Store
from tests.scenarios.conftest import Slack, find_button
from tests.scenarios.slack_digests.conftest import list_digests, send_digest_command
from tests.stand_ins.slack import get_visible_text


async def test_edit_opens_the_filled_in_form(slack: Slack, store: Store) -> None:
    """What is saved replaces the digest's settings. The start of an interval stays."""
    await send_digest_command(slack, "milldon-flood every other Monday at 9")
    (before,) = await list_digests(store)
    await slack.post(slack.command("/digest", "edit 1"))
    view = await slack.stand_in.wait_for_view()
    elements = {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}
    assert view["title"]["text"] == "Edit digest"
    assert elements["topic"]["initial_option"]["value"] == "milldon-flood"
    assert elements["repeat"]["initial_option"]["value"] == "other week"
    assert [option["value"] for option in elements["days"]["initial_options"]] == ["Monday"]
    assert elements["time"]["initial_time"] == "09:00"
    assert elements["zone"]["initial_option"]["value"] == "Europe/London"
    values: dict[str, Any] = {"topic": "milldon-flood", "repeat": "other week", "days": ["Monday"], "time": "10:15"}
    response = await slack.post(slack.submit(view, **values, zone="Europe/London", nothing="silent"))
    reply = json.loads(await response.text())
    assert "now comes every other Monday at 10:15" in get_visible_text(reply["view"])
    (after,) = await list_digests(store)
    assert after.config.schedule.rules[0].start == before.config.schedule.rules[0].start


async def test_schedule_with_several_rules_is_edited_in_words(slack: Slack, store: Store) -> None:
    await send_digest_command(slack, "milldon-flood weekdays at 8:30 and weekends at 10")
    digest_list = await send_digest_command(slack, "list")
    button = find_button(digest_list, "Edit")
    await slack.post(slack.press(button["action_id"], button["value"]))
    view = await slack.stand_in.wait_for_view()
    elements = {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}
    assert elements["schedule"]["initial_value"] == "weekdays at 08:30 and weekends at 10:00"
    assert "initial_options" not in elements["days"]
    values = {"words": "burst its banks", "schedule": "weekdays at 9 and Sundays at 11", "zone": "Asia/Kolkata"}
    await slack.post(slack.submit(view, **values, nothing="silent"))
    (digest,) = await list_digests(store)
    assert digest.config.schedule.stored_text == "0,1,2,3,4 09:00;6 11:00"
    assert (digest.config.query, digest.config.zone) == ("burst its banks", "Asia/Kolkata")


async def test_form_of_another_owner_changes_nothing(slack: Slack, store: Store) -> None:
    await send_digest_command(slack, "milldon-flood weekdays at 8:30")
    refusal = await send_digest_command(slack, "edit 1", user_id="U2")
    assert "Only the person who scheduled this digest" in refusal["text"]
    await slack.post(slack.command("/digest", "edit 1"))
    view = await slack.stand_in.wait_for_view()
    values: dict[str, Any] = {"topic": "milldon-flood", "days": ["Monday"], "time": "09:00", "zone": "Europe/London"}
    for metadata in ("C1 7", "C9 1", "", "x" * 300, "C1 ٣"):
        response = await slack.post(slack.submit(view | {"private_metadata": metadata}, **values, nothing="silent"))
        reply = json.loads(await response.text())
        assert "This digest was stopped." in reply["errors"]["words"]
    (digest,) = await list_digests(store)
    assert digest.config.schedule.stored_text == "0,1,2,3,4 08:30"


async def test_selects_of_the_form_are_searched(slack: Slack) -> None:
    """Zones are found by city, country and abbreviation, topics by a part of their title."""
    for field, typed_text, value in (
        ("zone", "delhi", "Asia/Kolkata"),
        ("zone", "uk", "Europe/London"),
        ("zone", "est", "America/New_York"),
        ("zone", "UTC+2", "Etc/GMT-2"),
        ("zone", "", "Europe/London"),
        ("topic", "flood", "milldon-flood"),
        ("topic", "", "milldon-flood"),
    ):
        for _ in range(2):
            reply = json.loads(await (await slack.post(slack.suggest(field, typed_text))).text())
            assert value in [option["value"] for option in reply["options"]]
            assert len(reply["options"]) <= 100
    for hostile_text in ("<!channel>", "\0", "x" * 5_000, "(((", "UTC+99"):
        reply = json.loads(await (await slack.post(slack.suggest("zone", hostile_text))).text())
        assert reply == {"options": []}


async def test_form_schedules_digest(slack: Slack, store: Store) -> None:
    """/digest without text opens the form, with the user's time zone and the channel filled in."""
    await slack.post(slack.command("/digest", ""))
    view = await slack.stand_in.wait_for_view()
    blocks = {block["block_id"]: block.get("element", {}) for block in view["blocks"] if block["type"] == "input"}
    assert blocks["zone"]["initial_option"]["value"] == "Europe/London"
    assert blocks["channel"]["initial_conversation"] == "C1"
    values: dict[str, Any] = {"topic": "milldon-flood", "days": ["Monday", "Friday"], "zone": "Asia/Kolkata"}
    values |= {"repeat": "week", "time": "12:00", "time2": "18:30"}
    response = await slack.post(slack.submit(view, **values, channel="C2", nothing="one line"))
    reply = json.loads(await response.text())
    assert reply["response_action"] == "update"
    assert "in <#C2> every Monday and Friday at 12:00 and 18:30 (Asia/Kolkata)." in get_visible_text(reply["view"])
    (digest,) = await list_digests(store)
    assert digest.config.when_nothing is WhenNothing.ONE_LINE


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"time": "25:99"}, "time"),
        ({"time": ""}, "time"),
        ({"time2": "08:45"}, "time2"),
        ({"zone": "Mars/Phobos"}, "zone"),
        ({"topic": "", "words": ""}, "words"),
        ({"topic": "", "words": "***"}, "words"),
        ({"channel": ""}, "channel"),
        ({"days": []}, "days"),
        ({"repeat": "dates"}, "dates"),
        ({"dates": ["1"]}, "dates"),
        ({"schedule": "weekdays except holidays at 9"}, "schedule"),
    ],
)
async def test_form_errors_are_shown_at_their_field(
    slack: Slack, store: Store, changed: dict[str, Any], field: str
) -> None:
    await slack.post(slack.command("/digest", "milldon-flood"))
    view = await slack.stand_in.wait_for_view()
    values: dict[str, Any] = {"topic": "milldon-flood", "days": ["Monday"], "time": "08:30", "zone": "Europe/London"}
    values |= {"channel": "C1", "nothing": "silent", "repeat": "week"}
    response = await slack.post(slack.submit(view, **(values | changed)))
    reply = json.loads(await response.text())
    assert reply["response_action"] == "errors"
    assert list(reply["errors"]) == [field]
    assert await list_digests(store) == ()


@pytest.mark.parametrize(
    ("changed", "stored_text"),
    [
        ({"repeat": "first"}, "0 08:30 nth:1"),
        ({"repeat": "last", "days": ["Friday"]}, "4 08:30 nth:-1"),
        ({"repeat": "dates", "days": [], "dates": ["1", "15", "last"]}, "0,1,2,3,4,5,6 08:30 dates:1,15,-1"),
        ({"schedule": "weekdays at 8:30 and weekends at 10"}, "0,1,2,3,4 08:30;5,6 10:00"),
        ({"schedule": "M-F 9 UK time", "days": [], "time": ""}, "0,1,2,3,4 09:00"),
    ],
)
async def test_form_can_express_every_schedule(
    slack: Slack, store: Store, changed: dict[str, Any], stored_text: str
) -> None:
    """The schedule in words replaces the days and times."""
    await slack.post(slack.command("/digest", "qqq"))
    view = await slack.stand_in.wait_for_view()
    values: dict[str, Any] = {"words": "qqq", "days": ["Monday"], "time": "08:30", "zone": "Europe/London"}
    values |= {"channel": "C1", "nothing": "silent", "repeat": "week"}
    response = await slack.post(slack.submit(view, **(values | changed)))
    assert json.loads(await response.text())["response_action"] == "update"
    (digest,) = await list_digests(store)
    assert digest.config.schedule.stored_text == stored_text


async def test_topic_without_time_opens_form_with_topic(slack: Slack) -> None:
    await slack.post(slack.command("/digest", "milldon-flood"))
    view = await slack.stand_in.wait_for_view()
    topic = next(block for block in view["blocks"] if block.get("block_id") == "topic")
    assert topic["element"]["initial_option"]["value"] == "milldon-flood"


async def test_form_between_people_has_no_channel_chosen(slack: Slack) -> None:
    await slack.post(slack.command("/digest", "", channel_id="C7", channel_name="mpdm-a--b-1"))
    form = await slack.stand_in.wait_for_view()
    (channel_field,) = [block for block in form["blocks"] if block["block_id"] == "channel"]
    assert "initial_conversation" not in channel_field["element"]
