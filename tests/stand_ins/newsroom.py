"""A news site on loopback: three outlets with a template each, feeds of each kind, and whatever goes wrong on the web.

Articles may be published, changed, taken away and put behind a wall while it runs; nothing here waits for time to pass.
"""

import json
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from hashlib import sha256
from html import escape

from aiohttp import web
from aiohttp.test_utils import TestServer

PARAGRAPHS = (
    "The council of Westport voted on Tuesday to close the old swimming hall, after months of argument over its roof.",
    "“We will not spend another pound on a building that leaks,” said Anna Berg, the leader of the council.",
    "Tom Okoro, who swims there every morning, said the decision was a disgrace and that he would fight it in court.",
    "About 340 people stood before the town hall while the vote was taken, and some of them sang until it was over.",
    "The hall was opened in 1931 and has been repaired four times since; the last repair cost 1.2 million pounds.",
    "Officials expect the building to be sold before the end of the year, though no buyer has come forward so far.",
)


@dataclass
class Story:
    """An article of an outlet. `wall` shows its first paragraph alone, and says so in JSON-LD."""

    slug: str
    title: str
    published: datetime
    byline: str = "Maria Stone"
    paragraphs: tuple[str, ...] = PARAGRAPHS
    has_paywall: bool = False


class Outlet:
    """One of the three; `stories` by slug, newest last."""

    def __init__(self, name: str, kind: str) -> None:
        self.name = name
        self.kind = kind
        self.stories: dict[str, Story] = {}
        #: paths that now lead elsewhere
        self.redirects: dict[str, str] = {}
        #: the feed carries the whole text
        self.has_full_text = False


class Newsroom:
    """The site. `base` is its address once it runs; `asked` counts requests by path, `unchanged` answers of 304."""

    def __init__(self) -> None:
        self.outlets = {
            "herald": Outlet("The Westport Herald", "rss"),
            "courier": Outlet("Courier Daily", "atom"),
            "signal": Outlet("Signal", "json"),
        }
        self.base = ""
        self.request_counts: Counter[str] = Counter()
        self.unchanged_counts: Counter[str] = Counter()
        self.user_agents: set[str] = set()
        self.robots = "User-agent: *\nDisallow: /private/\n"
        self.is_down = False
        #: is told before an article's page is answered
        self.before_page: Callable[[], None] = lambda: None
        self.app = web.Application()
        self.app.router.add_get("/robots.txt", self._robots)
        self.app.router.add_get("/{outlet}/feed", self._feed)
        self.app.router.add_get("/{outlet}/", self._front)
        self.app.router.add_get("/{outlet}/{slug}", self._page)

    def build_feed_url(self, outlet: str) -> str:
        """The address of an outlet's feed."""
        return f"{self.base}/{outlet}/feed"

    def build_article_url(self, outlet: str, slug: str) -> str:
        """The address of an article."""
        return f"{self.base}/{outlet}/{slug}"

    def publish(self, outlet: str, story: Story) -> None:
        """Publishes a story, or another version of it."""
        self.outlets[outlet].stories[story.slug] = story

    def remove(self, outlet: str, slug: str) -> None:
        """Takes a story from the site and from its feed."""
        del self.outlets[outlet].stories[slug]

    @asynccontextmanager
    async def run(self) -> AsyncIterator["Newsroom"]:
        """The site, on a free port."""
        async with TestServer(self.app, host="127.0.0.1") as server:
            self.base = str(server.make_url("/")).rstrip("/")
            yield self

    async def _robots(self, request: web.Request) -> web.Response:
        self.request_counts[request.path] += 1
        return web.Response(text=self.robots)

    async def _front(self, request: web.Request) -> web.Response:
        outlet = self._outlet(request)
        kind = {"rss": "application/rss+xml", "atom": "application/atom+xml", "json": "application/feed+json"}
        link = f"<link rel='alternate' type='{kind[outlet.kind]}' href='feed'>"
        return web.Response(
            text=f"<html><head>{link}</head><body>{outlet.name}</body></html>", content_type="text/html"
        )

    async def _feed(self, request: web.Request) -> web.Response:
        outlet = self._outlet(request)
        stories = list(reversed(outlet.stories.values()))
        write = {"rss": self._rss, "atom": self._atom, "json": self._json}[outlet.kind]
        return self._answer(request, *write(outlet, request.match_info["outlet"], stories))

    async def _page(self, request: web.Request) -> web.Response:
        outlet, slug = self._outlet(request), request.match_info["slug"]
        self.before_page()
        if slug in outlet.redirects:
            raise web.HTTPMovedPermanently(outlet.redirects[slug])
        if slug not in outlet.stories:
            raise web.HTTPNotFound
        story = outlet.stories[slug]
        write = {"rss": render_herald, "atom": render_courier, "json": render_signal}[outlet.kind]
        address = self.build_article_url(request.match_info["outlet"], slug)
        return self._answer(request, write(outlet.name, story, address), "text/html")

    def _outlet(self, request: web.Request) -> Outlet:
        self.request_counts[request.path] += 1
        self.user_agents.add(request.headers.get("User-Agent", ""))
        if self.is_down:
            raise web.HTTPServiceUnavailable(headers={"Retry-After": "7200"})
        return self.outlets[request.match_info["outlet"]]

    def _answer(self, request: web.Request, text: str, content_type: str) -> web.Response:
        etag = f'"{sha256(text.encode()).hexdigest()[:16]}"'
        if request.headers.get("If-None-Match") == etag:
            self.unchanged_counts[request.path] += 1
            return web.Response(status=304, headers={"ETag": etag})
        return web.Response(text=text, content_type=content_type, headers={"ETag": etag})

    def _text(self, outlet: Outlet, story: Story) -> str:
        shown = story.paragraphs * 2 if outlet.has_full_text else story.paragraphs[:1]
        return "".join(f"<p>{one}</p>" for one in shown)

    def _rss(self, outlet: Outlet, name: str, stories: list[Story]) -> tuple[str, str]:
        items = "".join(
            f"<item><title>{escape(one.title)}</title><link>{self.build_article_url(name, one.slug)}?utm_source=rss</link>"
            f"<pubDate>{format_datetime(one.published)}</pubDate>"
            f"<description>{escape(self._text(outlet, one))}</description></item>"
            for one in stories
        )
        return f"<rss version='2.0'><channel><title>{outlet.name}</title>{items}</channel></rss>", "application/rss+xml"

    def _atom(self, outlet: Outlet, name: str, stories: list[Story]) -> tuple[str, str]:
        entries = "".join(
            f"<entry><title>{escape(one.title)}</title><link href='{self.build_article_url(name, one.slug)}'/><id>{one.slug}</id>"
            f"<published>{one.published.isoformat()}</published><author><name>{one.byline}</name></author>"
            f"<content type='html'>{escape(self._text(outlet, one))}</content></entry>"
            for one in stories
        )
        head = f"<feed xmlns='http://www.w3.org/2005/Atom'><title>{outlet.name}</title>"
        return f"{head}{entries}</feed>", "application/atom+xml"

    def _json(self, outlet: Outlet, name: str, stories: list[Story]) -> tuple[str, str]:
        items = [
            {
                "id": one.slug,
                "url": self.build_article_url(name, one.slug),
                "title": one.title,
                "date_published": one.published.isoformat(),
                "authors": [{"name": one.byline}],
                "content_html": self._text(outlet, one),
            }
            for one in stories
        ]
        told = {"version": "https://jsonfeed.org/version/1.1", "title": outlet.name, "items": items}
        return json.dumps(told), "application/feed+json"


