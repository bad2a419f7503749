"""The forms behind the buttons of the welcome, over HTTP: questions and feeds."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode

import pytest

from bot.server.server import build_web_app
from bot.slack.views import welcome
from bot.storage.store import Store
from tests.scenarios.conftest import Slack, find_button, run_app, run_bot
from tests.scenarios.slack_welcome.conftest import ADMIN, MEMBER, drain, join
from tests.stand_ins.briefing_service import FakeBriefingService
from tests.stand_ins.feed_world import FeedWorld, open_feed_world
from tests.stand_ins.newsroom import Newsroom, Story
from tests.stand_ins.slack import get_visible_text, send

NEWS_CHANNEL = "C5"
HALL = Story("hall", "Westport closes its swimming hall", datetime(2016, 7, 1, 5, 0, tzinfo=UTC))


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
