"""The shortcuts in a message's menu: "Who said this?", answered for the asker alone, and "Check the quotes", answered
in the message's thread.

Rule: where the bot may not post, the verdicts go to the asker, with what would let it.
"""

import re
from hashlib import sha256
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot import ask
from bot.asking import Asking
from bot.blocks import checked
from bot.blocks.message import Message, with_note
from bot.courier import Asker, asker_of
from bot.filters import quoted
from bot.heard import words_of
from bot.posting import NotPosted
from briefings.errors import BadQuestion

#: the callback_ids
WHO, CHECK = "who_said_this", "check_the_quotes"
#: characters of a message that is looked up whole, and of a draft: one full of quotations keeps others waiting
SHORT, DRAFT = 300, 8_000

_QUOTED = re.compile(r"[“„«\"‟]([^“”„‟«»\"]*\w[^“”„‟«»\"]*)[”“»\"‟]")
_PERSON = re.compile(r"[UW][A-Z0-9]{1,30}")
_WORDLESS = "There are no words in this message to look up: try it on one that quotes somebody."
_LONG = (
    "This message quotes nothing and is too long to look up whole: try a message with the words between quotation "
    'marks, or type the few that matter, for example: /whosaid "lynch-mob"'
)
_DRAFT_LONG = (
    "At most {most:,} characters can be checked here, and this message has {count:,}: check it in parts, "
    "or as a file with the command ontherecord check."
)
_POSTED = "Checked: the verdicts stand in the message's thread."


def register(app: AsyncApp, asking: Asking) -> None:
    """Makes `app` listen to them."""

    async def on_who(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext) -> None:
        await ack()

        async def found() -> Message:
            words = sought(text_of(body.get("message")))
            question = ask.again(f"{ask.Command.WHOSAID} {quoted(words)}", asking.today())
            if question is None:
                raise BadQuestion(_LONG)
            return await asking.composed.first(question, pages=asking.pages(context, body))

        await asking.answering.answer(asker_of(body, client), found, door=WHO)

    async def on_check(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        asker = asker_of(body, client)

        async def verdicts() -> Message:
            draft = text_of(body.get("message"))
            if len(draft) > DRAFT:
                raise BadQuestion(_DRAFT_LONG.format(most=DRAFT, count=len(draft)))
            message = await asking.answering.call(lambda desk: checked.answer(desk.check(draft)))
            return await _posted(asking, asker, client, body, message)

        await asking.answering.answer(asker, verdicts, door=CHECK)

    app.message_shortcut(WHO)(on_who)
    app.message_shortcut(CHECK)(on_check)


def text_of(message: object) -> str:
    """What is read in a message; of one without a text of its own, in what is attached to it."""
    if not isinstance(message, dict):
        return ""
    attached = message.get("attachments")
    told = [one for one in attached if isinstance(one, dict)] if isinstance(attached, list) else []
    own = words_of(str(message.get("text") or ""))
    return own or words_of("\n".join(str(one.get("text") or one.get("fallback") or "") for one in told))


def sought(text: str) -> str:
    """The words to look up: the longest of those between quotation marks, or else all. Raises BadQuestion."""
    between = [found[1].strip() for found in _QUOTED.finditer(text)]
    words = max(between, key=len, default=" ".join(text.split()))
    if not re.search(r"\w", words):
        raise BadQuestion(_WORDLESS)
    if not between and len(words) > SHORT:
        raise BadQuestion(_LONG)
    return words


async def _posted(
    asking: Asking, asker: Asker, client: AsyncWebClient, body: dict[str, Any], message: Message
) -> Message:
    """Posts `message` in the thread; gives what the asker is told. Raises Unsure."""
    told = body.get("message") or {}
    thread = str(told.get("thread_ts") or told.get("ts") or body.get("message_ts") or "")
    key = sha256(f"check\0{asker.channel}\0{body.get('trigger_id')}".encode("utf-8", "surrogatepass")).hexdigest()[:32]
    named = with_note(message, f"Checked for <@{asker.user}>") if _PERSON.fullmatch(asker.user) else message
    try:
        await asking.posting.post(client, asker.channel, named, key=key, thread=thread or None)
    except NotPosted as error:
        return with_note(message, f"Only you see this. {error}")
    return Message(_POSTED)
