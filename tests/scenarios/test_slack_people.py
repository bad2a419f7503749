"""Timelines and comparisons over HTTP: commands, messages, buttons and the form.

The stand-in checks every message and modal against Slack's limits.
"""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.slack.views.people import compare_form
from briefings.model import Article
from briefings.service.service import BriefingService
from briefings.storage.repository import open_repository
from tests.scenarios.conftest import Slack, find_button, list_choices, run_bot
from tests.stand_ins.slack import get_visible_text

ARTICLES = (
    Article(
        "a",
        "The ferry was late. “The ferry will sail every day from now on,” said Jane Roe, the mayor.\n\n"
        "“The budget is a mess that nobody wants to clean up,” said Roe.",
        "The Tribune",
        date(2025, 6, 3),
        "https://tribune.example/a",
    ),
    Article(
        "b",
        "Jane Roe, the mayor of Easton, spoke. “The ferry will sail every night from now on,” said Roe.",
        "Easton Herald",
        date(2025, 6, 5),
        "https://herald.example/b",
    ),
    Article(
        "c",
        "“The ferry cannot *sail* in such a <!channel> storm as this,” said Tom Alder, a captain.",
        "Easton Herald",
        date(2025, 6, 4),
    ),
    Article("d", "“I will not wait for any ferry,” said Peter Marsh.", "Easton Herald", date(2025, 6, 4)),
    Article("e", "“I have waited for years,” said Susan Marsh.", "Easton Herald", date(2025, 6, 4)),
    *(
        Article(
            f"long-{number}",
            f"“My list{number} names{number * 7} harbours{number * 11} everywhere{number},” said Ann Okoro.",
            "Harbour Times",
            date(2025, 1, 1) + timedelta(days=number),
        )
        for number in range(20)
    ),
)


@pytest.fixture(scope="module")
def service() -> Iterator[BriefingService]:
    with closing(open_repository("sqlite://", lambda: datetime(2025, 8, 1, tzinfo=UTC))) as repository:
        service = BriefingService(repository)
        service.add(ARTICLES)
        yield service


@pytest.fixture
async def slack(service: BriefingService) -> AsyncIterator[Slack]:
    async with run_bot(service) as slack:
        yield slack


async def ask(slack: Slack, typed: str, command: str = "/whosaid") -> dict[str, Any]:
    await slack.post(slack.command(command, typed))
    return await slack.stand_in.wait_for_answer(len(slack.stand_in.answers) + 1)


async def press(slack: Slack, answer: dict[str, Any], label: str) -> None:
    button = find_button(answer, label)
    response = await slack.post(slack.press(button["action_id"], button["value"]))
    assert (response.status, await response.text()) == (200, "")


async def press_and_wait(slack: Slack, answer: dict[str, Any], label: str) -> dict[str, Any]:
    count = len(slack.stand_in.answers) + 1
    await press(slack, answer, label)
    return await slack.stand_in.wait_for_answer(count)


def list_labels(message: dict[str, Any]) -> list[str]:
    return [choice["text"]["text"] for choice in list_choices(message)]


@pytest.mark.parametrize(
    "typed",
    [
        'by:Roe about:"the ferry" timeline',
        "timeline of Roe on the ferry",
        "what has Roe said about the ferry over time?",
    ],
)
async def test_timeline_shows_statements_by_day_with_other_wordings(slack: Slack, typed: str) -> None:
    answer = await ask(slack, typed)
    text = get_visible_text(answer)
    assert "*Jane Roe*, mayor about “" in text
    assert "Tue 3 Jun 2025" in text
    assert "_First_" in text
    assert "In other words in <https://tribune.example/a" in text
    assert "*day*" in text
    assert "“night”" in text
    assert "budget" not in text
    assert len([element for element in answer["blocks"] if element["type"] == "actions"]) == 1


