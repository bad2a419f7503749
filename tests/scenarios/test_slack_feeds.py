"""News by way of Slack, over real HTTP: feeds followed with /briefing, links added from a message's menu, the Home."""

from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.server.feed_poller import FeedPoller
from bot.server.server import build_web_app
from bot.storage.request_log import RateLimit
from bot.storage.store import Store, open_store
from tests.scenarios.conftest import Slack, run_app
from tests.stand_ins.feed_world import Newsdesk, newsdesk
from tests.stand_ins.newsroom import Newsroom, Story
from tests.stand_ins.slack import shown

HALL = Story("hall", "Westport closes its swimming hall", datetime(2016, 7, 1, 5, 0, tzinfo=UTC))
ADMIN, MEMBER = "U1", "U2"


@pytest.fixture
async def site() -> AsyncIterator[Newsroom]:
    async with Newsroom().running() as site:
        for outlet in site.outlets:
            site.publish(outlet, HALL)
        yield site


@pytest.fixture
async def news(tmp_path: Path) -> AsyncIterator[Newsdesk]:
    async with newsdesk(tmp_path) as news:
        yield news


@pytest.fixture
async def store(tmp_path: Path, news: Newsdesk) -> AsyncIterator[Store]:
    with closing(open_store(f"sqlite:///{tmp_path}/record.db", RateLimit(20), news.clock.seconds)) as store:
        yield store


@pytest.fixture
async def slack(news: Newsdesk, store: Store) -> AsyncIterator[Slack]:
    async with run_app(
        lambda settings: build_web_app(settings, news.desk, store=store, feed_service=news.gathering), admins=(ADMIN,)
    ) as slack:
        yield slack


async def ask(slack: Slack, text: str, count: int = 1, user: str = ADMIN) -> str:
    await slack.post(slack.command("/briefing", text, user_id=user))
    return strip_joiners((await slack.stand_in.wait_for_answer(count))["text"])


def strip_joiners(text: str) -> str:
    """Without what keeps addresses from becoming links."""
    return text.replace("\u2060", "")


async def test_a_feed_is_followed_polled_and_briefed(
    slack: Slack, site: Newsroom, news: Newsdesk, store: Store
) -> None:
    address = site.feed("herald")
    assert f"Following {address} (“The Westport Herald”): it has 1 entries" in await ask(slack, f"follow {address}")
    await news.gathering.poll()
    assert "We will not spend another pound" in await ask(slack, "swimming hall", 2)
    assert "is followed already" in await ask(slack, f"follow <{address}|the feed>", 3)
    assert f"Followed no more: {address}" in await ask(slack, f"unfollow {address}", 4)
    assert "No feed at" in await ask(slack, f"unfollow {address}", 5)
    actions = [(entry.action.action, entry.action.person) for entry in await store.audit_log.list_entries("T1")]
    assert actions == [("unfollowed", ADMIN), ("followed", ADMIN), ("followed", ADMIN)]


async def test_only_those_who_look_after_the_bot_follow_and_add(slack: Slack, site: Newsroom, news: Newsdesk) -> None:
    assert "Only the people who look after" in await ask(slack, f"follow {site.feed('herald')}", 1, MEMBER)
    body = slack.shortcut("add_to_the_record", f"<{site.link('herald', 'hall')}>", user=MEMBER)
    await slack.post(body)
    assert "Only the people who look after" in (await slack.stand_in.wait_for_answer(2))["text"]
    assert (await news.gathering.list_feeds(), news.record.find_ids(), sum(site.asked.values())) == ((), (), 0)


@pytest.mark.parametrize("words", ["follow the money", "follow", "unfollow me", "follow up.", "followed example.org"])
async def test_words_that_begin_so_are_words(slack: Slack, words: str, news: Newsdesk) -> None:
    assert "Following" not in await ask(slack, words)
    assert await news.gathering.list_feeds() == ()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("follow http://169.254.169.254/latest", "leads to no public address"),
        ("follow file:///etc/passwd", "is no web address"),
        ("follow https://u:secret@example.org/", "holds a user and a password"),
        ("follow {site}/herald/hall", "is no feed"),
        ("follow {site}/private/feed", "closed to programs"),
        ("follow {site}/herald/nothing", "is not there"),
    ],
)
async def test_what_cannot_be_followed_is_said(slack: Slack, site: Newsroom, typed: str, said: str) -> None:
    answer = await ask(slack, typed.format(site=site.base))
    assert said in answer
    assert "secret" not in answer


async def test_the_links_of_a_message_are_added(slack: Slack, site: Newsroom, news: Newsdesk, store: Store) -> None:
    """Each is told of; what fails keeps none of the others out; nothing that a site says is markup."""
    links = [site.link("herald", "hall"), site.link("courier", "hall"), site.link("signal", "gone")]
    text = f"See <{links[0]}|this>, {links[1]} and <{links[2]}>; and <http://10.0.0.1/x>"
    await slack.post(slack.shortcut("add_to_the_record", text))
    answer = strip_joiners((await slack.stand_in.wait_for_answer())["text"])
    assert [line.rpartition(": ")[2] for line in answer.split("\n")] == [
        "1 added.",
        "1 added.",
        "its server answers 404.",
        "machines of this network are not asked.",
    ]
    assert set(news.record.find_ids()) == set(links[:2])
    assert {entry.action.subject for entry in await store.audit_log.list_entries("T1")} == set(links[:2])


async def test_a_message_without_a_link_is_said_to_have_none(slack: Slack) -> None:
    await slack.post(slack.shortcut("add_to_the_record", "no <@U3> link <mailto:x@y.example|x>"))
    assert "no link in this message" in (await slack.stand_in.wait_for_answer())["text"]


async def test_a_feed_that_fails_stands_in_the_home_of_who_looks_after_it_alone(
    slack: Slack, site: Newsroom, news: Newsdesk
) -> None:
    await ask(slack, f"follow {site.feed('herald')}")
    site.down = True
    await news.gathering.poll()
    for count, user in enumerate((ADMIN, MEMBER), 1):
        await slack.post(slack.event(type="app_home_opened", tab="home", user=user))
        home = shown(await slack.stand_in.wait_for(slack.stand_in.homes, count))
        assert ("1 feed followed, 1 of them failing" in home) == (user == ADMIN)
        assert ("asks to come back later" in home) == (user == ADMIN)
    assert slack.stand_in.posts == []


async def test_the_bot_polls_while_it_serves_and_ends_when_it_is_told(news: Newsdesk, site: Newsroom) -> None:
    """A pass that fails is not the last; the file's feeds are followed."""
    from briefings.feeds.service import FeedRequest

    sleeps: list[float] = []

    async def turn_clock(seconds: float) -> None:
        sleeps.append(seconds)
        news.clock.turn(hours=1)
        if len(sleeps) > 3:
            raise KeyError  # the test has seen enough

    poller = FeedPoller(news.gathering, [FeedRequest(site.feed("courier"), "feeds.toml")], turn_clock)
    site.down = True
    with pytest.raises(KeyError):
        await poller.run()
    assert poller.failures == {"busy": 2}
    site.down = False
    news.clock.turn(days=1)
    sleeps.clear()
    with pytest.raises(KeyError):
        await poller.run()
    assert poller.outcomes["added"] == 1
    assert news.record.has_article(site.link("courier", "hall"))
