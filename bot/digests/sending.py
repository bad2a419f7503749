"""Brings one run that was taken up to its end, or leaves it to a later attempt.

Rule: what a run says is settled in the database before it is posted, so that every attempt says the same; and before
any second attempt the run is looked up in its channel. What cannot be found out in time is "unknown", and never posted
again.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from hashlib import sha256
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

from slack_sdk.web.async_client import AsyncWebClient

from bot.blocks.message import Message, with_note
from bot.digests import trouble
from bot.digests.lookup import Unseen, find
from bot.digests.model import Content, Digest, RunState, Source
from bot.digests.pace import Pace
from bot.digests.trouble import Concerns
from bot.logs import logger, place
from bot.posting import NotPosted, Unsure
from bot.store.runs import Claim, Runs
from briefings.errors import BriefingsError, RecordUnavailable

#: the bot's client for a team; None where it is not installed
ClientOf = Callable[[str], Awaitable[AsyncWebClient | None]]

T = TypeVar("T")
_PAUSED = "The digest was paused or stopped when this was due."


class OnThread(Protocol):
    """Has something that blocks done."""

    async def __call__(self, work: Callable[..., T], *arguments: object, **named: object) -> T:
        """What `work` gives."""
        ...


class Poster(Protocol):
    """What `bot.posting.Posting` does."""

    async def post(
        self,
        client: AsyncWebClient,
        channel: str,
        message: Message,
        *,
        key: str | None = None,
        thread: str | None = None,
    ) -> str:
        """Posts `message`, and gives its ts. Raises NotPosted, Unsure."""
        ...


class Sending:
    """Sends runs. `clock` gives the moment with its zone."""

    def __init__(
        self,
        runs: Runs,
        source: Source,
        posting: Poster,
        client_of: ClientOf,
        clock: Callable[[], datetime],
        pace: Pace,
        at_work: OnThread,
    ) -> None:
        self._runs = runs
        self._source = source
        self._posting = posting
        self._client_of = client_of
        self._clock = clock
        self._pace = pace
        self._at_work = at_work

    async def send(self, claim: Claim) -> None:
        """One attempt. Raises RecordUnavailable, whereupon the lease runs out and another attempt is made."""
        if claim.content is not None:
            await self._settle(claim, claim.content)
        elif not claim.digest.runs:
            await self._end(claim, RunState.SKIPPED, _PAUSED)
        elif self._over(claim):
            await self._end(claim, RunState.SKIPPED, claim.run.why or "Nobody came to send it in time.")
        else:
            await self._first(claim)

    async def _first(self, claim: Claim) -> None:
        content = await self._news(claim)
        if content is not None and await self._at_work(self._runs.freeze, claim, content, self._clock()):
            await self._post(claim, content)

    async def _news(self, claim: Claim) -> Content | None:
        """What the run says; None when that was the end of this attempt."""
        try:
            async with asyncio.timeout(self._pace.reading.total_seconds()):
                content = await self._source.news(claim.digest, self._clock())
        except (RecordUnavailable, TimeoutError):
            await self._later(claim, "The record did not answer.")
        except BriefingsError as error:
            await self._end(claim, RunState.FAILED, str(error), tell=True)
        except Exception as error:  # noqa: BLE001  # one digest's news may not keep the others waiting; it is logged
            logger().error("digest not made", digest=claim.digest.id, error=type(error).__name__, place=place(error))
            await self._later(claim, "Something went wrong while the news was put together.")
        else:
            if content is not None:
                return content
            await self._end(claim, RunState.SILENT, None)
        return None

    async def _settle(self, claim: Claim, content: Content) -> None:
        """A second attempt: finds out what became of the first."""
        client = await self._client(claim)
        if client is None:
            return
        key, ts = key_of(claim), claim.run.message_ts
        since = claim.tried_at or claim.run.due
        keys = {key} if ts is None else {f"{key}-{place}" for place, _ in enumerate(content.thread)}
        try:
            found = await find(client, claim.digest.wish.channel, frozenset(keys), since, ts)
        except Unseen as unseen:
            await self._unseen(claim, unseen)
            return
        if ts is not None:
            await self._thread(claim, content, client, ts, set(found))
        elif key in found:
            await self._posted(claim, content, client, found[key], again=True)
        elif self._over(claim) or not claim.digest.runs:
            await self._end(claim, RunState.FAILED, claim.run.why or "Slack did not take it in time.", tell=True)
        elif await self._at_work(self._runs.renew, claim, self._clock()):
            await self._post(claim, content)

    async def _unseen(self, claim: Claim, unseen: Unseen) -> None:
        if claim.run.message_ts is not None and (self._over(claim) or not unseen.passing):
            await self._end(claim, RunState.SENT, f"Its details may be missing ({unseen.code}).")
        elif unseen.passing and not self._over(claim):
            await self._later(claim, f"The channel could not be read ({unseen.code}).")
        else:
            why = f"It cannot be found out whether it stands in the channel ({unseen.code})."
            await self._end(claim, RunState.UNKNOWN, why, tell=True)

    async def _post(self, claim: Claim, content: Content) -> None:
        client = await self._client(claim)
        if client is None:
            return
        late = self._clock() - claim.run.due >= self._pace.late
        message = with_note(content.message, _late(claim)) if late else content.message
        try:
            async with asyncio.timeout(self._pace.sending.total_seconds()):
                channel = claim.digest.wish.channel
                ts = await self._posting.post(client, channel, message, key=key_of(claim))
        except NotPosted as error:
            await self._refused(claim, error)
        except (Unsure, TimeoutError) as error:
            logger().warning("digest may be posted", digest=claim.digest.id, error=type(error).__name__)
            await self._later(claim, "Slack did not say whether it was posted.")
        else:
            await self._posted(claim, content, client, ts)

    async def _posted(
        self, claim: Claim, content: Content, client: AsyncWebClient, ts: str, *, again: bool = False
    ) -> None:
        if not content.thread:
            await self._at_work(self._runs.sent, claim, ts, content.told, self._clock())
            return
        if not await self._at_work(self._runs.posted, claim, ts, content.told, self._clock()):
            return
        there: set[str] = set()
        if again:
            keys = frozenset(f"{key_of(claim)}-{place}" for place, _ in enumerate(content.thread))
            try:
                since = claim.tried_at or claim.run.due
                there = set(await find(client, claim.digest.wish.channel, keys, since, ts))
            except Unseen as unseen:
                await self._later(claim, f"Its details could not be looked up ({unseen.code}).")
                return
        await self._thread(claim, content, client, ts, there)

    async def _thread(self, claim: Claim, content: Content, client: AsyncWebClient, ts: str, there: set[str]) -> None:
        """Posts what is not there yet below the message; whatever comes of it, the message itself is sent."""
        channel = claim.digest.wish.channel
        for place_in_thread, message in enumerate(content.thread):
            key = f"{key_of(claim)}-{place_in_thread}"
            if key in there:
                continue
            if not await self._at_work(self._runs.renew, claim, self._clock()):
                return
            try:
                async with asyncio.timeout(self._pace.sending.total_seconds()):
                    await self._posting.post(client, channel, message, key=key, thread=ts)
            except (NotPosted, Unsure, TimeoutError) as error:
                passing = not isinstance(error, NotPosted) or trouble.concerns(error.code) is Concerns.NOBODY
                if passing and not self._over(claim):
                    await self._later(claim, "Its details could not be posted yet.")
                else:
                    await self._end(claim, RunState.SENT, "Its details could not be posted.")
                return
        await self._end(claim, RunState.SENT, None)

    async def _refused(self, claim: Claim, error: NotPosted) -> None:
        whom = trouble.concerns(error.code)
        if whom is Concerns.NOBODY:
            if self._over(claim):
                await self._end(claim, RunState.FAILED, f"Slack did not take it in time ({error.code}).", tell=True)
            else:
                await self._later(claim, f"Slack did not take it ({error.code}).")
        elif whom is Concerns.MESSAGE:
            await self._end(claim, RunState.FAILED, f"Slack refused it ({error.code}).", tell=True)
        else:
            await self._pause(claim, error.code, channel=whom is Concerns.CHANNEL)

    async def _client(self, claim: Claim) -> AsyncWebClient | None:
        """The client; None when that was the end of this attempt."""
        client = await self._client_of(claim.digest.wish.team)
        if client is None:
            await self._pause(claim, trouble.NOT_INSTALLED, channel=False)
        return client

    async def _pause(self, claim: Claim, code: str, *, channel: bool) -> None:
        logger().warning("digests paused", digest=claim.digest.id, error=code)
        why = trouble.sentence(code)
        await self._at_work(self._runs.end_all, claim, why, code, self._clock(), channel=channel)

    async def _later(self, claim: Claim, why: str) -> None:
        until = self._clock() + self._pace.wait(claim.run.attempts)
        logger().warning("digest tried again later", digest=claim.digest.id, attempts=claim.run.attempts, why=why)
        await self._at_work(self._runs.later, claim, until, why)

    async def _end(self, claim: Claim, state: RunState, why: str | None, *, tell: bool = False) -> None:
        notice = _notice(claim, state, why or "") if tell else None
        await self._at_work(self._runs.end, claim, state, why, notice, self._clock())
        logger().info("digest", digest=claim.digest.id, state=state.value, why=why)

    def _over(self, claim: Claim) -> bool:
        return self._clock() - claim.run.due > self._pace.grace


def key_of(claim: Claim) -> str:
    """What names the run's message among all, in its metadata."""
    digest = claim.digest
    told = (digest.wish.team, digest.wish.channel, digest.id, digest.created_at.isoformat(), claim.run.due.isoformat())
    return sha256("\0".join(map(str, told)).encode()).hexdigest()[:32]


def _late(claim: Claim) -> str:
    return f"This was due at {_clock(claim)}: On the Record could not post it earlier."


def _clock(claim: Claim) -> str:
    due = claim.run.due.astimezone(ZoneInfo(claim.digest.wish.zone))
    return f"{due:%H:%M} on {due.day} {due:%B} ({claim.digest.wish.zone})"


def _notice(claim: Claim, state: RunState, why: str) -> str:
    named = _named(claim.digest)
    if state is RunState.UNKNOWN:
        return (
            f"{named}: nobody can tell whether its message of {_clock(claim)} stands in the channel. Please look; "
            f"if it does not, /digest now {claim.digest.number} there sends what is new."
        )
    return f"{named} was not sent at {_clock(claim)}. {why}"


def _named(digest: Digest) -> str:
    return f"Digest {digest.number} in <#{digest.wish.channel}>"
