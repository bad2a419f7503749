"""Decides who may change what all users see: adding and removing articles, and managing other people's digests.

Rule: ADMINS lists these people or user groups. If it is empty, the workspace's own admins and owners may. If Slack
does not answer, the change is refused. Questions need no permission.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection
from functools import partial

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.logs import get_logger
from bot.slack.transport.clients import get_error_code

#: lifetime of a cached answer from Slack, in seconds
CACHE_SECONDS = 5 * 60
_MAX_CACHED = 10_000
#: the message for people without permission; callers add nothing
REFUSAL = "Only On the Record admins can do that. Ask one of them or a workspace admin. Anyone can ask questions."


class Admins:
    """Checks permissions and caches Slack's answers. `admin_ids` are user ids and group ids (S…).

    Calls go through the client of each request, so that each workspace answers for its own users.
    """

    def __init__(self, admin_ids: Collection[str], now: Callable[[], float]) -> None:
        self._user_ids = frozenset(admin_id for admin_id in admin_ids if not admin_id.startswith("S"))
        self._group_ids = tuple(admin_id for admin_id in admin_ids if admin_id.startswith("S"))
        self._now = now
        self._cache: OrderedDict[tuple[str, str], tuple[float, frozenset[str]]] = OrderedDict()

    async def can_change(self, client: AsyncWebClient, team: str, user: str) -> bool:
        """Whether `user` of `team` may make changes. Never raises.

        Needs the scope `users:read`, or `usergroups:read` for user groups.
        """
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
        """Return the user ids from the cache or from Slack; none if Slack fails, which is not cached."""
        entry = self._cache.get((team, subject_id))
        if entry and entry[0] > self._now():
            return entry[1]
        try:
            user_ids = await fetch()
        except SlackApiError as error:
            get_logger().error("admin lookup failed", subject=subject_id, error=get_error_code(error))
            return frozenset()
        except (SlackClientError, ClientError, TimeoutError, OSError) as error:
            get_logger().error("admin lookup failed", subject=subject_id, error=type(error).__name__)
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
    """Return a set of `user` if they are a workspace admin or owner, else an empty set."""
    profile = (await client.users_info(user=user)).get("user") or {}
    # Slack reports owners as admins too; guests, bots and users of other organisations never are
    return frozenset({user}) if profile.get("is_admin") or profile.get("is_owner") else frozenset()
