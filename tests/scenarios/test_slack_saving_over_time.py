"""Copying, saving and previewing timelines, comparisons and the news over HTTP.

The stand-in checks messages, views and previews against Slack's limits.
"""

import time
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.core.settings import Settings
from bot.links import urls
from bot.links.signing import LinkSigner
from bot.links.urls import add_key
from bot.storage.request_log import RateLimit
from bot.storage.store import Store, open_store
from briefings import BriefingService
from briefings.model import Article, Topic
from briefings.storage.repository import open_repository
from tests.scenarios.conftest import SECRET, Slack, find_button, list_choices, run_bot
from tests.stand_ins.slack import get_visible_text
from tests.stand_ins.slack_limits import iterate_texts
from tests.support.export_readers import read_csv

PUBLIC = "https://bot.example"
ARTICLES = (
    Article(
        "a",
        "The ferry was late. “The ferry will sail every day from now on,” said Jane Roe, the mayor of Easton.",
        "The Tribune",
        date(2025, 6, 3),
        "https://tribune.example/a",
        title="Ferry to sail <!channel> *every* day",
    ),
    Article(
        "b",
        "Jane Roe, the mayor, spoke. “The ferry will sail every night from now on,” said Roe.",
        "Easton Herald",
        date(2025, 6, 5),
        "https://herald.example/b",
    ),
    Article("c", "“The ferry cannot sail in such a storm as this,” said Tom Alder.", "Herald", date(2025, 6, 4)),
    Article("d", "“I will not wait for any ferry,” said Peter Marsh.", "Herald", date(2025, 6, 4)),
    Article("e", "“I have waited for years,” said Susan Marsh.", "Herald", date(2025, 6, 4)),
)
ANSWERS = [
    ("/whosaid", "timeline of Roe on the ferry", "Jane Roe about “ferry”"),
    ("/whosaid", "compare Roe and Alder on the ferry", "Jane Roe and Tom Alder about “ferry”"),
    ("/briefing", "since:2025-06-03 until:2025-06-05", "News, 3 to 5 June 2025"),
]


@pytest.fixture(scope="module")
def service() -> Iterator[BriefingService]:
    with closing(open_repository("sqlite://", lambda: datetime(2025, 8, 1, tzinfo=UTC))) as repository:
        service = BriefingService(repository, [Topic("ferry-times", "The ferry’s times", ("ferry",))])
        service.add(ARTICLES)
        yield service


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(open_store(f"sqlite:///{tmp_path}/record.db", RateLimit(60), time.time)) as store:
        yield store


@pytest.fixture
async def slack(service: BriefingService, store: Store) -> AsyncIterator[Slack]:
    async with run_bot(service, store, public_url=PUBLIC) as slack:
        yield slack


async def ask(slack: Slack, command: str, typed: str) -> dict[str, Any]:
    await slack.post(slack.command(command, typed))
    return await slack.stand_in.wait_for_answer(len(slack.stand_in.answers) + 1)


async def press(slack: Slack, choice: dict[str, Any]) -> dict[str, Any]:
    """Press a button or choose from a menu, and return the modal that it fills."""
    count = len(slack.stand_in.views)
    response = await slack.post(slack.press(choice["action_id"], choice["value"]))
    assert (response.status, await response.text()) == (200, "")
    return await slack.stand_in.wait_for_view(count + 2)


async def save(slack: Slack, answer: dict[str, Any], target: str) -> dict[str, Any]:
    form = await press(slack, find_button(answer, "Save as canvas or file"))
    count = len(slack.stand_in.views)
    assert (await slack.post(slack.submit(form, target=target))).status == 200
    return await slack.stand_in.wait_for_view(count + 1)


@pytest.mark.parametrize(("command", "typed", "title"), ANSWERS)
async def test_answer_is_saved_as_a_canvas_and_as_files(slack: Slack, command: str, typed: str, title: str) -> None:
    answer = await ask(slack, command, typed)
    await save(slack, answer, "canvas")
    (canvas,) = slack.stand_in.canvases
    markdown = canvas["document_content"]["markdown"]
    assert "sail" in markdown
    assert canvas["title"].startswith(title.partition(",")[0])
    await save(slack, answer, "csv")
    rows = read_csv(slack.stand_in.uploads[0]["content"])
    assert len(rows) >= 2
    assert {row["section"] for row in rows} != {"Quotes"}
    await save(slack, answer, "docx")
    assert slack.stand_in.uploads[1]["content"].startswith(b"PK")


@pytest.mark.parametrize(("command", "typed", "title"), ANSWERS)
async def test_each_quotation_and_headline_is_copied_with_its_source(
    slack: Slack, command: str, typed: str, title: str
) -> None:
    answer = await ask(slack, command, typed)
    choices = [choice for choice in list_choices(answer) if choice["text"]["text"] == "Copy as quote"]
    assert choices, title
    for choice in choices:
        text = (await press(slack, choice))["blocks"][0]["text"]
        assert text["type"] == "plain_text"
        assert " — " in text["text"]
        assert " Jun 2025" in text["text"]


