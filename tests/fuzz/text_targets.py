"""Targets that read what people type in Slack, and the texts of articles and drafts."""

from collections.abc import Callable
from datetime import date

from bot.digests.command_parser import parse_command as parse_digest_command
from bot.digests.details_command import parse_details_command
from bot.digests.mail.addresses import parse_addresses
from bot.digests.mail.command import parse_mail_command
from bot.digests.schedule import parse_stored_schedule
from bot.digests.schedule_parser import parse_request, parse_schedule
from bot.links.page_address import parse_page_url
from bot.listeners.feeds import parse_feed_command
from bot.listeners.provenance.desk import parse_outlet_command
from bot.mutes.command_parser import parse_command as parse_source_command
from bot.mutes.command_parser import parse_request as parse_source_request
from bot.queries.date_styles import parse_styled_days
from bot.queries.filters import parse_days, parse_filters
from bot.queries.grammar.names import ListedNames
from bot.queries.natural_language import parse_command_text, parse_question
from bot.queries.queries import Command
from bot.queries.time_zones import find_zones, parse_zone
from bot.queries.watch_requests import read_watch_request
from bot.queries.watches import parse_watch
from bot.slack.transport.message_text import extract_text
from bot.topics.command_parser import parse_command as parse_topic_command
from bot.topics.plain_parser import parse_plain
from bot.watches.command_parser import parse_command as parse_watch_command
from bot.watches.quiet_hours import parse_stored_quiet_hours
from bot.watches.settings_parser import parse_settings_command
from briefings.article.boilerplate import parse_article
from briefings.attribution.attributions import find_attributions
from briefings.compose.draft_check.draft_parser import parse_draft
from briefings.ingest.http.fetcher import parse_url
from briefings.ingest.text_header.header import read_header
from briefings.model import Article
from briefings.outlets.hosts import find_site, read_host
from briefings.outlets.outlets_file import parse_host
from briefings.text.dates import find_day_expressions, resolve_day
from briefings.text.periods import find_period_expressions, resolve_period
from tests.fuzz.target import Target, decode_typed

_TODAY = date(2016, 6, 30)
_NAMES = ListedNames(
    people=("Jane Roe", "Tom Marsh"),
    outlets=("The Tribune", "Easton Post"),
    topics={"harbour": "The harbour"},
    article_texts=("the harbour stays open",),
)
_QUESTIONS = (
    'who said "keep the harbour open" since:2016-06-24 until:yesterday outlet:"The Tribune"',
    "what has Jane Roe said about the harbour since last week?",
    "brief me on the harbour, please",
    "compare Jane Roe and Tom Marsh on ferries",
    "what's new since Monday",
    "timeline of Jane Roe from 1 June to 30 June 2016",
    "what did The Tribune say about <https://tribune.example/1|this> &amp; that <@U123>",
)
_DATES = ("24 June 2016", "2016-06-24", "last week", "since Monday", "06/24/2016", "June 2016", "yesterday", "Q2 2016")
_SCHEDULES = (
    "harbour every weekday at 08:30 Europe/London except Friday",
    "harbour on the first Monday of the month at 9am and 5 pm",
    "make harbour every 2 weeks on Tue and Thu at noon starting 1 July",
    "harbour daily 7:15 New York time",
)
_DIGEST_COMMANDS = (*_SCHEDULES, "list", "now 3", "edit 2 every Monday at 9", "pause 1", "remove 1", "preview harbour")
_WATCHES = ("harbour in #news", "Jane Roe on ferries", "list", "remove 2", "quiet 22:00-07:00", "limit 5 an hour")
_TOPICS = ("add Harbour: harbour, ferry strike, “Pier 4”", "list", "rename harbour to The port", "remove harbour")
_SOURCES = ("mute The Tribune", "mute tribune.example", "unmute all", "list", "mute The Tribune in #news")
_FEEDS = ("follow https://tribune.example/rss", "unfollow tribune.example", "feeds", "add https://tribune.example/1")
_OUTLETS = ("outlets confirm The Tribune: tribune.example", "outlets", "waiting", "waiting add 3", "outlets remove X")
_MAIL = ("2 to desk@paper.example, jane.roe@easton.example", "email 2 add desk@paper.example", "stop 2")
_ADDRESSES = (
    "https://bot.example/record/articles/a1?from=10&to=20&key=abc#:~:text=We%20wait,-said",
    "https://bot.example/record/people/Jane%20Roe/timeline?since=2016-06-01&until=2016-06-30",
    "https://user:pass@tribune.example:8443/a/../b?c=d#e",
    "http://[::ffff:127.0.0.1]/x",
)
_ARTICLE = (
    "Title: Harbour stays open\nDate: 30 June 2016\nOutlet: The Tribune\nBy Ada Kerr\n\nThe council of Easton voted on "
    "Thursday.\n\n“We have waited for long enough,” said Jane Roe, the council leader. “Nobody wants "
    "another winter.”\n\nTom Marsh told the meeting: “You know that this is the bread on our tables.” He "
    "added that 'ferries' cost £3.5m.\n"
)
_STORED = ("mon tue 08:30", "22:00-07:00 Europe/London", '{"rules": []}')


