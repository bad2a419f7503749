"""Listens for the shortcuts in a message's menu: "Who said this?", "Check the quotes" and "Add linked articles".

Rule: the check is posted in the message's thread. If the bot can't post there, only the user gets it, with the reason.
`Authorizer` decides who can add links; those of others wait for an admin, unless LINK_REVIEW is off. Only the user sees
the result of each link, and additions are audited.
"""

import re
from collections.abc import Sequence
from hashlib import sha256
from typing import Any, Protocol

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.answers.answer_cache import build_damage_note
from bot.answers.answer_service import AnswerService
from bot.answers.left_out import add_left_out_note
from bot.core.permissions.table import GuardedAction
from bot.listeners.feeds import save_audit_entry
from bot.listeners.provenance import views as provenance_views
from bot.listeners.provenance.desk import ProvenanceDesk
from bot.queries import queries
from bot.queries.filters import wrap_in_quotes
from bot.slack.blocks import mrkdwn
from bot.slack.blocks.message import Message, add_note, buttons, section
from bot.slack.permissions.actor import get_actor
from bot.slack.permissions.authorizer import Authorizer, Refusal, Subject
from bot.slack.transport.channel_posts import NotPosted
from bot.slack.transport.message_text import MessageText, find_links, read_message
from bot.slack.transport.request_verification import get_team_id
from bot.slack.transport.response_url import Requester, get_requester
from bot.slack.views import draft_check
from bot.storage.audit_log import AuditAction, AuditLog
from briefings import Article, BadQuestion, BriefingService, Provenance
from briefings.feeds import FeedReport
from briefings.storage import collect_damage

#: the callback_ids
WHO_SAID_SHORTCUT, CHECK_SHORTCUT = "who_said_this", "check_the_quotes"
#: longest message to search for as a whole, and longest draft to check, in characters (a longer one blocks others)
MAX_WHOLE_MESSAGE, MAX_DRAFT = 300, 8_000

_QUOTATION = re.compile(r"[“„«\"‟]([^“”„‟«»\"]*)[”“»\"‟]")
#: words in single marks, which can also be apostrophes
_SINGLE_QUOTATION = re.compile(r"(?<!\w)['‘‚‹](?=\w)((?:[^'‘’‚‹›\n]|(?<=\w)['’](?=\w)){2,300})(?<=\S)['’›](?!\w)")
_LINK = re.compile(r"https?://\S+", re.IGNORECASE)
_USER_ID = re.compile(r"[UW][A-Z0-9]{1,30}")
_NO_WORDS = "This message has no words to look up. Try a message that quotes someone."
_TOO_LONG = (
    "This message is too long to look up. Try a message with the words in quotation marks, "
    'or type only the most important words, for example: /whosaid "lynch-mob"'
)
_DRAFT_TOO_LONG = (
    "This message has {count:,} characters; the limit is {limit:,}. Check it in parts, "
    "or save it as a file and run ontherecord check."
)
#: the callback_id of "Add linked articles"
ADD_SHORTCUT = "add_to_the_record"
#: most links of one message to add
MAX_LINKS = 5
#: longest result of one link, in characters
_MAX_LINE_LENGTH = 400
_NO_LINKS = "This message has no links. Try a message that links to an article."


class LinkAdder(Protocol):
    """Adds articles from links."""

    async def add(self, link: str) -> FeedReport:
        """Add the article at a URL and return the result. Raises DatabaseUnavailable."""


