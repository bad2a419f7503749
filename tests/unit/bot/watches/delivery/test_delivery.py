"""Messages of watches are posted once with every answer of Slack; lasting problems pause watches and tell owners."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from bot.storage.schema import watch_matches, watch_notices, watches
from bot.watches.delivery.watch_repository import open_watch_repository
from bot.watches.model import ChannelSettings, WatchState
from briefings.watches import WatchQuery
from tests.stand_ins.watch_world import make_article, make_statements
from tests.unit.bot.watches.conftest import World


def fail_once(world: World, method: str, code: str) -> None:
    """Let the next call of a method fail; with a code that ends in "!", the message is stored."""
    codes = [code]

    def fault(called_method: str, _arguments: dict[str, Any]) -> str | None:
        return codes.pop() if called_method == method and codes else None

    world.slack.fault = fault


@pytest.mark.parametrize("code", ["ratelimited", "lost!"])
async def test_a_post_that_fails_once_is_there_once(world: World, code: str) -> None:
    await world.watch()
    fail_once(world, "chat.postMessage", code)
    await world.add(make_article("a1"))
    world.clock.now += 600
    await world.runner.run_due()
    assert len(world.list_texts()) == 1
    assert world.list_states() == [("match", "sent")]


async def test_another_replica_looks_for_the_message_before_it_posts(world: World) -> None:
    """The first replica dies after Slack stored the message."""
    await world.watch()
    world.service.add([make_article("a1")])
    runner = world.make_runner()
    post = world.slack.chat_postMessage

    async def post_and_die(**arguments: Any) -> Any:
        await post(**arguments)
        raise SystemError

    world.slack.chat_postMessage = post_and_die  # type: ignore[method-assign]  # a process that dies
    await runner.run_due()
    world.slack.chat_postMessage = post  # type: ignore[method-assign]  # the real one again
    assert world.list_states() == [("match", "claimed")]
    await world.runner.run_due()
    assert world.list_states() == [("match", "claimed")], "the lease has not expired"
    world.clock.now += 300
    await world.runner.run_due()
    assert len(world.list_texts()) == 1
    assert world.list_states() == [("match", "sent")]
    assert world.slack.calls.count("chat.postMessage") == 1


async def test_a_message_that_cannot_be_looked_for_is_never_posted_again(world: World) -> None:
    await world.watch()
    calls: list[str] = []

    def fault(method: str, _arguments: dict[str, Any]) -> str | None:
        calls.append(method)
        if method == "chat.postMessage" and calls.count(method) == 1:
            return "lost!"
        return "missing_scope" if method.startswith("conversations.") else None

    world.slack.fault = fault
    await world.add(make_article("a1"))
    world.clock.now += 600
    await world.runner.run_due()
    assert len(world.list_texts()) == 1
    assert world.list_states() == [("match", "unknown")]
    (notice,) = world.list_texts("U1")
    assert notice.startswith("Watch 1 in <#C1>: a match may be missing.")


async def test_two_replicas_post_each_match_once(world: World) -> None:
    await world.watch()
    other = world.make_runner()
    world.service.add(make_statements(6))
    await asyncio.gather(world.runner.run_due(), other.run_due(), world.runner.run_due())
    world.clock.now += 30
    await asyncio.gather(world.runner.run_due(), other.run_due())
    assert len(world.list_texts()) == 6


async def test_a_watch_of_another_replica_counts_from_its_next_article_on(world: World) -> None:
    """Each replica sees changes of the watches without a restart."""
    other = world.make_runner()
    first = await world.watch()
    await world.add(make_article("a1"))
    repository = open_watch_repository(world.store)
    await repository.change_state(first, WatchState.PAUSED, "U1")
    second = await world.watch("speculator")
    world.service.add(make_statements(1))
    await other.run_due()
    await world.add(make_article("a9", "The Courier", "No speculator will ever own this harbour of ours"))
    assert len(world.list_texts()) == 2
    new_config = replace(second.config, query=WatchQuery("before we hand"))
    await repository.edit(second, new_config, "U1")
    world.service.add([replace(make_statements(9)[8], id="a10")])
    await other.run_due()
    assert len(world.list_texts()) == 3


@pytest.mark.parametrize("state", [WatchState.PAUSED, WatchState.STOPPED])
async def test_a_paused_or_stopped_watch_posts_nothing(world: World, state: WatchState) -> None:
    watch = await world.watch()
    await world.add(make_article("a1"))
    repository = open_watch_repository(world.store)
    await repository.change_state(watch, state, "U1")
    await world.add(*make_statements(2))
    assert len(world.list_texts()) == 1


async def test_a_waiting_message_of_a_paused_watch_is_skipped(world: World) -> None:
    watch = await world.watch()
    world.service.add([make_article("a1")])
    await world.runner._match_arrivals()
    await open_watch_repository(world.store).change_state(watch, WatchState.PAUSED, "U1")
    await world.runner.run_due()
    assert world.slack.messages == []
    assert world.list_states() == [("match", "skipped")]


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("is_archived", "The channel is archived."),
        ("not_in_channel", "On the Record isn't in the channel anymore."),
        ("channel_not_found", "On the Record can't see the channel anymore"),
    ],
)
async def test_a_closed_channel_pauses_its_watches_and_tells_the_owners(world: World, code: str, reason: str) -> None:
    first = await world.watch()
    second = await world.watch(query=WatchQuery(by="Roe"), owner="U2")
    elsewhere = await world.watch("speculator", "C2")
    world.slack.fault = lambda method, arguments: (
        code if method == "chat.postMessage" and arguments["channel"] == "C1" else None
    )
    await world.add(make_article("a1"))
    assert [(await world.reload(watch)).state for watch in (first, second, elsewhere)] == [
        WatchState.PAUSED,
        WatchState.PAUSED,
        WatchState.ACTIVE,
    ]
    assert reason in str((await world.reload(first)).reason)
    for owner, number in (("U1", 1), ("U2", 2)):
        (notice,) = world.list_texts(owner)
        assert notice.startswith(f"Watch {number} in <#C1> is paused.")
        assert f"/watch resume {number}" in notice


async def test_a_workspace_without_the_bot_pauses_all_its_watches(world: World) -> None:
    watches_of_team = [await world.watch(), await world.watch(channel="C2")]
    world.is_installed = False
    await world.add(make_article("a1"))
    assert {(await world.reload(watch)).state for watch in watches_of_team} == {WatchState.PAUSED}


@pytest.mark.parametrize("is_deactivated", [True, False])
async def test_channel_is_told_if_the_owner_is_gone(world: World, is_deactivated: bool) -> None:
    """With the sentence that an admin can take the watch over."""
    if is_deactivated:
        world.slack.deactivated_users.add("U1")
    codes = {"U1": "user_disabled", "C1": "invalid_blocks_x"}
    world.slack.fault = lambda method, arguments: (
        codes.get(str(arguments.get("channel"))) if method == "chat.postMessage" else None
    )
    await world.watch()
    world.service.add([make_article("a1")])
    codes["C1"] = "invalid_arguments"
    await world.runner._match_arrivals()
    await world.runner._post_due()
    del codes["C1"]
    await world.runner.run_due()
    (text,) = world.list_texts()
    assert text.startswith("The person who set up this watch can't be reached (<@U1>). Watch 1 in <#C1>")
    assert "type /watch take and its number in its channel" in text


async def test_channel_is_told_once_that_the_owner_of_a_running_watch_has_left(world: World) -> None:
    world.slack.deactivated_users.add("U1")
    await world.watch()
    await world.add(*make_statements(3))
    world.clock.now += 100_000
    await world.add(make_article("a1"))
    notices = [text for text in world.list_texts() if text.startswith("The person who set up this watch")]
    assert notices == [
        "The person who set up this watch can't be reached (<@U1>). Watch 1 in <#C1> still runs. "
        "An On the Record admin can take a watch over: type /watch take and its number in its channel."
    ]
    assert len(world.list_texts()) == 5


async def test_a_reply_that_cannot_be_edited_stays_as_it_is(world: World) -> None:
    await world.watch()
    await world.add(make_article("a1"), make_article("a2", "The Courier"))
    world.slack.fault = lambda method, _: "cant_update_message" if method == "chat.update" else None
    await world.add(make_article("a3", "The Harbour Post"))
    assert world.list_states() == [("match", "sent"), ("reports", "sent")]


async def test_an_edit_is_tried_again_after_a_temporary_error(world: World) -> None:
    await world.watch()
    await world.add(make_article("a1"), make_article("a2", "The Courier"))
    fail_once(world, "chat.update", "internal_error")
    await world.add(make_article("a3", "The Harbour Post"))
    world.clock.now += 600
    await world.runner.run_due()
    (text,) = world.list_texts(thread=world.slack.messages[0]["ts"])
    assert text.startswith("Also in two outlets:")


async def test_nothing_of_a_team_stays_after_it_leaves(world: World) -> None:
    await world.watch()
    await world.set(ChannelSettings(hourly_limit=2))
    await world.add(make_article("a1"))

    def forget(db: Any) -> None:
        for function in world.store.uninstall_cleanup._forget_functions:
            function(db, "T1")

    world.store.database.write(forget)
    for table in (watches, watch_notices, watch_matches):
        assert world.store.database.read(lambda db, table=table: db.execute(table.select()).all()) == []
    await world.add(*make_statements(1))
    assert len(world.slack.messages) == 1


async def test_one_article_that_cannot_be_recorded_does_not_stop_the_others(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.watches.delivery.matching import recorder

    build_passage = recorder.build_passage

    def fail(article: Any, finding: Any) -> Any:
        if article.id == "bad":
            raise RuntimeError
        return build_passage(article, finding)

    monkeypatch.setattr(recorder, "build_passage", fail)
    await world.watch()
    await world.add(
        make_article("bad", words="Let them hand the harbour to nobody at all this year"), *make_statements(2)
    )
    assert len(world.list_texts()) == 2
    await world.runner.run_due()
    assert world.runner.arrival_count == 3


async def test_old_rows_are_deleted(world: World) -> None:
    await world.watch()
    await world.add(make_article("a1"))
    await world.run_at("2026-10-24 12:00")
    assert world.list_states() == []
