"""Tests of slash commands over HTTP: signed requests, and answers at the response_url."""

import asyncio
import json
import re

import pytest

from tests.scenarios.conftest import Slack, run_bot
from tests.stand_ins.briefing_service import FakeBriefingService
from tests.stand_ins.slack import get_visible_text


async def test_briefing_is_acknowledged_then_answered(slack: Slack) -> None:
    """/briefing gets an empty 200, then blocks with linked lines, dates, roles and a button for the rest."""
    response = await slack.post(slack.command("/briefing", "labour-crisis"))
    assert (response.status, await response.text()) == (200, "")
    answer = await slack.stand_in.wait_for_answer()
    assert answer["response_type"] == "ephemeral"
    assert answer["blocks"][0]["text"]["text"] == "Labour's leadership crisis"
    blocks = get_visible_text(answer)
    eagle = ">former shadow business secretary Angela Eagle is expected to announce a leadership bid\n<https://"
    assert f"_Expected — not confirmed yet_\n{eagle}" in blocks
    assert "*Tue 28 Jun 2016*\n>" in blocks
    assert (
        "*Tue 28 Jun 2016* (“on Tuesday”, relative to the publication date in International Business Times UK)\n>"
        in (answer["text"])
    )
    assert "*John McDonnell*, shadow chancellor" in blocks
    assert "*Unnamed:* Senior Labour sources" in answer["text"]
    assert "2 independent outlets" in blocks
    assert "International Business Times UK, undated" in blocks
    assert "The Guardian, 25 Jun 2016" in blocks
    assert "*No date given*" in answer["text"]


async def test_text_field_contains_whole_answer(slack: Slack) -> None:
    """`text` has at most 4,000 characters and includes the lines behind the button."""
    await slack.post(slack.command("/briefing", "labour-crisis"))
    text = (await slack.stand_in.wait_for_answer())["text"]
    assert len(text) <= 4000
    for words in ("lynch-mob without the rope", "I did all I could", "170 to 40", "almost 60% of the vote", "undated"):
        assert words in text


async def test_full_briefing_button_replaces_short_answer(slack: Slack) -> None:
    await slack.post(slack.command("/briefing", "labour-crisis"))
    short = await slack.stand_in.wait_for_answer()
    button = next(
        button for button in short["blocks"][-2]["elements"] if button["text"]["text"].startswith("Full briefing")
    )
    assert "The day the second article was published" not in get_visible_text(short)
    response = await slack.post(slack.press(button["action_id"], button["value"]))
    assert response.status == 200
    whole = await slack.stand_in.wait_for_answer(2)
    assert whole["replace_original"] is True
    assert "The day the second article was published" in get_visible_text(whole)


async def test_whosaid_names_the_speaker_and_both_wordings(slack: Slack) -> None:
    """Blocks and `text` contain speaker, role, outlet, date, both wordings and links."""
    await slack.post(slack.command("/whosaid", "“lynch-mob”"))
    answer = await slack.stand_in.wait_for_answer()
    for place in (get_visible_text(answer), answer["text"]):
        assert "*John McDonnell*, shadow chancellor" in place
        assert "without the rope" in place
        assert "without a rope" in place
        assert "Thu 30 Jun 2016" in place
        assert "Searched 4 articles and 40 quotes, Sat 25 Jun 2016 to Thu 30 Jun 2016." in place
        assert re.search(r"<https://www\.ibtimes\.co\.uk/[^|>]+#:~:text=it\|International Business Times UK>", place)


@pytest.mark.parametrize(
    ("command", "typed", "expected"),
    [
        ("/briefing", "", "Topics, newest first"),
        ("/briefing", " help ", "*/briefing* summarises a story"),
        ("/whosaid", "help", "*/whosaid* finds who"),
        ("/whosaid", "", "Which words?"),
        ("/whosaid", "“”", "Which words?"),
        ("/whosaid", "since:foo", "I couldn't read “foo” as a date."),
        ("/briefing", "until:foo", "I couldn't read “foo” as a date."),
        ("/briefing", "labour-crisys", "Did you mean: labour-crisis?"),
        ("/whosaid", "never said", "Closest quotes:"),
        ("/whosaid", "payload", "“payload”"),
        ("/whosaid", "a" * 8000, "8,000 characters"),
    ],
)
async def test_any_input_gets_an_answer(slack: Slack, command: str, typed: str, expected: str) -> None:
    """This covers empty input, help, typos, no matches and overlong input."""
    response = await slack.post(slack.command(command, typed))
    assert response.status == 200
    answer = await slack.stand_in.wait_for_answer()
    assert expected in get_visible_text(answer)
    assert expected in answer["text"]


