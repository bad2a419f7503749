"""Renderer: the page, messages, modals and changes as HTML, from the bot's payloads.

Rule: all templates use autoescape. Text objects go through `to_html` or `plain_to_html`, and URLs through `safe_link`.
The page loads nothing from other hosts, so it shows only the alt text of images. Times are on the workspace's clock.
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime

from jinja2 import Environment, PackageLoader
from markupsafe import Markup

from bot.simulator.endpoints import INJECTED_FAULTS
from bot.simulator.pages import (
    AgendaEntry,
    describe_run,
    find_next_digest,
    plain_to_html,
    render_link,
    safe_link,
    to_html,
)
from bot.simulator.state import limit_usage
from bot.simulator.state.clock import TurnableClock, format_moment
from bot.simulator.state.model import INVITE, Channel, Message, Person, View
from bot.simulator.state.validation import Json
from bot.simulator.state.workspace import Workspace

#: mrkdwn marks, which a screen reader must not announce
_STYLE_MARKS = re.compile(r"[*_~`>]")
#: maximum length of the announcement of a message
_MAX_ANNOUNCED = 120


class PageRenderer:
    """Renders the templates for one workspace and its clock."""

    def __init__(self, workspace: Workspace, clock: TurnableClock | None = None) -> None:
        self._workspace = workspace
        self._clock = clock or TurnableClock(workspace.clock)
        self._names = _map_names(workspace.people, workspace.channels)
        self._templates = Environment(
            loader=PackageLoader("bot.simulator"), autoescape=True, trim_blocks=True, lstrip_blocks=True
        )
        self._templates.globals |= {
            "rich": self._render_text_object,
            "link": render_link,
            "safe_link": safe_link,
            "channels": workspace.channels,
            "describe_run": describe_run,
            "summarize": limit_usage.summarize_usages,
        }
        self._templates.filters |= {
            "mrkdwn": self._render_mrkdwn,
            "pretty": _format_json,
            "moment": format_moment,
            "hour": _format_hour,
        }

    def render_page(self, channel: Channel, epoch: str, *, at_home: bool = False) -> Markup:
        """Render the whole page for `channel` or the App Home; `epoch` identifies this run of the server."""
        entries = [entry for entry in self._workspace.list_changes_since(channel.id, 0) if not entry.deleted]
        return self._render(
            "page.html",
            workspace=self._workspace,
            commands=(*self._workspace.commands, *(() if channel.is_im else (INVITE,))),
            channel=channel,
            at_home=at_home,
            epoch=epoch,
            entries=[self.render_message(entry) for entry in entries if not self._workspace.is_reply(entry)],
            modal=self.render_modal(),
            home=self.render_home(),
            clock=self._build_clock(),
            faults=INJECTED_FAULTS,
        )

    def build_changes(self, channel: Channel, after: int) -> Json:
        """Return the changes in `channel`, and in the workspace, after a version."""
        workspace = self._workspace
        changes: Json = {
            "version": workspace.version,
            "messages": [self.build_change(message) for message in workspace.list_changes_since(channel.id, after)],
            "threads": [
                {"id": ts, "html": self.render_replies(ts)} for ts in workspace.list_changed_threads(channel.id, after)
            ],
        }
        if workspace.modals_version > after:
            changes["modal"] = self.render_modal()
        if workspace.home_version > after:
            changes["home"] = self.render_home()
        if workspace.panel_version > after:
            changes["panel"] = {"prompts": list(workspace.prompts), "status": workspace.status}
        if workspace.clock_version > after:
            changes["clock"] = self._build_clock()
        return changes

    def build_change(self, message: Message) -> Json:
        """Return a message for the page: its id, its thread, its HTML (None if deleted), and its announcement."""
        thread_ts = message.thread if self._workspace.is_reply(message) else ""
        html = None if message.deleted else self.render_message(message)
        announcement = f"{message.author.real_name}: {_STYLE_MARKS.sub('', message.text)[:_MAX_ANNOUNCED]}"
        return {"id": message.ts, "thread": thread_ts, "html": html, "spoken": announcement}

    def render_message(self, message: Message) -> Markup:
        """Render one entry of a channel or thread."""
        return self._render(
            "message.html",
            message=message,
            shortcuts=self._workspace.shortcuts,
            is_reply=self._workspace.is_reply(message),
            replies=self.render_replies(message.ts),
            usages=limit_usage.measure_message(message.payload) if message.payload is not None else (),
        )

    def render_replies(self, ts: str) -> Markup:
        """Render the number of replies to a message and the time of the last one; empty without replies."""
        if ts == self._workspace.panel_ts:
            return Markup("")
        return self._render("replies.html", ts=ts, replies=self._workspace.list_visible_replies(ts))

    def render_inspection(self, message: Message) -> Markup:
        """Render the exchanges of a message and its use of Slack's limits."""
        usages = limit_usage.measure_message(message.payload) if message.payload is not None else ()
        return self._render("inspect.html", exchanges=message.exchanges, payload=message.payload, usages=usages)

    def render_view_inspection(self, view: View) -> Markup:
        """Render the payload of a modal or the App Home, and its use of Slack's limits."""
        return self._render("inspect.html", exchanges=(), payload=view.body, usages=limit_usage.measure_view(view.body))

    def render_modal(self) -> Markup:
        """Render the top modal, or nothing."""
        modals = self._workspace.modals
        if not modals:
            return Markup("")
        usages = limit_usage.measure_view(modals[-1].body)
        return self._render("modal.html", view=modals[-1], depth=len(modals), usages=usages)

    def render_home(self) -> Markup:
        """Render the published App Home, or nothing."""
        view = self._workspace.home
        return self._render("home.html", view=view, usages=limit_usage.measure_view(view.body)) if view else Markup("")

    def render_agenda(self, entries: tuple[AgendaEntry, ...]) -> Markup:
        """Render the digests and mark the next one to run."""
        names = {channel.id: channel.name for channel in self._workspace.channels}
        return self._render("agenda.html", entries=entries, next=find_next_digest(entries, self._clock()), names=names)

    def _build_clock(self) -> Json:
        """Return the workspace's time for the page: in milliseconds, as text, and its offset in words."""
        now = self._clock()
        offset = self._clock.offset
        offset_text = (
            f"{_format_duration(offset.total_seconds())} ahead of this machine" if offset else "same as this machine"
        )
        injected_fault = INJECTED_FAULTS.get(self._workspace.injected_fault)
        return {
            "now": int(now.timestamp() * 1000),
            "shown": format_moment(now),
            "turned": offset_text,
            "trouble": injected_fault.label if injected_fault else "",
        }

    def _render(self, template: str, **context: object) -> Markup:
        return Markup(self._templates.get_template(template).render(**context))  # noqa: S704  # autoescaped

    def _render_text_object(self, text: Json | None) -> Markup:
        """Render a text object of a block."""
        if not text:
            return Markup("")
        return to_html(text["text"], self._names) if text["type"] == "mrkdwn" else plain_to_html(text["text"])

    def _render_mrkdwn(self, text: str) -> Markup:
        return to_html(text, self._names)


def _map_names(people: tuple[Person, ...], channels: tuple[Channel, ...]) -> Mapping[str, str]:
    return {person.id: person.name for person in people} | {channel.id: channel.name for channel in channels}


def _format_json(payload: Json) -> str:
    return json.dumps(payload, indent=2, ensure_ascii=False)


def _format_hour(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%H:%M}"


def _format_duration(seconds: float) -> str:
    """Format a duration in its two largest units: "2 days 3 h"."""
    minutes = round(seconds / 60)
    days, hours = divmod(minutes // 60, 24)
    parts = [f"{days} day{'s' if days > 1 else ''}" if days else "", f"{hours} h" if hours else ""]
    parts.append(f"{minutes % 60} min" if not days and minutes % 60 else "")
    return " ".join(filter(None, parts)) or "less than a minute"
