"""Mutes, unmutes and lists the sources of a channel, and says what its answers leave out.

Rule: everything is per channel, also a direct message. `Authorizer` decides who can change it; the list shows who did.
"""

from collections.abc import Sequence

from slack_sdk.web.async_client import AsyncWebClient

from bot.answers.executor import Executor
from bot.answers.left_out import LeftOut
from bot.core.permissions.table import GuardedAction
from bot.mutes import command_parser, views
from bot.mutes.command_parser import ListCommand, MuteCommand, SourceCommand, UnmuteCommand
from bot.mutes.left_out import find_left_out
from bot.mutes.model import MuteTarget, SourceKind
from bot.mutes.repository import MuteRepository
from bot.mutes.resolver import resolve_sources, select_muted
from bot.queries.queries import Command, HelpCommand, UsageMessage
from bot.slack.blocks.message import Message
from bot.slack.permissions.actor import get_actor
from bot.slack.permissions.authorizer import Authorizer, Subject
from bot.slack.transport.message_events import IncomingMessage
from bot.slack.views import notices
from briefings import BadQuestion, BriefingService, make_outlet_key, normalize_address

_NO_CHANNEL = "Sources are muted in a channel. Type this in a channel, or in a direct message to On the Record."
_NO_NAME = (
    "This line's article has no outlet and no address, so I can't mute its source. "
    "For another source, type /sources mute The Tribune"
)


class MuteService:
    """Manages the muted sources of all channels."""

    def __init__(self, executor: Executor, repository: MuteRepository, authorizer: Authorizer) -> None:
        self._executor = executor
        self._repository = repository
        self._authorizer = authorizer

    async def find_left_out(self, team: str, channel: str) -> LeftOut:
        """Return what the answers in a channel leave out, and the line that says so."""
        return await find_left_out(self._repository, team, channel)

    async def answer(self, command: SourceCommand, team: str, channel: str, person: str) -> Message:
        """Run a command and return its answer. Raises BriefingsError."""
        if not channel or not team:
            raise BadQuestion(_NO_CHANNEL)
        match command:
            case HelpCommand():
                return notices.build_help(Command.SOURCES)
            case UsageMessage(sentence):
                return notices.build_notice(sentence)
            case ListCommand():
                return views.build_list(await self._repository.list_mutes(team, channel))
            case MuteCommand(names):
                targets = await self._executor.call(lambda service: _resolve(service, names))
                return await self.mute(team, channel, person, targets)
            case UnmuteCommand(names):
                return await self._unmute(team, channel, person, names)

    async def answer_message(self, _client: AsyncWebClient, team: str, message: IncomingMessage) -> Message | None:
        """Answer a message in plain words that mutes, unmutes or lists; return None for any other."""
        command = command_parser.parse_request(message.text, message.channel)
        if command is None:
            return None
        if isinstance(command, MuteCommand | UnmuteCommand) and command.may_be_other:
            key = make_outlet_key(command.names)
            outlets = await self._executor.call(lambda service: service.name_lookup.list_outlets())
            if key not in map(make_outlet_key, outlets):
                return None
        return await self.answer(command, team, message.channel, message.user)

    async def mute(self, team: str, channel: str, person: str, targets: Sequence[MuteTarget]) -> Message:
        """Mute sources and return the confirmation. Raises BadQuestion over the limit."""
        await self._require_permission(team, channel, person)
        new_targets = await self._repository.add(team, channel, person, targets)
        return views.build_muted(new_targets, targets)

    async def unmute_key(self, team: str, channel: str, person: str, key: str) -> Message:
        """Unmute the source of a button. Raises BadQuestion if it is not muted anymore."""
        await self._require_permission(team, channel, person)
        mutes = await self._repository.list_mutes(team, channel)
        targets = [mute.target for mute in mutes if mute.target.key == key]
        if not targets:
            raise BadQuestion("This source isn't muted here anymore. To see what is, type /sources")
        await self._repository.remove(team, channel, person, targets)
        return views.build_unmuted(targets)

    async def _require_permission(self, team: str, channel: str, person: str) -> None:
        """Raise BadQuestion for people who may not change what this channel reads."""
        await self._authorizer.require(GuardedAction.MUTE_SOURCE, get_actor(team, person), Subject(channel))

    async def _unmute(self, team: str, channel: str, person: str, names: str) -> Message:
        await self._require_permission(team, channel, person)
        targets = select_muted(names, await self._repository.list_mutes(team, channel))
        await self._repository.remove(team, channel, person, targets)
        return views.build_unmuted(targets)


def choose_target(publisher: str | None, url: str | None) -> MuteTarget:
    """Return what to mute for a line of an article: its outlet or, without one, its site. Raises BadQuestion."""
    outlet = MuteTarget(SourceKind.OUTLET, publisher or "")
    if publisher and outlet.key != f"{SourceKind.OUTLET}:":
        return outlet
    address = normalize_address(url) if url else None
    if address is None:
        raise BadQuestion(_NO_NAME)
    return MuteTarget(SourceKind.ADDRESS, address.partition("/")[0])


def _resolve(service: BriefingService, names: str) -> tuple[MuteTarget, ...]:
    return resolve_sources(names, service.name_lookup.list_outlets(), service.name_lookup.list_sections)
