"""Context shared by all pages: the briefing service in worker threads, the Jinja2 templates, and the settings.

Rule: the pages have their own thread pool, so that readers do not wait for Slack requests. A full queue refuses new
readers at once.
Rule: all templates use autoescape and StrictUndefined, so that every text is escaped.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from typing import Final, TypeVar

from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from bot.answers.answer_cache import AnswerCache
from bot.answers.topic_scope import TopicScope
from bot.core.settings import Settings
from bot.links import urls
from bot.records.record import run_with_record
from briefings import (
    Article,
    BriefingsError,
    BriefingService,
    Hit,
    Line,
    Quote,
    Source,
    StatementReport,
    explain,
    get_source_name,
    label_hit,
    label_quote,
)
from briefings.article import get_page_url, name_outlet, name_source
from briefings.exports import (
    build_headline_passage,
    build_hit_passage,
    build_line_passages,
    build_plain_quote,
    build_quote_passage,
    build_report_passage,
)
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
        topic_scope: TopicScope | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        """`answer_cache` and `topic_scope` are shared with Slack, if given; `now` returns seconds since 1970."""
        self.settings = settings
        self.answer_cache = answer_cache or AnswerCache(self.run_in_thread, now)
        self._now = now
        #: gives the topics of the reader's workspace
        self.topic_scope = topic_scope or TopicScope(service)
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
            lease = await self.topic_scope.borrow_whole_service()
            return await asyncio.wait_for(run_with_record(self._pool, lease, work), TIMEOUT_SECONDS)
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
    jinja_environment.globals |= {"copy_hit": copy_hit, "copy_line": copy_line, "copy_quote": copy_quote}
    jinja_environment.globals |= {"copy_report": copy_report, "copy_headline": copy_headline}
    jinja_environment.globals |= {"name_source": name_source, "name_outlet": name_outlet}
    jinja_environment.globals["source_name"] = get_source_name
    jinja_environment.filters |= {
        "day": format_day,
        "plural": pluralize,
        "exact": escape_exactly,
        "brief": shorten,
        "opening": take_first_words,
    }
    return jinja_environment


def copy_hit(hit: Hit) -> str:
    """Return the text that "Copy as quote" copies for a search hit."""
    return build_plain_quote(build_hit_passage(hit))


def copy_line(line: Line, sources: Mapping[str, Source]) -> list[str]:
    """Return the texts that "Copy as quote" copies for a line: one, or one for each side of a difference."""
    passages = build_line_passages(line, sources.values())
    return [build_plain_quote(passage) for passage in passages if passage.places]


def copy_report(report: StatementReport, hit: Hit) -> str:
    """Return the text that "Copy as quote" copies for one report of a statement, whose longest report is `hit`."""
    return build_plain_quote(build_report_passage(report, hit))


def copy_headline(lead: Source) -> str:
    """Return the text that "Copy as quote" copies for an article's headline."""
    return build_plain_quote(build_headline_passage(lead, 0))


def copy_quote(quote: Quote, article: Article) -> str:
    """Return the text that "Copy as quote" copies for a quote of an article."""
    return build_plain_quote(build_quote_passage(article, quote))


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
