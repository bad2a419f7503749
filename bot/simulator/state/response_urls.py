"""Tokens that Slack sends with a request: trigger_id and response_url, with a lifetime and a number of uses.

Rule: only a successful use counts, so the caller of `check` subtracts the use afterwards. The oldest tokens are
dropped first.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.core import slack_limits
from bot.simulator.state.model import Clock, SlackError

#: maximum number of tokens of one kind
MAX_TOKENS = 200


@dataclass(slots=True)
class LimitedToken:
    """A token: its channel, the ts of the clicked message if any, its expiry, and its remaining uses."""

    channel: str
    message: str | None
    expires: datetime
    uses: int


@dataclass(slots=True)
class TokenStore:
    """All tokens of one kind, with Slack's error codes for an unknown, an expired and a used token."""

    clock: Clock
    lifetime: timedelta
    uses: int
    unknown_error: str
    expired_error: str
    used_error: str
    _tokens: OrderedDict[str, LimitedToken] = field(default_factory=OrderedDict)

    def issue(self, key: str, channel: str, message: str | None = None) -> str:
        """Store a new token under `key`; return the key."""
        self._tokens[key] = LimitedToken(channel, message, self.clock() + self.lifetime, self.uses)
        while len(self._tokens) > MAX_TOKENS:
            self._tokens.popitem(last=False)
        return key

    def check(self, key: str) -> LimitedToken:
        """Return the token if it is still valid. Raises SlackError."""
        token = self._tokens.get(key)
        if token is None:
            raise SlackError(self.unknown_error)
        if token.uses <= 0:
            raise SlackError(self.used_error)
        if self.clock() >= token.expires:
            raise SlackError(self.expired_error)
        return token

    def find_channel(self, key: str) -> str | None:
        """Return the channel of a token, valid or not, or None if it is unknown."""
        token = self._tokens.get(key)
        return token.channel if token else None


def create_trigger_ids(clock: Clock) -> TokenStore:
    """Create the store of trigger_ids: one use within three seconds."""
    lifetime = timedelta(seconds=slack_limits.TRIGGER_SECONDS)
    return TokenStore(clock, lifetime, 1, "invalid_trigger_id", "expired_trigger_id", "exchanged_trigger_id")


def create_response_urls(clock: Clock) -> TokenStore:
    """Create the store of response_urls: five uses within thirty minutes."""
    lifetime = timedelta(seconds=slack_limits.RESPONSE_URL_SECONDS)
    return TokenStore(clock, lifetime, slack_limits.RESPONSE_URL_USES, "expired_url", "expired_url", "used_url")
