"""The App Home: what can be asked about, what came last, what the record holds, how to ask.

Rule: only what the record holds is shown. The view carries a mark of its own content, by which Slack tells us, when
somebody opens the Home, what they see already.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from slack_sdk.models.blocks import Block, ButtonElement
from slack_sdk.models.views import View

from bot import escape, limits
from bot.ask import BriefingAsk
from bot.blocks import lines
from bot.blocks.message import buttons, context, header, rule, section
from bot.blocks.notices import IN_WORDS
from bot.blocks.press import Action, Press, press
from briefings.desk import TopicSummary
from briefings.record.sources import FollowedFeed
from briefings.record.values import Added, Overview
from briefings.text.days import spelt

_TITLE = "On the Record"
_WHAT = "What the news says, in its sources' own words: every line is copied from an article and opens the sentence."
#: outlets that are named; the others are counted
_OUTLETS = 5
#: failing feeds that are told of, and characters of what each says
_FAILING = 5
_FAILURE = 400
#: between a topic's title and its day, on a button
_DOT = " · "


@dataclass(frozen=True, slots=True)
class Home:
    """What one person sees. `doubts` counts what looks wrong to people, `feeds` are those that are followed; None for
    whom that is no concern of.
    """

    topics: Sequence[TopicSummary]
    overview: Overview
    doubts: int | None = None
    #: what they have scheduled, as blocks
    digests: Sequence[Block] = ()
    #: what became of the button they pressed, in markup
    note: str = ""
    feeds: Sequence[FollowedFeed] | None = None


def home(shown: Home) -> View:
    """The view, its mark in `private_metadata`."""
    digests = list(shown.digests)
    parts = (
        _topics(shown.topics),
        digests,
        _latest(shown.overview.latest),
        _held(shown.overview),
        _feeds(shown.feeds),
        _doubts(shown.doubts),
    )
    blocks: list[Block] = [header(_TITLE), context(_WHAT)]
    blocks += [section(shown.note)] if shown.note else []
    for part in (*parts, [section(IN_WORDS)]):
        blocks += [rule(), *part] if part else []
    return _view(blocks)


def told(sentence: str) -> View:
    """One sentence, when there is nothing else to show."""
    shown = section(escape.short(sentence, limits.SECTION_TEXT) or "…")
    return _view([header(_TITLE), shown, rule(), section(IN_WORDS)])


def _view(blocks: Sequence[Block]) -> View:
    written = json.dumps([block.to_dict() for block in blocks], sort_keys=True)
    mark = sha256(written.encode("utf-8", "surrogatepass")).hexdigest()
    return View(type="home", blocks=list(blocks), private_metadata=mark)


def _topics(topics: Sequence[TopicSummary]) -> list[Block]:
    pressed = [one for place, summary in enumerate(topics) for one in _button(summary, place)]
    left = len(topics) - len(pressed[: limits.ACTIONS_ELEMENTS])
    more = f"and {left} more: type `/briefing` to see them all." if left else ""
    if not pressed:
        return []
    shown = buttons(pressed[: limits.ACTIONS_ELEMENTS])
    return [section("*Topics, newest first*"), *shown, *([context(more)] if more else [])]


def _button(summary: TopicSummary, place: int) -> Sequence[ButtonElement]:
    day = f"{_DOT}{spelt(summary.newest)}" if summary.newest else ""
    title = escape.plain(summary.topic.title, limits.BUTTON_TEXT - len(day)) or summary.topic.slug
    return press(title + day, Action.ASK, Press(BriefingAsk(summary.topic.slug).line), place)


def _latest(latest: Sequence[Added]) -> list[Block]:
    return [section("\n".join(["*Added last*", *(_added(one) for one in latest)]))] if latest else []


def _added(one: Added) -> str:
    source = one.source
    title = escape.link(source.url, source.title or source.publisher or source.id, 150)
    outlet = escape.short(source.publisher, 80) if source.title and source.publisher else ""
    return "• " + lines.dotted((title, outlet, lines.published(source.published), f"added {spelt(one.at.date())}"))


def _held(overview: Overview) -> list[Block]:
    held = overview.held
    if not held.articles:
        return [section("The record is empty. Whoever runs On the Record adds articles with `ontherecord add`.")]
    between = f", published {spelt(held.since)} to {spelt(held.until)}" if held.since and held.until else ""
    text = f"*In the record*\n{_counted(held.articles, 'article')} and {_counted(held.quotes, 'quotation')}{between}"
    named = [f"{escape.short(name, 80)} ({count:,})" for name, count in overview.outlets[:_OUTLETS]]
    more = len(overview.outlets) - len(named)
    outlets = ", ".join(named) + (f" and {_counted(more, 'more outlet')}" if more else "")
    return [section(text + (f"\nFrom {outlets}" if named else ""))]


def _feeds(feeds: Sequence[FollowedFeed] | None) -> list[Block]:
    """For those who look after the bot: how many there are, and which of them fail."""
    if feeds is None:
        return []
    if not feeds:
        return [section("*Feeds*\nNone is followed: `/briefing follow` and an address brings a site's articles here.")]
    failing = sorted((feed for feed in feeds if feed.failures), key=lambda feed: -feed.failures)
    text = f"*Feeds*\n{_counted(len(feeds), 'feed')} followed, {len(failing):,} of them failing"
    told = [f"• {escape.short(feed.failure or feed.address, _FAILURE)}" for feed in failing[:_FAILING]]
    more = [f"and {len(failing) - _FAILING} more: `ontherecord feeds` lists them"] if len(failing) > _FAILING else []
    return [section("\n".join([text, *told, *more]))]


def _doubts(count: int | None) -> list[Block]:
    """For those who look after the bot."""
    if count is None:
        return []
    if not count:
        return [section("*To review*\nNothing looks wrong to anybody here.")]
    look = "line looks" if count == 1 else "lines look"
    return [section(f"*To review*\n{count:,} {look} wrong to somebody here: `ontherecord feedback` lists them.")]


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
