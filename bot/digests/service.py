"""What can be done with digests, whichever door it is asked through: scheduled, listed, previewed, sent, changed.

Rule: nothing is kept before everything about it is known to be sound: the words, the time, the zone, the topic, and
that the bot is in the channel. Only whoever scheduled a digest, or looks after the bot, may change it.

What a digest tells, asked of the desk off the event loop: the `Source` of the runner.

Rule: a channel is told nothing twice, whichever of its digests told it; what was told of a story is taken back in a
digest of that story. What is remembered of a line is the line, where it stood and when, never an article.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.answers.executor import Executor
from bot.digests import command_parser, list_view, schedule_parser
from bot.digests import digest_view as blocks
from bot.digests import history as history_module
from bot.digests.command_parser import DigestAction
from bot.digests.delivery.digest_repository import DigestRepository
from bot.digests.model import Content, ContentSource, Digest, DigestConfig, DigestState, HistoryEntry, WhenNothing
from bot.slack.blocks.message import Message, add_note
from bot.slack.permissions import Admins
from bot.slack.transport.clients import get_error_code, get_time_zone
from briefings import BadQuestion, BriefingService, NothingFound

#: seconds in which Slack says whether the bot is in a channel; the runner finds out otherwise
_MEMBERSHIP_TIMEOUT = 1.5
_NOT_MEMBER_ERRORS = ("not_in_channel", "channel_not_found", "is_archived")
_NOT_OWNER = (
    "Only whoever scheduled a digest, and the people who look after On the Record here, may change it: "
    "schedule one of your own with /digest labour-crisis weekdays at 8:30"
)


class DigestService:
    """For one bot: `kept` keeps the digests, `source` tells their news, `now` gives the moment in UTC."""

    def __init__(
        self,
        executor: Executor,
        admins: Admins,
        repository: DigestRepository,
        source: ContentSource,
        now: Callable[[], datetime],
    ) -> None:
        self._executor = executor
        self._admins = admins
        self._repository = repository
        self._source = source
        self._now = now

    async def resolve_zone(self, client: AsyncWebClient, user: str, named_zone: str) -> str:
        """The zone named, or else the person's own. Raises BadQuestion."""
        if zone := named_zone or await get_time_zone(client, user):
            return zone
        raise BadQuestion(
            "Slack does not say in which time zone you are: name it, for example "
            "/digest labour-crisis weekdays at 8:30 Europe/London"
        )

    async def resolve_title(self, query: str) -> str:
        """What a digest on `ask` is called. Raises BriefingsError when there will be none."""
        try:
            return await self._executor.call(lambda service: service.require_articles(query))
        except NothingFound as error:
            example_topic = error.nearest[0] if error.nearest else "labour-crisis"
            raise BadQuestion(f"{error} Type for example: /digest {example_topic} {schedule_parser.EXAMPLE}") from error

    async def schedule(self, client: AsyncWebClient, config: DigestConfig) -> Message:
        """Keeps a new digest; gives its confirmation. Raises BriefingsError."""
        title = await self.resolve_title(config.query)
        await _check_membership(client, config)
        return list_view.build_confirmation(await self._repository.add(config), title, self._now())

    async def list_digests(self, team: str, channel: str, note: str = "") -> Message:
        """The digests of a channel."""
        return list_view.build_digest_list(await self._repository.list_digests(team, channel), note)

    async def list_person_digests(self, team: str, person: str) -> tuple[Digest, ...]:
        """What somebody has scheduled, and not stopped."""
        return tuple(digest for digest in await self._repository.list_digests(team) if digest.config.owner == person)

    async def find_digest(self, team: str, channel: str, selector: str) -> Digest:
        """The digest of a channel that `which` names. Raises BadQuestion."""
        return command_parser.select_digest(selector, await self._repository.list_digests(team, channel))

    async def decode_button(self, team: str, value: str) -> tuple[DigestAction, Digest]:
        """What a button of ours says. Raises BadQuestion."""
        action, channel, number = (*value.split(" "), "", "", "")[:3]
        if action in set(DigestAction) and number.isdecimal() and len(number) < 10:
            digest = await self._repository.find(team, channel, int(number))
            if digest and digest.state is not DigestState.STOPPED:
                return DigestAction(action), digest
        raise BadQuestion("This digest is stopped: schedule another, /digest labour-crisis weekdays at 8:30")

    async def preview(self, digest: Digest) -> Message:
        """What it would say now; nothing is remembered of it. Raises BriefingsError."""
        content = await self._source.fetch_content(digest, self._now())
        if content is None:
            return list_view.build_message("Nothing is new: if it were due now, nothing would be posted.")
        return add_note(content.message, "A preview, for you alone.")

    async def change(self, client: AsyncWebClient, digest: Digest, action: DigestAction, person: str) -> str:
        """Sends, pauses, resumes or stops it; gives a sentence of markup. Raises BadQuestion."""
        if action is DigestAction.NOW:
            if not digest.is_active:
                raise BadQuestion(f"This digest is paused: /digest resume {digest.number} lets it run again.")
            await self._repository.request_run(digest)
            return list_view.describe_change(digest, action, self._now())
        if person != digest.config.owner and not await self._admins.can_change(client, digest.config.team, person):
            raise BadQuestion(_NOT_OWNER)
        handlers = {
            DigestAction.PAUSE: self._repository.pause,
            DigestAction.RESUME: self._repository.resume,
            DigestAction.STOP: self._repository.stop,
        }
        return list_view.describe_change(await handlers[action](digest, person), action, self._now())


