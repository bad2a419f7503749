"""Outlets and suggested links in Slack over HTTP: who may decide, what is shown, and who gets a message."""

from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.server.server import build_web_app
from bot.storage.greetings import WORKSPACE
from bot.storage.request_log import RateLimit
from bot.storage.review.waiting_links import MAX_PER_PERSON, open_waiting_links
from bot.storage.store import Store, open_store
from briefings import BadQuestion
from tests.scenarios.conftest import Slack, find_button, run_app
from tests.stand_ins.feed_world import FeedWorld, open_feed_world
from tests.stand_ins.slack import close_bot, get_visible_text, send

ADMIN, MEMBER = "U1", "U2"
_PAGE = """<html><head><title>Bridge</title><meta property="og:site_name" content="{outlet}"></head><body><article>
<h1>Easton rebuilds its bridge</h1><p>“We will rebuild the old bridge before winter,” said Jane Roe, the mayor of
Easton, on Monday, after a long debate about money and about the roads that lead to the bridge over the river.</p>
<p>The council has set aside enough money for the first year, and it hopes to find the rest by the spring.</p>
</article></body></html>"""


@pytest.fixture
async def site() -> AsyncIterator[str]:
    """A host that calls itself what its path says."""

    async def serve(request: web.Request) -> web.Response:
        return web.Response(text=_PAGE.format(outlet=request.match_info["outlet"]), content_type="text/html")

    app = web.Application()
    app.router.add_get("/{outlet}/bridge", serve)
    async with TestServer(app) as server:
        yield str(server.make_url("")).rstrip("/")


@pytest.fixture
async def news(tmp_path: Path) -> AsyncIterator[FeedWorld]:
    async with open_feed_world(tmp_path) as news:
        yield news


@pytest.fixture
async def store(tmp_path: Path, news: FeedWorld) -> AsyncIterator[Store]:
    with closing(open_store(f"sqlite:///{tmp_path}/record.db", RateLimit(100), news.clock.get_timestamp)) as store:
        yield store


@pytest.fixture
async def slack(news: FeedWorld, store: Store) -> AsyncIterator[Slack]:
    await store.greetings.claim("T1", WORKSPACE)
    async with run_app(
        lambda settings: build_web_app(settings, news.service, store=store, feed_service=news.feed_service),
        admins=(ADMIN,),
    ) as slack:
        yield slack


async def ask(slack: Slack, text: str, count: int, user: str = ADMIN, command: str = "/briefing") -> str:
    await slack.post(slack.command(command, text, user_id=user))
    return get_visible_text(await slack.stand_in.wait_for_answer(count)).replace("\u2060", "")


async def test_page_with_the_name_of_another_outlet_is_shown_as_its_host(slack: Slack, site: str) -> None:
    await slack.post(slack.shortcut("add_to_the_record", f"{site}/The Guardian/bridge".replace(" ", "%20")))
    answer = get_visible_text(await slack.stand_in.wait_for_answer(1)).replace("\u2060", "")
    assert "127.0.0.1 calls itself The Guardian" in answer
    assert "Confirm The Guardian" not in answer
    assert "127.0.0.1 (calls itself The Guardian)" in await ask(slack, "rebuild the old bridge", 2, command="/whosaid")
    assert "“The Guardian” is the name of The Guardian" in await ask(slack, "outlets confirm The Guardian 127.0.0.1", 3)
    assert "127.0.0.1 (calls itself The Guardian)" in await ask(slack, "rebuild the old bridge", 4, command="/whosaid")


async def test_admin_confirms_an_unconfirmed_outlet(slack: Slack, site: str, store: Store) -> None:
    await slack.post(slack.shortcut("add_to_the_record", f"{site}/Tribune/bridge"))
    answer = await slack.stand_in.wait_for_answer(1)
    (confirm_button,) = (
        element for block in answer["blocks"] for element in block.get("elements", ()) if element.get("value")
    )
    assert confirm_button["text"]["text"].startswith("Confirm Tribune (127.0.0.1)")
    assert "Tribune (unconfirmed)" in await ask(slack, "rebuild the old bridge", 2, command="/whosaid")
    refusal = await ask(slack, "outlets confirm Tribune 127.0.0.1", 3, MEMBER)
    assert "Only On the Record admins" in refusal
    assert "127.0.0.1 belongs to Tribune now. 1 article changed." in await ask(
        slack, "outlets confirm “Tribune” http://127.0.0.1/", 4
    )
    # another question, because an answer can be a second old
    assert "(unconfirmed)" not in await ask(slack, "bridge before winter", 5, command="/whosaid")
    assert "Tribune: 127.0.0.1" in (await ask(slack, "outlets", 6)).replace("*", "")
    assert "Removed Tribune (127.0.0.1)" in await ask(slack, "outlets remove Tribune", 7)
    actions = [entry.action.action for entry in await store.audit_log.list_entries("T1")]
    assert actions == ["removed outlet", "confirmed outlet", "added"]


