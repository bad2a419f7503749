"""Renders the App Home: what a user can do, help, topics, digests and new articles; below, what admins look after.

Rule: only stored data is shown. `private_metadata` contains a hash of the content: when a user opens the Home, Slack
sends it back, and the bot knows if the view is still up to date.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from slack_sdk.models.blocks import Block, ButtonElement
from slack_sdk.models.views import View

from bot.core import slack_limits
from bot.queries.queries import BriefingQuery
from bot.slack.blocks import formatting, mrkdwn
from bot.slack.blocks.button_values import Action, ButtonValue, build_button
from bot.slack.blocks.formatting import format_count
from bot.slack.blocks.message import buttons, context, divider, header, section
from bot.slack.views.notices import PLAIN_LANGUAGE_HELP, build_topic_picker
from bot.slack.views.welcome import build_start_buttons
from briefings import TopicSummary, get_source_name
from briefings.storage import AddedArticle, FollowedFeed, Overview
from briefings.text import format_day

_TITLE = "On the Record"
_INTRODUCTION = (
    "What the news says, in its sources' own words. Every quote is copied from an article and links to its sentence."
)
_NO_ARTICLES = "No articles yet. Ask the person who runs On the Record to add some with `ontherecord add`."
_NO_ARTICLES_ADMIN = "No articles yet. Add a feed to start."
#: most topics shown as buttons; more are in a menu that can be searched
_MAX_TOPIC_BUTTONS = 5
#: most outlets shown by name; the rest are counted
_MAX_OUTLETS = 5
#: most failing feeds shown, and longest message of each, in characters
_MAX_FAILING_FEEDS = 5
_MAX_FAILURE_LENGTH = 400
#: separates a topic's title from its day on a button
_SEPARATOR = " · "


@dataclass(frozen=True, slots=True)
class HomeContent:
    """The content of one user's Home. `feedback_count` (open reports) and `feeds` are None for non-admins.

    Users who see `feeds` can also add some.
    """

    topics: Sequence[TopicSummary]
    overview: Overview
    feedback_count: int | None = None
    #: the user's digests, as blocks
    digests: Sequence[Block] = ()
    #: the result of the last button click, in markup
    note: str = ""
    feeds: Sequence[FollowedFeed] | None = None
    #: suggested topics, as blocks
    suggestions: Sequence[Block] = ()
    #: links that wait for this user to decide
    waiting_count: int = 0


def build_home_view(content: HomeContent) -> View:
    """Return the view, with the hash of its content in `private_metadata`."""
    is_empty = not content.overview.totals.articles
    parts = (
        list(content.digests),
        _build_latest(content.overview.latest),
        [] if is_empty else _build_totals(content.overview),
        _build_feeds(content.feeds),
        _build_waiting(content.waiting_count),
        _build_feedback(content.feedback_count),
    )
    blocks: list[Block] = [header(_TITLE), context(_INTRODUCTION)]
    blocks += [section(content.note)] if content.note else []
    blocks += [section(_NO_ARTICLES if content.feeds is None else _NO_ARTICLES_ADMIN)] if is_empty else []
    blocks += [*_build_topics(content.topics), *content.suggestions]
    blocks += [*build_start_buttons(can_add_feeds=content.feeds is not None), section(PLAIN_LANGUAGE_HELP)]
    for part in parts:
        blocks += [divider(), *part] if part else []
    return _build_view(blocks)


def build_notice_view(sentence: str) -> View:
    """Return a view with one sentence, when there is nothing else to show."""
    notice = section(mrkdwn.shorten(sentence, slack_limits.SECTION_TEXT) or "…")
    return _build_view([header(_TITLE), notice, divider(), section(PLAIN_LANGUAGE_HELP)])


def _build_view(blocks: Sequence[Block]) -> View:
    blocks_json = json.dumps([block.to_dict() for block in blocks], sort_keys=True)
    content_hash = sha256(blocks_json.encode("utf-8", "surrogatepass")).hexdigest()
    return View(type="home", blocks=list(blocks), private_metadata=content_hash)


def _build_topics(topics: Sequence[TopicSummary]) -> list[Block]:
    topic_buttons = [
        topic_button
        for position, summary in enumerate(topics)
        for topic_button in _build_topic_button(summary, position)
    ]
    row = buttons(topic_buttons) if len(topic_buttons) <= _MAX_TOPIC_BUTTONS else build_topic_picker(topics)
    if not row:
        return []
    remainder = "Type `/briefing` to see all topics." if len(topics) > slack_limits.OPTIONS else ""
    return [section("*Topics, newest first*"), *row, *([context(remainder)] if remainder else [])]


def _build_topic_button(summary: TopicSummary, position: int) -> Sequence[ButtonElement]:
    day = f"{_SEPARATOR}{format_day(summary.newest)}" if summary.newest else ""
    title = mrkdwn.to_plain_text(summary.topic.title, slack_limits.BUTTON_TEXT - len(day)) or summary.topic.slug
    return build_button(title + day, Action.ASK, ButtonValue(BriefingQuery(summary.topic.slug).command_text), position)


def _build_latest(latest: Sequence[AddedArticle]) -> list[Block]:
    return (
        [section("\n".join(["*Recently added*", *(_format_article(article) for article in latest)]))] if latest else []
    )


def _format_article(article: AddedArticle) -> str:
    source = article.source
    untitled = "Untitled article" if source.publisher else get_source_name(source)
    title = mrkdwn.format_link(source.url, source.title or untitled, 150)
    outlet = mrkdwn.shorten(get_source_name(source) if source.publisher else "", 80)
    return "• " + formatting.join_with_dots(
        (
            title,
            outlet,
            formatting.format_publication_date(source.published),
            f"added {format_day(article.added_at.date())}",
        )
    )


def _build_totals(overview: Overview) -> list[Block]:
    totals = overview.totals
    date_range = (
        f", published {format_day(totals.since)} to {format_day(totals.until)}" if totals.since and totals.until else ""
    )
    counts = f"{format_count(totals.articles, 'article')} and {format_count(totals.quotes, 'quote')}"
    text = f"*Articles so far*\n{counts}{date_range}"
    outlet_names = [f"{mrkdwn.shorten(name, 80)} ({count:,})" for name, count in overview.outlets[:_MAX_OUTLETS]]
    omitted_count = len(overview.outlets) - len(outlet_names)
    outlets = ", ".join(outlet_names) + (f" and {format_count(omitted_count, 'more outlet')}" if omitted_count else "")
    return [section(text + (f"\nFrom {outlets}" if outlet_names else ""))]


def _build_feeds(feeds: Sequence[FollowedFeed] | None) -> list[Block]:
    """For admins: the number of feeds, and those that fail."""
    if feeds is None:
        return []
    if not feeds:
        return [section("*Feeds*\nNo feeds yet. Add one: `/briefing follow &lt;address&gt;`")]
    failing_feeds = sorted((feed for feed in feeds if feed.failures), key=lambda feed: -feed.failures)
    text = f"*Feeds*\n{format_count(len(feeds), 'feed')} followed, {len(failing_feeds):,} failing"
    failure_lines = [
        f"• {mrkdwn.shorten(feed.failure or feed.address, _MAX_FAILURE_LENGTH)}"
        for feed in failing_feeds[:_MAX_FAILING_FEEDS]
    ]
    remainder = (
        [f"and {len(failing_feeds) - _MAX_FAILING_FEEDS} more. To list them, run `ontherecord feeds`."]
        if len(failing_feeds) > _MAX_FAILING_FEEDS
        else []
    )
    return [section("\n".join([text, *failure_lines, *remainder]))]


def _build_waiting(count: int) -> list[Block]:
    """For admins: the number of links that wait."""
    text = f"*Waiting links*\n{format_count(count, 'link')} to add or refuse. To list them, type `/briefing waiting`."
    return [section(text)] if count else []


def _build_feedback(count: int | None) -> list[Block]:
    """For admins: the number of open reports."""
    if count is None:
        return []
    if not count:
        return [section("*Reports*\nNo reports to review.")]
    return [section(f"*Reports*\n{format_count(count, 'report')} to review. To list them, run `ontherecord feedback`.")]
