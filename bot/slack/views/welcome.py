"""Builds the welcome message of a workspace or channel, its buttons, and the forms that these buttons open.

Rule: a welcome says in one sentence what the bot does, has three buttons that work without typing a command, and says
where help is. App Home has the same buttons.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    ConversationFilter,
    ConversationSelectElement,
    PlainTextInputElement,
    PlainTextObject,
    StaticSelectElement,
)
from slack_sdk.models.views import View

from bot.core import slack_limits
from bot.queries.queries import BriefingQuery, Command
from bot.slack.blocks import mrkdwn
from bot.slack.blocks.button_values import Action, ButtonValue, build_button
from bot.slack.blocks.forms import build_form_modal, build_input, build_option
from bot.slack.blocks.message import Message, button, buttons, context, section
from briefings import TopicSummary

#: prefix of the action_ids, and callback_ids of the forms
START_ACTION = "start"
START_BRIEFING, START_WHO_SAID, START_DIGEST, START_FEED = (
    f"{START_ACTION}:{name}" for name in ("briefing", "who-said", "digest", "feed")
)
BRIEFING_CALLBACK, WHO_SAID_CALLBACK, FEED_CALLBACK = "start-briefing", "start-who-said", "start-feed"
#: block ids and action ids of the fields
TOPIC_FIELD, WORDS_FIELD, SPEAKER_FIELD, ADDRESS_FIELD, CHANNEL_FIELD = (
    "topic",
    "words",
    "speaker",
    "address",
    "channel",
)
BRIEFING_TITLE, WHO_SAID_TITLE, FEED_TITLE = "Get a briefing", "Who said it?", "Add a feed"
#: longest text of a field, in characters
_MAX_WORDS, _MAX_ADDRESS = 300, 2_000

_INTRODUCTION = (
    "I answer questions about the news with quotes copied word for word from articles, each linked to its sentence."
)


@dataclass(frozen=True, slots=True)
class Start:
    """What the stored data allows a newcomer to do: the newest topic with articles, and whether feeds are followed."""

    topic: TopicSummary | None = None
    has_feeds: bool = False


def build_workspace_welcome(start: Start) -> Message:
    """Return the direct message after the installation."""
    return _build_welcome(
        f"*Hello, On the Record is ready.* {_INTRODUCTION}",
        "Help: write me “help” here, or open the *Home* tab. To use me in a channel, type `/invite @On the Record` "
        "there.",
        start,
    )


def build_channel_welcome(start: Start) -> Message:
    """Return the message for a channel that the bot was invited to."""
    return _build_welcome(
        f"*Hello, I'm On the Record.* {_INTRODUCTION}",
        f"Help: type `{Command.BRIEFING} help`, or mention me with “help”. "
        "Only you see the answers to buttons and commands.",
        start,
    )


def build_start_buttons(*, can_add_feeds: bool) -> list[Block]:
    """Return the row of buttons for App Home: what a user can do."""
    elements = [
        button(BRIEFING_TITLE, START_BRIEFING, START_BRIEFING),
        button(WHO_SAID_TITLE, START_WHO_SAID, START_WHO_SAID),
        button("Schedule a digest", START_DIGEST, START_DIGEST),
        *([button(FEED_TITLE, START_FEED, START_FEED)] if can_add_feeds else []),
    ]
    elements[0].style = "primary"
    return buttons(elements)


def build_briefing_form(topics: Sequence[TopicSummary]) -> View:
    """Return the form for a briefing: a topic, newest first, or any words."""
    options = [
        build_option(summary.topic.slug, summary.topic.title or summary.topic.slug)
        for summary in topics
        if len(summary.topic.slug) <= slack_limits.OPTION_VALUE
    ][: slack_limits.OPTIONS]
    topic_select = StaticSelectElement(
        action_id=TOPIC_FIELD,
        placeholder="Choose…",
        options=options,
        initial_option=options[0] if options else None,
    )
    fields: list[Block] = [build_input(TOPIC_FIELD, "Topic", topic_select, optional=True)] if options else []
    words_label = "Or any words" if options else "Words"
    fields.append(
        build_input(
            WORDS_FIELD, words_label, _build_text_field(WORDS_FIELD, "for example: budget vote"), optional=bool(options)
        )
    )
    fields += [context("Choose a topic, or type any words. Words win.")] if options else []
    return build_form_modal(BRIEFING_TITLE, "Show", BRIEFING_CALLBACK, fields)


def build_who_said_form() -> View:
    """Return the form that looks up a quote by its words, its speaker, or both."""
    return build_form_modal(
        WHO_SAID_TITLE,
        "Search",
        WHO_SAID_CALLBACK,
        [
            build_input(
                WORDS_FIELD, "Words", _build_text_field(WORDS_FIELD, "some of the words, as quoted"), optional=True
            ),
            build_input(
                SPEAKER_FIELD,
                "Said by",
                _build_text_field(SPEAKER_FIELD, "a first or last name, or both"),
                optional=True,
            ),
            context("Fill in one or both. Quotation marks and capitals make no difference."),
        ],
    )


def build_feed_form(address: str = "") -> View:
    """Return the form that follows a feed, with `address` filled in."""
    channel_select = ConversationSelectElement(
        action_id=CHANNEL_FIELD, filter=ConversationFilter(include=["public", "private"], exclude_bot_users=True)
    )
    address_field = PlainTextInputElement(
        action_id=ADDRESS_FIELD,
        placeholder="https://www.example.org/news",
        initial_value=mrkdwn.make_readable(address)[:_MAX_ADDRESS] or None,
        max_length=_MAX_ADDRESS,
    )
    return build_form_modal(
        FEED_TITLE,
        "Add",
        FEED_CALLBACK,
        [
            build_input(ADDRESS_FIELD, "Address of a feed or a news site", address_field),
            context("New articles are added automatically. Everyone here can then ask about them."),
            build_input(CHANNEL_FIELD, "Tell a channel", channel_select, optional=True),
        ],
    )


def build_feed_result_view(lines: Sequence[str], *, is_added: bool) -> View:
    """Return the result of the form (markup), with what to do next: schedule a digest, or try another address."""
    next_buttons = [button("Add another feed" if is_added else "Try another address", START_FEED, START_FEED)]
    next_buttons += [button("Schedule a digest", START_DIGEST, START_DIGEST)] if is_added else []
    text = "\n".join(lines)[: slack_limits.SECTION_TEXT]
    return View(
        type="modal",
        title=PlainTextObject(text=FEED_TITLE),
        close=PlainTextObject(text="Close"),
        blocks=[section(text or "…"), *buttons(next_buttons)],
    )


def _build_welcome(greeting: str, help_text: str, start: Start) -> Message:
    feed_label = "Add a feed" if start.has_feeds else "Add your first feed"
    elements = [
        _build_briefing_button(start.topic),
        button(WHO_SAID_TITLE, START_WHO_SAID, START_WHO_SAID),
        button(feed_label, START_FEED, START_FEED),
    ]
    elements[0].style = "primary"
    return Message(f"{greeting}\n{help_text}", (section(greeting), *buttons(elements), context(help_text)))


def _build_briefing_button(topic: TopicSummary | None) -> ButtonElement:
    """Return a button that briefs on the newest topic at once, or opens the form if there is none."""
    if topic is not None:
        label = mrkdwn.to_plain_text(f"Brief me: {topic.topic.title or topic.topic.slug}", slack_limits.BUTTON_TEXT)
        value = ButtonValue(BriefingQuery(topic.topic.slug).command_text)
        for element in build_button(label, Action.ASK, value):
            return element
    return button(BRIEFING_TITLE, START_BRIEFING, START_BRIEFING)


def _build_text_field(name: str, placeholder: str) -> PlainTextInputElement:
    return PlainTextInputElement(action_id=name, placeholder=placeholder, max_length=_MAX_WORDS)
