"""Person page: a speaker's names and roles as printed, and their quotes, newest first.

Rule: each person has one page, and other spellings redirect to it. If several people share a surname, the page lists
them. An unknown name gives status 404 with similar names.
"""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from aiohttp import web

from bot.links import urls
from bot.queries.queries import to_one_line
from bot.web import query_params
from bot.web.context import Site, build_html_response
from bot.web.pages import downloads
from briefings import MAX_PAGE, PAGE_SIZE, AmbiguousName, BriefingService, Hit, PersonProfile, Topic, UnknownPerson
from briefings.storage import MAX_NEWEST_QUOTES


@dataclass(frozen=True, slots=True)
class DayGroup:
    """Quotes of one day, from articles with the same topics."""

    day: date | None
    topics: tuple[Topic, ...]
    hits: tuple[Hit, ...]


async def show_page(site: Site, request: web.Request) -> web.StreamResponse:
    """Show a person, or with `?format=` return their quotes as a file.

    Other spellings are redirected, and an ambiguous or unknown name gets a list of people.
    """
    name, page_number = request.match_info["name"], query_params.read_page(request.query)
    if export_format := downloads.read_format(request.query):
        return await downloads.build_response(
            site, export_format, lambda builder: builder.build_person(to_one_line(name))
        )

    def find_person(service: BriefingService) -> PersonProfile | AmbiguousName | UnknownPerson:
        return service.find_person(to_one_line(name), page=page_number)

    result = await site.run_in_thread(find_person)
    if isinstance(result, UnknownPerson):
        return site.build_response(
            "people.html", status=404, name=result.name, suggestions=result.similar_names, people=()
        )
    if isinstance(result, AmbiguousName):
        return site.build_response("people.html", status=300, name=result.name, suggestions=(), people=result.people)
    if result.person.name != name:
        raise web.HTTPFound(urls.person(result.person.name, **({"page": str(page_number)} if page_number > 1 else {})))
    return build_html_response(await site.run_in_thread(lambda _: _render(site, result)))


def _render(site: Site, profile: PersonProfile) -> str:
    roles = [role_usage for role_usage in profile.roles if role_usage.role]
    days = [
        source.published
        for usage in profile.roles
        for source in (usage.first, usage.last)
        if source and source.published
    ]
    return site.render(
        "person.html",
        person=profile.person,
        roles=roles,
        without_role=next((role_usage for role_usage in profile.roles if not role_usage.role), None),
        first_day=min(days, default=None),
        last_day=max(days, default=None),
        topics=profile.topics,
        namesakes=profile.namesakes,
        groups=_group_hits(profile),
        downloads=downloads.list_downloads(urls.person(profile.person.name)),
        # only known if all quotes are on this page
        statement_count=len(profile.hits) if profile.page.number == 1 and not profile.page.has_more else None,
        page=profile.page,
        max_newest=MAX_NEWEST_QUOTES,
        page_count=min(MAX_PAGE, -(-profile.person.quotes // PAGE_SIZE)),
    )


def _group_hits(profile: PersonProfile) -> list[DayGroup]:
    """Group the hits by the day of their article, newest first, and then by its topics."""
    sorted_hits = sorted(
        profile.hits, key=lambda hit: (hit.published is None, -(hit.published or date.min).toordinal())
    )
    groups = []
    for day, hits in groupby(sorted_hits, key=lambda hit: hit.published):
        hits_by_topics: dict[tuple[Topic, ...], list[Hit]] = {}
        for hit in hits:
            hits_by_topics.setdefault(profile.topics_by_article.get(hit.article, ()), []).append(hit)
        groups += [DayGroup(day, topics, tuple(topic_hits)) for topics, topic_hits in hits_by_topics.items()]
    return groups
