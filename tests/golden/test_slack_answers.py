"""What the bot answers in Slack: to commands, in channels, in person, in the Assistant, from a message's menu."""

import asyncio

import pytest

from briefings.errors import DatabaseUnavailable
from tests.golden.compare import compare
from tests.golden.person import Person
from tests.scenarios.conftest import run_bot
from tests.stand_ins.briefing_service import FakeBriefingService

QUESTIONS = {
    "briefing_topic": ("/briefing", "labour-crisis"),
    "briefing_words": ("/briefing", "no-confidence vote"),
    "briefing_a_name": ("/briefing", "Angela Eagle"),
    "briefing_days": ("/briefing", "labour-crisis since:2016-06-28 until:2016-06-30"),
    "briefing_yesterday": ("/briefing", "labour-crisis since:yesterday"),
    "briefing_one_outlet": ("/briefing", "labour-crisis from:Guardian"),
    "briefing_unknown_outlet": ("/briefing", "labour-crisis from:Tribune"),
    "briefing_no_day_fits": ("/briefing", "labour-crisis since:2017-01-01"),
    "briefing_slip": ("/briefing", "labour-crysis"),
    "briefing_unknown": ("/briefing", "zeppelin"),
    "briefing_bad_day": ("/briefing", "labour-crisis since:someday"),
    "briefing_bad_filter": ("/briefing", "labour-crisis colour:red"),
    "briefing_filter_alone": ("/briefing", "since:monday"),
    "briefing_help": ("/briefing", "help"),
    "briefing_topics": ("/briefing", ""),
    "briefing_too_long": ("/briefing", "word " * 300),
    "whosaid_one": ("/whosaid", "“lynch-mob”"),
    "whosaid_several": ("/whosaid", "leadership"),
    "whosaid_name": ("/whosaid", "Corbyn"),
    "whosaid_by": ("/whosaid", "by:Corbyn"),
    "whosaid_by_full": ("/whosaid", "by:“Jeremy Corbyn”"),
    "whosaid_words_by": ("/whosaid", "party by:Corbyn"),
    "whosaid_by_wrong": ("/whosaid", "“lynch-mob” by:Corbyn"),
    "whosaid_by_nobody": ("/whosaid", "by:Merkel"),
    "whosaid_by_slip": ("/whosaid", "by:Corbin"),
    "whosaid_about": ("/whosaid", "by:Corbyn about:labour-crisis"),
    "whosaid_since": ("/whosaid", "party since:2016-06-28"),
    "whosaid_until": ("/whosaid", "party until:2016-06-26"),
    "whosaid_from": ("/whosaid", "leadership from:Sharecast"),
    "whosaid_nearest": ("/whosaid", "like a lynch mob without the hope"),
    "whosaid_never": ("/whosaid", "I never liked Europe"),
    "whosaid_narration": ("/whosaid", "Noisy pro-Corbyn demonstrators gathered"),
    "whosaid_unnamed": ("/whosaid", "worked his bollocks off"),
    "whosaid_question": ("/whosaid", "What about Europe Jeremy?"),
    "whosaid_caption": ("/whosaid", "EU referendum revealed"),
    "whosaid_slip": ("/whosaid", "abundently claer"),
    "whosaid_nothing": ("/whosaid", "xylophone zeppelin"),
    "whosaid_empty": ("/whosaid", ""),
    "whosaid_marks": ("/whosaid", "“”"),
    "whosaid_help": ("/whosaid", "help"),
    "whosaid_bad_day": ("/whosaid", "party since:2016-13-45"),
    "whosaid_bad_filter": ("/whosaid", "party colour:red"),
    "whosaid_twice": ("/whosaid", "party by:Corbyn by:Coffey"),
    "whosaid_empty_filter": ("/whosaid", "party by:"),
    "whosaid_turned_days": ("/whosaid", "party since:2016-06-30 until:2016-06-01"),
    "whosaid_too_long": ("/whosaid", "a" * 8000),
    "whosaid_hostile": ("/whosaid", "<!channel> *bold* <http://evil.example|x> :smile:"),
}
LONG_ANSWERS = {
    "briefing_pages": ("/briefing", "labour-crisis"),
    "briefing_words_pages": ("/briefing", "Corbyn"),
    "whosaid_pages": ("/whosaid", "by:Corbyn"),
    "whosaid_common_pages": ("/whosaid", "the"),
}
MESSAGES = {
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
LOOKUPS = {
    "marks": "Did you see “lynch-mob” in *the paper*?",
    "whole": "worked his bollocks off",
    "too_long": "x " * 400,
    "wordless": "<@U1> :",
}


@pytest.mark.parametrize("name", QUESTIONS)
async def test_a_command_is_answered_as_before(person: Person, name: str) -> None:
    """The same blocks, buttons and text."""
    await person.run_command(*QUESTIONS[name])
    compare(f"slack/commands/{name}.json", await person.everything_sent())


@pytest.mark.parametrize("name", LONG_ANSWERS)
async def test_every_page_of_an_answer_is_as_before(person: Person, name: str) -> None:
    """Forth to the last page, and back to the one before."""
    page = await person.run_command(*LONG_ANSWERS[name])
    for label in ("Whole", "More", "More", "More", "Back"):
        try:
            body = person.button(page, label)
        except StopIteration:
            continue
        page = await person.send_for_answer(body)
    compare(f"slack/commands/{name}.json", await person.everything_sent())


async def test_what_may_have_been_meant_is_asked_by_a_button(person: Person) -> None:
    """The button of a slip of the keys, and that of a listed topic."""
    await person.send_for_answer(
        person.button(await person.run_command("/briefing", "labour-crysis since:2016-06-24"), "labour")
    )
    await person.send_for_answer(person.button(await person.run_command("/briefing", ""), "Labour"))
    compare("slack/commands/briefing_asked_by_buttons.json", await person.everything_sent())


@pytest.mark.parametrize("name", MESSAGES)
async def test_a_mention_is_answered_as_before(person: Person, name: str) -> None:
    """In its thread, for everybody."""
    await person.send_for_post(person.slack.message(f"<@U9> {MESSAGES[name]}", ts="9.5"))
    compare(f"slack/mentions/{name}.json", await person.everything_sent())


@pytest.mark.parametrize("name", ["help", "brief_topic", "who", "what_about", "topics", "brief_unknown"])
async def test_a_direct_message_is_answered_as_before(person: Person, name: str) -> None:
    """Where it stands."""
    await person.send_for_post(person.slack.message(MESSAGES[name], channel_type="im"))
    compare(f"slack/direct/{name}.json", await person.everything_sent())


async def test_the_buttons_of_a_mentions_answer_are_as_before(person: Person) -> None:
    """Their answers are for whoever presses them, in the thread."""
    post = await person.send_for_post(person.slack.message("<@U9> labour-crisis", ts="9.5"))
    await person.send_for_answer(person.button(post, "Whole briefing", private=False, thread="9.5"))
    compare("slack/mentions/buttons.json", await person.everything_sent())


async def test_the_assistant_suggests_and_answers_as_before(person: Person) -> None:
    """Prompts, the status, the answer in the thread."""
    thread = {"user_id": "U1", "channel_id": "D1", "thread_ts": "9.1", "context": {}}
    await person.send(person.slack.event(type="assistant_thread_started", assistant_thread=thread, event_ts="9.2"))
    received = await person.stand_in.wait_for(person.stand_in.prompts)
    for prompt in received["prompts"]:
        await person.send_for_post(person.slack.message(prompt["message"], channel_type="im", thread_ts="9.1"))
    compare("slack/assistant/all_prompts.json", await person.everything_sent())


@pytest.mark.parametrize("name", DRAFTS)
async def test_a_draft_is_checked_as_before(person: Person, name: str) -> None:
    """The verdicts in the thread, and what the asker is told."""
    await person.send_for_answer(person.slack.shortcut("check_the_quotes", DRAFTS[name]))
    compare(f"slack/check/{name}.json", await person.everything_sent())


async def test_a_draft_outside_its_channels_is_checked_as_before(person: Person) -> None:
    """For the asker alone, with how to invite the bot."""
    person.stand_in.member = False
    await person.send_for_answer(person.slack.shortcut("check_the_quotes", DRAFTS["four"]))
    compare("slack/check/not_invited.json", await person.everything_sent())


@pytest.mark.parametrize("name", LOOKUPS)
async def test_who_said_this_answers_as_before(person: Person, name: str) -> None:
    """For the asker alone."""
    await person.send_for_answer(person.slack.shortcut("who_said_this", LOOKUPS[name]))
    compare(f"slack/who_said_this/{name}.json", await person.everything_sent())


async def test_without_a_record_every_door_says_so_as_before() -> None:
    """A command, a mention, the Home and the Assistant."""
    async with run_bot(FakeBriefingService(error=DatabaseUnavailable("The record cannot be opened."))) as slack:
        await slack.post(slack.command("/whosaid", "lynch-mob"))
        await slack.stand_in.wait_for_answer()
        await slack.post(slack.message("<@U9> who said lynch-mob?", ts="9.5"))
        await slack.stand_in.wait_for(slack.stand_in.posts)
        await slack.post(slack.event(type="app_home_opened", user="U1", channel="D1", tab="home"))
        await slack.stand_in.wait_for(slack.stand_in.homes)
        thread = {"user_id": "U1", "channel_id": "D1", "thread_ts": "9.1", "context": {}}
        await slack.post(slack.event(type="assistant_thread_started", assistant_thread=thread))
        await slack.stand_in.wait_for(slack.stand_in.prompts)
        heard = slack.stand_in
        received = {"answers": heard.answers, "posts": heard.posts, "homes": heard.homes, "prompts": heard.prompts}
        compare("slack/notices/no_record.json", received)


async def test_what_breaks_is_told_as_before() -> None:
    """With a reference, in an answer and in a thread."""
    async with run_bot(FakeBriefingService(error=ZeroDivisionError("secret"))) as slack:
        await slack.post(slack.command("/whosaid", "lynch-mob"))
        await slack.stand_in.wait_for_answer()
        await slack.post(slack.message("<@U9> who said lynch-mob?", ts="9.5"))
        await slack.stand_in.wait_for(slack.stand_in.posts)
        compare("slack/notices/broken.json", {"answers": slack.stand_in.answers, "posts": slack.stand_in.posts})


async def test_who_asks_too_much_is_told_as_before() -> None:
    """A command and a mention above the rate."""
    async with run_bot(FakeBriefingService(), rate_per_minute=1) as slack:
        for number in range(3):
            await slack.post(slack.command("/whosaid", "help"))
            await slack.stand_in.wait_for_answer(number + 1)
        await slack.post(slack.message("<@U9> help", ts="9.5"))
        await slack.stand_in.wait_for_answer(4)
        compare("slack/notices/too_often.json", slack.stand_in.answers[2:])


async def test_a_button_of_an_older_bot_is_told_as_before(person: Person) -> None:
    """What none of our buttons sends, a digest that nobody has, a line that is gone."""
    await person.send_for_answer(person.slack.press("page", "labour-crisis"))
    await person.send_for_answer(person.slack.press("share", "{}"))
    await person.send_for_answer(person.slack.press("digest:stop:1", "stop C1 1"))
    await person.send_for_view(person.slack.press("context:0", '{"asked": "/whosaid lynch-mob", "line": "0000"}'))
    compare("slack/notices/older_button.json", await person.everything_sent())


async def test_who_comes_when_too_many_ask_is_told_as_before() -> None:
    """The desk has five hundred questions before it."""
    desk = FakeBriefingService()
    desk.gate.clear()
    async with run_bot(desk) as slack:
        for number in range(0, 510, 30):
            bodies = [slack.command("/whosaid", f"w{at}", user_id=f"U{at}") for at in range(number, number + 30)]
            await asyncio.gather(*map(slack.post, bodies))
        answer = await slack.stand_in.wait_for_answer()
        desk.gate.set()
        compare("slack/notices/busy.json", answer)
