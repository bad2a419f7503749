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

from bot import escape, limits
from bot.blocks.message import Item, Message, Part, button, buttons, context, header, lay_out, section
from bot.digests import schedule
from bot.digests.asked import Verb
from bot.digests.model import Digest, State, WhenNothing
from briefings.desk import TopicSummary
from briefings.text.days import spelt

#: callback_id of the form, action_ids, and the places in the form
FORM, PRESS, NEW = "digest-form", "digest", "digest-new"
TOPIC, WORDS, DAYS, TIME, ZONE, CHANNEL, NOTHING = "topic", "words", "days", "time", "zone", "channel", "nothing"
FIELDS = (TOPIC, WORDS, DAYS, TIME, ZONE, CHANNEL, NOTHING)
#: days that the form offers, in the words that a schedule is read from
_OFFERED = ("weekdays", "every day", "weekends", *(f"every {day}" for day in schedule.DAYS))
_LABELS = {Verb.NOW: "Send now", Verb.PREVIEW: "Preview", Verb.PAUSE: "Pause", Verb.RESUME: "Resume", Verb.STOP: "Stop"}
_WHEN_NOTHING = {WhenNothing.SILENT: "Say nothing", WhenNothing.ONE_LINE: "Say so in one line"}
_RUNS = 3
_TITLE = "A new digest"


def confirmed(digest: Digest, title: str, now: datetime) -> Message:
    """What was scheduled, and the next three runs."""
    text = (
        f"Digest {digest.number}, *{escape.short(title, 150) or '…'}*, comes to <#{digest.wish.channel}> "
        f"{when(digest)}.\n{next_runs(digest, now)}\n"
        f"`/digest preview {digest.number}` shows you what it would say now, `/digest stop {digest.number}` ends it."
    )
    return told(text)


def when(digest: Digest) -> str:
    """When it comes and by whose clock: "weekdays at 08:30, Europe/London time"."""
    return f"{digest.wish.schedule}, {escape.short(digest.wish.zone, 80)} time"


def next_runs(digest: Digest, now: datetime) -> str:
    """The next three runs, by the digest's own clock."""
    runs = digest.wish.schedule.next(now, digest.wish.zone, _RUNS)
    told = [f"{spelt(run.date())} at {run:%H:%M}" for run in runs]
    return f"Next: {', '.join(told[:-1])} and {told[-1]} ({escape.short(digest.wish.zone, 80)})."


def told(markup: str) -> Message:
    """A sentence of ours, in markup."""
    return Message(markup, (section(markup),))


def changed(digest: Digest, verb: Verb, now: datetime) -> str:
    """What became of a digest, in markup."""
    name = f"Digest {digest.number} (*{escape.short(digest.wish.ask, 150)}*)"
    match verb:
        case Verb.NOW:
            return f"{name} is sent to <#{digest.wish.channel}> now; if there is nothing new, nothing is posted."
        case Verb.PAUSE:
            return f"{name} is paused: `/digest resume {digest.number}` lets it run again."
        case Verb.RESUME:
            return f"{name} runs again. {next_runs(digest, now)} What it missed is not made up for."
        case _:
            return f"{name} is stopped."


def listed(digests: Sequence[Digest], note: str = "") -> Message:
    """A channel's digests with their buttons."""
    head: list[Block] = [header("Digests of this channel"), *([section(note)] if note else [])]
    if not digests:
        none = "This channel has no digest. Schedule one: `/digest labour-crisis weekdays at 8:30`"
        return Message("\n".join(filter(None, (note, none))), (*head, section(none)))
    items = [Item(line(digest), row(digest)) for digest in digests]
    text = "\n\n".join(["*Digests of this channel*", *filter(None, [note]), *(item.markup for item in items)])
    return Message(text[: limits.TEXT], lay_out(head, [Part("", tuple(items))], []))


def line(digest: Digest) -> str:
    """One digest: what, when, whose, how it goes."""
    wish = digest.wish
    told = f"*{digest.number}. {escape.short(wish.ask, 200)}* in <#{wish.channel}>, {when(digest)}, by <@{wish.owner}>"
    if digest.state is State.ACTIVE and digest.next_due:
        due = digest.next_due.astimezone(ZoneInfo(wish.zone))
        return f"{told}\nNext: {spelt(due.date())} at {due:%H:%M}"
    return f"{told}\n{digest.state.value.capitalize()}. {digest.why or ''}".rstrip()


