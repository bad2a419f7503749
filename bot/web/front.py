"""The first page: how much is held, the topics, the articles that came last, and a field to search in."""

from aiohttp import web

from bot.web.site import Site, build_html_response
from briefings.service.service import BriefingService


async def show_index_page(site: Site, _: web.Request) -> web.Response:
    """Shows it."""

    def render(service: BriefingService) -> str:
        return site.render("front.html", overview=service.get_overview(), topics=service.list_topics())

    return build_html_response(await site.run_in_thread(render))
