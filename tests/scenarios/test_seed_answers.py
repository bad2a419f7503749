"""Questions about the seed articles, from the signed request to the message in Slack.

The Slack stand-in checks every message against `tests/stand_ins/slack_limits.py`.
"""

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from briefings.service.service import BriefingService
from tests.scenarios.conftest import Slack, find_button, run_bot
from tests.stand_ins.slack_limits import iterate_texts
from tests.support.seed_service import SEEDS, open_seed_service

BAR = re.compile(r"^>(.+)$", re.MULTILINE)
LINK = re.compile(r"<(https://[^|>]+)\|[^>]+>")
INVISIBLE = re.compile("[\u2060\u200b]")
OUTLETS = ("The Guardian", "International Business Times UK", "Sharecast")
PUBLISHERS = ("https://www.theguardian.com/", "https://www.ibtimes.co.uk/", "https://sharecast.com/")


@pytest.fixture
def service(tmp_path: Path) -> Iterator[BriefingService]:
    with open_seed_service(f"sqlite:///{tmp_path / 'record.db'}") as service:
        yield service


@pytest.fixture
async def slack(service: BriefingService) -> AsyncIterator[Slack]:
    async with run_bot(service) as slack:
        yield slack


def visible_text(answer: dict[str, Any]) -> str:
    return "\n".join(text for block in answer["blocks"] for text in iterate_texts(block))


def strip_markup(words: str) -> str:
    """Return the article's own words, without Slack's escapes and the bot's quotation marks and ellipses."""
    plain = INVISIBLE.sub("", words).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return plain.removeprefix("“").removesuffix("”").removesuffix("…")


def check_quoted_lines(answer: str) -> list[str]:
    """Return the quoted lines. Check that each is in a seed article, apart from elisions and line breaks."""
    articles = [" ".join(path.read_text(encoding="utf-8").split()) for path in SEEDS.glob("*.txt")]
    bars = BAR.findall(answer)
    for bar in bars:
        pieces = strip_markup(bar).split(" … ")
        assert any(all(piece in article for piece in pieces) for article in articles), bar
    return bars


async def ask(slack: Slack, command: str, typed: str, answers: int = 1) -> dict[str, Any]:
    response = await slack.post(slack.command(command, typed))
    assert (response.status, await response.text()) == (200, "")
    return await slack.stand_in.wait_for_answer(answers)


async def test_briefing_is_short_with_button_for_full_version(slack: Slack) -> None:
    """/briefing shows linked verbatim lines. The button shows all of them."""
    short = await ask(slack, "/briefing", "labour-crisis")
    assert short["blocks"][0]["text"]["text"] == "Labour's leadership crisis"
    few = check_quoted_lines(visible_text(short))
    assert 5 <= len(few) <= 12
    assert sum(len(strip_markup(bar).split()) for bar in few) <= 200
    button = find_button(short, "Full briefing")
    await slack.post(slack.press(button["action_id"], button["value"]))
    whole = await slack.stand_in.wait_for_answer(2)
    assert whole["replace_original"] is True
    all_of_them = check_quoted_lines(visible_text(whole))
    assert len(all_of_them) >= 11
    assert set(few) <= set(all_of_them)
    for heading in ("Latest", "Day by day", "Who said what", "Where the sources differ", "Sources"):
        assert f"*{heading}*" in visible_text(whole)
    links = LINK.findall(visible_text(whole))
    assert len([link for link in links if "#:~:text=" in link]) >= 11
    assert all(link.startswith(PUBLISHERS) for link in links)


async def test_text_field_contains_full_briefing(slack: Slack) -> None:
    """Screen readers get every line and outlet, and the expected and undated marks."""
    text = (await ask(slack, "/briefing", "labour-crisis"))["text"]
    assert len(check_quoted_lines(text)) >= 11
    assert "xpected — not confirmed yet" in text
    assert "undated" in text
    for outlet in OUTLETS:
        assert outlet in text
    for boilerplate in ("guardian.co.uk", "Related:", "iframe", "EU referendum revealed"):
        assert boilerplate not in text


async def test_whosaid_names_the_speaker(slack: Slack) -> None:
    """/whosaid shows speaker, both wordings, outlet, date and link, in blocks and in `text`."""
    answer = await ask(slack, "/whosaid", "“lynch-mob”")
    for place in (visible_text(answer), answer["text"]):
        assert "*John McDonnell*, shadow chancellor" in place
        assert "Thu 30 Jun 2016" in place
        bars = "\n".join(check_quoted_lines(place))
        assert "without the rope" in bars
        assert "without a rope" in bars
        links = LINK.findall(place)
        assert links
        assert all(link.startswith("https://www.ibtimes.co.uk/") and "#:~:text=" in link for link in links)


@pytest.mark.parametrize(
    ("words", "speaker"),
    [
        ("i did all i could", "*Jeremy Corbyn*"),
        ("it's your fault", "*Tom Mauchline*"),
        ("What about Europe Jeremy?", "*Zack Polanski*"),
        ("worked his bollocks off", "*Unnamed:*"),
    ],
)
async def test_well_known_quotes_have_their_speakers(slack: Slack, words: str, speaker: str) -> None:
    assert speaker in visible_text(await ask(slack, "/whosaid", words))


async def test_caption_is_not_found(slack: Slack) -> None:
    """A stray caption is boilerplate, neither a quote nor narration."""
    answer = await ask(slack, "/whosaid", "EU referendum revealed")
    assert "No article contains “EU referendum revealed”" in answer["text"]


async def test_misspelt_topic_offers_button_for_topic(slack: Slack) -> None:
    """The button of the suggested topic shows its briefing."""
    answer = await ask(slack, "/briefing", "labour-crysis")
    assert "Did you mean: labour-crisis?" in answer["text"]
    button = answer["blocks"][-1]["elements"][0]
    await slack.post(slack.press(button["action_id"], button["value"]))
    assert "Latest" in visible_text(await slack.stand_in.wait_for_answer(2))


async def test_mention_is_answered_in_thread_with_verbatim_lines(slack: Slack) -> None:
    await slack.post(slack.message("<@U9> who said lynch-mob?"))
    post = await slack.stand_in.wait_for(slack.stand_in.posts)
    assert "John McDonnell" in post["text"]
    assert check_quoted_lines(visible_text(post))


async def test_draft_is_checked_in_its_thread(slack: Slack) -> None:
    """The check reports a changed word, a wrong speaker and an invented quote."""
    draft = (
        "McDonnell said it was “like a lynch-mob without a noose”. “I did all I could,” said Angela Eagle. "
        "“It is the end of the world,” said Corbyn."
    )
    await slack.post(slack.shortcut("check_the_quotes", draft))
    post = await slack.stand_in.wait_for(slack.stand_in.posts)
    for words in (
        "Checked 3 quotes: 1 with different wording, 1 said by someone else, 1 not found",
        "the draft has “noose”, the article has “rope”",
        "*Jeremy Corbyn*\n>“I did all I could”",
        "<https://www.ibtimes.co.uk/",
    ):
        assert words in visible_text(post)


async def test_home_shows_topics_articles_and_counts(slack: Slack) -> None:
    await slack.post(slack.event(type="app_home_opened", user="U1", channel="D1", tab="home"))
    home = visible_text(await slack.stand_in.wait_for(slack.stand_in.homes))
    assert "4 articles and 45 quotes" in home
    assert "From International Business Times UK (2), Sharecast (1), The Guardian (1)" in home
    assert "<https://www.theguardian.com/" in home
