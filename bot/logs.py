"""Logs: one line an event on standard error, with the request's id.

Rule: never a secret, never what a person typed, never an article's text. So errors are logged by kind and place, not by
their message, and the libraries that write whole bodies at DEBUG are held at ERROR.
"""

import logging
import sys
import traceback
from collections.abc import Callable, Collection, MutableMapping
from pathlib import PurePath

import structlog

from bot.redaction import Redaction

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
