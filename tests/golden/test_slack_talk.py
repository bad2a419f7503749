"""What the bot says in channels, in direct messages, in the Assistant panel and from a message's menu."""

import pytest

from briefings.desk import Desk
from briefings.errors import RecordUnavailable
from tests.fakes import FakeDesk
from tests.golden.compare import compare
from tests.golden.person import Person
from tests.scenarios.conftest import running

SAID = {
    "help": "help",
    "hello": "hello",
    "nothing": "",
    "thanks": "thanks a lot!",
    "topics": "topics",
    "what_is_new": "what's new?",
    "brief_topic": "brief me on labour-crisis",
    "brief_words": "what happened with the no-confidence vote?",
    "brief_days": "tell me about Corbyn since 28 June 2016",
    "brief_unknown": "brief me on the zeppelin",
    "words_alone": "labour-crisis",
    "words_in_marks": "“I did all I could”",
    "who": "who said lynch-mob?",
    "who_in_outlet": "who said “leadership” in the Guardian?",
    "who_nobody": "who said “never in a thousand years”?",
    "who_alone": "who said it?",
    "did": "did Corbyn say “lynch-mob”?",
    "what": "what did Coffey say?",
    "what_about": "what did Corbyn say about the party?",
    "what_he": "what did he say?",
    "quotes_by": "quotes by McDonnell yesterday",
    "command": "/whosaid lynch-mob by:McDonnell",
    "bad_filter": "whosaid party colour:red",
    "too_long": "x" * 8_000,
    "hostile": "who said <!channel> <@U1> *_~`bold`~_*",
}
DRAFTS = {
    "exact": "“I did all I could,” said Corbyn.",
    "differs": "McDonnell said it was “like a lynch-mob without a noose”.",
    "somebody_elses": "“I did all I could,” said Angela Eagle.",
    "not_found": "“It is the end of the world,” said Corbyn.",
    "four": (
        "McDonnell said it was “like a lynch-mob without a noose”. “I did all I could,” said Angela Eagle. "
        "“It is the end of the world,” said Corbyn. “Yes, I’m here,” Corbyn said."
    ),
    "none": "Nobody is quoted here.",
    "too_long": "“I did all I could” " * 1500,
}
LOOKED_UP = {
    "marks": "Did you see “lynch-mob” in *the paper*?",
    "whole": "worked his bollocks off",
    "too_long": "x " * 400,
    "wordless": "<@U1> :",
}


@pytest.mark.parametrize("name", SAID)
async def test_a_mention_is_answered_as_before(person: Person, name: str) -> None:
    """In its thread, for everybody."""
    await person.posted(person.slack.said(f"<@U9> {SAID[name]}", ts="9.5"))
    compare(f"slack/mentions/{name}.json", await person.all_that_came())


@pytest.mark.parametrize("name", ["help", "brief_topic", "who", "what_about", "topics", "brief_unknown"])
async def test_a_direct_message_is_answered_as_before(person: Person, name: str) -> None:
    """Where it stands."""
    await person.posted(person.slack.said(SAID[name], channel_type="im"))
    compare(f"slack/direct/{name}.json", await person.all_that_came())


async def test_the_buttons_of_a_mentions_answer_are_as_before(person: Person) -> None:
    """Their answers are for whoever presses them, in the thread."""
    post = await person.posted(person.slack.said("<@U9> labour-crisis", ts="9.5"))
    await person.answered(person.button(post, "Whole briefing", private=False, thread="9.5"))
    compare("slack/mentions/buttons.json", await person.all_that_came())


async def test_the_assistant_suggests_and_answers_as_before(person: Person) -> None:
    """Prompts, the status, the answer in the thread."""
    thread = {"user_id": "U1", "channel_id": "D1", "thread_ts": "9.1", "context": {}}
    await person.sends(person.slack.event(type="assistant_thread_started", assistant_thread=thread, event_ts="9.2"))
    told = await person.stand_in.heard(person.stand_in.prompts)
    for prompt in told["prompts"]:
        await person.posted(person.slack.said(prompt["message"], channel_type="im", thread_ts="9.1"))
    compare("slack/assistant/all_prompts.json", await person.all_that_came())


