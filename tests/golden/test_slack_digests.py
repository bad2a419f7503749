"""Digests in Slack: scheduling, lists, changes, previews, posts and errors."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.server.server import build_web_app
from bot.storage.schema import digest_runs
from bot.storage.store import Store
from briefings.model import Article
from briefings.service.service import BriefingService
from tests.golden.compare import compare
from tests.golden.conftest import open_seeds_at_noon
from tests.golden.person import Person
from tests.scenarios.conftest import find_button, run_app
from tests.stand_ins.briefing_service import RALLY, load_seed_text
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
    "pairs": ("labour-crisis weekdays at 8:30 and weekends at 10 UK time", "list", "edit 1 Mon/Wed/Fri at 9", "take 1"),
    "months": ("labour-crisis last Friday of the month at 16:00 ET", "Corbyn 1st and 31st at 9 UTC+2", "list"),
    "fortnights": ("labour-crisis every other Monday at 9", "list"),
    "not_understood": (
        "labour-crisis weekdays except holidays at 9",
        "labour-crisis Monday at 9 and Friday",
        "labour-crisis biweekly on Monday at 9",
        "labour-crisis weekdays at 8:30 IST",
        "stop and search weekdays at 8:30",
    ),
    "too_often": ("labour-crisis every minute",),
    "too_long": ("x" * 1001,),
    "help": ("help",),
    "none_listed": ("list",),
    "none_to_pause": ("pause 1",),
    "listed": ("labour-crisis weekdays at 8:30", "Corbyn daily at noon", "list"),
    "which_one": ("labour-crisis weekdays at 8:30", "Corbyn daily at noon", "pause", "delete 7", "edit 7"),
    "changed": ("labour-crisis weekdays at 8:30", "pause 1", "now 1", "list", "resume 1", "stop labour-crisis", "list"),
    "preview": ("labour-crisis weekdays at 8:30", "preview"),
}
ALL_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
FORM: dict[str, Any] = {"topic": "labour-crisis", "repeat": "week", "days": ALL_DAYS, "time": "12:00"}
FORM |= {"zone": "Asia/Kolkata", "channel": "C2", "nothing": "one line"}


@pytest.fixture
def changing_service(tmp_path: Path) -> Iterator[BriefingService]:
    """A service with the seed articles. Tests may add articles."""
    with open_seeds_at_noon(f"sqlite:///{tmp_path}/record.db") as seed_service:
        yield seed_service


@pytest.fixture
async def reader(changing_service: BriefingService, store: Store, clock: Clock) -> AsyncIterator[Person]:
    """A person whose bot gets new articles."""
    async with run_app(
        lambda settings: build_web_app(settings, changing_service, store=store, now=clock, sleep=clock.sleep)
    ) as slack:
        yield Person(slack, clock)


@pytest.mark.parametrize("name", COMMANDS)
async def test_digest_commands(person: Person, name: str) -> None:
    for line in COMMANDS[name]:
        await person.run_command("/digest", line)
    compare(f"slack/digests/{name}.json", await person.collect_received())


async def test_digest_form(person: Person) -> None:
    """The empty form, forms for a topic and for words, errors, the confirmation, and the form of a change."""
    for words in ("", "labour-crisis", "Corbyn", "zeppelin"):
        form = await person.send_for_view(person.slack.command("/digest", words))
    changes: tuple[dict[str, Any], ...] = (
        {"schedule": "weekdays except holidays at 9"},
        {"zone": "Mars"},
        {"topic": ""},
        {"days": []},
        {"repeat": "dates"},
        {"time": ""},
        {"channel": ""},
    )
    for change in changes:
        await person.send(person.slack.submit(form, **(FORM | change)))
    await person.send(person.slack.submit(form, **FORM))
    edit_form = await person.send_for_view(person.slack.command("/digest", "edit 1", channel_id="C2"))
    await person.send(person.slack.submit(edit_form, **(FORM | {"schedule": "weekdays at 9 and Sundays at 10"})))
    compare("slack/digests/form.json", await person.collect_received())


async def test_buttons_of_the_digest_list(person: Person) -> None:
    """Pause, resume, preview and stop, and a button of a stopped digest."""
    await person.run_command("/digest", "labour-crisis weekdays at 8:30")
    digests = await person.run_command("/digest", "list")
    after_pause = await person.send_for_answer(person.button(digests, "Pause"))
    await person.send_for_answer(person.button(after_pause, "Resume"))
    await person.send_for_answer(person.button(digests, "Preview"))
    await person.send_for_answer(person.button(digests, "Stop"))
    await person.send_for_answer(person.button(digests, "Pause"))
    compare("slack/digests/buttons.json", await person.collect_received())


async def test_digest_buttons_in_the_app_home(person: Person) -> None:
    """After each change, the App Home is published again. The preview is a modal."""
    await person.run_command("/digest", "labour-crisis weekdays at 8:30")
    home = await person.open_home()
    await person.send_for_view(person.slack.press_in(home, find_button(home, "Preview")))
    for number, label in enumerate(("Pause", "Resume", "Stop"), 2):
        await person.send(person.slack.press_in(home, find_button(home, label)))
        home = await person.stand_in.wait_for(person.stand_in.homes, number)
    compare("slack/digests/home.json", await person.collect_received())


async def test_digest_of_another_owner(person: Person) -> None:
    """Another person may preview the digest, but not stop it."""
    await person.run_command("/digest", "labour-crisis weekdays at 8:30")
    await person.run_command("/digest", "stop 1", user_id="U2")
    await person.run_command("/digest", "preview 1", user_id="U2")
    compare("slack/digests/others.json", await person.collect_received())


async def test_digest_in_a_channel_without_the_bot(person: Person) -> None:
    """The answer explains how to invite the bot."""
    person.stand_in.member = False
    await person.run_command("/digest", "labour-crisis weekdays at 8:30")
    compare("slack/digests/not_invited.json", await person.collect_received())


async def test_digest_without_a_time_zone_in_the_profile(person: Person) -> None:
    """The answer asks for the time zone."""
    person.stand_in.zone = None
    await person.run_command("/digest", "labour-crisis weekdays at 8:30")
    compare("slack/digests/no_zone.json", await person.collect_received())


async def test_digest_command_without_a_database(service: BriefingService, clock: Clock) -> None:
    async with run_app(lambda settings: build_web_app(settings, service, now=clock)) as slack:
        person = Person(slack, clock)
        await person.run_command("/digest", "labour-crisis weekdays at 8:30")
        compare("slack/digests/no_database.json", await person.collect_received())


async def test_posted_digests(reader: Person, changing_service: BriefingService, clock: Clock, store: Store) -> None:
    """The first post with its thread, a post with news, a correction, and a post without news."""
    form = await reader.send_for_view(reader.slack.command("/digest", "labour-crisis"))
    form_values = FORM | {"time": "13:00", "zone": "Europe/London", "channel": "C1"}
    await reader.send(reader.slack.submit(form, **form_values))
    await _advance(reader, clock, DAY, 2)
    await _finish_runs(store)
    await _advance(reader, clock, DAY, 3)
    await _finish_runs(store)
    text = (
        "The Labour leadership contest took a turn on Monday when 44 councillors signed a letter.\n\n"
        '"We want a contest by September," said Angela Eagle, the former shadow business secretary.\n\n'
        "Jeremy Corbyn lost the no-confidence vote by 172 to 40, officials said."
    )
    url = "https://paper.example/more"
    changing_service.add([Article("more", text, "The Harbour Post", date(2016, 7, 3), url, "A turn")])
    await _advance(reader, clock, DAY, 5)
    await _finish_runs(store)
    changing_service.add([replace(_rally(), text=_rally().text.replace("almost 60%", "some 59%"))])
    await _advance(reader, clock, DAY, 6)
    await _finish_runs(store)
    compare("slack/digests/posted.json", await reader.collect_received())


async def test_digest_sent_on_request(reader: Person, clock: Clock) -> None:
    """The post and its thread."""
    await reader.run_command("/digest", "labour-crisis weekdays at 8:30")
    await reader.run_command("/digest", "now")
    await _advance(reader, clock, 60, 2)
    compare("slack/digests/posted_now.json", await reader.collect_received())


async def test_digest_that_cannot_be_posted(reader: Person, clock: Clock) -> None:
    """The digest is paused, and its owner is notified."""
    await reader.run_command("/digest", "labour-crisis weekdays at 8:30")
    reader.stand_in.replies["chat.postMessage"] = [{"ok": False, "error": "is_archived"}]
    await _advance(reader, clock, 3 * DAY - 3 * 3600, 1)
    await reader.run_command("/digest", "list")
    compare("slack/digests/not_posted.json", await reader.collect_received())


def _rally() -> Article:
    address = "https://www.ibtimes.co.uk/jeremy-corbyn-rallies-his-momentum-troops-labour-leadership-challenge-looms"
    return Article(
        RALLY, load_seed_text(RALLY), "International Business Times UK", date(2016, 6, 30), f"{address}-1568239"
    )


async def _advance(reader: Person, clock: Clock, seconds: float, posts: int) -> None:
    """Advance the clock and wait for `posts` posts. The bot checks for due digests every ten seconds."""
    await clock.wait_for_sleeper()
    clock.advance(seconds)
    for _ in range(25):
        try:
            async with asyncio.timeout(0.2):
                await reader.stand_in.wait_for(reader.stand_in.posts, posts)
        except TimeoutError:
            clock.advance(10)
        else:
            return
    pytest.fail(f"only {len(reader.stand_in.posts)} of {posts} posts")


async def _finish_runs(store: Store) -> None:
    """Wait until every run is complete. Otherwise its lease ends when the clock advances, and Slack is asked."""
    statement = select(digest_runs.c.due).where(digest_runs.c.lease_until.is_not(None))
    for _ in range(250):
        if not await store.database.read_async(lambda db: db.execute(statement).first()):
            return
        await asyncio.sleep(0.02)
    pytest.fail("a run is not complete")
