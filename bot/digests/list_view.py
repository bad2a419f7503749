"""Renders scheduled digests: the confirmation, what a change did, and the list with buttons.

Rule: each schedule is shown with its time zone, and the next runs with their dates.
"""

from collections.abc import Sequence
from datetime import datetime

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    ConfirmObject,
    MarkdownTextObject,
    Option,
    OverflowMenuElement,
)

from bot.core import slack_limits
from bot.digests.command_parser import DigestAction
from bot.digests.model import Digest, DigestState
from bot.digests.schedule import Schedule, build_missing_zone_error
from bot.digests.scheduling.local_time import load_zone
from bot.digests.scheduling.rule import Repeat
from bot.digests.scheduling.wording import format_ordinal, format_rule
from bot.queries.time_zones import format_zone
from bot.slack.blocks import mrkdwn
from bot.slack.blocks.formatting import format_channel
from bot.slack.blocks.message import (
    Item,
    Message,
    Part,
    build_message,
    button,
    buttons,
    context,
    header,
    lay_out_page,
    section,
)
from briefings.text import format_day

NEWLINE = "\n"
#: action_ids of the buttons
BUTTON_ACTION, NEW_DIGEST_ACTION = "digest", "digest-new"
_BUTTON_LABELS = {
    DigestAction.NOW: "Send now",
    DigestAction.PREVIEW: "Preview",
    DigestAction.PAUSE: "Pause",
    DigestAction.RESUME: "Resume",
    DigestAction.STOP: "Stop",
    DigestAction.EDIT: "Edit",
}
_SHOWN_RUN_COUNT = 3
_LIST_TITLE = "This channel's digests"


def build_confirmation(digest: Digest, title: str, now: datetime, note: str = "") -> Message:
    """Return the confirmation of a new digest, with its next three runs. `note` is a sentence without markup."""
    text = (
        f"I'll post a digest on *{mrkdwn.shorten(title, 150) or '…'}* in {format_channel(digest.config.channel)} "
        f"{format_schedule(digest)}.\n{format_next_runs(digest, now)}\n"
        f"{mrkdwn.shorten(note, 600) + NEWLINE if note else ''}"
        f"To see what it would post now, type `/digest preview {digest.number}`. To change it, type "
        f"`/digest edit {digest.number}`. To end it, type `/digest stop {digest.number}`."
    )
    return build_message(text)


def build_edit_confirmation(digest: Digest, title: str, now: datetime, note: str = "") -> Message:
    """Return the confirmation of an edited digest. `note` is a sentence without markup."""
    name = f"Digest {digest.number}, *{mrkdwn.shorten(title, 150) or '…'}*,"
    verb = "now comes" if digest.is_active else "is paused. Once resumed, it comes"
    next_step = (
        format_next_runs(digest, now) if digest.is_active else f"To resume it, type `/digest resume {digest.number}`."
    )
    text = f"{name} {verb} {format_schedule(digest)}.\n{next_step}"
    return build_message(text + (NEWLINE + mrkdwn.shorten(note, 600) if note else ""))


def format_schedule(digest: Digest) -> str:
    """Return the schedule with its time zone, such as "every weekday at 08:30 (Europe/London)"."""
    return f"{describe_schedule(digest.config.schedule)} ({_format_zone(digest)})"


def describe_schedule(schedule: Schedule) -> str:
    """Return the schedule as a part of a sentence: "every weekday at 08:30 and on weekends at 10:00"."""
    phrases = [format_rule(rule, is_only=len(schedule.rules) == 1) for rule in schedule.rules]
    replacements = (("weekdays ", "every weekday "), ("weekends ", "on weekends "), ("the ", "on the "))
    for start, replacement in replacements:
        phrases = [
            replacement + phrase.removeprefix(start) if phrase.startswith(start) else phrase for phrase in phrases
        ]
    dates = [n for rule in schedule.rules if rule.cycle.repeat is Repeat.MONTH_DAYS for n in rule.cycle.numbers]
    skipped = f" (months without a {format_ordinal(max(dates))} are skipped)" if max(dates, default=0) > 28 else ""
    return " and ".join(phrases) + skipped


