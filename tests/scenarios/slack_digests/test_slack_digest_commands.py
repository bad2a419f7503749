"""Digests are listed, edited, paused, stopped and taken over by /digest and by buttons, over HTTP."""

import pytest
from sqlalchemy import update

from bot.digests.delivery.digest_repository import open_digest_repository
from bot.digests.model import DigestState
from bot.storage.schema import digests
from bot.storage.store import Store
from tests.scenarios.conftest import Slack, find_button
from tests.scenarios.slack_digests.conftest import list_digests, send_digest_command
from tests.stand_ins.slack import get_visible_text


async def test_schedule_is_edited_by_command(slack: Slack, store: Store) -> None:
    await send_digest_command(slack, "milldon-flood weekdays at 8:30")
    answer = await send_digest_command(slack, "edit 1 weekdays at 9 and weekends at 11")
    text = get_visible_text(answer)
    assert "Digest 1, *The Milldon flood*, now comes every weekday at 09:00 and on weekends at 11:00" in text
    assert text.count("(Europe/London)") == 2
    (digest,) = await list_digests(store)
    assert digest.config.schedule.stored_text == "0,1,2,3,4 09:00;5,6 11:00"
    assert digest.next_due is not None
    refusal = await send_digest_command(slack, "edit 1 daily at 9", user_id="U2")
    assert "Only the person who scheduled this digest" in refusal["text"]
    actions = [line.action.action for line in await store.audit_log.list_entries("T1")]
    assert actions == ["edited", "scheduled"]


async def test_edit_with_only_a_time_keeps_the_days(slack: Slack, store: Store) -> None:
    await send_digest_command(slack, "milldon-flood weekdays at 8:30")
    answer = await send_digest_command(slack, "edit 1 to 9:30")
    assert "now comes every weekday at 09:30" in get_visible_text(answer)
    (digest,) = await list_digests(store)
    assert digest.config.schedule.stored_text == "0,1,2,3,4 09:30"


@pytest.mark.parametrize("text", ["edit 1", "edit 7", "edit"])
async def test_edit_without_such_a_digest_lists_the_others(slack: Slack, text: str) -> None:
    answer = await send_digest_command(slack, text)
    assert "This channel has no digests yet." in answer["text"]


@pytest.mark.parametrize("verb", ["delete 1", "cancel 1", "remove digest 1", "unsubscribe", "turn off 1"])
async def test_words_for_stopping_stop_the_digest(slack: Slack, store: Store, verb: str) -> None:
    await send_digest_command(slack, "milldon-flood weekdays at 8:30")
    assert "Stopped digest 1" in (await send_digest_command(slack, verb))["text"]
    (digest,) = await list_digests(store)
    assert digest.state is DigestState.STOPPED


async def test_admin_takes_a_digest_over(slack: Slack, store: Store) -> None:
    await send_digest_command(slack, "milldon-flood weekdays at 8:30")
    assert "Only the person" in (await send_digest_command(slack, "take 1", user_id="U2"))["text"]
    assert "You now own digest 1" in (await send_digest_command(slack, "take over 1", user_id="U7"))["text"]
    (digest,) = await list_digests(store)
    assert digest.config.owner == "U7"


async def test_list_survives_a_time_zone_that_is_gone(slack: Slack, store: Store) -> None:
    await send_digest_command(slack, "milldon-flood weekdays at 8:30")
    store.database.write(lambda db: db.execute(update(digests).values(zone="Asia/Atlantis")))
    text = (await send_digest_command(slack, "list"))["text"]
    assert "1. milldon-flood" in text
    assert "The time zone Asia/Atlantis no longer exists" in text
    assert "no longer exists" in (await send_digest_command(slack, "preview 1"))["text"]
    answer = await send_digest_command(slack, "edit 1 weekdays at 8:30 London")
    assert "now comes every weekday at 08:30 (Europe/London)" in get_visible_text(answer)


@pytest.mark.parametrize("which", ["1", "milldon-flood", "Milldon flood", "#1", ""])
async def test_digest_is_paused_resumed_and_stopped(slack: Slack, store: Store, which: str) -> None:
    """Numbers, topics and titles select the digest. Each change has a reply and an audit entry."""
    await send_digest_command(slack, "milldon-flood weekdays at 8:30")
    texts = [(await send_digest_command(slack, f"{verb} {which}"))["text"] for verb in ("pause", "resume", "stop")]
    assert "Paused digest 1" in texts[0]
    assert "To resume it, type `/digest resume 1`." in texts[0]
    assert "Resumed digest 1 (*milldon-flood*). Next:" in texts[1]
    assert "Stopped digest 1" in texts[2]
    (digest,) = await list_digests(store)
    assert digest.state is DigestState.STOPPED
    actions = [line.action.action for line in await store.audit_log.list_entries("T1")]
    assert actions == ["stopped", "resumed", "paused", "scheduled"]


