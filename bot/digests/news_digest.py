"""Digests of the news: "today" and "this week", with the stories that the channel has not had.

Rule: the news leads, and an article counts only once in a channel. A daily digest covers yesterday too, so that nothing
is lost between two mornings; a weekly one covers seven days.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from slack_sdk.models.blocks import Block

from bot.digests.mail.content import build_news_mail
from bot.digests.model import Content, HistoryItem
from bot.queries.grammar.names import NO_NAMES, KnownNames
from bot.queries.news import is_relative, parse_news
from bot.queries.queries import NewsQuery
from bot.slack.blocks import mrkdwn
from bot.slack.blocks.message import Message, build_screen_reader_text, context, header, paginate, section
from bot.slack.views import news
from briefings import BadQuestion, BriefingService, NewsBriefing

#: most article ids that are stored for a channel; the last ones are kept
_MAX_SEEN = 2_000
#: marks the history items of these digests
_KIND = "news"
#: the day for which a query is read: on a Monday, this week is only a day, and early in a month, this month is a week
_WEDNESDAY = date(2031, 3, 26)


def find_period(query: str, today: date, names: KnownNames = NO_NAMES) -> NewsQuery | None:
    """Return the days of a digest on "today" or "this week", or None for any other subject."""
    period = parse_news(query, _WEDNESDAY, names) if is_relative(query) else None
    if period is None or period.since is None or period.until is None:
        return None
    length, age = (period.until - period.since).days, (_WEDNESDAY - period.until).days
    if length <= 1 and 0 <= age <= 1:
        days = 2
    elif 2 <= length <= 7 and 0 <= age <= 3:
        days = 7
    else:
        return None
    return NewsQuery(today - timedelta(days=days - 1), today, period.outlet)


def check_days(query: str, names: KnownNames = NO_NAMES) -> None:
    """Raise BadQuestion if a query is the news of other days, such as "this month"."""
    if is_relative(query) and parse_news(query, _WEDNESDAY, names) and not find_period(query, _WEDNESDAY, names):
        raise BadQuestion(
            f"A digest of the news is on today or this week, not on “{query[:80]}”. "
            "For example: /digest this week mondays at 9:00"
        )


def get_title(period: NewsQuery) -> str:
    """Return the title of these digests."""
    days = (period.until - period.since).days if period.since and period.until else 0
    place = f" in {period.outlet}" if period.outlet else ""
    return f"The news of the {'week' if days > 1 else 'day'}{place}"


def build_content(
    service: BriefingService,
    query: str,
    period: NewsQuery,
    history: Iterable[HistoryItem],
    mail_note: str | None = None,
) -> Content | None:
    """Return the stories that the channel has not had from a digest on `query`, or None. Blocks.

    `mail_note` is a plain sentence for the e-mail ("" for none); with None, there is no e-mail.
    """
    fingerprint = f"{_KIND}:{query.casefold()}"[:200]
    seen_ids = [
        article_id for item in history if item.fingerprint == fingerprint for article_id in item.detail.get(_KIND, ())
    ]
    briefing = service.news.get_news(period.since, period.until, outlet=period.outlet, seen_ids=frozenset(seen_ids))
    if not briefing.stories:
        return None
    shown_ids = [article_id for story in briefing.stories for article_id in story.article_ids]
    ids = list(dict.fromkeys((*seen_ids, *shown_ids)))[-_MAX_SEEN:]
    item = HistoryItem(fingerprint, {"story": _KIND, "back": True, _KIND: ids})
    mail = None if mail_note is None else build_news_mail(briefing, get_title(period), mail_note)
    return Content(_build_message(briefing, get_title(period)), history_items=(item,), mail=mail)


def build_removal(title: str, query: str, history: Iterable[HistoryItem]) -> Content | None:
    """Return that the topic of a digest was removed, or None if the channel knows it."""
    fingerprint = f"removed:{query.casefold()}"[:200]
    if any(item.fingerprint == fingerprint for item in history):
        return None
    name = mrkdwn.shorten(title, 150)
    text = (
        f"The topic *{name}* was removed, so its digest has nothing to post. "
        f"To bring it back, type `/topic restore {mrkdwn.shorten(query, 100)}`. To end the digest, type `/digest stop`."
    )
    item = HistoryItem(fingerprint, {"story": _KIND, "back": True})
    return Content(Message(text, (section(text),)), history_items=(item,))


def _build_message(briefing: NewsBriefing, title: str) -> Message:
    head: Sequence[Block] = [header(title)]
    linked_parts, plain_parts = (news.build_parts(briefing, with_links=with_links) for with_links in (True, False))
    small_print = news.format_small_print(briefing)
    (first, *_) = paginate(head, linked_parts, [context(small_print)])
    text = build_screen_reader_text(
        f"*{mrkdwn.shorten(title, 150)}*", linked_parts, plain_parts, small_print, first.parts
    )
    return Message(text, (*head, *first.blocks, context(small_print)))
