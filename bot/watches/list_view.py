"""Renders watches: the confirmation with a preview, what a change did, and the list with menus."""

from collections.abc import Sequence

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    ConfirmObject,
    MarkdownTextObject,
    Option,
    OverflowMenuElement,
    PlainTextObject,
)

from bot.queries.time_zones import format_zone
from bot.slack.blocks import formatting, mrkdwn
from bot.slack.blocks.formatting import format_channel
from bot.slack.blocks.message import Item, Message, Part, button, buttons, context, header, lay_out_page, section
from bot.watches.command_parser import WatchAction
from bot.watches.found_passage import build_passage
from bot.watches.model import ChannelSettings, ChannelWatch, WatchState
from bot.watches.query_text import describe_query
from briefings.text import format_day
from briefings.watches import WatchPreview

#: parts of action_ids before the colon: buttons of a watch, its menu, and the button that opens the form
BUTTON_ACTION, MENU_ACTION, NEW_WATCH_ACTION = "watch", "watch-menu", "watch-new"
#: days of the preview
PREVIEW_DAYS = 7
_LABELS = {
    WatchAction.PAUSE: "Pause",
    WatchAction.RESUME: "Resume",
    WatchAction.EDIT: "Edit",
    WatchAction.PREVIEW: "Preview",
    WatchAction.STOP: "Stop",
    WatchAction.TAKE: "Take over",
}
_MAX_PREVIEW_QUOTE = 400
#: fewest words of a quotation that a preview shows without its sentence
_MIN_SEPARATE_WORDS = 5


def build_confirmation(watch: ChannelWatch, preview: str) -> Message:
    """Return the confirmation of a new watch. `preview` is markup: what it would have found."""
    text = (
        f"*Watch {watch.number}:* {describe_query(watch.config.query)}\n"
        f"When a new article has this, I'll post who said it {_format_place(watch)}, within seconds. "
        "Further reports go in that message's thread."
    )
    return _add_buttons(text, preview, watch)


def build_edit_confirmation(watch: ChannelWatch, preview: str) -> Message:
    """Return the confirmation of a changed watch."""
    state = "" if watch.is_active else f" It is paused: to resume it, type `/watch resume {watch.number}`."
    return _add_buttons(
        f"*Watch {watch.number}* now looks for {describe_query(watch.config.query)}.{state}", preview, watch
    )


def build_preview(watch: ChannelWatch, preview: str) -> Message:
    """Return what a watch would have found."""
    return _add_buttons(f"*Watch {watch.number}:* {describe_query(watch.config.query)}", preview, watch)


def format_preview(preview: WatchPreview, earlier: WatchPreview | None = None) -> str:
    """Return what the last days have, as markup: the number of matching articles and one match.

    `earlier` is the preview of all days, if the last ones have nothing.
    """
    days = f"the last {PREVIEW_DAYS} days"
    if preview.findings:
        count = f"{len(preview.findings)}{'+' if preview.is_bounded else ''}"
        noun = "article" if count == "1" else "articles"
        return f"In {days} it would have matched {count} {noun}, for example:\n{_format_finding(preview)}"
    if earlier is None or not earlier.findings:
        return f"Nothing in {days}, or before. I'll post when there is something."
    return f"Nothing in {days}. The latest before that:\n{_format_finding(earlier)}"


def describe_change(watches: Sequence[ChannelWatch], action: WatchAction, before: Sequence[ChannelWatch]) -> str:
    """Return what a change did, as markup. `before` are the watches before the change, in the same order."""
    names = ", ".join(str(watch.number) for watch in watches)
    noun = f"Watch {names}" if len(watches) == 1 else f"Watches {names}"
    verb = "is" if len(watches) == 1 else "are"
    selector = str(watches[0].number) if len(watches) == 1 else "all"
    is_same = all(old.state is new.state for old, new in zip(before, watches, strict=True))
    already = " already" if is_same else ""
    match action:
        case WatchAction.PAUSE:
            text = f"{noun} {verb}{already} paused. To resume, type `/watch resume {selector}`."
        case WatchAction.RESUME:
            text = (
                f"{noun} {verb} {'already on' if is_same else 'on again'}. It doesn't report what came in the meantime."
            )
            text = text.replace("It doesn't", "They don't") if len(watches) > 1 else text
        case WatchAction.STOP:
            text = f"{noun} {verb} stopped."
        case _:
            text = f"{noun} {verb} yours now: you get the notices about problems."
    return text + (f"\n{describe_query(watches[0].config.query)}" if len(watches) == 1 else "")


def build_watch_list(watches: Sequence[ChannelWatch], settings: ChannelSettings, note: str = "") -> Message:
    """Return the list of a channel's watches, each with a menu. `note` is markup above it."""
    notes: list[Block] = [section(note)] if note else []
    new_button = button("New watch", NEW_WATCH_ACTION, NEW_WATCH_ACTION)
    closing = describe_settings(settings)
    if not watches:
        text = 'No watches here yet. Set one up, for example: `/watch "lynch-mob"`'
        message_text = f"{note}\n\n{text}" if note else text
        return Message(message_text, (*notes, section(text), *buttons([new_button])))
    items = [Item(format_watch_entry(watch), accessory=build_watch_menu(watch)) for watch in watches]
    title = "Watches here"
    head = [*notes, header(title)]
    tail = [*buttons([new_button]), context(closing)]
    text = "\n\n".join(filter(None, (note, f"*{title}*", *(item.markup for item in items), closing)))
    return Message(text, lay_out_page(head, [Part("", tuple(items))], tail))


