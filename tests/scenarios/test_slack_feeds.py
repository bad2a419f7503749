"""Tests of feeds in Slack over HTTP: /briefing follow, links added from a message menu, and the Home."""

from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.server.feed_poller import FeedPoller
from bot.server.server import build_web_app
from bot.storage.greetings import WORKSPACE
from bot.storage.request_log import RateLimit
from bot.storage.store import Store, open_store
from tests.scenarios.conftest import Slack, run_app
from tests.stand_ins.feed_world import FeedWorld, open_feed_world
from tests.stand_ins.newsroom import Newsroom, Story
from tests.stand_ins.slack import get_visible_text

HALL = Story("hall", "Westport closes its swimming hall", datetime(2016, 7, 1, 5, 0, tzinfo=UTC))
ADMIN, MEMBER = "U1", "U2"


@pytest.fixture
async def site() -> AsyncIterator[Newsroom]:
    async with Newsroom().run() as site:
        for outlet in site.outlets:
            site.publish(outlet, HALL)
        yield site


@pytest.fixture
async def news(tmp_path: Path) -> AsyncIterator[FeedWorld]:
    async with open_feed_world(tmp_path) as news:
        yield news


@pytest.fixture
async def store(tmp_path: Path, news: FeedWorld) -> AsyncIterator[Store]:
    with closing(open_store(f"sqlite:///{tmp_path}/record.db", RateLimit(20), news.clock.get_timestamp)) as store:
        yield store


@pytest.fixture
async def slack(news: FeedWorld, store: Store) -> AsyncIterator[Slack]:
    await store.greetings.claim("T1", WORKSPACE)  # the workspace got its welcome before
    async with run_app(
        lambda settings: build_web_app(settings, news.service, store=store, feed_service=news.feed_service),
        admins=(ADMIN,),
    ) as slack:
        yield slack


async def ask(slack: Slack, text: str, count: int = 1, user: str = ADMIN) -> str:
    await slack.post(slack.command("/briefing", text, user_id=user))
    return strip_joiners((await slack.stand_in.wait_for_answer(count))["text"])


def strip_joiners(text: str) -> str:
    """Remove the word joiners that keep addresses from becoming links."""
    return text.replace("\u2060", "")


async def test_feed_is_followed_polled_and_unfollowed(
    slack: Slack, site: Newsroom, news: FeedWorld, store: Store
) -> None:
    address = site.build_feed_url("herald")
    assert f"Following {address} (“The Westport Herald”). It has 1 article." in await ask(slack, f"follow {address}")
    await news.feed_service.poll()
    assert "We will not spend another pound" in await ask(slack, "swimming hall", 2)
    assert "is already followed" in await ask(slack, f"follow <{address}|the feed>", 3)
    assert f"Unfollowed {address}" in await ask(slack, f"unfollow {address}", 4)
    assert "You aren't following a feed at" in await ask(slack, f"unfollow {address}", 5)
    actions = [(entry.action.action, entry.action.person) for entry in await store.audit_log.list_entries("T1")]
    assert actions == [("unfollowed", ADMIN), ("followed", ADMIN), ("followed", ADMIN)]


async def test_only_admins_can_follow_feeds_and_links_of_others_wait(
    slack: Slack, site: Newsroom, news: FeedWorld
) -> None:
    assert "Only On the Record admins can do that" in await ask(
        slack, f"follow {site.build_feed_url('herald')}", 1, MEMBER
    )
    body = slack.shortcut("add_to_the_record", f"<{site.build_article_url('herald', 'hall')}>", user=MEMBER)
    await slack.post(body)
    assert "1 link waits for an admin" in (await slack.stand_in.wait_for_answer(2))["text"]
    assert (await news.feed_service.list_feeds(), news.repository.find_ids(), sum(site.request_counts.values())) == (
        (),
        (),
        0,
    )


