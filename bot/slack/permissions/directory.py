"""Asks Slack who someone is, which group they are in, and whether they are in a channel.

Rule: only a "yes" is cached, for a minute, so that a new admin, a promoted guest and someone who has just joined are
let in at once. Calls have a time limit, and equal calls that overlap share one answer. Without an answer,
`SlackSilent` is raised; nothing is guessed.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.logs import get_logger
from bot.slack.transport.clients import get_error_code

#: lifetime of a cached "yes", and time limit of each check, in seconds
CACHE_SECONDS, CHECK_SECONDS = 60, 1.8
_MAX_CACHED = 10_000
#: most checks that ask Slack at the same time
_MAX_CONCURRENT = 32
#: entries of a page, and pages of a channel's people and of a person's channels
_PAGE_SIZE, _MAX_MEMBER_PAGES, _MAX_CHANNEL_PAGES = 1_000, 2, 5
_FAILURES = (SlackClientError, ClientError, TimeoutError, OSError)
#: error codes that say "no one here", "no such channel for us" and "no such group"
_UNKNOWN_PERSON = ("user_not_found", "user_not_visible")
_UNKNOWN_CHANNEL = ("channel_not_found", "not_in_channel", "is_archived")
_MISSING_SCOPE = "missing_scope"
_Key = tuple[str, ...]
_Answer = TypeVar("_Answer")


class SlackSilent(Exception):
    """Slack has not answered a check. `is_missing_scope` says that the app must be installed again first."""

    def __init__(self, *, is_missing_scope: bool = False) -> None:
        super().__init__("no answer")
        self.is_missing_scope = is_missing_scope


class PersonKind(StrEnum):
    """What someone is in a workspace."""

    MEMBER = "member"
    GUEST = "guest"
    EXTERNAL = "external"
    BOT = "bot"
    INACTIVE = "inactive"


@dataclass(frozen=True, slots=True)
class Person:
    """Someone as Slack knows them. Only full members are ever admins or owners of the workspace."""

    kind: PersonKind
    is_workspace_admin: bool = False


class SlackDirectory:
    """Asks Slack, with the client of each request, so that each workspace answers for itself."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._cache: OrderedDict[_Key, tuple[float, Any]] = OrderedDict()
        self._running: dict[_Key, asyncio.Task[Any]] = {}
        self._limit = asyncio.Semaphore(_MAX_CONCURRENT)

    async def find_person(self, client: AsyncWebClient, team: str, user: str, *, is_admin: bool = False) -> Person:
        """Return who a user is. With `is_admin`, a cached answer counts only for an admin. Raises SlackSilent."""
        return await self._ask(
            ("person", team, user),
            lambda: _fetch_person(client, team, user),
            is_yes=lambda person: person.kind is PersonKind.MEMBER,
            is_enough=lambda person: person.is_workspace_admin or not is_admin,
        )

    async def find_own_team(self, client: AsyncWebClient) -> str:
        """Return the only workspace of the bot's token, or "" if it works in several. Raises SlackSilent."""
        return await self._ask(("own-team",), lambda: _fetch_own_team(client))

    async def is_in_group(self, client: AsyncWebClient, team: str, group: str, user: str) -> bool:
        """Return whether a user is in a user group. Raises SlackSilent."""
        users: frozenset[str] = await self._ask(
            ("group", team, group),
            lambda: _fetch_group(client, group),
            is_yes=lambda members: bool(members),
            is_enough=lambda members: user in members,
        )
        return user in users

    async def is_in_channel(self, client: AsyncWebClient, team: str, channel: str, user: str) -> bool:
        """Return whether a user is in a channel that the bot can see. Raises SlackSilent."""
        return await self._ask(("channel", team, channel, user), lambda: _fetch_membership(client, channel, user))

    async def _ask(
        self,
        key: _Key,
        fetch: Callable[[], Awaitable[_Answer]],
        is_yes: Callable[[_Answer], bool] = bool,
        is_enough: Callable[[_Answer], bool] = bool,
    ) -> _Answer:
        """Return the cached answer if it `is_enough`, or else Slack's, which is cached if it `is_yes`."""
        entry = self._cache.get(key)
        if entry and entry[0] > self._now() and is_enough(entry[1]):
            return entry[1]  # type: ignore[no-any-return]  # the key has the kind of its answer
        task = self._running.get(key)
        if task is None:
            task = self._running[key] = asyncio.create_task(self._fetch(key, fetch))
            task.add_done_callback(lambda done: self._finish(key, done))
        answer: _Answer = await asyncio.shield(task)
        if is_yes(answer):
            self._store(key, answer)
        else:
            self._cache.pop(key, None)
        return answer

    async def _fetch(self, key: _Key, fetch: Callable[[], Awaitable[_Answer]]) -> _Answer:
        try:
            async with asyncio.timeout(CHECK_SECONDS), self._limit:
                return await fetch()
        except SlackApiError as error:
            code = get_error_code(error)
            get_logger().error("permission check failed", kind=key[0], error=code)
            raise SlackSilent(is_missing_scope=code == _MISSING_SCOPE) from error
        except _FAILURES as error:
            get_logger().error("permission check failed", kind=key[0], error=type(error).__name__)
            raise SlackSilent from error

    def _finish(self, key: _Key, task: asyncio.Task[Any]) -> None:
        self._running.pop(key, None)
        if not task.cancelled():
            task.exception()  # everyone who waited may be gone, and an error that no one read would be logged

    def _store(self, key: _Key, answer: object) -> None:
        self._cache[key] = (self._now() + CACHE_SECONDS, answer)
        self._cache.move_to_end(key)
        while len(self._cache) > _MAX_CACHED:
            self._cache.popitem(last=False)


