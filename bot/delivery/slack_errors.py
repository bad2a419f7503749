"""Classifies Slack's error codes for posts, and sets the timeouts and retries of a run.

Rule: a lasting error pauses the digests of its channel or workspace. Their owners get one notice that says what to do.
An unknown error code affects only its message.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum


class ErrorScope(Enum):
    """What an error affects."""

    #: only this attempt: the post is retried
    TRANSIENT = "nobody"
    MESSAGE = "message"
    CHANNEL = "channel"
    TEAM = "team"


#: our own code for a workspace without a token
NOT_INSTALLED = "not_installed"
#: Slack's code for a deactivated account: the bot's, or that of the person who gets a message
INACTIVE = "account_inactive"
#: codes of temporary errors; the first two are ours (from `channel_posts` and `clients`)
_TRANSIENT_ERRORS = {
    "busy",
    "no answer",
    "external_channel_migrating",
    "fatal_error",
    "internal_error",
    "message_limit_exceeded",
    "org_login_required",
    "rate_limited",
    "ratelimited",
    "request_timeout",
    "service_unavailable",
    "team_added_to_org",
    "token_expired",
}
_CHANNEL_HINTS = {
    "is_archived": "The channel is archived. Unarchive it",
    "not_in_channel": "On the Record isn't in the channel anymore. Type /invite @On the Record there",
    "channel_not_found": (
        "On the Record can't see the channel anymore: it was deleted or made private. Type /invite @On the Record there"
    ),
    "restricted_action": "Only some people can post in the channel. Ask an admin to let On the Record post there",
}
_OTHER_CHANNEL_ERRORS = {
    "channel_is_limited_access",
    "is_inactive",
    "no_permission",
    "posting_to_general_channel_denied",
    "restricted_action_non_threadable_channel",
    "restricted_action_read_only_channel",
    "restricted_action_thread_only_channel",
    "user_not_in_channel",
}
_TEAM_ERRORS = {
    NOT_INSTALLED,
    "access_denied",
    INACTIVE,
    "ekm_access_denied",
    "enterprise_is_restricted",
    "invalid_auth",
    "missing_scope",
    "not_allowed_token_type",
    "not_authed",
    "team_access_not_granted",
    "token_revoked",
    "two_factor_setup_required",
}


def classify_error(code: str) -> ErrorScope:
    """Return what Slack's error `code` for a post affects."""
    if code in _TRANSIENT_ERRORS:
        return ErrorScope.TRANSIENT
    if code in _CHANNEL_HINTS or code in _OTHER_CHANNEL_ERRORS:
        return ErrorScope.CHANNEL
    return ErrorScope.TEAM if code in _TEAM_ERRORS else ErrorScope.MESSAGE


def describe_error(code: str) -> str:
    """Return the problem and what to do, for the owner, without the final full stop."""
    if code in _CHANNEL_HINTS:
        return _CHANNEL_HINTS[code]
    if classify_error(code) is ErrorScope.TEAM:
        return f"Slack doesn't let On the Record into this workspace anymore ({code}). Ask an admin to install it again"
    return f"Slack doesn't let On the Record post there ({code}). Ask a workspace admin"


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Timeouts and retries of a run. The defaults suit a newsroom; tests use shorter ones."""

    #: a run posted later than this says that it is late
    late_after: timedelta = timedelta(minutes=5)
    #: a run is skipped after this time: old news at the wrong hour is worse than none
    grace_period: timedelta = timedelta(hours=2)
    #: lease of a claimed run; longer than all calls of one attempt together
    lease_duration: timedelta = timedelta(minutes=4)
    #: timeout of a post, including waits for Slack's 429; the next attempt first looks for the message
    post_timeout: timedelta = timedelta(seconds=100)
    #: timeout for the content
    content_timeout: timedelta = timedelta(seconds=60)
    #: wait between attempts: doubled each time, up to the maximum; at most as long as a lease
    first_backoff: timedelta = timedelta(seconds=30)
    max_backoff: timedelta = timedelta(minutes=4)
    #: runs in progress at once in one process
    max_concurrency: int = 8

    def compute_backoff(self, attempts: int) -> timedelta:
        """Return the wait before the next attempt, after this many attempts."""
        return min(self.first_backoff * (1 << min(max(attempts, 1) - 1, 16)), self.max_backoff)
