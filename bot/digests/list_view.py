"""Renders scheduled digests: the confirmation, the list with buttons, and the form that schedules one.

Rule: each schedule is shown with its time zone, and the next runs with their dates.
"""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    ConfirmObject,
    ConversationFilter,
    ConversationSelectElement,
    InputBlock,
    MarkdownTextObject,
    Option,
    PlainTextInputElement,
    PlainTextObject,
    StaticSelectElement,
)
from slack_sdk.models.views import View

from bot.core import slack_limits
from bot.digests import schedule
from bot.digests.command_parser import DigestAction
from bot.digests.model import Digest, DigestState, WhenNothing
from bot.queries.time_zones import format_zone
from bot.slack.blocks import mrkdwn
from bot.slack.blocks.formatting import format_channel
from bot.slack.blocks.message import Item, Message, Part, button, buttons, context, header, lay_out_page, section
from briefings import TopicSummary
from briefings.text import format_day

#: callback_id of the form, action_ids of the buttons, and block_ids of the form's fields
FORM_CALLBACK, BUTTON_ACTION, NEW_DIGEST_ACTION = "digest-form", "digest", "digest-new"
TOPIC_FIELD, WORDS_FIELD, DAYS_FIELD, TIME_FIELD, ZONE_FIELD, CHANNEL_FIELD, WHEN_NOTHING_FIELD = (
    "topic",
    "words",
    "days",
    "time",
    "zone",
    "channel",
    "nothing",
)
FIELDS = (TOPIC_FIELD, WORDS_FIELD, DAYS_FIELD, TIME_FIELD, ZONE_FIELD, CHANNEL_FIELD, WHEN_NOTHING_FIELD)
#: choices of days in the form, in words that the schedule parser reads
_DAY_CHOICES = ("weekdays", "every day", "weekends", *(f"every {day}" for day in schedule.DAYS))
_BUTTON_LABELS = {
    DigestAction.NOW: "Send now",
    DigestAction.PREVIEW: "Preview",
    DigestAction.PAUSE: "Pause",
    DigestAction.RESUME: "Resume",
    DigestAction.STOP: "Stop",
}
_WHEN_NOTHING_LABELS = {WhenNothing.SILENT: "Don't post", WhenNothing.ONE_LINE: "Post a short note"}
FORM_TITLE = "New digest"
_SHOWN_RUN_COUNT = 3
_LIST_TITLE = "This channel's digests"


def build_confirmation(digest: Digest, title: str, now: datetime) -> Message:
    """Return the confirmation of a new digest, with its next three runs."""
    text = (
        f"I'll post a *{mrkdwn.shorten(title, 150) or '…'}* digest in {format_channel(digest.config.channel)} "
        f"{format_schedule(digest)}.\n{format_next_runs(digest, now)}\n"
        f"To see what it would post now, type `/digest preview {digest.number}`. "
        f"To end it, type `/digest stop {digest.number}`."
    )
    return build_message(text)


def format_schedule(digest: Digest) -> str:
    """Return the schedule with its time zone, such as "every weekday at 08:30 (Europe/London)"."""
    schedule_text = str(digest.config.schedule)
    for days, phrase in (("weekdays ", "every weekday "), ("weekends ", "on weekends ")):
        if schedule_text.startswith(days):
            schedule_text = phrase + schedule_text.removeprefix(days)
    return f"{schedule_text} ({_format_zone(digest)})"


def format_next_runs(digest: Digest, now: datetime) -> str:
    """Return a sentence with the next three runs, in the digest's own time zone."""
    runs = digest.config.schedule.list_next_runs(now, digest.config.zone, _SHOWN_RUN_COUNT)
    run_texts = [f"{format_day(run.date())} at {run:%H:%M}" for run in runs]
    return f"Next: {', '.join(run_texts[:-1])} and {run_texts[-1]} ({_format_zone(digest)})."


def build_message(markup: str) -> Message:
    """Return a message with this markup."""
    return Message(markup, (section(markup),))


