"""Tests of passages that several watches of a channel match: one message for all of them."""

from dataclasses import replace
from datetime import time

import pytest

from bot.watches.delivery.matching import matcher
from bot.watches.delivery.watch_repository import open_watch_repository
from bot.watches.model import ChannelSettings, WatchState
from bot.watches.quiet_hours import QuietHours
from briefings.watches import WatchQuery
from tests.stand_ins.watch_world import ROE_WORDS, make_article
from tests.unit.bot.watches.conftest import World

BY_ROE = WatchQuery(by="Roe")


async def test_a_passage_is_posted_once_for_all_watches_of_its_channel(world: World) -> None:
    """The message names them and who set them up."""
    await world.watch()
    await world.watch(query=BY_ROE, owner="U2")
    await world.watch(channel="C2")
    await world.add(make_article("a1"))
    (text,) = world.list_texts()
    assert text.endswith("Watch 1: “hand the harbour” · Watch 2: quotes by Roe · set up by <@U1> and <@U2>")
    assert len(world.list_texts("C2")) == 1


async def test_many_watches_are_counted(world: World) -> None:
    for word in ("", "will", "not", "speculator", "ever"):
        await world.watch(query=WatchQuery("hand the harbour", words=word or None))
    await world.add(make_article("a1"))
    (text,) = world.list_texts()
    assert "Watch 3: “hand the harbour” and the words “not” · and 2 more watches · set up by <@U1>" in text


async def test_passages_of_different_words_are_separate_messages(world: World) -> None:
    await world.watch()
    await world.watch("outside the town hall")
    await world.add(make_article("a1"))
    assert len(world.list_texts()) == 2


async def test_a_thread_has_its_own_message(world: World) -> None:
    await world.watch()
    await world.watch(thread="5.1")
    await world.add(make_article("a1"))
    assert (len(world.list_texts()), len(world.list_texts(thread="5.1"))) == (1, 1)


async def test_further_reports_are_gathered_once_whichever_watch_matches_them(world: World) -> None:
    await world.watch()
    await world.watch(query=BY_ROE)
    await world.add(make_article("a1"))
    head_ts = world.slack.messages[0]["ts"]
    shortened = ROE_WORDS.replace("We will not hand", "We will never hand over or give")
    await world.add(make_article("a2", "The Courier"), make_article("a3", "The Harbour Post", words=shortened))
    (text,) = world.list_texts(thread=head_ts)
    assert len(world.list_texts()) == 1
    assert text.startswith("Also in two outlets, with two wordings:")
    assert text.count("The Courier") == 1


@pytest.mark.parametrize("state", [WatchState.PAUSED, WatchState.STOPPED])
async def test_a_watch_that_ends_before_the_message_does_not_take_it_from_the_others(
    world: World, state: WatchState
) -> None:
    first = await world.watch()
    await world.watch(query=BY_ROE)
    world.service.add([make_article("a1"), make_article("a2", "The Courier")])
    await world.runner._match_arrivals()
    await open_watch_repository(world.store).change_state(first, state, "U1")
    await world.runner.run_due()
    assert len(world.list_texts()) == 1
    assert len(world.list_texts(thread=world.slack.messages[0]["ts"])) == 1


async def test_watches_in_different_transactions_share_a_message(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Very many matches are recorded in several transactions."""
    monkeypatch.setattr(matcher, "MAX_GROUP_MATCHES", 1)
    for query in (WatchQuery("hand the harbour"), BY_ROE, WatchQuery(words="speculator")):
        await world.watch(query=query)
    await world.add(make_article("a1"))
    assert len(world.list_texts()) == 1


async def test_a_summary_lists_a_passage_once(world: World) -> None:
    await world.set(ChannelSettings(quiet_hours=QuietHours(time(22), time(7)), zone="Europe/London"))
    await world.watch()
    await world.watch(query=BY_ROE)
    await world.run_at("2026-06-24 21:30")
    await world.add(make_article("a1"), make_article("a2", "The Courier"))
    await world.run_at("2026-06-25 06:01")
    (summary,) = world.list_texts()
    assert summary.startswith("*one more match* during quiet hours:")
    assert "watches 1 and 2" in summary
    assert "and one further report of these" in summary


async def test_a_shared_passage_counts_once_for_the_limit(world: World) -> None:
    await world.set(ChannelSettings(hourly_limit=1))
    await world.watch()
    await world.watch(query=BY_ROE)
    await world.add(make_article("a1"))
    assert world.list_states() == [("match", "sent")]


async def test_a_changed_passage_is_posted_once_more_for_all(world: World) -> None:
    await world.watch()
    await world.watch(query=BY_ROE)
    await world.add(make_article("a1"))
    other_words = "Who would hand the harbour over to a bank that nobody has heard of"
    await world.add(replace(make_article("a1", words=other_words)))
    assert len(world.list_texts()) == 2


async def test_a_watch_that_had_the_passage_earlier_is_not_named_again(world: World) -> None:
    """Its article comes again when a second watch is new."""
    await world.watch()
    await world.add(make_article("a1"))
    world.clock.now += 2 * 3600
    await world.watch(query=BY_ROE)
    await world.add(make_article("a1", more=" The vote was close."))
    _, text = world.list_texts()
    assert "Watch 1" not in text
    assert "Watch 2: quotes by Roe · set up by <@U1>" in text


async def test_a_watch_whose_thread_gets_the_report_is_not_named_in_another_message(world: World) -> None:
    await world.watch()
    await world.watch(query=WatchQuery("hand the harbour", outlet="The Courier"))
    await world.add(make_article("a1"), make_article("a2", "The Courier"))
    first, second = world.list_texts()
    assert ("Watch 1:" in first, "Watch 2:" in first) == (True, False)
    assert ("Watch 1:" in second, "Watch 2:" in second) == (False, True)


async def test_a_watch_that_joins_a_message_that_is_stored_already_is_named(world: World) -> None:
    """Watch 2 needs the id of its earlier message, so all messages are stored before watch 3 joins the second one."""
    await world.watch(query=WatchQuery("hand the harbour", outlet="The Courier"))
    await world.watch()
    await world.watch(query=WatchQuery(by="Roe", outlet="The Courier"))
    await world.add(make_article("a1"), make_article("a2", "The Courier"))
    texts = sorted(text[text.index("Watch ") :].count("Watch ") for text in world.list_texts())
    assert texts == [1, 2]
