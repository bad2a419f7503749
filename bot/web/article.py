"""An article's page: its text as it came, the words asked for, who is quoted, and how others word the same.

Rule: the text is drawn to the character, or not at all where full texts are switched off; of a long one, a part.
"""

import re
from typing import Final

from aiohttp import web

from bot.settings import Reader
from bot.web import addresses, marked
from bot.web.errors import error_page
from bot.web.site import Site, answer
from briefings.article.headline import headline
from briefings.article.link import link_to, page_of
from briefings.desk import Desk
from briefings.errors import BadQuestion
from briefings.held import MOST_VERSIONS, Held, Quoted, Wording
from briefings.model import CERTAIN, Span
from briefings.text.spans import merged, without

_SPAN: Final = re.compile(r"([0-9]{1,12})-([0-9]{1,12})")


async def page(site: Site, request: web.Request) -> web.Response:
    """Shows the article that the path, or for an id that no path can hold the query, names."""
    article_id = request.match_info.get("id", request.query.get("id", ""))
    at, begin = asked(request.query.get("at")), _number(request.query.get("from"))

    def drawn(desk: Desk) -> str | None:
        held = desk.article(article_id, at, begin)
        if at is None or held.asked:
            return site.drawn("article.html", **values(held, site.settings.reader))
        return None

    html = await site.ask(drawn)
    if html is None:
        sentence = "The words asked for stand nowhere in this article: its text has changed since this link was made."
        return error_page(site, 404, sentence, way=("The article as it stands now", addresses.article(article_id)))
    return answer(html)


def asked(at: str | None) -> Span | None:
    """The span that a link names, as "START-END". Raises BadQuestion when it names none."""
    if at is None:
        return None
    found = _SPAN.fullmatch(at)
    start, end = (int(found[1]), int(found[2])) if found else (0, 0)
    if start >= end:
        raise BadQuestion("This link names no words of an article: it should end in at=START-END, two numbers.")
    return Span(start, end)


def values(held: Held, reader: Reader) -> dict[str, object]:
    """What the template draws."""
    full = reader is Reader.FULL
    rows = marked.whole(held) if full else marked.quoted_alone(held)
    article = held.article
    number = held.parts.index(held.part)
    return {
        "held": held,
        "article": article,
        "rows": rows,
        "full": full,
        "shown": held.asked is None or marked.is_shown(rows),
        "link": link_to(article, held.asked) if held.asked else page_of(article),
        "headed": full and not number and headline(article) is not None,
        "number": number + 1,
        "previous": held.parts[number - 1].start if number else None,
        "following": held.parts[number + 1].start if number + 1 < len(held.parts) else None,
        "probable": _is_probable,
        "asked_for": _asked_for(held),
        "parts_of": parts_of,
        "left_out": _left_out(held),
        "most_versions": MOST_VERSIONS,
    }


def parts_of(wording: Wording) -> list[tuple[str, bool]]:
    """The words of another wording in pieces, each with whether it differs."""
    whole = wording.span
    differs = merged(change.source for change in wording.changes if len(change.source))
    same = [(span, False) for span in without(whole, differs)] if len(whole) else []
    cut = sorted(same + [(span, True) for span in differs])
    return [(wording.text[s.start - whole.start : s.end - whole.start], is_other) for s, is_other in cut]


def _left_out(held: Held) -> dict[tuple[int, str], list[str]]:
    """Words of the article's quotations that another wording is without, by number and the other article's id."""
    return {
        (one.number, wording.source.id): [
            change.draft.of(held.article.text)
            for change in wording.changes
            if len(change.draft) and not len(change.source)
        ]
        for one in held.quotes
        for wording in one.wordings
    }


def _asked_for(held: Held) -> frozenset[int]:
    """The numbers of the quotations that the words asked for belong to."""
    span = held.asked
    if span is None:
        return frozenset()
    return frozenset(one.number for one in held.quotes if any(f.overlaps(span) for f in one.quote.content))


def _is_probable(one: Quoted) -> bool:
    return one.quote.speaker is not None and one.quote.confidence < CERTAIN


def _number(typed: str | None) -> int:
    """An offset out of an address; 0 for anything else."""
    return int(typed) if typed and re.fullmatch(r"[0-9]{1,12}", typed) else 0
