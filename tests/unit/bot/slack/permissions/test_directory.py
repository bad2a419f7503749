"""What Slack is asked about people, groups and channels: only a "yes" is kept, and silence is never an answer."""

import asyncio
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.permissions import directory
from bot.slack.permissions.directory import CACHE_SECONDS, PersonKind, SlackDirectory, SlackSilent
from tests.support.slack_directory import FakeDirectory, serve


@pytest.mark.parametrize(
    ("user", "kind", "is_admin"),
    [
        ("UADMIN", PersonKind.MEMBER, True),
        ("UOWNER", PersonKind.MEMBER, True),
        ("UMEMBER", PersonKind.MEMBER, False),
        ("UGUEST", PersonKind.GUEST, False),
        ("UVISITOR", PersonKind.GUEST, False),
        ("USTRANGER", PersonKind.EXTERNAL, False),
        ("UOTHERTEAM", PersonKind.EXTERNAL, False),
        ("UGONE", PersonKind.INACTIVE, False),
        ("UBOT", PersonKind.BOT, False),
        ("USLACKBOT", PersonKind.EXTERNAL, False),
        ("UUNKNOWN", PersonKind.EXTERNAL, False),
    ],
)
async def test_only_active_full_members_are_ever_admins(user: str, kind: PersonKind, *, is_admin: bool) -> None:
    async with serve(FakeDirectory()) as client:
        person = await SlackDirectory(lambda: 0.0).find_person(client, "T1", user)
    assert (person.kind, person.is_workspace_admin) == (kind, is_admin)


@pytest.mark.parametrize(
    ("team", "profile", "kind"),
    [
        ("T1", {"team_id": "T2", "enterprise_user": {"enterprise_id": "E1", "teams": ["T1", "T2"]}}, PersonKind.MEMBER),
        ("T1", {"team_id": "T2", "enterprise_user": {"enterprise_id": "E1", "teams": ["T2"]}}, PersonKind.EXTERNAL),
        ("E1", {"team_id": "T2", "enterprise_user": {"enterprise_id": "E1", "teams": ["T2"]}}, PersonKind.MEMBER),
        ("E1", {"team_id": "T2", "enterprise_user": {"enterprise_id": "E2", "teams": ["T2"]}}, PersonKind.EXTERNAL),
        # everyone of the organisation has an enterprise_user; someone of a channel that it shares has none
        ("E1", {"team_id": "T2"}, PersonKind.EXTERNAL),
        ("E1", {"team_id": "E1"}, PersonKind.MEMBER),
        ("T1", {}, PersonKind.MEMBER),
        ("T1", {"enterprise_user": {"teams": "T1"}}, PersonKind.EXTERNAL),
    ],
)
async def test_people_of_an_organisation_belong_to_their_workspaces_only(
    team: str, profile: dict[str, Any], kind: PersonKind
) -> None:
    fake = FakeDirectory()
    fake.profiles["U5"] = profile
    async with serve(fake) as client:
        assert (await SlackDirectory(lambda: 0.0).find_person(client, team, "U5")).kind is kind


async def test_new_admin_is_admin_at_once_and_a_former_one_for_a_minute_at_most() -> None:
    fake, now = FakeDirectory(), [0.0]
    slack = SlackDirectory(lambda: now[0])
    async with serve(fake) as client:
        assert not (await slack.find_person(client, "T1", "UMEMBER", is_admin=True)).is_workspace_admin
        fake.profiles["UMEMBER"]["is_admin"] = True
        assert (await slack.find_person(client, "T1", "UMEMBER", is_admin=True)).is_workspace_admin
        fake.profiles["UMEMBER"]["is_admin"] = False
        assert (await slack.find_person(client, "T1", "UMEMBER", is_admin=True)).is_workspace_admin
        assert len(fake.calls) == 2
        now[0] = CACHE_SECONDS
        assert not (await slack.find_person(client, "T1", "UMEMBER", is_admin=True)).is_workspace_admin
    assert CACHE_SECONDS <= 60


async def test_refused_people_are_asked_about_again_each_time() -> None:
    fake, slack = FakeDirectory(), SlackDirectory(lambda: 0.0)
    async with serve(fake) as client:
        assert (await slack.find_person(client, "T1", "UGUEST")).kind is PersonKind.GUEST
        assert not await slack.is_in_group(client, "T1", "SADMINS", "UGUEST")
        assert not await slack.is_in_channel(client, "T1", "C2", "UGUEST")
        fake.profiles["UGUEST"] = {}
        fake.groups["SADMINS"], fake.channels["C2"] = ["UGUEST"], ["UGUEST"]
        assert (await slack.find_person(client, "T1", "UGUEST")).kind is PersonKind.MEMBER
        assert await slack.is_in_group(client, "T1", "SADMINS", "UGUEST")
        assert await slack.is_in_channel(client, "T1", "C2", "UGUEST")


