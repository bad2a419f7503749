"""Structured logs: one line per event on standard error, with the request's id and without secrets.

Rule: nothing secret, typed by users or from an article is logged. So an error is logged with its class and traceback,
without its message. Libraries that log whole bodies at DEBUG are set to ERROR. Redaction is a second safeguard: it
removes secrets from every value.
Rule: there is one sink. The lines of every library, warnings and uncaught errors pass the same redaction, bounds and
rate limit as ours (`bot.core.log_sink`).
"""

import asyncio
import atexit
import contextlib
import logging
import sys
from collections.abc import Callable, Collection, MutableMapping, Sequence

import structlog
from structlog.typing import Processor

from bot.core.log_sink import standard
from bot.core.log_sink.bounds import bound_event
from bot.core.log_sink.redaction import Redaction as Redaction
from bot.core.log_sink.repeats import RepeatLimiter
from bot.core.log_sink.standard import format_traceback as format_traceback

_LIBRARY_LOGGER = "bot.slack"


def configure(
    level: str,
    *,
    colours: bool | None = None,
    secrets: Collection[str] = (),
    on_error: Callable[[str], None] = lambda _: None,
) -> None:
    """Set up the logs of this process.

    `level` applies to every logger of the bot; libraries log from WARNING on. `colours` defaults to whether standard
    error is a terminal. `secrets` are redacted. `on_error` is called with the name of every event logged as an error.
    """
    colours = sys.stderr.isatty() if colours is None else colours
    redaction = Redaction(secrets)
    _install_filter(redaction)
    renderer: Processor = structlog.dev.ConsoleRenderer(colors=True) if colours else structlog.processors.JSONRenderer()
    writer = _LineWriter()
    stamp = structlog.processors.TimeStamper(fmt="iso", utc=True)
    limiter = RepeatLimiter(_Emitter((redaction, bound_event, stamp, renderer), writer).write)
    sink: tuple[Processor, ...] = (_ErrorObserver(on_error), limiter, redaction, bound_event, stamp, renderer)
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, structlog.processors.add_log_level, *sink],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=writer,
    )
    _Process.undo()
    _Process.limiter, _Process.emit = limiter, _Emitter(sink, writer).emit
    _Process.undo = standard.install(_Process.emit, logging.getLevelNamesMapping()[level])


def watch_event_loop(loop: asyncio.AbstractEventLoop) -> None:
    """Lead the errors of the event loop to the sink, if the logs are set up."""
    if _Process.emit:
        loop.set_exception_handler(standard.make_loop_handler(_Process.emit))


def reset() -> None:
    """Undo `configure`, for tests."""
    structlog.reset_defaults()
    _Process.undo()
    _Process.limiter, _Process.emit, _Process.undo = None, None, _do_nothing


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


def _do_nothing() -> None:
    """Undo nothing, before `configure`."""


class _Process:
    """What `configure` set up last in this process."""

    limiter: RepeatLimiter | None = None
    emit: standard.Emit | None = None
    undo: Callable[[], None] = staticmethod(_do_nothing)


@atexit.register
def _flush() -> None:
    if _Process.limiter:
        _Process.limiter.flush()


class _LineWriter:
    """Writes lines to standard error as it was at `configure`, or as it is now if that is closed. Never raises."""

    def __init__(self) -> None:
        self._stream = sys.stderr

    def __call__(self, *_: object) -> "_LineWriter":
        """Return itself, as a factory of loggers for structlog."""
        return self

    def msg(self, line: str) -> None:
        """Write one line."""
        with contextlib.suppress(OSError, ValueError, AttributeError):  # it is full, closed or missing
            stream = sys.stderr if self._stream is None or self._stream.closed else self._stream
            stream.write(f"{line}\n")
            stream.flush()

    debug = info = warning = error = critical = exception = log = msg


class _Emitter:
    """Passes events that do not come from structlog through its processors, and prints the line."""

    def __init__(self, processors: Sequence[Processor], writer: _LineWriter) -> None:
        self._processors = processors
        self._writer = writer

    def emit(self, level: str, fields: dict[str, object]) -> None:
        """Write one event. Never raises: a log that cannot be written must not stop the bot."""
        with contextlib.suppress(Exception):  # a closed standard error, or a value whose repr fails
            self.write({**fields, "level": level})

    def write(self, event: MutableMapping[str, object]) -> None:
        """Write one event with its level, unless a processor drops it."""
        line: object = event
        try:
            for processor in self._processors:
                line = processor(None, str(event.get("level")), line)  # type: ignore[arg-type]  # the last returns text
        except structlog.DropEvent:
            return
        self._writer.msg(str(line))


class _ErrorObserver:
    """A structlog processor that reports errors to a callback and changes nothing."""

    def __init__(self, on_error: Callable[[str], None]) -> None:
        self._on_error = on_error

    def __call__(
        self, _logger: object, _method: str, event: MutableMapping[str, object]
    ) -> MutableMapping[str, object]:
        if event.get("level") in ("error", "critical"):
            # the text of a library is not constant, its logger is
            self._on_error(str(event.get("logger") or event.get("event")))
        return event


def _install_filter(redaction: Redaction) -> None:
    """Replace the filter of the library logger. Loggers of Bolt and slack_sdk copy the filters of this one."""
    library_logger = logging.getLogger(_LIBRARY_LOGGER)
    for old_filter in list(library_logger.filters):
        library_logger.removeFilter(old_filter)
    library_logger.addFilter(redaction)