def render_herald(outlet: str, story: Story, address: str) -> str:
    """A template with Open Graph and a canonical link."""
    return (
        f"<!DOCTYPE html><html lang='en'><head><title>{escape(story.title)} | {outlet}</title>"
        f"<link rel='canonical' href='{address}'><meta property='og:site_name' content='{outlet}'>"
        f"<meta property='og:title' content='{escape(story.title)}'>"
        f"<meta property='article:published_time' content='{story.published.isoformat()}'>{_wall(story)}</head><body>"
        f"<nav><a href='/'>Home</a><a href='/sport'>Sport</a></nav><article><h1>{escape(story.title)}</h1>"
        f"<p class='byline'>By {story.byline}</p>{_body(story)}</article>"
        "<footer>All rights reserved</footer></body></html>"
    )


def render_courier(outlet: str, story: Story, _address: str) -> str:
    """A template with JSON-LD."""
    told = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.title,
        "datePublished": story.published.isoformat(),
        "author": {"@type": "Person", "name": story.byline},
        "publisher": {"@type": "Organization", "name": outlet},
    }
    return (
        f"<html><head><title>{escape(story.title)}</title>"
        f"<script type='application/ld+json'>{json.dumps(told)}</script>{_wall(story)}</head>"
        f"<body><main><h1>{escape(story.title)}</h1><div class='story-body'>{_body(story)}</div></main></body></html>"
    )


def render_signal(_outlet: str, story: Story, _address: str) -> str:
    """A template that tells nothing of itself but its title."""
    return (
        f"<html><head><title>{escape(story.title)}</title>{_wall(story)}</head><body><div id='content'>"
        f"<h1>{escape(story.title)}</h1>{_body(story)}</div></body></html>"
    )


def _wall(story: Story) -> str:
    told = {"@context": "https://schema.org", "@type": "NewsArticle", "isAccessibleForFree": False}
    return f"<script type='application/ld+json'>{json.dumps(told)}</script>" if story.has_paywall else ""


def _body(story: Story) -> str:
    shown = story.paragraphs[:1] if story.has_paywall else story.paragraphs
    return "".join(f"<p>{escape(one)}</p>" for one in shown)
