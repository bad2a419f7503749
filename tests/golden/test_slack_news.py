"""News by way of Slack: feeds that are followed, links that are added; and workspaces that install the bot."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.server.server import build_web_app
from bot.storage.request_log import RateLimit
from bot.storage.store import Store, open_store
from briefings.service.service import BriefingService
from tests.golden.compare import compare
from tests.golden.conftest import PUBLIC
from tests.golden.person import Person
from tests.scenarios.conftest import Slack, run_app
from tests.scenarios.test_slack_installation import CLIENT, begin_install, make_grant
from tests.stand_ins.feed_world import LOOPBACK, Newsdesk, newsdesk
from tests.stand_ins.newsroom import Newsroom, Story
from tests.support.clock import Clock

HALL = Story("hall", "Westport closes its swimming hall", datetime(2016, 7, 1, 5, 0, tzinfo=UTC))
#: the key of a line comes from its article's address, which has another port each time
BY_ADDRESS = (re.compile(r'("line\\": \\")[0-9a-f]{16}'), r"\1LINE")
#: slack_sdk's call of oauth.v2.access, with aiohttp 3.13 and newer
pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")


@pytest.fixture
async def site() -> AsyncIterator[Newsroom]:
    async with Newsroom().running() as site:
        for outlet in site.outlets:
            site.publish(outlet, HALL)
        yield site


@asynccontextmanager
async def gatherer(folder: Path, networks: tuple[str, ...] = LOOPBACK) -> AsyncIterator[tuple[Person, Newsdesk]]:
    """Somebody whose bot may open addresses of these networks; U1 looks after it."""
    async with newsdesk(folder, opened=networks) as news:
        clock = news.clock.seconds
        with closing(open_store(f"sqlite:///{folder}/record.db", RateLimit(60), clock)) as store:
            async with run_app(
                lambda settings: build_web_app(
                    settings, news.desk, store=store, feed_service=news.gathering, now=clock
                ),
                admins=("U1",),
            ) as slack:
                yield Person(slack, clock), news


async def test_a_feed_is_followed_and_left_as_before(tmp_path: Path, site: Newsroom) -> None:
    """Followed, briefed on, failing in the Home, followed no more; by others not at all."""
    address = site.feed("herald")
    async with gatherer(tmp_path) as (person, news):
        await person.run_command("/briefing", f"follow {address}", user_id="U2")
        await person.run_command("/briefing", f"follow {address}")
        await person.run_command("/briefing", f"follow {address}")
        await news.gathering.poll()
        await person.run_command("/briefing", "swimming hall")
        await person.run_command("/whosaid", "another pound")
        site.down = True
        news.clock.turn(hours=3)
        await news.gathering.poll()
        await person.open_home()
        await person.open_home("U2")
        await person.run_command("/briefing", f"unfollow {address}")
        await person.run_command("/briefing", f"unfollow {address}")
        compare("slack/feeds/followed.json", await person.everything_sent(), BY_ADDRESS)


async def test_what_cannot_be_followed_is_told_as_before(tmp_path: Path, site: Newsroom) -> None:
    """Each for its own reason."""
    async with gatherer(tmp_path) as (person, _):
        for address in (
            "http://169.254.169.254/latest",
            "file:///etc/passwd",
            "https://u:secret@example.org/",
            f"{site.base}/herald/hall",
            f"{site.base}/private/feed",
            f"{site.base}/herald/nothing",
        ):
            await person.run_command("/briefing", f"follow {address}")
        compare("slack/feeds/refused.json", await person.everything_sent())


async def test_links_of_a_message_are_added_as_before(tmp_path: Path, site: Newsroom) -> None:
    """Each is told of; others may not add; a message may have no link."""
    text = f"<{site.link('herald', 'hall')}|this>, {site.link('signal', 'gone')}; and <http://10.0.0.1/x>"
    async with gatherer(tmp_path) as (person, _):
        await person.send_for_answer(person.slack.shortcut("add_to_the_record", text, user="U2"))
        await person.send_for_answer(person.slack.shortcut("add_to_the_record", text))
        await person.send_for_answer(person.slack.shortcut("add_to_the_record", text))
        await person.send_for_answer(person.slack.shortcut("add_to_the_record", "no link"))
        compare("slack/feeds/links_added.json", await person.everything_sent())


async def test_a_private_address_is_refused_as_before(tmp_path: Path, site: Newsroom) -> None:
    """Where this machine's own network is closed."""
    async with gatherer(tmp_path, networks=()) as (person, _):
        await person.send_for_answer(person.slack.shortcut("add_to_the_record", f"<{site.link('herald', 'hall')}>"))
        await person.run_command("/briefing", f"follow {site.feed('herald')}")
        compare("slack/feeds/private.json", await person.everything_sent())


async def test_the_pages_of_installing_are_as_before(desk: BriefingService, store: Store, clock: Clock) -> None:
    """To Slack, back with success, and back with each kind of failure."""
    async with run_app(
        lambda settings: build_web_app(settings, desk, store=store, now=clock), public_url=PUBLIC, **CLIENT
    ) as slack:
        page = await slack.session.get(slack.bot.make_url("/slack/install"))
        compare("slack/installing/install.html", await page.text())
        slack.stand_in.replies["oauth.v2.access"] = [make_grant("xoxb-one"), {"ok": False, "error": "invalid_code"}]
        slack.stand_in.replies["auth.test"] = [{"ok": True, "bot_id": "B1", "url": "https://x.slack.com/"}]
        for name in ("installed", "invalid_code", "denied", "forged", "nothing"):
            compare(f"slack/installing/{name}.html", await _back(slack, name))


async def _back(slack: Slack, name: str) -> str:
    """The page that somebody gets who comes back from Slack."""
    state, cookie = await begin_install(slack)
    settings = {"code": "c1", "state": state}
    settings = {"denied": {"error": "access_denied"}, "forged": {"code": "c1", "state": "x"}, "nothing": {}}.get(
        name, settings
    )
    address = slack.bot.make_url("/slack/oauth_redirect").with_query(settings)
    answer = await slack.session.get(address, headers={"Cookie": cookie})
    return f"{answer.status}\n{await answer.text()}"


async def test_where_it_is_not_installed_it_says_so_as_before(
    desk: BriefingService, store: Store, clock: Clock
) -> None:
    """To whoever asks by a command."""
    async with run_app(
        lambda settings: build_web_app(settings, desk, store=store, now=clock), public_url=PUBLIC, **CLIENT
    ) as slack:
        person = Person(slack, clock)
        await person.run_command("/whosaid", "lynch-mob")
        compare("slack/notices/not_installed.json", await person.everything_sent())
