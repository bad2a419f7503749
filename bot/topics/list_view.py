"""Renders the topics, each with its menu, one topic, suggested topics, and what a change did.

Rule: names and words are strangers' text, and are escaped. The value of a menu's option has the topic's slug only.
"""

import json
from collections.abc import Sequence
from typing import Any

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    Option,
    OverflowMenuElement,
    PlainTextObject,
)

from bot.core import slack_limits
from bot.queries.queries import BriefingQuery
from bot.slack.blocks import mrkdwn
from bot.slack.blocks.button_values import Action, ButtonValue, build_button
from bot.slack.blocks.formatting import format_count, join_with_dots
from bot.slack.blocks.message import (
    Item,
    Message,
    Part,
    build_screen_reader_text,
    button,
    buttons,
    context,
    header,
    paginate,
    section,
)
from briefings import SuggestedTopic, Topic, TopicSuggestions, TopicSummary
from briefings.text import format_day

#: the part of the action ids of these buttons and menus before the first colon
BUTTON_ACTION = "topics"
#: what buttons and options ask for; the value has the topic's slug after it
PAGE, EDIT, MUTE, UNMUTE, REMOVE, RESTORE, NEW, SUGGEST, DIGEST = (
    "page",
    "edit",
    "mute",
    "unmute",
    "remove",
    "restore",
    "new",
    "suggest",
    "digest",
)
#: actions of suggested topics, whose value is JSON
ADD_SUGGESTION, DIGEST_SUGGESTION = "add", "follow"
#: topics and suggestions on a page, and suggestions in App Home
_MAX_TOPICS, _MAX_SUGGESTIONS, _MAX_HOME_SUGGESTIONS = 15, 8, 3
#: phrases shown of a topic
_MAX_SHOWN_PHRASES = 6
_HELP_LINE = "To make one, type `/topic new Easton flood: flood, flooding`."


def build_topic_list(summaries: Sequence[TopicSummary], page: int = 1, note: str = "") -> Message:
    """Return one page of the topics, counted from 1, each with its menu. `note` is markup above the list."""
    head: list[Block] = [header("Topics"), *([section(note)] if note else [])]
    row = [
        button("New topic", f"{BUTTON_ACTION}:{NEW}", NEW),
        button("Suggestions", f"{BUTTON_ACTION}:{SUGGEST}", SUGGEST),
    ]
    if not summaries:
        empty_text = f"No topics yet. {_HELP_LINE}"
        text = "\n".join(filter(None, ("*Topics*", note, empty_text)))
        return Message(text, (*head, section(empty_text), *buttons(row)))
    items = tuple(
        Item(_format_summary(summary), accessory=_build_menu(summary.topic, number))
        for number, summary in enumerate(summaries)
    )
    parts = [Part("", items)]
    pages = paginate(head, parts, buttons(row), max_items=_MAX_TOPICS)
    number = min(max(page, 1), len(pages))
    if number < len(pages):
        rest = sum(other.item_count for other in pages[number:])
        row = [button(f"{rest:,} more", f"{BUTTON_ACTION}:{PAGE}", f"{PAGE} {number + 1}"), *row]
    title = "\n".join(filter(None, ("*Topics*", note)))
    text = build_screen_reader_text(title, parts, parts, _HELP_LINE, pages[number - 1].parts)
    return Message(text, (*head, *pages[number - 1].blocks, *buttons(row)))


def build_topic(summary: TopicSummary, note: str = "") -> Message:
    """Return one topic with its words and its buttons. `note` is markup above it."""
    topic = summary.topic
    words = ", ".join(f"“{mrkdwn.shorten(phrase, 150)}”" for phrase in topic.words[:_MAX_SHOWN_PHRASES])
    more = f" and {len(topic.words) - _MAX_SHOWN_PHRASES} more" if len(topic.words) > _MAX_SHOWN_PHRASES else ""
    lines = (note, _format_summary(summary), f"Articles with {words}{more}", _format_former_names(topic))
    markup = "\n".join(filter(None, lines))[: slack_limits.SECTION_TEXT]
    row = [
        *build_button("Briefing", Action.ASK, ButtonValue(BriefingQuery(topic.slug).command_text)),
        button("Digest", f"{BUTTON_ACTION}:{DIGEST}", f"{DIGEST} {topic.slug}"),
        button("Edit", f"{BUTTON_ACTION}:{EDIT}", f"{EDIT} {topic.slug}"),
    ]
    return Message(markup, (section(markup), *buttons(row)))


def build_removal(topic: Topic) -> Message:
    """Return that a topic was removed, with a button that brings it back."""
    markup = f"Removed the topic *{mrkdwn.shorten(topic.title, 150)}*. Its digests will say so once. Articles are kept."
    restore = button("Undo", f"{BUTTON_ACTION}:{RESTORE}", f"{RESTORE} {topic.slug}")
    return Message(markup, (section(markup), *buttons([restore])))


