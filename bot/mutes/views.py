"""Renders muted sources: the list, what a change did, and the line below answers that leave something out."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block, ButtonElement

from bot.mutes.model import Mute, MuteTarget, SourceKind
from bot.slack.blocks import mrkdwn
from bot.slack.blocks.message import (
    Item,
    Message,
    Part,
    build_screen_reader_text,
    button,
    buttons,
    context,
    header,
    lay_out_page,
    section,
)
from briefings.text import format_day

#: action_id of the buttons that unmute a source; the value is its key
UNMUTE_ACTION = "sources-unmute"
_TITLE = "Muted sources of this channel"
_MAX_LABEL = 120
_SCOPE = "Briefings, quotes, digests and watches in this channel leave them out. Other channels don't change."


def format_note(count: int) -> str:
    """Return the line below an answer that leaves out `count` muted sources, as markup."""
    sources, pronoun = ("1 muted source is", "it") if count == 1 else (f"{count} muted sources are", "them")
    return f"{sources} left out. To see {pronoun}, type `/sources`."


def build_list(mutes: Sequence[Mute]) -> Message:
    """Return what the channel mutes, with a button for each source to bring it back."""
    if not mutes:
        text = "This channel has no muted sources. To leave one out, type `/sources mute The Tribune`."
        return Message(text, (section(text),))
    head: list[Block] = [header(_TITLE)]
    items = [
        Item(_format_mute(number, mute), accessory=_build_unmute_button(mute.target, str(number)))
        for number, mute in enumerate(mutes, 1)
    ]
    parts = [Part("", tuple(items))]
    return Message(
        build_screen_reader_text(f"*{_TITLE}*", parts, parts, _SCOPE), lay_out_page(head, parts, [context(_SCOPE)])
    )


def build_muted(new_targets: Sequence[MuteTarget], targets: Sequence[MuteTarget]) -> Message:
    """Return the confirmation of muted sources. Those that are not new were muted before."""
    known_targets = [target for target in targets if target not in new_targets]
    sentences = []
    if new_targets:
        sentences.append(f"Muted in this channel: {_join_labels(new_targets)}.")
    if known_targets:
        sentences.append(f"Already muted: {_join_labels(known_targets)}.")
    pronoun = "it" if len(new_targets) == 1 else "them"
    sentences.append(f"From now on, answers, digests and watches here leave {pronoun} out." if new_targets else "")
    sentences.append("To bring one back, type `/sources`." if len(targets) > 1 else "")
    text = " ".join(filter(None, sentences))
    undo = [_build_unmute_button(targets[0], "undo")] if len(targets) == 1 else []
    return Message(text, (section(text), *buttons(undo)))


def build_unmuted(targets: Sequence[MuteTarget]) -> Message:
    """Return the confirmation of sources that are read again."""
    text = f"This channel reads these again: {_join_labels(targets)}."
    return Message(text, (section(text),))


def _format_mute(number: int, mute: Mute) -> str:
    kind = "" if mute.target.kind is SourceKind.OUTLET else " (articles at this address)"
    person = f"<@{mute.person}>" if mute.person.isalnum() else "somebody"
    day = format_day(mute.created_at.date())
    return f"{number}. *{_format_label(mute.target)}*{kind}\nmuted by {person} on {day}"


def _build_unmute_button(target: MuteTarget, suffix: str) -> ButtonElement:
    return button("Unmute", f"{UNMUTE_ACTION}:{suffix}", target.key)


def _join_labels(targets: Sequence[MuteTarget]) -> str:
    return ", ".join(f"*{_format_label(target)}*" for target in targets[:20])


def _format_label(target: MuteTarget) -> str:
    return mrkdwn.shorten(target.label, _MAX_LABEL) or "…"
