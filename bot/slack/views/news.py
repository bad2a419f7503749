"""Renders the news of some days: the top stories with one line of each, and a button that opens its briefing.

Rule: the first item is the news itself. A story without a line that is clear alone is listed last by its name.
"""

from dataclasses import replace

from slack_sdk.models.blocks import Block

from bot.queries.queries import BriefingQuery, NewsQuery
from bot.slack.blocks import formatting, mrkdwn
from bot.slack.blocks.button_values import Action, ButtonValue, build_button
from bot.slack.blocks.formatting import format_count, join_with_dots
from bot.slack.blocks.menus import COPY_LABEL, SAVE_LABEL, Choice, build_row
from bot.slack.blocks.message import (
    Item,
    Message,
    Part,
    build_screen_reader_text,
    buttons,
    context,
    header,
    paginate,
    section,
)
from bot.slack.blocks.paging import build_page_choices, describe_page
from briefings import NewsBriefing, NewsStory
from briefings.text import format_day

#: longest name of a story, in characters
_MAX_NAME_LENGTH = 120


def build_message(news: NewsBriefing, query: NewsQuery, page: int = 0, *, sharable: bool = True) -> Message:
    """Return one page of the stories, counted from 1 (0 is the first), or where the newest articles are."""
    if not news.stories:
        return build_empty_message(news, query)
    head: list[Block] = [header(news.title)]
    small_print = format_small_print(news)
    linked_parts, plain_parts = (build_parts(news, with_links=with_links) for with_links in (True, False))
    pages = paginate(head, linked_parts, [context(small_print)])
    value = ButtonValue(query.command_text, min(max(page, 1), len(pages)))
    shown_page = pages[value.page - 1]
    choices = [*build_page_choices(value, pages)]
    choices += [Choice("Share to the channel", Action.SHARE, value)] if sharable else []
    if news.lines:
        choices += [Choice("Read in context", Action.CONTEXT, value), Choice("This looks wrong", Action.WRONG, value)]
    # headlines can be copied too
    choices += [Choice(COPY_LABEL, Action.COPY, value), Choice(SAVE_LABEL, Action.SAVE, value)]
    note = describe_page(pages, value.page, "item")
    closing = "\n\n".join(filter(None, (note, small_print)))
    title = f"*{mrkdwn.shorten(news.title, 150)}*"
    return Message(
        build_screen_reader_text(title, linked_parts, plain_parts, closing, shown_page.parts),
        (
            *head,
            *shown_page.blocks,
            *build_row(choices),
            *([context(note)] if note else []),
            context(small_print),
        ),
    )


def build_parts(news: NewsBriefing, *, with_links: bool, first_number: int = 0) -> list[Part]:
    """Return the stories, each with the button that opens its briefing."""
    sources = {source.id: source for source in news.sources}
    items: list[Item] = []
    for number, story in enumerate(news.stories, first_number):
        paragraphs = [_format_heading(story)]
        if story.line:
            first, *others = formatting.format_line(
                replace(story.line, day=None, date_words=None, outlets=0), sources, with_links=with_links, is_short=True
            )
            paragraphs = [f"{paragraphs[0]}\n{first}", *others]
        button = build_button(
            "Briefing", Action.ASK, ButtonValue(BriefingQuery(story.words).command_text), f"story{number}"
        )
        if button:
            button[0].accessibility_label = mrkdwn.to_plain_text(f"Briefing: {story.name}", 75)
        items.append(Item(paragraphs[0], accessory=button[0] if button else None))
        items += [Item(paragraph, continues=True) for paragraph in paragraphs[1:]]
    return [Part("", tuple(items))]


def format_small_print(news: NewsBriefing) -> str:
    """Return how many stories and articles there are."""
    stories = format_count(news.story_count, "story").replace("storys", "stories")
    prefix = f"The top {len(news.stories)} of {stories}" if news.story_count > len(news.stories) else stories
    return f"All quotes are word for word. {prefix} in {format_articles(news)}."


def format_articles(news: NewsBriefing) -> str:
    """Return how many articles the stories are from: "5 articles" or, if not all were read, "400 of 969 articles"."""
    total = format_count(news.article_count, "article")
    return total if news.read_count >= news.article_count else f"{news.read_count:,} of {total}"


def build_empty_message(news: NewsBriefing, query: NewsQuery) -> Message:
    """Return that these days have no article, with a button for the newest day before."""
    days = mrkdwn.shorten(news.title.removeprefix("News").strip(" ,"), 150)
    sentence = f"No articles from these days ({days})." if query.since != query.until else f"No articles from {days}."
    if news.newest_day is None:
        markup = f"{sentence} There are no articles yet." if not news.article_count else sentence
        return Message(markup, (section(markup),))
    markup = f"{sentence} The newest are from {format_day(news.newest_day)}."
    newest = NewsQuery(news.newest_day, news.newest_day, query.outlet)
    row = build_button(f"News of {format_day(news.newest_day)}", Action.ASK, ButtonValue(newest.command_text))
    return Message(markup, (section(markup), *buttons(list(row))))


def _format_heading(story: NewsStory) -> str:
    outlets = format_count(story.outlets, "independent outlet") if story.outlets > 1 else "1 outlet"
    return join_with_dots(
        (f"*{mrkdwn.shorten(story.name, _MAX_NAME_LENGTH)}*", outlets, format_count(story.articles, "article"))
    )
