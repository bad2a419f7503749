"""What watches post: one message for each statement, further reports in its thread, and summaries."""

from dataclasses import replace
from datetime import time

import pytest

from bot.watches.model import ChannelSettings
from bot.watches.quiet_hours import QuietHours
from briefings.model import Article
from briefings.watches import WatchQuery
from tests.stand_ins.watch_world import ROE_WORDS, make_article, make_statements
from tests.support.depth import choose
from tests.unit.bot.watches.conftest import World

NIGHT = QuietHours(time(22), time(7))


async def test_a_match_is_posted_once(world: World) -> None:
    await world.watch()
    await world.add(make_article("a1"))
    await world.runner.run_due()
    (text,) = world.list_texts()
    assert "*Jane Roe*" in text
    assert ROE_WORDS in text
    assert "3 Mar 2031" in text


@pytest.mark.parametrize(
    "query",
    [
        WatchQuery(by="Jane Roe"),
        WatchQuery(by="Roe"),
        WatchQuery(by="Roe", about="harbour"),
        WatchQuery(words="harbour Easton"),
        WatchQuery("speculator", outlet="Tribune"),
    ],
)
async def test_every_kind_of_watch_is_matched(world: World, query: WatchQuery) -> None:
    await world.watch(query=query)
    await world.add(make_article("a1"))
    assert len(world.list_texts()) == 1


@pytest.mark.parametrize(
    "query",
    [
        WatchQuery(by="Richard Roe"),
        WatchQuery(by="Roe", about="railways"),
        WatchQuery("harbour railway"),
        WatchQuery("speculator", outlet="Courier"),
    ],
)
async def test_what_is_not_watched_is_not_posted(world: World, query: WatchQuery) -> None:
    await world.watch(query=query)
    await world.add(make_article("a1"))
    assert world.list_texts() == []


async def test_words_that_nobody_says_are_posted_as_the_articles_own(world: World) -> None:
    await world.watch("outside the town hall")
    await world.add(make_article("a1"))
    (text,) = world.list_texts()
    assert "In the article's own text*, not in a quote" in text
    assert "About 200 people stood outside the town hall" in text
    assert "Roe" not in text.partition("Watch 1")[0]


async def test_words_of_the_title_are_posted(world: World) -> None:
    await world.watch(query=WatchQuery(words="pier referendum"))
    await world.add(replace(make_article("a1"), title="Referendum on the pier announced"))
    (text,) = world.list_texts()
    assert "*In the title*" in text
    assert "Referendum on the pier announced" in text


async def test_a_speaker_who_is_not_certain_is_not_named(world: World) -> None:
    await world.watch("sell the pier tomorrow")
    article = make_article("a1")
    text = (
        f"Roe and Doe met in Easton.\n\n“They would sell the pier tomorrow if they could,” he said.\n\n{article.text}"
    )
    await world.add(replace(article, text=text))
    (posted_text,) = world.list_texts()
    heading = posted_text.partition("\n")[0]
    assert "Roe" not in heading
    assert "Doe" not in heading


async def test_articles_own_markup_is_escaped(world: World) -> None:
    await world.watch("hand the harbour")
    words = "We will not hand the harbour to <!channel> or *anyone* at <http://x.example|here>"
    await world.add(make_article("a1", words=words))
    (text,) = world.list_texts()
    assert "<!channel>" not in text
    assert "<http://x" not in text


async def test_further_reports_go_in_the_thread_as_one_message(world: World) -> None:
    """It is edited in place when there are more."""
    await world.watch()
    await world.add(make_article("a1"))
    head_ts = world.slack.messages[0]["ts"]
    await world.add(make_article("a2", "The Courier"))
    (text,) = world.list_texts(thread=head_ts)
    assert text.startswith("Also in one outlet:")
    await world.add(make_article("a3", "The Harbour Post", f"{ROE_WORDS}, and that is final"))
    (text,) = world.list_texts(thread=head_ts)
    assert text.startswith("Also in two outlets, with two wordings:")
    assert "The Courier" in text
    assert "The Harbour Post" in text
    assert "and that is final" in text
    assert len(world.list_texts()) == 1
    assert world.slack.calls.count("chat.update") == 1


async def test_reports_that_arrive_together_are_one_message_and_one_reply(world: World) -> None:
    await world.watch()
    await world.add(make_article("a1"), make_article("a2", "The Courier"), make_article("a3", "The Harbour Post"))
    assert len(world.list_texts()) == 1
    (text,) = world.list_texts(thread=world.slack.messages[0]["ts"])
    assert text.startswith("Also in two outlets:")
    assert "chat.update" not in world.slack.calls


async def test_another_statement_gets_its_own_message(world: World) -> None:
    await world.watch()
    await world.add(*make_statements(3))
    assert len(world.list_texts()) == 3


async def test_a_report_after_an_hour_gets_its_own_message(world: World) -> None:
    await world.watch()
    await world.add(make_article("a1"))
    world.clock.now += 3601
    await world.add(make_article("a2", "The Courier"))
    assert len(world.list_texts()) == 2


async def test_a_changed_article_is_reported_only_with_another_passage(world: World) -> None:
    await world.watch()
    await world.add(make_article("a1"))
    await world.add(make_article("a1", more=" It rained."))
    assert len(world.slack.messages) == 1
    await world.add(make_article("a1", words="Who would hand the harbour over to a bank that nobody has heard of"))
    assert len(world.list_texts()) == 2
    await world.add(make_article("a1"))
    assert len(world.list_texts()) == 2, "it was posted before"
    await world.add(make_article("a1", words="We hand the harbour over to nobody in this town"))
    assert len(world.list_texts()) == 3


