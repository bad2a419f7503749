"""Tests of the welcome after an invitation or installation, and of the forms behind its buttons, over HTTP.

The stand-in checks every message and view against Slack's limits.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode

import pytest

from bot.server.server import BOT, build_web_app
from bot.slack.views import welcome
from bot.storage.request_log import RateLimit
from bot.storage.store import Store, open_store
from tests.scenarios.conftest import Slack, find_button, run_app, run_bot
from tests.stand_ins.briefing_service import FakeBriefingService
from tests.stand_ins.feed_world import FeedWorld, open_feed_world
from tests.stand_ins.newsroom import Newsroom, Story
from tests.stand_ins.slack import get_visible_text, send

ADMIN, MEMBER = "U1", "U2"
NEWS_CHANNEL = "C5"
HALL = Story("hall", "Westport closes its swimming hall", datetime(2016, 7, 1, 5, 0, tzinfo=UTC))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(open_store(f"sqlite:///{tmp_path}/bot.db", RateLimit(60), time.time)) as store:
        yield store


@pytest.fixture
async def slack(service: FakeBriefingService, store: Store) -> AsyncIterator[Slack]:
    async with run_bot(service, store, admins=(ADMIN,)) as slack:
        yield slack


def join(slack: Slack, channel: object = "C7", user: object = "U9", **more: Any) -> str:
    """Build the event of a member joining a channel; U9 is the bot."""
    return slack.event(type="member_joined_channel", user=user, channel=channel, channel_type="C", **more)


async def drain(slack: Slack) -> None:
    assert await slack.bot.app[BOT].executor.drain(10) == 0  # type: ignore[union-attr]  # a test server


async def press(slack: Slack, action: str, user: str = ADMIN) -> dict[str, Any]:
    """Press a button of the welcome in a channel, and return the form."""
    count = len(slack.stand_in.views) + 2
    person = {"id": user, "name": "u", "team_id": "T1"}
    await send(slack, slack.press(action, action, private=False, user=person))
    return await slack.stand_in.wait_for_view(count)


async def submit(slack: Slack, form: dict[str, Any], **values: str) -> dict[str, Any]:
    """Submit a form and return the acknowledgement."""
    response = await slack.post(slack.submit(form, **values))
    assert response.status == 200
    answer: dict[str, Any] = json.loads(await response.text())
    return answer


class TestInvitation:
    async def test_channel_gets_one_message_with_three_buttons_and_help(self, slack: Slack) -> None:
        await send(slack, join(slack, inviter=ADMIN))
        message = await slack.stand_in.wait_for(slack.stand_in.posts)
        assert message["channel"] == "C7"
        text = get_visible_text(message)
        assert "quotes copied word for word from articles" in text
        assert "`/briefing help`" in text
        (row,) = [block for block in message["blocks"] if block["type"] == "actions"]
        labels = [element["text"]["text"] for element in row["elements"]]
        assert labels == ["Brief me: Labour's leadership crisis", "Who said it?", "Add your first feed"]

    async def test_channel_is_greeted_once_even_if_slack_repeats_it_or_it_joins_again(
        self, slack: Slack, service: FakeBriefingService, store: Store
    ) -> None:
        """Another replica, which has not greeted the channel itself, does not greet it either."""
        body = join(slack)
        await asyncio.gather(send(slack, body), send(slack, body), send(slack, join(slack)))
        await drain(slack)
        async with run_bot(service, store) as other:
            await send(other, join(other))
            await drain(other)
            assert other.stand_in.posts == []
        assert len(slack.stand_in.posts) == 1

    async def test_each_channel_and_workspace_has_its_own_welcome(self, slack: Slack) -> None:
        for body in (join(slack, "C1"), join(slack, "G2"), join(slack, "C1").replace('"T1"', '"T2"')):
            await send(slack, body)
        await drain(slack)
        assert sorted(post["channel"] for post in slack.stand_in.posts) == ["C1", "C1", "G2"]

    @pytest.mark.parametrize(
        ("channel", "user"),
        [
            ("C7", "U2"),
            ("C7", None),
            (None, "U9"),
            ({"id": "C7"}, "U9"),
            ("<!channel>", "U9"),
            ("C7", ["U9"]),
            ("", "U9"),
        ],
    )
    async def test_other_members_and_malformed_events_are_not_greeted(
        self, slack: Slack, channel: object, user: object
    ) -> None:
        await send(slack, join(slack, channel, user))
        await drain(slack)
        assert slack.stand_in.posts == []

    @pytest.mark.parametrize("authorizations", [None, "x", [], [7], [{"user_id": "U9"}]])
    async def test_malformed_authorizations_greet_nobody(self, slack: Slack, authorizations: object) -> None:
        body = json.loads(join(slack)) | {"authorizations": authorizations}
        assert (await slack.post(json.dumps(body))).status in (200, 400)
        await drain(slack)
        assert slack.stand_in.posts == []

    async def test_refused_welcome_is_sent_at_the_next_occasion(self, slack: Slack) -> None:
        slack.stand_in.replies["chat.postMessage"] = [{"ok": False, "error": "restricted_action"}]
        await send(slack, join(slack))
        await drain(slack)
        assert slack.stand_in.posts == []
        await send(slack, join(slack))
        await slack.stand_in.wait_for(slack.stand_in.posts)

    async def test_unconfirmed_welcome_is_not_repeated(self, slack: Slack) -> None:
        """Slack stored the message, but its answer was lost. The message is found in the channel."""
        slack.stand_in.drop_posts = 1
        for _ in range(2):
            await send(slack, join(slack))
            await drain(slack)
        assert len(slack.stand_in.posts) == 1

    async def test_channel_is_greeted_without_articles_and_its_button_opens_the_form(self, store: Store) -> None:
        service = FakeBriefingService(error=RuntimeError("broken"))
        async with run_bot(service, store) as slack:
            await send(slack, join(slack))
            message = await slack.stand_in.wait_for(slack.stand_in.posts)
            assert find_button(message, "Get a briefing")["action_id"] == welcome.START_BRIEFING

    async def test_bot_without_database_greets_nobody(self, service: FakeBriefingService) -> None:
        async with run_bot(service) as slack:
            await send(slack, join(slack))
            await drain(slack)
            assert slack.stand_in.posts == []


class TestFirstOpening:
    async def test_first_user_who_opens_a_tab_gets_the_welcome_once(self, slack: Slack) -> None:
        """The bot was installed without OAuth, so it learns of the workspace when a tab is opened."""
        for user, tab in (("U5", "messages"), ("U5", "home"), ("U6", "home")):
            await send(slack, slack.event(type="app_home_opened", user=user, channel=f"D{user}", tab=tab))
        await drain(slack)
        (message,) = slack.stand_in.posts
        assert message["channel"] == "DU5"
        assert "On the Record is ready" in message["text"]
        assert find_button(message, "Add your first feed")
        assert [prompts["channel_id"] for prompts in slack.stand_in.prompts] == ["DU5"]

    async def test_welcome_goes_to_the_user_if_the_event_has_no_channel(self, slack: Slack) -> None:
        await send(slack, slack.event(type="app_home_opened", user="U5", tab="home"))
        await drain(slack)
        assert [post["channel"] for post in slack.stand_in.posts] == ["U5"]

    @pytest.mark.parametrize(
        "event", [{}, {"user": 7}, {"user": "<!channel>"}, {"channel": {"id": "D1"}}, {"channel": "C1"}]
    )
    async def test_malformed_opening_greets_nobody(self, slack: Slack, event: dict[str, Any]) -> None:
        assert (await slack.post(slack.event(type="app_home_opened", tab="other", **event))).status in (200, 400)
        await drain(slack)
        assert slack.stand_in.posts == []


class TestForms:
    async def test_briefing_button_of_the_welcome_answers_only_the_user(self, slack: Slack) -> None:
        await send(slack, join(slack))
        message = await slack.stand_in.wait_for(slack.stand_in.posts)
        button = find_button(message, "Brief me")
        await send(slack, slack.press(button["action_id"], button["value"], private=False))
        answer = await slack.stand_in.wait_for_answer()
        assert (answer["response_type"], answer["replace_original"]) == ("ephemeral", False)
        assert "Latest" in get_visible_text(answer)

    @pytest.mark.parametrize(
        ("values", "expected"),
        [
            ({"topic": "labour-crisis"}, "Latest"),
            ({"words": "labour-crisis"}, "Latest"),
            ({"topic": "labour-crisis", "words": "harbour"}, "No articles about “harbour” yet"),
        ],
    )
    async def test_briefing_form_shows_the_answer_in_its_place_and_words_win(
        self, slack: Slack, values: dict[str, str], expected: str
    ) -> None:
        form = await press(slack, welcome.START_BRIEFING)
        assert (await submit(slack, form, **values))["response_action"] == "update"
        assert expected in get_visible_text(await slack.stand_in.wait_for_view(3))
        assert (slack.stand_in.posts, slack.stand_in.answers) == ([], [])

    async def test_who_said_form_takes_words_a_speaker_or_both(self, slack: Slack) -> None:
        for count, values in enumerate(
            ({"words": "lynch-mob"}, {"speaker": "McDonnell"}, {"words": "“lynch-mob”", "speaker": "McDonnell"})
        ):
            form = await press(slack, welcome.START_WHO_SAID)
            assert (await submit(slack, form, **values))["response_action"] == "update"
            answer = await slack.stand_in.wait_for_view(3 * (count + 1))
            assert "Searched 4 articles" in get_visible_text(answer)

    @pytest.mark.parametrize(
        ("action", "values", "problem"),
        [
            (welcome.START_BRIEFING, {}, "Choose a topic above"),
            (welcome.START_BRIEFING, {"words": " \u2003 "}, "Choose a topic above"),
            (welcome.START_BRIEFING, {"words": "budget since:never"}, "“budget since:never”"),
            (welcome.START_WHO_SAID, {}, "Type some words"),
            (welcome.START_WHO_SAID, {"words": "by:"}, "“by:”"),
        ],
    )
    async def test_empty_or_unclear_form_keeps_what_was_typed(
        self, slack: Slack, action: str, values: dict[str, str], problem: str
    ) -> None:
        answer = await submit(slack, await press(slack, action), **values)
        assert problem in answer["errors"]["words"]

    async def test_error_in_a_form_of_another_version_is_a_message(self, slack: Slack) -> None:
        """Slack refuses an error about a field that the form does not have."""
        form = await press(slack, welcome.START_BRIEFING)
        older_blocks = [block | {"block_id": f"old-{number}"} for number, block in enumerate(form["blocks"])]
        older_form = form | {"blocks": older_blocks}
        answer = await submit(slack, older_form)
        assert answer["response_action"] == "update"
        text = get_visible_text(answer["view"])
        assert "Choose a topic above, or type some words." in text
        assert "older version of On the Record. Nothing was saved. Open it again." in text

    async def test_digest_button_opens_the_form_of_digests(self, slack: Slack) -> None:
        form = await press(slack, welcome.START_DIGEST)
        assert form["title"]["text"] == "New digest"
        assert form["callback_id"] == "digest-form"

    async def test_buttons_explain_a_missing_database(self, service: FakeBriefingService) -> None:
        async with run_bot(service) as slack:
            for action in (welcome.START_DIGEST, welcome.START_FEED):
                assert "need a database" in get_visible_text(await press(slack, action))

    async def test_home_has_the_same_buttons(self, slack: Slack) -> None:
        await send(slack, slack.event(type="app_home_opened", user=ADMIN, channel="D1", tab="home"))
        home = await slack.stand_in.wait_for(slack.stand_in.homes)
        for label in ("Get a briefing", "Who said it?", "Schedule a digest"):
            count = len(slack.stand_in.views) + 2
            await send(slack, slack.press_in(home, find_button(home, label)))
            assert (await slack.stand_in.wait_for_view(count))["submit"]

    @pytest.mark.parametrize("state", [None, [], "x", {"values": []}, {"values": {"words": 7}}])
    async def test_malformed_form_is_answered_with_an_error_at_its_field(self, slack: Slack, state: object) -> None:
        form = {"type": "modal", "callback_id": welcome.BRIEFING_CALLBACK, "blocks": []}
        payload = json.loads(parse_qs(slack.submit(form))["payload"][0])
        payload["view"]["state"] = state
        assert (await slack.post(urlencode({"payload": json.dumps(payload)}))).status in (200, 400)


class TestFeedForm:
    @pytest.fixture
    async def site(self) -> AsyncIterator[Newsroom]:
        async with Newsroom().run() as site:
            for outlet in site.outlets:
                site.publish(outlet, HALL)
            yield site

    @pytest.fixture
    async def news(self, tmp_path: Path) -> AsyncIterator[FeedWorld]:
        async with open_feed_world(tmp_path) as news:
            yield news

    @pytest.fixture
    async def slack(self, news: FeedWorld, store: Store) -> AsyncIterator[Slack]:
        async with run_app(
            lambda settings: build_web_app(settings, news.service, store=store, feed_service=news.feed_service),
            admins=(ADMIN,),
        ) as slack:
            yield slack

    async def add(self, slack: Slack, **values: str) -> str:
        """Submit the form and return the text of the result."""
        form = await press(slack, welcome.START_FEED)
        count = len(slack.stand_in.views) + 1
        assert (await submit(slack, form, **values))["response_action"] == "update"
        result = await slack.stand_in.wait_for_view(count)
        return get_visible_text(result).replace("\u2060", "")

    async def test_feed_is_followed_and_the_channel_is_told(
        self, slack: Slack, site: Newsroom, news: FeedWorld, store: Store
    ) -> None:
        address = site.build_feed_url("herald")
        text = await self.add(slack, address=address, channel=NEWS_CHANNEL)
        assert f"Following {address} (“The Westport Herald”). It has 1 article." in text
        assert f"Posted a message in <#{NEWS_CHANNEL}>." in text
        assert [feed.address for feed in await news.feed_service.list_feeds()] == [address]
        (post,) = slack.stand_in.posts
        assert post["channel"] == NEWS_CHANNEL
        assert "<@U1> added a feed: " in post["text"]
        assert find_button(slack.stand_in.views[-1], "Add another feed")
        (entry,) = await store.audit_log.list_entries("T1")
        assert (entry.action.action, entry.action.person) == ("followed", ADMIN)
        text = await self.add(slack, address=f"<{address}|the feed>", channel=NEWS_CHANNEL)
        assert "is already followed" in text
        assert len(slack.stand_in.posts) == 1, "the channel is told once"

    async def test_channel_that_cannot_be_told_is_named(self, slack: Slack, site: Newsroom, news: FeedWorld) -> None:
        slack.stand_in.member = False
        text = await self.add(slack, address=site.build_feed_url("herald"), channel=NEWS_CHANNEL)
        assert "Following" in text
        assert f"The message in <#{NEWS_CHANNEL}> was not posted. On the Record isn't in this channel" in text
        assert len(await news.feed_service.list_feeds()) == 1

    @pytest.mark.parametrize(
        ("typed", "sentence"),
        [
            ("{site}/herald/hall", "is not a feed"),
            ("{site}/herald/nothing", "was not found"),
            ("http://169.254.169.254/latest", "is not on the public internet"),
            ("https://u:secret@example.org/", "contains a user name or password"),
            ("file:///etc/passwd", "is not a web address"),
        ],
    )
    async def test_failure_is_explained_with_a_way_to_try_again(
        self, slack: Slack, site: Newsroom, news: FeedWorld, typed: str, sentence: str
    ) -> None:
        text = await self.add(slack, address=typed.format(site=site.base), channel=NEWS_CHANNEL)
        assert sentence in text
        assert "secret" not in text
        result = slack.stand_in.views[-1]
        count = len(slack.stand_in.views) + 1
        await send(slack, slack.press_in(result, find_button(result, "Try another address")))
        assert (await slack.stand_in.wait_for_view(count))["callback_id"] == welcome.FEED_CALLBACK
        assert slack.stand_in.posts == []
        assert await news.feed_service.list_feeds() == ()

    @pytest.mark.parametrize("typed", ["", "the money", "me", "https://", "<!channel>", "x" * 2_000])
    async def test_text_that_is_no_address_stays_in_the_form(self, slack: Slack, news: FeedWorld, typed: str) -> None:
        answer = await submit(slack, await press(slack, welcome.START_FEED), address=typed)
        assert "https://www.example.org/news" in answer["errors"]["address"]
        assert await news.feed_service.list_feeds() == ()

    async def test_only_admins_get_the_form_and_can_submit_it(
        self, slack: Slack, site: Newsroom, news: FeedWorld
    ) -> None:
        notice = await press(slack, welcome.START_FEED, MEMBER)
        assert "Only On the Record admins can do that" in get_visible_text(notice)
        form = await press(slack, welcome.START_FEED)
        body = slack.submit(form, address=site.build_feed_url("herald")).replace(f"%22{ADMIN}%22", f"%22{MEMBER}%22")
        count = len(slack.stand_in.views) + 1
        assert (await slack.post(body)).status == 200
        assert "Only On the Record admins" in get_visible_text(await slack.stand_in.wait_for_view(count))
        assert await news.feed_service.list_feeds() == ()

    async def test_result_comes_as_a_direct_message_if_the_form_was_closed(self, slack: Slack, site: Newsroom) -> None:
        form = await press(slack, welcome.START_FEED)
        slack.stand_in.replies["views.update"] = [{"ok": False, "error": "not_found"}]
        await submit(slack, form, address=site.build_feed_url("herald"))
        post = await slack.stand_in.wait_for(slack.stand_in.posts)
        assert post["channel"] == ADMIN
        assert "Following" in post["text"]

    async def test_home_offers_feeds_to_admins_only_and_welcome_knows_that_feeds_exist(
        self, slack: Slack, site: Newsroom
    ) -> None:
        await self.add(slack, address=site.build_feed_url("herald"))
        for count, user in enumerate((ADMIN, MEMBER), 1):
            await send(slack, slack.event(type="app_home_opened", user=user, channel="D1", tab="home"))
            home = await slack.stand_in.wait_for(slack.stand_in.homes, count)
            assert ("Add a feed" in get_visible_text(home)) == (user == ADMIN)
        await drain(slack)
        assert find_button(slack.stand_in.posts[-1], "Add a feed")
