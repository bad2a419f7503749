"""What comes in by any door, and what is shown for it."""

from typing import Any

from tests.scenarios.conftest import Slack
from tests.stand_ins.slack_limits import texts

HOSTILE = [
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


def shown(holder: dict[str, Any]) -> str:
    return "\n".join(text for block in holder["blocks"] for text in texts(block))


async def sent(slack: Slack, body: str) -> None:
    """Sends it, and sees it acknowledged with nothing."""
    response = await slack.post(body)
    assert (response.status, await response.text()) == (200, "")


async def settled(slack: Slack) -> None:
    """Closes the bot, and with that sees out all it was doing."""
    await slack.bot.close()


async def said(slack: Slack, text: str, count: int = 1, **more: Any) -> dict[str, Any]:
    await sent(slack, slack.message(text, **more))
    return await slack.stand_in.wait_for(slack.stand_in.posts, count)
