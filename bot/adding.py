"""The message shortcut "Add to the record": the articles that a message links to, for those who look after the bot.

Rule: what became of each link is said, to the one who asked alone; who added what is noted.
"""

import re
from collections.abc import Mapping
from typing import Any, Protocol

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot import escape
from bot.admins import REFUSAL, Admins
from bot.asking import Asking
from bot.blocks import notices
from bot.blocks.message import Message, section
from bot.courier import asker_of
from bot.logs import logger
from bot.store.audit import Audit, Deed
from bot.teams import team_of
from briefings.errors import BadQuestion, RecordUnavailable
from briefings.gathering.report import Report

#: the callback_id
ADD = "add_to_the_record"
#: links of one message that are added
MOST_LINKS = 5
#: characters of what is said of each
_LINE = 400

_LINK = re.compile(
    r"<(https?://[^\s|<>]{1,2000})(?:\|[^<>]*)?>|(?<![<|\w])(https?://[^\s|<>\"]{1,2000})", re.IGNORECASE
)
_NONE = "There is no link in this message: try it on one that links to an article."


class Adds(Protocol):
    """What adds a link."""

    async def add(self, link: str) -> Report:
        """Adds what is at an address, and tells what became of it. Raises RecordUnavailable."""


def register(app: AsyncApp, asking: Asking, adds: Adds, admins: Admins, audit: Audit | None) -> None:
    """Makes `app` listen to it; `audit` None notes nothing."""

    async def on_add(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext) -> None:
        await ack()
        asker, team = asker_of(body, client), team_of(context)

        async def added() -> Message:
            if not await admins.may_change(client, team, asker.user):
                return notices.sentence(REFUSAL)
            links = links_of(body.get("message"))
            if not links:
                raise BadQuestion(_NONE)
            reports = [(link, await adds.add(link)) for link in links[:MOST_LINKS]]
            for link, report in reports:
                if report.articles and audit is not None:
                    await _note(audit, Deed(team, asker.user, "added", link, {"articles": len(report.articles)}))
            lines = [_told(link, report) for link, report in reports]
            if len(links) > MOST_LINKS:
                lines.append(f"The message has {len(links)} links; the first {MOST_LINKS} were looked at.")
            text = "\n".join(f"• {escape.short(line, _LINE)}" for line in lines)
            return Message(text, (section(text),))

        await asking.answering.answer(asker, added, door=ADD)

    app.message_shortcut(ADD)(on_add)


def links_of(message: object) -> tuple[str, ...]:
    """The addresses that a message links to, in its text and in what is attached to it, each once."""
    if not isinstance(message, Mapping):
        return ()
    found = [(a or b).replace("&amp;", "&") for a, b in _LINK.findall(str(message.get("text") or ""))]
    attached = message.get("attachments")
    for one in attached if isinstance(attached, list) else ():
        link = one.get("from_url") or one.get("title_link") if isinstance(one, Mapping) else None
        found += [link] if isinstance(link, str) else []
    return tuple(dict.fromkeys(found))


def _told(link: str, report: Report) -> str:
    if report.failures and not report.articles and report.sentences:
        return report.sentences[0]
    return f"{link}: {report.told()}."


async def _note(audit: Audit, deed: Deed) -> None:
    """It is done, whatever the database says."""
    try:
        await audit.note(deed)
    except RecordUnavailable as error:
        logger().error("a deed is not noted", error=type(error).__name__)
