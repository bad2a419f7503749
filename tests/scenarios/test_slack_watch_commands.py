"""Tests of /watch list, pause, edit, limit and the others, and of the form, over HTTP.

The stand-in checks every message and view against Slack's limits.
"""

import json
from typing import Any

import pytest

from bot.storage.store import Store
from bot.watches.delivery.channel_settings import open_watch_channel_settings
from bot.watches.model import serialize_query
from briefings.service.service import BriefingService
from tests.scenarios.conftest import Slack, find_button, list_choices
from tests.stand_ins.slack import get_visible_text
from tests.stand_ins.watch_bot import (  # noqa: F401 - with fixtures
    list_watches,
    news,
    press_option,
    slack,
    store,
    watch,
)
from tests.stand_ins.watch_world import make_article

# ruff: noqa: F811 - fixtures are arguments


async def list_queries(store: Store) -> list[dict[str, str]]:
    return [serialize_query(stored.config.query) for stored in await list_watches(store)]


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ('"lynch-mob"', {"phrase": "lynch-mob"}),
        ("“lynch-mob”", {"phrase": "lynch-mob"}),
        ('for "lynch-mob"', {"phrase": "lynch-mob"}),
        ('by:"John Doe"', {"by": "John Doe"}),
        ("by:Doe about:immigration", {"by": "Doe", "about": "immigration"}),
        ("Tooting by-election", {"words": "Tooting by-election"}),
        ('new watch for "x y"', {"phrase": "x y"}),
    ],
)
async def test_each_way_to_write_a_watch_is_read(slack: Slack, store: Store, text: str, query: dict[str, str]) -> None:
    await watch(slack, text)
    assert await list_queries(store) == [query]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("the of", "is in nearly every article"),
        ("*", "What should I watch for?"),
        ("budget since:monday", "so it has no dates"),
        ("by:", "Add a name after by:"),
        ("foo:bar", "I don't know the filter “foo:”"),
        ("x" * 1001, "1,001 characters"),
        ("quiet 25:00-7", "I couldn't read “25:00-7” as quiet hours"),
        ("quiet 22:00-22:00", "start and end at different times"),
        ("limit 0", "from 1 to 100, not “0”"),
        ("pause 1", "There are no watches here yet"),
        ("edit 1", "There are no watches here yet"),
    ],
)
async def test_what_is_not_understood_is_explained_with_an_example(
    slack: Slack, store: Store, text: str, problem: str
) -> None:
    answer = await watch(slack, text)
    assert problem in answer["text"]
    assert "/watch" in answer["text"] or "Watch for a few words" in answer["text"]
    assert await list_watches(store) == ()
    assert await store.audit_log.list_entries("T1") == ()


async def test_watches_are_listed_with_owner_state_and_settings(slack: Slack) -> None:
    assert "No watches here yet" in get_visible_text(await watch(slack, "list"))
    await watch(slack, '"lynch-mob"')
    await watch(slack, "by:Doe", user_id="U2")
    await watch(slack, "pause 2", user_id="U2")
    answer = await watch(slack, "list")
    text = get_visible_text(answer)
    assert "*1.* “lynch-mob”" in text
    assert "*2.* quotes by Doe" in text
    assert "Set up by <@U2> · Paused. <@U2> paused it." in text
    assert "At most 10 messages an hour here" in text
    menus = [choice for choice in list_choices(answer) if choice["type"] == "overflow"]
    assert [menu["text"]["text"] for menu in menus[:5]] == ["Pause", "Edit", "Preview", "Take over", "Stop"]
    assert menus[5]["text"]["text"] == "Resume"


@pytest.mark.parametrize("verb", ["stop", "delete", "cancel", "unsubscribe", "remove"])
async def test_a_watch_is_stopped_with_any_usual_word(slack: Slack, store: Store, verb: str) -> None:
    await watch(slack, '"lynch-mob"')
    await watch(slack, "by:Doe")
    assert "Watch 1 is stopped." in get_visible_text(await watch(slack, f"{verb} 1"))
    assert await list_queries(store) == [{"by": "Doe"}]
    assert "Watch 3" in get_visible_text(await watch(slack, '"another"')), "numbers are not used again"


async def test_watches_are_named_by_number_words_or_all(slack: Slack, store: Store) -> None:
    await watch(slack, '"lynch-mob"')
    await watch(slack, "by:Doe")
    assert "Watch 1 is paused." in get_visible_text(await watch(slack, 'pause "lynch-mob"'))
    assert "Watches 1, 2 are paused." in get_visible_text(await watch(slack, "pause all"))
    assert "Watch 2 is on again." in get_visible_text(await watch(slack, "resume 2"))
    answer = get_visible_text(await watch(slack, "pause"))
    assert '1. "lynch-mob", 2. by:"Doe"' in answer
    assert "/watch pause 1" in answer
    answer = get_visible_text(await watch(slack, "stop the war"))
    assert "I don't know a watch “war” here." in answer
    assert '/watch "stop the war"' in answer
    await watch(slack, '"stop the war"')
    assert {"phrase": "stop the war"} in await list_queries(store)


