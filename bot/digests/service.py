"""Manages digests for the listeners (schedule, list, preview, send, change) and builds their content.

Rule: a digest is saved only after all checks: the words, the time, the zone, the topic, and that the bot is in the
channel. Only its owner or an admin can change it. A channel never gets the same news twice, even from two digests.
A correction is posted by a digest on the same story. The history has lines with their source and date, never articles.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.answers.executor import Executor
from bot.digests import command_parser, details_command, digest_view, form_parser, list_view, schedule_parser
from bot.digests.command_parser import DigestAction
from bot.digests.delivery.channel_settings import ChannelSettings
from bot.digests.delivery.digest_repository import DigestRepository
from bot.digests.history import build_history_items, build_reading_history
from bot.digests.model import (
    Content,
    ContentSource,
    DetailsPlace,
    Digest,
    DigestConfig,
    DigestState,
    HistoryEntry,
    WhenNothing,
)
from bot.digests.schedule import build_missing_zone_error
from bot.slack.blocks import mrkdwn
from bot.slack.blocks.message import Message, add_note
from bot.slack.permissions import Admins
from bot.slack.transport.channel_posts import NOT_MEMBER_CODES, UNCLEAR_NAME, is_between_people
from bot.slack.transport.clients import get_error_code, get_time_zone
from briefings import BadQuestion, BriefingsError, BriefingService, NothingFound

#: seconds to wait for Slack's answer on membership; without one, the runner finds out later
_MEMBERSHIP_TIMEOUT = 1.5
_NOT_MEMBER_ERRORS = (*NOT_MEMBER_CODES, "is_archived")
_STOPPED = "This digest was stopped. Schedule a new one: /digest labour-crisis weekdays at 8:30"
_OLDER_LIST = (
    "This button belongs to an older list. Type /digest list to see the current digests. "
    "Schedule a new one: /digest labour-crisis weekdays at 8:30"
)
_PRIVATE_CONVERSATION = (
    "On the Record can't post in a conversation between people. Schedule the digest in a channel, "
    "or in a direct message to On the Record."
)
_UNCLEAR_CONVERSATION = (
    "On the Record isn't in this conversation. In a channel, type /invite @On the Record, then schedule the digest "
    "again. In a conversation between people it can't post."
)
_NOT_OWNER = (
    "Only the person who scheduled this digest and On the Record admins can change it. "
    "Schedule your own: /digest labour-crisis weekdays at 8:30"
)
_NOT_DETAILS_OWNER = (
    "Only people who scheduled a digest in this channel and On the Record admins can change where its details go."
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
        channel_settings: ChannelSettings | None = None,
    ) -> None:
        self._executor = executor
        self._admins = admins
        self._repository = repository
        self._source = source
        self._now = now
        self._channel_settings = channel_settings

    async def resolve_zone(self, client: AsyncWebClient, user: str, named_zone: str) -> str:
        """Return `named_zone`, or the user's zone from Slack. Raises BadQuestion if there is neither."""
        if zone := named_zone or await get_time_zone(client, user):
            return zone
        raise BadQuestion(
            "I couldn't get your time zone from Slack. Add one, for example "
            "/digest labour-crisis weekdays at 8:30 Europe/London"
        )

    async def resolve_title(self, query: str) -> tuple[str, str]:
        """Return the title of digests on `query`, and a note if no article matches yet. Raises BadQuestion.

        Words that no article has yet are allowed: the digest waits for them.
        """
        try:
            return await self._executor.call(lambda service: service.require_articles(query)), ""
        except NothingFound as error:
            title = await self._executor.call(lambda service: service.get_title(query))
            suggestion = f" Did you mean {' or '.join(error.nearest)}?" if error.nearest else ""
            return title, f"No article has this yet: I'll post when there is something.{suggestion}"

    async def schedule(self, client: AsyncWebClient, config: DigestConfig, channel_name: str = "") -> Message:
        """Save a new digest and return its confirmation. Raises BriefingsError.

        `channel_name` is Slack's name of the channel, for the sentence that says why the bot can't post there.
        """
        title, note = await self.resolve_title(config.query)
        await _check_membership(client, config, channel_name)
        digest = await self._repository.add(self._start_schedule(config))
        return list_view.build_confirmation(digest, title, self._now(), note)

    async def edit(self, client: AsyncWebClient, digest: Digest, config: DigestConfig, person: str) -> Message:
        """Save new settings of a digest and return the confirmation. Raises BriefingsError."""
        await self.require_permission(client, digest, person)
        title, note = await self.resolve_title(config.query)
        schedule = form_parser.keep_start(config.schedule, digest.config.schedule)
        new_config = self._start_schedule(replace(config, schedule=schedule))
        edited_digest = await self._repository.edit(digest, new_config, person)
        return list_view.build_edit_confirmation(edited_digest, title, self._now(), note)

    async def require_permission(self, client: AsyncWebClient, digest: Digest, person: str) -> None:
        """Raise BadQuestion unless `person` owns the digest or is an admin."""
        if person != digest.config.owner and not await self._admins.can_change(client, digest.config.team, person):
            raise BadQuestion(_NOT_OWNER)

    def _start_schedule(self, config: DigestConfig) -> DigestConfig:
        """Return the settings with a start for intervals: their next day. Raises BadQuestion without the time zone."""
        try:
            return replace(config, schedule=config.schedule.start_after(self._now(), config.zone))
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise build_missing_zone_error(config.zone) from error

    async def list_digests(self, team: str, channel: str, note: str = "") -> Message:
        """Return the list of a channel's digests, and where their details go. `note` is markup above it."""
        digests = await self._repository.list_digests(team, channel)
        message = list_view.build_digest_list(digests, note)
        if not digests or self._channel_settings is None:
            return message
        place = await self._channel_settings.get_details_place(team, channel)
        return add_note(message, details_command.describe_setting(place))

    async def list_person_digests(self, team: str, person: str) -> tuple[Digest, ...]:
        """Return a user's digests that are not stopped."""
        return tuple(digest for digest in await self._repository.list_digests(team) if digest.config.owner == person)

    async def find_digest(
        self, team: str, channel: str, selector: str, action: DigestAction = DigestAction.PREVIEW
    ) -> Digest:
        """Return the channel's digest with this number or topic, for `action`. Raises BadQuestion."""
        return command_parser.select_digest(selector, await self._repository.list_digests(team, channel), action)

    @property
    def today(self) -> date:
        """The current date in UTC."""
        return self._now().date()

    async def set_details(
        self, client: AsyncWebClient, team: str, channel: str, person: str, place: DetailsPlace | None
    ) -> str:
        """Set where the channel's details go, or only read it if `place` is None. Return markup. Raises BadQuestion."""
        if self._channel_settings is None:
            raise BadQuestion("The details of digests always go in their threads here.")
        if place is None:
            return details_command.describe_setting(await self._channel_settings.get_details_place(team, channel))
        owners = {digest.config.owner for digest in await self._repository.list_digests(team, channel)}
        if owners and person not in owners and not await self._admins.can_change(client, team, person):
            raise BadQuestion(_NOT_DETAILS_OWNER)
        await self._channel_settings.set_details_place(team, channel, person, place)
        return details_command.describe_change(place)

    async def get_details_place(self, team: str, channel: str) -> DetailsPlace | None:
        """Return where a channel gets the details of its digests, or None if that is not known."""
        if self._channel_settings is None or not channel:
            return None
        return await self._channel_settings.get_details_place(team, channel)

    async def apply_details(
        self, client: AsyncWebClient, config: DigestConfig, person: str, place: DetailsPlace | None, message: Message
    ) -> Message:
        """Set where the details go as chosen in the form. Return the confirmation with a sentence on it.

        The digest is saved already, so an error must not look as if it was not.
        """
        if place is None or self._channel_settings is None:
            return message
        try:
            note = await self.set_details(client, config.team, config.channel, person, place)
        except BriefingsError as error:
            note = f"The digest is saved, but where its details go was not changed. {mrkdwn.escape_mrkdwn(str(error))}"
        return add_note(message, note)

    async def explain_details(self, config: DigestConfig, message: Message) -> Message:
        """Return the confirmation with a sentence on where the details go in a channel that the form did not show."""
        place = await self.get_details_place(config.team, config.channel)
        return add_note(message, details_command.describe_setting(place)) if place else message

    async def decode_button(self, team: str, value: str) -> tuple[DigestAction, Digest]:
        """Return the action and the digest of a button. Raises BadQuestion if the digest is stopped or unknown."""
        action, channel, number = (*value.split(" "), "", "", "")[:3]
        if action not in set(DigestAction):
            raise BadQuestion(_OLDER_LIST)
        return DigestAction(action), await self.find_by_number(team, channel, number)

    async def find_by_number(self, team: str, channel: str, number: str) -> Digest:
        """Return the digest with this number, as text. Raises BadQuestion if it is stopped or unknown."""
        if number.isascii() and number.isdecimal() and len(number) < 10:
            digest = await self._repository.find(team, channel, int(number))
            if digest and digest.state is not DigestState.STOPPED:
                return digest
        raise BadQuestion(_STOPPED)

    async def preview(self, digest: Digest) -> Message:
        """Return what the digest would post now, without a change to its history. Raises BriefingsError."""
        try:
            content = await self._source.fetch_content(digest, self._now())
        except ZoneInfoNotFoundError as error:
            raise build_missing_zone_error(digest.config.zone) from error
        if content is None:
            note = (await self.resolve_title(digest.config.query))[1]
            reason = mrkdwn.escape_mrkdwn(note) or "Nothing is new. If this digest ran now, it wouldn't post anything."
            return list_view.build_message(reason)
        return add_note(content.message, "This is a preview. Only you can see it.")

    async def change(self, client: AsyncWebClient, digest: Digest, action: DigestAction, person: str) -> str:
        """Send, pause, resume, stop or take over a digest. Return a sentence of markup. Raises BadQuestion."""
        if action is DigestAction.NOW:
            if not digest.is_active:
                raise BadQuestion(f"This digest is paused. To resume it, type /digest resume {digest.number}.")
            await self._repository.request_run(digest)
            return list_view.describe_change(digest, action, self._now())
        await self.require_permission(client, digest, person)
        handlers = {
            DigestAction.PAUSE: self._repository.pause,
            DigestAction.RESUME: self._repository.resume,
            DigestAction.STOP: self._repository.stop,
            DigestAction.TAKE: self._repository.take_over,
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

    def __init__(
        self, executor: Executor, repository: DigestRepository, channel_settings: ChannelSettings | None = None
    ) -> None:
        self._executor = executor
        self._repository = repository
        self._channel_settings = channel_settings

    async def fetch_content(self, digest: Digest, now: datetime) -> Content | None:
        """Return what the channel has not seen yet, or None if there is nothing to post. Raises BriefingsError."""
        config = digest.config
        history = await self._repository.list_history(config.team, config.channel)
        place = DetailsPlace.THREAD
        if self._channel_settings:
            place = await self._channel_settings.get_details_place(config.team, config.channel)
        return await self._executor.call(lambda service: build_content(service, digest, history, now, place))


def build_content(
    service: BriefingService,
    digest: Digest,
    history: Sequence[HistoryEntry],
    now: datetime,
    details_place: DetailsPlace = DetailsPlace.THREAD,
) -> Content | None:
    """Return the content of a digest, given the channel's history. Blocks. Raises BriefingsError."""
    config = digest.config
    today = now.astimezone(ZoneInfo(config.zone)).date()
    reading_history = build_reading_history(config.query, [entry.item for entry in history])
    update = service.get_update(config.query, reading_history, today=today)
    if update is None:
        empty_content = Content(digest_view.build_empty_message(service.get_title(config.query)))
        return empty_content if config.when_nothing is WhenNothing.ONE_LINE else None
    message, details = digest_view.build_messages(update, config.query, details_place)
    # a channel without details must not read later that a line it never got was corrected
    posted_update = digest_view.keep_shown(update) if details_place is DetailsPlace.NONE else update
    return Content(message, details, build_history_items(config.query, posted_update), details_place)


async def _check_membership(client: AsyncWebClient, config: DigestConfig, channel_name: str) -> None:
    """Raise BadQuestion if the bot is not in the channel. If Slack does not answer, the runner finds out later."""
    try:
        # only members can read a channel's history, and the bot already has the scope for it
        await asyncio.wait_for(client.conversations_history(channel=config.channel, limit=1), _MEMBERSHIP_TIMEOUT)
    except SlackApiError as error:
        if get_error_code(error) in _NOT_MEMBER_ERRORS:
            if is_between_people(config.channel, channel_name):
                raise BadQuestion(_PRIVATE_CONVERSATION) from error
            if channel_name == UNCLEAR_NAME:
                raise BadQuestion(_UNCLEAR_CONVERSATION) from error
            raise BadQuestion(
                "On the Record isn't in that channel. Type /invite @On the Record there, then "
                f"/digest {config.query} {config.schedule}"
            ) from error
    except (SlackClientError, ClientError, TimeoutError, OSError):
        return
