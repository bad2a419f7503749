"""What becomes of runs: sent once, late, skipped, tried again, paused, unknown; on both databases."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.digests.delivery.delivery import make_message_key
from bot.digests.delivery.digest_repository import open_digest_repository
from bot.digests.delivery.run_repository import RunRepository
from bot.digests.model import Content, Digest, DigestState, RunState
from bot.slack.transport.channel_posts import QueuedChannelPoster
from briefings.errors import BadQuestion, DatabaseUnavailable, NothingFound
from tests.stand_ins.digest_world import Source, moment
from tests.unit.bot.digests.conftest import World
from tests.unit.bot.storage.conftest import address  # noqa: F401 - a fixture


async def test_a_run_is_sent_once_at_its_minute(world: World) -> None:
    digest = await world.digest()
    for when in ("2026-06-25 07:29", "2026-06-25 07:30", "2026-06-25 07:30", "2026-06-25 07:31"):
        await world.at(when)
    (run,) = await world.runs(digest)
    assert (run.due_at, run.state, run.late) == (moment("2026-06-25 07:30"), RunState.SENT, False)
    (posted,) = world.slack.posted
    assert (posted["channel"], posted["text"]) == ("C1", "strike at 07:30")
    assert run.message_ts == posted["ts"]
    (had,) = await open_digest_repository(world.store).list_history("T1", "C1")
    assert (had.message_ts, had.digest, had.due_at) == (run.message_ts, digest.id, run.due_at)


async def test_of_missed_runs_the_last_is_sent_late_and_the_others_are_listed(world: World) -> None:
    digest = await world.digest()
    await world.at("2026-06-28 08:40")
    assert await world.states(digest) == ["sent", "skipped", "skipped", "skipped"]
    assert (await world.runs(digest))[0].late
    (posted,) = world.slack.posted
    assert "due at 08:30 on 28 June (Europe/London)" in posted["text"]
    assert [entry.action.action for entry in await world.store.audit_log.list_entries("T1")] == ["skipped", "scheduled"]


async def test_a_run_missed_by_more_than_two_hours_is_skipped(world: World) -> None:
    digest = await world.digest()
    await world.at("2026-06-25 09:31")
    assert await world.states(digest) == ["skipped"]
    assert world.slack.posted == []


async def test_after_a_year_away_there_is_no_backlog(world: World) -> None:
    digest = await world.digest()
    await world.at("2027-07-01 07:31")
    assert (await world.states(digest))[0] == "sent"
    assert len(await open_digest_repository(world.store).list_runs(digest, 1_000)) <= 8
    assert "since 24 June 2026" in str((await world.runs(digest))[-1].reason)
    assert len(world.slack.posted) == 1


async def test_a_clock_put_back_sends_nothing_twice_and_misses_nothing(world: World) -> None:
    digest = await world.digest()
    for when in ("2026-06-25 07:30", "2026-06-24 20:00", "2026-06-25 07:30", "2026-06-26 07:30"):
        await world.at(when)
    assert await world.states(digest) == ["sent", "sent"]
    assert len(world.slack.posted) == 2


async def test_a_clock_that_ran_days_ahead_and_was_put_right_has_lost_no_run(world: World) -> None:
    digest = await world.digest()
    for when in ("2026-07-20 00:00", "2026-06-24 12:05", "2026-06-25 07:30", "2026-06-26 07:31"):
        await world.at(when)
    assert await world.states(digest) == ["sent", "sent"]


async def test_nothing_new_is_silence(world: World) -> None:
    async def nothing(_digest: Digest, _now: datetime) -> Content | None:
        return None

    world.source.fetch_content = nothing  # type: ignore[method-assign]  # the fake tells something else
    digest = await world.digest()
    await world.at("2026-06-25 07:30")
    assert (await world.states(digest), world.slack.posted) == (["silent"], [])


async def test_what_is_paused_does_not_run_and_what_it_missed_is_not_made_up_for(world: World) -> None:
    digest = await world.digest()
    paused = await open_digest_repository(world.store).pause(digest, "U2")
    assert (paused.state, paused.reason, paused.next_due) == (DigestState.PAUSED, "<@U2> paused it.", None)
    await world.at("2026-06-25 07:30")
    with pytest.raises(BadQuestion):
        await open_digest_repository(world.store).request_run(digest)
    await open_digest_repository(world.store).resume(digest, "U2")
    await world.at("2026-06-25 07:40")
    assert await world.states(digest) == []
    await world.at("2026-06-26 07:30")
    assert await world.states(digest) == ["sent"]
    await open_digest_repository(world.store).stop(digest, "U2")
    assert (await open_digest_repository(world.store).resume(digest, "U2")).state is DigestState.STOPPED


async def test_a_run_may_be_asked_for_at_once(world: World) -> None:
    digest = await world.digest()
    for _ in range(2):
        await open_digest_repository(world.store).request_run(digest)
    world.clock.at += 2
    await world.runner.run_due()
    assert await world.states(digest) == ["sent", "sent"]


@pytest.mark.parametrize("code", ["is_archived", "not_in_channel", "channel_not_found", "restricted_action"])
async def test_a_channel_that_takes_nothing_pauses_its_digests_and_each_owner_hears_once(
    world: World, code: str
) -> None:
    first, second = await world.digest(), await world.digest(ask="flood", owner="U2")
    elsewhere = await world.digest(channel="C2")
    world.slack.fault = lambda method, told: code if told["channel"] == "C1" and "post" in method else None
    for when in ("2026-06-25 07:30", "2026-06-25 07:31", "2026-06-26 07:30"):
        await world.at(when)
    for digest in (first, second):
        assert (await world.found(digest)).state is DigestState.PAUSED
    assert await world.states(elsewhere) == ["sent", "sent"]
    assert await world.states(first) == ["failed"]
    assert [len(world.said_to(person)) for person in ("U1", "U2")] == [1, 1]
    assert "Digest 1 in <#C1> is paused." in world.said_to("U1")[0]
    assert "/digest resume 1" in world.said_to("U1")[0]
    assert "paused" in {entry.action.action for entry in await world.store.audit_log.list_entries("T1")}


async def test_a_revoked_token_pauses_the_team_and_owners_hear_when_there_is_one_again(world: World) -> None:
    digest, elsewhere = await world.digest(), await world.digest(channel="C2")
    world.slack.fault = lambda _method, _told: "token_revoked"
    await world.at("2026-06-25 07:30")
    for one in (digest, elsewhere):
        assert (await world.found(one)).state is DigestState.PAUSED
    world.slack.fault = lambda _method, _told: None
    await world.at("2026-06-25 08:45")
    await world.at("2026-06-25 08:50")
    assert len(world.said_to("U1")) == 1
    assert "1 in <#C1>, 1 in <#C2> are paused" in world.said_to("U1")[0]


async def test_where_the_bot_is_not_installed_nothing_is_posted(world: World) -> None:
    digest = await world.digest()
    world.installed = False
    await world.at("2026-06-25 07:30")
    assert (await world.found(digest)).state is DigestState.PAUSED
    assert world.slack.calls == []


async def test_slack_down_for_an_hour_delays_a_run(world: World) -> None:
    digest = await world.digest()

    def down(_method: str, _told: dict[str, Any]) -> str | None:
        if world.clock.at < moment("2026-06-25 08:30").timestamp():
            raise ConnectionRefusedError
        return None

    world.slack.fault = down
    for minute in range(30, 120):
        await world.at(f"2026-06-25 {7 + minute // 60:02}:{minute % 60:02}")
    (run,) = await world.runs(digest)
    assert (run.state, run.late) == (RunState.SENT, True)
    assert len(world.slack.posted) == 1


@pytest.mark.parametrize(("code", "state"), [("ratelimited", "failed"), ("internal_error", "failed")])
async def test_what_slack_never_takes_in_time_has_failed_and_the_owner_hears(
    world: World, code: str, state: str
) -> None:
    digest = await world.digest()
    world.slack.fault = lambda method, told: code if told["channel"] == "C1" and "post" in method else None
    for minute in range(30, 180):
        await world.at(f"2026-06-25 {7 + minute // 60:02}:{minute % 60:02}")
    assert await world.states(digest) == [state]
    assert len(world.said_to("U1")) == 1
    assert (await world.found(digest)).state is DigestState.ACTIVE


async def test_a_message_taken_without_an_answer_is_found_and_not_sent_again(world: World) -> None:
    digest = await world.digest()
    told = iter(["timeout!"])
    world.slack.fault = lambda method, _told: next(told, None) if "post" in method else None
    await world.at("2026-06-25 07:30")
    await world.at("2026-06-25 07:40")
    assert await world.states(digest) == ["sent"]
    assert len(world.slack.posted) == 1


@pytest.mark.parametrize("code", ["missing_scope", "internal_error"])
async def test_a_run_that_cannot_be_settled_is_unknown_and_never_sent_again(world: World, code: str) -> None:
    digest = await world.digest()

    def fault(method: str, told: dict[str, Any]) -> str | None:
        if told["channel"] != "C1":
            return None
        return "timeout!" if "post" in method else code

    world.slack.fault = fault
    for minute in range(30, 180):
        await world.at(f"2026-06-25 {7 + minute // 60:02}:{minute % 60:02}")
    assert await world.states(digest) == ["unknown"]
    assert len([one for one in world.slack.posted if one["channel"] == "C1"]) == 1
    assert len(world.said_to("U1")) == 1
    assert "nobody can tell" in world.said_to("U1")[0]


async def test_whoever_dies_after_posting_leaves_a_run_that_is_found(world: World) -> None:
    """The lease runs out, the message is looked up, the details below it are completed."""
    digest = await world.digest()
    world.source = Source(thread=2)
    world.clock.at = moment("2026-06-25 07:30").timestamp()
    runs = RunRepository(world.store.database, world.store.audit_log, world.runner._policy)
    runs.plan_runs(world.now())
    (claim,) = runs.claim_due(world.now(), world.now(), "dead", 8)
    assert runs.claim_due(world.now(), world.now(), "other", 8) == []
    content = await world.source.fetch_content(digest, world.now())
    assert content is not None
    runs.save_content(claim, content, world.now())
    posting = QueuedChannelPoster(now=world.clock, sleep=world.clock.sleep)
    ts = await posting.post(world.slack, "C1", content.message, key=make_message_key(claim))
    await posting.post(world.slack, "C1", content.thread[0], key=f"{make_message_key(claim)}-0", thread=ts)
    world.clock.at += 300
    await world.another().run_due()
    assert await world.states(digest) == ["sent"]
    assert [one["text"] for one in world.slack.posted] == ["strike at 07:30", "detail 0", "detail 1"]
    assert not runs.mark_sent(claim, "late", (), world.now()), "the dead one comes back too late"
    assert (await world.runs(digest))[0].message_ts == ts


async def test_news_that_cannot_be_told_fails_and_says_why(world: World) -> None:
    async def none(_digest: Digest, _now: datetime) -> Content | None:
        raise NothingFound("There is no such topic any more.")

    world.source.fetch_content = none  # type: ignore[method-assign]  # the fake tells something else
    digest = await world.digest()
    await world.at("2026-06-25 07:30")
    assert await world.states(digest) == ["failed"]
    assert "There is no such topic any more." in world.said_to("U1")[0]


@pytest.mark.parametrize("error", [DatabaseUnavailable("gone"), RuntimeError("broken")])
async def test_news_that_breaks_is_tried_again(world: World, error: Exception) -> None:
    tell = world.source.fetch_content

    async def broken(digest: Digest, now: datetime) -> Content | None:
        if now < moment("2026-06-25 07:40"):
            raise error
        return await tell(digest, now)

    world.source.fetch_content = broken  # type: ignore[method-assign]  # the fake tells something else
    digest = await world.digest()
    for minute in range(30, 60):
        await world.at(f"2026-06-25 07:{minute}")
    assert await world.states(digest) == ["sent"]


async def test_a_team_that_leaves_takes_everything_along(world: World) -> None:
    digest = await world.digest()
    await world.at("2026-06-25 07:30")
    await world.store.uninstall_cleanup.forget_workspace(None, "T1", "uninstalled", world.now())
    assert await open_digest_repository(world.store).list_digests("T1", include_stopped=True) == ()
    assert await world.runs(digest) == []
    assert await open_digest_repository(world.store).list_history("T1", "C1") == ()


async def test_the_same_digest_twice_and_too_many_are_refused(world: World) -> None:
    first = await world.digest()
    with pytest.raises(BadQuestion, match="number 1"):
        await world.digest(owner="U2")
    await open_digest_repository(world.store).stop(first, "U1")
    again = await world.digest()
    assert again.number == 2
    for number in range(19):
        await world.digest(ask=f"topic {number}")
    with pytest.raises(BadQuestion, match="20 digests"):
        await world.digest(ask="one more")
    assert len(await open_digest_repository(world.store).list_digests("T1", "C1")) == 20


async def test_digests_of_one_channel_wait_for_each_other(world: World) -> None:
    """Each knows what the one before it has told."""
    had: list[int] = []
    tell = world.source.fetch_content

    async def news(digest: Digest, now: datetime) -> Content | None:
        had.append(len(await open_digest_repository(world.store).list_history("T1", "C1")))
        return await tell(digest, now)

    world.source.fetch_content = news  # type: ignore[method-assign]  # the fake tells something else
    for ask in ("a", "b", "c"):
        await world.digest(ask=ask)
    await world.at("2026-06-25 07:30")
    assert had == [0, 1, 2]


async def test_of_two_replicas_one_sends(world: World) -> None:
    for number in range(12):
        await world.digest(channel=f"C{number}")
    world.clock.at = moment("2026-06-25 07:30").timestamp()
    other = world.another()
    await world.runner.run_due()
    await other.run_due()
    assert len(world.slack.posted) == len(set(world.slack.keys)) == 12
    assert timedelta(0) <= world.now() - moment("2026-06-25 07:30") < timedelta(minutes=1)
