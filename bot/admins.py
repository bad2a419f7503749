"""Who may change what everybody sees: add and remove articles, schedule for others. Asking is for everybody.

Rule: those whom ADMINS names (people, or members of a user group); with nobody named, the workspace's own admins and
owners. When Slack does not say who somebody is, they may not.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection
from functools import partial

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.clients import error_code
from bot.logs import logger

#: seconds for which what Slack says of people and groups is believed
BELIEVED_SECONDS = 5 * 60
_MOST = 10_000
#: what they are told; the door adds nothing
REFUSAL = (
    "Only the people who look after On the Record here may do that: ask one of them, or an admin of this workspace. "
    "Everybody may ask questions."
)


class Admins:
    """Asks Slack with the client of a request, so that each workspace is asked for its own people."""

    def __init__(self, named: Collection[str], now: Callable[[], float]) -> None:
        self._people = frozenset(one for one in named if not one.startswith("S"))
        self._groups = tuple(one for one in named if one.startswith("S"))
        self._now = now
        self._believed: OrderedDict[tuple[str, str], tuple[float, frozenset[str]]] = OrderedDict()

    async def may_change(self, client: AsyncWebClient, team: str, user: str) -> bool:
        """Whether `user` of `team` may. Never raises. Needs `users:read`, or `usergroups:read` for user groups."""
        if user in self._people:
            return True
        if not self._people and not self._groups:
            return user in await self._asked(team, user, partial(_if_admin, client, user))
        for group in self._groups:
            if user in await self._asked(team, group, partial(_members, client, group)):
                return True
        return False

    async def _asked(self, team: str, about: str, ask: Callable[[], Awaitable[frozenset[str]]]) -> frozenset[str]:
        """What Slack says, or said a short while ago; nobody when it does not answer, which is not remembered."""
        believed = self._believed.get((team, about))
        if believed and believed[0] > self._now():
            return believed[1]
        try:
            people = await ask()
        except SlackApiError as error:
            logger().error("admins not known", about=about, error=error_code(error))
            return frozenset()
        except (SlackClientError, ClientError, TimeoutError, OSError) as error:
            logger().error("admins not known", about=about, error=type(error).__name__)
            return frozenset()
        self._believed[team, about] = (self._now() + BELIEVED_SECONDS, people)
        self._believed.move_to_end((team, about))
        while len(self._believed) > _MOST:
            self._believed.popitem(last=False)
        return people


async def _members(client: AsyncWebClient, group: str) -> frozenset[str]:
    answer = await client.usergroups_users_list(usergroup=group)
    return frozenset(answer.get("users") or ())


async def _if_admin(client: AsyncWebClient, user: str) -> frozenset[str]:
    """The user alone, or nobody."""
    found = (await client.users_info(user=user)).get("user") or {}
    # an owner is an admin too, says Slack; a guest, a bot or somebody of another organisation never is
    return frozenset({user}) if found.get("is_admin") or found.get("is_owner") else frozenset()