async def test_text_has_every_sentence_of_the_blocks(slack: Slack) -> None:
    for typed in ("timeline of Roe", "compare Roe and Alder", "compare Roe and Zork", "timeline of Marsh"):
        answer = await ask(slack, typed)
        for word in ("budget", "sail", "Zork", "Susan"):
            assert (word in json.dumps(answer["blocks"])) <= (word in answer["text"]), typed


async def test_words_of_an_article_neither_ping_nor_style(slack: Slack) -> None:
    answer = await ask(slack, "timeline of Alder")
    assert "<!channel>" not in json.dumps(answer)
    assert "*sail*" not in json.dumps(answer)


async def test_a_long_timeline_is_paged(slack: Slack) -> None:
    answer = await ask(slack, "timeline of Okoro")
    assert "Statements 1 to 6 of 20." in get_visible_text(answer)
    next_page = await press_and_wait(slack, answer, "14 more")
    assert "Statements 7 to 12 of 20." in get_visible_text(next_page)
    assert "_First_" not in json.dumps(next_page["blocks"])


async def test_by_answer_offers_the_timeline_and_a_comparison_in_its_menu(slack: Slack) -> None:
    answer = await ask(slack, "by:Roe about:ferry")
    assert {"Timeline", "Compare…"} <= set(list_labels(answer))
    timeline = await press_and_wait(slack, answer, "Timeline")
    assert "over time" in get_visible_text(timeline)
    assert "Timeline" not in list_labels(await ask(slack, '"sail every day"'))


async def test_form_compares_with_a_second_person(slack: Slack) -> None:
    await press(slack, await ask(slack, "by:Roe about:ferry"), "Compare…")
    form = await slack.stand_in.wait_for_view()
    assert form["callback_id"] == compare_form.CALLBACK
    assert "Jane Roe" in json.dumps(form["blocks"])
    response = await slack.post(slack.submit(form, person="Alder", about="ferry"))
    assert (await response.json())["response_action"] == "update"
    view = await slack.stand_in.wait_for_view(3)
    assert "*Jane Roe* and *Tom Alder* about “ferry”" in json.dumps(view, ensure_ascii=False)
    assert "budget" not in json.dumps(view)


@pytest.mark.parametrize("name", ["", " ", "…"])
async def test_form_without_a_name_says_so_at_its_field(slack: Slack, name: str) -> None:
    await press(slack, await ask(slack, "by:Roe"), "Compare…")
    form = await slack.stand_in.wait_for_view()
    answer = await (await slack.post(slack.submit(form, person=name))).json()
    assert answer["errors"] == {compare_form.NAME_FIELD: "Type a person's name, for example: Theresa May"}


@pytest.mark.parametrize("metadata", ["", "x", "{}", '{"asked": "/briefing ferry"}', '{"asked": "/whosaid ferry"}'])
async def test_forged_form_is_answered(slack: Slack, metadata: str) -> None:
    await press(slack, await ask(slack, "by:Roe"), "Compare…")
    form = await slack.stand_in.wait_for_view() | {"private_metadata": metadata}
    response = await slack.post(slack.submit(form, person="Alder"))
    assert (await response.json())["response_action"] == "update"
    view = json.dumps(await slack.stand_in.wait_for_view(3))
    assert "older answer" in view or "not about one person" in view


async def test_timeline_button_of_another_question_is_answered(slack: Slack) -> None:
    for command_text in ("/briefing ferry", "/whosaid ferry", "nonsense"):
        value = json.dumps({"asked": command_text})
        count = len(slack.stand_in.answers) + 1
        await slack.post(slack.press("timeline:1", value))
        assert "Ask" in get_visible_text(await slack.stand_in.wait_for_answer(count))


