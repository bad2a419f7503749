"""How fast the pages are at a newsroom's size, how heavy, and how soon a browser shows them.

Rival: a bare handler of the same web server that answers the very same bytes, asked in turns with ours over loopback;
for what a page weighs, the article's own text; for the first paint, that text in a page without style. BENCH_QUOTES
sets the size, 1,000,000 quotes unless told. The story is a word that at least two hundred articles hold, of which an
answer rests on the newest two hundred.
"""

import asyncio
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from aiohttp import ClientSession, web
from yarl import URL

from bench.figures import Figure, percentile
from bench.generated import QUOTES, articles
from bench.paint import Missing, first_paints
from bench.seeded import seeded
from bench.served import served
from bot.core import logs
from bot.core.settings import Settings
from bot.links import urls
from bot.server.server import build_web_app
from briefings.attribution.name_completion import KnownPerson
from briefings.model import Article, Quote, Topic
from briefings.service.article_selection import MAX_ARTICLES
from briefings.service.service import BriefingService
from briefings.storage.repository import BATCH_SIZE, Repository, open_repository
from briefings.storage.writes.upsert import Arrival

#: article pages asked for, each once; how often the story's page is
_PAGES, _ROUNDS = 400, 20
#: articles looked through for the word of a story
_LOOKED_AT = 3_000
#: the seed whose page is weighed and painted, about 6 KB of text
_SEED = "000_3e648ece572ec1d5"


def measure() -> Iterator[Figure]:
    """Milliseconds of an article page and a story page, KB of a page, milliseconds to the first paint."""
    logs.configure("CRITICAL")
    quotes = int(os.environ.get("BENCH_QUOTES", QUOTES))
    with TemporaryDirectory() as folder:
        with closing(open_repository(f"sqlite:///{folder}/large.db", lambda: datetime.now(UTC))) as record:
            fill(record, quotes)
            yield from at_size(record, quotes)
        with seeded(Path(folder)) as (held, desk):
            (article,) = held.get_articles([_SEED])
            yield from asyncio.run(_seen(desk, article))


def fill(record: Repository, quotes: int) -> None:
    """Puts generated news into the record, with whom each article names, as the program itself adds them."""
    news = articles(quotes)
    while some := list(islice(news, BATCH_SIZE)):
        record.upsert_all([Arrival(article, said, _named(said)) for article, said in some])
    record.optimize_index(record.get_counts().articles)


def at_size(record: Repository, quotes: int) -> Iterator[Figure]:
    """The pages over a record of generated news."""
    story = _story(record, quotes)
    desk = BriefingService(record, [Topic(story, story.title(), (story,))])
    chance = Random(9)  # noqa: S311  # no secrets
    total = record.get_counts().articles
    anywhere = [f"generated-{number:07}" for number in chance.sample(range(total), min(total, _PAGES))]
    of_story = [article.id for article in desk.brief(story).sources]
    for name, ids in (("article", anywhere), ("article_of_story", of_story)):
        pages = [_asking(record, key) for key in ids]
        yield from _percentiles(f"web.{name}", asyncio.run(_times(desk, pages)))
    times = asyncio.run(_times(desk, [urls.story(story)] * _ROUNDS))
    if times:
        yield from _percentiles(f"web.story_of_{len(of_story)}", times)


def _named(said: Sequence[Quote]) -> list[KnownPerson]:
    speakers = {quote.speaker for quote in said if quote.speaker and not quote.speaker.anonymous}
    ordered = sorted(speakers, key=lambda speaker: speaker.name)
    return [KnownPerson(speaker.name, (speaker.role,) if speaker.role else ()) for speaker in ordered]


def _story(record: Repository, quotes: int) -> str:
    """The rarest word of the news that as many articles hold as an answer rests on, or else the commonest."""
    held = Counter(word for a, _ in islice(articles(quotes), _LOOKED_AT) for word in set(a.text.lower().split()))
    words = sorted((word for word in held if word.isalpha() and len(word) > 5), key=lambda word: (held[word], word))
    step = max(1, len(words) // 500)
    return next((word for word in words[::step] if record.get_counts([word]).articles >= MAX_ARTICLES), words[-1])


def _asking(record: Repository, article_id: str) -> str:
    """The address of an article at its first quotation, as a link in Slack names it."""
    said = record.get_quotes([article_id])[article_id]
    return urls.article(article_id, said[0].span.start, said[0].span.end) if said else urls.article(article_id)


async def _times(desk: BriefingService, pages: Sequence[str]) -> list[tuple[float, float]]:
    """Milliseconds of each page and of the same bytes out of a bare handler; nothing where there is no such page."""
    held: dict[str, bytes] = {}
    async with served(_app(desk)) as ours, served(_bare(held)) as raw, ClientSession() as session:
        for page in dict.fromkeys([*pages[:20], *pages]):  # all that is asked for is asked for once before
            status, held[_asked(page)] = await _answer(session, ours, page)
            if status != web.HTTPOk.status_code:
                sys.stderr.write(f"bench: {page} answers {status}\n")
                return []
        return [(await _milliseconds(session, ours, page), await _milliseconds(session, raw, page)) for page in pages]


async def _answer(session: ClientSession, site: str, page: str) -> tuple[int, bytes]:
    async with session.get(URL(site + _asked(page), encoded=True)) as response:
        return response.status, await response.read()


def _asked(page: str) -> str:
    """What of an address is sent."""
    return page.partition("#")[0]


async def _milliseconds(session: ClientSession, site: str, page: str) -> float:
    begun = time.perf_counter()
    await _answer(session, site, page)
    return (time.perf_counter() - begun) * 1000


async def _seen(desk: BriefingService, article: Article) -> list[Figure]:
    """What a page weighs with all that it loads, and when a browser first paints it."""
    page = urls.article(article.id, 0, 40)
    text = article.text.encode()
    held = {"/": b"<!DOCTYPE html><title>t</title><pre>" + text}
    async with served(_app(desk)) as ours, served(_bare(held)) as raw, ClientSession() as session:
        loaded = [page, urls.static("record.css"), urls.static("icon.svg")]
        weight = sum([len((await _answer(session, ours, one))[1]) for one in loaded])
        figures = [Figure("web.article.page_kb", weight / 1000, len(text) / 1000)]
        try:
            painted = await first_paints(ours + page, raw + "/")
        except Missing as missing:
            sys.stderr.write(f"bench: {missing}\n")
            return figures
    return [*figures, *(Figure(f"web.article.first_paint_{name}_ms", one, two) for name, one, two in painted)]


def _percentiles(name: str, times: Sequence[tuple[float, float]]) -> Iterator[Figure]:
    for percent in (50, 99):
        ours, theirs = (percentile(side, percent / 100) for side in zip(*times, strict=True))
        yield Figure(f"{name}.p{percent}_ms", ours, theirs)


def _app(desk: BriefingService) -> web.Application:
    """As in the local workspace, whose pages are open to this machine: no session, no rate."""
    return build_web_app(Settings(), desk)


def _bare(held: dict[str, bytes]) -> web.Application:
    """Answers what is `held` for an address."""

    async def answer(request: web.Request) -> web.Response:
        return web.Response(body=held.get(request.raw_path, b""), content_type="text/html")

    app = web.Application()
    app.router.add_get("/{any:.*}", answer)
    return app
