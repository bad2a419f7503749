"""Measure the response time of the web pages at a newsroom's size, their weight, and the first paint in a browser.

References: for response time, a bare handler on the same web server that returns the same bytes, called in turns; for
weight, the article's text; for the first paint, that text in a page without style. BENCH_QUOTES sets the number of
quotes (default 1,000,000). The story is a word in at least 200 articles; its page uses the newest 200.
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

from bench.figures import Figure, compute_percentile
from bench.generated import QUOTES, generate_articles
from bench.paint import BrowserMissing, measure_first_paints
from bench.seeded import open_seeded_service
from bench.served import serve
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

#: number of article pages, each fetched once, and number of fetches of the story page
_PAGE_COUNT, _ROUNDS = 400, 20
#: number of articles that are searched for the word of the story
_SAMPLE_SIZE = 3_000
#: the seed article whose page is weighed and painted; it has about 6 KB of text
_SEED_ARTICLE = "000_3e648ece572ec1d5"


def measure() -> Iterator[Figure]:
    """Yield milliseconds of article and story pages, KB of a page, and milliseconds to the first paint."""
    logs.configure("CRITICAL")
    quotes = int(os.environ.get("BENCH_QUOTES", QUOTES))
    with TemporaryDirectory() as folder:
        with closing(open_repository(f"sqlite:///{folder}/large.db", lambda: datetime.now(UTC))) as repository:
            fill(repository, quotes)
            yield from measure_at_size(repository, quotes)
        with open_seeded_service(Path(folder)) as (seed_repository, service):
            (article,) = seed_repository.get_articles([_SEED_ARTICLE])
            yield from asyncio.run(_measure_seed_page(service, article))


def fill(repository: Repository, quotes: int) -> None:
    """Add generated news and the people named in each article to the repository, as the bot does."""
    news = generate_articles(quotes)
    while batch := list(islice(news, BATCH_SIZE)):
        repository.upsert_all(
            [Arrival(article, article_quotes, _list_people(article_quotes)) for article, article_quotes in batch]
        )
    repository.optimize_index(repository.get_counts().articles)


def measure_at_size(repository: Repository, quotes: int) -> Iterator[Figure]:
    """Yield the figures of the pages over generated news."""
    story = _choose_story(repository, quotes)
    service = BriefingService(repository, [Topic(story, story.title(), (story,))])
    random = Random(9)  # noqa: S311  # no secrets
    total = repository.get_counts().articles
    random_ids = [f"generated-{number:07}" for number in random.sample(range(total), min(total, _PAGE_COUNT))]
    story_ids = [article.id for article in service.brief(story).sources]
    for name, ids in (("article", random_ids), ("article_of_story", story_ids)):
        pages = [_build_page_path(repository, article_id) for article_id in ids]
        yield from _build_percentile_figures(f"web.{name}", asyncio.run(_measure_pages(service, pages)))
    times = asyncio.run(_measure_pages(service, [urls.story(story)] * _ROUNDS))
    if times:
        yield from _build_percentile_figures(f"web.story_of_{len(story_ids)}", times)


def _list_people(article_quotes: Sequence[Quote]) -> list[KnownPerson]:
    speakers = {quote.speaker for quote in article_quotes if quote.speaker and not quote.speaker.anonymous}
    sorted_speakers = sorted(speakers, key=lambda speaker: speaker.name)
    return [KnownPerson(speaker.name, (speaker.role,) if speaker.role else ()) for speaker in sorted_speakers]


def _choose_story(repository: Repository, quotes: int) -> str:
    """Return the rarest word in at least as many articles as an answer uses, or else the most common word."""
    article_counts = Counter(
        word
        for article, _ in islice(generate_articles(quotes), _SAMPLE_SIZE)
        for word in set(article.text.lower().split())
    )
    words = sorted(
        (word for word in article_counts if word.isalpha() and len(word) > 5),
        key=lambda word: (article_counts[word], word),
    )
    step = max(1, len(words) // 500)
    return next((word for word in words[::step] if repository.get_counts([word]).articles >= MAX_ARTICLES), words[-1])


def _build_page_path(repository: Repository, article_id: str) -> str:
    """Return the path of an article page at its first quote, as in a Slack link."""
    article_quotes = repository.get_quotes([article_id])[article_id]
    return (
        urls.article(article_id, article_quotes[0].span.start, article_quotes[0].span.end)
        if article_quotes
        else urls.article(article_id)
    )


async def _measure_pages(service: BriefingService, pages: Sequence[str]) -> list[tuple[float, float]]:
    """Return the milliseconds of each page and of the same bytes from a bare handler; empty if a page fails."""
    body_by_path: dict[str, bytes] = {}
    async with (
        serve(_build_app(service)) as ours,
        serve(_build_bare_app(body_by_path)) as raw,
        ClientSession() as session,
    ):
        for page in dict.fromkeys([*pages[:20], *pages]):  # a warm-up fetch of every page
            status, body_by_path[_strip_fragment(page)] = await _fetch(session, ours, page)
            if status != web.HTTPOk.status_code:
                sys.stderr.write(f"bench: {page} returned status {status}\n")
                return []
        return [(await _measure_fetch(session, ours, page), await _measure_fetch(session, raw, page)) for page in pages]


async def _fetch(session: ClientSession, site: str, page: str) -> tuple[int, bytes]:
    async with session.get(URL(site + _strip_fragment(page), encoded=True)) as response:
        return response.status, await response.read()


def _strip_fragment(page: str) -> str:
    """Return a path without its fragment, which is not sent."""
    return page.partition("#")[0]


async def _measure_fetch(session: ClientSession, site: str, page: str) -> float:
    started_at = time.perf_counter()
    await _fetch(session, site, page)
    return (time.perf_counter() - started_at) * 1000


async def _measure_seed_page(service: BriefingService, article: Article) -> list[Figure]:
    """Return the weight of a page with its assets, and the time to its first paint."""
    page = urls.article(article.id, 0, 40)
    text = article.text.encode()
    body_by_path = {"/": b"<!DOCTYPE html><title>t</title><pre>" + text}
    async with (
        serve(_build_app(service)) as ours,
        serve(_build_bare_app(body_by_path)) as raw,
        ClientSession() as session,
    ):
        paths = [page, urls.static("record.css"), urls.static("icon.svg")]
        weight = sum([len((await _fetch(session, ours, path))[1]) for path in paths])
        figures = [Figure("web.article.page_kb", weight / 1000, len(text) / 1000)]
        try:
            first_paints = await measure_first_paints(ours + page, raw + "/")
        except BrowserMissing as error:
            sys.stderr.write(f"bench: {error}\n")
            return figures
    return [*figures, *(Figure(f"web.article.first_paint_{name}_ms", path, two) for name, path, two in first_paints)]


def _build_percentile_figures(name: str, times: Sequence[tuple[float, float]]) -> Iterator[Figure]:
    for percent in (50, 99):
        ours, theirs = (compute_percentile(side, percent / 100) for side in zip(*times, strict=True))
        yield Figure(f"{name}.p{percent}_ms", ours, theirs)


def _build_app(service: BriefingService) -> web.Application:
    """Build the app as in the local workspace, without sessions and rate limits."""
    return build_web_app(Settings(), service)


def _build_bare_app(body_by_path: dict[str, bytes]) -> web.Application:
    """Build an app that answers each path with its body in `body_by_path`."""

    async def answer(request: web.Request) -> web.Response:
        return web.Response(body=body_by_path.get(request.raw_path, b""), content_type="text/html")

    app = web.Application()
    app.router.add_get("/{any:.*}", answer)
    return app
