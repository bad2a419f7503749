"""What strangers and users read about an error: never where the database is, or how the bot was set up.

The terminal and the log show the whole message.
"""

from typing import Final

from briefings import BadSettings, BriefingsError, DatabaseUnavailable

NOT_AVAILABLE: Final = "The record is not available. Please try again in a minute."
#: errors whose messages are for the operator
_OPERATOR_ERRORS: Final = (DatabaseUnavailable, BadSettings)


def explain_publicly(error: BaseException) -> str:
    """Return a sentence for a reader of Slack, a page or a probe."""
    if isinstance(error, BriefingsError) and not isinstance(error, _OPERATOR_ERRORS):
        return str(error)
    return NOT_AVAILABLE
