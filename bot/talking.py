"""Answers what somebody says in plain words, where they said it. Mentions, direct messages and the Assistant use it.

Rule: every question gets one answer, a sentence at least; what could not be posted is logged.
"""

from functools import partial
from hashlib import sha256

from slack_sdk.web.async_client import AsyncWebClient

from bot import plain
from bot.ask import HelpAsk, TopicsAsk, Usage
from bot.asking import Asking
from bot.blocks import notices
from bot.blocks.message import Message
from bot.blocks.pages import Pages
from bot.heard import Heard
from bot.logs import logger
from bot.posting import NotPosted, Unsure


async def answer(asking: Asking, client: AsyncWebClient, said: Heard, pages: Pages | None, *, door: str) -> None:
    """Posts the answer in the thread of what was said, or in the conversation when it has none. Never raises."""
    asked = plain.asked(said.words, asking.today())
    message = await asking.answering.message(partial(_answered, asking, asked, pages), door=door)
    key = sha256(said.key.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    try:
        await asking.posting.post(client, said.channel, message, key=key, thread=said.thread or None)
    except (NotPosted, Unsure) as error:
        logger().error("answer not delivered", door=door, error=type(error).__name__)
        return
    logger().info("answered", door=door, delivered=True)


async def _answered(asking: Asking, asked: plain.Asked, pages: Pages | None) -> Message:
    """The answer: it stands where everybody sees it already, so that there is nothing to share."""
    match asked:
        case TopicsAsk():
            return await asking.answering.call(lambda desk: notices.topics(desk.topics()))
        case HelpAsk():
            return notices.help_in_words()
        case Usage(sentence):
            return notices.sentence(sentence)
        case _:
            return await asking.composed.first(asked, sharable=False, pages=pages)
