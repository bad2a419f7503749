"""Somebody who uses the bot in Slack, and all that Slack gets for it."""

from collections.abc import Callable
from typing import Any

from aiohttp import ClientResponse

from tests.scenarios.conftest import Slack, button_of

#: methods by which the bot only asks, and whose arguments nobody sees
_ASKS = ("auth.test",)


class Person:
    """Does one thing after the other, and waits for the answer each time."""

    def __init__(self, slack: Slack, clock: Callable[[], float]) -> None:
        self.slack, self.clock = slack, clock
        self.stand_in = slack.stand_in
        #: what the bot gave back at once, when that was not nothing
        self.responses: list[dict[str, Any]] = []

    async def sends(self, body: str) -> ClientResponse:
        """Sends a request as Slack does, at the bot's own time."""
        response = await self.slack.post(body, at=self.clock())
        text = await response.text()
        if response.status != 200 or text:
            told = await response.json() if response.content_type == "application/json" else text
            self.responses.append({"status": response.status, "body": told})
        return response

    async def types(self, command: str, text: str, **more: str) -> dict[str, Any]:
        """A slash command."""
        return await self.answered(self.slack.command(command, text, **more))

    async def answered(self, body: str) -> dict[str, Any]:
        """Sends it and waits for an answer to its own eyes."""
        count = len(self.stand_in.answers) + 1
        await self.sends(body)
        return await self.stand_in.answer(count)

    async def posted(self, body: str, count: int = 1) -> dict[str, Any]:
        """Sends it and waits for so many posts in a channel."""
        count += len(self.stand_in.posts)
        await self.sends(body)
        return await self.stand_in.heard(self.stand_in.posts, count)

    async def views(self, body: str, count: int = 2) -> dict[str, Any]:
        """Sends it and waits for a modal, which is sent twice."""
        count += len(self.stand_in.views)
        await self.sends(body)
        return await self.stand_in.view(count)

    async def home(self, user: str = "U1") -> dict[str, Any]:
        """Opens the App Home."""
        count = len(self.stand_in.homes) + 1
        await self.sends(self.slack.event(type="app_home_opened", user=user, channel="D1", tab="home"))
        return await self.stand_in.heard(self.stand_in.homes, count)

    def button(self, shown: dict[str, Any], label: str, **more: Any) -> str:
        """The body of a press of the button whose label begins so."""
        found = button_of(shown, label)
        return self.slack.press(found["action_id"], found["value"], **more)

    async def all_that_came(self) -> dict[str, Any]:
        """Ends the bot and gives all that Slack got, in order."""
        await self.slack.bot.close()
        calls = zip(self.stand_in.calls, self.stand_in.arguments, strict=True)
        told = {
            "answers": [one for one in self.stand_in.answers if "channel" not in one],
            "calls": [{"method": method, "arguments": sent} for method, sent in calls if method not in _ASKS],
            "responses": self.responses,
        }
        return {name: value for name, value in told.items() if value}
