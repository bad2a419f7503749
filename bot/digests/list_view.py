"""Digests as they are scheduled: confirmed, listed, and the form that schedules one.

Rule: when a digest comes is always told with its zone, and with the days themselves.
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
from bot.slack.blocks import mrkdwn
from bot.slack.blocks.message import Item, Message, Part, button, buttons, context, header, lay_out_page, section
from briefings import TopicSummary
from briefings.text import format_day

#: callback_id of the form, action_ids, and the places in the form
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
#: days that the form offers, in the words that a schedule is read from
_DAY_CHOICES = ("weekdays", "every day", "weekends", *(f"every {day}" for day in schedule.DAYS))
_BUTTON_LABELS = {
    DigestAction.NOW: "Send now",
    DigestAction.PREVIEW: "Preview",
    DigestAction.PAUSE: "Pause",
    DigestAction.RESUME: "Resume",
    DigestAction.STOP: "Stop",
}
_WHEN_NOTHING_LABELS = {WhenNothing.SILENT: "Say nothing", WhenNothing.ONE_LINE: "Say so in one line"}
_SHOWN_RUN_COUNT = 3
_FORM_TITLE = "A new digest"


def build_confirmation(digest: Digest, title: str, now: datetime) -> Message:
    """What was scheduled, and the next three runs."""
    text = (
        f"Digest {digest.number}, *{mrkdwn.shorten(title, 150) or '…'}*, comes to <#{digest.config.channel}> "
        f"{format_schedule(digest)}.\n{format_next_runs(digest, now)}\n"
        f"`/digest preview {digest.number}` shows you what it would say now, `/digest stop {digest.number}` ends it."
    )
    return build_message(text)


def format_schedule(digest: Digest) -> str:
    """When it comes and by whose clock: "weekdays at 08:30, Europe/London time"."""
    return f"{digest.config.schedule}, {mrkdwn.shorten(digest.config.zone, 80)} time"


def format_next_runs(digest: Digest, now: datetime) -> str:
    """The next three runs, by the digest's own clock."""
    runs = digest.config.schedule.list_next_runs(now, digest.config.zone, _SHOWN_RUN_COUNT)
    run_texts = [f"{format_day(run.date())} at {run:%H:%M}" for run in runs]
    return f"Next: {', '.join(run_texts[:-1])} and {run_texts[-1]} ({mrkdwn.shorten(digest.config.zone, 80)})."


def build_message(markup: str) -> Message:
    """A sentence of ours, in markup."""
    return Message(markup, (section(markup),))


def describe_change(digest: Digest, verb: DigestAction, now: datetime) -> str:
    """What became of a digest, in markup."""
    name = f"Digest {digest.number} (*{mrkdwn.shorten(digest.config.query, 150)}*)"
    match verb:
        case DigestAction.NOW:
            return f"{name} is sent to <#{digest.config.channel}> now; if there is nothing new, nothing is posted."
        case DigestAction.PAUSE:
            return f"{name} is paused: `/digest resume {digest.number}` lets it run again."
        case DigestAction.RESUME:
            return f"{name} runs again. {format_next_runs(digest, now)} What it missed is not made up for."
        case _:
            return f"{name} is stopped."


def build_digest_list(digests: Sequence[Digest], note: str = "") -> Message:
    """A channel's digests with their buttons."""
    head: list[Block] = [header("Digests of this channel"), *([section(note)] if note else [])]
    if not digests:
        empty_text = "This channel has no digest. Schedule one: `/digest labour-crisis weekdays at 8:30`"
        return Message("\n".join(filter(None, (note, empty_text))), (*head, section(empty_text)))
    items = [Item(format_digest(digest), build_digest_buttons(digest)) for digest in digests]
    text = "\n\n".join(["*Digests of this channel*", *filter(None, [note]), *(item.markup for item in items)])
    return Message(text[: slack_limits.TEXT], lay_out_page(head, [Part("", tuple(items))], []))


def format_digest(digest: Digest) -> str:
    """One digest: what, when, whose, how it goes."""
    config = digest.config
    headline = f"*{digest.number}. {mrkdwn.shorten(config.query, 200)}* in <#{config.channel}>, {format_schedule(digest)}, by <@{config.owner}>"
    if digest.state is DigestState.ACTIVE and digest.next_due:
        next_run = digest.next_due.astimezone(ZoneInfo(config.zone))
        return f"{headline}\nNext: {format_day(next_run.date())} at {next_run:%H:%M}"
    return f"{headline}\n{digest.state.value.capitalize()}. {digest.reason or ''}".rstrip()


def build_digest_buttons(digest: Digest) -> tuple[ButtonElement, ...]:
    """Its buttons."""
    pause_or_resume = DigestAction.PAUSE if digest.is_active else DigestAction.RESUME
    verbs = (
        (pause_or_resume, DigestAction.NOW, DigestAction.PREVIEW, DigestAction.STOP)
        if digest.is_active
        else (pause_or_resume, DigestAction.PREVIEW, DigestAction.STOP)
    )
    return tuple(_build_button(digest, verb) for verb in verbs)


def build_new_button() -> ButtonElement:
    """The button that opens the form."""
    return button("New digest", NEW_DIGEST_ACTION, NEW_DIGEST_ACTION)


def encode_button_value(digest: Digest, verb: DigestAction) -> str:
    """What a button says: the verb, the channel, the number."""
    return f"{verb.value} {digest.config.channel} {digest.number}"


def build_form_view(topics: Sequence[TopicSummary], *, topic_or_words: str, zone: str, channel: str) -> View:
    """The form, filled in as far as is known: `ask` "", `zone` "" or `channel` "" are left to the person."""
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
            "When there is nothing new",
            _build_select(WHEN_NOTHING_FIELD, when_nothing_options, when_nothing_options[0]),
        ),
        context("Other days: type for example `/digest labour-crisis every Monday and Thursday 17:00`."),
    ]
    return View(
        type="modal",
        title=PlainTextObject(text=_FORM_TITLE),
        submit=PlainTextObject(text="Schedule"),
        close=PlainTextObject(text="Cancel"),
        callback_id=FORM_CALLBACK,
        blocks=blocks,
    )


def build_confirmation_view(message: Message) -> View:
    """The confirmation in the place of the form."""
    title, close = PlainTextObject(text=_FORM_TITLE), PlainTextObject(text="Close")
    return View(type="modal", title=title, close=close, blocks=list(message.blocks))


def build_home_section(digests: Sequence[Digest], max_digests: int) -> list[Block]:
    """What somebody has scheduled, for their App Home; at most so many are shown."""
    blocks: list[Block] = [section("*Your digests*")]
    for digest in digests[:max_digests]:
        blocks.append(section(format_digest(digest)))
        blocks += buttons(build_digest_buttons(digest))
    if len(digests) > max_digests:
        blocks.append(context(f"and {len(digests) - max_digests} more: type `/digest list` in their channels."))
    if not digests:
        blocks.append(context("None yet: what is new on a topic can come to a channel when you say."))
    return [*blocks, *buttons([build_new_button()])]


def _build_button(digest: Digest, verb: DigestAction) -> ButtonElement:
    element = button(
        _BUTTON_LABELS[verb], f"{BUTTON_ACTION}:{verb.value}:{digest.id}", encode_button_value(digest, verb)
    )
    if verb is DigestAction.STOP:
        element.confirm = ConfirmObject(
            title="Stop this digest?",
            text=MarkdownTextObject(text="It never comes again. You can schedule another."),
            confirm="Stop it",
            deny="Keep it",
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