async def test_only_owner_and_admins_change_a_watch(slack: Slack, store: Store) -> None:
    await watch(slack, '"lynch-mob"')
    for text in ("pause 1", "stop 1", "edit 1 by:Doe", "take 1", "edit 1"):
        answer = await watch(slack, text, user_id="U2")
        assert "Only the person who set up this watch and On the Record admins" in answer["text"]
    assert "Watch 1 is yours now" in get_visible_text(await watch(slack, "take 1", user_id="U7"))
    (stored,) = await list_watches(store)
    assert stored.config.owner == "U7"
    actions = [(line.action.person, line.action.action) for line in await store.audit_log.list_entries("T1")]
    assert actions == [("U7", "taken over"), ("U1", "added")]


async def test_a_watch_is_edited_by_command(slack: Slack, store: Store) -> None:
    await watch(slack, '"lynch-mob"')
    answer = get_visible_text(await watch(slack, "edit 1 by:Doe about:rents"))
    assert "*Watch 1* now looks for quotes by Doe about rents." in answer
    assert await list_queries(store) == [{"by": "Doe", "about": "rents"}]


async def test_the_same_watch_twice_is_refused(slack: Slack, store: Store) -> None:
    await watch(slack, '"lynch-mob"')
    assert "It is number 1 in /watch list" in get_visible_text(await watch(slack, '"lynch-mob"'))
    assert len(await list_watches(store)) == 1