async def test_comparison_with_an_unknown_person_is_saved_with_a_sentence_about_them(slack: Slack) -> None:
    await save(slack, await ask(slack, "/whosaid", "compare Roe and Zork on the ferry"), "md")
    content = slack.stand_in.uploads[0]["content"].decode()
    assert "## Zork\n\n- No quotes by “Zork”." in content


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("/whosaid timeline by:Marsh", "Several people are called Marsh: Peter Marsh, Susan Marsh."),
        ("/whosaid timeline by:Zork", "No quote is by Zork."),
        ("/whosaid timeline by:Roe about:zebras", "No quotes by Jane Roe about “zebras”."),
        ("/whosaid timeline by:*<!channel>*", "No quote is by"),
    ],
)
async def test_forged_choice_of_an_answer_without_quotes_is_explained(slack: Slack, asked: str, sentence: str) -> None:
    for action in ("save", "copy"):
        value = f'{{"asked": "{asked}"}}'
        modal = await press(slack, {"action_id": f"{action}:1", "value": value})
        assert sentence in get_visible_text(modal).replace("\u2060", "")
        assert "<!channel>" not in get_visible_text(modal)


async def test_hidden_filters_of_a_timeline_are_in_the_menu_and_work(slack: Slack) -> None:
    typed = 'timeline by:Roe about:ferry from:"The Tribune" since:2025-06-01 until:2025-06-30'
    answer = await ask(slack, "/whosaid", typed)
    labels = [choice["text"]["text"] for choice in list_choices(answer)]
    assert {"Any subject", "Any date", "Any source"} <= set(labels)
    for label in ("Any subject", "Any date", "Any source"):
        choice, count = find_button(answer, label), len(slack.stand_in.answers)
        body = slack.press(choice["action_id"], choice["value"])
        await slack.post(body)
        wider = await slack.stand_in.wait_for_answer(count + 1)
        assert "sail every" in get_visible_text(wider)


def sign(path: str) -> str:
    settings = Settings(bot_token="xoxb-made-up", signing_secret=SECRET, public_url=PUBLIC)
    links = LinkSigner(settings, time.time).build_page_links("T1")
    assert links is not None
    return PUBLIC + add_key(path, links.key)


async def share(slack: Slack, url: str, ts: str = "7.1") -> list[dict[str, Any]]:
    fields = {"type": "link_shared", "channel": "C1", "user": "U1", "message_ts": ts}
    links = [{"domain": "bot.example", "url": url}]
    assert (await slack.post(slack.event(**fields, links=links))).status == 200
    await slack.bot.close()
    return slack.stand_in.unfurls


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (
            urls.timeline("Roe", about="ferry"),
            ["Jane Roe about “ferry”, over time", "The ferry will sail every", "1 statement · Tue 3 Jun 2025 to Thu 5"],
        ),
        (urls.comparison("Roe", "Alder"), ["Jane Roe and Tom Alder", "*Jane Roe", "*Tom Alder", "storm", "every"]),
        (urls.comparison("Roe", "Zork"), ["Jane Roe and Zork", "*Jane Roe"]),
        (urls.news(since="2025-06-03", until="2025-06-03"), ["News, ", "Ferry to sail", "1 story in 1 article"]),
    ],
)
async def test_pages_over_time_have_a_preview(slack: Slack, path: str, words: list[str]) -> None:
    url = sign(path)
    (call,) = await share(slack, url)
    text = "\n".join(text for block in call["unfurls"][url]["blocks"] for text in iterate_texts(block))
    for expected in words:
        assert expected in text
        assert expected.strip("*") in call["unfurls"][url]["fallback"]
    assert "<!channel>" not in text


@pytest.mark.parametrize(
    "path",
    [
        urls.timeline("Marsh"),
        urls.timeline("Zork"),
        urls.timeline("Roe", about="zebras"),
        urls.timeline("Roe", since="whenever"),
        urls.timeline("…"),
        urls.timeline("x" * 1_500),
        urls.comparison(),
        urls.comparison("Roe", "Jane Roe"),
        urls.comparison("Zork", "Marsh"),
        urls.news(days="someday"),
        urls.news(since="2025-07-01", until="2025-07-02"),
        urls.news(since="2025-06-03", outlet="Nowhere"),
    ],
)
async def test_page_with_nothing_to_show_has_no_preview(slack: Slack, path: str) -> None:
    assert await share(slack, sign(path)) == []


async def test_story_preview_uses_the_topics_of_the_workspace(slack: Slack) -> None:
    await ask(slack, "/topic", "rename ferry-times to Boats of Easton")
    url = sign(urls.story("ferry-times"))
    (call,) = await share(slack, url)
    assert "Boats of Easton" in call["unfurls"][url]["fallback"]
