"""Helpers for messages to the bot and its answers, and hostile texts."""

from typing import Any

from tests.scenarios.conftest import Slack
from tests.stand_ins.slack_limits import iterate_texts

#: messages that are hard to parse, escape or store
HOSTILE_TEXTS = [
    "x" * 8_000,
    "\0\0 who said \0lynch-mob\0",
    "\u202ewho said lynch-mob\u202c",
    "who said <!channel> <!here|here> <@U1> <!subteam^S1|@all>",
    "who said *_~`bold`~_*",
    "who said 𝔩𝔶𝔫𝔠𝔥\u0301\u0301\u0301 👩‍👩‍👧‍👦 \ud83d",
    "<<>>&amp;&lt;!channel&gt;|<http://x|y>",
    "",
    '"' * 3_000,
]


def get_visible_text(holder: dict[str, Any]) -> str:
    """Return all visible text of a message or view."""
    return "\n".join(text for block in holder["blocks"] for text in iterate_texts(block))


async def send(slack: Slack, body: str) -> None:
    """Send a request and check that the bot acknowledges it with an empty response."""
    response = await slack.post(body)
    assert (response.status, await response.text()) == (200, "")


async def close_bot(slack: Slack) -> None:
    """Close the bot. It finishes its work first."""
    await slack.bot.close()


async def send_message(slack: Slack, text: str, count: int = 1, **more: Any) -> dict[str, Any]:
    """Send a message and return the last post, once there are `count` posts."""
    await send(slack, slack.message(text, **more))
    return await slack.stand_in.wait_for(slack.stand_in.posts, count)
