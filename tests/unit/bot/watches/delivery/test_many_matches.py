"""Very many matches are recorded in parts and posted side by side, and each is still posted once."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest

from bot.storage.schema import watch_notices
from bot.watches.delivery.matching import matcher
from bot.watches.delivery.notice_repository import NoticeClaim, PostedMessage
from bot.watches.delivery.post_log import PostLog
from bot.watches.delivery.watch_repository import WatchRepository
from briefings import Topic
from briefings.errors import DatabaseUnavailable
from briefings.watches import WatchQuery
from tests.stand_ins.watch_world import make_article, make_statements
from tests.unit.bot.watches.conftest import World

_CHANNELS = [f"C{number}" for number in range(7)]


def count_posts(world: World) -> list[int]:
    return [len(world.list_texts(channel)) for channel in _CHANNELS]


@pytest.fixture
def small_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    """At most three matches in one transaction."""
    monkeypatch.setattr(matcher, "MAX_GROUP_MATCHES", 3)


@pytest.mark.usefixtures("small_groups")
async def test_one_article_with_more_matches_than_a_transaction_takes_is_posted_once_everywhere(world: World) -> None:
    for channel in _CHANNELS:
        await world.watch(channel=channel)
    await world.add(make_article("a1"), *make_statements(1))
    assert count_posts(world) == [2] * 7


@pytest.mark.usefixtures("small_groups")
async def test_a_replica_that_dies_between_two_transactions_loses_and_repeats_nothing(world: World) -> None:
    for channel in _CHANNELS:
        await world.watch(channel=channel)
    world.service.add([make_article("a1")])
    other = world.make_runner()
    assert other._matcher.process_group() == (0, 3)  # and then it dies
    await world.runner.run_due()
    assert count_posts(world) == [1] * 7


@pytest.mark.usefixtures("small_groups")
async def test_two_replicas_that_match_the_same_article_record_each_match_once(world: World) -> None:
    for channel in _CHANNELS:
        await world.watch(channel=channel)
    world.service.add([make_article("a1")])
    other = world.make_runner()
    counts = [runner._matcher.process_group() for runner in (other, world.runner) * 3]
    assert sum(matches for _, matches in filter(None, counts)) == 7
    await world.runner.run_due()
    assert count_posts(world) == [1] * 7


async def test_an_owner_of_many_watches_is_looked_up_once(world: World) -> None:
    world.slack.deactivated_users.add("U1")
    for channel in _CHANNELS:
        await world.watch(channel=channel)
    await world.add(make_article("a1"))
    lookups = world.slack.calls.count("users.info")
    assert world.slack.calls.index("users.info") > world.slack.calls.index("chat.postMessage") + len(_CHANNELS) - 1
    await world.add(*make_statements(1))
    assert lookups <= 1 + len(_CHANNELS), "one for the owner, and one for each notice to the owner"
    assert world.slack.calls.count("users.info") == lookups, "not again on the same day"


async def test_a_pass_asks_the_database_a_few_times_only(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    claim_due, limits = world.runner._repository.claim_due, []

    def claim(now: Any, holder: str, limit: int) -> list[NoticeClaim]:
        limits.append(limit)
        return claim_due(now, holder, limit)

    monkeypatch.setattr(world.runner._repository, "claim_due", claim)
    for channel in _CHANNELS:
        await world.watch(channel=channel)
    await world.add(make_article("a1"))
    assert count_posts(world) == [1] * 7
    assert len(limits) <= 2 + len(_CHANNELS)
    limits.clear()
    await world.runner.run_due()
    assert len(limits) == 1


async def test_a_claim_that_waited_long_is_posted_only_if_no_other_replica_has_it(world: World) -> None:
    await world.watch()
    world.service.add([make_article("a1")])
    await world.runner._match_arrivals()
    (claim,) = world.runner._repository.claim_due(world.now(), "slow", 10)
    world.clock.now += 300
    await world.make_runner().run_due()
    assert len(world.list_texts()) == 1
    await world.runner._delivery.send(claim)
    assert len(world.list_texts()) == 1


async def test_a_released_message_counts_as_never_tried(world: World) -> None:
    """Otherwise, it could not be posted in a channel that the bot cannot read."""
    await world.watch()
    world.service.add([make_article("a1")])
    await world.runner._match_arrivals()
    claims = world.runner._repository.claim_due(world.now(), "stopping", 10)
    world.runner._repository.release(claims, world.now())
    row = world.store.database.read(lambda db: db.execute(watch_notices.select()).one())
    assert (row.tried_at, row.attempts, row.holder, row.state) == (None, 0, None, "waiting")
    world.slack.fault = lambda method, _: "missing_scope" if method.startswith("conversations.") else None
    await world.runner.run_due()
    assert world.list_states() == [("match", "sent")]


async def test_messages_that_end_together_are_recorded_together_and_an_error_reaches_each(world: World) -> None:
    for channel in _CHANNELS:
        await world.watch(channel=channel)
    world.service.add([make_article("a1")])
    await world.runner._match_arrivals()
    claims = world.runner._repository.claim_due(world.now(), "me", 10)
    batches: list[int] = []

    async def run(work: Any, messages: Sequence[PostedMessage], now: Any) -> Any:
        batches.append(len(messages))
        await asyncio.sleep(0)
        if len(batches) == 2:
            raise DatabaseUnavailable("The database is locked.")
        return work(messages, now)

    log = PostLog(world.runner._repository, world.now, run)
    results = await asyncio.gather(
        *(log.add(PostedMessage(claim, f"{claim.notice.id}.1", 1)) for claim in claims), return_exceptions=True
    )
    assert batches == [1, 6]
    assert [type(result) for result in results] == [type(None), *[DatabaseUnavailable] * 6]
    states = [state for _, state in world.list_states()]
    assert states.count("sent") == 1


async def test_a_changed_topic_counts_for_watches_that_name_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    topics_by_team: dict[str, list[Topic]] = {}

    def load_topics(teams: Collection[str]) -> Mapping[str, Sequence[Topic]]:
        return {team: list(topics_by_team.get(team, ())) for team in teams}

    monkeypatch.setattr(world.runner._matcher._source, "load_topics", load_topics)
    await world.watch(query=WatchQuery(words="seafront"))
    await world.add(make_article("a1"))
    assert world.list_texts() == []
    topics_by_team["T2"] = [Topic("seafront", "Seafront", ("hand the harbour",))]
    await world.add(make_statements(3)[0])
    assert world.list_texts() == [], "another team's topic"
    topics_by_team["T1"] = topics_by_team.pop("T2")
    await world.add(make_statements(3)[1])
    assert len(world.list_texts()) == 1
    topics_by_team.clear()
    await world.add(make_statements(3)[2])
    assert len(world.list_texts()) == 1


async def test_watches_of_a_team_that_left_are_not_matched_any_more(world: World) -> None:
    await world.watch()
    await world.add(make_article("a1"))
    assert world.runner.watch_count == 1
    world.store.database.write(lambda db: WatchRepository.forget_team(db, "T1"))
    await world.add(*make_statements(1))
    assert world.runner.watch_count == 0
    world.clock.now += timedelta(hours=2).total_seconds()
    await world.watch()
    await world.add(make_statements(2)[1])
    assert len(world.list_texts()) == 2


async def test_many_statements_of_an_hour_are_still_gathered(world: World) -> None:
    await world.watch()
    await world.add(make_article("a0"), *make_statements(60))
    await world.add(make_article("a9", "The Courier"))
    assert ("reports", "sent") in world.list_states()


async def test_articles_of_earlier_statements_are_loaded_together(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.watch()
    await world.add(*make_statements(10))
    source, loaded_counts = world.runner._matcher._source, []
    load = source.load_articles

    def load_articles(ids: Sequence[str]) -> Any:
        loaded_counts.append(len(ids))
        return load(ids)

    monkeypatch.setattr(source, "load_articles", load_articles)
    await world.add(make_article("a1"))
    assert loaded_counts == [1, 10]


async def test_slow_lookups_of_owners_keep_only_one_pass(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    is_asked, is_answered = asyncio.Event(), asyncio.Event()

    async def users_info(**_arguments: Any) -> Any:
        is_asked.set()
        await is_answered.wait()
        return {"user": {"deleted": False}}

    monkeypatch.setattr(world.slack, "users_info", users_info, raising=False)
    await world.watch()
    world.service.add([make_article("a1")])
    first_pass = asyncio.create_task(world.runner.run_due())
    await is_asked.wait()
    await world.watch(channel="C2", owner="U2")
    await asyncio.wait_for(world.add(*make_statements(1)), 20)
    assert not first_pass.done()
    assert len(world.list_texts("C2")) == 1
    is_answered.set()
    await first_pass
