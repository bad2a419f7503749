"""The doors of the bot, as it registers them: a door without a case fails the suite."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp, AsyncAssistant

#: the methods of Bolt's application that register a listener
KINDS = ("command", "action", "view", "options", "event", "message", "message_shortcut", "global_shortcut", "shortcut")


#: the methods of Bolt's assistant that register a listener
ASSISTANT_EVENTS = ("thread_started", "thread_context_changed", "user_message", "bot_message")


@dataclass(frozen=True, slots=True)
class Door:
    """A listener: its kind, and the name or the pattern that it listens for."""

    kind: str
    pattern: str | re.Pattern[str]

    def opens_for(self, kind: str, name: str) -> bool:
        """Whether a request with this name comes in here."""
        if self.kind != kind:
            return False
        return self.pattern == name if isinstance(self.pattern, str) else bool(self.pattern.search(name))


@contextmanager
def record_doors() -> Iterator[list[Door]]:
    """Record every door that is registered within the block."""
    doors: list[Door] = []
    with pytest.MonkeyPatch.context() as patch:
        calls: list[str] = []
        for kind in KINDS:
            patch.setattr(AsyncApp, kind, _make_recorder(getattr(AsyncApp, kind), kind, doors, calls))
        patch.setattr(AsyncApp, "_register_listener", _make_listener_recorder(doors, calls))
        for name in ASSISTANT_EVENTS:
            patch.setattr(AsyncAssistant, name, _make_assistant_recorder(getattr(AsyncAssistant, name), name, doors))
        yield doors


def _make_recorder(register: Callable[..., Any], kind: str, doors: list[Door], calls: list[str]) -> Callable[..., Any]:
    def record(app: AsyncApp, pattern: Any, *arguments: Any, **keywords: Any) -> Any:
        doors.append(Door(kind, pattern))
        calls.append(kind)
        return register(app, pattern, *arguments, **keywords)

    return record


def _make_listener_recorder(doors: list[Door], calls: list[str]) -> Callable[..., Any]:
    """Return what Bolt ends every registration with. One that no method of KINDS began is a door that no case opens."""
    register = AsyncApp._register_listener

    def record(app: AsyncApp, functions: Any, *arguments: Any, **keywords: Any) -> Any:
        if calls:
            calls.pop()
        else:
            doors.append(Door("another way to register", getattr(functions[0], "__qualname__", "")))
        return register(app, functions, *arguments, **keywords)

    return record


def _make_assistant_recorder(register: Callable[..., Any], name: str, doors: list[Door]) -> Callable[..., Any]:
    def record(assistant: AsyncAssistant, *arguments: Any, **keywords: Any) -> Any:
        doors.append(Door("assistant", name))
        return register(assistant, *arguments, **keywords)

    return record
