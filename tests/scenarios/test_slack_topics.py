"""Tests of /topic, its form, buttons and menus over HTTP, and of what a change of topics does elsewhere.

The stand-in checks every message and view against Slack's limits.
"""

import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.storage.request_log import RateLimit
from bot.storage.store import Store, open_store
from briefings.model import Article, Topic
from briefings.service.service import BriefingService
from briefings.storage.repository import open_repository
from tests.scenarios.conftest import Slack, find_button, list_choices, run_bot
from tests.stand_ins.slack import get_visible_text

TODAY = datetime.now(UTC).date()
REPORTS = (
    (
        "The Tribune",
        "Easton flood drives hundreds from homes",
        "The river Tarn burst its banks at Easton on Monday and flooded the lower town. Crews brought 300 people "
        "to a school on the hill before nightfall.",
    ),
    (
        "The Harbour Post",
        "Mayor visits school after Easton flood",
        'Ada Morley, the mayor of Easton, thanked the crews on Tuesday. "We saw the Tarn come over the wall within '
        'minutes," said Ada Morley. The flood reached the market square.',
    ),
    (
        "The Courier",
        "Easton flood: what we know",
        "Engineers are checking the dam above Easton after the flood. The Tarn had risen by four metres overnight, and "
        "more rain is expected later this week.",
    ),
)
ARTICLES = tuple(
    Article(f"flood{number}", text, outlet, TODAY, f"https://paper{number}.example/flood", title)
    for number, (outlet, title, text) in enumerate(REPORTS, 1)
)
STRIKE = Article(
    "strike",
    "Ferry crews at Milldon walked out on Tuesday over pay, and no boat left the harbour.",
    "The Tribune",
    date(2031, 3, 1),
    "https://paper1.example/strike",
    "Ferry strike stops all boats",
)
TOPICS = (Topic("ferry-strike", "The ferry strike", ("ferry strike", "Ferry crews")),)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of the database that has the articles and the bot's tables."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgresql_bot_address"))
    return f"sqlite:///{tmp_path}/bot.db"


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    with closing(open_store(database_url, RateLimit(600), time.time)) as store:
        yield store


@pytest.fixture
def news(database_url: str) -> Iterator[BriefingService]:
    with closing(open_repository(database_url, lambda: datetime.now(UTC))) as repository:
        service = BriefingService(repository, TOPICS)
        service.add([*ARTICLES, STRIKE])
        yield service


@pytest.fixture
async def slack(news: BriefingService, store: Store) -> AsyncIterator[Slack]:
    async with run_bot(news, store) as slack:
        yield slack


async def ask(slack: Slack, command: str, text: str, **more: str) -> dict[str, Any]:
    """Send a command and return the answer."""
    count = len(slack.stand_in.answers) + 1
    response = await slack.post(slack.command(command, text, **more))
    assert (response.status, await response.text()) == (200, "")
    return await slack.stand_in.wait_for_answer(count)


async def press(slack: Slack, message: dict[str, Any], label: str) -> dict[str, Any]:
    """Press a button or choose a menu's option, and return the answer."""
    count, choice = len(slack.stand_in.answers) + 1, find_button(message, label)
    response = await slack.post(slack.press(choice["action_id"], choice["value"]))
    assert response.status == 200
    return await slack.stand_in.wait_for_answer(count)


async def test_topic_is_made_and_briefs_at_once(slack: Slack) -> None:
    answer = await ask(slack, "/topic", "new Easton flood: Easton, Tarn")
    assert "Made the topic *Easton flood*" in answer["text"]
    assert "3 articles" in answer["text"]
    assert "the mayor of Easton" in (await press(slack, answer, "Briefing"))["text"]
    assert "the mayor of Easton" in (await ask(slack, "/briefing", "easton-flood"))["text"]
    assert "Easton flood" in (await ask(slack, "/briefing", ""))["text"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rename ferry-strike to Harbour dispute", "Renamed “The ferry strike” to *Harbour dispute*"),
        ("mute the ferry strike", "Muted *The ferry strike*"),
        ("words ferry-strike: harbour, boats", "Changed the words of *The ferry strike*"),
        ("add words to ferry-strike: harbour", "Added words to *The ferry strike*"),
        ("ferry strike", "*The ferry strike*"),
        ("rename flood to x", "I can't find the topic “flood”"),
        ("rename ferry-strike", "What should it be called?"),
        ("merge ferry-strike into ferry-strike", "can't be merged with itself"),
        ("new The ferry strike", "There is already a topic “The ferry strike”"),
        ("new ???: words", "needs a name with a letter or digit"),
        ("new Weather: the", "Nearly every article has “the”"),
        ("new today", "means something else in commands"),
        ("flarp the strike", "I can't find the topic “flarp the strike”"),
        ("help", "*/topic* keeps the topics"),
        (f"new {'x' * 200}", "the limit is 80"),
        ("new <script>*bold*&amp;: `code`", "Made the topic"),
    ],
)
async def test_topic_command_answers_every_text(slack: Slack, text: str, expected: str) -> None:
    assert expected in (await ask(slack, "/topic", text))["text"]


