"""A news site on loopback: three outlets, each with its own template and feed format.

Tests publish, change and remove articles while it runs, put them behind a paywall, and take the site down.
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
    """An article. With `has_paywall`, its page has only the first paragraph and says so in JSON-LD."""

    slug: str
    title: str
    published: datetime
    byline: str = "Maria Stone"
    paragraphs: tuple[str, ...] = PARAGRAPHS
    has_paywall: bool = False


class Outlet:
    """One of the three outlets. `stories` has its articles by slug, newest last."""

    def __init__(self, name: str, kind: str) -> None:
        self.name = name
        self.kind = kind
        self.stories: dict[str, Story] = {}
        #: URLs that moved slugs redirect to, by slug
        self.redirects: dict[str, str] = {}
        #: whether the feed contains the full text
        self.has_full_text = False


class Newsroom:
    """The site. `base` is its URL while it runs. Requests and 304 responses are counted by path."""

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
        #: called before the response to each article page
        self.before_page: Callable[[], None] = lambda: None
        self.app = web.Application()
        self.app.router.add_get("/robots.txt", self._serve_robots)
        self.app.router.add_get("/{outlet}/feed", self._serve_feed)
        self.app.router.add_get("/{outlet}/", self._serve_front)
        self.app.router.add_get("/{outlet}/{slug}", self._serve_page)

    def build_feed_url(self, outlet: str) -> str:
        """Return the URL of an outlet's feed."""
        return f"{self.base}/{outlet}/feed"

    def build_article_url(self, outlet: str, slug: str) -> str:
        """Return the URL of an article."""
        return f"{self.base}/{outlet}/{slug}"

    def publish(self, outlet: str, story: Story) -> None:
        """Publish a story, or a new version of it."""
        self.outlets[outlet].stories[story.slug] = story

    def remove(self, outlet: str, slug: str) -> None:
        """Remove a story from the site and from its feed."""
        del self.outlets[outlet].stories[slug]

    @asynccontextmanager
    async def run(self) -> AsyncIterator["Newsroom"]:
        """Run the site on a free port."""
        async with TestServer(self.app, host="127.0.0.1") as server:
            self.base = str(server.make_url("/")).rstrip("/")
            yield self

    async def _serve_robots(self, request: web.Request) -> web.Response:
        self.request_counts[request.path] += 1
        return web.Response(text=self.robots)

    async def _serve_front(self, request: web.Request) -> web.Response:
        outlet = self._get_outlet(request)
        content_types = {"rss": "application/rss+xml", "atom": "application/atom+xml", "json": "application/feed+json"}
        link = f"<link rel='alternate' type='{content_types[outlet.kind]}' href='feed'>"
        return web.Response(
            text=f"<html><head>{link}</head><body>{outlet.name}</body></html>", content_type="text/html"
        )

    async def _serve_feed(self, request: web.Request) -> web.Response:
        outlet = self._get_outlet(request)
        stories = list(reversed(outlet.stories.values()))
        write = {"rss": self._write_rss, "atom": self._write_atom, "json": self._write_json}[outlet.kind]
        return self._respond(request, *write(outlet, request.match_info["outlet"], stories))

    async def _serve_page(self, request: web.Request) -> web.Response:
        outlet, slug = self._get_outlet(request), request.match_info["slug"]
        self.before_page()
        if slug in outlet.redirects:
            raise web.HTTPMovedPermanently(outlet.redirects[slug])
        if slug not in outlet.stories:
            raise web.HTTPNotFound
        story = outlet.stories[slug]
        write = {"rss": render_herald, "atom": render_courier, "json": render_signal}[outlet.kind]
        address = self.build_article_url(request.match_info["outlet"], slug)
        return self._respond(request, write(outlet.name, story, address), "text/html")

    def _get_outlet(self, request: web.Request) -> Outlet:
        self.request_counts[request.path] += 1
        self.user_agents.add(request.headers.get("User-Agent", ""))
        if self.is_down:
            raise web.HTTPServiceUnavailable(headers={"Retry-After": "7200"})
        return self.outlets[request.match_info["outlet"]]

    def _respond(self, request: web.Request, text: str, content_type: str) -> web.Response:
        etag = f'"{sha256(text.encode()).hexdigest()[:16]}"'
        if request.headers.get("If-None-Match") == etag:
            self.unchanged_counts[request.path] += 1
            return web.Response(status=304, headers={"ETag": etag})
        return web.Response(text=text, content_type=content_type, headers={"ETag": etag})

    def _build_teaser(self, outlet: Outlet, story: Story) -> str:
        paragraphs = story.paragraphs * 2 if outlet.has_full_text else story.paragraphs[:1]
        return "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)

    def _write_rss(self, outlet: Outlet, name: str, stories: list[Story]) -> tuple[str, str]:
        items = "".join(
            f"<item><title>{escape(story.title)}</title>"
            f"<link>{self.build_article_url(name, story.slug)}?utm_source=rss</link>"
            f"<pubDate>{format_datetime(story.published)}</pubDate>"
            f"<description>{escape(self._build_teaser(outlet, story))}</description></item>"
            for story in stories
        )
        return f"<rss version='2.0'><channel><title>{outlet.name}</title>{items}</channel></rss>", "application/rss+xml"

    def _write_atom(self, outlet: Outlet, name: str, stories: list[Story]) -> tuple[str, str]:
        entries = "".join(
            f"<entry><title>{escape(story.title)}</title>"
            f"<link href='{self.build_article_url(name, story.slug)}'/><id>{story.slug}</id>"
            f"<published>{story.published.isoformat()}</published><author><name>{story.byline}</name></author>"
            f"<content type='html'>{escape(self._build_teaser(outlet, story))}</content></entry>"
            for story in stories
        )
        head = f"<feed xmlns='http://www.w3.org/2005/Atom'><title>{outlet.name}</title>"
        return f"{head}{entries}</feed>", "application/atom+xml"

    def _write_json(self, outlet: Outlet, name: str, stories: list[Story]) -> tuple[str, str]:
        items = [
            {
                "id": story.slug,
                "url": self.build_article_url(name, story.slug),
                "title": story.title,
                "date_published": story.published.isoformat(),
                "authors": [{"name": story.byline}],
                "content_html": self._build_teaser(outlet, story),
            }
            for story in stories
        ]
        feed = {"version": "https://jsonfeed.org/version/1.1", "title": outlet.name, "items": items}
        return json.dumps(feed), "application/feed+json"