async def test_link_of_a_member_waits_and_is_in_no_answer_until_an_admin_adds_it(
    slack: Slack, site: str, news: FeedWorld, store: Store
) -> None:
    link = f"{site}/Tribune/bridge"
    await slack.post(slack.shortcut("add_to_the_record", link, user=MEMBER))
    assert "1 link waits for an admin" in get_visible_text(await slack.stand_in.wait_for_answer(1))
    assert news.repository.find_ids() == ()
    assert "rebuild the old bridge before winter" not in await ask(slack, "old bridge", 2, command="/whosaid")
    assert "Only On the Record admins" in await ask(slack, "waiting", 3, MEMBER)
    assert link in await ask(slack, "waiting", 4)
    links = await open_waiting_links(store).list_links("T1")
    assert [waiting.person for waiting in links] == [MEMBER]
    assert await open_waiting_links(store).list_links("T2") == ()
    number = str(links[0].number)
    await slack.post(slack.press(f"waiting-add:{number}", number, user={"id": MEMBER, "team_id": "T1"}))
    assert "Only On the Record admins" in get_visible_text(await slack.stand_in.wait_for_answer(5))
    for value in ("x", "", "9" * 12, "-1"):
        await slack.post(slack.press("waiting-add:1", value))
    await slack.stand_in.wait_for_answer(9)
    assert news.repository.find_ids() == ()
    await slack.post(slack.press(f"waiting-add:{number}", number))
    assert f"Added {link}: 1 added." in get_visible_text(await slack.stand_in.wait_for_answer(10)).replace("\u2060", "")
    assert news.repository.find_ids() == (link,)
    assert await open_waiting_links(store).list_links() == ()
    await slack.post(slack.press(f"waiting-refuse:{number}", number))
    assert "was decided already" in get_visible_text(await slack.stand_in.wait_for_answer(11))


async def test_pressed_button_confirms_an_outlet_only_for_an_admin(slack: Slack, site: str, store: Store) -> None:
    await slack.post(slack.shortcut("add_to_the_record", f"{site}/Tribune/bridge"))
    confirm_button = find_button(await slack.stand_in.wait_for_answer(1), "Confirm Tribune")
    action, value = confirm_button["action_id"], confirm_button["value"]
    await slack.post(slack.press(action, value, user={"id": MEMBER, "team_id": "T1"}))
    assert "Only On the Record admins" in get_visible_text(await slack.stand_in.wait_for_answer(2))
    forged_values = ("", "x", "[]", "{}", '{"name": 1, "host": 2}', '{"name": "Tribune"}', value * 200)
    for count, forged_value in enumerate(forged_values, 3):
        await slack.post(slack.press(action, forged_value))
        assert "belongs to an older answer" in get_visible_text(await slack.stand_in.wait_for_answer(count))
    borrowed_name = value.replace("Tribune", "The Guardian")
    await slack.post(slack.press(action, borrowed_name))
    assert "is the name of The Guardian" in get_visible_text(await slack.stand_in.wait_for_answer(10))
    assert "Tribune (unconfirmed)" in await ask(slack, "rebuild the old bridge", 11, command="/whosaid")
    await slack.post(slack.press(action, value))
    assert "127.0.0.1 belongs to Tribune now. 1 article changed." in get_visible_text(
        await slack.stand_in.wait_for_answer(12)
    ).replace("\u2060", "")
    assert "(unconfirmed)" not in await ask(slack, "bridge before winter", 13, command="/whosaid")
    actions = [entry.action.action for entry in await store.audit_log.list_entries("T1")]
    assert actions == ["confirmed outlet", "added"]


@pytest.mark.parametrize(("verb", "sentence"), [("add", "An admin added"), ("refuse", "An admin did not add")])
async def test_person_whose_link_was_decided_gets_one_message(
    slack: Slack, site: str, store: Store, verb: str, sentence: str
) -> None:
    link = f"{site}/Tribune/bridge"
    await slack.post(slack.shortcut("add_to_the_record", link, user=MEMBER))
    await slack.stand_in.wait_for_answer(1)
    ((number,),) = [(str(waiting.number),) for waiting in await open_waiting_links(store).list_links("T1")]
    for count in (2, 3):
        await slack.post(slack.press(f"waiting-{verb}:{number}", number))
        await slack.stand_in.wait_for_answer(count)
    await close_bot(slack)
    (message,) = slack.stand_in.posts
    assert message["channel"] == MEMBER
    assert message["text"].replace("\u2060", "") == f"{sentence} the link that you suggested: {link}"


async def test_home_counts_waiting_links_for_admins_only(slack: Slack, store: Store) -> None:
    waiting = open_waiting_links(store)
    for team, number in (("T1", 1), ("T1", 2), ("T2", 3)):
        await waiting.add(team, MEMBER, f"https://tribune.example/{number}")
    for count, user in enumerate((ADMIN, MEMBER), 1):
        await send(slack, slack.event(type="app_home_opened", user=user, channel="D1", tab="home"))
        await slack.stand_in.wait_for(slack.stand_in.homes, count)
    admin_home, member_home = map(get_visible_text, slack.stand_in.homes)
    assert "2 links to add or refuse. To list them, type /briefing waiting" in admin_home.replace("`", "")
    assert "add or refuse" not in member_home


async def test_waiting_links_are_bounded_and_expire(news: FeedWorld, store: Store) -> None:
    waiting = open_waiting_links(store)
    for number in range(MAX_PER_PERSON):
        assert await waiting.add("T1", MEMBER, f"https://tribune.example/{number}")
    assert not await waiting.add("T1", MEMBER, "https://tribune.example/1")
    with pytest.raises(BadQuestion, match="limit") as raised:
        await waiting.add("T1", MEMBER, "https://tribune.example/more")
    assert "\n" not in str(raised.value)
    (first, *_) = await waiting.list_links("T1")
    assert await waiting.take("T2", first.number, "refused", ADMIN) is None
    assert (await waiting.take("T1", first.number, "refused", ADMIN)) == first
    assert await waiting.take("T1", first.number, "refused", ADMIN) is None
    news.clock.advance(hours=24 * 15)
    assert await waiting.list_links("T1") == ()
    assert await waiting.add("T1", MEMBER, "https://tribune.example/more")