def row(digest: Digest) -> tuple[ButtonElement, ...]:
    """Its buttons."""
    turn = Verb.PAUSE if digest.runs else Verb.RESUME
    verbs = (turn, Verb.NOW, Verb.PREVIEW, Verb.STOP) if digest.runs else (turn, Verb.PREVIEW, Verb.STOP)
    return tuple(_button(digest, verb) for verb in verbs)


def new() -> ButtonElement:
    """The button that opens the form."""
    return button("New digest", NEW, NEW)


def value(digest: Digest, verb: Verb) -> str:
    """What a button says: the verb, the channel, the number."""
    return f"{verb.value} {digest.wish.channel} {digest.number}"


def form(topics: Sequence[TopicSummary], *, ask: str, zone: str, channel: str) -> View:
    """The form, filled in as far as is known: `ask` "", `zone` "" or `channel` "" are left to the person."""
    chosen = next((one for one in topics if one.topic.slug == ask), None)
    options = [_option(one.topic.slug, one.topic.title) for one in topics if len(one.topic.slug) <= limits.OPTION_VALUE]
    options = options[: limits.OPTIONS]
    days = [_option(words, words[0].upper() + words[1:]) for words in _OFFERED]
    nothing = [_option(one.value, label) for one, label in _WHEN_NOTHING.items()]
    where = ConversationSelectElement(
        action_id=CHANNEL,
        initial_conversation=channel or None,
        default_to_current_conversation=None if channel else True,
        filter=ConversationFilter(include=["public", "private"], exclude_bot_users=True),
    )
    typed = PlainTextInputElement(action_id=WORDS, initial_value=(None if chosen else ask or None), max_length=200)
    picked = next((one for one in options if one.value == ask), None)
    blocks: list[Block] = [
        *([_input(TOPIC, "Topic", _select(TOPIC, options, picked), optional=True)] if options else []),
        _input(WORDS, "Or any words", typed, optional=True),
        _input(DAYS, "Days", _select(DAYS, days, days[0])),
        _input(TIME, "Time", PlainTextInputElement(action_id=TIME, initial_value="8:30", max_length=40)),
        _input(ZONE, "Time zone", PlainTextInputElement(action_id=ZONE, initial_value=zone or None, max_length=80)),
        _input(CHANNEL, "Channel", where),
        _input(NOTHING, "When there is nothing new", _select(NOTHING, nothing, nothing[0])),
        context("Other days: type for example `/digest labour-crisis every Monday and Thursday 17:00`."),
    ]
    return View(
        type="modal",
        title=PlainTextObject(text=_TITLE),
        submit=PlainTextObject(text="Schedule"),
        close=PlainTextObject(text="Cancel"),
        callback_id=FORM,
        blocks=blocks,
    )


def done(message: Message) -> View:
    """The confirmation in the place of the form."""
    title, close = PlainTextObject(text=_TITLE), PlainTextObject(text="Close")
    return View(type="modal", title=title, close=close, blocks=list(message.blocks))


def at_home(digests: Sequence[Digest], most: int) -> list[Block]:
    """What somebody has scheduled, for their App Home; at most so many are shown."""
    blocks: list[Block] = [section("*Your digests*")]
    for digest in digests[:most]:
        blocks.append(section(line(digest)))
        blocks += buttons(row(digest))
    if len(digests) > most:
        blocks.append(context(f"and {len(digests) - most} more: type `/digest list` in their channels."))
    if not digests:
        blocks.append(context("None yet: what is new on a topic can come to a channel when you say."))
    return [*blocks, *buttons([new()])]


def _button(digest: Digest, verb: Verb) -> ButtonElement:
    made = button(_LABELS[verb], f"{PRESS}:{verb.value}:{digest.id}", value(digest, verb))
    if verb is Verb.STOP:
        made.confirm = ConfirmObject(
            title="Stop this digest?",
            text=MarkdownTextObject(text="It never comes again. You can schedule another."),
            confirm="Stop it",
            deny="Keep it",
        )
    return made


def _option(key: str, label: str) -> Option:
    return Option(value=key, text=PlainTextObject(text=escape.plain(label, limits.OPTION_TEXT) or "…"))


def _select(action: str, options: list[Option], picked: Option | None) -> StaticSelectElement:
    return StaticSelectElement(action_id=action, placeholder="Choose…", options=options, initial_option=picked)


def _input(
    name: str,
    label: str,
    element: StaticSelectElement | PlainTextInputElement | ConversationSelectElement,
    *,
    optional: bool = False,
) -> InputBlock:
    return InputBlock(block_id=name, label=label, element=element, optional=optional)
