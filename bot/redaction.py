"""Takes secrets out of what is about to be logged.

Rule: the second line of defence. The first is that nothing secret is handed to a logger (`bot.logs`).
"""

import logging
import re
from collections.abc import Collection, MutableMapping

#: what looks like a token of Slack's, an address that posts for whoever has it, a socket's ticket, a password; the key
#: of a link to a page, what Slack sends back with somebody who signs in; a signed value of ours or a JSON Web Token
_SECRET_PATTERN = re.compile(
    r"xox[a-z]?(?:\.xox[a-z])?-[\w.%+/-]+|xapp-[\w.%+/-]+|(?<=hooks\.slack\.com/)\S+|(?<=[?&]ticket=)[^&\s]+"
    r"|(?<=://)[^/@\s:]+:[^/@\s]+(?=@)"
    r"|(?<=[?&;]key=)[^&\s]+|(?<=[?&;]code=)[^&\s]+|(?<=[?&;]state=)[^&\s]+|(?<=__Host-record=)[^;\s]+"
    r"|(?<=__Host-record-sign-in=)[^;\s]+|\beyJ[\w-]{8,}\.[\w.-]{16,}"
)
_REPLACEMENT = "…"
#: a shorter one is none, and stands in ordinary words
_MIN_LENGTH = 8


class Redaction(logging.Filter):
    """A filter for the libraries' loggers and a processor for structlog. `known` are secrets of any look."""

    def __init__(self, secrets: Collection[str] = ()) -> None:
        super().__init__()
        self._secrets = sorted((secret for secret in secrets if len(secret) >= _MIN_LENGTH), key=len, reverse=True)

    def redact(self, text: str) -> str:
        """`told` without secrets."""
        for secret in self._secrets:
            text = text.replace(secret, _REPLACEMENT)
        return _SECRET_PATTERN.sub(_REPLACEMENT, text)

    def __call__(
        self, _logger: object, _method: str, event: MutableMapping[str, object]
    ) -> MutableMapping[str, object]:
        """structlog: every value of the event."""
        return {key: self._redact_value(value) for key, value in event.items()}

    def filter(self, record: logging.LogRecord) -> bool:
        """logging: the message, and of an exception its kind alone."""
        exception_type = record.exc_info[0] if record.exc_info else None
        record.msg = self.redact(record.getMessage()) + (f" ({exception_type.__name__})" if exception_type else "")
        record.args, record.exc_info, record.exc_text, record.stack_info = (), None, None, None
        return True

    def _redact_value(self, value: object) -> object:
        match value:
            case None | bool() | int() | float():
                return value
            case dict():
                return {self.redact(str(key)): self._redact_value(item) for key, item in value.items()}
            case list() | tuple():
                return [self._redact_value(item) for item in value]
            case _:
                return self.redact(str(value))
