"""Watches see what answers in their channel see: the workspace's topics, and nothing from a muted source."""

from dataclasses import replace
from datetime import time

import pytest

from bot.mutes.model import MuteTarget, SourceKind
from bot.storage.topics.changes import AddTopic, RenameTopic, SetWords, TeamTopics
from bot.watches.delivery.stored_articles import StoredArticles
from bot.watches.model import ChannelSettings
from bot.watches.quiet_hours import QuietHours
from briefings import Topic
from briefings.watches import WatchQuery
from tests.stand_ins.watch_world import make_article
from tests.unit.bot.watches.conftest import World

TRIBUNE = MuteTarget(SourceKind.OUTLET, "The Tribune")


async def test_a_muted_outlet_gives_no_notice_and_is_in_none(world: World) -> None:
    await world.watch()
    await world.watch(channel="C2")
    await world.mute_repository.add("T1", "C1", "U1", [TRIBUNE])
    await world.mute_repository.add("T2", "C2", "U1", [TRIBUNE])
    await world.add(make_article("a1", "The Tribune"))
    assert world.list_texts() == []
    assert len(world.list_texts("C2")) == 1
    await world.add(make_article("a2", "The Courier"))
    (text,) = world.list_texts()
    assert "The Courier" in text
    await world.add(make_article("a3", "Tribune"))
    (first,) = [message for message in world.slack.messages if message["channel"] == "C1"]
    assert "Tribune" not in str(first)


async def test_an_unmuted_outlet_is_reported_from_its_next_article_on(world: World) -> None:
    await world.watch()
    await world.mute_repository.add("T1", "C1", "U1", [TRIBUNE])
    await world.add(make_article("a1", "The Tribune"))
    await world.mute_repository.remove("T1", "C1", "U1", [TRIBUNE])
    assert world.list_texts() == []
    await world.add(make_article("a2", "The Tribune"))
    assert len(world.list_texts()) == 1


async def test_a_muted_section_gives_no_notice_and_its_site_does(world: World) -> None:
    await world.watch()
    await world.mute_repository.add("T1", "C1", "U1", [MuteTarget(SourceKind.ADDRESS, "paper.example/sport")])
    await world.add(replace(make_article("a1"), url="https://www.paper.example/sport/harbour"))
    assert world.list_texts() == []
    await world.add(replace(make_article("a2"), url="https://www.paper.example/sports/harbour"))
    assert len(world.list_texts()) == 1


async def test_a_summary_leaves_out_what_was_muted_while_it_waited(world: World) -> None:
    await world.watch()
    await world.set(ChannelSettings(quiet_hours=QuietHours(time(9), time(18)), zone="UTC"))
    await world.add(make_article("a1", "The Tribune"), make_article("a2", "The Courier", "They hand the harbour over"))
    assert world.list_texts() == []
    await world.mute_repository.add("T1", "C1", "U1", [TRIBUNE])
    await world.run_at("2026-06-24 18:01")
    (text,) = world.list_texts()
    assert "The Courier" in text
    assert "Tribune" not in text


@pytest.mark.parametrize("query", [WatchQuery(words="quay-plan"), WatchQuery(by="Roe", about="quay-plan")])
async def test_a_watch_names_a_topic_of_its_workspace(world: World, query: WatchQuery) -> None:
    await world.topic_repository.change("T1", "U1", AddTopic("Quay plan", ("harbour",)))
    await world.watch(query=query)
    await world.add(make_article("a1"))
    assert len(world.list_texts()) == 1


async def test_a_watch_follows_changes_of_its_topic(world: World) -> None:
    await world.topic_repository.change("T1", "U1", AddTopic("Quay plan", ("railway",)))
    await world.watch(query=WatchQuery(by="Roe", about="quay-plan"))
    await world.add(make_article("a1"))
    assert world.list_texts() == []
    await world.topic_repository.change("T1", "U1", SetWords("quay-plan", ("harbour",)))
    await world.topic_repository.change("T1", "U1", RenameTopic("quay-plan", "The new quay"))
    await world.add(make_article("a2"))
    assert len(world.list_texts()) == 1


async def test_topics_of_other_workspaces_are_not_used_and_unchanged_ones_are_not_read_again(world: World) -> None:
    await world.topic_repository.change("T1", "U1", AddTopic("Quay plan", ("harbour",)))
    articles = StoredArticles(world.service, world.topic_repository)
    first = articles.load_topics(["T1", "T2"])
    assert [topic.slug for topic in first["T1"]] == ["quay-plan"]
    assert first["T2"] == ()
    known: dict[str, TeamTopics] = dict(articles._topics_by_team)
    assert articles.load_topics(["T1", "T2"])["T1"] is first["T1"]
    assert articles._topics_by_team["T1"] is known["T1"]
    assert articles.load_topics([]) == {}


def test_without_a_database_of_topics_those_of_the_file_are_used(world: World) -> None:
    harbour = Topic("harbour", "Harbour", ("harbour",))
    assert StoredArticles(world.service.with_topics([harbour])).load_topics(["T1"]) == {"T1": (harbour,)}