async def test_a_channel_has_at_most_50_watches(slack: Slack, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.watches.delivery.watch_repository.MAX_CHANNEL_WATCHES", 2)
    for word in ("alder", "birch"):
        await watch(slack, f'"{word}"')
    assert "already has 2 watches, the limit" in get_visible_text(await watch(slack, '"cedar"'))
    assert len(await list_watches(store)) == 2


async def test_limit_and_quiet_hours_of_the_channel_are_set(slack: Slack, store: Store) -> None:
    settings = open_watch_channel_settings(store)
    assert "At most 5 messages an hour here" in get_visible_text(await watch(slack, "limit 5"))
    answer = get_visible_text(await watch(slack, "quiet 10pm to 7am"))
    assert "quiet hours 22:00-07:00 (Europe/London)" in answer
    stored = await settings.load("T1", "C1")
    assert (stored.hourly_limit, str(stored.quiet_hours), stored.zone) == (5, "22:00-07:00", "Europe/London")
    assert "America/New York" in get_visible_text(await watch(slack, "quiet 23-6:30 NYC"))
    assert "no quiet hours" in get_visible_text(await watch(slack, "quiet off"))
    assert "No limit of messages" in get_visible_text(await watch(slack, "limit off"))
    assert "No limit of messages" in get_visible_text(await watch(slack, "quiet"))
    await watch(slack, '"lynch-mob"')
    assert "Only people who set up a watch here" in (await watch(slack, "limit 3", user_id="U2"))["text"]


async def test_help_has_an_example_of_everything(slack: Slack) -> None:
    text = get_visible_text(await watch(slack, "help"))
    for example in (
        '/watch "lynch-mob"',
        "/watch list",
        "/watch pause 1",
        "/watch limit 10",
        "/watch quiet 22:00-07:00",
    ):
        assert f"`{example}`" in text


async def test_buttons_of_the_confirmation_change_the_watch(slack: Slack, store: Store) -> None:
    answer = await watch(slack, '"lynch-mob"')
    button = find_button(answer, "Pause")
    await slack.post(slack.press(button["action_id"], button["value"]))
    answer = await slack.stand_in.wait_for_answer(2)
    assert "Watch 1 is paused." in get_visible_text(answer)
    assert answer["replace_original"] is True
    await press_option(slack, find_button(answer, "Resume"))
    assert "Watch 1 is on again." in get_visible_text(await slack.stand_in.wait_for_answer(3))
    await press_option(slack, find_button(answer, "Preview"))
    assert "Nothing in the last 7 days" in get_visible_text(await slack.stand_in.wait_for_answer(4))
    await press_option(slack, find_button(answer, "Stop"))
    assert "Watch 1 is stopped." in get_visible_text(await slack.stand_in.wait_for_answer(5))
    assert await list_watches(store) == ()
    await slack.post(slack.press(button["action_id"], button["value"]))
    assert "This watch was stopped." in get_visible_text(await slack.stand_in.wait_for_answer(6))


@pytest.mark.parametrize("value", ["", "pause", "pause C1 99", "burn C1 1", "pause C1 x" * 50])
async def test_unknown_buttons_are_answered(slack: Slack, value: str) -> None:
    await slack.post(slack.press("watch:pause:1", value))
    assert "This watch was stopped." in get_visible_text(await slack.stand_in.wait_for_answer())


def get_elements(view: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}


async def test_form_sets_up_a_watch(slack: Slack, store: Store) -> None:
    await slack.post(slack.command("/watch", ""))
    view = await slack.stand_in.wait_for_view()
    assert view["title"]["text"] == "New watch"
    assert get_elements(view)["watch-channel"]["initial_conversation"] == "C1"
    values = {"watch-words": '"lynch-mob"', "watch-speaker": "John Doe", "watch-outlet": "The Tribune"}
    response = await slack.post(slack.submit(view, **values, **{"watch-channel": "C1"}))
    reply = json.loads(await response.text())
    assert "*Watch 1:* “lynch-mob” by John Doe in The Tribune" in get_visible_text(reply["view"])
    assert await list_queries(store) == [{"phrase": "lynch-mob", "by": "John Doe", "outlet": "The Tribune"}]


@pytest.mark.parametrize(
    ("values", "field", "reason"),
    [
        ({"watch-channel": "C1"}, "watch-words", "Type some words, or choose a speaker"),
        ({"watch-words": "the of", "watch-channel": "C1"}, "watch-words", "nearly every article"),
        ({"watch-words": "budget"}, "watch-channel", "Choose a channel."),
        ({"watch-words": "budget", "watch-channel": "<!here>"}, "watch-channel", "Choose a channel."),
        ({"watch-words": "budget", "watch-subject": "…", "watch-channel": "C1"}, "watch-subject", "has no words"),
        ({"watch-words": "budget since:monday", "watch-channel": "C1"}, "watch-words", "no dates"),
    ],
)
async def test_each_error_of_the_form_is_at_its_field(
    slack: Slack, store: Store, values: dict[str, str], field: str, reason: str
) -> None:
    await slack.post(slack.command("/watch", ""))
    view = await slack.stand_in.wait_for_view()
    response = await slack.post(slack.submit(view, **values))
    errors = json.loads(await response.text())["errors"]
    assert reason in errors[field]
    assert await list_watches(store) == ()


async def test_form_offers_people_and_outlets_and_the_typed_name(slack: Slack, news: BriefingService) -> None:
    news.add([make_article("a1")])
    response = await slack.post(slack.suggest("watch-speaker", "roe"))
    options = [option["value"] for option in json.loads(await response.text())["options"]]
    assert options == ["roe", "Jane Roe"]
    response = await slack.post(slack.suggest("watch-outlet", ""))
    assert [option["value"] for option in json.loads(await response.text())["options"]] == ["The Tribune"]
    response = await slack.post(slack.suggest("watch-speaker", "Nobody <!here> " * 9))
    assert len(json.loads(await response.text())["options"]) == 1


async def test_form_of_a_change_is_filled_in(slack: Slack, store: Store) -> None:
    await watch(slack, '"lynch-mob" by:Doe')
    await slack.post(slack.command("/watch", "edit 1"))
    view = await slack.stand_in.wait_for_view()
    elements = get_elements(view)
    assert elements["watch-words"]["initial_value"] == '"lynch-mob"'
    assert elements["watch-speaker"]["initial_option"]["value"] == "Doe"
    assert "watch-channel" not in elements
    response = await slack.post(slack.submit(view, **{"watch-words": "rents"}))
    reply = json.loads(await response.text())
    assert "now looks for the words “rents”" in get_visible_text(reply["view"])
    assert await list_queries(store) == [{"words": "rents"}]


async def test_watch_this_opens_the_form_with_the_question(slack: Slack, store: Store, news: BriefingService) -> None:
    """From the menu of an answer, and from the button of an answer without quotes."""
    news.add([make_article("a1")])
    await slack.post(slack.command("/whosaid", '"hand the harbour" by Roe'))
    option = find_button(await slack.stand_in.wait_for_answer(), "Watch this")
    await press_option(slack, option)
    elements = get_elements(await slack.stand_in.wait_for_view())
    assert elements["watch-words"]["initial_value"] == '"hand the harbour"'
    assert elements["watch-speaker"]["initial_option"]["value"] == "Roe"
    await slack.post(slack.command("/whosaid", "never seen words"))
    button = find_button(await slack.stand_in.wait_for_answer(2), "Watch for this")
    await slack.post(slack.press(button["action_id"], button["value"]))
    view = await slack.stand_in.wait_for_view(4)
    assert get_elements(view)["watch-words"]["initial_value"] == '"never seen words"'
    await slack.post(slack.submit(view, **{"watch-words": '"never seen words"', "watch-channel": "C1"}))
    assert await list_queries(store) == [{"phrase": "never seen words"}]


async def test_home_lists_the_users_watches(slack: Slack) -> None:
    await watch(slack, '"lynch-mob"')
    await slack.post(slack.event(type="app_home_opened", user="U1", tab="home"))
    home = await slack.stand_in.wait_for(slack.stand_in.homes)
    assert "*1.* “lynch-mob”" in get_visible_text(home)
    option = find_button(home, "Pause")
    await slack.post(
        slack.press_in(home, {"type": "overflow", "action_id": option["action_id"], "value": option["value"]})
    )
    home = await slack.stand_in.wait_for(slack.stand_in.homes, 2)
    assert "Watch 1 is paused." in get_visible_text(home)
