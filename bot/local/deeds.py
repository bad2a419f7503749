"""What the person does on the page: types, clicks, submits, closes, dismisses, turns the clock. A table of deeds.

Rule: what the page says is not believed: every deed names what is there, or is Refused.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.local.agenda import Agenda, next_due
from bot.local.clock import TurnableClock, spelt
from bot.local.dispatch import Dispatch
from bot.local.faults import Json
from bot.local.model import BOT, SLACK, Kind, Message, Refused, View
from bot.local.trouble import TROUBLES
from bot.local.workspace import Workspace

_LONGEST_LINE = 8_000


@dataclass(frozen=True, slots=True)
class Deeds:
    """Does them."""

    workspace: Workspace
    dispatch: Dispatch
    clock: TurnableClock
    agenda: Agenda

    async def do(self, what: Json) -> Json:
        """Does what the page says; gives what the page is told at once, beside `ok`. Raises Refused."""
        table: Mapping[str, Callable[[Json], Awaitable[Json | None]]] = {
            "type": self._type,
            "shortcut": self._shortcut,
            "act": self._act,
            "submit": self._submit,
            "close": self._close,
            "dismiss": self._dismiss,
            "home": self._home,
            "panel": self._panel,
            "turn": self._turn,
            "trouble": self._trouble,
        }
        deed = table.get(str(what.get("do")))
        if deed is None:
            raise Refused("invalid_arguments")
        return await deed(what) or {}

    async def _type(self, what: Json) -> None:
        line = what.get("text")
        if not isinstance(line, str) or not line.strip() or len(line) > _LONGEST_LINE:
            raise Refused("invalid_arguments")
        await self.dispatch.typed(str(what.get("channel")), line.rstrip(), str(what.get("thread") or ""))

    async def _shortcut(self, what: Json) -> None:
        await self.dispatch.chosen(self._message(what), str(what.get("shortcut")))

    async def _act(self, what: Json) -> None:
        chosen = what.get("chosen")
        place = str(what.get("block")), str(what.get("action")), None if chosen is None else str(chosen)
        if view := self._view(what):
            await self.dispatch.acted_in_view(view, *place)
        else:
            await self.dispatch.acted(self._message(what), *place)

    async def _submit(self, what: Json) -> Json:
        view, values = self._view(what), what.get("values")
        if view is None or not isinstance(values, dict):
            raise Refused("invalid_arguments")
        return {"errors": await self.dispatch.submitted(view, values)}

    async def _close(self, what: Json) -> None:
        if self._view(what) is None:
            raise Refused("invalid_arguments")
        self.workspace.close_modals(all_of_them=bool(what.get("all")))

    async def _dismiss(self, what: Json) -> None:
        self.workspace.dismiss(self._message(what))

    async def _home(self, _what: Json) -> None:
        await self.dispatch.home_opened(self.workspace.conversation(BOT.id))

    async def _panel(self, _what: Json) -> None:
        await self.dispatch.panel_opened(self.workspace.conversation(BOT.id))

    async def _turn(self, what: Json) -> None:
        """By `seconds`, to a moment `to` (by the workspace's zone), or to the `next` digest."""
        channel = self.workspace.conversation(str(what.get("channel")))
        self.clock.turn(await self._moment(what))
        told = f"The workspace's clock was turned: it is {spelt(self.clock())}."
        self.workspace.say(channel.id, Kind.NOTICE, told, author=SLACK)
        self.workspace.turned()

    async def _moment(self, what: Json) -> datetime:
        now = self.clock()
        if what.get("next"):
            digest = next_due(await self.agenda(), now)
            if digest is None or digest.next_due is None:
                example = "/digest labour-crisis weekdays at 8:30"
                raise Refused("invalid_arguments", (f"No digest comes: schedule one, {example}",))
            return digest.next_due
        try:
            if seconds := what.get("seconds"):
                return now + timedelta(seconds=float(seconds))
            moment = datetime.fromisoformat(str(what.get("to")))
            return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
        except (ValueError, TypeError, OverflowError) as error:
            raise Refused("invalid_arguments", ("Choose a day and a time.",)) from error

    async def _trouble(self, what: Json) -> None:
        name = str(what.get("trouble") or "")
        if name and name not in TROUBLES:
            raise Refused("invalid_arguments")
        self.workspace.trouble = name
        self.workspace.turned()  # the page shows both in one place

    def _message(self, what: Json) -> Message:
        message = self.workspace.message(str(what.get("ts")))
        if message is None:
            raise Refused("message_not_found")
        return message

    def _view(self, what: Json) -> View | None:
        return view_named(self.workspace, what.get("view"))


def view_named(workspace: Workspace, number: object) -> View | None:
    """The open modal, or the App Home, with this id."""
    home = (workspace.home,) if workspace.home else ()
    return next((view for view in (*workspace.modals, *home) if view.id == number), None)