def register(app: AsyncApp, answers: AnswerService, authorizer: Authorizer) -> None:
    """Register "Who said this?" and "Check the quotes"."""

    async def on_who_said(
        ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        await ack()

        async def make_answer() -> Message:
            words = select_search_words(read_message(body.get("message")))
            query = queries.parse_command(f"{queries.Command.WHOSAID} {wrap_in_quotes(words)}", answers.today())
            if query is None:
                raise BadQuestion(_TOO_LONG)
            return await answers.cache.get_first_page(query, page_links=answers.get_page_links(context, body))

        await answers.executor.answer(get_requester(body, client), make_answer, source=WHO_SAID_SHORTCUT)

    async def on_check(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext) -> None:
        await ack()
        requester = get_requester(body, client)
        actor = get_actor(get_team_id(context), requester.user, client)

        async def check_draft() -> Message:
            await authorizer.require(GuardedAction.CHECK, actor, Subject(requester.channel))
            draft = select_draft(read_message(body.get("message")))
            if len(draft) > MAX_DRAFT:
                raise BadQuestion(_DRAFT_TOO_LONG.format(limit=MAX_DRAFT, count=len(draft)))

            def run_check(service: BriefingService) -> tuple[Message, int]:
                with collect_damage() as problems:
                    result = service.check(draft)
                message = draft_check.build_message(result)
                return add_note(message, build_damage_note(len(problems))) if problems else message, len(result.quotes)

            message, quote_count = await answers.executor.call(run_check, is_check=True)
            message = await add_left_out_note(message, answers.cache.find_left_out)
            return await _post_verdicts(answers, requester, client, body, message, quote_count)

        await answers.executor.answer(requester, check_draft, source=CHECK_SHORTCUT)

    app.message_shortcut(WHO_SAID_SHORTCUT)(on_who_said)
    app.message_shortcut(CHECK_SHORTCUT)(on_check)


def register_add_shortcut(
    app: AsyncApp,
    answers: AnswerService,
    link_adder: LinkAdder,
    authorizer: Authorizer,
    audit_log: AuditLog | None,
    provenance_desk: ProvenanceDesk,
    *,
    has_review: bool = True,
) -> None:
    """Register "Add linked articles". Without `audit_log`, nothing is audited.

    With `has_review`, the links of people who are not admins wait for one.
    """

    async def on_add(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext) -> None:
        await ack()
        requester, team = get_requester(body, client), get_team_id(context)

        async def add_links() -> Message:
            actor = get_actor(team, requester.user, client)
            decision = await authorizer.authorize(GuardedAction.ADD_ARTICLE, actor)
            must_wait = isinstance(decision, Refusal)
            if must_wait:
                await authorizer.require(GuardedAction.SUGGEST_ARTICLE, actor)
            links = find_links(body.get("message"))
            if not links:
                raise BadQuestion(_NO_LINKS)
            if has_review and must_wait:
                return await provenance_desk.ask_to_add(team, requester.user, links[:MAX_LINKS])
            reports = [(link, await link_adder.add(link)) for link in links[:MAX_LINKS]]
            for link, report in reports:
                if report.articles:
                    detail = {"articles": len(report.articles)}
                    await save_audit_entry(audit_log, AuditAction(team, requester.user, "added", link, detail))
            lines = [_describe_result(link, report) for link, report in reports]
            if len(links) > MAX_LINKS:
                lines.append(f"The message has {len(links)} links. Only the first {MAX_LINKS} were processed.")
            text = "\n".join(f"• {mrkdwn.shorten(line, _MAX_LINE_LENGTH)}" for line in lines)
            articles = await _load_uncertain(answers, reports)
            # a button asks admins about unconfirmed outlets
            doubts = [
                provenance_views.describe_doubt(article)
                for article in articles
                if must_wait or article.provenance is not Provenance.UNCONFIRMED
            ]
            text = "\n".join(
                [text, *(mrkdwn.shorten(doubt, _MAX_LINE_LENGTH) for doubt in list(dict.fromkeys(doubts))[:5])]
            )
            confirm_buttons = provenance_views.build_confirm_buttons(articles) if not must_wait else []
            return Message(text, (section(text), *buttons(confirm_buttons)))

        await answers.executor.answer(requester, add_links, source=ADD_SHORTCUT)

    app.message_shortcut(ADD_SHORTCUT)(on_add)


def select_search_words(message_text: MessageText) -> str:
    """Return the words to look up: the longest quoted ones, or else all words.

    What the sender wrote goes before what was passed on, and that before previews and files. But a comment without
    quotation marks on a forwarded message is not a quotation, and neither is an address. Raises BadQuestion if
    there are no words or too many.
    """
    own, forwarded, previews, files = (
        message_text.own,
        message_text.forwarded,
        message_text.previews,
        message_text.files,
    )
    for text in (own, forwarded, previews, files):
        if quotations := _find_quotations(text) or _SINGLE_QUOTATION.findall(text):
            return max(quotations, key=len)
    texts = (" ".join(_LINK.sub(" ", text).split()) for text in (forwarded, own, previews, files))
    words = next((text for text in texts if re.search(r"\w", text)), "")
    if not words:
        raise BadQuestion(_NO_WORDS)
    if len(words) > MAX_WHOLE_MESSAGE:
        raise BadQuestion(_TOO_LONG)
    return words


def select_draft(message_text: MessageText) -> str:
    """Return the draft to check: what the sender wrote or passed on, and without quotations there, everything."""
    draft = "\n".join(filter(None, (message_text.own, message_text.forwarded)))
    return draft if _find_quotations(draft) else message_text.whole


def _find_quotations(text: str) -> list[str]:
    return [words for match in _QUOTATION.finditer(text) if re.search(r"\w", words := match[1].strip())]


async def _post_verdicts(
    answers: AnswerService,
    requester: Requester,
    client: AsyncWebClient,
    body: dict[str, Any],
    message: Message,
    quote_count: int,
) -> Message:
    """Post `message` in the thread and return the reply for the user. Raises DeliveryUncertain."""
    source_message = body.get("message") or {}
    thread = str(source_message.get("thread_ts") or source_message.get("ts") or body.get("message_ts") or "")
    key = sha256(f"check\0{requester.channel}\0{body.get('trigger_id')}".encode("utf-8", "surrogatepass")).hexdigest()[
        :32
    ]
    signed_message = (
        add_note(message, f"Checked for <@{requester.user}>") if _USER_ID.fullmatch(requester.user) else message
    )
    try:
        await answers.poster.post(
            client,
            requester.channel,
            signed_message,
            key=key,
            thread=thread or None,
            channel_name=requester.channel_name,
        )
    except NotPosted as error:
        return add_note(message, f"Only you can see this. {error}")
    if not quote_count:
        return Message("No quotes to check: details are in the thread.")
    return Message(f"Checked {quote_count} {'quote' if quote_count == 1 else 'quotes'}: results are in the thread.")


async def _load_uncertain(answers: AnswerService, reports: Sequence[tuple[str, FeedReport]]) -> list[Article]:
    """Return the added articles whose outlet is named only by their page."""
    ids = [article_id for _, report in reports for article_id in report.articles]
    articles = await answers.executor.call(lambda service: service.get_articles(ids))
    return [article for article in articles if article.publisher and not article.provenance.is_certain]


def _describe_result(link: str, report: FeedReport) -> str:
    if report.failures and not report.articles and report.sentences:
        return report.sentences[0]
    return f"{link}: {report.summarise()}."
