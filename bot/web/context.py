"""Context shared by all pages: the briefing service in worker threads, the Jinja2 templates, and the settings.

Rule: the pages have their own thread pool, so that readers do not wait for Slack requests. A full queue refuses new
readers at once.
Rule: all templates use autoescape and StrictUndefined, so that every text is escaped.
"""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from typing import Final, TypeVar

from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from bot.answers.answer_cache import AnswerCache
from bot.core.settings import Settings
from bot.links import urls
from briefings import BriefingsError, BriefingService, explain, get_source_name, label_hit, label_quote
from briefings.article import get_page_url, name_source
from briefings.text import format_day

SITE_NAME: Final = "On the Record"

T = TypeVar("T")

#: pages in progress at once, pages in progress or waiting, and seconds until a page times out
MAX_WORKERS, MAX_WAITING, TIMEOUT_SECONDS = 2, 100, 20


class Busy(BriefingsError):
    """The queue of pages is full."""


class Site:
    """The state shared by the pages of one bot."""

    def __init__(
        self,
        settings: Settings,
        service: BriefingService,
        *,
        answer_cache: AnswerCache | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        """`answer_cache` is shared with Slack, if given; `now` returns seconds since 1970."""
        self.settings = settings
        self.answer_cache = answer_cache or AnswerCache(self.run_in_thread, now)
        self._now = now
        self._service = service
        self._templates = build_environment()
        self._pool = ThreadPoolExecutor(MAX_WORKERS, thread_name_prefix="pages")
        self._waiting_count = 0

    async def run_in_thread(self, work: Callable[[BriefingService], T]) -> T:
        """Run `work` with the briefing service in a worker thread.

        Raises the errors of `work`, Busy if the queue is full, or TimeoutError.
        """
        if self._waiting_count >= MAX_WAITING:
            raise Busy("Many people are reading right now. Please try again in a minute.")
        self._waiting_count += 1
        try:
            loop = asyncio.get_running_loop()
            return await asyncio.wait_for(loop.run_in_executor(self._pool, work, self._service), TIMEOUT_SECONDS)
        finally:
            self._waiting_count -= 1

    def get_today(self) -> date:
        """Return the current day in UTC, which relative dates such as "yesterday" refer to."""
        return datetime.fromtimestamp(self._now(), UTC).date()

    def render(self, template: str, **values: object) -> str:
        """Render a file of `templates` as HTML; safe to call inside `run_in_thread`."""
        return self._templates.get_template(template).render(can_sign_out=self.settings.pages_url is not None, **values)

    def build_response(self, template: str, *, status: int = 200, **values: object) -> web.Response:
        """Render a template as an HTML response."""
        return build_html_response(self.render(template, **values), status)

    def close(self) -> None:
        """Stop the worker threads and drop waiting work."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def build_html_response(html: str, status: int = 200) -> web.Response:
    """Return an HTML response."""
    return web.Response(text=html, status=status, content_type="text/html", charset="utf-8")


def build_environment() -> Environment:
    """Create the Jinja2 environment with the globals and filters of all templates."""
    jinja_environment = Environment(
        loader=PackageLoader("bot.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    jinja_environment.globals |= {"site": SITE_NAME, "to": urls, "page_of": get_page_url}
    jinja_environment.globals |= {"label_hit": label_hit, "label_quote": label_quote, "explain": explain}
    jinja_environment.globals |= {"name_source": name_source, "source_name": get_source_name}
    jinja_environment.filters |= {
        "day": format_day,
        "plural": pluralize,
        "exact": escape_exactly,
        "brief": shorten,
        "opening": take_first_words,
    }
    return jinja_environment


def escape_exactly(text: str) -> Markup:
    """Escape text for HTML without changing a character; browsers turn a bare carriage return into a line feed."""
    return Markup(str(escape(text)).replace("\r", "&#13;"))  # noqa: S704  # already escaped


def shorten(text: str, max_length: int = 120) -> str:
    """Cut a text to at most `max_length` characters, with "…" at the cut."""
    return text if len(text) <= max_length else text[: max_length - 1] + "…"


def take_first_words(text: str, max_words: int = 8) -> str:
    """Return the first words of a text, as a search query."""
    return shorten(" ".join(text.split(None, max_words)[:max_words]))


def pluralize(number: int, singular: str, plural_form: str | None = None) -> str:
    """Format a count with its noun: "1 article", "2,300 articles"."""
    return f"{number:,} {singular if number == 1 else plural_form or singular + 's'}"