async def test_only_owner_and_admins_can_change_digest(slack: Slack, store: Store) -> None:
    """Others get an explanation and can preview the digest."""
    await send_digest_command(slack, "milldon-flood weekdays at 8:30")
    refusal = await send_digest_command(slack, "stop 1", user_id="U2")
    assert "Only the person who scheduled this digest" in refusal["text"]
    assert "The Milldon flood" in (await send_digest_command(slack, "preview 1", user_id="U2"))["text"]
    (digest,) = await list_digests(store)
    assert digest.is_active
    assert "Stopped digest 1" in (await send_digest_command(slack, "stop 1", user_id="U7"))["text"]


async def test_preview_is_private_and_repeatable(slack: Slack, store: Store) -> None:
    """The preview has the digest's lines and links. It marks nothing as sent."""
    await send_digest_command(slack, "milldon-flood weekdays at 8:30")
    first = await send_digest_command(slack, "preview")
    assert "This is a preview. Only you can see it." in get_visible_text(first)
    assert "burst its banks" in get_visible_text(first)
    assert "https://paper.example/flood#:~:text=" in get_visible_text(first)
    assert slack.stand_in.posts == []
    assert await open_digest_repository(store).list_history("T1", "C1") == ()
    assert get_visible_text(await send_digest_command(slack, "preview")) == get_visible_text(first)


async def test_now_requests_a_run(slack: Slack, store: Store) -> None:
    await send_digest_command(slack, "milldon-flood weekdays at 8:30")
    assert "Sending digest 1 (*milldon-flood*) to <#C1> now." in (await send_digest_command(slack, "now 1"))["text"]
    (digest,) = await list_digests(store)
    assert len(await open_digest_repository(store).list_runs(digest)) == 1


async def test_button_in_digest_list_updates_the_list(slack: Slack, store: Store) -> None:
    await send_digest_command(slack, "milldon-flood weekdays at 8:30")
    digest_list = await send_digest_command(slack, "list")
    assert "*1. milldon-flood* in <#C1>, every weekday at 08:30 (Europe/London), by <@U1>" in get_visible_text(
        digest_list
    )
    button = find_button(digest_list, "Pause")
    await slack.post(slack.press(button["action_id"], button["value"]))
    after = await slack.stand_in.wait_for_answer(3)
    assert after["replace_original"] is True
    assert "Paused digest 1" in get_visible_text(after)
    assert find_button(after, "Resume")
    (digest,) = await list_digests(store)
    assert digest.state is DigestState.PAUSED


async def test_home_shows_own_digests_with_buttons(slack: Slack, store: Store) -> None:
    """A button press updates the Home. Stopped digests disappear from it."""
    await send_digest_command(slack, "milldon-flood weekdays at 8:30")
    await slack.post(slack.event(type="app_home_opened", tab="home", user="U1", channel="D1"))
    home = await slack.stand_in.wait_for(slack.stand_in.homes)
    assert "*1. milldon-flood* in <#C1>" in get_visible_text(home)
    await slack.post(slack.press_in(home, find_button(home, "Stop")))
    after = await slack.stand_in.wait_for(slack.stand_in.homes, 2)
    assert "Stopped digest 1" in get_visible_text(after)
    assert "No digests yet" in get_visible_text(after)
    (digest,) = await list_digests(store)
    assert digest.state is DigestState.STOPPED
    await slack.post(slack.press_in(after, find_button(after, "New digest")))
    assert (await slack.stand_in.wait_for_view())["callback_id"] == "digest-form"


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("stop C1 1", "Only the person who scheduled this digest"),
        ("", "Schedule a new one"),
        ("stop", "Schedule a new one"),
        ("stop C1 x", "Schedule a new one"),
        ("rm C1 1", "Schedule a new one"),
        ("stop C1 " + "9" * 30, "Schedule a new one"),
        ("a b c d e", "Schedule a new one"),
    ],
)
async def test_forged_button_changes_nothing(slack: Slack, store: Store, value: str, sentence: str) -> None:
    """Users without permission and invalid values get an explanation."""
    await send_digest_command(slack, "milldon-flood weekdays at 8:30")
    await slack.post(slack.press("digest:stop:1", value, user={"id": "U2", "team_id": "T1"}))
    answer = await slack.stand_in.wait_for_answer(2)
    assert sentence in answer["text"]
    (digest,) = await list_digests(store)
    assert digest.is_active


async def test_help_lists_all_subcommands(slack: Slack) -> None:
    text = (await send_digest_command(slack, "help"))["text"]
    for word in ("list", "now", "preview", "pause", "resume", "stop", "weekdays at 8:30"):
        assert word in text


async def test_button_of_another_version_is_not_about_a_stopped_digest(slack: Slack) -> None:
    await send_digest_command(slack, "milldon-flood weekdays at 8:30")
    await slack.post(slack.press("digest:gone", "archive C1 1"))
    text = (await slack.stand_in.wait_for_answer(2))["text"]
    assert text.startswith("This button belongs to an older list. Type /digest list")
    assert "stopped" not in text
