"""Why somebody is not let in, in a sentence that says what to do.

Rule: what is wrong with a key is not told in more detail than its holder needs.
"""

from briefings.errors import BriefingsError

_AGAIN = "Ask again in Slack, and open the link of the new answer"


class NotLetIn(BriefingsError):
    """`status` is HTTP's; `why` a word for logs and metrics; `to` the page that was asked for, without its key."""

    def __init__(self, status: int, why: str, title: str, sentence: str, to: str = "") -> None:
        super().__init__(sentence)
        self.status = status
        self.why = why
        self.title = title
        self.to = to


def nobody(to: str, *, signs_in: bool) -> NotLetIn:
    """No session."""
    return NotLetIn(
        403, "no session", "This page is for your workspace", f"{_AGAIN}{_or_sign_in(signs_in=signs_in)}.", to
    )


def expired(to: str, *, signs_in: bool) -> NotLetIn:
    """A link that was good."""
    sentence = f"A link is good for a week. {_AGAIN}{_or_sign_in(signs_in=signs_in)}."
    return NotLetIn(410, "expired", "This link has run out", sentence, to)


def forged(to: str) -> NotLetIn:
    """A key that is none."""
    sentence = f"It may have been cut on its way. {_AGAIN}."
    return NotLetIn(403, "forged", "This link does not open anything", sentence, to)


def not_installed() -> NotLetIn:
    """A workspace that removed the bot, or never had it."""
    sentence = (
        "On the Record is not installed in this workspace: ask an admin of the workspace to install it, or sign in "
        "with another one."
    )
    return NotLetIn(403, "not installed", "This workspace is not let in", sentence)


def closed() -> NotLetIn:
    """No address under which anybody outside could be let in."""
    sentence = "Whoever runs this bot has to set PUBLIC_URL to its https address; until then, read in Slack."
    return NotLetIn(403, "closed", "The pages are not open here", sentence)


def elsewhere() -> NotLetIn:
    """The local workspace, asked for from another machine or under another name."""
    sentence = "These pages are open on the machine they run on, at 127.0.0.1 or localhost, and nowhere else."
    return NotLetIn(403, "elsewhere", "The pages are not open here", sentence)


def not_signed_in(why: str, sentence: str, *, status: int = 403, to: str = "") -> NotLetIn:
    """Signing in came to nothing."""
    return NotLetIn(status, why, "You are not signed in", sentence, to)


def _or_sign_in(*, signs_in: bool) -> str:
    return ", or sign in with Slack" if signs_in else ""
