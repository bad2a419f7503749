"""Leads Python's own ways of reporting to the sink: library loggers, warnings, uncaught errors, the event loop.

Rule: the message of an exception can contain what a stranger sent, a token for example. So only its class and where it
happened are logged.
"""

import asyncio
import logging
import sys
import threading
import traceback
import warnings
from collections.abc import Callable, Mapping
from pathlib import PurePath
from types import TracebackType
from typing import Any, TextIO

from bot.core.log_sink.redaction import format_message
from bot.core.log_sink.repeats import KIND

#: writes one event, given its level and its fields
Emit = Callable[[str, dict[str, object]], None]
_FRAMES = 8


class SinkHandler(logging.Handler):
    """Handler of the root logger: gives the records of all libraries to the sink, from WARNING on."""

    def __init__(self, emit: Emit, level: int) -> None:
        super().__init__(max(level, logging.WARNING))
        self._emit = emit

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record. Never raises."""
        fields: dict[str, object] = {"event": format_message(record), "logger": record.name}
        error = record.exc_info[1] if record.exc_info else None
        fields |= describe_error(error) if error else {}
        fields[KIND] = f"{record.name} {record.module}:{record.lineno} {fields.get('error', '')}"
        self._emit(record.levelname.lower(), fields)


def install(emit: Emit, level: int) -> Callable[[], None]:
    """Lead every logger, warning and uncaught error of this process to `emit`; return a function that undoes it."""
    root, handler = logging.getLogger(), SinkHandler(emit, level)
    hooks = warnings.showwarning, sys.excepthook, threading.excepthook, sys.unraisablehook
    root.addHandler(handler)
    warnings.showwarning = _make_warning_hook(emit)
    sys.excepthook = _make_exception_hook(emit)
    threading.excepthook = _make_thread_hook(emit)
    sys.unraisablehook = _make_unraisable_hook(emit)

    def undo() -> None:
        root.removeHandler(handler)
        warnings.showwarning, sys.excepthook, threading.excepthook, sys.unraisablehook = hooks

    return undo


def make_loop_handler(emit: Emit) -> Callable[[asyncio.AbstractEventLoop, dict[str, Any]], None]:
    """Return an exception handler for the event loop. asyncio's own would log the repr of what failed."""

    def handle_error(_: asyncio.AbstractEventLoop, context: Mapping[str, Any]) -> None:
        error, message = context.get("exception"), str(context.get("message") or "event loop error")
        fields: dict[str, object] = {"event": message, "logger": "asyncio"}
        fields |= describe_error(error) if isinstance(error, BaseException) else {}
        fields[KIND] = f"asyncio {message[:40]} {fields.get('error', '')}"
        emit("error", fields)

    return handle_error


def describe_error(error: BaseException) -> dict[str, object]:
    """Return the class of an error, and its place."""
    return {"error": type(error).__name__, "place": format_traceback(error)}


def format_traceback(error: BaseException) -> list[str]:
    """Return file, line and function of the last eight frames of an error, outermost first, without its message."""
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    return [f"{PurePath(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]


def _make_exception_hook(emit: Emit) -> Callable[[type[BaseException], BaseException, TracebackType | None], None]:
    def handle_error(
        error_type: type[BaseException], error: BaseException, error_traceback: TracebackType | None
    ) -> None:
        if issubclass(error_type, KeyboardInterrupt):  # Ctrl-C is no fault
            return
        emit("critical", {"event": "uncaught error", **describe_error(error.with_traceback(error_traceback))})

    return handle_error


def _make_thread_hook(emit: Emit) -> Callable[[threading.ExceptHookArgs], None]:
    def handle_error(arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is None or issubclass(arguments.exc_type, SystemExit):
            return
        name = arguments.thread.name if arguments.thread else ""
        emit("error", {"event": "thread failed", "thread": name, **describe_error(arguments.exc_value)})

    return handle_error


def _make_unraisable_hook(emit: Emit) -> Callable[[Any], None]:
    def handle_error(arguments: Any) -> None:  # noqa: ANN401  # Python's own type is private
        error = arguments.exc_value
        emit("error", {"event": "error in a finaliser", **(describe_error(error) if error else {})})

    return handle_error


def _make_warning_hook(emit: Emit) -> Callable[..., None]:
    def show_warning(
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: TextIO | None = None,
        line: str | None = None,
    ) -> None:
        del file, line
        place = f"{PurePath(filename).name}:{lineno}"
        fields = {"event": str(message), "logger": "warnings", "error": category.__name__, "place": [place]}
        emit("warning", {**fields, KIND: f"warnings {place} {category.__name__}"})

    return show_warning
