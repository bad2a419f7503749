"""Answers what a user asks of watches in text: after `/watch`, or in plain words in a message to the bot."""

import re
from dataclasses import dataclass

from slack_sdk.web.async_client import AsyncWebClient

from bot.queries.queries import Command, HelpCommand, UsageMessage
from bot.queries.slack_text import clean_input
from bot.queries.watch_requests import strip_watch_request
from bot.slack.blocks.message import Message, build_message
from bot.slack.transport.message_events import IncomingMessage
from bot.slack.views import notices
from bot.watches import command_parser
from bot.watches.command_parser import AddCommand, EditCommand, FormCommand, ManageCommand, WatchAction, WatchCommand
from bot.watches.model import WatchConfig
from bot.watches.service import WatchService
from bot.watches.settings_parser import LimitCommand, QuietCommand

NO_DATABASE = "Watches need a database. Ask the person who runs On the Record to set DATABASE_URL."
_COMMAND_TEXT = re.compile(r"/watch\b[:,]?\s*(?P<arguments>.*)", re.IGNORECASE | re.DOTALL)
#: requests about watches in plain words, without the command: "list my watches", "pause watch 1"
_MANAGE = re.compile(
    r"(?:please )?(?P<text>(?:pause|resume|unpause|stop|delete|cancel|remove|edit|mute|preview|end)"
    r"(?: (?:the|my|this|our))? (?:watch|alert) #?\d{1,9}\b.*"
    r"|(?:pause|resume|stop|delete|cancel) all (?:my |the )?(?:watches|alerts))",
    re.IGNORECASE | re.DOTALL,
)
#: "stop watching for “lynch-mob”"
_STOP = re.compile(
    r"(?:please )?(?:(?:stop|end|no longer|don't|do not) (?:watch(?:ing)?|alert(?:ing)? (?:me|us)|"
    r"notify(?:ing)? (?:me|us)|keep(?:ing)? an eye)|unwatch)(?: (?:for|about|on|when|of))?(?P<words>| .+?)"
    r"(?: (?:any ?more|please|now))?",
    re.IGNORECASE | re.DOTALL,
)
_LIST = re.compile(
    r"(?:(?:please )?(?:list|show|see|what are|which are)(?: me| us)?(?: my| our| the| all| this channel's)* )?"
    r"(?:my )?(?:watches|alerts)(?: here)?|what are (?:you|we) watching(?: for)?(?: here)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, and where. `thread` is the ts of the thread in which a watch was asked for, "" for none."""

    team: str
    channel: str
    user: str
    client: AsyncWebClient
    thread: str = ""


def find_watch_text(text: str) -> str | None:
    """Return the text for `/watch` if a message in plain words is about watches, else None."""
    words = clean_input(text)
    if command := _COMMAND_TEXT.fullmatch(words):
        return command["arguments"]
    if _LIST.fullmatch(words.strip(" .?!")):
        return "list"
    if manage := _MANAGE.fullmatch(words.strip(" .?!")):
        return re.sub(r"\b(?:watch|alert)\s+#?(?=\d)|\b(?:my |the )?(?:watches|alerts)\b", "", manage["text"])
    if stop := _STOP.fullmatch(words.replace("’", "'").strip(" .?!")):
        return f"stop{stop['words']}"
    watch_text = strip_watch_request(text)
    # the single word "watch" is rather a name or a question than a request
    return watch_text if watch_text or (watch_text is not None and len(words.split()) > 1) else None


async def answer_command(watch_service: WatchService, command: WatchCommand, asker: Asker) -> Message:
    """Return the answer to a command. Raises BriefingsError."""
    match command:
        case HelpCommand() | FormCommand():
            return notices.build_help(Command.WATCH)
        case UsageMessage(sentence):
            return notices.build_notice(sentence)
        case QuietCommand() | LimitCommand():
            return build_message(
                await watch_service.change_settings(asker.client, asker.team, asker.channel, asker.user, command)
            )
        case AddCommand(text):
            query = await watch_service.read_query(text)
            config = WatchConfig(asker.team, asker.channel, asker.user, query, asker.thread)
            return await watch_service.add(asker.client, config)
        case EditCommand(_, text):
            (watch,) = await watch_service.select(asker.team, asker.channel, command)
            if not text:
                return build_message(
                    f"Type `/watch edit {watch.number}` and what to look for instead, or press *Edit* in `/watch list`."
                )
            query = await watch_service.read_query(text)
            return await watch_service.edit(asker.client, watch, query, asker.user)
        case ManageCommand(action):
            watches = await watch_service.select(asker.team, asker.channel, command)
            if action is WatchAction.PREVIEW:
                return await watch_service.preview(asker.client, watches[0], asker.user)
            return build_message(await watch_service.change(asker.client, watches, action, asker.user))
    return await watch_service.list_watches(asker.team, asker.channel)


async def answer_plain_words(watch_service: WatchService | None, text: str, asker: Asker) -> Message | None:
    """Return the answer to a message in plain words, or None if it is not about watches. Raises BriefingsError."""
    watch_text = find_watch_text(text)
    if watch_text is None:
        return None
    if watch_service is None:
        return notices.build_notice(NO_DATABASE)
    return await answer_command(watch_service, command_parser.parse_command(watch_text), asker)


async def answer_message(
    watch_service: WatchService | None, client: AsyncWebClient, team: str, message: IncomingMessage
) -> Message | None:
    """Return the answer to a message about watches, or None for any other message. Raises BriefingsError.

    In a thread, a watch posts in that thread.
    """
    # a direct message is answered in its thread, which only exists for that answer
    thread = message.thread if message.is_reply and not message.is_direct else ""
    asker = Asker(team, message.channel, message.user, client, thread)
    return await answer_plain_words(watch_service, message.text, asker)