def build_config(
    team: str,
    channel: str,
    owner: str,
    request: schedule_parser.DigestRequest,
    when_nothing: str = WhenNothing.SILENT.value,
) -> DigestConfig:
    """The digest that was typed; `typed.zone` is known by now."""
    return DigestConfig(team, channel, owner, request.query, request.schedule, request.zone, WhenNothing(when_nothing))


async def _check_membership(client: AsyncWebClient, config: DigestConfig) -> None:
    """Raises BadQuestion when Slack says that the bot may not post there; with no answer it is left to the runner."""
    try:
        # needs no scope that the bot has not: who reads a channel's history is in it
        await asyncio.wait_for(client.conversations_history(channel=config.channel, limit=1), _MEMBERSHIP_TIMEOUT)
    except SlackApiError as error:
        if get_error_code(error) in _NOT_MEMBER_ERRORS:
            raise BadQuestion(
                "On the Record is not in that channel: type /invite @On the Record there, then again "
                f"/digest {config.query} {config.schedule}"
            ) from error
    except (SlackClientError, ClientError, TimeoutError, OSError):
        return


class UpdateSource:
    """Asks `answering` for the desk; `kept` says what channels have had."""

    def __init__(self, executor: Executor, repository: DigestRepository) -> None:
        self._executor = executor
        self._repository = repository

    async def fetch_content(self, digest: Digest, now: datetime) -> Content | None:
        """What the channel has not had; None when there is nothing to post. Raises BriefingsError."""
        config = digest.config
        history = await self._repository.list_history(config.team, config.channel)
        return await self._executor.call(lambda service: build_content(service, digest, history, now))


def build_content(
    service: BriefingService, digest: Digest, history: Sequence[HistoryEntry], now: datetime
) -> Content | None:
    """The same, for what the channel has had. Blocking. Raises BriefingsError."""
    config = digest.config
    today = now.astimezone(ZoneInfo(config.zone)).date()
    update = service.get_update(
        config.query, history_module.build_seen(config.query, [entry.item for entry in history]), today=today
    )
    if update is None:
        empty_content = Content(blocks.build_empty_message(service.get_title(config.query)))
        return empty_content if config.when_nothing is WhenNothing.ONE_LINE else None
    message, thread = blocks.build_messages(update, config.query)
    return Content(message, thread, history_module.build_history_items(config.query, update))
