"""The message shortcut "Add to the record": the articles that a message links to, for those who look after the bot.

Rule: what became of each link is said, to the one who asked alone; who added what is noted.
"""

import re
from collections.abc import Mapping
from typing import Any, Protocol

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.answers.answer_service import AnswerService
from bot.core.logs import get_logger
from bot.slack.blocks import mrkdwn
from bot.slack.blocks.message import Message, section
from bot.slack.permissions import REFUSAL, Admins
from bot.slack.transport.request_verification import get_team_id
from bot.slack.transport.response_url import get_requester
from bot.slack.views import notices
from bot.storage.audit_log import AuditAction, AuditLog
from briefings.errors import BadQuestion, DatabaseUnavailable
from briefings.feeds.polling import FeedReport

#: the callback_id
ADD_SHORTCUT = "add_to_the_record"
#: links of one message that are added
MAX_LINKS = 5
#: characters of what is said of each
_MAX_LINE_LENGTH = 400

_LINK = re.compile(
    r"<(https?://[^\s|<>]{1,2000})(?:\|[^<>]*)?>|(?<![<|\w])(https?://[^\s|<>\"]{1,2000})", re.IGNORECASE
)
_NO_LINKS = "There is no link in this message: try it on one that links to an article."


class LinkAdder(Protocol):
    """What adds a link."""

    async def add(self, link: str) -> FeedReport:
        """Adds what is at an address, and tells what became of it. Raises RecordUnavailable."""


def register_add_shortcut(
    app: AsyncApp, answers: AnswerService, link_adder: LinkAdder, admins: Admins, audit_log: AuditLog | None
) -> None:
    """Makes `app` listen to it; `audit` None notes nothing."""

    async def on_add(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext) -> None:
        await ack()
        requester, team = get_requester(body, client), get_team_id(context)

        async def add_links() -> Message:
            if not await admins.can_change(client, team, requester.user):
                return notices.build_notice(REFUSAL)
            links = find_links(body.get("message"))
            if not links:
                raise BadQuestion(_NO_LINKS)
            reports = [(link, await link_adder.add(link)) for link in links[:MAX_LINKS]]
            for link, report in reports:
                if report.articles and audit_log is not None:
                    await _save_audit_entry(
                        audit_log, AuditAction(team, requester.user, "added", link, {"articles": len(report.articles)})
                    )
            lines = [_describe_result(link, report) for link, report in reports]
            if len(links) > MAX_LINKS:
                lines.append(f"The message has {len(links)} links; the first {MAX_LINKS} were looked at.")
            text = "\n".join(f"• {mrkdwn.shorten(line, _MAX_LINE_LENGTH)}" for line in lines)
            return Message(text, (section(text),))

        await answers.executor.answer(requester, add_links, source=ADD_SHORTCUT)

    app.message_shortcut(ADD_SHORTCUT)(on_add)


def find_links(message: object) -> tuple[str, ...]:
    """The addresses that a message links to, in its text and in what is attached to it, each once."""
    if not isinstance(message, Mapping):
        return ()
    links = [
        (link_target or bare_url).replace("&amp;", "&")
        for link_target, bare_url in _LINK.findall(str(message.get("text") or ""))
    ]
    attachments = message.get("attachments")
    for attachment in attachments if isinstance(attachments, list) else ():
        link = attachment.get("from_url") or attachment.get("title_link") if isinstance(attachment, Mapping) else None
        links += [link] if isinstance(link, str) else []
    return tuple(dict.fromkeys(links))


def _describe_result(link: str, report: FeedReport) -> str:
    if report.failures and not report.articles and report.sentences:
        return report.sentences[0]
    return f"{link}: {report.summarise()}."


async def _save_audit_entry(audit_log: AuditLog, action: AuditAction) -> None:
    """It is done, whatever the database says."""
    try:
        await audit_log.add(action)
    except DatabaseUnavailable as error:
        get_logger().error("a deed is not noted", error=type(error).__name__)
