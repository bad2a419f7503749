"""An answer is found again in the thread of its question."""

from typing import Any

import pytest

from bot.slack.transport.message_events import IncomingMessage
from bot.slack.transport.replies import _build_key, was_answered

QUESTION = IncomingMessage("C1", "U1", "9.5", "1.1", "who said levy?", is_edited=True)
ANSWER = {"ts": "9.6", "metadata": {"event_type": "on_the_record", "event_payload": {"key": _build_key(QUESTION)}}}
OTHER_ANSWER = {"ts": "9.7", "metadata": {"event_type": "on_the_record", "event_payload": {"key": "x"}}}


class Thread:
    """A Slack client whose thread has a first page of at most 100 messages."""

    def __init__(self, messages: list[dict[str, Any]]) -> None:
        self.messages = messages

    async def api_call(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        assert method == "conversations.replies"
        newer = [message for message in self.messages if float(message["ts"]) >= float(params["oldest"])]
        return {"messages": newer[: params["limit"]]}


@pytest.mark.parametrize(
    ("messages", "is_found"), [([ANSWER], True), ([OTHER_ANSWER], False), ([], False), ([{"ts": "9.9"}], False)]
)
async def test_answer_is_found_behind_any_number_of_older_replies(messages: list[Any], is_found: bool) -> None:
    client: Any = Thread([{"ts": f"2.{number}"} for number in range(300)] + messages)
    assert await was_answered(client, QUESTION) is is_found
