"""SIGTERM and SIGINT stop the server on every system, and the earlier handlers come back."""

import asyncio
import signal
from typing import Never

import pytest

from bot.cli import serve as commands
from bot.server.stop_signals import StopSignals


def refuse(*_: object) -> Never:
    raise NotImplementedError


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("has_loop_handlers", [True, False], ids=["as on Linux", "as on Windows"])
async def test_a_signal_sets_the_event(
    monkeypatch: pytest.MonkeyPatch, number: signal.Signals, has_loop_handlers: bool
) -> None:
    if not has_loop_handlers:
        monkeypatch.setattr(asyncio.get_running_loop(), "add_signal_handler", refuse)
    stop = asyncio.Event()
    with StopSignals(stop):
        signal.raise_signal(number)
        await asyncio.wait_for(stop.wait(), 10)


async def test_earlier_handlers_come_back_on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asyncio.get_running_loop(), "add_signal_handler", refuse)
    old_handlers = [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)]
    with StopSignals(asyncio.Event()):
        assert [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)] != old_handlers
    assert [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)] == old_handlers


def test_a_stop_before_the_server_listens_ends_the_command_with_the_status_of_the_signal() -> None:
    with pytest.raises(SystemExit) as ending:
        commands._exit(signal.SIGTERM, None)
    assert ending.value.code == 143
