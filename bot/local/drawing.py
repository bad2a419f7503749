"""Draws the page, the messages, the modals and what changed as HTML, from the payloads the bot sent.

Rule: Jinja2 with autoescape throughout; text objects go through `mrkdwn`, addresses through `safe_link`; nothing is
loaded from another host, so images are named and not shown. Times are the workspace's.
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime

from jinja2 import Environment, PackageLoader
from markupsafe import Markup

from bot.local import measures
from bot.local.agenda import Entry, became, next_due
from bot.local.clock import TurnableClock, spelt
from bot.local.faults import Json
from bot.local.model import INVITE, Channel, Message, Person, View
from bot.local.mrkdwn import link_html, plain_to_html, safe_link, to_html
from bot.local.trouble import TROUBLES
from bot.local.workspace import Workspace

#: what styles in mrkdwn, and nobody says aloud
_MARKS = re.compile(r"[*_~`>]")
#: characters of a message that are announced when it comes
_SPOKEN = 120


class Drawing:
    """The templates, with the names of one workspace and its clock."""

    def __init__(self, workspace: Workspace, clock: TurnableClock | None = None) -> None:
        self._workspace = workspace
        self._clock = clock or TurnableClock(workspace.clock)
        self._names = _names(workspace.people, workspace.channels)
        self._templates = Environment(
            loader=PackageLoader("bot.local"), autoescape=True, trim_blocks=True, lstrip_blocks=True
        )
        self._templates.globals |= {
            "rich": self._rich,
            "link": link_html,
            "safe_link": safe_link,
            "channels": workspace.channels,
            "became": became,
            "brief": measures.brief,
        }
        self._templates.filters |= {"mrkdwn": self._mrkdwn, "pretty": _pretty, "spelt": spelt, "hour": _hour}

    def page(self, channel: Channel, epoch: str, *, at_home: bool = False) -> Markup:
        """The whole page, standing in `channel`, or at the App Home; `epoch` names this run of the server."""
        entries = [entry for entry in self._workspace.since(channel.id, 0) if not entry.deleted]
        return self._drawn(
            "page.html",
            workspace=self._workspace,
            commands=(*self._workspace.commands, *(() if channel.is_im else (INVITE,))),
            channel=channel,
            at_home=at_home,
            epoch=epoch,
            entries=[self.message(entry) for entry in entries if not self._workspace.is_answer(entry)],
            modal=self.modal(),
            home=self.home(),
            clock=self._time(),
            troubles=TROUBLES,
        )

    def changes(self, channel: Channel, after: int) -> Json:
        """What is new in `channel`, and in the workspace, after that version."""
        workspace = self._workspace
        changes: Json = {
            "version": workspace.version,
            "messages": [self.change(message) for message in workspace.since(channel.id, after)],
            "threads": [{"id": ts, "html": self.replies(ts)} for ts in workspace.threads_since(channel.id, after)],
        }
        if workspace.modals_version > after:
            changes["modal"] = self.modal()
        if workspace.home_version > after:
            changes["home"] = self.home()
        if workspace.panel_version > after:
            changes["panel"] = {"prompts": list(workspace.prompts), "status": workspace.status}
        if workspace.clock_version > after:
            changes["clock"] = self._time()
        return changes

    def change(self, message: Message) -> Json:
        """A message for the page: its place, what is drawn there (None: nothing any more), what is said of it."""
        answers = message.thread if self._workspace.is_answer(message) else ""
        html = None if message.deleted else self.message(message)
        spoken = f"{message.author.real_name}: {_MARKS.sub('', message.text)[:_SPOKEN]}"
        return {"id": message.ts, "thread": answers, "html": html, "spoken": spoken}

    def message(self, message: Message) -> Markup:
        """One entry of the log, or of a thread."""
        return self._drawn(
            "message.html",
            message=message,
            shortcuts=self._workspace.shortcuts,
            is_answer=self._workspace.is_answer(message),
            replies=self.replies(message.ts),
            measures=measures.of_message(message.payload) if message.payload is not None else (),
        )

    def replies(self, ts: str) -> Markup:
        """How many answers stand below a message, and the last one's time; nothing when there are none."""
        if ts == self._workspace.panel:
            return Markup("")
        return self._drawn("replies.html", ts=ts, answers=self._workspace.answers(ts))

    def inspected(self, message: Message) -> Markup:
        """What was sent on a message's account, and the limits."""
        used = measures.of_message(message.payload) if message.payload is not None else ()
        return self._drawn("inspect.html", exchanges=message.exchanges, payload=message.payload, measures=used)

    def inspected_view(self, view: View) -> Markup:
        """The same of a modal, or of the App Home."""
        return self._drawn("inspect.html", exchanges=(), payload=view.body, measures=measures.of_view(view.body))

    def modal(self) -> Markup:
        """The modal on top, or nothing."""
        modals = self._workspace.modals
        if not modals:
            return Markup("")
        used = measures.of_view(modals[-1].body)
        return self._drawn("modal.html", view=modals[-1], depth=len(modals), measures=used)

    def home(self) -> Markup:
        """The App Home as last published, or nothing."""
        view = self._workspace.home
        return self._drawn("home.html", view=view, measures=measures.of_view(view.body)) if view else Markup("")

    def agenda(self, entries: tuple[Entry, ...]) -> Markup:
        """The digests, and which comes next."""
        names = {channel.id: channel.name for channel in self._workspace.channels}
        return self._drawn("agenda.html", entries=entries, next=next_due(entries, self._clock()), names=names)

    def _time(self) -> Json:
        """The workspace's time for the page: in milliseconds, in words, and how far it was turned."""
        now = self._clock()
        ahead = self._clock.ahead
        turned = f"{_spell(ahead.total_seconds())} ahead of this machine" if ahead else "as on this machine"
        trouble = TROUBLES.get(self._workspace.trouble)
        return {
            "now": int(now.timestamp() * 1000),
            "shown": spelt(now),
            "turned": turned,
            "trouble": trouble.label if trouble else "",
        }

    def _drawn(self, template: str, **told: object) -> Markup:
        return Markup(self._templates.get_template(template).render(**told))  # noqa: S704  # autoescaped

    def _rich(self, text: Json | None) -> Markup:
        """A text object of a block."""
        if not text:
            return Markup("")
        return to_html(text["text"], self._names) if text["type"] == "mrkdwn" else plain_to_html(text["text"])

    def _mrkdwn(self, text: str) -> Markup:
        return to_html(text, self._names)


def _names(people: tuple[Person, ...], channels: tuple[Channel, ...]) -> Mapping[str, str]:
    return {person.id: person.name for person in people} | {channel.id: channel.name for channel in channels}


def _pretty(payload: Json) -> str:
    return json.dumps(payload, indent=2, ensure_ascii=False)


def _hour(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%H:%M}"


def _spell(seconds: float) -> str:
    """A length of time in its two largest units: "2 days 3 h"."""
    minutes = round(seconds / 60)
    days, hours = divmod(minutes // 60, 24)
    parts = [f"{days} day{'s' if days > 1 else ''}" if days else "", f"{hours} h" if hours else ""]
    parts.append(f"{minutes % 60} min" if not days and minutes % 60 else "")
    return " ".join(filter(None, parts)) or "less than a minute"
