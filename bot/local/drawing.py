"""Draws the page, the messages and the modals as HTML, from the payloads the bot sent.

Rule: Jinja2 with autoescape throughout; text objects go through `mrkdwn`, addresses through `safe_link`; nothing is
loaded from another host, so images are named and not shown.
"""

import json
from collections.abc import Mapping

from jinja2 import Environment, PackageLoader
from markupsafe import Markup

from bot.local.faults import Json
from bot.local.model import Channel, Message, Person, View
from bot.local.mrkdwn import link_html, plain_to_html, safe_link, to_html
from bot.local.workspace import Workspace


class Drawing:
    """The templates, with the names of one workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._names = _names(workspace.people, workspace.channels)
        self._templates = Environment(
            loader=PackageLoader("bot.local"), autoescape=True, trim_blocks=True, lstrip_blocks=True
        )
        self._templates.globals |= {
            "rich": self._rich,
            "link": link_html,
            "safe_link": safe_link,
            "channels": workspace.channels,
        }
        self._templates.filters |= {"mrkdwn": self._mrkdwn, "pretty": _pretty}

    def page(self, channel: Channel, epoch: str) -> str:
        """The whole page, standing in `channel`; `epoch` names this run of the server."""
        return self._templates.get_template("page.html").render(
            workspace=self._workspace,
            channel=channel,
            epoch=epoch,
            entries=[self.message(message) for message in self._workspace.since(channel.id, 0) if not message.deleted],
            modal=self.modal(),
            home=self.home(),
        )

    def message(self, message: Message) -> Markup:
        """One entry of the log."""
        drawn = self._templates.get_template("message.html").render(
            message=message, shortcuts=self._workspace.shortcuts
        )
        return Markup(drawn)  # noqa: S704  # autoescaped

    def modal(self) -> Markup:
        """The modal on top, or nothing."""
        view: View | None = self._workspace.modals[-1] if self._workspace.modals else None
        if view is None:
            return Markup("")
        return Markup(self._templates.get_template("modal.html").render(view=view))  # noqa: S704  # autoescaped

    def home(self) -> Markup:
        """The App Home as last published, or nothing."""
        view = self._workspace.home
        if view is None:
            return Markup("")
        return Markup(self._templates.get_template("home.html").render(view=view))  # noqa: S704  # autoescaped

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
