"""The tickets Slack hands out with a request: trigger_id and response_url, good for a while and a number of uses.

Rule: a use counts only when it did something, so whoever checked a ticket takes the use off.
The oldest are forgotten first.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.core import slack_limits
from bot.simulator.state.model import Clock, SlackError

MAX_TOKENS = 200


@dataclass(slots=True)
class LimitedToken:
    """One ticket: where it was handed out, the ts of the message acted upon if any, and what is left of it."""

    channel: str
    message: str | None
    expires: datetime
    uses: int


@dataclass(slots=True)
class TokenStore:
    """All tickets of one kind. The three errors are Slack's codes for a ticket that never was, is late, is used up."""

    clock: Clock
    lifetime: timedelta
    uses: int
    unknown_error: str
    expired_error: str
    used_error: str
    _tokens: OrderedDict[str, LimitedToken] = field(default_factory=OrderedDict)

    def issue(self, key: str, channel: str, message: str | None = None) -> str:
        """Hands out a ticket under `key`, and gives the key back."""
        self._tokens[key] = LimitedToken(channel, message, self.clock() + self.lifetime, self.uses)
        while len(self._tokens) > MAX_TOKENS:
            self._tokens.popitem(last=False)
        return key

    def check(self, key: str) -> LimitedToken:
        """The ticket, if it is still good. Raises Refused."""
        token = self._tokens.get(key)
        if token is None:
            raise SlackError(self.unknown_error)
        if token.uses <= 0:
            raise SlackError(self.used_error)
        if self.clock() >= token.expires:
            raise SlackError(self.expired_error)
        return token

    def find_channel(self, key: str) -> str | None:
        """The channel of a ticket, good or not."""
        token = self._tokens.get(key)
        return token.channel if token else None


def create_trigger_ids(clock: Clock) -> TokenStore:
    """trigger_ids: one modal within three seconds."""
    seconds = timedelta(seconds=slack_limits.TRIGGER_SECONDS)
    return TokenStore(clock, seconds, 1, "invalid_trigger_id", "expired_trigger_id", "exchanged_trigger_id")


def create_response_urls(clock: Clock) -> TokenStore:
    """response_urls: five uses in thirty minutes."""
    lifetime = timedelta(seconds=slack_limits.RESPONSE_URL_SECONDS)
    return TokenStore(clock, lifetime, slack_limits.RESPONSE_URL_USES, "expired_url", "expired_url", "used_url")
