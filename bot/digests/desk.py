"""What can be done with digests, whichever door it is asked through: scheduled, listed, previewed, sent, changed.

Rule: nothing is kept before everything about it is known to be sound: the words, the time, the zone, the topic, and
that the bot is in the channel. Only whoever scheduled a digest, or looks after the bot, may change it.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.admins import Admins
from bot.answering import Answering
from bot.blocks import scheduled
from bot.blocks.message import Message, with_note
from bot.clients import error_code
from bot.digests import asked, words
from bot.digests.asked import Verb
from bot.digests.model import Digest, Source, State, WhenNothing, Wish
from bot.store.digests import Digests
from bot.zones import zone_of
from briefings.errors import BadQuestion, NothingFound

#: seconds in which Slack says whether the bot is in a channel; the runner finds out otherwise
_PATIENCE = 1.5
_OUTSIDE = ("not_in_channel", "channel_not_found", "is_archived")
_REFUSED = (
    "Only whoever scheduled a digest, and the people who look after On the Record here, may change it: "
    "schedule one of your own with /digest labour-crisis weekdays at 8:30"
)


class DigestDesk:
    """For one bot: `kept` keeps the digests, `source` tells their news, `now` gives the moment in UTC."""

    def __init__(
        self, answering: Answering, admins: Admins, kept: Digests, source: Source, now: Callable[[], datetime]
    ) -> None:
        self._answering = answering
        self._admins = admins
        self._kept = kept
        self._source = source
        self._now = now

    async def zone(self, client: AsyncWebClient, user: str, named: str) -> str:
        """The zone named, or else the person's own. Raises BadQuestion."""
        if found := named or await zone_of(client, user):
            return found
        raise BadQuestion(
            "Slack does not say in which time zone you are: name it, for example "
            "/digest labour-crisis weekdays at 8:30 Europe/London"
        )

    async def expected(self, ask: str) -> str:
        """What a digest on `ask` is called. Raises BriefingsError when there will be none."""
        try:
            return await self._answering.call(lambda desk: desk.expect(ask))
        except NothingFound as error:
            near = error.nearest[0] if error.nearest else "labour-crisis"
            raise BadQuestion(f"{error} Type for example: /digest {near} {words.EXAMPLE}") from error

    async def schedule(self, client: AsyncWebClient, wish: Wish) -> Message:
        """Keeps a new digest; gives its confirmation. Raises BriefingsError."""
        title = await self.expected(wish.ask)
        await _check_inside(client, wish)
        return scheduled.confirmed(await self._kept.add(wish), title, self._now())

    async def listed(self, team: str, channel: str, note: str = "") -> Message:
        """The digests of a channel."""
        return scheduled.listed(await self._kept.of(team, channel), note)

    async def of_person(self, team: str, person: str) -> tuple[Digest, ...]:
        """What somebody has scheduled, and not stopped."""
        return tuple(digest for digest in await self._kept.of(team) if digest.wish.owner == person)

    async def named(self, team: str, channel: str, which: str) -> Digest:
        """The digest of a channel that `which` names. Raises BadQuestion."""
        return asked.chosen(which, await self._kept.of(team, channel))

    async def pressed(self, team: str, value: str) -> tuple[Verb, Digest]:
        """What a button of ours says. Raises BadQuestion."""
        verb, channel, number = (*value.split(" "), "", "", "")[:3]
        if verb in set(Verb) and number.isdecimal() and len(number) < 10:
            digest = await self._kept.find(team, channel, int(number))
            if digest and digest.state is not State.STOPPED:
                return Verb(verb), digest
        raise BadQuestion("This digest is stopped: schedule another, /digest labour-crisis weekdays at 8:30")

    async def preview(self, digest: Digest) -> Message:
        """What it would say now; nothing is remembered of it. Raises BriefingsError."""
        content = await self._source.news(digest, self._now())
        if content is None:
            return scheduled.told("Nothing is new: if it were due now, nothing would be posted.")
        return with_note(content.message, "A preview, for you alone.")

    async def change(self, client: AsyncWebClient, digest: Digest, verb: Verb, person: str) -> str:
        """Sends, pauses, resumes or stops it; gives a sentence of markup. Raises BadQuestion."""
        if verb is Verb.NOW:
            if not digest.runs:
                raise BadQuestion(f"This digest is paused: /digest resume {digest.number} lets it run again.")
            await self._kept.request(digest)
            return scheduled.changed(digest, verb, self._now())
        if person != digest.wish.owner and not await self._admins.may_change(client, digest.wish.team, person):
            raise BadQuestion(_REFUSED)
        does = {Verb.PAUSE: self._kept.pause, Verb.RESUME: self._kept.resume, Verb.STOP: self._kept.stop}
        return scheduled.changed(await does[verb](digest, person), verb, self._now())


def wish(team: str, channel: str, owner: str, typed: words.Typed, nothing: str = WhenNothing.SILENT.value) -> Wish:
    """The digest that was typed; `typed.zone` is known by now."""
    return Wish(team, channel, owner, typed.ask, typed.schedule, typed.zone, WhenNothing(nothing))


async def _check_inside(client: AsyncWebClient, wanted: Wish) -> None:
    """Raises BadQuestion when Slack says that the bot may not post there; with no answer it is left to the runner."""
    try:
        # needs no scope that the bot has not: who reads a channel's history is in it
        await asyncio.wait_for(client.conversations_history(channel=wanted.channel, limit=1), _PATIENCE)
    except SlackApiError as error:
        if error_code(error) in _OUTSIDE:
            raise BadQuestion(
                "On the Record is not in that channel: type /invite @On the Record there, then again "
                f"/digest {wanted.ask} {wanted.schedule}"
            ) from error
    except (SlackClientError, ClientError, TimeoutError, OSError):
        return
