"""Permissions at the doors: real requests of every kind of person, from the channel and from elsewhere."""

import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode

import pytest

from bot.core.permissions.table import PERMISSIONS, GuardedAction
from bot.digests.delivery.digest_repository import open_digest_repository
from bot.slack.permissions.authorizer import EXTERNAL, GUEST, INACTIVE, NOT_IN_CHANNEL, SLACK_SILENT
from bot.storage.request_log import RateLimit
from bot.storage.store import Store, open_store
from bot.watches.delivery.watch_repository import open_watch_repository
from briefings.model import Article, Topic
from briefings.service.service import BriefingService
from briefings.storage.repository import open_repository
from tests.scenarios.conftest import Slack, run_bot

CREATOR, MEMBER, ADMIN, GUEST_USER, STRANGER, GONE, OUTSIDER = "U1", "U5", "U7", "U20", "U21", "U22", "U23"
PROFILES: dict[str, dict[str, Any]] = {
    GUEST_USER: {"is_restricted": True},
    STRANGER: {"is_stranger": True},
    GONE: {"deleted": True},
}
ARTICLE = Article(
    "vote",
    'The council of Easton voted on the budget.\n\n"We will rebuild the bridge," said Jane Roe, the mayor.',
    "The Tribune",
    date(2031, 3, 3),
    "https://tribune.example/vote",
    "Easton votes on the budget",
)
TOPICS = (Topic("easton", "Easton", ("Easton",)), Topic("bridge", "Bridge", ("bridge",)))
Request = Callable[[Slack, str], str]


def _type(name: str, text: str) -> Request:
    return lambda slack, user: slack.command(name, text, user_id=user)


def _press(action: str, value: str, **more: Any) -> Request:
    return lambda slack, user: slack.press(action, value, user={"id": user, "name": "u", "team_id": "T1"}, **more)


def _say(text: str) -> Request:
    return lambda slack, user: slack.message(f"<@U9> {text}", user=user)


#: requests from the channel itself, which proves that its people are in it
HERE: dict[str, tuple[GuardedAction, Request]] = {
    # before members set up something, which makes them creators too
    "/digest details": (GuardedAction.SET_DETAILS, _type("/digest", "details none")),
    "/watch limit": (GuardedAction.SET_WATCH_LIMITS, _type("/watch", "limit 5")),
    "/digest new": (GuardedAction.SCHEDULE_DIGEST, _type("/digest", "easton weekdays at 9:15 Europe/London")),
    "/digest edit": (GuardedAction.CHANGE_DIGEST, _type("/digest", "edit 1 weekdays at 9:30")),
    "/digest resume": (GuardedAction.CHANGE_DIGEST, _type("/digest", "resume 1")),
    "/digest take": (GuardedAction.CHANGE_DIGEST, _type("/digest", "take 1")),
    "/digest pause": (GuardedAction.STOP_DIGEST, _type("/digest", "pause 2")),
    "/digest now": (GuardedAction.SEND_DIGEST, _type("/digest", "now 1")),
    "/digest preview": (GuardedAction.PREVIEW_DIGEST, _type("/digest", "preview 1")),
    "/watch new": (GuardedAction.SET_UP_WATCH, _type("/watch", '"rebuild the bridge"')),
    "/watch edit": (GuardedAction.CHANGE_WATCH, _type("/watch", 'edit 1 "the bridge"')),
    "/watch pause": (GuardedAction.STOP_WATCH, _type("/watch", "pause 1")),
    "/watch preview": (GuardedAction.PREVIEW_WATCH, _type("/watch", "preview 1")),
    "/topic new": (GuardedAction.CHANGE_TOPIC, _type("/topic", "mute easton")),
    "/sources mute": (GuardedAction.MUTE_SOURCE, _type("/sources", "mute The Tribune")),
    "/unmute": (GuardedAction.MUTE_SOURCE, _type("/unmute", "The Tribune")),
    "button now": (GuardedAction.SEND_DIGEST, _press("digest:now", "now C1 1")),
    "button pause": (GuardedAction.STOP_DIGEST, _press("digest:pause", "pause C1 2")),
    "menu of a watch": (GuardedAction.STOP_WATCH, _press("watch:pause", "pause C1 1")),
    "button of a topic": (GuardedAction.CHANGE_TOPIC, _press("topics:1", "mute easton")),
}
#: messages in plain words, answered in the channel
SAID: dict[str, tuple[GuardedAction, Request]] = {
    "mute": (GuardedAction.MUTE_SOURCE, _say("mute The Tribune")),
    "watch": (GuardedAction.STOP_WATCH, _say("pause watch 1")),
    "topic": (GuardedAction.CHANGE_TOPIC, _say("mute the topic easton")),
}
_ELSEWHERE: dict[str, Any] = {"channel": {"id": "C2", "name": "lobby"}}
_PUBLIC: dict[str, Any] = {"private": False}
_FROM_HOME: dict[str, Any] = {"channel": None, "container": {"type": "view"}, "view": {"id": "V1", "type": "modal"}}
#: presses in a copied message elsewhere, in a public message and in a modal, which prove nothing
AWAY: dict[str, tuple[GuardedAction, Request]] = {
    f"{action.value} {place}": (action, _press(name, value, **fields))
    for place, fields in (("elsewhere", _ELSEWHERE), ("in public", _PUBLIC))
    for action, name, value in (
        (GuardedAction.SEND_DIGEST, "digest:now", "now C1 1"),
        (GuardedAction.PREVIEW_DIGEST, "digest:preview", "preview C1 1"),
        (GuardedAction.STOP_DIGEST, "digest:pause", "pause C1 2"),
        (GuardedAction.CHANGE_DIGEST, "digest:take", "take C1 1"),
        (GuardedAction.PREVIEW_WATCH, "watch:preview", "preview C1 1"),
        (GuardedAction.STOP_WATCH, "watch:pause", "pause C1 1"),
    )
}


