"""Delivery of runs on both databases: sent once, late, skipped, retried, paused or unknown."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.digests.delivery.delivery import make_message_key
from bot.digests.delivery.digest_repository import open_digest_repository
from bot.digests.delivery.run_repository import RunRepository
from bot.digests.model import Content, DetailsPlace, Digest, DigestState, RunState
from bot.slack.transport.channel_posts import QueuedChannelPoster
from briefings.errors import BadQuestion, DatabaseUnavailable, NothingFound
from tests.stand_ins.digest_world import FakeContentSource, parse_utc
from tests.unit.bot.digests.conftest import World
from tests.unit.bot.storage.conftest import address  # noqa: F401 - a fixture


async def test_run_is_sent_once_at_its_due_time(world: World) -> None:
    digest = await world.add_digest()
    for time_text in ("2026-06-25 07:29", "2026-06-25 07:30", "2026-06-25 07:30", "2026-06-25 07:31"):
        await world.run_at(time_text)
    (run,) = await world.list_runs(digest)
    assert (run.due_at, run.state, run.late) == (parse_utc("2026-06-25 07:30"), RunState.DELIVERED, False)
    (message,) = world.slack.messages
    assert (message["channel"], message["text"]) == ("C1", "strike at 07:30")
    assert run.message_ts == message["ts"]
    (entry,) = await open_digest_repository(world.store).list_history("T1", "C1")
    assert (entry.message_ts, entry.digest, entry.due_at) == (run.message_ts, digest.id, run.due_at)


async def test_only_the_last_missed_run_is_sent_late_and_the_others_are_skipped(world: World) -> None:
    digest = await world.add_digest()
    await world.run_at("2026-06-28 08:40")
    assert await world.list_states(digest) == ["sent", "skipped", "skipped", "skipped"]
    assert (await world.list_runs(digest))[0].late
    (message,) = world.slack.messages
    assert "due at 08:30 on 28 June (Europe/London)" in message["text"]
    assert [entry.action.action for entry in await world.store.audit_log.list_entries("T1")] == ["skipped", "scheduled"]


async def test_run_is_skipped_after_two_hours(world: World) -> None:
    digest = await world.add_digest()
    await world.run_at("2026-06-25 09:31")
    assert await world.list_states(digest) == ["skipped"]
    assert world.slack.messages == []


async def test_year_long_outage_leaves_no_backlog(world: World) -> None:
    digest = await world.add_digest()
    await world.run_at("2027-07-01 07:31")
    assert (await world.list_states(digest))[0] == "sent"
    assert len(await open_digest_repository(world.store).list_runs(digest, 1_000)) <= 8
    assert "since 24 June 2026" in str((await world.list_runs(digest))[-1].reason)
    assert len(world.slack.messages) == 1


async def test_clock_set_back_repeats_and_misses_no_run(world: World) -> None:
    digest = await world.add_digest()
    for time_text in ("2026-06-25 07:30", "2026-06-24 20:00", "2026-06-25 07:30", "2026-06-26 07:30"):
        await world.run_at(time_text)
    assert await world.list_states(digest) == ["sent", "sent"]
    assert len(world.slack.messages) == 2


async def test_clock_that_was_days_ahead_misses_no_run(world: World) -> None:
    digest = await world.add_digest()
    for time_text in ("2026-07-20 00:00", "2026-06-24 12:05", "2026-06-25 07:30", "2026-06-26 07:31"):
        await world.run_at(time_text)
    assert await world.list_states(digest) == ["sent", "sent"]


async def test_nothing_new_posts_nothing(world: World) -> None:
    async def fetch_nothing(_digest: Digest, _now: datetime) -> Content | None:
        return None

    world.source.fetch_content = fetch_nothing  # type: ignore[method-assign]  # a fake source
    digest = await world.add_digest()
    await world.run_at("2026-06-25 07:30")
    assert (await world.list_states(digest), world.slack.messages) == (["silent"], [])


async def test_paused_digest_does_not_run_and_missed_runs_are_not_sent_later(world: World) -> None:
    digest = await world.add_digest()
    paused_digest = await open_digest_repository(world.store).pause(digest, "U2")
    assert paused_digest.state is DigestState.PAUSED
    assert (paused_digest.reason, paused_digest.next_due) == ("<@U2> paused it.", None)
    await world.run_at("2026-06-25 07:30")
    with pytest.raises(BadQuestion):
        await open_digest_repository(world.store).request_run(digest)
    await open_digest_repository(world.store).resume(digest, "U2")
    await world.run_at("2026-06-25 07:40")
    assert await world.list_states(digest) == []
    await world.run_at("2026-06-26 07:30")
    assert await world.list_states(digest) == ["sent"]
    await open_digest_repository(world.store).stop(digest, "U2")
    assert (await open_digest_repository(world.store).resume(digest, "U2")).state is DigestState.STOPPED


async def test_digest_in_a_removed_time_zone_cannot_be_resumed(world: World) -> None:
    """The zone may vanish with an update of the time zone database while the digest is paused."""
    repository = open_digest_repository(world.store)
    paused_digest = await repository.pause(await world.add_digest(), "U1")
    zoneless_digest = replace(paused_digest, config=replace(paused_digest.config, zone="Mars/Phobos"))
    with pytest.raises(BadQuestion, match=r"time zone Mars/Phobos no longer exists\. Type /digest edit"):
        await repository.resume(zoneless_digest, "U1")
    assert (await world.reload(paused_digest)).state is DigestState.PAUSED


async def test_requested_run_is_sent_at_once(world: World) -> None:
    digest = await world.add_digest()
    for _ in range(2):
        await open_digest_repository(world.store).request_run(digest)
    world.clock.now += 2
    await world.runner.run_due()
    assert await world.list_states(digest) == ["sent", "sent"]


@pytest.mark.parametrize("code", ["is_archived", "not_in_channel", "channel_not_found", "restricted_action"])
async def test_channel_error_pauses_its_digests_and_notifies_each_owner_once(world: World, code: str) -> None:
    first, second = await world.add_digest(), await world.add_digest(query="flood", owner="U2")
    other_digest = await world.add_digest(channel="C2")
    world.slack.fault = lambda method, arguments: code if arguments["channel"] == "C1" and "post" in method else None
    for time_text in ("2026-06-25 07:30", "2026-06-25 07:31", "2026-06-26 07:30"):
        await world.run_at(time_text)
    for digest in (first, second):
        assert (await world.reload(digest)).state is DigestState.PAUSED
    assert await world.list_states(other_digest) == ["sent", "sent"]
    assert await world.list_states(first) == ["failed"]
    assert [len(world.list_texts(person)) for person in ("U1", "U2")] == [1, 1]
    assert "Digest 1 in <#C1> is paused." in world.list_texts("U1")[0]
    assert "/digest resume 1" in world.list_texts("U1")[0]
    assert "paused" in {entry.action.action for entry in await world.store.audit_log.list_entries("T1")}


async def test_revoked_token_pauses_the_team_and_owners_are_notified_once_there_is_a_token(world: World) -> None:
    digests = await world.add_digest(), await world.add_digest(channel="C2")
    world.slack.fault = lambda _method, _arguments: "token_revoked"
    await world.run_at("2026-06-25 07:30")
    for digest in digests:
        assert (await world.reload(digest)).state is DigestState.PAUSED
    world.slack.fault = lambda _method, _arguments: None
    await world.run_at("2026-06-25 08:45")
    await world.run_at("2026-06-25 08:50")
    assert len(world.list_texts("U1")) == 1
    assert "1 in <#C1>, 1 in <#C2> are paused" in world.list_texts("U1")[0]


async def test_digest_is_paused_where_the_bot_is_not_installed(world: World) -> None:
    digest = await world.add_digest()
    world.is_installed = False
    await world.run_at("2026-06-25 07:30")
    assert (await world.reload(digest)).state is DigestState.PAUSED
    assert world.slack.calls == []


async def test_slack_outage_delays_a_run(world: World) -> None:
    digest = await world.add_digest()

    def fail_until_half_past_eight(_method: str, _arguments: dict[str, Any]) -> str | None:
        if world.clock.now < parse_utc("2026-06-25 08:30").timestamp():
            raise ConnectionRefusedError
        return None

    world.slack.fault = fail_until_half_past_eight
    for minute in range(30, 120):
        await world.run_at(f"2026-06-25 {7 + minute // 60:02}:{minute % 60:02}")
    (run,) = await world.list_runs(digest)
    assert (run.state, run.late) == (RunState.DELIVERED, True)
    assert len(world.slack.messages) == 1


@pytest.mark.parametrize(("code", "state"), [("ratelimited", "failed"), ("internal_error", "failed")])
async def test_run_that_slack_never_accepts_fails_and_notifies_the_owner(world: World, code: str, state: str) -> None:
    digest = await world.add_digest()
    world.slack.fault = lambda method, arguments: code if arguments["channel"] == "C1" and "post" in method else None
    for minute in range(30, 180):
        await world.run_at(f"2026-06-25 {7 + minute // 60:02}:{minute % 60:02}")
    assert await world.list_states(digest) == [state]
    assert len(world.list_texts("U1")) == 1
    assert (await world.reload(digest)).state is DigestState.ACTIVE


async def test_message_posted_without_a_response_is_not_sent_again(world: World) -> None:
    digest = await world.add_digest()
    codes = iter(["timeout!"])
    world.slack.fault = lambda method, _arguments: next(codes, None) if "post" in method else None
    await world.run_at("2026-06-25 07:30")
    await world.run_at("2026-06-25 07:40")
    assert await world.list_states(digest) == ["sent"]
    assert len(world.slack.messages) == 1


@pytest.mark.parametrize("code", ["missing_scope", "internal_error"])
async def test_unconfirmed_run_is_unknown_and_never_sent_again(world: World, code: str) -> None:
    digest = await world.add_digest()

    def fail_in_channel(method: str, arguments: dict[str, Any]) -> str | None:
        if arguments["channel"] != "C1":
            return None
        return "timeout!" if "post" in method else code

    world.slack.fault = fail_in_channel
    for minute in range(30, 180):
        await world.run_at(f"2026-06-25 {7 + minute // 60:02}:{minute % 60:02}")
    assert await world.list_states(digest) == ["unknown"]
    assert len(world.list_texts("C1")) == 1
    assert len(world.list_texts("U1")) == 1
    assert "couldn't confirm that the 08:30 on 25 June (Europe/London) post went through" in world.list_texts("U1")[0]


@pytest.mark.parametrize("place", [DetailsPlace.THREAD, DetailsPlace.CHANNEL])
async def test_run_of_a_killed_process_is_completed_by_another(world: World, place: DetailsPlace) -> None:
    """The lease expires, the message is found, and the missing details are posted in its thread or the channel."""
    digest = await world.add_digest()
    world.source = FakeContentSource(2, place)
    world.clock.now = parse_utc("2026-06-25 07:30").timestamp()
    repository = RunRepository(world.store.database, world.store.audit_log, world.runner._policy)
    repository.plan_runs(world.now())
    (claim,) = repository.claim_due(world.now(), world.now(), "dead", 8)
    assert repository.claim_due(world.now(), world.now(), "other", 8) == []
    content = await world.source.fetch_content(digest, world.now())
    assert content is not None
    repository.save_content(claim, content, world.now())
    poster = QueuedChannelPoster(now=world.clock, sleep=world.clock.sleep)
    ts = await poster.post(world.slack, "C1", content.message, key=make_message_key(claim))
    thread = ts if place is DetailsPlace.THREAD else None
    await poster.post(world.slack, "C1", content.thread[0], key=f"{make_message_key(claim)}-0", thread=thread)
    world.clock.now += 300
    await world.make_runner().run_due()
    assert await world.list_states(digest) == ["sent"]
    assert [message["text"] for message in world.slack.messages] == ["strike at 07:30", "detail 0", "detail 1"]
    assert [message["thread_ts"] for message in world.slack.messages] == [None, thread, thread]
    assert not repository.mark_sent(claim, "late", (), world.now()), "the first claim has expired"
    assert (await world.list_runs(digest))[0].message_ts == ts


async def test_final_content_error_fails_the_run_and_notifies_the_owner(world: World) -> None:
    async def fail(_digest: Digest, _now: datetime) -> Content | None:
        raise NothingFound("No articles about “strike” yet.")

    world.source.fetch_content = fail  # type: ignore[method-assign]  # a fake source
    digest = await world.add_digest()
    await world.run_at("2026-06-25 07:30")
    assert await world.list_states(digest) == ["failed"]
    assert "No articles about “strike” yet." in world.list_texts("U1")[0]


@pytest.mark.parametrize("error", [DatabaseUnavailable("gone"), RuntimeError("broken")])
async def test_other_content_error_is_retried(world: World, error: Exception) -> None:
    fetch_content = world.source.fetch_content

    async def fail_for_ten_minutes(digest: Digest, now: datetime) -> Content | None:
        if now < parse_utc("2026-06-25 07:40"):
            raise error
        return await fetch_content(digest, now)

    world.source.fetch_content = fail_for_ten_minutes  # type: ignore[method-assign]  # a fake source
    digest = await world.add_digest()
    for minute in range(30, 60):
        await world.run_at(f"2026-06-25 07:{minute}")
    assert await world.list_states(digest) == ["sent"]


async def test_uninstall_deletes_all_data_of_the_team(world: World) -> None:
    digest = await world.add_digest()
    await world.run_at("2026-06-25 07:30")
    await world.store.uninstall_cleanup.forget_workspace(None, "T1", "uninstalled", world.now())
    assert await open_digest_repository(world.store).list_digests("T1", include_stopped=True) == ()
    assert await world.list_runs(digest) == []
    assert await open_digest_repository(world.store).list_history("T1", "C1") == ()


async def test_duplicate_digest_and_too_many_digests_are_refused(world: World) -> None:
    first = await world.add_digest()
    with pytest.raises(BadQuestion, match="number 1"):
        await world.add_digest(owner="U2")
    await open_digest_repository(world.store).stop(first, "U1")
    second = await world.add_digest()
    assert second.number == 2
    for number in range(19):
        await world.add_digest(query=f"topic {number}")
    with pytest.raises(BadQuestion, match="20 digests"):
        await world.add_digest(query="one more")
    assert len(await open_digest_repository(world.store).list_digests("T1", "C1")) == 20


async def test_digests_of_one_channel_wait_for_each_other(world: World) -> None:
    """Each one starts with the history of the previous one."""
    history_lengths: list[int] = []
    fetch_content = world.source.fetch_content

    async def fetch_and_count(digest: Digest, now: datetime) -> Content | None:
        history_lengths.append(len(await open_digest_repository(world.store).list_history("T1", "C1")))
        return await fetch_content(digest, now)

    world.source.fetch_content = fetch_and_count  # type: ignore[method-assign]  # a fake source
    for query in ("a", "b", "c"):
        await world.add_digest(query=query)
    await world.run_at("2026-06-25 07:30")
    assert history_lengths == [0, 1, 2]


async def test_only_one_of_two_replicas_sends(world: World) -> None:
    for number in range(12):
        await world.add_digest(channel=f"C{number}")
    world.clock.now = parse_utc("2026-06-25 07:30").timestamp()
    other_runner = world.make_runner()
    await world.runner.run_due()
    await other_runner.run_due()
    assert len(world.slack.messages) == len(set(world.slack.message_keys)) == 12
    assert timedelta(0) <= world.now() - parse_utc("2026-06-25 07:30") < timedelta(minutes=1)
