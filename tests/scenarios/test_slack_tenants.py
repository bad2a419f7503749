"""Two workspaces with a record each, over HTTP: neither sees, changes or keeps what belongs to the other."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import insert

import briefings
from bot.core.record_policy import RECORD_REFUSAL, RecordMode, RecordSettings
from bot.links.signing import LINK_SECONDS, LinkSigner
from bot.server.server import BOT, build_web_app
from bot.storage.request_log import RateLimit
from bot.storage.store import open_store
from bot.watches.delivery.matching.team_matchers import TeamMatchers
from briefings.feeds import FeedReport, FeedRequest, FollowResult
from briefings.storage import FollowedFeed
from briefings.storage.db.schema import arrivals
from tests.scenarios.conftest import run_app
from tests.stand_ins.page_access import Browser, get_key
from tests.stand_ins.slack import get_visible_text
from tests.support.keys import KEYS
from tests.support.two_workspaces import (
    MARKERS,
    PEOPLE,
    TwoWorkspaces,
    from_team,
    install,
    make_article,
    run_two_workspaces,
    two_workspaces,  # noqa: F401  # a fixture
)

# ruff: noqa: F811 - fixtures are arguments

BOTH = (("T1", "T2"), ("T2", "T1"))


@pytest.fixture(params=["sqlite", "postgresql"])
async def world(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[TwoWorkspaces]:
    address = (
        request.getfixturevalue("postgresql_address")
        if request.param == "postgresql"
        else f"sqlite:///{tmp_path}/record.db"
    )
    async with run_two_workspaces(address) as world:
        yield world


async def test_answers_come_from_the_articles_of_the_workspace_that_asks(world: TwoWorkspaces) -> None:
    """Equal questions, asked in turn, so that an answer cached for one workspace would show up in the other."""
    for command, text in (
        ("/briefing", "harbours"),
        ("/briefing", "council of Easton"),
        ("/whosaid", "harbour"),
        ("/whosaid", '"of this harbour"'),
    ):
        for _ in range(2):
            for own, other in BOTH:
                answer = json.dumps(await world.ask(own, command, text))
                assert MARKERS[own] in answer, (own, command, text)
                assert MARKERS[other] not in answer.replace(text, ""), (own, command, text)


async def test_words_people_and_outlets_of_another_workspace_are_unknown(world: TwoWorkspaces) -> None:
    for own, other in BOTH:
        for command, text in (
            ("/whosaid", f'"sell the {MARKERS[other]}"'),
            ("/whosaid", f"by:{PEOPLE[other]}"),
            ("/briefing", MARKERS[other]),
            ("/briefing", f'council outlet:"The {MARKERS[other].title()} Post"'),
        ):
            answer = json.dumps(await world.ask(own, command, text))
            assert "https://" + MARKERS[other] not in answer, (own, command, text)
            assert "the mayor of Easton. About 200 people stood outside the town hall" not in answer


async def test_the_same_article_id_opens_the_own_article_on_the_pages(world: TwoWorkspaces) -> None:
    links = LinkSigner(world.settings, time.time)
    for own, other in BOTH:
        browser = Browser(world.slack)
        page = await browser.follow(f"/record/articles/a?key={get_key(links, own)}")
        text = await page.text()
        assert (page.status, MARKERS[own] in text, MARKERS[other] in text) == (200, True, False)
        for path in (f"articles/{other}-only", f"articles/{other}-only?from=0", f"articles/{other}-only?format=md"):
            page = await browser.get(f"/record/{path}")
            assert (page.status, MARKERS[other] in await page.text()) == (404, False), path
        for path in ("", "stories/harbours", f"search?q={MARKERS[other]}", "stories/harbours?format=csv", "news"):
            page = await browser.get(f"/record/{path}")
            assert f"https://{MARKERS[other]}" not in await page.text(), path
            assert PEOPLE[other] not in await page.text(), path


async def test_link_of_another_workspace_opens_that_record_and_never_the_own(two_workspaces: TwoWorkspaces) -> None:
    now = [time.time()]
    links = LinkSigner(two_workspaces.settings, lambda: now[0])
    browser = Browser(two_workspaces.slack)
    assert MARKERS["T1"] in await (await browser.follow(f"/record/articles/a?key={get_key(links, 'T1')}")).text()
    text = await (await browser.follow(f"/record/articles/a?key={get_key(links, 'T2')}")).text()
    assert (MARKERS["T1"] in text, MARKERS["T2"] in text) == (False, True)
    now[0] -= 2 * LINK_SECONDS
    old_own, old_other = get_key(links, "T2"), get_key(links, "T1")
    assert MARKERS["T2"] in await (await browser.follow(f"/record/articles/a?key={old_own}")).text()
    refused = await browser.follow(f"/record/articles/a?key={old_other}")
    assert "expired" in await refused.text()


async def test_link_without_a_key_opens_the_record_of_the_workspace_that_it_names(
    two_workspaces: TwoWorkspaces,
) -> None:
    """Else a link of another workspace, followed before, would show its articles as those of the own one."""
    links = LinkSigner(two_workspaces.settings, time.time)
    pages = links.build_page_links("T1", is_shared=True)
    assert pages is not None
    link = pages.build_article_link("a", 0, 9)
    assert link.endswith("/record/articles/a?at=0-9&workspace=T1#at")
    assert (links.find_page(link, "T1") is None, links.find_page(link, "T2") is None) == (False, True)
    path = link.removeprefix("https://bot.example.org").partition("#")[0]
    browser = Browser(two_workspaces.slack)
    for own, status in (("T1", 200), ("T2", 403), ("T1", 200)):
        await browser.follow(f"/record/?key={get_key(links, own)}")
        page = await browser.get(path)
        text = await page.text()
        assert (page.status, MARKERS["T1"] in text, MARKERS["T2"] in text) == (status, own == "T1", False)
    assert (await Browser(two_workspaces.slack).get(path)).status == 403
    assert (await browser.get("/record/articles/a")).status == 200  # it names none, so it is the reader's own


async def test_request_without_a_known_workspace_reads_nothing(two_workspaces: TwoWorkspaces) -> None:
    slack = two_workspaces.slack
    for team in ("", "T9", "T1/../T2"):
        count = len(slack.stand_in.answers)
        await slack.post(slack.command("/whosaid", "harbour", team_id=team))
        await two_workspaces.finish()
        texts = json.dumps(slack.stand_in.answers[count:])
        assert not any(marker in texts for marker in MARKERS.values()), team
    assert sorted(two_workspaces.records._databases.list_teams()) == ["T1", "T2"]  # none was created


async def test_home_shows_the_own_articles(world: TwoWorkspaces) -> None:
    for own, other in BOTH:
        event = world.slack.event(type="app_home_opened", user="U1", channel="D1", tab="home")
        await world.slack.post(from_team(event, own))
        home = json.dumps(await world.slack.stand_in.wait_for(world.slack.stand_in.homes, 1))
        assert (MARKERS[own] in home.lower(), MARKERS[other] in home.lower()) == (True, False)
        world.slack.stand_in.homes.clear()


async def test_watch_matches_only_what_arrives_in_its_own_workspace(world: TwoWorkspaces) -> None:
    for team in ("T1", "T2"):
        await world.ask(team, "/watch", "ferry", channel_id=f"C{team}")
    runner = world.slack.bot.app[BOT].watch_runner
    assert runner is not None
    await runner.run_due()
    assert world.slack.stand_in.posts == []
    world.add("T2", make_article("T2", "new", marker="ferry"))
    await runner.run_due()
    await runner.run_due()
    (post,) = world.slack.stand_in.posts
    assert (post["channel"], world.slack.stand_in.tokens[-1]) == ("CT2", "Bearer xoxb-made-up-two")
    assert "ferry" in get_visible_text(post)


async def test_new_watch_posts_nothing_that_arrived_before_it(two_workspaces: TwoWorkspaces) -> None:
    """No one reads the arrivals of a workspace without a watch, so they may be days old."""
    runner = two_workspaces.slack.bot.app[BOT].watch_runner
    assert runner is not None
    for team in ("T1", "T2"):
        two_workspaces.add(team, make_article(team, "old", marker="ferry"))
    await two_workspaces.ask("T1", "/watch", "ferry")
    await runner.run_due()
    await runner.run_due()
    assert two_workspaces.slack.stand_in.posts == []
    for team in ("T1", "T2"):
        with two_workspaces.records.borrow(team) as record:
            assert record.arrivals
            assert record.arrivals.list_first(10) == (), team


async def test_match_is_posted_once_when_the_process_ended_before_the_arrival_was_deleted(
    two_workspaces: TwoWorkspaces,
) -> None:
    await two_workspaces.ask("T1", "/watch", "ferry")
    runner = two_workspaces.slack.bot.app[BOT].watch_runner
    assert runner is not None
    two_workspaces.add("T1", make_article("T1", "new", marker="ferry"))
    with two_workspaces.records.borrow("T1") as record:
        assert record.arrivals
        (*_, arrival) = record.arrivals.list_first(10)
        await runner.run_due()
        assert record.arrivals.list_first(10) == ()
        # as if the last deletion had not happened
        record.service.upsert_article(make_article("T1", "new", marker="ferry"))
        with record.arrivals._engine.begin() as db:
            db.execute(insert(arrivals), {"article": "new", "arrived_at": arrival.arrived_at, "is_new": True})
    await runner.run_due()
    assert len(two_workspaces.slack.stand_in.posts) == 1


async def test_unreadable_record_stops_no_other_workspace(two_workspaces: TwoWorkspaces, tmp_path: Path) -> None:
    for team in ("T1", "T2"):
        await two_workspaces.ask(team, "/watch", "ferry", channel_id=f"C{team}")
    two_workspaces.add("T2", make_article("T2", "new", marker="ferry"))
    two_workspaces.records.close()
    for file in (tmp_path / "record-teams").glob("T1.db*"):
        file.unlink()
    (tmp_path / "record-teams" / "T1.db").write_bytes(b"no database" * 1_000)
    runner = two_workspaces.slack.bot.app[BOT].watch_runner
    assert runner is not None
    await runner.run_due()
    assert [post["channel"] for post in two_workspaces.slack.stand_in.posts] == ["CT2"]
    answer = get_visible_text(await two_workspaces.ask("T1", "/whosaid", "harbour"))
    assert "The record is not available" in answer
    assert MARKERS["T2"] in json.dumps(await two_workspaces.ask("T2", "/whosaid", "harbour"))


async def test_digest_tells_the_news_of_its_own_workspace(world: TwoWorkspaces) -> None:
    for own, other in BOTH:
        answer = await world.ask(own, "/digest", "harbours daily at 08:30 UTC", channel_id=f"C{own}")
        assert "harbours" in json.dumps(answer).lower()
        world.slack.stand_in.posts.clear()
        await world.ask(own, "/digest", "now 1", channel_id=f"C{own}")
        await world.finish()
        runner = world.slack.bot.app[BOT].runner
        assert runner is not None
        await runner.run_due()
        posts = json.dumps(world.slack.stand_in.posts)
        assert (MARKERS[own] in posts, MARKERS[other] in posts) == (True, False)


async def test_uninstall_deletes_the_own_record_at_once_and_no_other(world: TwoWorkspaces) -> None:
    event = world.slack.event(type="app_uninstalled")
    await world.slack.post(from_team(event, "T1"))
    await world.finish()
    for _ in range(100):
        if world.records._databases.list_teams() == ("T2",):
            break
        await asyncio.sleep(0.05)
    assert world.records._databases.list_teams() == ("T2",)
    assert MARKERS["T2"] in json.dumps(await world.ask("T2", "/whosaid", "harbour"))


async def test_readiness_and_metrics_cover_all_records(two_workspaces: TwoWorkspaces) -> None:
    slack = two_workspaces.slack
    assert (await slack.session.get(slack.bot.make_url("/readyz"))).status == 200
    for team in ("T1", "T2"):
        with two_workspaces.records.borrow(team) as record:
            two_workspaces.records.note_totals(team, record.service.get_counts())
    metrics = await (await slack.session.get(slack.bot.make_url("/metrics"))).text()
    assert "articles 4" in metrics
    assert isinstance(slack.bot.app[BOT].watch_runner._matcher, TeamMatchers)  # type: ignore[union-attr]  # it has started


class NotedFeeds:
    """Feeds that note who changes them."""

    def __init__(self) -> None:
        self.changes: list[str] = []

    async def add(self, link: str) -> FeedReport:
        self.changes.append(f"add {link}")
        return FeedReport()

    async def follow(self, request: FeedRequest) -> FollowResult:
        self.changes.append(f"follow {request.address}")
        return FollowResult(request.address, None, 0, is_new=True)

    async def unfollow(self, address: str) -> str:
        self.changes.append(f"unfollow {address}")
        return address

    async def list_feeds(self) -> tuple[FollowedFeed, ...]:
        return ()


@pytest.mark.parametrize(("operator_team", "writers"), [(None, ""), ("T1", "T1"), ("T2", "T2")])
async def test_only_the_operators_workspace_can_change_a_shared_record(
    tmp_path: Path, operator_team: str | None, writers: str
) -> None:
    feeds = NotedFeeds()
    settings = {
        "bot_token": None,
        "client_id": "1.2",
        "client_secret": "made-up-client-secret",
        "admins": ("U1",),
        "record": RecordSettings(RecordMode.SHARED, operator_team),
    }
    with (
        closing(open_store(f"sqlite:///{tmp_path}/record.db", RateLimit(99), time.time, KEYS)) as store,
        briefings.open(":memory:") as service,
    ):
        for team in ("T1", "T2"):
            await install(store, team)
        build = partial(build_web_app, service=service, store=store, feed_service=feeds)
        async with run_app(build, **settings) as slack:
            for team in ("T1", "T2"):
                bodies = (
                    slack.command("/briefing", "follow https://tribune.example/feed"),
                    slack.command("/briefing", "unfollow https://tribune.example/feed"),
                    slack.shortcut("add_to_the_record", "<https://tribune.example/a>"),
                )
                for body in bodies:
                    count = len(slack.stand_in.answers) + 1
                    await slack.post(from_team(body, team))
                    text = get_visible_text(await slack.stand_in.wait_for_answer(count))
                    assert (RECORD_REFUSAL in text) is (team != writers), (team, text)
    assert len(feeds.changes) == (3 if writers else 0)