async def test_a_quotation_in_the_place_of_an_earlier_one_is_another_statement(world: World) -> None:
    """Further reports are compared with what was posted, not with what its article says now."""
    await world.watch()
    await world.add(make_article("a1"))
    other_words = "Whoever may hand the harbour to a bank has no idea what it costs us all"
    world.service.add([make_article("a1", words=other_words), make_article("a2", "The Courier", words=other_words)])
    await world.runner.run_due()
    assert len(world.list_texts()) == 2
    assert ("reports", "sent") in world.list_states()


async def test_each_channel_gets_its_own_message(world: World) -> None:
    await world.watch()
    await world.watch(channel="C2")
    await world.add(make_article("a1"))
    assert (len(world.list_texts()), len(world.list_texts("C2"))) == (1, 1)


async def test_a_watch_of_a_thread_posts_there(world: World) -> None:
    await world.watch(thread="5.1")
    await world.add(make_article("a1"))
    await world.add(make_article("a2", "The Courier"))
    assert world.list_texts() == []
    assert len(world.list_texts(thread="5.1")) == 2


async def test_matches_over_the_limit_go_into_one_summary(world: World) -> None:
    """It is posted when the first message is an hour old, and lists each match."""
    await world.set(ChannelSettings(hourly_limit=3))
    await world.watch()
    await world.add(*make_statements(8))
    assert len(world.list_texts()) == 3
    await world.run_at("2026-06-24 12:59")
    assert len(world.list_texts()) == 3
    await world.run_at("2026-06-24 13:01")
    (*_, summary) = world.list_texts()
    assert len(world.list_texts()) == 4
    assert "*five more matches* over this channel's limit" in summary
    assert summary.count("watch 1") == 5
    await world.add(*[replace(article, id=f"late-{article.id}") for article in make_statements(2)])
    assert len(world.list_texts()) == 6, "the hour is over"


async def test_default_limit_is_ten_messages_an_hour(world: World) -> None:
    await world.watch()
    await world.add(*make_statements(13))
    assert len(world.list_texts()) == 10


async def test_without_a_limit_every_match_is_posted(world: World) -> None:
    await world.set(ChannelSettings(hourly_limit=None))
    await world.watch()
    await world.add(*make_statements(13))
    assert len(world.list_texts()) == 13


async def test_nothing_is_posted_in_quiet_hours_and_a_summary_follows(world: World) -> None:
    """22:00 in London is 21:00 UTC in summer."""
    await world.set(ChannelSettings(quiet_hours=NIGHT, zone="Europe/London"))
    await world.watch()
    await world.run_at("2026-06-24 21:30")
    await world.add(*make_statements(2))
    await world.run_at("2026-06-25 05:59")
    assert world.slack.messages == []
    await world.run_at("2026-06-25 06:01")
    (summary,) = world.list_texts()
    assert summary.startswith("*two more matches* during quiet hours:")
    await world.add(make_article("a1"))
    assert len(world.list_texts()) == 2


async def test_a_message_that_waits_when_quiet_hours_start_goes_into_the_summary(world: World) -> None:
    await world.set(ChannelSettings(quiet_hours=NIGHT, zone="Europe/London"))
    await world.watch()
    await world.run_at("2026-06-24 20:58")
    world.slack.fault = lambda method, _: "ratelimited" if method == "users.info" else None
    world.service.add([make_article("a1")])
    world.runner.is_stopping = True
    await world.runner.run_due()
    world.runner.is_stopping = False
    await world.run_at("2026-06-24 21:10")
    assert world.slack.messages == []
    await world.run_at("2026-06-25 06:01")
    assert len(world.list_texts()) == 1


async def test_reports_of_a_statement_in_a_summary_are_counted_there(world: World) -> None:
    await world.set(ChannelSettings(quiet_hours=NIGHT, zone="Europe/London"))
    await world.watch()
    await world.run_at("2026-06-24 21:30")
    await world.add(make_article("a1"), make_article("a2", "The Courier"))
    await world.run_at("2026-06-25 06:01")
    (summary,) = world.list_texts()
    assert summary.startswith("*one more match* during quiet hours:")
    assert "and one further report of these" in summary


async def test_long_texts_stay_within_slacks_limits(world: World) -> None:
    from tests.stand_ins.slack_limits import find_problems

    await world.set(ChannelSettings(hourly_limit=1))
    await world.watch("hand the harbour")
    long_words = "We will not hand the harbour over " + "because it is ours and ours alone and " * 150
    others = [replace(article, text=article.text + " *&<>_" * 500) for article in make_statements(60)]
    await world.add(make_article("a1", words=long_words), *others)
    reports = [
        make_article(f"r{number}", f"The {number} Post", f"{long_words} {number}") for number in range(choose(12, 40))
    ]
    await world.add(*reports)
    await world.run_at("2026-06-24 13:30")
    assert len(world.slack.messages) == 3
    for message in world.slack.messages:
        assert find_problems(message) == []


def make_untitled(article_id: str) -> Article:
    """Return an article without outlet, day, title and URL."""
    return replace(make_article(article_id), publisher=None, published=None, title=None, url=None)


async def test_an_article_without_metadata_is_posted(world: World) -> None:
    await world.watch()
    await world.add(make_untitled("a1"))
    (text,) = world.list_texts()
    assert "*Jane Roe*" in text
