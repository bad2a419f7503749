"""The first page: how much is held, the topics, the articles that came last, and a field to search in."""

from aiohttp import web

from bot.web.site import Site, answer
from briefings.desk import Desk


async def page(site: Site, _: web.Request) -> web.Response:
    """Shows it."""

    def drawn(desk: Desk) -> str:
        return site.drawn("front.html", overview=desk.overview(), topics=desk.topics())

    return answer(await site.ask(drawn))
