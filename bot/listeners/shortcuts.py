"""The shortcuts in a message's menu: "Who said this?", answered for the asker alone, and "Check the quotes", answered
in the message's thread.

Rule: where the bot may not post, the verdicts go to the asker, with what would let it.

The message shortcut "Add to the record": the articles that a message links to, for those who look after the bot.

Rule: what became of each link is said, to the one who asked alone; who added what is noted.
"""

import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Protocol

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.answers.answer_service import AnswerService
from bot.core.logs import get_logger
from bot.queries import queries
from bot.queries.filters import wrap_in_quotes
from bot.slack.blocks import mrkdwn
from bot.slack.blocks.message import Message, add_note, section
from bot.slack.permissions import REFUSAL, Admins
from bot.slack.transport.channel_posts import NotPosted
from bot.slack.transport.message_events import extract_text
from bot.slack.transport.request_verification import get_team_id
from bot.slack.transport.response_url import Requester, get_requester
from bot.slack.views import draft_check, notices
from bot.storage.audit_log import AuditAction, AuditLog
from briefings import BadQuestion, DatabaseUnavailable
from briefings.feeds import FeedReport

#: the callback_ids
WHO_SAID_SHORTCUT, CHECK_SHORTCUT = "who_said_this", "check_the_quotes"
#: characters of a message that is looked up whole, and of a draft: one full of quotations keeps others waiting
MAX_WHOLE_MESSAGE, MAX_DRAFT = 300, 8_000

_QUOTATION = re.compile(r"[“„«\"‟]([^“”„‟«»\"]*\w[^“”„‟«»\"]*)[”“»\"‟]")
_USER_ID = re.compile(r"[UW][A-Z0-9]{1,30}")
_NO_WORDS = "There are no words in this message to look up: try it on one that quotes somebody."
_TOO_LONG = (
    "This message quotes nothing and is too long to look up whole: try a message with the words between quotation "
    'marks, or type the few that matter, for example: /whosaid "lynch-mob"'
)
_DRAFT_TOO_LONG = (
    "At most {most:,} characters can be checked here, and this message has {count:,}: check it in parts, "
    "or as a file with the command ontherecord check."
)
_POSTED_NOTICE = "Checked: the verdicts stand in the message's thread."


def register(app: AsyncApp, answers: AnswerService) -> None:
    """Makes `app` listen to them."""

    async def on_who_said(
        ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        await ack()

        async def make_answer() -> Message:
            words = select_search_words(get_message_text(body.get("message")))
            query = queries.parse_command(f"{queries.Command.WHOSAID} {wrap_in_quotes(words)}", answers.today())
            if query is None:
                raise BadQuestion(_TOO_LONG)
            return await answers.cache.get_first_page(query, page_links=answers.get_page_links(context, body))

        await answers.executor.answer(get_requester(body, client), make_answer, source=WHO_SAID_SHORTCUT)

    async def on_check(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        requester = get_requester(body, client)

        async def check_draft() -> Message:
            draft = get_message_text(body.get("message"))
            if len(draft) > MAX_DRAFT:
                raise BadQuestion(_DRAFT_TOO_LONG.format(most=MAX_DRAFT, count=len(draft)))
            message = await answers.executor.call(lambda service: draft_check.build_message(service.check(draft)))
            return await _post_verdicts(answers, requester, client, body, message)

        await answers.executor.answer(requester, check_draft, source=CHECK_SHORTCUT)

    app.message_shortcut(WHO_SAID_SHORTCUT)(on_who_said)
    app.message_shortcut(CHECK_SHORTCUT)(on_check)


def get_message_text(message: object) -> str:
    """What is read in a message; of one without a text of its own, in what is attached to it."""
    if not isinstance(message, dict):
        return ""
    raw_attachments = message.get("attachments")
    attachments = (
        [attachment for attachment in raw_attachments if isinstance(attachment, dict)]
        if isinstance(raw_attachments, list)
        else []
    )
    own_text = extract_text(str(message.get("text") or ""))
    return own_text or extract_text(
        "\n".join(str(attachment.get("text") or attachment.get("fallback") or "") for attachment in attachments)
    )


def select_search_words(text: str) -> str:
    """The words to look up: the longest of those between quotation marks, or else all. Raises BadQuestion."""
    quotations = [match[1].strip() for match in _QUOTATION.finditer(text)]
    words = max(quotations, key=len, default=" ".join(text.split()))
    if not re.search(r"\w", words):
        raise BadQuestion(_NO_WORDS)
    if not quotations and len(words) > MAX_WHOLE_MESSAGE:
        raise BadQuestion(_TOO_LONG)
    return words


async def _post_verdicts(
    answers: AnswerService, requester: Requester, client: AsyncWebClient, body: dict[str, Any], message: Message
) -> Message:
    """Posts `message` in the thread; gives what the asker is told. Raises Unsure."""
    source_message = body.get("message") or {}
    thread = str(source_message.get("thread_ts") or source_message.get("ts") or body.get("message_ts") or "")
    key = sha256(f"check\0{requester.channel}\0{body.get('trigger_id')}".encode("utf-8", "surrogatepass")).hexdigest()[
        :32
    ]
    signed_message = (
        add_note(message, f"Checked for <@{requester.user}>") if _USER_ID.fullmatch(requester.user) else message
    )
    try:
        await answers.poster.post(client, requester.channel, signed_message, key=key, thread=thread or None)
    except NotPosted as error:
        return add_note(message, f"Only you see this. {error}")
    return Message(_POSTED_NOTICE)


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
