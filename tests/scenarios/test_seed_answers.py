"""The whole way of a question: a signed request over HTTP, the real desk over the seeds, and what Slack gets.

The stand-in of Slack checks every message against `tests/slack_limits.py` as it arrives.
"""

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from briefings.service.service import BriefingService
from tests.scenarios.conftest import Slack, find_button, run_bot
from tests.stand_ins.slack_limits import texts
from tests.support.seed_service import SEEDS, seeded_desk

BAR = re.compile(r"^>(.+)$", re.MULTILINE)
LINK = re.compile(r"<(https://[^|>]+)\|[^>]+>")
INVISIBLE = re.compile("[\u2060\u200b]")
OUTLETS = ("The Guardian", "International Business Times UK", "Sharecast")
PUBLISHERS = ("https://www.theguardian.com/", "https://www.ibtimes.co.uk/", "https://sharecast.com/")


@pytest.fixture
def service(tmp_path: Path) -> Iterator[BriefingService]:
    with seeded_desk(f"sqlite:///{tmp_path / 'record.db'}") as service:
        yield service


@pytest.fixture
async def slack(service: BriefingService) -> AsyncIterator[Slack]:
    async with run_bot(service) as slack:
        yield slack


def visible_text(answer: dict[str, Any]) -> str:
    return "\n".join(text for block in answer["blocks"] for text in texts(block))


def strip_markup(words: str) -> str:
    """Words as the article has them: Slack's escapes undone, our quotation marks and cuts taken away."""
    plain = INVISIBLE.sub("", words).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return plain.removeprefix("“").removesuffix("”").removesuffix("…")


def check_quoted_lines(answer: str) -> list[str]:
    """The lines behind the quotation bar, each checked to stand in a seed, elisions and line ends aside."""
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


async def test_briefing_short_then_whole(slack: Slack) -> None:
    """/briefing labour-crisis: verbatim lines with links to their sentences; the button brings all of them."""
    short = await ask(slack, "/briefing", "labour-crisis")
    assert short["blocks"][0]["text"]["text"] == "Labour's leadership crisis"
    few = check_quoted_lines(visible_text(short))
    assert 5 <= len(few) <= 12
    assert sum(len(strip_markup(bar).split()) for bar in few) <= 200
    button = find_button(short, "Whole briefing")
    await slack.post(slack.press(button["action_id"], button["value"]))
    whole = await slack.stand_in.wait_for_answer(2)
    assert whole["replace_original"] is True
    all_of_them = check_quoted_lines(visible_text(whole))
    assert len(all_of_them) >= 11
    assert set(few) <= set(all_of_them)
    for heading in ("Where it stands", "Day by day", "Who said what", "Where the sources differ", "Sources"):
        assert f"*{heading}*" in visible_text(whole)
    links = LINK.findall(visible_text(whole))
    assert len([link for link in links if "#:~:text=" in link]) >= 11
    assert all(link.startswith(PUBLISHERS) for link in links)


async def test_text_alone_is_the_whole_briefing(slack: Slack) -> None:
    """A screen reader gets every line, every outlet, what is expected and what is undated."""
    text = (await ask(slack, "/briefing", "labour-crisis"))["text"]
    assert len(check_quoted_lines(text)) >= 11
    assert "xpected, not reported as done" in text
    assert "undated" in text
    for outlet in OUTLETS:
        assert outlet in text
    for boilerplate in ("guardian.co.uk", "Related:", "iframe", "EU referendum revealed"):
        assert boilerplate not in text


async def test_whosaid_names_the_speaker(slack: Slack) -> None:
    """/whosaid “lynch-mob”: John McDonnell, both wordings, outlet, date, and a link to the words; in `text` too."""
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
async def test_who_said_what_in_the_seeds(slack: Slack, words: str, speaker: str) -> None:
    """The passages everybody remembers have their speakers."""
    assert speaker in visible_text(await ask(slack, "/whosaid", words))


async def test_a_caption_is_nobodys_quotation(slack: Slack) -> None:
    """A stray caption is boilerplate: neither a quotation nor narration."""
    answer = await ask(slack, "/whosaid", "EU referendum revealed")
    assert "stands nowhere in the record" in answer["text"]


async def test_a_slip_of_the_keys_is_one_press_from_its_topic(slack: Slack) -> None:
    """An unknown topic is one sentence with a button; pressed, it briefs."""
    answer = await ask(slack, "/briefing", "labour-crysis")
    assert "Did you mean: labour-crisis?" in answer["text"]
    button = answer["blocks"][-1]["elements"][0]
    await slack.post(slack.press(button["action_id"], button["value"]))
    assert "Where it stands" in visible_text(await slack.stand_in.wait_for_answer(2))


async def test_a_mention_is_answered_with_the_seeds_own_words(slack: Slack) -> None:
    """In the thread; what stands behind the bar stands in a seed."""
    await slack.post(slack.message("<@U9> who said lynch-mob?"))
    post = await slack.stand_in.wait_for(slack.stand_in.posts)
    assert "John McDonnell" in post["text"]
    assert check_quoted_lines(visible_text(post))


async def test_a_draft_is_checked_in_its_thread(slack: Slack) -> None:
    """The three that an editor must know of: a word that differs, somebody else's words, nobody's words."""
    draft = (
        "McDonnell said it was “like a lynch-mob without a noose”. “I did all I could,” said Angela Eagle. "
        "“It is the end of the world,” said Corbyn."
    )
    await slack.post(slack.shortcut("check_the_quotes", draft))
    post = await slack.stand_in.wait_for(slack.stand_in.posts)
    for words in (
        "3 quotations checked: 1 differing, 1 somebody else's, 1 not found",
        "the draft has “noose”, the record “rope”",
        "*Jeremy Corbyn*\n>“I did all I could”",
        "<https://www.ibtimes.co.uk/",
    ):
        assert words in visible_text(post)


async def test_the_home_shows_the_record(slack: Slack) -> None:
    """Real topics, real articles, real counts."""
    await slack.post(slack.event(type="app_home_opened", user="U1", channel="D1", tab="home"))
    home = visible_text(await slack.stand_in.wait_for(slack.stand_in.homes))
    assert "4 articles and 45 quotations" in home
    assert "From International Business Times UK (2), Sharecast (1), The Guardian (1)" in home
    assert "<https://www.theguardian.com/" in home
