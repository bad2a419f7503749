"""Feeds and added links in Slack, and the installation of the bot in a workspace."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.server.server import build_web_app
from bot.storage.greetings import WORKSPACE
from bot.storage.request_log import RateLimit
from bot.storage.store import Store, open_store
from briefings.service.service import BriefingService
from tests.golden.compare import compare
from tests.golden.conftest import PUBLIC
from tests.golden.person import Person
from tests.scenarios.conftest import Slack, run_app
from tests.scenarios.test_slack_installation import CLIENT, begin_install, make_grant
from tests.stand_ins.feed_world import LOOPBACK, FeedWorld, open_feed_world
from tests.stand_ins.newsroom import Newsroom, Story
from tests.support.clock import Clock
from tests.support.keys import KEYS

HALL = Story("hall", "Westport closes its swimming hall", datetime(2016, 7, 1, 5, 0, tzinfo=UTC))
#: line ids depend on the URL of the article, which has a different port each time
LINE_IDS = (re.compile(r'("value": "[\w-]+:\d+:\w*:)[0-9a-f]{16}'), r"\1LINE")
#: slack_sdk's call of oauth.v2.access, with aiohttp 3.13 and newer
pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")


@pytest.fixture
async def site() -> AsyncIterator[Newsroom]:
    async with Newsroom().run() as site:
        for outlet in site.outlets:
            site.publish(outlet, HALL)
        yield site


@asynccontextmanager
async def open_person(folder: Path, networks: tuple[str, ...] = LOOPBACK) -> AsyncIterator[tuple[Person, FeedWorld]]:
    """Open a person whose bot may fetch from these networks. U1 is an admin."""
    async with open_feed_world(folder, allowed_networks=networks) as world:
        clock = world.clock.get_timestamp
        with closing(open_store(f"sqlite:///{folder}/record.db", RateLimit(60), clock, KEYS)) as store:
            await store.greetings.claim("T1", WORKSPACE)  # the welcome would come at a random place
            async with run_app(
                lambda settings: build_web_app(
                    settings, world.service, store=store, feed_service=world.feed_service, now=clock
                ),
                admins=("U1",),
            ) as slack:
                yield Person(slack, clock), world


async def test_feed_is_followed_and_unfollowed(tmp_path: Path, site: Newsroom) -> None:
    """The feed is followed, briefed on, fails, appears in the App Home, and is unfollowed. Only admins may."""
    address = site.build_feed_url("herald")
    async with open_person(tmp_path) as (person, world):
        await person.run_command("/briefing", f"follow {address}", user_id="U2")
        await person.run_command("/briefing", f"follow {address}")
        await person.run_command("/briefing", f"follow {address}")
        await world.feed_service.poll()
        await person.run_command("/briefing", "swimming hall")
        await person.run_command("/whosaid", "another pound")
        site.is_down = True
        world.clock.advance(hours=3)
        await world.feed_service.poll()
        await person.open_home()
        await person.open_home("U2")
        await person.run_command("/briefing", f"unfollow {address}")
        await person.run_command("/briefing", f"unfollow {address}")
        compare("slack/feeds/followed.json", await person.collect_received(), LINE_IDS)


async def test_urls_that_cannot_be_followed(tmp_path: Path, site: Newsroom) -> None:
    async with open_person(tmp_path) as (person, _):
        for address in (
            "http://169.254.169.254/latest",
            "file:///etc/passwd",
            "https://u:secret@example.org/",
            f"{site.base}/herald/hall",
            f"{site.base}/private/feed",
            f"{site.base}/herald/nothing",
        ):
            await person.run_command("/briefing", f"follow {address}")
        compare("slack/feeds/refused.json", await person.collect_received())


async def test_links_of_a_message_are_added(tmp_path: Path, site: Newsroom) -> None:
    """The answer reports on each link. Only admins may add. A message without links is refused."""
    text = f"<{site.build_article_url('herald', 'hall')}|this>, {site.build_article_url('signal', 'gone')}; and <http://10.0.0.1/x>"
    async with open_person(tmp_path) as (person, _):
        await person.send_for_answer(person.slack.shortcut("add_to_the_record", text, user="U2"))
        await person.send_for_answer(person.slack.shortcut("add_to_the_record", text))
        await person.send_for_answer(person.slack.shortcut("add_to_the_record", text))
        await person.send_for_answer(person.slack.shortcut("add_to_the_record", "no link"))
        compare("slack/feeds/links_added.json", await person.collect_received())


async def test_private_address_is_refused(tmp_path: Path, site: Newsroom) -> None:
    """The bot must not fetch from this machine's own network."""
    async with open_person(tmp_path, networks=()) as (person, _):
        await person.send_for_answer(
            person.slack.shortcut("add_to_the_record", f"<{site.build_article_url('herald', 'hall')}>")
        )
        await person.run_command("/briefing", f"follow {site.build_feed_url('herald')}")
        compare("slack/feeds/private.json", await person.collect_received())


async def test_installation_pages(service: BriefingService, store: Store, clock: Clock) -> None:
    """The page that leads to Slack, and the pages after success and each kind of failure."""
    async with run_app(
        lambda settings: build_web_app(settings, service, store=store, now=clock), public_url=PUBLIC, **CLIENT
    ) as slack:
        page = await slack.session.get(slack.bot.make_url("/slack/install"))
        compare("slack/installing/install.html", await page.text())
        slack.stand_in.replies["oauth.v2.access"] = [make_grant("xoxb-one"), {"ok": False, "error": "invalid_code"}]
        slack.stand_in.replies["auth.test"] = [{"ok": True, "bot_id": "B1", "url": "https://x.slack.com/"}]
        for name in ("installed", "invalid_code", "denied", "forged", "nothing"):
            compare(f"slack/installing/{name}.html", await _return_from_slack(slack, name))


async def _return_from_slack(slack: Slack, name: str) -> str:
    """Return the page after Slack redirects back to the bot."""
    state, cookie = await begin_install(slack)
    parameters = {"code": "c1", "state": state}
    parameters = {"denied": {"error": "access_denied"}, "forged": {"code": "c1", "state": "x"}, "nothing": {}}.get(
        name, parameters
    )
    address = slack.bot.make_url("/slack/oauth_redirect").with_query(parameters)
    answer = await slack.session.get(address, headers={"Cookie": cookie})
    return f"{answer.status}\n{await answer.text()}"


async def test_command_from_a_workspace_without_installation(
    service: BriefingService, store: Store, clock: Clock
) -> None:
    async with run_app(
        lambda settings: build_web_app(settings, service, store=store, now=clock), public_url=PUBLIC, **CLIENT
    ) as slack:
        person = Person(slack, clock)
        await person.run_command("/whosaid", "lynch-mob")
        compare("slack/notices/not_installed.json", await person.collect_received())