async def test_topic_button_shows_its_briefing(slack: Slack, service: FakeBriefingService) -> None:
    """The list of topics has buttons. The answer appears below the list."""
    await slack.post(slack.command("/briefing", ""))
    topic_list = await slack.stand_in.wait_for_answer()
    button = next(block for block in topic_list["blocks"] if block["type"] == "actions")["elements"][0]
    await slack.post(slack.press(button["action_id"], button["value"]))
    answer = await slack.stand_in.wait_for_answer(2)
    assert answer["replace_original"] is False
    assert service.queries == ["topics", "labour-crisis"]


@pytest.mark.parametrize(
    ("typed", "never"),
    [
        ("before <!channel> after", "<!channel>"),
        ("before <@U1> after", "<@U1>"),
        ("<http://evil.example|x> y", "<http://evil.example|"),
        ("nul \0 end", "\0"),
        ("rtl \u202e end", "\u202e"),
        ("a *bold* _it_ ~st~ `code`", "*bold*"),
        ("emoji :smile: here", ":smile:"),
        ("plain https://evil.example/x", "https://evil.example"),
        ("Z\u0351\u036b\u0343\u034b 👩‍👩‍👧 𝔘𝔫𝔦 \U0010ffff", "\0"),
    ],
)
async def test_typed_text_cannot_mention_link_or_format(slack: Slack, typed: str, never: str) -> None:
    """Hostile text appears as plain text in blocks and in `text`."""
    assert (await slack.post(slack.command("/briefing", typed))).status == 200
    answer = await slack.stand_in.wait_for_answer()
    assert never not in get_visible_text(answer)
    assert never not in answer["text"]


async def test_unexpected_error_shows_only_a_reference(capsys: pytest.CaptureFixture[str]) -> None:
    """The log has the error's type and place under the same reference, but not its message."""
    async with run_bot(FakeBriefingService(error=ZeroDivisionError("secret article text"))) as slack:
        assert (await slack.post(slack.command("/whosaid", "lynch-mob"))).status == 200
        answer = await slack.stand_in.wait_for_answer()
    reference = re.search(r"this reference to the person who runs On the Record: ([0-9a-f]{8})", answer["text"])
    assert reference
    payload = json.dumps(answer)
    assert "ZeroDivisionError" not in payload
    assert "secret" not in payload
    log = "".join(capsys.readouterr())
    assert reference[1] in log
    assert "ZeroDivisionError" in log
    assert "secret article text" not in log


async def test_answer_with_rejected_blocks_is_sent_as_text(slack: Slack) -> None:
    slack.stand_in.statuses = [400]
    await slack.post(slack.command("/briefing", "labour-crisis"))
    answer = await slack.stand_in.wait_for_answer(2)
    assert "blocks" not in answer
    assert "I did all I could" in answer["text"]


async def test_answer_is_not_repeated_after_connection_drop(slack: Slack) -> None:
    """Slack received the message before the connection dropped."""
    slack.stand_in.drop = True
    await slack.post(slack.command("/whosaid", "lynch-mob"))
    await slack.stand_in.wait_for_answer()
    slack.stand_in.drop = False
    await slack.post(slack.command("/whosaid", "help"))
    await slack.stand_in.wait_for_answer(2)
    await slack.bot.close()  # waits for pending work
    assert len(slack.stand_in.answers) == 2


async def test_burst_of_forty_questions_is_answered(slack: Slack, service: FakeBriefingService) -> None:
    """All questions are acknowledged before the first answer, and none is lost."""
    service.gate.clear()
    bodies = [slack.command("/whosaid", "lynch-mob") for _ in range(40)]
    responses = await asyncio.gather(*map(slack.post, bodies))
    assert [(response.status, await response.text()) for response in responses] == [(200, "")] * 40
    assert slack.stand_in.answers == []
    service.gate.set()
    await slack.stand_in.wait_for_answer(40)


async def test_command_needs_no_web_api_call(slack: Slack) -> None:
    """The acknowledgement therefore never waits for Slack's Web API."""
    await slack.post(slack.command("/briefing", "labour-crisis"))
    await slack.stand_in.wait_for_answer()
    assert slack.stand_in.calls == []