def format_watch_entry(watch: ChannelWatch) -> str:
    """Return a watch as markup: number, query, state and owner."""
    state = "" if watch.is_active else f"Paused. {watch.reason or ''}".strip()
    owner = f"Set up by <@{watch.config.owner}>"
    thread = "posts in a thread" if watch.config.thread else ""
    details = formatting.join_with_dots((owner, thread, state))
    return f"*{watch.number}.* {describe_query(watch.config.query)}\n{details}"


def describe_settings(settings: ChannelSettings) -> str:
    """Return the settings of a channel and how to change them, as markup."""
    limit = (
        f"At most {formatting.format_count(settings.hourly_limit, 'message')} an hour here, then one summary"
        if settings.hourly_limit
        else "No limit of messages an hour here"
    )
    quiet = "no quiet hours"
    if settings.quiet_hours:
        quiet = (
            f"quiet hours {settings.quiet_hours} ({mrkdwn.shorten(format_zone(settings.zone), 80)}), then one summary"
        )
    return f"{limit}; {quiet}. To change that, type `/watch limit 5` or `/watch quiet 22:00-07:00`."


def build_watch_buttons(watch: ChannelWatch) -> list[ButtonElement]:
    """Return the three buttons of a watch."""
    first = WatchAction.PAUSE if watch.is_active else WatchAction.RESUME
    elements = []
    for action in (first, WatchAction.EDIT, WatchAction.STOP):
        action_id = f"{BUTTON_ACTION}:{action.value}:{watch.id}"
        element = button(_LABELS[action], action_id, encode_value(watch, action))
        if action is WatchAction.STOP:
            element.confirm = _build_stop_confirmation()
        elements.append(element)
    return elements


def build_watch_menu(watch: ChannelWatch) -> OverflowMenuElement:
    """Return the menu of a watch."""
    first = WatchAction.PAUSE if watch.is_active else WatchAction.RESUME
    options = [
        Option(value=encode_value(watch, action), text=PlainTextObject(text=_LABELS[action], emoji=False))
        for action in (first, WatchAction.EDIT, WatchAction.PREVIEW, WatchAction.TAKE, WatchAction.STOP)
    ]
    return OverflowMenuElement(action_id=f"{MENU_ACTION}:{watch.id}", options=options)


def build_home_section(watches: Sequence[ChannelWatch], max_watches: int) -> list[Block]:
    """Return the App Home section with a user's watches. It shows at most `max_watches`."""
    blocks: list[Block] = [section("*Your watches*")]
    blocks += [
        section(f"{format_watch_entry(watch)} · {format_channel(watch.config.channel)}", build_watch_menu(watch))
        for watch in watches[:max_watches]
    ]
    if len(watches) > max_watches:
        count = len(watches) - max_watches
        blocks.append(context(f"and {count} more. To see them, type `/watch list` in their channels."))
    if not watches:
        blocks.append(context("No watches yet. Set one up to hear as soon as an article has some words or a speaker."))
    return [*blocks, *buttons([button("New watch", NEW_WATCH_ACTION, NEW_WATCH_ACTION)])]


def encode_value(watch: ChannelWatch, action: WatchAction) -> str:
    """Return the value of a button or option: action, channel and number of the watch."""
    return f"{action.value} {watch.config.channel} {watch.number}"


def _add_buttons(text: str, preview: str, watch: ChannelWatch) -> Message:
    full_text = f"{text}\n\n{preview}"
    rows = buttons(build_watch_buttons(watch)) if watch.state is not WatchState.STOPPED else []
    return Message(full_text, (section(text), section(preview), *rows))


def _build_stop_confirmation() -> ConfirmObject:
    return ConfirmObject(
        title="Stop this watch?",
        text=MarkdownTextObject(text="A stopped watch can't be resumed, but you can set up a new one."),
        confirm="Stop",
        deny="Keep",
    )


def _format_place(watch: ChannelWatch) -> str:
    if watch.config.thread:
        return "in this thread"
    return f"in {format_channel(watch.config.channel)}"


def _format_finding(preview: WatchPreview) -> str:
    """Return the newest finding of a preview."""
    article, finding = preview.findings[0]
    passage, hit = build_passage(article, finding)
    if hit is not None and finding.quote is not None:
        heading = formatting.format_hit_speaker(hit)
    else:
        heading = "*In the article's own text*" if hit else "*In the title*"
    words, _ = formatting.format_quote(passage.words, _MAX_PREVIEW_QUOTE, with_quote_marks=passage.is_direct)
    if finding.quote is not None and finding.sentence and len(passage.words.split()) < _MIN_SEPARATE_WORDS:
        sentence, _ = formatting.format_quote(finding.sentence.of(article.text), _MAX_PREVIEW_QUOTE)
        words += f"\nin the sentence\n{sentence}"
    outlet = formatting.format_outlet(passage.outlet, passage.link, with_links=True)
    return f"{heading}\n{words}\n{formatting.join_with_dots((outlet, format_day(passage.day)))}"
