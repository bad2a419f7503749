"""Page of the news of some days: the top stories, each with one line and the link to its page.

Rule: "today" is the day in UTC, because a browser does not say in which time zone it is. Without articles today, the
first page shows the newest day.
"""

import asyncio
from collections.abc import Mapping

from aiohttp import web

from bot.core.logs import format_traceback, get_logger
from bot.links import urls
from bot.queries.news import parse_news
from bot.queries.queries import NewsQuery
from bot.web import query_params
from bot.web.context import Site, build_html_response
from bot.web.pages import downloads
from briefings import BadQuestion, BriefingService, NewsBriefing

#: days with a link of their own
DAYS = ("today", "yesterday", "this week")
#: most stories on the first page, and seconds that it waits for them
_MAX_FRONT_STORIES, _FRONT_WAIT_SECONDS = 4, 5.0


async def show_page(site: Site, request: web.Request) -> web.StreamResponse:
    """Show the stories of the days in the URL, or with `?format=` return them as a file."""
    export_format, query = downloads.read_format(request.query), _parse_query(site, request.query)
    news = await _load(site, query)
    if export_format:
        return await downloads.build_response(site, export_format, lambda builder: builder.build_result(news))
    # "today" is another day tomorrow, so the downloads name the days
    path = urls.news(**{name: str(value) for name in ("since", "until", "outlet") if (value := getattr(query, name))})

    def render(_: BriefingService) -> str:
        return site.render(
            "news.html",
            news=news,
            sources_by_id=_index_sources(news),
            days=DAYS,
            downloads=downloads.list_downloads(path),
        )

    return build_html_response(await site.run_in_thread(render))


async def show_index_page(site: Site, request: web.Request) -> web.StreamResponse:
    """Show the index: the news, totals, topics and the latest articles; with `?format=`, return its news as a file."""
    if export_format := downloads.read_format(request.query):
        newest_news = await _load_newest(site)
        return await downloads.build_response(site, export_format, lambda builder: builder.build_result(newest_news))
    news = await _load_front_news(site)

    def render(service: BriefingService) -> str:
        return site.render(
            "front.html",
            overview=service.get_overview(),
            topics=service.list_topics(),
            news=news,
            stories=news.stories[:_MAX_FRONT_STORIES] if news else (),
            sources_by_id=_index_sources(news) if news else {},
            days=DAYS,
            downloads=downloads.list_downloads(urls.index()),
        )

    return build_html_response(await site.run_in_thread(render))


def _parse_query(site: Site, params: Mapping[str, str]) -> NewsQuery:
    """Parse the query from the URL. Raises BadQuestion."""
    today = site.get_today()
    outlet = query_params.read_text(params, "outlet") or None
    since, until = query_params.read_since(params, today), query_params.read_until(params, today)
    if since or until:
        if since and until and since > until:
            raise BadQuestion("The start date is after the end date. Swap them, or remove one.")
        return NewsQuery(since, until, outlet)
    text = query_params.read_text(params, "days") or "today"
    query = parse_news(text, today)
    if query is None:
        raise BadQuestion(f"I couldn't read “{text[:40]}” as days. Try today, yesterday or this week.")
    return NewsQuery(query.since, query.until, outlet or query.outlet)


async def _load_front_news(site: Site) -> NewsBriefing | None:
    """Return the news of today or of the newest day, or None: the page does not wait long for it. Never raises."""
    try:
        # after this, the work goes on, and the page has the news when it is opened again
        async with asyncio.timeout(_FRONT_WAIT_SECONDS):
            return await _load_newest(site)
    except Exception as error:  # noqa: BLE001  # after any error, the page shows the rest
        get_logger().error("news not shown", error=type(error).__name__, place=format_traceback(error))
        return None


async def _load_newest(site: Site) -> NewsBriefing:
    """Return the news of today, or without articles today of the newest day. Raises BriefingsError."""
    today = site.get_today()
    news = await _load(site, NewsQuery(today, today))
    if not news.stories and news.newest_day:
        news = await _load(site, NewsQuery(news.newest_day, news.newest_day))
    return news


async def _load(site: Site, query: NewsQuery) -> NewsBriefing:
    result = (await site.answer_cache.get_answer(query)).result
    if not isinstance(result, NewsBriefing):
        raise BadQuestion("Use days, for example today or this week.")
    return result


def _index_sources(news: NewsBriefing) -> Mapping[str, object]:
    return {source.id: source for source in news.sources}