@pytest.mark.parametrize("name", DRAFTS)
async def test_a_draft_is_checked_as_before(person: Person, name: str) -> None:
    """The verdicts in the thread, and what the asker is told."""
    await person.answered(person.slack.shortcut("check_the_quotes", DRAFTS[name]))
    compare(f"slack/check/{name}.json", await person.all_that_came())


async def test_a_draft_outside_its_channels_is_checked_as_before(person: Person) -> None:
    """For the asker alone, with how to invite the bot."""
    person.stand_in.member = False
    await person.answered(person.slack.shortcut("check_the_quotes", DRAFTS["four"]))
    compare("slack/check/not_invited.json", await person.all_that_came())


@pytest.mark.parametrize("name", LOOKED_UP)
async def test_who_said_this_answers_as_before(person: Person, name: str) -> None:
    """For the asker alone."""
    await person.answered(person.slack.shortcut("who_said_this", LOOKED_UP[name]))
    compare(f"slack/who_said_this/{name}.json", await person.all_that_came())


async def test_without_a_record_every_door_says_so_as_before(desk: Desk) -> None:
    """A command, a mention, the Home and the Assistant."""
    assert desk
    async with running(FakeDesk(error=RecordUnavailable("The record cannot be opened."))) as slack:
        await slack.post(slack.command("/whosaid", "lynch-mob"))
        await slack.stand_in.answer()
        await slack.post(slack.said("<@U9> who said lynch-mob?", ts="9.5"))
        await slack.stand_in.heard(slack.stand_in.posts)
        await slack.post(slack.event(type="app_home_opened", user="U1", channel="D1", tab="home"))
        await slack.stand_in.heard(slack.stand_in.homes)
        thread = {"user_id": "U1", "channel_id": "D1", "thread_ts": "9.1", "context": {}}
        await slack.post(slack.event(type="assistant_thread_started", assistant_thread=thread))
        await slack.stand_in.heard(slack.stand_in.prompts)
        heard = slack.stand_in
        told = {"answers": heard.answers, "posts": heard.posts, "homes": heard.homes, "prompts": heard.prompts}
        compare("slack/notices/no_record.json", told)


async def test_what_breaks_is_told_as_before() -> None:
    """With a reference, in an answer and in a thread."""
    async with running(FakeDesk(error=ZeroDivisionError("secret"))) as slack:
        await slack.post(slack.command("/whosaid", "lynch-mob"))
        await slack.stand_in.answer()
        await slack.post(slack.said("<@U9> who said lynch-mob?", ts="9.5"))
        await slack.stand_in.heard(slack.stand_in.posts)
        compare("slack/notices/broken.json", {"answers": slack.stand_in.answers, "posts": slack.stand_in.posts})


async def test_who_asks_too_much_is_told_as_before() -> None:
    """A command and a mention above the rate."""
    async with running(FakeDesk(), rate_per_minute=1) as slack:
        for number in range(3):
            await slack.post(slack.command("/whosaid", "help"))
            await slack.stand_in.answer(number + 1)
        await slack.post(slack.said("<@U9> help", ts="9.5"))
        await slack.stand_in.answer(4)
        compare("slack/notices/too_often.json", slack.stand_in.answers[2:])


async def test_a_button_of_an_older_bot_is_told_as_before(person: Person) -> None:
    """What none of our buttons sends, and a button of a digest that nobody has."""
    await person.answered(person.slack.press("page", "labour-crisis"))
    await person.answered(person.slack.press("share", "{}"))
    await person.answered(person.slack.press("digest:stop:1", "stop C1 1"))
    compare("slack/notices/older_button.json", await person.all_that_came())
