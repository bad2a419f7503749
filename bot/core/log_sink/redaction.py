"""Redaction: removes what looks like a secret, and the secrets of the settings, from every value of a log line.

Rule: a value is redacted before it is cut, because a cut could leave the first half of a secret.
"""

import logging
import re
from collections.abc import Collection, MutableMapping
from functools import lru_cache

REPLACEMENT = "…"
#: shortest secret that is redacted, in characters; a shorter one could be part of an ordinary word
_MIN_LENGTH = 8
#: characters of a text that are looked at; what follows is dropped, because no line shows it
_MAX_READ = 8_000
#: levels of nested values that are looked at
_MAX_DEPTH = 5

_SECRET = re.compile(
    # Slack's tokens, also encoded for a URL, its webhook and response URLs, socket tickets, and passwords in URLs
    r"xox[a-z]?(?:\.xox[a-z])?(?:-|%2D)[\w.%+/-]+|xapp(?:-|%2D)[\w.%+/-]+"
    r"|(?<=hooks\.slack\.com/)\S+|(?<=hooks\.slack-gov\.com/)\S+"
    r"|(?<=[?&]ticket=)[^&\s]+|(?<=://)[^/@\s:]+:[^/@\s]+(?=@)"
    # keys of page links, tokens of mail links, codes and states of OAuth, our session cookies
    r"|(?<=[?&;]key=)[^&\s]+|(?<=[?&;]code=)[^&\s]+|(?<=[?&;]state=)[^&\s]+|(?<=[?&;]token=)[^&\s]+"
    r"|(?<=__Host-record=)[^;\s]+|(?<=__Host-record-sign-in=)[^;\s]+"
    # our signed values and JSON Web Tokens, Slack's signatures
    r"|\beyJ[\w-]{8,}\.[\w.-]{16,}|\bv0=[0-9a-fA-F]{16,}",
    re.IGNORECASE,
)
#: "Authorization: Bearer …" in a header, a dict or a repr; the name and the scheme stay
_AUTHORIZATION = re.compile(
    r"(?i)(authorization['\"]?\s*[:=,]\s*(?:b?['\"])?(?:(?:bearer|basic|digest|token|negotiate)\s+)?)[^\s'\",;\\]+"
)
_SCHEME = re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{6,}")
#: the cookies of a header: each value of six characters and more
_COOKIES = re.compile(r"(?i)\b((?:set-)?cookie['\"]?\s*[:=,]\s*(?:b?['\"])?)([^'\"\r\n]+)")
_COOKIE_VALUE = re.compile(r"(=)[^;\s]{6,}")
#: fields named like a secret: token=…, "client_secret": "…"
_FIELD = re.compile(
    r"(?i)\b((?:[\w-]{0,40}[_-])?(?:token|secret|password|passwd|api_?key|signature)['\"]?\s*[=:]\s*(?:b?['\"])?)[^\s'\",;&\\]+"
)
_ADDRESS = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
#: keys of an event whose value is a secret, whatever it looks like
_SECRET_KEY = re.compile(r"(?i)(?:^|[_-])(?:token|secret|password|authorization|cookies?|signature|api_?key)$")

#: what every pattern above needs; most values of a log line have none of it
_SUSPECT = re.compile(r"[@=:,?]|xox|xapp|hooks\.|eyj|bearer|basic", re.IGNORECASE)


@lru_cache(1_000)
def _is_secret_key(key: str) -> bool:
    return _SECRET_KEY.search(key) is not None


class Redaction(logging.Filter):
    """Replaces secrets by "…": a filter for the libraries' loggers, and a processor for structlog.

    `secrets` are replaced wherever they occur, in addition to everything that looks like a secret.
    """

    def __init__(self, secrets: Collection[str] = ()) -> None:
        super().__init__()
        self._secrets = sorted((secret for secret in secrets if len(secret) >= _MIN_LENGTH), key=len, reverse=True)

    def redact(self, text: str) -> str:
        """Return the text without secrets. Of a very long text, the beginning."""
        if len(text) < _MIN_LENGTH and not _SUSPECT.search(text):
            return text
        text = text[:_MAX_READ]
        for secret in self._secrets:
            text = text.replace(secret, REPLACEMENT)
        if not _SUSPECT.search(text):
            return text
        text = _AUTHORIZATION.sub(rf"\1{REPLACEMENT}", text)
        text = _SCHEME.sub(rf"\1 {REPLACEMENT}", text)
        text = _COOKIES.sub(lambda match: match[1] + _COOKIE_VALUE.sub(rf"\1{REPLACEMENT}", match[2]), text)
        text = _SECRET.sub(REPLACEMENT, text)
        text = _FIELD.sub(rf"\1{REPLACEMENT}", text)
        return _ADDRESS.sub(REPLACEMENT, text)

    def __call__(
        self, _logger: object, _method: str, event: MutableMapping[str, object]
    ) -> MutableMapping[str, object]:
        """Redact every value of an event, as a structlog processor."""
        return {key: self._redact_field(key, value, _MAX_DEPTH) for key, value in event.items()}

    def filter(self, record: logging.LogRecord) -> bool:
        """Redact a library's message, and replace its exception by the name of the class. Always returns True."""
        exception_type = record.exc_info[0] if record.exc_info else None
        record.msg = self.redact(format_message(record)) + (f" ({exception_type.__name__})" if exception_type else "")
        record.args, record.exc_info, record.exc_text, record.stack_info = (), None, None, None
        return True

    def _redact_field(self, key: str, value: object, depth: int) -> object:
        is_secret = isinstance(value, str | bytes) and value and _is_secret_key(key)
        return REPLACEMENT if is_secret else self._redact_value(value, depth)

    def _redact_value(self, value: object, depth: int) -> object:
        if depth == 0 and not isinstance(value, str | int | float | None):
            return REPLACEMENT
        match value:
            case None | bool() | int() | float():
                return value
            case dict():
                return {
                    self.redact(str(key)): self._redact_field(str(key), item, depth - 1) for key, item in value.items()
                }
            case list() | tuple():
                return [self._redact_value(item, depth - 1) for item in value]
            case _:
                return self.redact(str(value))


def format_message(record: logging.LogRecord) -> str:
    """Return a library's message, or its template if the arguments do not fit."""
    try:
        return record.getMessage()
    except Exception:  # noqa: BLE001  # a faulty call of a logger, or an argument whose repr fails, must not hide the line
        return str(record.msg)
