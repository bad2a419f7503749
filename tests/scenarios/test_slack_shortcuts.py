"""Shortcuts on messages, over real HTTP.

Every message and every view is checked against Slack's limits as it arrives.
"""

import pytest

from tests.scenarios.conftest import Slack
from tests.stand_ins.briefing_service import FakeBriefingService
from tests.stand_ins.slack import HOSTILE, sent, settled, shown


class TestShortcuts:
    async def test_who_said_this_looks_up_the_quoted_part_for_the_asker_alone(
        self, slack: Slack, service: FakeBriefingService
    ) -> None:
        await sent(slack, slack.shortcut("who_said_this", "Did you see “lynch-mob” in *the paper*?", thread_ts="8.0"))
        answer = await slack.stand_in.wait_for_answer()
        assert answer["response_type"] == "ephemeral"
        assert answer["thread_ts"] == "8.0"
        assert "John McDonnell" in answer["text"]
        assert service.asked == ["lynch-mob"]
        assert slack.stand_in.posts == []

    async def test_a_short_message_is_looked_up_whole(self, slack: Slack, service: FakeBriefingService) -> None:
        await sent(slack, slack.shortcut("who_said_this", "lynch-mob &amp; by:rope <@U3>"))
        await slack.stand_in.wait_for_answer()
        assert service.asked == ["lynch-mob & by:rope"]

    @pytest.mark.parametrize(("text", "told"), [("x " * 400, "is too long to look up"), ("<@U1> :", "no words")])
    async def test_what_cannot_be_looked_up_is_one_sentence(self, slack: Slack, text: str, told: str) -> None:
        await sent(slack, slack.shortcut("who_said_this", text))
        assert told in (await slack.stand_in.wait_for_answer())["text"]

    async def test_the_quotes_are_checked_in_the_thread(self, slack: Slack) -> None:
        """The verdicts for everybody, the words that differ marked on both sides, the asker named and told."""
        draft = (
            "Corbyn: “I did all I could”, it was “like a lynch-mob without a noose”. “I never liked Europe”, he said."
        )
        await sent(slack, slack.shortcut("check_the_quotes", draft))
        post = await slack.stand_in.wait_for(slack.stand_in.posts)
        assert (post["channel"], post["thread_ts"]) == ("C1", "8.1")
        for words in (
            "3 quotations checked: 1 exact, 1 differing, 1 not found",
            "Checked for <@U1>",
            "*a noose*",
            "*the rope*",
            "the draft has “a noose”, the record “the rope”",
            "|International Business Times UK>",
            "*Not found*, given to nobody",
        ):
            assert words in post["text"], words
            assert words in shown(post), words
        assert "verdicts stand in the message's thread" in (await slack.stand_in.wait_for_answer())["text"]

    async def test_outside_its_channels_the_verdicts_go_to_the_asker_with_how_to_invite_it(self, slack: Slack) -> None:
        slack.stand_in.member = False
        await sent(slack, slack.shortcut("check_the_quotes", "“I did all I could”"))
        answer = await slack.stand_in.wait_for_answer()
        assert slack.stand_in.posts == []
        assert "1 quotation checked: 1 exact" in answer["text"]
        assert "/invite @On the Record" in shown(answer)

    @pytest.mark.parametrize(
        ("draft", "told"),
        [
            ("no quotation here", "holds no quotation"),
            ("“I did all I could” " * 1_001, "check it in parts"),
            ("", "holds no"),
        ],
    )
    async def test_what_cannot_be_checked_is_told_to_the_asker_alone(self, slack: Slack, draft: str, told: str) -> None:
        await sent(slack, slack.shortcut("check_the_quotes", draft))
        assert told in (await slack.stand_in.wait_for_answer())["text"]
        assert slack.stand_in.posts == []

    @pytest.mark.parametrize("name", ["who_said_this", "check_the_quotes"])
    @pytest.mark.parametrize("text", HOSTILE)
    async def test_hostile_messages_get_an_answer_that_does_nothing(self, slack: Slack, name: str, text: str) -> None:
        await sent(slack, slack.shortcut(name, text))
        answer = await slack.stand_in.wait_for_answer()
        for forbidden in ("<!", "<@U1", "\0", "\u202e"):
            assert forbidden not in answer["text"] + shown(answer)

    async def test_a_shortcut_that_comes_twice_has_one_effect(self, slack: Slack) -> None:
        body = slack.shortcut("check_the_quotes", "“I did all I could”")
        for _ in range(3):
            assert (await slack.post(body)).status == 200
        await slack.stand_in.wait_for_answer()
        await settled(slack)
        assert (len(slack.stand_in.posts), len(slack.stand_in.answers)) == (1, 1)

    async def test_a_shortcut_that_is_not_offered_is_survived(self, slack: Slack) -> None:
        assert (await slack.post(slack.shortcut("add_to_the_record", "https://example.org"))).status == 200
        await sent(slack, slack.shortcut("who_said_this", "lynch-mob"))
        assert "John McDonnell" in (await slack.stand_in.wait_for_answer())["text"]