def describe_change(digest: Digest, action: DigestAction, now: datetime) -> str:
    """Return markup that says what an action did to a digest."""
    name = f"digest {digest.number} (*{mrkdwn.shorten(digest.config.query, 150)}*)"
    match action:
        case DigestAction.NOW:
            return (
                f"Sending {name} to {format_channel(digest.config.channel)} now. If nothing is new, nothing is posted."
            )
        case DigestAction.PAUSE:
            return f"Paused {name}. To resume it, type `/digest resume {digest.number}`."
        case DigestAction.RESUME:
            return f"Resumed {name}. {format_next_runs(digest, now)} Missed posts are not sent."
        case _:
            return f"Stopped {name}."


def build_digest_list(digests: Sequence[Digest], note: str = "") -> Message:
    """Return the list of a channel's digests with their buttons. `note` is markup above the list."""
    head: list[Block] = [header(_LIST_TITLE), *([section(note)] if note else [])]
    if not digests:
        empty_text = "This channel has no digests yet. Schedule one: `/digest labour-crisis weekdays at 8:30`"
        return Message("\n".join(filter(None, (note, empty_text))), (*head, section(empty_text)))
    items = [Item(format_digest(digest), build_digest_buttons(digest)) for digest in digests]
    text = "\n\n".join([f"*{_LIST_TITLE}*", *filter(None, [note]), *(item.markup for item in items)])
    return Message(text[: slack_limits.TEXT], lay_out_page(head, [Part("", tuple(items))], []))


def format_digest(digest: Digest) -> str:
    """Return one digest as markup: topic, channel, schedule, owner and state."""
    config = digest.config
    headline = (
        f"*{digest.number}. {mrkdwn.shorten(config.query, 200)}* in {format_channel(config.channel)}, "
        f"{format_schedule(digest)}, by <@{config.owner}>"
    )
    if digest.state is DigestState.ACTIVE and digest.next_due:
        next_run = digest.next_due.astimezone(ZoneInfo(config.zone))
        return f"{headline}\nNext: {format_day(next_run.date())} at {next_run:%H:%M}"
    return f"{headline}\n{digest.state.value.capitalize()}. {digest.reason or ''}".rstrip()


def build_digest_buttons(digest: Digest) -> tuple[ButtonElement, ...]:
    """Return the buttons of a digest."""
    pause_or_resume = DigestAction.PAUSE if digest.is_active else DigestAction.RESUME
    actions = (
        (pause_or_resume, DigestAction.NOW, DigestAction.PREVIEW, DigestAction.STOP)
        if digest.is_active
        else (pause_or_resume, DigestAction.PREVIEW, DigestAction.STOP)
    )
    return tuple(_build_button(digest, action) for action in actions)


def build_new_button() -> ButtonElement:
    """Return the button that opens the form."""
    return button("New digest", NEW_DIGEST_ACTION, NEW_DIGEST_ACTION)


def encode_button_value(digest: Digest, action: DigestAction) -> str:
    """Return the value of a button: action, channel and digest number."""
    return f"{action.value} {digest.config.channel} {digest.number}"


