"""Manages watches for the listeners: set up, list, preview, change, and the settings of a channel.

Rule: a watch is saved only after all checks: what to watch for, and that the bot can post there. `Authorizer` decides
who may do what. In a direct message between people, a watch posts in its own conversation with the user.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.answers.executor import Executor
from bot.answers.left_out import FindLeftOut, add_left_out_note
from bot.answers.question_reader import RecordNames
from bot.core.logs import get_logger
from bot.core.permissions.table import GuardedAction
from bot.delivery.membership import is_outside
from bot.queries.queries import UsageMessage
from bot.queries.watches import format_watch, parse_watch
from bot.slack.blocks.message import Message
from bot.slack.permissions.actor import get_actor
from bot.slack.permissions.authorizer import OPENING, Authorizer, Subject
from bot.slack.transport.clients import get_error_code, get_time_zone
from bot.storage.store import Store
from bot.watches import list_view
from bot.watches.command_parser import EditCommand, ManageCommand, WatchAction, select_watches
from bot.watches.delivery.channel_settings import WatchChannelSettings, open_watch_channel_settings
from bot.watches.delivery.watch_repository import WatchRepository, open_watch_repository
from bot.watches.model import ChannelSettings, ChannelWatch, WatchConfig, WatchState
from bot.watches.query_text import describe_query
from bot.watches.settings_parser import LimitCommand, QuietCommand
from briefings import BadQuestion, BriefingService
from briefings.watches import WatchQuery

_STOPPED = 'This watch was stopped. Set up a new one: /watch "lynch-mob"'
_PRIVATE_CONVERSATION = (
    "On the Record can't post in this conversation. Set up the watch in a channel, or in a direct message to On the "
    "Record."
)
_CONNECTION_ERRORS = (SlackClientError, ClientError, TimeoutError, OSError)
#: what the permissions table calls the actions on an existing watch
GUARDED_ACTIONS = {
    WatchAction.PREVIEW: GuardedAction.PREVIEW_WATCH,
    WatchAction.PAUSE: GuardedAction.STOP_WATCH,
    WatchAction.RESUME: GuardedAction.CHANGE_WATCH,
    WatchAction.STOP: GuardedAction.STOP_WATCH,
    WatchAction.EDIT: GuardedAction.CHANGE_WATCH,
    WatchAction.TAKE: GuardedAction.CHANGE_WATCH,
}
_STATES = {
    WatchAction.PAUSE: WatchState.PAUSED,
    WatchAction.RESUME: WatchState.ACTIVE,
    WatchAction.STOP: WatchState.STOPPED,
}


class WatchService:
    """Manages the watches of all workspaces. `now` returns the current time in UTC.

    `find_left_out` finds what the services of `executor` leave out.
    """

    def __init__(
        self,
        executor: Executor,
        authorizer: Authorizer,
        repository: WatchRepository,
        settings: WatchChannelSettings,
        now: Callable[[], datetime],
        find_left_out: FindLeftOut,
    ) -> None:
        self._executor = executor
        self._authorizer = authorizer
        self._repository = repository
        self._settings = settings
        self._now = now
        self._find_left_out = find_left_out

    @property
    def today(self) -> date:
        """The current date in UTC."""
        return self._now().date()

    async def read_query(self, text: str) -> WatchQuery:
        """Return the query in a typed text. Raises BadQuestion."""
        query = await self._executor.call(lambda service: parse_watch(text, self.today, RecordNames(service)))
        if isinstance(query, UsageMessage):
            raise BadQuestion(query.sentence)
        return query

    async def add(self, client: AsyncWebClient, config: WatchConfig) -> Message:
        """Save a new watch and return its confirmation. Raises BriefingsError."""
        config = await self._choose_place(client, config)
        watch = await self._repository.add(config)
        message = list_view.build_confirmation(watch, await self._load_preview(config.query))
        return await add_left_out_note(message, self._find_left_out)

    async def edit(self, client: AsyncWebClient, watch: ChannelWatch, query: WatchQuery, person: str) -> Message:
        """Save a new query of a watch and return the confirmation. Raises BriefingsError."""
        await self.require_permission(client, watch, person)
        edited_watch = await self._repository.edit(watch, replace(watch.config, query=query), person)
        message = list_view.build_edit_confirmation(edited_watch, await self._load_preview(query))
        return await add_left_out_note(message, self._find_left_out)

    async def preview(self, client: AsyncWebClient, watch: ChannelWatch, person: str) -> Message:
        """Return what the watch would have found. Raises BriefingsError."""
        await self.require_permission(client, watch, person, WatchAction.PREVIEW)
        message = list_view.build_preview(watch, await self._load_preview(watch.config.query))
        return await add_left_out_note(message, self._find_left_out)

    async def require_permission(
        self, client: AsyncWebClient, watch: ChannelWatch, person: str, action: WatchAction = WatchAction.EDIT
    ) -> None:
        """Raise BadQuestion unless `person` may do `action` to the watch, from where they are."""
        actor = get_actor(watch.config.team, person, client)
        subject = Subject(watch.config.channel, {watch.config.owner})
        await self._authorizer.require(GUARDED_ACTIONS[action], actor, subject)

    async def require_setting_up(self, client: AsyncWebClient, team: str, person: str) -> None:
        """Raise BadQuestion for people who may not set up a watch in any channel, before they fill in the form."""
        await self._authorizer.require(GuardedAction.SET_UP_WATCH, get_actor(team, person, client), OPENING)

    async def list_watches(self, team: str, channel: str, note: str = "") -> Message:
        """Return the list of a channel's watches and its settings. `note` is markup above it."""
        watches = await self._repository.list_watches(team, channel)
        return list_view.build_watch_list(watches, await self._settings.load(team, channel), note)

    async def list_person_watches(self, team: str, person: str) -> tuple[ChannelWatch, ...]:
        """Return a user's watches that are not stopped."""
        return await self._repository.list_watches(team, owner=person)

    async def select(self, team: str, channel: str, command: ManageCommand | EditCommand) -> list[ChannelWatch]:
        """Return the channel's watches that a command names. Raises BadQuestion."""
        return select_watches(command, await self._repository.list_watches(team, channel))

    async def find_by_number(self, team: str, channel: str, number: str) -> ChannelWatch:
        """Return the watch with this number, as text. Raises BadQuestion if it is stopped or unknown."""
        if number.isascii() and number.isdecimal() and len(number) < 10:
            watch = await self._repository.find(team, channel, int(number))
            if watch and watch.state is not WatchState.STOPPED:
                return watch
        raise BadQuestion(_STOPPED)

    async def decode_button(self, team: str, value: str) -> tuple[WatchAction, ChannelWatch]:
        """Return the action and the watch of a button or option. Raises BadQuestion if it is stopped or unknown."""
        action, channel, number = (*value.split(" "), "", "", "")[:3]
        if action not in set(WatchAction):
            raise BadQuestion(_STOPPED)
        return WatchAction(action), await self.find_by_number(team, channel, number)

    async def change(
        self, client: AsyncWebClient, watches: Sequence[ChannelWatch], action: WatchAction, person: str
    ) -> str:
        """Pause, resume, stop or take over watches. Return a sentence of markup. Raises BadQuestion."""
        for watch in watches:
            await self.require_permission(client, watch, person, action)
        changed_watches = []
        for watch in watches:
            if action is WatchAction.TAKE:
                changed_watches.append(await self._repository.take_over(watch, person))
            else:
                changed_watches.append(await self._repository.change_state(watch, _STATES[action], person))
        return list_view.describe_change(changed_watches, action, watches)

    async def change_settings(
        self, client: AsyncWebClient, team: str, channel: str, person: str, command: QuietCommand | LimitCommand
    ) -> str:
        """Change, or only show, the settings of a channel. Return markup. Raises BadQuestion."""
        settings = await self._settings.load(team, channel)
        if command.is_question:
            return list_view.describe_settings(settings)
        owners = {watch.config.owner for watch in await self._repository.list_watches(team, channel)}
        actor = get_actor(team, person, client)
        await self._authorizer.require(GuardedAction.SET_WATCH_LIMITS, actor, Subject(channel, owners))
        if isinstance(command, LimitCommand):
            new_settings = replace(settings, hourly_limit=command.limit)
        elif command.hours is None:
            new_settings = replace(settings, quiet_hours=None)
        else:
            zone = command.zone or await get_time_zone(client, person)
            if not zone:
                raise BadQuestion(
                    "I couldn't get your time zone from Slack. Add one, for example: "
                    f"/watch quiet {command.hours} Europe/London"
                )
            new_settings = replace(settings, quiet_hours=command.hours, zone=zone)
        await self._settings.save(team, channel, person, new_settings)
        return list_view.describe_settings(new_settings)

    async def load_settings(self, team: str, channel: str) -> ChannelSettings:
        """Return the settings of a channel."""
        return await self._settings.load(team, channel)

    async def _load_preview(self, query: WatchQuery) -> str:
        """Return what the query would have found, as markup."""
        since = self.today - timedelta(days=list_view.PREVIEW_DAYS)

        def find(service: BriefingService) -> str:
            preview = service.watching.preview(query, since)
            earlier = None if preview.findings else service.watching.preview(query, date.min)
            return list_view.format_preview(preview, earlier)

        return await self._executor.call(find)

    async def _choose_place(self, client: AsyncWebClient, config: WatchConfig) -> WatchConfig:
        """Return the settings with a channel in which the bot can post, and the owner is. Raises BadQuestion."""
        can_post = not await is_outside(client, config.channel)
        if not (can_post or config.channel.startswith("D")):
            raise BadQuestion(
                "On the Record isn't in this conversation. Type /invite @On the Record here, then "
                f"{format_watch(config.query)}"
            )
        actor = get_actor(config.team, config.owner, client)
        await self._authorizer.require(GuardedAction.SET_UP_WATCH, actor, Subject(config.channel))
        if can_post:
            return config
        try:
            # the first message opens the conversation, so that no other scope is needed
            text = f"I'll post here when a new article has {describe_query(config.query)}."
            response = await client.chat_postMessage(channel=config.owner, text=text)
        except SlackApiError as error:
            get_logger().warning("direct message rejected", error=get_error_code(error))
            raise BadQuestion(_PRIVATE_CONVERSATION) from error
        except _CONNECTION_ERRORS as error:
            raise BadQuestion("Slack didn't answer. Please try again in a minute.") from error
        return replace(config, channel=str(response.get("channel") or config.owner), thread="")


def build_watch_service(
    store: Store, executor: Executor, authorizer: Authorizer, now: Callable[[], datetime], find_left_out: FindLeftOut
) -> WatchService:
    """Return the service on the bot's database. What it stores of a team is deleted when the team leaves."""
    store.uninstall_cleanup.register(WatchRepository.forget_team)
    store.uninstall_cleanup.register(WatchChannelSettings.forget_team)
    return WatchService(
        executor, authorizer, open_watch_repository(store), open_watch_channel_settings(store), now, find_left_out
    )
