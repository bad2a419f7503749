"""Tests of message shortcuts over HTTP.

The stand-in checks every message and view against Slack's limits.
"""

import pytest

from briefings import DraftCheck
from briefings.storage.integrity.damage import report_damage
from tests.scenarios.conftest import Slack
from tests.stand_ins.briefing_service import FakeBriefingService, check_seed_draft
from tests.stand_ins.slack import HOSTILE_TEXTS, close_bot, get_visible_text, send


class TestShortcuts:
    async def test_who_said_this_searches_quoted_part_privately(
        self, slack: Slack, service: FakeBriefingService
    ) -> None:
        await send(slack, slack.shortcut("who_said_this", "Did you see “lynch-mob” in *the paper*?", thread_ts="8.0"))
        answer = await slack.stand_in.wait_for_answer()
        assert answer["response_type"] == "ephemeral"
        assert answer["thread_ts"] == "8.0"
        assert "John McDonnell" in answer["text"]
        assert service.queries == ["lynch-mob"]
        assert slack.stand_in.posts == []

    async def test_short_message_is_searched_in_full(self, slack: Slack, service: FakeBriefingService) -> None:
        await send(slack, slack.shortcut("who_said_this", "lynch-mob &amp; by:rope <@U3>"))
        await slack.stand_in.wait_for_answer()
        assert service.queries == ["lynch-mob & by:rope"]

    @pytest.mark.parametrize(("text", "sentence"), [("x " * 400, "is too long to look up"), ("<@U1> :", "no words")])
    async def test_text_that_cannot_be_searched_is_explained(self, slack: Slack, text: str, sentence: str) -> None:
        await send(slack, slack.shortcut("who_said_this", text))
        assert sentence in (await slack.stand_in.wait_for_answer())["text"]

    async def test_quotes_are_checked_in_thread(self, slack: Slack) -> None:
        """The public reply has the results with differing words marked, and names the person who asked."""
        draft = (
            "Corbyn: “I did all I could”, it was “like a lynch-mob without a noose”. “I never liked Europe”, he said."
        )
        await send(slack, slack.shortcut("check_the_quotes", draft))
        post = await slack.stand_in.wait_for(slack.stand_in.posts)
        assert (post["channel"], post["thread_ts"]) == ("C1", "8.1")
        for words in (
            "Checked 3 quotes: 1 exact, 1 with different wording, 1 not found",
            "Checked for <@U1>",
            "*a noose*",
            "*the rope*",
            "the draft has “a noose”, the article has “the rope”",
            "|International Business Times UK>",
            "*Not found* — no speaker named",
        ):
            assert words in post["text"], words
            assert words in get_visible_text(post), words
        assert "Checked 3 quotes: results are in the thread." in (await slack.stand_in.wait_for_answer())["text"]

    async def test_check_says_that_a_damaged_article_is_left_out(
        self, slack: Slack, service: FakeBriefingService, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def check(draft: str) -> DraftCheck:
            report_damage("easton", "the text differs")
            return check_seed_draft(draft)

        monkeypatch.setattr(service, "check", check)
        await send(slack, slack.shortcut("check_the_quotes", "“I did all I could”"))
        post = await slack.stand_in.wait_for(slack.stand_in.posts)
        for shown in (post["text"], get_visible_text(post)):
            assert "1 article is left out: damaged in the database." in shown

    async def test_check_without_membership_replies_privately(self, slack: Slack) -> None:
        slack.stand_in.member = False
        await send(slack, slack.shortcut("check_the_quotes", "“I did all I could”"))
        answer = await slack.stand_in.wait_for_answer()
        assert slack.stand_in.posts == []
        assert "Checked 1 quote: 1 exact" in answer["text"]
        assert "/invite @On the Record" in get_visible_text(answer)

    @pytest.mark.parametrize(
        ("draft", "sentence"),
        [
            ("no quotation here", "The draft has no quotes"),
            ("“I did all I could” " * 1_001, "Check it in parts"),
            ("", "The draft has no quotes"),
        ],
    )
    async def test_draft_that_cannot_be_checked_is_explained_privately(
        self, slack: Slack, draft: str, sentence: str
    ) -> None:
        await send(slack, slack.shortcut("check_the_quotes", draft))
        assert sentence in (await slack.stand_in.wait_for_answer())["text"]
        assert slack.stand_in.posts == []

    @pytest.mark.parametrize("name", ["who_said_this", "check_the_quotes"])
    @pytest.mark.parametrize("text", HOSTILE_TEXTS)
    async def test_hostile_message_text_stays_plain_text(self, slack: Slack, name: str, text: str) -> None:
        await send(slack, slack.shortcut(name, text))
        answer = await slack.stand_in.wait_for_answer()
        for forbidden in ("<!", "<@U1", "\0", "\u202e"):
            assert forbidden not in answer["text"] + get_visible_text(answer)

    async def test_repeated_shortcut_has_one_effect(self, slack: Slack) -> None:
        body = slack.shortcut("check_the_quotes", "“I did all I could”")
        for _ in range(3):
            assert (await slack.post(body)).status == 200
        await slack.stand_in.wait_for_answer()
        await close_bot(slack)
        assert (len(slack.stand_in.posts), len(slack.stand_in.answers)) == (1, 1)

    async def test_unavailable_shortcut_is_explained(self, slack: Slack) -> None:
        await send(slack, slack.shortcut("add_to_the_record", "https://example.org"))
        assert "belongs to an older version" in (await slack.stand_in.wait_for_answer())["text"]
        await send(slack, slack.shortcut("who_said_this", "lynch-mob"))
        assert "John McDonnell" in (await slack.stand_in.wait_for_answer(2))["text"]