async def test_renamed_topic_goes_on_under_its_old_name(slack: Slack) -> None:
    await ask(slack, "/topic", "rename ferry-strike to Harbour dispute")
    for name in ("ferry-strike", "the ferry strike", "Harbour dispute", "harbour-dispute"):
        answer = await ask(slack, "/briefing", name)
        assert answer["text"].startswith("*Harbour dispute*"), name


async def test_merged_topic_leads_to_the_other_one(slack: Slack) -> None:
    await ask(slack, "/topic", "new Easton flood: Easton")
    answer = await ask(slack, "/topic", "merge ferry-strike into Easton flood")
    assert "4 articles" in answer["text"]
    assert (await ask(slack, "/briefing", "ferry-strike"))["text"].startswith("*Easton flood*")
    assert "The ferry strike" not in (await ask(slack, "/topic", ""))["text"]


async def test_muted_topic_is_unlisted_but_found_by_its_name(slack: Slack) -> None:
    await ask(slack, "/topic", "mute ferry-strike")
    assert "ferry strike" not in (await ask(slack, "/briefing", ""))["text"]
    assert (await ask(slack, "/briefing", "ferry-strike"))["text"].startswith("*The ferry strike*")
    listed = await ask(slack, "/topic", "list")
    assert "muted" in listed["text"]
    assert "is listed again" in (await press(slack, listed, "Unmute"))["text"]


async def test_removed_topic_is_restored_by_one_press(slack: Slack) -> None:
    answer = await press(slack, await ask(slack, "/topic", ""), "Remove")
    assert "Removed the topic *The ferry strike*" in answer["text"]
    assert "No topics yet" in (await ask(slack, "/topic", ""))["text"]
    assert "was removed" in (await ask(slack, "/topic", "mute ferry-strike"))["text"]
    assert "Restored *The ferry strike*" in (await press(slack, answer, "Undo"))["text"]


async def test_form_makes_and_changes_a_topic(slack: Slack) -> None:
    await slack.post(slack.command("/topic", "new"))
    view = await slack.stand_in.wait_for_view()
    form = slack.submit(view, topic_name="Easton flood", topic_words="Easton\nTarn")
    saved = await (await slack.post(form)).json()
    assert "Made the topic *Easton flood*" in get_visible_text(saved["view"])
    await slack.post(slack.command("/topic", "edit easton-flood"))
    view = await slack.stand_in.wait_for_view(4)
    assert "Easton\nTarn" in json.dumps(view).replace("\\n", "\n")
    form = slack.submit(view, topic_name="The Easton flood", topic_words="Easton", topic_muted=["muted"])
    saved = await (await slack.post(form)).json()
    for change in ("Renamed “Easton flood” to", "Changed the words of", "Muted *The Easton flood*"):
        assert change in get_visible_text(saved["view"])
    assert "Muted *The Easton flood*" in get_visible_text(saved["view"])


async def test_form_shows_each_error_at_its_field(slack: Slack) -> None:
    await slack.post(slack.command("/topic", "new"))
    view = await slack.stand_in.wait_for_view()
    cases = (("???", "flood", "topic_name"), ("Flood", "the", "topic_words"), ("x", "y" * 200, "topic_words"))
    for name, words, field in cases:
        response = await (await slack.post(slack.submit(view, topic_name=name, topic_words=words))).json()
        assert response["response_action"] == "errors"
        assert list(response["errors"]) == [field], name


