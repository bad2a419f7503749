"""The page of somebody who is quoted: names and roles as the articles give them, what they said, newest first.

Rule: one name, one page: other spellings lead to it. A surname that several bear is a choice; a name that nobody
bears is not found, and the likest names are.
"""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from aiohttp import web

from bot.links import urls
from bot.queries.queries import to_one_line
from bot.web import query_params
from bot.web.context import Site, build_html_response
from briefings import MAX_PAGE, PAGE_SIZE, AmbiguousName, BriefingService, Hit, PersonProfile, Topic, UnknownPerson
from briefings.storage import MAX_NEWEST_QUOTES


@dataclass(frozen=True, slots=True)
class DayGroup:
    """What was said on one day in the articles of some topics."""

    day: date | None
    topics: tuple[Topic, ...]
    hits: tuple[Hit, ...]


async def show_page(site: Site, request: web.Request) -> web.StreamResponse:
    """Shows it."""
    name, page_number = request.match_info["name"], query_params.read_page(request.query)

    def find_person(service: BriefingService) -> PersonProfile | AmbiguousName | UnknownPerson:
        return service.find_person(to_one_line(name), page=page_number)

    result = await site.run_in_thread(find_person)
    if isinstance(result, UnknownPerson):
        return site.build_response("people.html", status=404, name=result.name, near=result.similar_names, people=())
    if isinstance(result, AmbiguousName):
        return site.build_response("people.html", status=300, name=result.name, near=(), people=result.people)
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
        who=profile.person,
        roles=roles,
        unnamed=next((role_usage for role_usage in profile.roles if not role_usage.role), None),
        since=min(days, default=None),
        until=max(days, default=None),
        topics=profile.topics,
        parts=_group_hits(profile),
        page=profile.page,
        size=PAGE_SIZE,
        newest=MAX_NEWEST_QUOTES,
        pages=min(MAX_PAGE, -(-profile.person.quotes // PAGE_SIZE)),
    )


def _group_hits(profile: PersonProfile) -> list[DayGroup]:
    """The hits by the day of their article, newest first, and then by its topics."""
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
