"""Builds the messages about outlets and waiting links.

Rule: a button's value that comes back is untrusted: it is decoded completely or rejected, and its press is checked.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from slack_sdk.models.blocks import Block, ButtonElement

from bot.core import slack_limits
from bot.slack.blocks import mrkdwn
from bot.slack.blocks.formatting import format_count
from bot.slack.blocks.message import Message, button, buttons, section
from bot.storage.review.waiting_links import WaitingLink
from briefings import Article, BadQuestion, OutletChange, Provenance
from briefings.outlets import read_host
from briefings.storage import ConfirmedOutlet
from briefings.text import format_day

#: action_ids of the buttons
CONFIRM_ACTION, ADD_ACTION, REFUSE_ACTION = "outlet-confirm", "waiting-add", "waiting-refuse"
#: most buttons that confirm an outlet, and most waiting links, of one message
MAX_CONFIRMATIONS, MAX_SHOWN_LINKS = 5, 20
#: most confirmed outlets of one message
_MAX_OUTLETS = 50
_MAX_NAME, _MAX_LINK = 100, 300
_OLD_BUTTON = "This button belongs to an older answer. To see what waits, type /briefing waiting"


def describe_doubt(article: Article) -> str:
    """Return what to know about an outlet that is not certain, as plain text."""
    name, claim = article.publisher or "", article.claimed_outlet or ""
    if article.provenance is Provenance.CONTRADICTED:
        return f"{name} calls itself {claim}. That name belongs to other sites, so answers show {name}."
    return f"{name} is unconfirmed: only its page says so."


def build_confirm_buttons(articles: Sequence[Article]) -> list[ButtonElement]:
    """Return a button for each unconfirmed outlet and its host. A contradicted one has none."""
    choices: dict[tuple[str, str], ButtonElement] = {}
    for article in articles:
        host = read_host(article.url)
        if article.provenance is not Provenance.UNCONFIRMED or not article.publisher or host is None:
            continue
        value = json.dumps({"name": article.publisher, "host": host}, ensure_ascii=False)
        if len(value) > slack_limits.BUTTON_VALUE or len(choices) == MAX_CONFIRMATIONS:
            continue
        label = mrkdwn.to_plain_text(f"Confirm {article.publisher} ({host})", slack_limits.BUTTON_TEXT)
        choices.setdefault((article.publisher, host), button(label, f"{CONFIRM_ACTION}:{len(choices)}", value))
    return list(choices.values())


def decode_confirmation(action: Mapping[str, Any]) -> tuple[str, str]:
    """Return the name and the host of a press. Raises BadQuestion."""
    value = action.get("value")
    try:
        fields = json.loads(value) if isinstance(value, str) and len(value) <= slack_limits.BUTTON_VALUE else None
    except (ValueError, RecursionError):
        fields = None
    if isinstance(fields, dict) and fields.keys() == {"name", "host"}:
        match fields["name"], fields["host"]:
            case str(name), str(host):
                return name, host
    raise BadQuestion(_OLD_BUTTON)


def decode_number(action: Mapping[str, Any]) -> int:
    """Return the number of a waiting link. Raises BadQuestion."""
    value = str(action.get("value") or "")
    if not (value.isascii() and value.isdigit() and len(value) <= 9):
        raise BadQuestion(_OLD_BUTTON)
    return int(value)


def build_confirmed(change: OutletChange) -> Message:
    """Return the confirmation of an outlet's host."""
    return _build(
        f"{change.hosts[0]} belongs to {change.name} now. {format_count(change.article_count, 'article')} changed."
    )


def build_removed(change: OutletChange) -> Message:
    """Return the sentence after a confirmation was removed."""
    hosts = ", ".join(change.hosts[:10])
    return _build(f"Removed {change.name} ({hosts}). {format_count(change.article_count, 'article')} changed.")


def build_outlet_list(confirmed: Sequence[ConfirmedOutlet]) -> Message:
    """Return the hosts that admins confirmed."""
    if not confirmed:
        return _build(
            "No outlets were confirmed here. Confirm one: /briefing outlets confirm The Tribune tribune.example"
        )
    lines = [
        f"• *{mrkdwn.shorten(outlet.name, _MAX_NAME)}*: {mrkdwn.shorten(outlet.host, _MAX_NAME)}"
        for outlet in confirmed[:_MAX_OUTLETS]
    ]
    if len(confirmed) > _MAX_OUTLETS:
        lines.append(f"and {len(confirmed) - _MAX_OUTLETS:,} more. To list them, run `ontherecord outlets`.")
    text = "*Confirmed outlets*"
    blocks = [section(text), *(section("\n".join(lines[start : start + 10])) for start in range(0, len(lines), 10))]
    return Message("\n".join([text, *lines]), tuple(blocks))


def build_waiting_list(links: Sequence[WaitingLink]) -> Message:
    """Return the links that wait, each with buttons that add and refuse it."""
    if not links:
        return _build("No links are waiting.")
    lines = [_format_link(link) for link in links[:MAX_SHOWN_LINKS]]
    title = f"*Waiting links*: {format_count(len(links), 'link')}"
    blocks: list[Block] = [section(title)]
    for link, line in zip(links, lines, strict=False):
        blocks += [section(line), *buttons(_build_decision_buttons(link))]
    more = f"and {len(links) - len(lines):,} more" if len(links) > len(lines) else ""
    blocks += [section(more)] if more else []
    return Message("\n".join(filter(None, [title, *lines, more])), tuple(blocks))


def build_waiting_notice(count: int) -> str:
    """Return the sentence for a person whose links wait, as plain text."""
    links, pronoun = ("1 link waits", "it") if count == 1 else (f"{count} links wait", "them")
    return f"{links} for an admin. Answers leave {pronoun} out until then. I'll message you when it's decided."


def _build_decision_buttons(link: WaitingLink) -> list[ButtonElement]:
    return [
        button("Add", f"{ADD_ACTION}:{link.number}", str(link.number)),
        button("Refuse", f"{REFUSE_ACTION}:{link.number}", str(link.number)),
    ]


def _format_link(link: WaitingLink) -> str:
    person = f"<@{link.person}>" if link.person.isalnum() else "somebody"
    return f"{mrkdwn.shorten(link.link, _MAX_LINK)}\nasked by {person} on {format_day(link.asked_at.date())}"


def _build(text: str) -> Message:
    markup = mrkdwn.shorten(text, slack_limits.SECTION_TEXT)
    return Message(markup, (section(markup),))