async def _fetch_own_team(client: AsyncWebClient) -> str:
    answer = await client.auth_test()
    team = answer.get("team_id")
    return team if isinstance(team, str) and answer.get("is_enterprise_install") is not True else ""


async def _fetch_person(client: AsyncWebClient, team: str, user: str) -> Person:
    try:
        profile = (await client.users_info(user=user)).get("user")
    except SlackApiError as error:
        if get_error_code(error) in _UNKNOWN_PERSON:
            return Person(PersonKind.EXTERNAL)
        raise
    if not isinstance(profile, Mapping):
        raise SlackSilent
    kind = _find_kind(profile, team, user)
    is_admin = kind is PersonKind.MEMBER and (profile.get("is_admin") is True or profile.get("is_owner") is True)
    return Person(kind, is_admin)


def _find_kind(profile: Mapping[str, Any], team: str, user: str) -> PersonKind:
    """Return what a profile says of someone in `team`; the flags that take rights away come first."""
    if profile.get("deleted"):
        return PersonKind.INACTIVE
    if profile.get("is_bot") or user == "USLACKBOT":
        return PersonKind.BOT
    if profile.get("is_stranger") or not _belongs_to(profile, team):
        return PersonKind.EXTERNAL
    is_guest = profile.get("is_restricted") or profile.get("is_ultra_restricted")
    return PersonKind.GUEST if is_guest else PersonKind.MEMBER


def _belongs_to(profile: Mapping[str, Any], team: str) -> bool:
    """Whether a profile is of this workspace. In an organisation, people belong to several of its workspaces."""
    home = profile.get("team_id")
    organisation = profile.get("enterprise_user")
    if not isinstance(organisation, Mapping):
        # everyone in an organisation has an `enterprise_user`, so someone with another home is a stranger there, too
        return home in (None, "", team)
    teams = organisation.get("teams")
    return team in (home, organisation.get("enterprise_id"), *(teams if isinstance(teams, list) else ()))


async def _fetch_group(client: AsyncWebClient, group: str) -> frozenset[str]:
    users = (await client.usergroups_users_list(usergroup=group)).get("users")
    return frozenset(user for user in users if isinstance(user, str)) if isinstance(users, list) else frozenset()


async def _fetch_membership(client: AsyncWebClient, channel: str, user: str) -> bool:
    """Ask for the people of a channel, and if they are too many or not told, for the channels of the person."""
    try:
        pages = _iterate_pages(client.conversations_members, "members", _MAX_MEMBER_PAGES, channel=channel)
        async for members in pages:
            if user in members:
                return True
    except _IncompleteError:
        pass
    except SlackApiError as error:
        if get_error_code(error) in _UNKNOWN_CHANNEL:
            return False
        if get_error_code(error) == "ratelimited":
            raise
    else:
        return False
    kinds = "public_channel,private_channel"
    try:
        async for channels in _iterate_pages(
            client.users_conversations, "channels", _MAX_CHANNEL_PAGES, user=user, types=kinds
        ):
            if any(isinstance(entry, Mapping) and entry.get("id") == channel for entry in channels):
                return True
    except _IncompleteError:
        raise SlackSilent from None
    return False


class _IncompleteError(Exception):
    """A list has more pages than are read, or Slack has sent no list."""


async def _iterate_pages(
    method: Callable[..., Awaitable[Any]], name: str, max_pages: int, **arguments: str
) -> AsyncIterator[list[Any]]:
    """Yield the pages of a list. Raises _IncompleteError after the last page if there are more, or without a list."""
    cursor = ""
    for _ in range(max_pages):
        response = await method(limit=_PAGE_SIZE, cursor=cursor or None, **arguments)
        entries, metadata = response.get(name), response.get("response_metadata")
        if not isinstance(entries, list):
            raise _IncompleteError
        yield entries
        cursor = str(metadata.get("next_cursor") or "") if isinstance(metadata, Mapping) else ""
        if not cursor:
            return
    raise _IncompleteError
