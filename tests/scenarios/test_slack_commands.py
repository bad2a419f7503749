"""The bot as Slack meets it: signed requests over real HTTP, answers at the response_url."""

import asyncio
import json
import re

import pytest

from tests.scenarios.conftest import Slack, run_bot
from tests.stand_ins.briefing_service import FakeBriefingService
from tests.stand_ins.slack import shown


async def test_briefing_is_acknowledged_empty_then_answered_short(slack: Slack) -> None:
    """/briefing: an empty 200, then blocks with linked verbatim lines, dates, roles, and a button for the rest."""
    response = await slack.post(slack.command("/briefing", "labour-crisis"))
    assert (response.status, await response.text()) == (200, "")
    answer = await slack.stand_in.wait_for_answer()
    assert answer["response_type"] == "ephemeral"
    assert answer["blocks"][0]["text"]["text"] == "Labour's leadership crisis"
    blocks = shown(answer)
    eagle = ">former shadow business secretary Angela Eagle is expected to announce a leadership bid\n<https://"
    assert f"_Expected, not reported as done_\n{eagle}" in blocks
    assert "*Tue 28 Jun 2016* (“on Tuesday”, counted from the date in International Business Times UK)\n>" in blocks
    assert "*John McDonnell*, shadow chancellor" in blocks
    assert "*Unnamed:* Senior Labour sources" in blocks
    assert "2 independent outlets" in blocks
    assert "International Business Times UK · undated" in blocks
    assert "published Sat 25 Jun 2016" in blocks
    assert "*Day not told*" in blocks


async def test_text_is_the_whole_answer(slack: Slack) -> None:
    """`text` carries every line, those behind the button too, under 4,000 characters."""
    await slack.post(slack.command("/briefing", "labour-crisis"))
    text = (await slack.stand_in.wait_for_answer())["text"]
    assert len(text) <= 4000
    for words in ("lynch-mob without the rope", "I did all I could", "170 to 40", "almost 60% of the vote", "undated"):
        assert words in text


async def test_the_button_replaces_the_short_answer_with_the_whole(slack: Slack) -> None:
    """ "Whole briefing": every line, in place of what was pressed."""
    await slack.post(slack.command("/briefing", "labour-crisis"))
    short = await slack.stand_in.wait_for_answer()
    button = next(
        button for button in short["blocks"][-2]["elements"] if button["text"]["text"].startswith("Whole briefing")
    )
    assert "Not in these articles" not in shown(short)
    response = await slack.post(slack.press(button["action_id"], button["value"]))
    assert response.status == 200
    whole = await slack.stand_in.wait_for_answer(2)
    assert whole["replace_original"] is True
    assert "Not in these articles" in shown(whole)


async def test_whosaid_names_the_speaker_and_both_wordings(slack: Slack) -> None:
    """/whosaid: speaker, role, outlet, date, both wordings, links; in blocks and in `text`."""
    await slack.post(slack.command("/whosaid", "“lynch-mob”"))
    answer = await slack.stand_in.wait_for_answer()
    for place in (shown(answer), answer["text"]):
        assert "*John McDonnell*, shadow chancellor" in place
        assert "without the rope" in place
        assert "without a rope" in place
        assert "Thu 30 Jun 2016" in place
        assert "Searched 4 articles and 40 quotations, Sat 25 Jun 2016 to Thu 30 Jun 2016." in place
        assert re.search(r"<https://www\.ibtimes\.co\.uk/[^|>]+#:~:text=it\|International Business Times UK>", place)


@pytest.mark.parametrize(
    ("command", "typed", "expected"),
    [
        ("/briefing", "", "Topics, newest first"),
        ("/briefing", " help ", "*/briefing* tells a story"),
        ("/whosaid", "help", "*/whosaid* finds who"),
        ("/whosaid", "", "Which words?"),
        ("/whosaid", "“”", "Which words?"),
        ("/briefing", "labour-crisys", "Did you mean: labour-crisis?"),
        ("/whosaid", "never said", "The closest quotations"),
        ("/whosaid", "payload", "“payload”"),
        ("/whosaid", "a" * 8000, "8,000 characters"),
    ],
)
async def test_whatever_is_typed_is_answered(slack: Slack, command: str, typed: str, expected: str) -> None:
    """Nothing typed, help, a typo, no match, too much: one plain answer each."""
    response = await slack.post(slack.command(command, typed))
    assert response.status == 200
    answer = await slack.stand_in.wait_for_answer()
    assert expected in shown(answer)
    assert expected in answer["text"]


