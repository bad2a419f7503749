"""The topics of workspaces on both databases: seeds, changes, and what stays when they end."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, func, inspect, select, text

from bot.storage.database import MIGRATION_HISTORY
from bot.storage.request_log import RateLimit
from bot.storage.schema import greetings, workspace_topics
from bot.storage.store import Store, open_store
from bot.storage.topics import changes
from bot.storage.topics.changes import (
    MAX_TOPICS,
    AddTopic,
    MergeTopics,
    MuteTopic,
    RemoveTopic,
    RenameTopic,
    RestoreTopic,
    SetWords,
    TopicChange,
)
from bot.storage.topics.repository import TopicRepository
from briefings import BadQuestion, Topic
from briefings.storage.db.database import connect, get_writer
from tests.unit.bot.storage.conftest import Clock

FLOODS, WEATHER = Topic("floods", "Floods", ("flood", "high water")), Topic("weather", "The weather", ("rain",))


def open_repository(store: Store, *seeds: Topic) -> TopicRepository:
    return TopicRepository(store.database, store.audit_log, store.clock, seeds)


async def change(repository: TopicRepository, *changes: TopicChange) -> None:
    for each in changes:
        await repository.change("T1", "U1", each)


async def list_slugs(repository: TopicRepository, team: str = "T1") -> list[str]:
    return sorted(topic.slug for topic in (await repository.load(team)).topics)


async def test_file_is_copied_once_and_later_files_only_add(store: Store) -> None:
    repository = open_repository(store, FLOODS, WEATHER)
    assert await list_slugs(repository) == ["floods", "weather"]
    await change(repository, RenameTopic("floods", "Easton flood"), RemoveTopic("weather"), AddTopic("Strikes"))
    new_floods, energy = Topic("floods", "Other", ("x",)), Topic("energy", "Energy", ("gas",))
    restarted = open_repository(store, new_floods, WEATHER, energy)
    topics = await restarted.load("T1")
    assert sorted(topic.title for topic in topics.topics) == ["Easton flood", "Energy", "Strikes"]
    assert [topic.slug for topic in topics.removed] == ["weather"]


async def test_workspaces_do_not_share_topics(store: Store) -> None:
    repository = open_repository(store, FLOODS)
    await change(repository, RemoveTopic("floods"))
    assert await list_slugs(repository) == []
    assert await list_slugs(repository, "T2") == ["floods"]


async def test_old_names_lead_to_renamed_and_merged_topics_through_every_change(store: Store) -> None:
    repository = open_repository(store, FLOODS, WEATHER)
    await change(
        repository,
        RenameTopic("floods", "Easton flood"),
        RenameTopic("easton flood", "Flood at Easton"),
        MergeTopics("Flood at Easton", "the weather"),
        RenameTopic("weather", "Storms"),
    )
    topics = await repository.load("T1")
    for name in ("floods", "easton-flood", "Flood at Easton", "weather", "The Weather", "storms"):
        assert topics.find(name).title == "Storms", name
    assert topics.find("storms").words == ("rain", "flood", "high water")


async def test_topic_can_get_its_old_name_back(store: Store) -> None:
    repository = open_repository(store, FLOODS)
    await change(repository, RenameTopic("floods", "Easton flood"), RenameTopic("easton-flood", "Floods"))
    topic = (await repository.load("T1")).find("Easton flood")
    assert (topic.slug, topic.title) == ("floods", "Floods")
    assert "floods" not in topic.former_names


async def test_removed_topic_is_restored_or_made_again(store: Store) -> None:
    repository = open_repository(store, FLOODS)
    await change(repository, RemoveTopic("floods"))
    topics = await repository.load("T1")
    assert topics.find_removed("floods") == FLOODS
    await change(repository, RestoreTopic("floods"))
    assert (await repository.load("T1")).find("floods") == FLOODS
    await change(repository, RemoveTopic("floods"), AddTopic("Floods", ("water",)))
    topics = await repository.load("T1")
    assert topics.find("floods").words == ("water",)
    assert topics.find_removed("floods") is None


async def test_names_of_a_removed_topic_lead_to_the_one_made_again(store: Store) -> None:
    repository = open_repository(store, FLOODS)
    await change(
        repository, RenameTopic("floods", "Easton flood"), RemoveTopic("easton flood"), AddTopic("Easton flood")
    )
    assert [topic.title for topic in (await repository.load("T1")).topics] == ["Easton flood"]
    topics = await open_repository(store, FLOODS).load("T1")
    assert [topic.title for topic in topics.topics] == ["Easton flood"]
    assert topics.find("floods").title == "Easton flood"


async def test_words_of_the_file_that_people_could_not_give_do_not_stop_a_change(store: Store) -> None:
    repository = open_repository(store, Topic("who", "The Who", ("the who",)), WEATHER)
    await change(repository, SetWords("who", ("Townsend",), adds=True), MergeTopics("weather", "who"))
    assert (await repository.load("T1")).find("who").words == ("the who", "Townsend", "rain")


async def test_topics_file_takes_no_name_that_the_workspace_has(store: Store) -> None:
    await change(open_repository(store), AddTopic("The weather"))
    other_weather = Topic("forecasts", "The weather", ("forecast",))
    assert [topic.slug for topic in (await open_repository(store, other_weather).load("T1")).topics] == ["the-weather"]


async def test_topics_removed_first_are_forgotten_and_those_of_the_file_stay_removed(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "_MAX_REMOVED", 2)
    repository = open_repository(store, FLOODS)
    await change(repository, RemoveTopic("floods"))
    for name in ("Bridges", "Ferries", "Trains"):
        await change(repository, AddTopic(name), RemoveTopic(name))
    topics = await repository.load("T1")
    assert topics.topics == ()
    assert {topic.title for topic in topics.removed} == {"Floods", "Ferries", "Trains"}


async def test_words_are_added_and_removed_and_the_others_kept(store: Store) -> None:
    repository = open_repository(store, FLOODS)
    await change(
        repository,
        SetWords("floods", ("dam",), adds=True),
        SetWords("floods", (FLOODS.words[0].upper(),), removes=True),
    )
    assert (await repository.load("T1")).find("floods").words == (*FLOODS.words[1:], "dam")


@pytest.mark.parametrize(
    "impossible",
    [
        AddTopic("floods"),
        AddTopic("FLOODS!"),
        AddTopic("old name"),
        AddTopic("today"),
        AddTopic("???"),
        AddTopic("x" * 100),
        AddTopic("Easton", ("the",)),
        RenameTopic("unknown", "Other"),
        RenameTopic("floods", "weather"),
        RenameTopic("floods", "Floods"),
        RenameTopic("", "Other"),
        MergeTopics("floods", "unknown"),
        MergeTopics("floods", "the floods"),
        MuteTopic("unknown", is_muted=True),
        RemoveTopic("unknown"),
        RestoreTopic("floods"),
        SetWords("floods", ()),
        SetWords("floods", ("!!",), adds=True),
        SetWords("floods", ("rain",), removes=True),
        SetWords("floods", FLOODS.words, removes=True),
    ],
)
async def test_impossible_change_is_refused_with_one_sentence_and_changes_nothing(
    store: Store, impossible: TopicChange
) -> None:
    old_name = Topic("weather", "Weather", ("rain",), former_names=("old-name",))
    repository = open_repository(store, FLOODS, old_name)
    before = await repository.load("T1")
    with pytest.raises(BadQuestion) as error:
        await change(repository, impossible)
    assert "\n" not in str(error.value)
    assert (await repository.load("T1")).topics == before.topics


async def test_workspace_has_a_limit_of_topics(store: Store) -> None:
    seeds = [Topic(f"t{number}", f"Subject {number}", (f"word{number}",)) for number in range(MAX_TOPICS)]
    repository = open_repository(store, *seeds)
    with pytest.raises(BadQuestion, match="limit"):
        await change(repository, AddTopic("Easton flood"))
    await change(repository, RemoveTopic("t1"), AddTopic("Easton flood"))


async def test_other_replica_sees_a_change_at_once(store: Store) -> None:
    first, second = open_repository(store, FLOODS), open_repository(store, FLOODS)
    old_key = (await second.load("T1")).key
    await change(first, MuteTopic("floods", is_muted=True))
    topics = await second.load("T1")
    assert topics.find("floods").is_muted
    assert topics.key != old_key
    assert await second.load("T1") is topics


async def test_changes_at_the_same_time_are_all_kept(store: Store) -> None:
    repositories = [open_repository(store, FLOODS) for _ in range(3)]
    await asyncio.gather(
        *(
            repository.change("T1", "U1", AddTopic(f"Subject {number}"))
            for number, repository in enumerate(repositories * 3)
        )
    )
    assert len(await list_slugs(repositories[0])) == 10


async def test_each_change_is_audited_with_who_made_it(store: Store) -> None:
    repository = open_repository(store, FLOODS, WEATHER)
    await change(repository, MergeTopics("floods", "weather"), RemoveTopic("weather"))
    actions = [entry.action for entry in await store.audit_log.list_entries("T1")]
    assert [(action.person, action.action, action.subject) for action in actions] == [
        ("U1", "removed topic", "weather"),
        ("U1", "merged topic", "weather"),
    ]
    assert actions[1].detail == {"from": "floods"}


async def test_uninstall_forgets_the_topics_of_the_workspace_only(store: Store) -> None:
    repository = open_repository(store, FLOODS)
    await change(repository, RemoveTopic("floods"))
    await repository.load("T2")
    store.uninstall_cleanup.register(TopicRepository.forget_team)
    await store.uninstall_cleanup.forget_workspace(None, "T1", "uninstalled", datetime(2031, 3, 3, tzinfo=UTC))
    assert await list_slugs(open_repository(store, FLOODS)) == ["floods"]
    assert await repository.find_only_team() == ""


async def test_older_database_gets_the_tables_and_keeps_its_rows(empty_address: str, clock: Clock) -> None:
    engine = connect(empty_address)
    with get_writer(engine).begin() as db:
        config = Config(attributes={"connection": db})
        config.set_main_option("script_location", MIGRATION_HISTORY.scripts)
        command.upgrade(config, "0005")
        assert not inspect(db).has_table(workspace_topics.name)
        db.execute(text("INSERT INTO greetings (team, subject, at) VALUES ('T1', 'C1', '2026-06-24 12:00:00')"))
    engine.dispose()
    with closing(open_store(empty_address, RateLimit(20), clock)) as store:
        assert await list_slugs(open_repository(store, FLOODS)) == ["floods"]
        assert store.database.read(lambda db: db.execute(select(func.count()).select_from(greetings)).scalar()) == 1


async def test_topics_of_the_file_count_while_they_cannot_be_copied(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another program holds the lock of the database. Only one thread waits for it."""
    release, waiting = threading.Event(), []
    write = store.database.write

    def write_later(work: Callable[[Connection], object]) -> object:
        waiting.append(work)
        release.wait(20)
        return write(work)

    monkeypatch.setattr(store.database, "write", write_later)
    repository = open_repository(store, FLOODS, WEATHER)
    for team in ("T1", "T1", "T2", "T3"):
        assert await list_slugs(repository, team) == ["floods", "weather"]
    assert len(waiting) == 1
    release.set()
    await change(repository, RemoveTopic("weather"))
    assert await list_slugs(open_repository(store)) == ["floods"]


async def test_topics_of_many_workspaces_are_read_together(store: Store) -> None:
    repository = open_repository(store, FLOODS)
    await change(repository, AddTopic("Strikes"))
    first = repository.read_all(["T1", "T2"], {})
    assert sorted(topic.slug for topic in first["T1"].topics) == ["floods", "strikes"]
    assert [topic.slug for topic in first["T2"].topics] == ["floods"]
    again = repository.read_all(["T1", "T2"], first)
    assert again["T1"] is first["T1"]
    await change(repository, RemoveTopic("floods"))
    assert [topic.slug for topic in repository.read_all(["T1"], first)["T1"].topics] == ["strikes"]