def list_targets() -> list[Target]:
    """Return a target for each parser of typed text, and for articles and drafts."""
    questions: list[tuple[str, Callable[[str], object], tuple[str, ...]]] = [
        ("question", lambda text: parse_question(text, _TODAY, _NAMES), _QUESTIONS),
        ("briefing-command", lambda text: parse_command_text(Command.BRIEFING, text, _TODAY, _NAMES), _QUESTIONS),
        ("whosaid-command", lambda text: parse_command_text(Command.WHOSAID, text, _TODAY, _NAMES), _QUESTIONS),
    ]
    typed: list[tuple[str, Callable[[str], object], tuple[str, ...]]] = [
        ("filters", lambda text: parse_filters(text, ("since", "until", "by", "outlet"), {}), _QUESTIONS),
        ("days", _parse_typed_days, _DATES),
        ("dates-in-text", _find_dates, (*_DATES, _ARTICLE)),
        ("zones", _parse_zone, ("Europe/London", "New York time", "UTC+2", "CET", "Kolkata")),
        ("schedule", lambda text: parse_schedule(text, "Etc/UTC", _TODAY), _SCHEDULES),
        ("schedule-request", lambda text: parse_request(text, "Etc/UTC", _TODAY), _SCHEDULES),
        ("digest-command", lambda text: parse_digest_command(text, _TODAY), _DIGEST_COMMANDS),
        ("digest-details", parse_details_command, _DIGEST_COMMANDS),
        ("mail-command", parse_mail_command, _MAIL),
        ("mail-addresses", parse_addresses, _MAIL),
        ("watch-command", parse_watch_command, _WATCHES),
        ("watch-request", read_watch_request, ("tell me when Jane Roe speaks about ferries", *_WATCHES)),
        ("watch-words", lambda text: parse_watch(text, _TODAY, _NAMES), _WATCHES),
        ("watch-settings", parse_settings_command, _WATCHES),
        ("topic-command", parse_topic_command, _TOPICS),
        ("topic-request", parse_plain, _TOPICS),
        ("source-command", parse_source_command, _SOURCES),
        ("source-request", parse_source_request, ("mute The Tribune here", "stop showing tribune.example")),
        ("feed-command", parse_feed_command, _FEEDS),
        ("outlet-command", parse_outlet_command, _OUTLETS),
        ("outlet-host", _read_outlet_host, _ADDRESSES),
        ("message-markup", extract_text, _QUESTIONS),
        ("page-url", lambda text: parse_page_url(text, "https://bot.example"), _ADDRESSES),
        ("web-address", parse_url, _ADDRESSES),
        ("text-header", lambda text: read_header(text.encode("utf-8", "replace").decode()), (_ARTICLE,)),
    ]
    return [
        *(_build_target(name, parse, inputs, 5) for name, parse, inputs in questions),
        *(_build_target(name, parse, inputs, 40) for name, parse, inputs in typed),
        _build_target("draft", lambda text: parse_draft(text.encode("utf-8", "replace").decode()), (_ARTICLE,), 2),
        Target("article-text", _analyse, [_ARTICLE.encode()]),
        Target("stored-settings", _parse_stored, [text.encode() for text in _STORED], 40),
    ]


def _build_target(name: str, parse: Callable[[str], object], inputs: tuple[str, ...], share: int) -> Target:
    return Target(name, lambda data: parse(decode_typed(data)), [text.encode() for text in inputs], share)


def _parse_typed_days(text: str) -> None:
    parse_days(text, _TODAY)
    parse_styled_days(text, _TODAY)


def _find_dates(text: str) -> None:
    for expression in find_day_expressions(text):
        resolve_day(expression, _TODAY)
    for period in find_period_expressions(text):
        resolve_period(period, _TODAY)


def _read_outlet_host(text: str) -> None:
    if host := read_host(text):
        find_site(host)
    parse_host(text)


def _parse_zone(text: str) -> None:
    find_zones(text)
    parse_zone(text)


def _parse_stored(data: bytes) -> None:
    """Read values of the bot's tables, which may be damaged: a ValueError is what their callers expect."""
    for parse in (parse_stored_schedule, parse_stored_quiet_hours):
        try:
            parse(data.decode("utf-8", "replace"))
        except ValueError:
            continue


def _analyse(data: bytes) -> None:
    """Find the quotations of an article, as when it is added."""
    text = data.decode("utf-8", "ignore").replace("\x00", "")
    if text.strip():
        find_attributions(parse_article(Article(id="a1", text=text)))