async def test_a_topic_button_asks_for_its_briefing(slack: Slack, service: FakeBriefingService) -> None:
    """The list of topics is buttons; a press answers below it."""
    await slack.post(slack.command("/briefing", ""))
    topic_list = await slack.stand_in.wait_for_answer()
    button = next(block for block in topic_list["blocks"] if block["type"] == "actions")["elements"][0]
    await slack.post(slack.press(button["action_id"], button["value"]))
    answer = await slack.stand_in.wait_for_answer(2)
    assert answer["replace_original"] is False
    assert service.asked == ["topics", "labour-crisis"]


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
async def test_no_text_pings_links_or_restyles(slack: Slack, typed: str, never: str) -> None:
    """Hostile text is answered, and comes back as plain text in blocks and in `text`."""
    assert (await slack.post(slack.command("/briefing", typed))).status == 200
    answer = await slack.stand_in.wait_for_answer()
    assert never not in shown(answer)
    assert never not in answer["text"]


async def test_an_unexpected_error_shows_a_reference_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    """What breaks is logged by kind and place under the reference the asker sees; what it says stays out."""
    async with run_bot(FakeBriefingService(error=ZeroDivisionError("secret article text"))) as slack:
        assert (await slack.post(slack.command("/whosaid", "lynch-mob"))).status == 200
        answer = await slack.stand_in.wait_for_answer()
    reference = re.search(r"reference: ([0-9a-f]{8})", answer["text"])
    assert reference
    payload = json.dumps(answer)
    assert "ZeroDivisionError" not in payload
    assert "secret" not in payload
    log = "".join(capsys.readouterr())
    assert reference[1] in log
    assert "ZeroDivisionError" in log
    assert "secret article text" not in log


async def test_an_answer_whose_blocks_are_refused_comes_as_text(slack: Slack) -> None:
    """When Slack refuses the blocks, the asker gets the text."""
    slack.stand_in.statuses = [400]
    await slack.post(slack.command("/briefing", "labour-crisis"))
    answer = await slack.stand_in.wait_for_answer(2)
    assert "blocks" not in answer
    assert "I did all I could" in answer["text"]


async def test_a_dropped_connection_is_not_posted_again(slack: Slack) -> None:
    """When the connection drops after Slack had the message, it is not sent a second time."""
    slack.stand_in.drop = True
    await slack.post(slack.command("/whosaid", "lynch-mob"))
    await slack.stand_in.wait_for_answer()
    slack.stand_in.drop = False
    await slack.post(slack.command("/whosaid", "help"))
    await slack.stand_in.wait_for_answer(2)
    await slack.bot.close()  # waits for whatever is still under way
    assert len(slack.stand_in.answers) == 2


async def test_forty_questions_at_once_are_all_answered(slack: Slack, service: FakeBriefingService) -> None:
    """A burst is acknowledged before the first of it is answered, and queued, not lost."""
    service.gate.clear()
    bodies = [slack.command("/whosaid", "lynch-mob") for _ in range(40)]
    responses = await asyncio.gather(*map(slack.post, bodies))
    assert [(response.status, await response.text()) for response in responses] == [(200, "")] * 40
    assert slack.stand_in.answers == []
    service.gate.set()
    await slack.stand_in.wait_for_answer(40)


async def test_nothing_calls_slack_before_it_must(slack: Slack) -> None:
    """A command and its answer need no Web API call, so an acknowledgement never waits for one."""
    await slack.post(slack.command("/briefing", "labour-crisis"))
    await slack.stand_in.wait_for_answer()
    assert slack.stand_in.calls == []