async def test_form_merges_a_topic_into_a_searched_one(slack: Slack) -> None:
    await ask(slack, "/topic", "new Easton flood: Easton")
    options = await (await slack.post(slack.suggest("topic_merge", "east"))).json()
    assert [option["value"] for option in options["options"]] == ["easton-flood"]
    await slack.post(slack.command("/topic", "edit ferry-strike"))
    view = await slack.stand_in.wait_for_view()
    form = slack.submit(view, topic_name="The ferry strike", topic_merge="easton-flood")
    assert "Merged" in get_visible_text((await (await slack.post(form)).json())["view"])


async def test_suggested_topic_is_made_by_one_press(slack: Slack) -> None:
    answer = await ask(slack, "/topic", "suggest")
    assert "*Easton flood* · 3 independent outlets · 3 articles" in answer["text"]
    assert "ferry" not in answer["text"].casefold()
    assert "Made the topic *Easton flood*" in (await press(slack, answer, "Make it a topic"))["text"]
    assert "No other story" in (await ask(slack, "/topic", "suggestions"))["text"]
    assert "There is already a topic" in (await press(slack, answer, "Make it a topic"))["text"]


async def test_digest_of_a_suggested_topic_opens_the_form_with_its_name(slack: Slack) -> None:
    choice = find_button(await ask(slack, "/topic", "suggest"), "Digest")
    await slack.post(slack.press(choice["action_id"], choice["value"]))
    assert "Easton flood" in json.dumps(await slack.stand_in.wait_for_view())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("make a topic called Easton flood: Easton", "Made the topic *Easton flood*"),
        ("please rename the topic ferry-strike to Harbour dispute", "Renamed"),
        ("mute the ferry strike topic", "Muted"),
        ("suggest some topics", "Suggested topics"),
        ("topics", "The ferry strike"),
    ],
)
async def test_topics_are_changed_in_plain_words(slack: Slack, text: str, expected: str) -> None:
    await slack.post(slack.message(text, channel_type="im"))
    assert expected in (await slack.stand_in.wait_for(slack.stand_in.posts))["text"]


async def test_each_workspace_has_its_own_topics(slack: Slack) -> None:
    await ask(slack, "/topic", "new Easton flood: Easton")
    assert "easton-flood" in (await ask(slack, "/topic", "", user_id="U2"))["text"]
    other = await ask(slack, "/topic", "", team_id="T2")
    assert "easton-flood" not in other["text"]
    assert "The ferry strike" in other["text"]


async def test_second_replica_sees_a_change_at_once(news: BriefingService, store: Store) -> None:
    async with AsyncExitStack() as stack:
        first, second = [await stack.enter_async_context(run_bot(news, store)) for _ in range(2)]
        second._triggers = 1_000  # the replicas share the record of handled requests
        assert (await ask(second, "/briefing", "ferry-strike"))["text"].startswith("*The ferry strike*")
        await ask(first, "/topic", "rename ferry-strike to Harbour dispute")
        assert (await ask(second, "/briefing", "ferry-strike"))["text"].startswith("*Harbour dispute*")
        await ask(first, "/topic", "remove Harbour dispute")
        assert "No topics yet" in (await ask(second, "/briefing", ""))["text"]


async def test_forged_and_old_buttons_are_answered(slack: Slack) -> None:
    for action, value in (
        ("topics:menu:0", "edit gone"),
        ("topics:menu:0", "flarp ferry-strike"),
        ("topics:add:0", "{"),
        ("topics:add:0", '{"name": 1, "words": []}'),
        ("topics:remove", ""),
        ("topics:page", "page x"),
    ):
        count = len(slack.stand_in.answers) + 1
        await slack.post(slack.press(action, value))
        answer = await slack.stand_in.wait_for_answer(count)
        assert answer["text"], (action, value)


async def test_list_of_many_topics_has_pages_and_few_buttons(slack: Slack) -> None:
    for number in range(20):
        await ask(slack, "/topic", f"new Subject {number}: subject{number}")
    listed = await ask(slack, "/topic", "")
    assert sum(choice["type"] == "button" for choice in list_choices(listed)) <= 3
    assert "Subject" in (await press(slack, listed, "6 more"))["text"]