@pytest.fixture
async def slack(tmp_path: Path) -> AsyncIterator[Slack]:
    """A bot with two digests and a watch of U1 in C1, and people of every kind."""
    address = f"sqlite:///{tmp_path}/record.db"
    with (
        closing(open_repository(address, lambda: datetime(2031, 3, 3, tzinfo=UTC))) as repository,
        closing(open_store(address, RateLimit(9_999), time.time)) as store,
    ):
        service = BriefingService(
            repository, (Topic("easton", "Easton", ("Easton",)), Topic("bridge", "Bridge", ("bridge",)))
        )
        service.add([ARTICLE])
        async with run_bot(service, store, admins=(ADMIN,), rate_per_minute=9_999) as slack:
            slack.stand_in.profiles.update(PROFILES)
            slack.stand_in.outsiders["C1"] = {OUTSIDER}
            slack.store = store  # type: ignore[attr-defined]  # for the tests below
            for name, text in (
                ("/digest", "bridge weekdays at 8:30 Europe/London"),
                ("/digest", "budget daily at 8 UTC"),
            ):
                await ask(slack, slack.command(name, text))
            await ask(slack, slack.command("/watch", '"the bridge"'))
            yield slack


async def ask(slack: Slack, body: str) -> str:
    """Send a request and return the text of its answer."""
    count = len(slack.stand_in.answers) + 1
    response = await slack.post(body)
    assert (response.status, await response.text()) == (200, "")
    return str((await slack.stand_in.wait_for_answer(count))["text"])


async def say(slack: Slack, body: str) -> str:
    """Send a message and return the text of its answer."""
    count = len(slack.stand_in.posts) + 1
    await slack.post(body)
    return str((await slack.stand_in.wait_for(slack.stand_in.posts, count))["text"])


def find_refusals(action: GuardedAction, user: str) -> set[str]:
    """Return the sentences that may refuse an action to someone in the channel; empty if they may."""
    rule = PERMISSIONS[action]
    names = {role.name for role in rule.roles}
    if "PERSON" in names or (user == CREATOR and rule.is_free_for_creator):
        return set()
    if user in PROFILES:
        return {{GUEST_USER: GUEST, STRANGER: EXTERNAL, GONE: INACTIVE}[user]}
    roles = {CREATOR: {"MEMBER", "CREATOR"}, ADMIN: {"MEMBER", "ADMIN"}}.get(user, {"MEMBER"})
    return set() if roles & names else {rule.refusal}


ALL_REFUSALS = {GUEST, EXTERNAL, INACTIVE, NOT_IN_CHANNEL, SLACK_SILENT} | {
    rule.refusal for rule in PERMISSIONS.values() if rule.refusal
}


def find_refusal(text: str) -> set[str]:
    plain = text.replace("`", "").replace("&amp;", "&")
    return {sentence for sentence in ALL_REFUSALS if sentence in plain}


async def test_people_in_a_channel_do_there_what_the_table_says(slack: Slack) -> None:
    wrong = []
    for door, (action, request) in HERE.items():
        # those who may come last, because they change what the others would
        for user in (GUEST_USER, STRANGER, GONE, MEMBER, CREATOR):
            found = find_refusal(await ask(slack, request(slack, user)))
            if found != find_refusals(action, user):
                wrong.append((door, user, found))
    assert wrong == []


async def test_messages_in_plain_words_are_checked_too(slack: Slack) -> None:
    wrong = []
    for door, (action, request) in SAID.items():
        for user in (GUEST_USER, STRANGER, MEMBER, CREATOR):
            found = find_refusal(await say(slack, request(slack, user)))
            if found != find_refusals(action, user):
                wrong.append((door, user, found))
    assert wrong == []


async def test_buttons_from_elsewhere_work_only_for_people_of_the_channel(slack: Slack) -> None:
    wrong = []
    for door, (action, request) in AWAY.items():
        for user in (OUTSIDER, GUEST_USER, MEMBER, CREATOR):
            found = find_refusal(await ask(slack, request(slack, user)))
            expected = find_refusals(action, user) or ({NOT_IN_CHANNEL} if user == OUTSIDER else set())
            if found != expected:
                wrong.append((door, user, found))
    assert wrong == []


async def submit(slack: Slack, body: str) -> dict[str, Any]:
    response = await slack.post(body)
    return json.loads(await response.text() or "{}")  # type: ignore[no-any-return]  # JSON


