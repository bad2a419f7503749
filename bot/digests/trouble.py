"""What Slack's refusals mean for a digest: whether it helps to wait, and else whom it concerns.

Rule: what waiting does not mend pauses the digests it concerns, and their owners are told once, with what to do. An
error that nobody here has heard of concerns that one message.
"""

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
