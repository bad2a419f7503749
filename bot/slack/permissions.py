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

from bot.core.logs import get_logger
from bot.slack.transport.clients import get_error_code

#: seconds for which what Slack says of people and groups is believed
CACHE_SECONDS = 5 * 60
_MAX_CACHED = 10_000
#: what they are told; the door adds nothing
REFUSAL = (
    "Only the people who look after On the Record here may do that: ask one of them, or an admin of this workspace. "
    "Everybody may ask questions."
)


class Admins:
    """Asks Slack with the client of a request, so that each workspace is asked for its own people."""

    def __init__(self, admin_ids: Collection[str], now: Callable[[], float]) -> None:
        self._user_ids = frozenset(admin_id for admin_id in admin_ids if not admin_id.startswith("S"))
        self._group_ids = tuple(admin_id for admin_id in admin_ids if admin_id.startswith("S"))
        self._now = now
        self._cache: OrderedDict[tuple[str, str], tuple[float, frozenset[str]]] = OrderedDict()

    async def can_change(self, client: AsyncWebClient, team: str, user: str) -> bool:
        """Whether `user` of `team` may. Never raises. Needs `users:read`, or `usergroups:read` for user groups."""
        if user in self._user_ids:
            return True
        if not self._user_ids and not self._group_ids:
            return user in await self._fetch_cached(team, user, partial(_fetch_if_admin, client, user))
        for group in self._group_ids:
            if user in await self._fetch_cached(team, group, partial(_fetch_group_members, client, group)):
                return True
        return False

    async def _fetch_cached(
        self, team: str, subject_id: str, fetch: Callable[[], Awaitable[frozenset[str]]]
    ) -> frozenset[str]:
        """What Slack says, or said a short while ago; nobody when it does not answer, which is not remembered."""
        entry = self._cache.get((team, subject_id))
        if entry and entry[0] > self._now():
            return entry[1]
        try:
            user_ids = await fetch()
        except SlackApiError as error:
            get_logger().error("admins not known", about=subject_id, error=get_error_code(error))
            return frozenset()
        except (SlackClientError, ClientError, TimeoutError, OSError) as error:
            get_logger().error("admins not known", about=subject_id, error=type(error).__name__)
            return frozenset()
        self._cache[team, subject_id] = (self._now() + CACHE_SECONDS, user_ids)
        self._cache.move_to_end((team, subject_id))
        while len(self._cache) > _MAX_CACHED:
            self._cache.popitem(last=False)
        return user_ids


async def _fetch_group_members(client: AsyncWebClient, group: str) -> frozenset[str]:
    response = await client.usergroups_users_list(usergroup=group)
    return frozenset(response.get("users") or ())


async def _fetch_if_admin(client: AsyncWebClient, user: str) -> frozenset[str]:
    """The user alone, or nobody."""
    profile = (await client.users_info(user=user)).get("user") or {}
    # an owner is an admin too, says Slack; a guest, a bot or somebody of another organisation never is
    return frozenset({user}) if profile.get("is_admin") or profile.get("is_owner") else frozenset()
