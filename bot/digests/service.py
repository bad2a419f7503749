"""Manages digests for the listeners (schedule, list, preview, send, change) and builds their content.

Rule: a digest is saved only after all checks: the words, the time, the zone, the topic, and that the bot is in the
channel. Only its owner or an admin can change it. A channel never gets the same news twice, even from two digests.
A correction is posted by a digest on the same story. The history has lines with their source and date, never articles.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.answers.executor import Executor
from bot.digests import command_parser, digest_view, list_view, schedule_parser
from bot.digests.command_parser import DigestAction
from bot.digests.delivery.digest_repository import DigestRepository
from bot.digests.history import build_history_items, build_reading_history
from bot.digests.model import Content, ContentSource, Digest, DigestConfig, DigestState, HistoryEntry, WhenNothing
from bot.digests.schedule import build_missing_zone_error
from bot.slack.blocks.message import Message, add_note
from bot.slack.permissions import Admins
from bot.slack.transport.clients import get_error_code, get_time_zone
from briefings import BadQuestion, BriefingService, NothingFound

#: seconds to wait for Slack's answer on membership; without one, the runner finds out later
_MEMBERSHIP_TIMEOUT = 1.5
_NOT_MEMBER_ERRORS = ("not_in_channel", "channel_not_found", "is_archived")
_PRIVATE_CONVERSATION = (
    "On the Record can't post in a conversation between people. Schedule the digest in a channel, "
    "or in a direct message to On the Record."
)
_NOT_OWNER = (
    "Only the person who scheduled this digest and On the Record admins can change it. "
    "Schedule your own: /digest labour-crisis weekdays at 8:30"
)


class DigestService:
    """Manages the digests of all workspaces. `now` returns the current time in UTC."""

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
        """Return `named_zone`, or the user's zone from Slack. Raises BadQuestion if there is neither."""
        if zone := named_zone or await get_time_zone(client, user):
            return zone
        raise BadQuestion(
            "I couldn't get your time zone from Slack. Add one, for example "
            "/digest labour-crisis weekdays at 8:30 Europe/London"
        )

    async def resolve_title(self, query: str) -> str:
        """Return the title of digests on `query`. Raises BadQuestion if no article matches, with a query that works."""
        try:
            return await self._executor.call(lambda service: service.require_articles(query))
        except NothingFound as error:
            example_topic = error.nearest[0] if error.nearest else "labour-crisis"
            raise BadQuestion(f"{error} Try /digest {example_topic} {schedule_parser.EXAMPLE}") from error

    async def schedule(self, client: AsyncWebClient, config: DigestConfig) -> Message:
        """Save a new digest and return its confirmation. Raises BriefingsError."""
        title = await self.resolve_title(config.query)
        await _check_membership(client, config)
        return list_view.build_confirmation(await self._repository.add(config), title, self._now())

    async def list_digests(self, team: str, channel: str, note: str = "") -> Message:
        """Return the list of a channel's digests. `note` is markup above it."""
        return list_view.build_digest_list(await self._repository.list_digests(team, channel), note)

    async def list_person_digests(self, team: str, person: str) -> tuple[Digest, ...]:
        """Return a user's digests that are not stopped."""
        return tuple(digest for digest in await self._repository.list_digests(team) if digest.config.owner == person)

    async def find_digest(self, team: str, channel: str, selector: str) -> Digest:
        """Return the channel's digest with this number or topic. Raises BadQuestion."""
        return command_parser.select_digest(selector, await self._repository.list_digests(team, channel))

    async def decode_button(self, team: str, value: str) -> tuple[DigestAction, Digest]:
        """Return the action and the digest of a button. Raises BadQuestion if the digest is stopped or unknown."""
        action, channel, number = (*value.split(" "), "", "", "")[:3]
        if action in set(DigestAction) and number.isdecimal() and len(number) < 10:
            digest = await self._repository.find(team, channel, int(number))
            if digest and digest.state is not DigestState.STOPPED:
                return DigestAction(action), digest
        raise BadQuestion("This digest was stopped. Schedule a new one: /digest labour-crisis weekdays at 8:30")

    async def preview(self, digest: Digest) -> Message:
        """Return what the digest would post now, without a change to its history. Raises BriefingsError."""
        try:
            content = await self._source.fetch_content(digest, self._now())
        except ZoneInfoNotFoundError as error:
            raise build_missing_zone_error(digest.config.zone) from error
        if content is None:
            return list_view.build_message("Nothing is new. If this digest ran now, it wouldn't post anything.")
        return add_note(content.message, "This is a preview. Only you can see it.")

    async def change(self, client: AsyncWebClient, digest: Digest, action: DigestAction, person: str) -> str:
        """Send, pause, resume or stop a digest. Return a sentence of markup. Raises BadQuestion."""
        if action is DigestAction.NOW:
            if not digest.is_active:
                raise BadQuestion(f"This digest is paused. To resume it, type /digest resume {digest.number}.")
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
    """Return the settings of a requested digest. `request.zone` must be an IANA name."""
    return DigestConfig(team, channel, owner, request.query, request.schedule, request.zone, WhenNothing(when_nothing))


class UpdateSource:
    """Content source of the runner: finds the updates that a channel has not seen."""

    def __init__(self, executor: Executor, repository: DigestRepository) -> None:
        self._executor = executor
        self._repository = repository

    async def fetch_content(self, digest: Digest, now: datetime) -> Content | None:
        """Return what the channel has not seen yet, or None if there is nothing to post. Raises BriefingsError."""
        config = digest.config
        history = await self._repository.list_history(config.team, config.channel)
        return await self._executor.call(lambda service: build_content(service, digest, history, now))


def build_content(
    service: BriefingService, digest: Digest, history: Sequence[HistoryEntry], now: datetime
) -> Content | None:
    """Return the content of a digest, given the channel's history. Blocks. Raises BriefingsError."""
    config = digest.config
    today = now.astimezone(ZoneInfo(config.zone)).date()
    reading_history = build_reading_history(config.query, [entry.item for entry in history])
    update = service.get_update(config.query, reading_history, today=today)
    if update is None:
        empty_content = Content(digest_view.build_empty_message(service.get_title(config.query)))
        return empty_content if config.when_nothing is WhenNothing.ONE_LINE else None
    message, thread = digest_view.build_messages(update, config.query)
    return Content(message, thread, build_history_items(config.query, update))


async def _check_membership(client: AsyncWebClient, config: DigestConfig) -> None:
    """Raise BadQuestion if the bot is not in the channel. If Slack does not answer, the runner finds out later."""
    try:
        # only members can read a channel's history, and the bot already has the scope for it
        await asyncio.wait_for(client.conversations_history(channel=config.channel, limit=1), _MEMBERSHIP_TIMEOUT)
    except SlackApiError as error:
        if get_error_code(error) in _NOT_MEMBER_ERRORS:
            if config.channel.startswith("D"):
                raise BadQuestion(_PRIVATE_CONVERSATION) from error
            raise BadQuestion(
                "On the Record isn't in that channel. Type /invite @On the Record there, then "
                f"/digest {config.query} {config.schedule}"
            ) from error
    except (SlackClientError, ClientError, TimeoutError, OSError):
        return
