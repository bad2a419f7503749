"""What every page has at hand: the desk, off the event loop, the templates, and the settings.

Rule: the desk is asked on threads of the pages' own, so that a reader never waits for what Slack has asked; more than
may wait are sent away at once.

Draws pages as HTML from the templates.

Rule: Jinja2 with autoescape and strict names throughout; no template is given text that is not escaped on its way out.
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
from briefings import BriefingsError, BriefingService
from briefings.article import get_page_url
from briefings.text import format_day

SITE_NAME: Final = "On the Record"


def build_environment() -> Environment:
    """The templates, with what every one of them may use."""
    jinja_environment = Environment(
        loader=PackageLoader("bot.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    jinja_environment.globals |= {"site": SITE_NAME, "to": urls, "page_of": get_page_url}
    jinja_environment.filters |= {
        "day": format_day,
        "plural": pluralize,
        "exact": escape_exactly,
        "brief": shorten,
        "opening": take_first_words,
    }
    return jinja_environment


def escape_exactly(text: str) -> Markup:
    """`text` as HTML that a browser reads back to the character: a bare carriage return would become a line feed."""
    return Markup(str(escape(text)).replace("\r", "&#13;"))  # noqa: S704  # escaped just now


def shorten(text: str, max_length: int = 120) -> str:
    """`text` in at most so many characters, cut with "…"."""
    return text if len(text) <= max_length else text[: max_length - 1] + "…"


def take_first_words(text: str, max_words: int = 8) -> str:
    """The first words of `text`, to search for."""
    return shorten(" ".join(text.split(None, max_words)[:max_words]))


def pluralize(number: int, singular: str, plural_form: str | None = None) -> str:
    """A count with its word: "1 article", "2,300 articles"."""
    return f"{number:,} {singular if number == 1 else plural_form or singular + 's'}"


T = TypeVar("T")

#: pages worked on at once, readers that may wait for theirs, seconds until one is given up
MAX_WORKERS, MAX_WAITING, TIMEOUT_SECONDS = 2, 100, 20


class Busy(BriefingsError):
    """More is asked than can be shown."""


class Site:
    """The pages of one bot."""

    def __init__(
        self,
        settings: Settings,
        service: BriefingService,
        *,
        answer_cache: AnswerCache | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        """`composed` are briefings of a moment ago, those that Slack asked for too; `now` gives seconds since 1970."""
        self.settings = settings
        self.answer_cache = answer_cache or AnswerCache(self.run_in_thread, now)
        self._now = now
        self._service = service
        self._templates = build_environment()
        self._pool = ThreadPoolExecutor(MAX_WORKERS, thread_name_prefix="pages")
        self._waiting_count = 0

    async def run_in_thread(self, work: Callable[[BriefingService], T]) -> T:
        """What `work` makes of the desk, on another thread. Raises what it raises, Busy, TimeoutError."""
        if self._waiting_count >= MAX_WAITING:
            raise Busy("Many people are reading right now: please try again in a minute.")
        self._waiting_count += 1
        try:
            loop = asyncio.get_running_loop()
            return await asyncio.wait_for(loop.run_in_executor(self._pool, work, self._service), TIMEOUT_SECONDS)
        finally:
            self._waiting_count -= 1

    def get_today(self) -> date:
        """The day that "yesterday" is counted from, in UTC."""
        return datetime.fromtimestamp(self._now(), UTC).date()

    def render(self, template: str, **values: object) -> str:
        """A page as HTML; may be called on the thread of `ask`. `template` is a file of `templates`."""
        return self._templates.get_template(template).render(
            reader=self.settings.reader, signs_out=self.settings.pages_url is not None, **values
        )

    def build_response(self, template: str, *, status: int = 200, **values: object) -> web.Response:
        """A page as an answer."""
        return build_html_response(self.render(template, **values), status)

    def close(self) -> None:
        """Ends the threads; what none of them has begun is dropped."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def build_html_response(html: str, status: int = 200) -> web.Response:
    """A drawn page as an answer."""
    return web.Response(text=html, status=status, content_type="text/html", charset="utf-8")