def build_form_view(topics: Sequence[TopicSummary], *, topic_or_words: str, zone: str, channel: str) -> View:
    """Return the form with the known values filled in. An argument of "" leaves its field to the user."""
    chosen_topic = next((candidate for candidate in topics if candidate.topic.slug == topic_or_words), None)
    options = [
        _build_option(candidate.topic.slug, candidate.topic.title)
        for candidate in topics
        if len(candidate.topic.slug) <= slack_limits.OPTION_VALUE
    ]
    options = options[: slack_limits.OPTIONS]
    day_options = [_build_option(day_words, day_words[0].upper() + day_words[1:]) for day_words in _DAY_CHOICES]
    when_nothing_options = [_build_option(candidate.value, label) for candidate, label in _WHEN_NOTHING_LABELS.items()]
    channel_select = ConversationSelectElement(
        action_id=CHANNEL_FIELD,
        initial_conversation=channel or None,
        default_to_current_conversation=None if channel else True,
        filter=ConversationFilter(include=["public", "private"], exclude_bot_users=True),
    )
    words_input = PlainTextInputElement(
        action_id=WORDS_FIELD, initial_value=(None if chosen_topic else topic_or_words or None), max_length=200
    )
    initial_topic = next((candidate for candidate in options if candidate.value == topic_or_words), None)
    blocks: list[Block] = [
        *(
            [_build_input(TOPIC_FIELD, "Topic", _build_select(TOPIC_FIELD, options, initial_topic), optional=True)]
            if options
            else []
        ),
        _build_input(WORDS_FIELD, "Or any words", words_input, optional=True),
        _build_input(DAYS_FIELD, "Days", _build_select(DAYS_FIELD, day_options, day_options[0])),
        _build_input(
            TIME_FIELD, "Time", PlainTextInputElement(action_id=TIME_FIELD, initial_value="8:30", max_length=40)
        ),
        _build_input(
            ZONE_FIELD,
            "Time zone",
            PlainTextInputElement(action_id=ZONE_FIELD, initial_value=zone or None, max_length=80),
        ),
        _build_input(CHANNEL_FIELD, "Channel", channel_select),
        _build_input(
            WHEN_NOTHING_FIELD,
            "If nothing is new",
            _build_select(WHEN_NOTHING_FIELD, when_nothing_options, when_nothing_options[0]),
        ),
        context("For other days, type for example `/digest labour-crisis every Monday and Thursday 17:00`."),
    ]
    return View(
        type="modal",
        title=PlainTextObject(text=FORM_TITLE),
        submit=PlainTextObject(text="Schedule"),
        close=PlainTextObject(text="Cancel"),
        callback_id=FORM_CALLBACK,
        blocks=blocks,
    )


def build_confirmation_view(message: Message) -> View:
    """Return the view that replaces the form after a digest is scheduled."""
    title, close = PlainTextObject(text=FORM_TITLE), PlainTextObject(text="Close")
    return View(type="modal", title=title, close=close, blocks=list(message.blocks))


def build_home_section(digests: Sequence[Digest], max_digests: int) -> list[Block]:
    """Return the App Home section with a user's digests. It shows at most `max_digests`."""
    blocks: list[Block] = [section("*Your digests*")]
    for digest in digests[:max_digests]:
        blocks.append(section(format_digest(digest)))
        blocks += buttons(build_digest_buttons(digest))
    if len(digests) > max_digests:
        blocks.append(
            context(f"and {len(digests) - max_digests} more. To see them, type `/digest list` in their channels.")
        )
    if not digests:
        blocks.append(context("No digests yet. Schedule one to get updates on a topic in a channel."))
    return [*blocks, *buttons([build_new_button()])]


def _format_zone(digest: Digest) -> str:
    return mrkdwn.shorten(format_zone(digest.config.zone), 80)


def _build_button(digest: Digest, action: DigestAction) -> ButtonElement:
    action_id = f"{BUTTON_ACTION}:{action.value}:{digest.id}"
    element = button(_BUTTON_LABELS[action], action_id, encode_button_value(digest, action))
    if action is DigestAction.STOP:
        element.confirm = ConfirmObject(
            title="Stop this digest?",
            text=MarkdownTextObject(text="A stopped digest can't be resumed, but you can schedule a new one."),
            confirm="Stop",
            deny="Keep",
        )
    return element


def _build_option(key: str, label: str) -> Option:
    return Option(value=key, text=PlainTextObject(text=mrkdwn.to_plain_text(label, slack_limits.OPTION_TEXT) or "…"))


def _build_select(action: str, options: list[Option], initial_option: Option | None) -> StaticSelectElement:
    return StaticSelectElement(action_id=action, placeholder="Choose…", options=options, initial_option=initial_option)


def _build_input(
    name: str,
    label: str,
    element: StaticSelectElement | PlainTextInputElement | ConversationSelectElement,
    *,
    optional: bool = False,
) -> InputBlock:
    return InputBlock(block_id=name, label=label, element=element, optional=optional)
