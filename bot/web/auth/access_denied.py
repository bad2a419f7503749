"""Why somebody is not let in, in a sentence that says what to do.

Rule: what is wrong with a key is not told in more detail than its holder needs.
"""

from briefings import BriefingsError

_ASK_AGAIN = "Ask again in Slack, and open the link of the new answer"


class AccessDenied(BriefingsError):
    """`status` is HTTP's; `why` a word for logs and metrics; `to` the page that was asked for, without its key."""

    def __init__(self, status: int, reason: str, title: str, sentence: str, return_to: str = "") -> None:
        super().__init__(sentence)
        self.status = status
        self.reason = reason
        self.title = title
        self.return_to = return_to


def no_session(return_to: str, *, can_sign_in: bool) -> AccessDenied:
    """No session."""
    return AccessDenied(
        403,
        "no session",
        "This page is for your workspace",
        f"{_ASK_AGAIN}{_format_sign_in_hint(can_sign_in=can_sign_in)}.",
        return_to,
    )


def link_expired(return_to: str, *, can_sign_in: bool) -> AccessDenied:
    """A link that was good."""
    sentence = f"A link is good for a week. {_ASK_AGAIN}{_format_sign_in_hint(can_sign_in=can_sign_in)}."
    return AccessDenied(410, "expired", "This link has run out", sentence, return_to)


def link_invalid(return_to: str) -> AccessDenied:
    """A key that is none."""
    sentence = f"It may have been cut on its way. {_ASK_AGAIN}."
    return AccessDenied(403, "forged", "This link does not open anything", sentence, return_to)


def not_installed() -> AccessDenied:
    """A workspace that removed the bot, or never had it."""
    sentence = (
        "On the Record is not installed in this workspace: ask an admin of the workspace to install it, or sign in "
        "with another one."
    )
    return AccessDenied(403, "not installed", "This workspace is not let in", sentence)


def pages_closed() -> AccessDenied:
    """No address under which anybody outside could be let in."""
    sentence = "Whoever runs this bot has to set PUBLIC_URL to its https address; until then, read in Slack."
    return AccessDenied(403, "closed", "The pages are not open here", sentence)


def wrong_host() -> AccessDenied:
    """The local workspace, asked for from another machine or under another name."""
    sentence = "These pages are open on the machine they run on, at 127.0.0.1 or localhost, and nowhere else."
    return AccessDenied(403, "elsewhere", "The pages are not open here", sentence)


def sign_in_failed(reason: str, sentence: str, *, status: int = 403, return_to: str = "") -> AccessDenied:
    """Signing in came to nothing."""
    return AccessDenied(status, reason, "You are not signed in", sentence, return_to)


def _format_sign_in_hint(*, can_sign_in: bool) -> str:
    return ", or sign in with Slack" if can_sign_in else ""