def format_next_runs(digest: Digest, now: datetime) -> str:
    """Return a sentence with the next three runs, in the digest's own time zone."""
    if load_zone(digest.config.zone) is None:
        return str(build_missing_zone_error(digest.config.zone))
    runs = digest.config.schedule.list_next_runs(now, digest.config.zone, _SHOWN_RUN_COUNT)
    run_texts = [_format_run(run) for run in runs]
    return f"Next: {', '.join(run_texts[:-1])} and {run_texts[-1]} ({_format_zone(digest)})."


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
        case DigestAction.TAKE:
            return f"You now own {name}. I'll send you its notices."
        case _:
            return f"Stopped {name}."


def build_digest_list(digests: Sequence[Digest], note: str = "") -> Message:
    """Return the list of a channel's digests with their buttons. `note` is markup above the list."""
    head: list[Block] = [header(_LIST_TITLE), *([section(note)] if note else [])]
    if not digests:
        empty_text = "This channel has no digests yet. Schedule one: `/digest labour-crisis weekdays at 8:30`"
        return Message("\n".join(filter(None, (f"*{_LIST_TITLE}*", note, empty_text))), (*head, section(empty_text)))
    items = [Item(format_digest(digest), _build_digest_row(digest), _build_digest_menu(digest)) for digest in digests]
    text = "\n\n".join([f"*{_LIST_TITLE}*", *filter(None, [note]), *(item.markup for item in items)])
    return Message(text[: slack_limits.TEXT], lay_out_page(head, [Part("", tuple(items))], []))


def format_digest(digest: Digest) -> str:
    """Return one digest as markup: topic, channel, schedule, owner and state."""
    config = digest.config
    headline = (
        f"*{digest.number}. {mrkdwn.shorten(config.query, 200)}* in {format_channel(config.channel)}, "
        f"{format_schedule(digest)}, by <@{config.owner}>"
    )
    zone = load_zone(config.zone)
    if zone is None:
        return f"{headline}\n{mrkdwn.shorten(str(build_missing_zone_error(config.zone)), 300)}"
    if digest.state is DigestState.ACTIVE and digest.next_due:
        return f"{headline}\nNext: {_format_run(digest.next_due.astimezone(zone))}"
    return f"{headline}\n{digest.state.value.capitalize()}. {digest.reason or ''}".rstrip()


def build_new_button() -> ButtonElement:
    """Return the button that opens the form."""
    return button("New digest", NEW_DIGEST_ACTION, NEW_DIGEST_ACTION)


def encode_button_value(digest: Digest, action: DigestAction) -> str:
    """Return the value of a button: action, channel and digest number."""
    return f"{action.value} {digest.config.channel} {digest.number}"


def build_home_section(digests: Sequence[Digest], max_digests: int) -> list[Block]:
    """Return the App Home section with a user's digests. It shows at most `max_digests`."""
    blocks: list[Block] = [section("*Your digests*")]
    for digest in digests[:max_digests]:
        blocks.append(section(format_digest(digest), _build_digest_menu(digest)))
        blocks += buttons(_build_digest_row(digest))
    if len(digests) > max_digests:
        blocks.append(
            context(f"and {len(digests) - max_digests} more. To see them, type `/digest list` in their channels.")
        )
    if not digests:
        blocks.append(context("No digests yet. Schedule one to get updates on a topic in a channel."))
    return [*blocks, *buttons([build_new_button()])]


def _build_digest_row(digest: Digest) -> tuple[ButtonElement, ...]:
    pause_or_resume = DigestAction.PAUSE if digest.is_active else DigestAction.RESUME
    return tuple(_build_button(digest, action) for action in (pause_or_resume, DigestAction.EDIT, DigestAction.STOP))


def _build_digest_menu(digest: Digest) -> OverflowMenuElement:
    """Return the menu of what is used less often. "Stop" is not in it, because it asks for confirmation."""
    actions = (DigestAction.PREVIEW, DigestAction.NOW) if digest.is_active else (DigestAction.PREVIEW,)
    options = [Option(value=encode_button_value(digest, action), text=_BUTTON_LABELS[action]) for action in actions]
    return OverflowMenuElement(action_id=f"{BUTTON_ACTION}:menu:{digest.id}", options=options)


def _format_run(run: datetime) -> str:
    return f"{format_day(run.date())} at {run:%H:%M}"


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
