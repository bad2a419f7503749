"""No page, download, link or other address of the server shows or changes what belongs to another workspace."""

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from aiohttp import web

from bot.web.routes import PAGES
from briefings.exports import Format
from tests.stand_ins.page_access import PUBLIC, Browser, build_path, get_key
from tests.tenants.workspaces import OTHER, OWN, make_recipient
from tests.tenants.world import World

pytestmark = pytest.mark.asyncio(loop_scope="session")
#: what is put into the paths of pages: names that the other workspace gave, and what both have
_VALUES = {
    "{ask}": (OTHER.slug, "Flood", "Milldon"),
    "{id}": ("flood", "dam", "200"),
    "{name}": ("Ada Morley", "Morley", OTHER.source),
}
_QUERIES = (
    f"q={quote(OTHER.slug)}&topic={quote(OTHER.slug)}",
    f"about={quote(OTHER.slug)}&first=Morley&second=Ada",
    f"team={OTHER.team}&channel={OTHER.channel}",
)
_FORMATS = ("json", *(export_format.value for export_format in Format))
#: addresses that are not pages, with what they are tried with
_OTHER_PATHS = (
    "/healthz",
    "/readyz",
    "/metrics",
    "/slack/events?ssl_check=1",
    "/slack/install",
    f"/slack/oauth_redirect?code=1&state={OTHER.team}",
    f"/mail/confirm?token={OTHER.first_id}",
    f"/mail/unsubscribe?token={OTHER.first_id}",
    "/record",
    "/record/static/record.css",
    "/record/sign-in",
    f"/record/signed-in?code=1&state={OTHER.team}",
    "/record/sign-out",
)


def _list_paths() -> Iterator[str]:
    """Yield the addresses of all pages with what belongs to the other workspace, and of their downloads."""
    for template, _ in PAGES:
        name = next((name for name in _VALUES if name in template), "")
        for value in _VALUES.get(name, ("",)):
            path = f"/record{template.replace(name, quote(value))}" if name else f"/record{template}"
            yield from (f"{path}?{query}" for query in _QUERIES)
            yield from (f"{path}?{_QUERIES[0]}&format={name}" for name in _FORMATS)
    yield from _OTHER_PATHS


PATHS = list(_list_paths())


@pytest.mark.parametrize("path", PATHS)
async def test_address_neither_shows_nor_changes_anything_of_another_workspace(shared_world: World, path: str) -> None:
    shared_world.check(await shared_world.collect(await shared_world.browser.get(path)))


@pytest.mark.parametrize("page", sorted({path.partition("?")[0] for path in PATHS}))
async def test_page_shows_and_changes_nothing_of_the_record_of_another_workspace(
    per_team_world: World, page: str
) -> None:
    """The same addresses. All of a page and its downloads are one test, which is three times as fast."""
    for path in PATHS:
        if path.partition("?")[0] == page:
            output = await per_team_world.collect(await per_team_world.browser.get(path))
            per_team_world.check_output(output, path)
    per_team_world.check_rows()


@pytest.mark.parametrize("path", ["/record/sign-out", "/mail/confirm?token=1", "/mail/unsubscribe?token=1"])
async def test_post_neither_shows_nor_changes_anything_of_another_workspace(world: World, path: str) -> None:
    browser = Browser(world.slack)
    browser.cookies = dict(world.browser.cookies)
    world.check(await world.collect(await browser.post(path, Origin=PUBLIC)))


async def test_every_address_of_the_server_has_a_case(world: World) -> None:
    """A new route needs a case here, or in the tests of Slack's requests."""
    tried = {path.partition("?")[0] for path in PATHS}
    missing = {
        resource.canonical
        for resource in _list_resources(world.slack.bot.app)
        # the files of the pages are the same for everyone
        if not resource.canonical.startswith("/record/static/") and not any(_matches(resource, path) for path in tried)
    }
    assert missing == set()


async def test_link_of_another_workspace_keeps_the_session_of_its_own(shared_world: World) -> None:
    """Someone with a session who opens a link of another workspace still sees what their own workspace has.

    With a record for each workspace, the link is right for its own record (tests/scenarios/test_slack_tenants.py).
    """
    path = build_path(get_key(shared_world.links, OTHER.team), f"/record/stories/{OTHER.slug}")
    shared_world.check(await shared_world.collect(await shared_world.browser.follow(path)))


@pytest.mark.parametrize("position", [0, 5, 20, -1])
async def test_changed_key_opens_nothing(world: World, position: int) -> None:
    key = list(get_key(world.links, OWN.team))
    key[position] = "A" if key[position] != "A" else "B"
    response = await Browser(world.slack).get(build_path("".join(key), f"/record/stories/{OTHER.slug}"))
    assert response.status == 403
    world.check(await world.collect(response))


@pytest.mark.parametrize("path", ["/record/", f"/record/stories/{OTHER.slug}", "/record/news"])
async def test_without_a_session_there_is_nothing(world: World, path: str) -> None:
    response = await Browser(world.slack).get(path)
    assert response.status == 403
    world.check(await world.collect(response))


async def test_pages_of_the_own_workspace_show_its_own_article(world: World) -> None:
    """Else the cases above would show that nothing leaks only because nothing is shown."""
    response = await world.browser.get("/record/articles/flood")
    output = await world.collect(response)
    world.check(output)
    assert (response.status, "flooded the town" in output) == (200, True)


@pytest.mark.postgresql
@pytest.mark.parametrize("path", PATHS[::20])
async def test_schema_of_another_workspace_is_closed_to_every_address(postgresql_world: World, path: str) -> None:
    postgresql_world.check(await postgresql_world.collect(await postgresql_world.browser.get(path)))


_RECIPIENTS = [
    ("own number, the other's digest", OWN.first_id, OTHER.first_id, f"key{OWN.first_id}"),
    ("the other's number, own digest", OTHER.first_id, OWN.first_id, f"key{OTHER.first_id}"),
    ("the other's number and digest, own key", OTHER.first_id, OTHER.first_id, f"key{OWN.first_id}"),
    ("own number and digest, the other's key", OWN.first_id, OWN.first_id, f"key{OTHER.first_id}"),
]


@pytest.mark.parametrize(
    ("number", "digest", "key"), [row[1:] for row in _RECIPIENTS], ids=[row[0] for row in _RECIPIENTS]
)
@pytest.mark.parametrize("purpose", ["confirm", "unsubscribe"])
async def test_link_of_a_mail_reaches_its_own_recipient_only(
    world: World, purpose: str, number: int, digest: int, key: str
) -> None:
    recipient = make_recipient(number, digest, key)
    build = world.mail_links.build_confirm_url if purpose == "confirm" else world.mail_links.build_unsubscribe_url
    path = build(recipient).removeprefix(PUBLIC)
    for send in (world.browser.get, world.browser.post):
        world.check(await world.collect(await send(path)))


def _list_resources(app: web.Application) -> Iterator[web.AbstractResource]:
    for resource in app.router.resources():
        if isinstance(resource, web.PrefixedSubAppResource):
            yield from _list_resources(resource._app)  # aiohttp has no public name for it
        else:
            yield resource


def _matches(resource: web.AbstractResource, path: str) -> bool:
    pattern = resource.get_info().get("pattern")
    return resource.get_info().get("path") == path or bool(pattern and pattern.fullmatch(path))
