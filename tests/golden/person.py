"""Somebody who uses the bot in Slack, and all that Slack gets for it."""

from collections.abc import Callable
from typing import Any

from aiohttp import ClientResponse

from tests.scenarios.conftest import Slack, find_button

#: methods by which the bot only asks, and whose arguments nobody sees
_ASKS = ("auth.test",)


class Person:
    """Does one thing after the other, and waits for the answer each time."""

    def __init__(self, slack: Slack, clock: Callable[[], float]) -> None:
        self.slack, self.clock = slack, clock
        self.stand_in = slack.stand_in
        #: what the bot gave back at once, when that was not nothing
        self.responses: list[dict[str, Any]] = []

    async def send(self, body: str) -> ClientResponse:
        """Sends a request as Slack does, at the bot's own time."""
        response = await self.slack.post(body, at=self.clock())
        text = await response.text()
        if response.status != 200 or text:
            received = await response.json() if response.content_type == "application/json" else text
            self.responses.append({"status": response.status, "body": received})
        return response

    async def run_command(self, command: str, text: str, **more: str) -> dict[str, Any]:
        """A slash command."""
        return await self.send_for_answer(self.slack.command(command, text, **more))

    async def send_for_answer(self, body: str) -> dict[str, Any]:
        """Sends it and waits for an answer to its own eyes."""
        count = len(self.stand_in.answers) + 1
        await self.send(body)
        return await self.stand_in.wait_for_answer(count)

    async def send_for_post(self, body: str, count: int = 1) -> dict[str, Any]:
        """Sends it and waits for so many posts in a channel."""
        count += len(self.stand_in.posts)
        await self.send(body)
        return await self.stand_in.wait_for(self.stand_in.posts, count)

    async def send_for_view(self, body: str, count: int = 2) -> dict[str, Any]:
        """Sends it and waits for a modal, which is sent twice."""
        count += len(self.stand_in.views)
        await self.send(body)
        return await self.stand_in.wait_for_view(count)

    async def open_home(self, user: str = "U1") -> dict[str, Any]:
        """Opens the App Home."""
        count = len(self.stand_in.homes) + 1
        await self.send(self.slack.event(type="app_home_opened", user=user, channel="D1", tab="home"))
        return await self.stand_in.wait_for(self.stand_in.homes, count)

    def button(self, answer: dict[str, Any], label: str, **more: Any) -> str:
        """The body of a press of the button whose label begins so."""
        element = find_button(answer, label)
        return self.slack.press(element["action_id"], element["value"], **more)

    async def everything_sent(self) -> dict[str, Any]:
        """Ends the bot and gives all that Slack got, in order."""
        await self.slack.bot.close()
        calls = zip(self.stand_in.calls, self.stand_in.arguments, strict=True)
        received = {
            "answers": [one for one in self.stand_in.answers if "channel" not in one],
            "calls": [{"method": method, "arguments": arguments} for method, arguments in calls if method not in _ASKS],
            "responses": self.responses,
        }
        return {name: value for name, value in received.items() if value}
