"""Manages digests for the listeners (schedule, list, preview, send, change) and builds their content.

Rule: a digest is saved only after all checks: the words, the time, the zone, the topic, and that the bot is in the
channel. `Authorizer` decides who may do what. A channel never gets the same news twice, even from two digests.
A correction is posted by a digest on the same story. The history has lines with their source and date, never articles.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfoNotFoundError

from slack_sdk.web.async_client import AsyncWebClient

from bot.answers.executor import Executor
from bot.answers.question_reader import RecordNames
from bot.core.permissions.table import GuardedAction
from bot.core.public_errors import explain_publicly
from bot.delivery.membership import is_outside
from bot.digests import (
    command_parser,
    details_command,
    list_view,
    news_digest,
    schedule_parser,
)
from bot.digests.command_parser import DigestAction
from bot.digests.delivery.channel_settings import ChannelSettings
from bot.digests.delivery.digest_repository import DigestRepository
from bot.digests.form import form_parser
from bot.digests.mail.addresses import MailAddress
from bot.digests.mail.command import MailAction, MailCommand
from bot.digests.mail.service import MailService, require_mail_service
from bot.digests.model import (
    ContentSource,
    DetailsPlace,
    Digest,
    DigestConfig,
    DigestState,
    WhenNothing,
)
from bot.digests.schedule import build_missing_zone_error
from bot.queries.queries import NewsQuery
from bot.slack.blocks import mrkdwn
from bot.slack.blocks.message import Message, add_note, build_message
from bot.slack.permissions.actor import get_actor
from bot.slack.permissions.authorizer import OPENING, Authorizer, Subject
from bot.slack.transport.channel_posts import UNCLEAR_NAME, is_between_people
from bot.slack.transport.clients import get_time_zone
from briefings import BadQuestion, BriefingsError, BriefingService, NothingFound

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


class DigestService:
    """Manages the digests of all workspaces. `now` returns the current time in UTC."""

    def __init__(
        self,
        executor: Executor,
        authorizer: Authorizer,
        repository: DigestRepository,
        source: ContentSource,
        now: Callable[[], datetime],
        channel_settings: ChannelSettings | None = None,
        mail_service: MailService | None = None,
    ) -> None:
        self._mail_service = mail_service
        self._executor = executor
        self._authorizer = authorizer
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
        if period := await self._executor.call(lambda service: _find_news_period(service, query, self.today)):
            return news_digest.get_title(period), ""
        try:
            return await self._executor.call(lambda service: service.require_articles(query)), ""
        except NothingFound as error:
            title = await self._executor.call(lambda service: service.get_title(query))
            suggestion = f" Did you mean {' or '.join(error.nearest)}?" if error.nearest else ""
            return title, f"No article has this yet: I'll post when there is something.{suggestion}"

    async def schedule(
        self,
        client: AsyncWebClient,
        config: DigestConfig,
        channel_name: str = "",
        addresses: Sequence[MailAddress] = (),
    ) -> Message:
        """Save a new digest and return its confirmation. Raises BriefingsError.

        `channel_name` is Slack's name of the channel, for the sentence that says why the bot can't post there.
        `addresses` are asked to confirm that they get it by e-mail.
        """
        if addresses:
            require_mail_service(self._mail_service)
        title, note = await self.resolve_title(config.query)
        await _check_membership(client, config, channel_name)
        actor = get_actor(config.team, config.owner, client)
        await self._authorizer.require(GuardedAction.SCHEDULE_DIGEST, actor, Subject(config.channel))
        digest = await self._repository.add(self._start_schedule(config))
        message = list_view.build_confirmation(digest, title, self._now(), note)
        return await self.apply_addresses(digest, addresses, config.owner, message) if addresses else message

    @property
    def has_mail(self) -> bool:
        """Whether digests can be sent by e-mail."""
        return self._mail_service is not None

    async def list_addresses(self, digest: Digest) -> str | None:
        """Return the addresses of a digest for a form, or None if e-mail is not set up."""
        if self._mail_service is None:
            return None
        return ", ".join(address.text for address in await self._mail_service.list_addresses(digest))

    async def apply_addresses(
        self, digest: Digest, addresses: Sequence[MailAddress], person: str, message: Message
    ) -> Message:
        """Make these the digest's addresses. Return the confirmation with a sentence on it.

        The digest is saved already, so an error must not look as if it was not.
        """
        if self._mail_service is None:
            return message
        try:
            title, _ = await self.resolve_title(digest.config.query)
            schedule = list_view.format_schedule(digest)
            note = await self._mail_service.set_addresses(digest, title, schedule, addresses, person)
        except BriefingsError as error:
            note = f"The digest is saved, but its e-mail addresses were not changed. {explain_publicly(error)}"
        return add_note(message, mrkdwn.escape_mrkdwn(note)) if note else message

    async def change_mail(
        self, client: AsyncWebClient, team: str, channel: str, person: str, command: MailCommand
    ) -> str:
        """Add, remove or list e-mail addresses. Return markup. Raises BadQuestion."""
        mail_service = require_mail_service(self._mail_service)
        digest = await self.find_digest(team, channel, command.selector, DigestAction.EMAIL)
        await self.require_permission(client, digest, person, DigestAction.EMAIL)
        if command.action is MailAction.LIST:
            lines = (await mail_service.describe(digest)).split("\n")
            return "\n".join(map(mrkdwn.escape_mrkdwn, lines))
        if command.action is MailAction.REMOVE:
            return mrkdwn.escape_mrkdwn(await mail_service.remove(digest, command.addresses, person))
        title, _ = await self.resolve_title(digest.config.query)
        schedule = list_view.format_schedule(digest)
        return mrkdwn.escape_mrkdwn(await mail_service.add(digest, title, schedule, command.addresses, person))

    async def edit(self, client: AsyncWebClient, digest: Digest, config: DigestConfig, person: str) -> Message:
        """Save new settings of a digest and return the confirmation. Raises BriefingsError."""
        await self.require_permission(client, digest, person)
        title, note = await self.resolve_title(config.query)
        schedule = form_parser.keep_start(config.schedule, digest.config.schedule)
        new_config = self._start_schedule(replace(config, schedule=schedule))
        edited_digest = await self._repository.edit(digest, new_config, person)
        return list_view.build_edit_confirmation(edited_digest, title, self._now(), note)

    async def require_permission(
        self, client: AsyncWebClient, digest: Digest, person: str, action: DigestAction = DigestAction.EDIT
    ) -> None:
        """Raise BadQuestion unless `person` may do `action` to the digest, from where they are."""
        actor = get_actor(digest.config.team, person, client)
        subject = Subject(digest.config.channel, {digest.config.owner})
        await self._authorizer.require(command_parser.GUARDED_ACTIONS[action], actor, subject)

    async def require_scheduling(self, client: AsyncWebClient, team: str, person: str) -> None:
        """Raise BadQuestion for people who may not schedule a digest in any channel, before they fill in the form."""
        await self._authorizer.require(GuardedAction.SCHEDULE_DIGEST, get_actor(team, person, client), OPENING)

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
        actor = get_actor(team, person, client)
        await self._authorizer.require(GuardedAction.SET_DETAILS, actor, Subject(channel, owners))
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
            reason = mrkdwn.escape_mrkdwn(explain_publicly(error))
            note = f"The digest is saved, but where its details go was not changed. {reason}"
        return add_note(message, note)

    async def explain_details(self, config: DigestConfig, message: Message) -> Message:
        """Return the confirmation with a sentence on where the details go in a channel that the form did not show."""
        place = await self.get_details_place(config.team, config.channel)
        return add_note(message, details_command.describe_setting(place)) if place else message

    async def decode_button(self, team: str, value: str) -> tuple[DigestAction, Digest]:
        """Return the action and the digest of a button. Raises BadQuestion if the digest is stopped or unknown."""
        action, channel, number = (*value.split(" "), "", "", "")[:3]
        if action not in set(DigestAction) - {DigestAction.EMAIL}:  # e-mail addresses have no button
            raise BadQuestion(_OLDER_LIST)
        return DigestAction(action), await self.find_by_number(team, channel, number)

    async def find_by_number(self, team: str, channel: str, number: str) -> Digest:
        """Return the digest with this number, as text. Raises BadQuestion if it is stopped or unknown."""
        if number.isascii() and number.isdecimal() and len(number) < 10:
            digest = await self._repository.find(team, channel, int(number))
            if digest and digest.state is not DigestState.STOPPED:
                return digest
        raise BadQuestion(_STOPPED)

    async def preview(self, client: AsyncWebClient, digest: Digest, person: str) -> Message:
        """Return what the digest would post now, without a change to its history. Raises BriefingsError."""
        await self.require_permission(client, digest, person, DigestAction.PREVIEW)
        try:
            content = await self._source.fetch_content(digest, self._now())
        except ZoneInfoNotFoundError as error:
            raise build_missing_zone_error(digest.config.zone) from error
        if content is None:
            note = (await self.resolve_title(digest.config.query))[1]
            reason = mrkdwn.escape_mrkdwn(note) or "Nothing is new. If this digest ran now, it wouldn't post anything."
            return build_message(reason)
        return add_note(content.message, "This is a preview. Only you can see it.")

    async def change(self, client: AsyncWebClient, digest: Digest, action: DigestAction, person: str) -> str:
        """Send, pause, resume, stop or take over a digest. Return a sentence of markup. Raises BadQuestion."""
        await self.require_permission(client, digest, person, action)
        if action is DigestAction.NOW:
            if not digest.is_active:
                raise BadQuestion(f"This digest is paused. To resume it, type /digest resume {digest.number}.")
            await self._repository.request_run(digest)
            return list_view.describe_change(digest, action, self._now())
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


def _find_news_period(service: BriefingService, query: str, today: date) -> NewsQuery | None:
    """Return the days of a digest of the news. Raises BadQuestion for days on which there is none. Blocks."""
    names = RecordNames(service)
    news_digest.check_days(query, names)
    return news_digest.find_period(query, today, names)


async def _check_membership(client: AsyncWebClient, config: DigestConfig, channel_name: str) -> None:
    """Raise BadQuestion if the bot is not in the channel. If Slack does not answer, the runner finds out later."""
    if not await is_outside(client, config.channel):
        return
    if is_between_people(config.channel, channel_name):
        raise BadQuestion(_PRIVATE_CONVERSATION)
    if channel_name == UNCLEAR_NAME:
        raise BadQuestion(_UNCLEAR_CONVERSATION)
    raise BadQuestion(
        "On the Record isn't in that channel. Type /invite @On the Record there, then "
        f"/digest {config.query} {config.schedule}"
    )
