"""Digests as Slack shows them: made, listed, changed, previewed, posted; and what cannot be done with them."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.server.server import build_web_app
from bot.storage.store import Store
from briefings.model import Article
from briefings.service.service import BriefingService
from tests.golden.compare import compare
from tests.golden.conftest import seeds_at_noon
from tests.golden.person import Person
from tests.scenarios.conftest import find_button, run_app
from tests.stand_ins.briefing_service import RALLY, seed
from tests.support.clock import Clock

DAY = 86_400
COMMANDS = {
    "weekdays": ("labour-crisis weekdays at 8:30",),
    "named_zone": ("labour-crisis every Monday and Thursday 17:00 America/New_York",),
    "words": ("“no-confidence vote” daily at noon",),
    "bad_time": ("labour-crisis at 25:99",),
    "bad_zone": ("labour-crisis weekdays at 8:30 Mars/Phobos",),
    "slip": ("labour-crysis weekdays at 8:30",),
    "unknown": ("zeppelin weekdays at 8:30",),
    "unknown_without_time": ("zeppelin",),
    "too_often": ("labour-crisis every minute",),
    "too_long": ("x" * 1001,),
    "help": ("help",),
    "none_listed": ("list",),
    "none_to_pause": ("pause 1",),
    "listed": ("labour-crisis weekdays at 8:30", "Corbyn daily at noon", "list"),
    "which_one": ("labour-crisis weekdays at 8:30", "Corbyn daily at noon", "pause", "stop 7"),
    "changed": ("labour-crisis weekdays at 8:30", "pause 1", "now 1", "list", "resume 1", "stop labour-crisis", "list"),
    "preview": ("labour-crisis weekdays at 8:30", "preview"),
}
FORM = {"topic": "labour-crisis", "days": "every day", "time": "noon", "zone": "Asia/Kolkata"}
FORM |= {"channel": "C2", "nothing": "one line"}


@pytest.fixture
def news(tmp_path: Path) -> Iterator[BriefingService]:
    """The seeds, to be added to."""
    with seeds_at_noon(f"sqlite:///{tmp_path}/record.db") as value:
        yield value


@pytest.fixture
async def reader(news: BriefingService, store: Store, clock: Clock) -> AsyncIterator[Person]:
    """Somebody whose record changes."""
    async with run_app(
        lambda settings: build_web_app(settings, news, store=store, now=clock, sleep=clock.sleep)
    ) as slack:
        yield Person(slack, clock)


@pytest.mark.parametrize("name", COMMANDS)
async def test_what_is_typed_is_answered_as_before(person: Person, name: str) -> None:
    """Line after line."""
    for line in COMMANDS[name]:
        await person.run_command("/digest", line)
    compare(f"slack/digests/{name}.json", await person.everything_sent())


async def test_the_form_is_as_before(person: Person) -> None:
    """Empty, filled in for a topic and for words; what it refuses; what it confirms."""
    for words in ("", "labour-crisis", "Corbyn"):
        form = await person.send_for_view(person.slack.command("/digest", words))
    for changes in ({"time": "25:99"}, {"zone": "Mars"}, {"topic": ""}, {"topic": "", "words": "qqq"}, {"channel": ""}):
        await person.send(person.slack.submit(form, **(FORM | changes)))
    await person.send(person.slack.submit(form, **FORM))
    compare("slack/digests/form.json", await person.everything_sent())


async def test_the_buttons_of_a_list_are_as_before(person: Person) -> None:
    """Pause, resume, preview, stop, and a press of what is stopped."""
    await person.run_command("/digest", "labour-crisis weekdays at 8:30")
    digests = await person.run_command("/digest", "list")
    after_pause = await person.send_for_answer(person.button(digests, "Pause"))
    await person.send_for_answer(person.button(after_pause, "Resume"))
    await person.send_for_answer(person.button(digests, "Preview"))
    await person.send_for_answer(person.button(digests, "Stop"))
    await person.send_for_answer(person.button(digests, "Pause"))
    compare("slack/digests/buttons.json", await person.everything_sent())


async def test_the_buttons_of_the_home_change_a_digest_as_before(person: Person) -> None:
    """The Home is shown as it is then; the preview is a modal."""
    await person.run_command("/digest", "labour-crisis weekdays at 8:30")
    home = await person.open_home()
    await person.send_for_view(person.slack.press_in(home, find_button(home, "Preview")))
    for number, label in enumerate(("Pause", "Resume", "Stop"), 2):
        await person.send(person.slack.press_in(home, find_button(home, label)))
        home = await person.stand_in.wait_for(person.stand_in.homes, number)
    compare("slack/digests/home.json", await person.everything_sent())


async def test_what_others_may_not_change_is_told_as_before(person: Person) -> None:
    """By a command and by a button."""
    await person.run_command("/digest", "labour-crisis weekdays at 8:30")
    await person.run_command("/digest", "stop 1", user_id="U2")
    await person.run_command("/digest", "preview 1", user_id="U2")
    compare("slack/digests/others.json", await person.everything_sent())


async def test_a_channel_without_the_bot_is_told_as_before(person: Person) -> None:
    """With how to invite it."""
    person.stand_in.member = False
    await person.run_command("/digest", "labour-crisis weekdays at 8:30")
    compare("slack/digests/not_invited.json", await person.everything_sent())


async def test_a_person_without_a_time_zone_is_told_as_before(person: Person) -> None:
    """Slack does not say it, so it is asked for."""
    person.stand_in.zone = None
    await person.run_command("/digest", "labour-crisis weekdays at 8:30")
    compare("slack/digests/no_zone.json", await person.everything_sent())


async def test_without_a_database_it_is_told_as_before(desk: BriefingService, clock: Clock) -> None:
    """Nothing can be kept."""
    async with run_app(lambda settings: build_web_app(settings, desk, now=clock)) as slack:
        somebody = Person(slack, clock)
        await somebody.run_command("/digest", "labour-crisis weekdays at 8:30")
        compare("slack/digests/no_database.json", await somebody.everything_sent())


async def test_a_digest_is_posted_as_before(reader: Person, news: BriefingService, clock: Clock) -> None:
    """The first with its thread; what is new; what has changed; one line when there is nothing."""
    form = await reader.send_for_view(reader.slack.command("/digest", "labour-crisis"))
    form_values = FORM | {"time": "13:00", "zone": "Europe/London", "channel": "C1"}
    await reader.send(reader.slack.submit(form, **form_values))
    await _advance(reader, clock, DAY, 2)
    await _advance(reader, clock, DAY, 3)
    text = (
        "The Labour leadership contest took a turn on Monday when 44 councillors signed a letter.\n\n"
        '"We want a contest by September," said Angela Eagle, the former shadow business secretary.\n\n'
        "Jeremy Corbyn lost the no-confidence vote by 172 to 40, officials said."
    )
    news.add([Article("more", text, "The Harbour Post", date(2016, 7, 3), "https://paper.example/more", "A turn")])
    await _advance(reader, clock, DAY, 5)
    news.add([replace(_rally(), text=_rally().text.replace("almost 60%", "some 59%"))])
    await _advance(reader, clock, DAY, 6)
    compare("slack/digests/posted.json", await reader.everything_sent())


async def test_a_digest_asked_for_now_is_posted_as_before(reader: Person, clock: Clock) -> None:
    """The message and its thread."""
    await reader.run_command("/digest", "labour-crisis weekdays at 8:30")
    await reader.run_command("/digest", "now")
    await _advance(reader, clock, 60, 2)
    compare("slack/digests/posted_now.json", await reader.everything_sent())


async def test_a_digest_that_cannot_be_posted_is_told_as_before(reader: Person, clock: Clock) -> None:
    """It is after_pause, and its owner is told."""
    await reader.run_command("/digest", "labour-crisis weekdays at 8:30")
    reader.stand_in.replies["chat.postMessage"] = [{"ok": False, "error": "is_archived"}]
    await _advance(reader, clock, 3 * DAY - 3 * 3600, 1)
    await reader.run_command("/digest", "list")
    compare("slack/digests/not_posted.json", await reader.everything_sent())


def _rally() -> Article:
    address = "https://www.ibtimes.co.uk/jeremy-corbyn-rallies-his-momentum-troops-labour-leadership-challenge-looms"
    return Article(RALLY, seed(RALLY), "International Business Times UK", date(2016, 6, 30), f"{address}-1568239")


async def _advance(reader: Person, clock: Clock, seconds: float, posts: int) -> None:
    """So much later, when so many posts have come. The bot looks at what is due every ten seconds."""
    await clock.somebody_sleeps()
    clock.move(seconds)
    for _ in range(25):
        try:
            async with asyncio.timeout(0.2):
                await reader.stand_in.wait_for(reader.stand_in.posts, posts)
        except TimeoutError:
            clock.move(10)
        else:
            return
    pytest.fail(f"{len(reader.stand_in.posts)} of {posts} posts came")
