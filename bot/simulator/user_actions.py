"""User actions on the page: type, click, submit, close, dismiss, change the clock, inject a fault.

Rule: input from the page is not trusted. An action on something that does not exist raises SlackError.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.simulator.dispatch import Dispatcher
from bot.simulator.endpoints import INJECTED_FAULTS
from bot.simulator.pages import Agenda, find_next_digest
from bot.simulator.state.clock import TurnableClock, format_moment
from bot.simulator.state.model import BOT, SLACK, EntryKind, Message, SlackError, View
from bot.simulator.state.validation import Json
from bot.simulator.state.workspace import Workspace

_MAX_LINE_LENGTH = 8_000


@dataclass(frozen=True, slots=True)
class UserActions:
    """Performs the user's actions."""

    workspace: Workspace
    dispatcher: Dispatcher
    clock: TurnableClock
    agenda: Agenda

    async def perform(self, action: Json) -> Json:
        """Perform an action; return the fields that the page gets in addition to `ok`. Raises SlackError."""
        handlers: Mapping[str, Callable[[Json], Awaitable[Json | None]]] = {
            "type": self._type,
            "shortcut": self._choose_shortcut,
            "act": self._click,
            "submit": self._submit,
            "suggest": self._suggest,
            "close": self._close,
            "dismiss": self._dismiss,
            "home": self._open_home,
            "panel": self._open_panel,
            "turn": self._turn_clock,
            "trouble": self._set_injected_fault,
        }
        handler = handlers.get(str(action.get("do")))
        if handler is None:
            raise SlackError("invalid_arguments")
        return await handler(action) or {}

    async def _type(self, action: Json) -> None:
        line = action.get("text")
        if not isinstance(line, str) or not line.strip() or len(line) > _MAX_LINE_LENGTH:
            raise SlackError("invalid_arguments")
        await self.dispatcher.send_line(str(action.get("channel")), line.rstrip(), str(action.get("thread") or ""))

    async def _choose_shortcut(self, action: Json) -> None:
        await self.dispatcher.choose_shortcut(self._get_message(action), str(action.get("shortcut")))

    async def _click(self, action: Json) -> None:
        choice = action.get("chosen")
        target = str(action.get("block")), str(action.get("action")), None if choice is None else str(choice)
        if view := self._find_view(action):
            await self.dispatcher.click_in_view(view, *target)
        else:
            await self.dispatcher.click(self._get_message(action), *target)

    async def _submit(self, action: Json) -> Json:
        view, values = self._find_view(action), action.get("values")
        if view is None or not isinstance(values, dict):
            raise SlackError("invalid_arguments")
        return {"errors": await self.dispatcher.submit_view(view, values)}

    async def _suggest(self, action: Json) -> Json:
        view, text = self._find_view(action), action.get("text")
        if view is None or not isinstance(text, str) or len(text) > _MAX_LINE_LENGTH:
            raise SlackError("invalid_arguments")
        return {
            "options": await self.dispatcher.suggest(view, str(action.get("block")), str(action.get("action")), text)
        }

    async def _close(self, action: Json) -> None:
        if self._find_view(action) is None:
            raise SlackError("invalid_arguments")
        self.workspace.close_modals(close_all=bool(action.get("all")))

    async def _dismiss(self, action: Json) -> None:
        self.workspace.dismiss(self._get_message(action))

    async def _open_home(self, _action: Json) -> None:
        await self.dispatcher.open_home(self.workspace.get_conversation(BOT.id))

    async def _open_panel(self, _action: Json) -> None:
        await self.dispatcher.open_panel(self.workspace.get_conversation(BOT.id))

    async def _turn_clock(self, action: Json) -> None:
        """Set the clock forward by `seconds`, to the time `to` (default UTC), or to the `next` digest."""
        channel = self.workspace.get_conversation(str(action.get("channel")))
        self.clock.turn(await self._read_target_time(action))
        notice = f"The workspace's clock is now set to {format_moment(self.clock())}."
        self.workspace.say(channel.id, EntryKind.NOTICE, notice, author=SLACK)
        self.workspace.mark_clock_turned()

    async def _read_target_time(self, action: Json) -> datetime:
        now = self.clock()
        if action.get("next"):
            digest = find_next_digest(await self.agenda(), now)
            if digest is None or digest.next_due is None:
                example = "/digest labour-crisis weekdays at 8:30"
                raise SlackError("invalid_arguments", (f"No digest is scheduled. Schedule one, for example {example}",))
            return digest.next_due
        try:
            if seconds := action.get("seconds"):
                return now + timedelta(seconds=float(seconds))
            moment = datetime.fromisoformat(str(action.get("to")))
            return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
        except (ValueError, TypeError, OverflowError) as error:
            raise SlackError("invalid_arguments", ("Choose a day and a time.",)) from error

    async def _set_injected_fault(self, action: Json) -> None:
        name = str(action.get("trouble") or "")
        if name and name not in INJECTED_FAULTS:
            raise SlackError("invalid_arguments")
        self.workspace.injected_fault = name
        self.workspace.mark_clock_turned()  # the page shows the clock and the fault together

    def _get_message(self, action: Json) -> Message:
        message = self.workspace.find_message(str(action.get("ts")))
        if message is None:
            raise SlackError("message_not_found")
        return message

    def _find_view(self, action: Json) -> View | None:
        return find_view(self.workspace, action.get("view"))


def find_view(workspace: Workspace, view_id: object) -> View | None:
    """Return the open modal or the App Home with this id, or None."""
    home = (workspace.home,) if workspace.home else ()
    return next((view for view in (*workspace.modals, *home) if view.id == view_id), None)
