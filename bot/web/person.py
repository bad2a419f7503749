"""The page of somebody who is quoted: names and roles as the articles give them, what they said, newest first.

Rule: one name, one page: other spellings lead to it. A surname that several bear is a choice; a name that nobody
bears is not found, and the likest names are.
"""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from aiohttp import web

from bot.ask import one_line
from bot.web import addresses, asked
from bot.web.site import Site, answer
from briefings.desk import Desk
from briefings.lookup import LAST, SIZE, Nobody, Profile, Several
from briefings.model import Hit, Topic
from briefings.record.persons import NEWEST


@dataclass(frozen=True, slots=True)
class Part:
    """What was said on one day in the articles of some topics."""

    day: date | None
    topics: tuple[Topic, ...]
    hits: tuple[Hit, ...]


async def page(site: Site, request: web.Request) -> web.StreamResponse:
    """Shows it."""
    typed, number = request.match_info["name"], asked.page(request.query)

    def found(desk: Desk) -> Profile | Several | Nobody:
        return desk.person(one_line(typed), page=number)

    known = await site.ask(found)
    if isinstance(known, Nobody):
        return site.page("people.html", status=404, name=known.name, near=known.near, people=())
    if isinstance(known, Several):
        return site.page("people.html", status=300, name=known.name, near=(), people=known.people)
    if known.who.name != typed:
        raise web.HTTPFound(addresses.person(known.who.name, **({"page": str(number)} if number > 1 else {})))
    return answer(await site.ask(lambda _: _drawn(site, known)))


def _drawn(site: Site, known: Profile) -> str:
    roles = [called for called in known.called if called.role]
    days = [source.published for c in known.called for source in (c.first, c.last) if source and source.published]
    return site.drawn(
        "person.html",
        who=known.who,
        roles=roles,
        unnamed=next((called for called in known.called if not called.role), None),
        since=min(days, default=None),
        until=max(days, default=None),
        topics=known.topics,
        parts=_parts(known),
        page=known.page,
        size=SIZE,
        newest=NEWEST,
        pages=min(LAST, -(-known.who.quotes // SIZE)),
    )


def _parts(known: Profile) -> list[Part]:
    """The hits by the day of their article, newest first, and then by its topics."""
    ordered = sorted(known.hits, key=lambda hit: (hit.published is None, -(hit.published or date.min).toordinal()))
    found = []
    for day, hits in groupby(ordered, key=lambda hit: hit.published):
        told: dict[tuple[Topic, ...], list[Hit]] = {}
        for hit in hits:
            told.setdefault(known.under.get(hit.article, ()), []).append(hit)
        found += [Part(day, topics, tuple(group)) for topics, group in told.items()]
    return found
