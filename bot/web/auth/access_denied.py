"""Refusals: why a visitor cannot open a page, and what to do next.

Rule: a refusal reveals only what the visitor needs to continue.
"""

from briefings import BriefingsError

_ASK_AGAIN = "Ask again in Slack and open the new link"


class AccessDenied(BriefingsError):
    """A page request that was refused; its message is the sentence the visitor reads.

    `status` is the HTTP status, `reason` the value for logs and metrics. `return_to` is the page without its key.
    """

    def __init__(self, status: int, reason: str, title: str, sentence: str, return_to: str = "") -> None:
        super().__init__(sentence)
        self.status = status
        self.reason = reason
        self.title = title
        self.return_to = return_to


def no_session(return_to: str, *, can_sign_in: bool) -> AccessDenied:
    """Return the refusal for a visitor without a session."""
    return AccessDenied(
        403,
        "no session",
        "This page is for your workspace",
        f"{_ASK_AGAIN}{_format_sign_in_hint(can_sign_in=can_sign_in)}.",
        return_to,
    )


def other_workspace(return_to: str, *, can_sign_in: bool) -> AccessDenied:
    """Return the refusal for a visitor whose session is of another workspace than the link."""
    sentence = (
        f"You opened pages of another workspace before. {_ASK_AGAIN}{_format_sign_in_hint(can_sign_in=can_sign_in)}."
    )
    return AccessDenied(403, "other workspace", "This page is for another workspace", sentence, return_to)


def link_expired(return_to: str, *, can_sign_in: bool) -> AccessDenied:
    """Return the refusal for an expired link."""
    sentence = f"Links work for one week. {_ASK_AGAIN}{_format_sign_in_hint(can_sign_in=can_sign_in)}."
    return AccessDenied(410, "expired", "This link has expired", sentence, return_to)


def link_invalid(return_to: str) -> AccessDenied:
    """Return the refusal for a link with an invalid key."""
    sentence = f"Part of it may be missing. {_ASK_AGAIN}."
    return AccessDenied(403, "forged", "This link doesn't work", sentence, return_to)


def not_installed() -> AccessDenied:
    """Return the refusal for a workspace that does not have the bot installed."""
    sentence = (
        "On the Record isn't installed in this workspace. Ask a workspace admin to install it, or sign in with another "
        "workspace."
    )
    return AccessDenied(403, "not installed", "This workspace has no access", sentence)


def pages_closed() -> AccessDenied:
    """Return the refusal of a bot that has no public URL."""
    sentence = (
        "Read the answers in Slack for now. To turn these pages on, the operator of this bot must set PUBLIC_URL to "
        "its https address."
    )
    return AccessDenied(403, "closed", "These pages are turned off", sentence)


def wrong_host() -> AccessDenied:
    """Return the refusal of a local workspace for another machine or host name."""
    sentence = "Open them on the computer that runs the bot, at 127.0.0.1 or localhost."
    return AccessDenied(403, "elsewhere", "These pages are not available here", sentence)


def sign_in_failed(reason: str, sentence: str, *, status: int = 403, return_to: str = "") -> AccessDenied:
    """Return the refusal for a failed sign-in."""
    return AccessDenied(status, reason, "You are not signed in", sentence, return_to)


def _format_sign_in_hint(*, can_sign_in: bool) -> str:
    return ", or sign in with Slack" if can_sign_in else ""