async def test_answers_are_kept_per_workspace() -> None:
    fake, slack = FakeDirectory(), SlackDirectory(lambda: 0.0)
    async with serve(fake) as client:
        for team in ("T1", "T1", "T2"):
            assert await slack.is_in_group(client, team, "SADMINS", "UMEMBER")
    assert len(fake.calls) == 2


async def test_equal_questions_at_the_same_time_are_one_call() -> None:
    fake, slack = FakeDirectory(), SlackDirectory(lambda: 0.0)
    async with serve(fake) as client:
        people = await asyncio.gather(*(slack.find_person(client, "T1", "UGUEST") for _ in range(20)))
    assert {person.kind for person in people} == {PersonKind.GUEST}
    assert len(fake.calls) == 1


@pytest.mark.parametrize("error", ["internal_error", "token_revoked", "ratelimited", "missing_scope"])
async def test_errors_are_silence_and_are_not_kept(error: str) -> None:
    fake, slack = FakeDirectory(), SlackDirectory(lambda: 0.0)
    fake.error = error
    async with serve(fake) as client:
        checks = (
            lambda: slack.find_person(client, "T1", "UADMIN"),
            lambda: slack.is_in_group(client, "T1", "SADMINS", "UMEMBER"),
            lambda: slack.is_in_channel(client, "T1", "C1", "UMEMBER"),
        )
        for check in checks:
            with pytest.raises(SlackSilent) as caught:
                await check()
            assert caught.value.is_missing_scope is (error == "missing_scope")
        fake.error = None
        for check in checks:
            assert await check()


@pytest.mark.parametrize("reply", [{"ok": True}, {"ok": True, "user": None}, {"ok": True, "user": ["UADMIN"]}])
async def test_a_reply_without_a_person_is_silence(reply: dict[str, Any]) -> None:
    fake = FakeDirectory()
    fake.replies["users.info"] = reply
    async with serve(fake) as client:
        with pytest.raises(SlackSilent):
            await SlackDirectory(lambda: 0.0).find_person(client, "T1", "UADMIN")


async def test_unreachable_and_slow_slack_is_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(directory, "CHECK_SECONDS", 0.05)
    client, slack = AsyncWebClient("xoxb-made-up", base_url="http://127.0.0.1:1/api/"), SlackDirectory(lambda: 0.0)
    with pytest.raises(SlackSilent):
        await slack.find_person(client, "T1", "UADMIN")

    class SlowClient(AsyncWebClient):
        async def users_info(self, **_arguments: object) -> Any:
            await asyncio.sleep(60)

    with pytest.raises(SlackSilent):
        await slack.find_person(SlowClient(), "T1", "UADMIN")


async def test_people_of_a_large_channel_are_found_by_their_own_channels() -> None:
    fake, slack = FakeDirectory(), SlackDirectory(lambda: 0.0)
    fake.page_size = 2
    fake.channels["C1"] = [f"U{number}" for number in range(20)]
    fake.channels["C3"] = ["U18"]
    async with serve(fake) as client:
        assert await slack.is_in_channel(client, "T1", "C1", "U3")
        assert fake.calls == ["conversations.members"] * 2
        assert await slack.is_in_channel(client, "T1", "C1", "U18")
        assert not await slack.is_in_channel(client, "T1", "C1", "U30")
        assert len(fake.calls) <= 2 + 2 * (2 + 5)


@pytest.mark.parametrize("reply", [{"ok": True}, {"ok": True, "members": "UMEMBER"}, {"ok": False, "error": "unknown"}])
async def test_a_channel_whose_people_are_not_told_is_looked_up_by_person(reply: dict[str, Any]) -> None:
    fake, slack = FakeDirectory(), SlackDirectory(lambda: 0.0)
    fake.replies["conversations.members"] = reply
    async with serve(fake) as client:
        assert await slack.is_in_channel(client, "T1", "C1", "UMEMBER")
        assert not await slack.is_in_channel(client, "T1", "C2", "UMEMBER")
        fake.replies["users.conversations"] = {"ok": True}
        with pytest.raises(SlackSilent):
            await slack.is_in_channel(client, "T1", "C2", "UMEMBER")


async def test_nobody_is_in_a_channel_that_the_bot_cannot_see() -> None:
    async with serve(FakeDirectory()) as client:
        assert not await SlackDirectory(lambda: 0.0).is_in_channel(client, "T1", "C404", "UMEMBER")