async def test_two_people_are_side_by_side_by_day(slack: Slack) -> None:
    answer = await ask(slack, 'compare:"Roe and Alder" about:ferry')
    text = get_visible_text(answer)
    assert "*Jane Roe* and *Tom Alder* about “ferry”" in text
    assert "Jane Roe: 1 statement · Tom Alder: 1 statement" in text
    assert text.index("Tue 3 Jun 2025") < text.index("Wed 4 Jun 2025")
    wider = await press_and_wait(slack, answer, "Any subject")
    assert "budget" in get_visible_text(wider)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("compare Roe and Zork on the ferry", "I have no quotes by “Zork”."),
        (
            "compare Roe and Alder on the budget",
            "I have no quotes by Tom Alder about “budget”. On all subjects: 1 quote.",
        ),
        ("compare Roe and Marsh on the ferry", "“Marsh” can mean several people:"),
        ("compare Roe and Jane Roe", "Both names mean Jane Roe. Name two people to compare."),
    ],
)
async def test_a_person_without_quotes_is_named_and_the_other_is_shown(slack: Slack, typed: str, sentence: str) -> None:
    text = get_visible_text(await ask(slack, typed))
    assert sentence in text
    assert "will sail" in text or "budget is a mess" in text


async def test_ambiguous_name_is_a_choice(slack: Slack) -> None:
    answer = await ask(slack, "timeline of Marsh")
    assert "Which Marsh?" in get_visible_text(answer)
    chosen = await press_and_wait(slack, answer, "Susan Marsh")
    assert "I have waited for years" in get_visible_text(chosen)
    comparison = await ask(slack, "compare Marsh and Roe")
    chosen = await press_and_wait(slack, comparison, "Peter Marsh")
    assert "I will not wait" in get_visible_text(chosen)


async def test_unknown_person_and_silence_are_said_with_a_way_on(slack: Slack) -> None:
    assert "I have no quotes by “Jane Zork”." in get_visible_text(await ask(slack, "timeline of Jane Zork"))
    answer = await ask(slack, "timeline of Roe on zebras")
    assert "I have no quotes by Jane Roe about “zebras”. On all subjects: 3 quotes." in get_visible_text(answer)
    assert "budget" in get_visible_text(await press_and_wait(slack, answer, "Any subject"))


@pytest.mark.parametrize("direct", [True, False])
async def test_mentions_and_direct_messages_are_answered(slack: Slack, direct: bool) -> None:
    kind = {"channel_type": "im"} if direct else {}
    for count, (typed, words) in enumerate(
        (("timeline of Roe on the ferry", "over time"), ("compare Roe with Alder about the ferry", "*Tom Alder*")), 1
    ):
        await slack.post(slack.message(typed if direct else f"<@U9> {typed}", **kind))
        post = await slack.stand_in.wait_for(slack.stand_in.posts, count)
        assert words in post["text"]
        assert "Share to the channel" not in list_labels(post)


async def test_hits_are_read_in_context_and_reported(slack: Slack) -> None:
    for typed, words in (("timeline of Roe on the ferry", "The ferry was late"), ("compare Alder and Roe", "storm")):
        count = len(slack.stand_in.views) + 2
        answer = await ask(slack, typed)
        await press(slack, answer, "Read in context")
        assert words in json.dumps(await slack.stand_in.wait_for_view(count)) or words == "The ferry was late"
    answer = await ask(slack, "timeline of Roe on the ferry")
    count = len(slack.stand_in.views) + 2
    await press(slack, answer, "Compare 2 wordings")
    assert "night" in json.dumps(await slack.stand_in.wait_for_view(count))


async def test_shared_timeline_is_posted(slack: Slack) -> None:
    answer = await ask(slack, "timeline of Roe")
    await press_and_wait(slack, answer, "Share to the channel")
    assert "over time" in slack.stand_in.posts[-1]["text"]


async def test_long_names_and_subjects_stay_within_limits(slack: Slack) -> None:
    for typed in (
        f"timeline by:Roe about:{'x' * 900}",
        f'compare:"{"y" * 400} and {"z" * 400}"',
        f"compare Roe and {'Z' * 900}",
    ):
        answer = await ask(slack, typed)
        assert get_visible_text(answer)
