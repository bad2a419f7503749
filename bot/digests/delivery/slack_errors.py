"""What Slack's refusals mean for a digest: whether it helps to wait, and else whom it concerns.

Rule: what waiting does not mend pauses the digests it concerns, and their owners are told once, with what to do. An
error that nobody here has heard of concerns that one message.

How long things may take, and how often they are tried again. Every figure has its reason beside it.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum


class ErrorScope(Enum):
    """Whom a refusal concerns."""

    #: nobody: it is tried again
    TRANSIENT = "nobody"
    MESSAGE = "message"
    CHANNEL = "channel"
    TEAM = "team"


#: what the runner itself calls a workspace without a token
NOT_INSTALLED = "not_installed"
#: Slack's codes of errors that pass; the first two are ours (`bot.posting`, `bot.clients`)
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
    "not_in_channel": "On the Record is not in the channel any more. Type /invite @On the Record there",
    "channel_not_found": (
        "On the Record does not see the channel any more: it was deleted, or made private without it. "
        "Type /invite @On the Record there"
    ),
    "restricted_action": "Only some people may post in the channel. Ask an admin to let On the Record post there",
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
    "account_inactive",
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
    """Whom Slack's error `code`, given to a post, concerns."""
    if code in _TRANSIENT_ERRORS:
        return ErrorScope.TRANSIENT
    if code in _CHANNEL_HINTS or code in _OTHER_CHANNEL_ERRORS:
        return ErrorScope.CHANNEL
    return ErrorScope.TEAM if code in _TEAM_ERRORS else ErrorScope.MESSAGE


def describe_error(code: str) -> str:
    """What is wrong and what to do, for the owner; without its full stop."""
    if code in _CHANNEL_HINTS:
        return _CHANNEL_HINTS[code]
    if classify_error(code) is ErrorScope.TEAM:
        return (
            f"Slack does not let On the Record into this workspace any more ({code}). Ask an admin to install it again"
        )
    return f"Slack does not let On the Record post there ({code}). Ask an admin of this workspace"


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Set for a newsroom; tests have a quicker one."""

    #: a run that comes later than this after it was due says so
    late_after: timedelta = timedelta(minutes=5)
    #: one that would come later does not come any more: old news at a wrong hour is worse than none
    grace_period: timedelta = timedelta(hours=2)
    #: whoever has taken up a run has it for so long: longer than all the calls that one attempt makes
    lease_duration: timedelta = timedelta(minutes=4)
    #: a post is given up after so long, waits for Slack's 429 included; the run is then looked up before another
    post_timeout: timedelta = timedelta(seconds=100)
    #: what is new is given up after so long
    content_timeout: timedelta = timedelta(seconds=60)
    #: from one attempt to the next, doubled each time, up to the longest; less than a lease
    first_backoff: timedelta = timedelta(seconds=30)
    max_backoff: timedelta = timedelta(minutes=4)
    #: runs on their way at once in one process
    max_concurrency: int = 8

    def compute_backoff(self, attempts: int) -> timedelta:
        """Until the next attempt, after so many."""
        return min(self.first_backoff * (1 << min(max(attempts, 1) - 1, 16)), self.max_backoff)