def render_herald(outlet: str, story: Story, address: str) -> str:
    """Render a page with Open Graph metadata and a canonical link."""
    return (
        f"<!DOCTYPE html><html lang='en'><head><title>{escape(story.title)} | {outlet}</title>"
        f"<link rel='canonical' href='{address}'><meta property='og:site_name' content='{outlet}'>"
        f"<meta property='og:title' content='{escape(story.title)}'>"
        f"<meta property='article:published_time' content='{story.published.isoformat()}'>"
        f"{_render_paywall_note(story)}</head><body>"
        f"<nav><a href='/'>Home</a><a href='/sport'>Sport</a></nav><article><h1>{escape(story.title)}</h1>"
        f"<p class='byline'>By {story.byline}</p>{_render_body(story)}</article>"
        "<footer>All rights reserved</footer></body></html>"
    )


def render_courier(outlet: str, story: Story, _address: str) -> str:
    """Render a page with JSON-LD metadata."""
    json_ld = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.title,
        "datePublished": story.published.isoformat(),
        "author": {"@type": "Person", "name": story.byline},
        "publisher": {"@type": "Organization", "name": outlet},
    }
    return (
        f"<html><head><title>{escape(story.title)}</title>"
        f"<script type='application/ld+json'>{json.dumps(json_ld)}</script>{_render_paywall_note(story)}</head>"
        f"<body><main><h1>{escape(story.title)}</h1>"
        f"<div class='story-body'>{_render_body(story)}</div></main></body></html>"
    )


def render_signal(_outlet: str, story: Story, _address: str) -> str:
    """Render a page with no metadata except its title."""
    return (
        f"<html><head><title>{escape(story.title)}</title>{_render_paywall_note(story)}</head><body><div id='content'>"
        f"<h1>{escape(story.title)}</h1>{_render_body(story)}</div></body></html>"
    )


def _render_paywall_note(story: Story) -> str:
    json_ld = {"@context": "https://schema.org", "@type": "NewsArticle", "isAccessibleForFree": False}
    return f"<script type='application/ld+json'>{json.dumps(json_ld)}</script>" if story.has_paywall else ""


def _render_body(story: Story) -> str:
    paragraphs = story.paragraphs[:1] if story.has_paywall else story.paragraphs
    return "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)