@pytest.mark.parametrize("words", ["follow the money", "follow", "unfollow me", "follow up.", "followed example.org"])
async def test_ordinary_words_starting_with_follow_are_a_question(slack: Slack, words: str, news: FeedWorld) -> None:
    assert "Following" not in await ask(slack, words)
    assert await news.feed_service.list_feeds() == ()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("follow http://169.254.169.254/latest", "is not on the public internet"),
        ("follow file:///etc/passwd", "is not a web address"),
        ("follow https://u:secret@example.org/", "contains a user name or password"),
        ("follow {site}/herald/hall", "is not a feed"),
        ("follow {site}/private/feed", "robots.txt doesn't allow bots"),
        ("follow {site}/herald/nothing", "was not found"),
    ],
)
async def test_failed_follow_is_explained(slack: Slack, site: Newsroom, typed: str, sentence: str) -> None:
    answer = await ask(slack, typed.format(site=site.base))
    assert sentence in answer
    assert "secret" not in answer


async def test_links_in_message_are_added(slack: Slack, site: Newsroom, news: FeedWorld, store: Store) -> None:
    """Every link has a result, and a failed link does not stop the others. Sites' texts are not markup."""
    links = [
        site.build_article_url("herald", "hall"),
        site.build_article_url("courier", "hall"),
        site.build_article_url("signal", "gone"),
    ]
    text = f"See <{links[0]}|this>, {links[1]} and <{links[2]}>; and <http://10.0.0.1/x>"
    await slack.post(slack.shortcut("add_to_the_record", text))
    answer = strip_joiners((await slack.stand_in.wait_for_answer())["text"])
    assert [line.rpartition(": ")[2] for line in answer.split("\n")] == [
        "1 added.",
        "1 added.",
        "the server responded with status 404.",
        "• http://10.0.0.1/robots.txt is not on the public internet. Private networks are blocked.",
    ]
    assert set(news.repository.find_ids()) == set(links[:2])
    assert {entry.action.subject for entry in await store.audit_log.list_entries("T1")} == set(links[:2])


async def test_links_in_blocks_and_forwarded_messages_are_added(slack: Slack, site: Newsroom, news: FeedWorld) -> None:
    """Posts of feed apps have no text, and forwarded ones keep their blocks elsewhere."""
    links = [site.build_article_url("herald", "hall"), site.build_article_url("courier", "hall")]
    inline = {"type": "link", "url": links[0], "text": "this"}
    rich = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [inline]}]}
    forward = {
        "is_share": True,
        "fallback": "[no preview available]",
        "message_blocks": [{"message": {"blocks": [rich]}}],
    }
    post = {"title": "Bridge", "title_link": links[1]}
    await slack.post(slack.shortcut("add_to_the_record", "", attachments=[forward, post]))
    await slack.stand_in.wait_for_answer()
    assert set(news.repository.find_ids()) == set(links)


async def test_message_without_links_is_explained(slack: Slack) -> None:
    await slack.post(slack.shortcut("add_to_the_record", "no <@U3> link <mailto:x@y.example|x>"))
    assert "This message has no links" in (await slack.stand_in.wait_for_answer())["text"]


async def test_failing_feed_is_shown_only_in_admin_home(slack: Slack, site: Newsroom, news: FeedWorld) -> None:
    await ask(slack, f"follow {site.build_feed_url('herald')}")
    site.is_down = True
    await news.feed_service.poll()
    for count, user in enumerate((ADMIN, MEMBER), 1):
        await slack.post(slack.event(type="app_home_opened", tab="home", user=user))
        home = get_visible_text(await slack.stand_in.wait_for(slack.stand_in.homes, count))
        assert ("1 feed followed, 1 failing" in home) == (user == ADMIN)
        assert ("the server is busy" in home) == (user == ADMIN)
    assert slack.stand_in.posts == []


async def test_poller_survives_failures_and_follows_feed_file(news: FeedWorld, site: Newsroom) -> None:
    """A failed pass does not stop polling."""
    from briefings.feeds.service import FeedRequest

    sleeps: list[float] = []

    async def turn_clock(seconds: float) -> None:
        sleeps.append(seconds)
        news.clock.advance(hours=1)
        if len(sleeps) > 3:
            raise KeyError  # ends the test's polling

    poller = FeedPoller(news.feed_service, [FeedRequest(site.build_feed_url("courier"), "feeds.toml")], turn_clock)
    site.is_down = True
    with pytest.raises(KeyError):
        await poller.run()
    assert poller.failures == {"busy": 2}
    site.is_down = False
    news.clock.advance(days=1)
    sleeps.clear()
    with pytest.raises(KeyError):
        await poller.run()
    assert poller.outcomes["added"] == 1
    assert news.repository.has_article(site.build_article_url("courier", "hall"))
