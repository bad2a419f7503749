"""Structured logs: one line per event on standard error, with the request's id and without secrets.

Rule: nothing secret, typed by users or from an article is logged. So an error is logged with its class and traceback,
without its message. Libraries that log whole bodies at DEBUG are set to ERROR. Redaction is a second safeguard: it
removes secrets from every value.
"""

import logging
import re
import sys
import traceback
from collections.abc import Callable, Collection, MutableMapping
from pathlib import PurePath

import structlog

#: Slack tokens, webhook URLs, socket tickets, passwords in URLs; keys of page links, codes and states of Sign in with
#: Slack, session cookies; our signed values and JSON Web Tokens
_SECRET_PATTERN = re.compile(
    r"xox[a-z]?(?:\.xox[a-z])?-[\w.%+/-]+|xapp-[\w.%+/-]+|(?<=hooks\.slack\.com/)\S+|(?<=[?&]ticket=)[^&\s]+"
    r"|(?<=://)[^/@\s:]+:[^/@\s]+(?=@)"
    r"|(?<=[?&;]key=)[^&\s]+|(?<=[?&;]code=)[^&\s]+|(?<=[?&;]state=)[^&\s]+|(?<=__Host-record=)[^;\s]+"
    r"|(?<=__Host-record-sign-in=)[^;\s]+|\beyJ[\w-]{8,}\.[\w.-]{16,}"
)
_REPLACEMENT = "…"
#: shortest secret that is redacted, in characters; a shorter one could be part of an ordinary word
_MIN_LENGTH = 8
_LIBRARY_LOGGER = "bot.slack"


class Redaction(logging.Filter):
    """Replaces secrets by "…": a filter for the libraries' loggers, and a processor for structlog.

    `secrets` are replaced wherever they occur, in addition to everything that looks like a secret.
    """

    def __init__(self, secrets: Collection[str] = ()) -> None:
        super().__init__()
        self._secrets = sorted((secret for secret in secrets if len(secret) >= _MIN_LENGTH), key=len, reverse=True)

    def redact(self, text: str) -> str:
        """Return the text without secrets."""
        for secret in self._secrets:
            text = text.replace(secret, _REPLACEMENT)
        return _SECRET_PATTERN.sub(_REPLACEMENT, text)

    def __call__(
        self, _logger: object, _method: str, event: MutableMapping[str, object]
    ) -> MutableMapping[str, object]:
        """Redact every value of an event, as a structlog processor."""
        return {key: self._redact_value(value) for key, value in event.items()}

    def filter(self, record: logging.LogRecord) -> bool:
        """Redact a library's message, and replace its exception by the name of the class. Always returns True."""
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


def configure(
    level: str,
    *,
    colours: bool | None = None,
    secrets: Collection[str] = (),
    on_error: Callable[[str], None] = lambda _: None,
) -> None:
    """Set up the logs of this process.

    `level` applies to every logger of the bot. `colours` defaults to whether standard error is a terminal. `secrets`
    are redacted. `on_error` is called with the name of every event logged as an error.
    """
    colours = sys.stderr.isatty() if colours is None else colours
    redaction = Redaction(secrets)
    _install_filter(redaction)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            redaction,
            _ErrorObserver(on_error),
            structlog.dev.ConsoleRenderer(colors=True) if colours else structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def get_logger() -> structlog.typing.FilteringBoundLogger:
    """Return the bot's logger."""
    bot_logger: structlog.typing.FilteringBoundLogger = structlog.get_logger("bot")
    return bot_logger


def get_library_logger() -> logging.Logger:
    """Return the logger for Bolt and slack_sdk. Its level is always ERROR."""
    library_logger = logging.getLogger(_LIBRARY_LOGGER)
    if not library_logger.filters:
        _install_filter(Redaction())
    if library_logger.level != logging.ERROR:  # setting the level clears the caches of all loggers
        library_logger.setLevel(logging.ERROR)
    return library_logger


def format_traceback(error: BaseException) -> list[str]:
    """Return file, line and function of the last eight frames of an error, outermost first, without its message."""
    frames = traceback.extract_tb(error.__traceback__)[-8:]
    return [f"{PurePath(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]


class _ErrorObserver:
    """A structlog processor that reports errors to a callback and changes nothing."""

    def __init__(self, on_error: Callable[[str], None]) -> None:
        self._on_error = on_error

    def __call__(
        self, _logger: object, _method: str, event: MutableMapping[str, object]
    ) -> MutableMapping[str, object]:
        if event.get("level") in ("error", "critical"):
            self._on_error(str(event.get("event")))
        return event


def _install_filter(redaction: Redaction) -> None:
    """Replace the filter of the library logger. Loggers of Bolt and slack_sdk copy the filters of this one."""
    library_logger = logging.getLogger(_LIBRARY_LOGGER)
    for old_filter in list(library_logger.filters):
        library_logger.removeFilter(old_filter)
    library_logger.addFilter(redaction)