def build_suggestions(suggestions: TopicSuggestions, note: str = "") -> Message:
    """Return the suggested topics: one press makes a topic of it, another one a digest."""
    period = f"{format_day(suggestions.since)} to {format_day(suggestions.until)}"
    head: list[Block] = [header("Suggested topics"), *([section(note)] if note else [])]
    if not suggestions.suggestions:
        empty_text = f"No other story has articles from two outlets in these days ({period})."
        return Message("\n".join(filter(None, ("*Suggested topics*", note, empty_text))), (*head, section(empty_text)))
    small_print = f"Stories from {period} that are not topics yet. The names are words of headlines."
    items = tuple(
        Item(format_suggestion(suggestion), build_suggestion_buttons(suggestion, number))
        for number, suggestion in enumerate(suggestions.suggestions[:_MAX_SUGGESTIONS])
    )
    parts = [Part("", items)]
    (first, *_) = paginate(head, parts, [context(small_print)])
    title = "\n".join(filter(None, ("*Suggested topics*", note)))
    text = build_screen_reader_text(title, parts, parts, small_print, first.parts)
    return Message(text, (*head, *first.blocks, context(small_print)))


def build_home_section(suggestions: TopicSuggestions | None) -> list[Block]:
    """Return the App Home section with the first suggested topics, or no blocks."""
    if suggestions is None or not suggestions.suggestions:
        return []
    blocks: list[Block] = [section("*Suggested topics*")]
    for number, suggestion in enumerate(suggestions.suggestions[:_MAX_HOME_SUGGESTIONS]):
        blocks.append(section(format_suggestion(suggestion)))
        blocks += buttons(build_suggestion_buttons(suggestion, number))
    return blocks


def format_suggestion(suggestion: SuggestedTopic) -> str:
    """Return a suggested topic as markup: its name, outlets and articles."""
    return join_with_dots(
        (
            f"*{mrkdwn.shorten(suggestion.name, 150)}*",
            format_count(suggestion.outlets, "independent outlet"),
            format_count(suggestion.articles, "article"),
        )
    )


def build_suggestion_buttons(suggestion: SuggestedTopic, number: int) -> tuple[ButtonElement, ...]:
    """Return the buttons of a suggested topic."""
    value = encode_suggestion(suggestion)
    query = ButtonValue(BriefingQuery(suggestion.name).command_text)
    return (
        button("Make it a topic", f"{BUTTON_ACTION}:{ADD_SUGGESTION}:{number}", value),
        button("Digest", f"{BUTTON_ACTION}:{DIGEST_SUGGESTION}:{number}", value),
        *build_button("Briefing", Action.ASK, query, f"suggested{number}"),
    )


def encode_suggestion(suggestion: SuggestedTopic) -> str:
    """Return the name and as many words as fit into the value of a button."""
    for count in range(len(suggestion.words), -1, -1):
        value = json.dumps({"name": suggestion.name, "words": suggestion.words[:count]}, ensure_ascii=False)
        if len(value) <= slack_limits.BUTTON_VALUE:
            return value
    return "{}"


def decode_suggestion(value: object) -> tuple[str, tuple[str, ...]] | None:
    """Return the name and the words of a button, or None if the bot did not create it."""
    try:
        fields: Any = json.loads(value) if isinstance(value, str) and len(value) <= slack_limits.BUTTON_VALUE else None
    except (ValueError, RecursionError):
        return None
    match fields:
        case {"name": str(name), "words": list(words)} if all(isinstance(word, str) for word in words):
            return name, tuple(words)
    return None


def _build_menu(topic: Topic, number: int) -> OverflowMenuElement | None:
    choices = [("Edit…", EDIT), ("Digest…", DIGEST), ("Unmute", UNMUTE) if topic.is_muted else ("Mute", MUTE)]
    choices += [("Remove", REMOVE)]
    if len(topic.slug) + 10 > slack_limits.OPTION_VALUE:
        return None
    options = [Option(value=f"{verb} {topic.slug}", text=PlainTextObject(text=label)) for label, verb in choices]
    return OverflowMenuElement(action_id=f"{BUTTON_ACTION}:menu:{number}", options=options)


def _format_summary(summary: TopicSummary) -> str:
    topic = summary.topic
    count = format_count(summary.articles, "article") if summary.articles else "no articles yet"
    newest = f", newest {format_day(summary.newest)}" if summary.newest else ""
    muted = "muted" if topic.is_muted else ""
    return join_with_dots(
        (f"*{mrkdwn.shorten(topic.title, 150)}*", mrkdwn.shorten(topic.slug, 80), count + newest, muted)
    )


def _format_former_names(topic: Topic) -> str:
    names = [f"“{mrkdwn.shorten(name, 80)}”" for name in topic.former_names[-4:]]
    return f"Also found as {', '.join(names)}" if names else ""
