"""Takes secrets out of what is about to be logged.

Rule: the second line of defence. The first is that nothing secret is handed to a logger (`bot.logs`).
"""

import logging
import re
from collections.abc import Collection, MutableMapping

#: what looks like a token of Slack's, an address that posts for whoever has it, a socket's ticket, a password; the key
#: of a link to a page, what Slack sends back with somebody who signs in; a signed value of ours or a JSON Web Token
_LOOKS_SECRET = re.compile(
    r"xox[a-z]?(?:\.xox[a-z])?-[\w.%+/-]+|xapp-[\w.%+/-]+|(?<=hooks\.slack\.com/)\S+|(?<=[?&]ticket=)[^&\s]+"
    r"|(?<=://)[^/@\s:]+:[^/@\s]+(?=@)"
    r"|(?<=[?&;]key=)[^&\s]+|(?<=[?&;]code=)[^&\s]+|(?<=[?&;]state=)[^&\s]+|(?<=__Host-record=)[^;\s]+"
    r"|(?<=__Host-record-sign-in=)[^;\s]+|\beyJ[\w-]{8,}\.[\w.-]{16,}"
)
_HIDDEN = "…"
#: a shorter one is none, and stands in ordinary words
_SHORTEST = 8


class Redaction(logging.Filter):
    """A filter for the libraries' loggers and a processor for structlog. `known` are secrets of any look."""

    def __init__(self, known: Collection[str] = ()) -> None:
        super().__init__()
        self._known = sorted((secret for secret in known if len(secret) >= _SHORTEST), key=len, reverse=True)

    def text(self, told: str) -> str:
        """`told` without secrets."""
        for secret in self._known:
            told = told.replace(secret, _HIDDEN)
        return _LOOKS_SECRET.sub(_HIDDEN, told)

    def __call__(
        self, _logger: object, _method: str, event: MutableMapping[str, object]
    ) -> MutableMapping[str, object]:
        """structlog: every value of the event."""
        return {key: self._value(one) for key, one in event.items()}

    def filter(self, record: logging.LogRecord) -> bool:
        """logging: the message, and of an exception its kind alone."""
        raised = record.exc_info[0] if record.exc_info else None
        record.msg = self.text(record.getMessage()) + (f" ({raised.__name__})" if raised else "")
        record.args, record.exc_info, record.exc_text, record.stack_info = (), None, None, None
        return True

    def _value(self, told: object) -> object:
        match told:
            case None | bool() | int() | float():
                return told
            case dict():
                return {self.text(str(key)): self._value(one) for key, one in told.items()}
            case list() | tuple():
                return [self._value(one) for one in told]
            case _:
                return self.text(str(told))