@pytest.mark.parametrize(
    ("user", "sentence"),
    [(OUTSIDER, NOT_IN_CHANNEL), (GUEST_USER, GUEST), (STRANGER, EXTERNAL), (GONE, INACTIVE), (MEMBER, "")],
)
async def test_submitted_forms_are_checked_again(slack: Slack, user: str, sentence: str) -> None:
    sender = {"id": user, "name": "u", "team_id": "T1"}
    await slack.post(slack.command("/watch", ""))
    watch_form = await slack.stand_in.wait_for_view(2)
    await slack.post(slack.command("/digest", "new"))
    digest_form = await slack.stand_in.wait_for_view(4)
    fields = {"words": "bridge", "topic": None, "channel": "C1", "time": "10:45", "repeat": "week", "zone": "UTC"}
    for form, values in (
        (watch_form, {"watch-words": "bridge", "watch-channel": "C1"}),
        (digest_form, fields | {"nothing": "silent", "schedule": "daily at 10:45"}),
    ):
        body = slack.submit(form, **{name: value for name, value in values.items() if value})
        reply = await submit(slack, _replace_sender(body, sender))
        reasons = " ".join((reply.get("errors") or {}).values())
        assert (reasons == sentence) if sentence else reply["response_action"] == "update", reply


def _replace_sender(body: str, sender: dict[str, str]) -> str:
    payload = json.loads(parse_qs(body)["payload"][0])
    return urlencode({"payload": json.dumps(payload | {"user": sender})})


async def test_forms_are_refused_before_they_are_filled_in(slack: Slack) -> None:
    for count, (name, text) in enumerate((("/watch", ""), ("/digest", "new"), ("/topic", "new")), 1):
        await slack.post(slack.command(name, text, user_id=GUEST_USER))
        view = await slack.stand_in.wait_for_view(2 * count)
        assert GUEST in json.dumps(view), name


async def test_people_of_another_workspace_only_ask(slack: Slack) -> None:
    sender = {"id": MEMBER, "name": "u", "team_id": "T2"}
    calls = len(slack.stand_in.calls)
    text = await ask(slack, slack.press("digest:now", "now C1 1", user=sender))
    assert find_refusal(text) == {EXTERNAL}
    assert "users.info" not in slack.stand_in.calls[calls:]


async def test_creator_who_left_the_channel_can_only_pause_and_stop(slack: Slack) -> None:
    slack.stand_in.outsiders["C1"].add(CREATOR)
    for value, expected in (("now C1 1", {NOT_IN_CHANNEL}), ("pause C1 1", set()), ("resume C1 1", {NOT_IN_CHANNEL})):
        assert find_refusal(await ask(slack, _press("digest:x", value, **_ELSEWHERE)(slack, CREATOR))) == expected
    assert find_refusal(await ask(slack, _press("digest:x", "stop C1 1", **_ELSEWHERE)(slack, CREATOR))) == set()


async def test_press_elsewhere_shows_only_what_it_changed(slack: Slack) -> None:
    """Its creator may have left the channel, and a message of another channel is everyone's there."""
    await ask(slack, slack.command("/watch", '"We will rebuild"', user_id=MEMBER))
    presses: tuple[tuple[str, dict[str, Any], bool, bool], ...] = (
        ("pause", {}, True, True),
        ("resume", _ELSEWHERE, False, True),
        ("pause", _ELSEWHERE | _PUBLIC, False, False),
        ("resume", _PUBLIC, True, False),
    )
    for kind, other in (("digest", "budget"), ("watch", "We will rebuild")):
        for action, place, is_listed, is_replaced in presses:
            text = await ask(slack, _press(f"{kind}:x", f"{action} C1 1", **place)(slack, CREATOR))
            assert (other in text) is is_listed, (kind, action, place, text)
            assert slack.stand_in.answers[-1]["replace_original"] is is_replaced, (kind, action, place)


async def test_silence_of_slack_is_named_and_changes_nothing(slack: Slack) -> None:
    store: Store = slack.store  # type: ignore[attr-defined]  # set by the fixture
    slack.stand_in.replies["users.info"] = [{"ok": False, "error": "internal_error"}] * 2
    before = (
        await open_digest_repository(store).list_digests("T1", include_stopped=True),
        await open_watch_repository(store).list_watches("T1"),
    )
    assert find_refusal(await ask(slack, slack.command("/watch", '"budget"', user_id="U30"))) == {SLACK_SILENT}
    assert find_refusal(await ask(slack, slack.command("/digest", "now 1", user_id="U30"))) == {SLACK_SILENT}
    slack.stand_in.replies["conversations.members"] = [{"ok": False, "error": "ratelimited"}]
    away = _press("digest:x", "now C1 1", **_ELSEWHERE)
    assert find_refusal(await ask(slack, away(slack, "U30"))) == {SLACK_SILENT}
    assert before == (
        await open_digest_repository(store).list_digests("T1", include_stopped=True),
        await open_watch_repository(store).list_watches("T1"),
    )
    assert find_refusal(await ask(slack, slack.command("/digest", "now 1", user_id="U30"))) == set()
