"""The tickets Slack hands out with a request: trigger_id and response_url, good for a while and a number of uses.

Rule: a use counts only when it did something, so whoever checked a ticket takes the use off.
The oldest are forgotten first.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot import limits
from bot.local.model import Clock, Refused

KEPT = 200


@dataclass(slots=True)
class Ticket:
    """One ticket: where it was handed out, the ts of the message acted upon if any, and what is left of it."""

    channel: str
    message: str | None
    expires: datetime
    uses: int


@dataclass(slots=True)
class Tickets:
    """All tickets of one kind. The three errors are Slack's codes for a ticket that never was, is late, is used up."""

    clock: Clock
    lifetime: timedelta
    uses: int
    unknown: str
    late: str
    used: str
    _held: OrderedDict[str, Ticket] = field(default_factory=OrderedDict)

    def issue(self, key: str, channel: str, message: str | None = None) -> str:
        """Hands out a ticket under `key`, and gives the key back."""
        self._held[key] = Ticket(channel, message, self.clock() + self.lifetime, self.uses)
        while len(self._held) > KEPT:
            self._held.popitem(last=False)
        return key

    def check(self, key: str) -> Ticket:
        """The ticket, if it is still good. Raises Refused."""
        ticket = self._held.get(key)
        if ticket is None:
            raise Refused(self.unknown)
        if ticket.uses <= 0:
            raise Refused(self.used)
        if self.clock() >= ticket.expires:
            raise Refused(self.late)
        return ticket

    def channel_of(self, key: str) -> str | None:
        """The channel of a ticket, good or not."""
        ticket = self._held.get(key)
        return ticket.channel if ticket else None


def triggers(clock: Clock) -> Tickets:
    """trigger_ids: one modal within three seconds."""
    seconds = timedelta(seconds=limits.TRIGGER_SECONDS)
    return Tickets(clock, seconds, 1, "invalid_trigger_id", "expired_trigger_id", "exchanged_trigger_id")


def response_urls(clock: Clock) -> Tickets:
    """response_urls: five uses in thirty minutes."""
    lifetime = timedelta(seconds=limits.RESPONSE_URL_SECONDS)
    return Tickets(clock, lifetime, limits.RESPONSE_URL_USES, "expired_url", "expired_url", "used_url")
