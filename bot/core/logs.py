"""Logs: one line an event on standard error, with the request's id.

Rule: never a secret, never what a person typed, never an article's text. So errors are logged by kind and place, not by
their message, and the libraries that write whole bodies at DEBUG are held at ERROR.

Takes secrets out of what is about to be logged.

Rule: the second line of defence. The first is that nothing secret is handed to a logger (`bot.logs`).
"""

import logging
import re
import sys
import traceback
from collections.abc import Callable, Collection, MutableMapping
from pathlib import PurePath

import structlog

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


_LIBRARY_LOGGER = "bot.slack"


def configure(
    level: str,
    *,
    colours: bool | None = None,
    secrets: Collection[str] = (),
    on_error: Callable[[str], None] = lambda _: None,
) -> None:
    """Sets the level for every logger of the bot; colours only on a terminal unless told.

    `secrets` are taken out of whatever is logged, beside all that looks like one. `on_error` is told the name of every
    error that is logged, which is one of the program's own.
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
    """The bot's logger."""
    bot_logger: structlog.typing.FilteringBoundLogger = structlog.get_logger("bot")
    return bot_logger


def get_library_logger() -> logging.Logger:
    """The logger handed to Bolt and slack_sdk, whatever LOG_LEVEL says."""
    shared_logger = logging.getLogger(_LIBRARY_LOGGER)
    if not shared_logger.filters:
        _install_filter(Redaction())
    if shared_logger.level != logging.ERROR:  # setting it makes every logger of the process forget what it knows
        shared_logger.setLevel(logging.ERROR)
    return shared_logger


def format_traceback(error: BaseException) -> list[str]:
    """Where an error was raised: file, line and function of its last frames, outermost first, and nothing it says."""
    frames = traceback.extract_tb(error.__traceback__)[-8:]
    return [f"{PurePath(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]


class _ErrorObserver:
    """A processor of structlog's that changes nothing."""

    def __init__(self, on_error: Callable[[str], None]) -> None:
        self._on_error = on_error

    def __call__(
        self, _logger: object, _method: str, event: MutableMapping[str, object]
    ) -> MutableMapping[str, object]:
        if event.get("level") in ("error", "critical"):
            self._on_error(str(event.get("event")))
        return event


def _install_filter(redaction: Redaction) -> None:
    """Puts it before whatever Bolt and slack_sdk log; their own loggers copy the filters of the one they are given."""
    shared_logger = logging.getLogger(_LIBRARY_LOGGER)
    for old_filter in list(shared_logger.filters):
        shared_logger.removeFilter(old_filter)
    shared_logger.addFilter(redaction)
