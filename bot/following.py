"""`/briefing follow ADDRESS` and `/briefing unfollow ADDRESS`, for those who look after the bot.

Rule: only an address makes it so; "follow the money" is words to brief on. Who followed what is noted.
"""

import re
from dataclasses import dataclass

from bot.admins import REFUSAL, Admins
from bot.blocks import notices
from bot.blocks.message import Message
from bot.courier import Asker
from bot.logs import logger
from bot.store.audit import Audit, Deed
from briefings.errors import RecordUnavailable
from briefings.gathering.gathering import Gathering, Wanted

_WISH = re.compile(
    r"\s*(?P<what>follow|unfollow)\s+<?(?P<address>(?P<scheme>[a-z][a-z0-9+.-]*://)?[^\s|<>]+?)(?:\|[^<>]*)?>?\s*",
    re.IGNORECASE,
)
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:[/?].*)?")


@dataclass(frozen=True, slots=True)
class Wish:
    """To follow a feed, or to follow it no more."""

    address: str
    follow: bool


def wish_of(typed: str) -> Wish | None:
    """What was typed after `/briefing`, when it is a wish; None when it is a question."""
    found = _WISH.fullmatch(typed)
    if found is None:
        return None
    address = found["address"].replace("&amp;", "&")
    if found["scheme"] is None:
        if not _HOST.fullmatch(address):
            return None
        address = f"https://{address}"
    return Wish(address, found["what"].lower() == "follow")


class Following:
    """Does what is wished, for those who may. `audit` None notes nothing."""

    def __init__(self, gathering: Gathering, admins: Admins, audit: Audit | None) -> None:
        self._gathering = gathering
        self._admins = admins
        self._audit = audit

    async def answer(self, asker: Asker, team: str, wish: Wish) -> Message:
        """What became of it. Raises BriefingsError."""
        if asker.client is None or not await self._admins.may_change(asker.client, team, asker.user):
            return notices.sentence(REFUSAL)
        if not wish.follow:
            address = await self._gathering.unfollow(wish.address)
            await self._note(Deed(team, asker.user, "unfollowed", address))
            return notices.sentence(f"Followed no more: {address}. Its articles stay in the record.")
        found = await self._gathering.follow(Wanted(wish.address, asker.user))
        await self._note(Deed(team, asker.user, "followed", found.address))
        title = f" (“{found.title}”)" if found.title else ""
        if not found.new:
            return notices.sentence(f"{found.address}{title} is followed already.")
        return notices.sentence(
            f"Following {found.address}{title}: it has {found.entries} entries at present, which come into the record "
            "within a few minutes. If it ever fails, the app's Home says so."
        )

    async def _note(self, deed: Deed) -> None:
        """It is done, whatever the database says."""
        if self._audit is None:
            return
        try:
            await self._audit.note(deed)
        except RecordUnavailable as error:
            logger().error("a deed is not noted", error=type(error).__name__)
