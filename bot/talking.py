"""Answers what somebody says in plain words, where they said it. Mentions, direct messages and the Assistant use it.

Rule: every question gets one answer, a sentence at least; what could not be posted is logged.
"""

from functools import partial
from hashlib import sha256

from slack_sdk.web.async_client import AsyncWebClient

from bot.answers.answer_service import AnswerService
from bot.core.logs import get_logger
from bot.links.urls import PageLinks
from bot.queries import natural_language
from bot.queries.queries import HelpCommand, TopicsQuery, UsageMessage
from bot.slack.blocks.message import Message
from bot.slack.transport.channel_posts import DeliveryUncertain, NotPosted
from bot.slack.transport.message_events import IncomingMessage
from bot.slack.views import notices


async def answer(
    answers: AnswerService,
    client: AsyncWebClient,
    incoming_message: IncomingMessage,
    page_links: PageLinks | None,
    *,
    source: str,
) -> None:
    """Posts the answer in the thread of what was said, or in the conversation when it has none. Never raises."""
    query = natural_language.parse_question(incoming_message.text, answers.today())
    message = await answers.executor.make_message(partial(_answer_query, answers, query, page_links), source=source)
    key = sha256(incoming_message.key.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    try:
        await answers.poster.post(
            client, incoming_message.channel, message, key=key, thread=incoming_message.thread or None
        )
    except (NotPosted, DeliveryUncertain) as error:
        get_logger().error("answer not delivered", door=source, error=type(error).__name__)
        return
    get_logger().info("answered", door=source, delivered=True)


async def _answer_query(
    answers: AnswerService, query: natural_language.ParsedQuery, page_links: PageLinks | None
) -> Message:
    """The answer: it stands where everybody sees it already, so that there is nothing to share."""
    match query:
        case TopicsQuery():
            return await answers.executor.call(lambda service: notices.build_topic_list(service.list_topics()))
        case HelpCommand():
            return notices.build_plain_language_help()
        case UsageMessage(sentence):
            return notices.build_notice(sentence)
        case _:
            return await answers.cache.get_first_page(query, sharable=False, page_links=page_links)
