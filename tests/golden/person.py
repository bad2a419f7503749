"""A person who uses the bot in Slack, and everything that the bot sends to Slack."""

from collections.abc import Callable
from typing import Any

from aiohttp import ClientResponse

from tests.scenarios.conftest import Slack, find_button

#: methods that no user sees
_HIDDEN_METHODS = ("auth.test",)


class Person:
    """A person who makes one request after the other and waits for each answer."""

    def __init__(self, slack: Slack, clock: Callable[[], float]) -> None:
        self.slack, self.clock = slack, clock
        self.stand_in = slack.stand_in
        #: direct responses to requests, without the empty ones
        self.responses: list[dict[str, Any]] = []

    async def send(self, body: str) -> ClientResponse:
        """Send a signed request, with the time of the bot's clock."""
        response = await self.slack.post(body, at=self.clock())
        text = await response.text()
        if response.status != 200 or text:
            received = await response.json() if response.content_type == "application/json" else text
            self.responses.append({"status": response.status, "body": received})
        return response

    async def run_command(self, command: str, text: str, **fields: str) -> dict[str, Any]:
        """Send a slash command and wait for the answer."""
        return await self.send_for_answer(self.slack.command(command, text, **fields))

    async def send_for_answer(self, body: str) -> dict[str, Any]:
        """Send a request and wait for an answer that only this person sees."""
        count = len(self.stand_in.answers) + 1
        await self.send(body)
        return await self.stand_in.wait_for_answer(count)

    async def send_for_post(self, body: str, count: int = 1) -> dict[str, Any]:
        """Send a request, wait for `count` posts in channels, and return the last one."""
        count += len(self.stand_in.posts)
        await self.send(body)
        return await self.stand_in.wait_for(self.stand_in.posts, count)

    async def send_for_view(self, body: str, count: int = 2) -> dict[str, Any]:
        """Send a request and wait for a modal. A modal is sent twice: first a loading view, then its content."""
        count += len(self.stand_in.views)
        await self.send(body)
        return await self.stand_in.wait_for_view(count)

    async def open_home(self, user: str = "U1") -> dict[str, Any]:
        """Open the App Home and return its view."""
        count = len(self.stand_in.homes) + 1
        await self.send(self.slack.event(type="app_home_opened", user=user, channel="D1", tab="home"))
        return await self.stand_in.wait_for(self.stand_in.homes, count)

    def button(self, answer: dict[str, Any], label: str, **fields: Any) -> str:
        """Return the request for a press of the button whose label starts with `label`."""
        element = find_button(answer, label)
        return self.slack.press(element["action_id"], element["value"], **fields)

    async def collect_received(self) -> dict[str, Any]:
        """Close the bot and return everything that Slack received, in order."""
        await self.slack.bot.close()
        calls = [
            {"method": method, "arguments": arguments}
            for method, arguments in zip(self.stand_in.calls, self.stand_in.arguments, strict=True)
            if method not in _HIDDEN_METHODS
        ]
        received = {
            "answers": [answer for answer in self.stand_in.answers if "channel" not in answer],
            "calls": calls,
            "responses": self.responses,
        }
        return {name: value for name, value in received.items() if value}
