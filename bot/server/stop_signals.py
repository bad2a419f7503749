"""Sets an event when the process is asked to stop, on every system."""

import asyncio
import signal
from typing import Any


class StopSignals:
    """Context manager that sets `stop` on SIGTERM and SIGINT."""

    _SIGNALS = (signal.SIGTERM, signal.SIGINT)

    def __init__(self, stop: asyncio.Event) -> None:
        self._stop = stop
        self._old_handlers: dict[signal.Signals, Any] = {}

    def __enter__(self) -> None:
        loop = asyncio.get_running_loop()
        for number in self._SIGNALS:
            try:
                loop.add_signal_handler(number, self._stop.set)
            except NotImplementedError:  # Windows: its loops handle no signals, but Python does
                self._old_handlers[number] = signal.signal(number, lambda *_: loop.call_soon_threadsafe(self._stop.set))

    def __exit__(self, *_: object) -> None:
        for number in self._SIGNALS:
            if number in self._old_handlers:
                signal.signal(number, self._old_handlers.pop(number))
            else:
                asyncio.get_running_loop().remove_signal_handler(number)
