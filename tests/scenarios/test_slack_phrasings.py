"""Commands, mentions and direct messages over HTTP read the same phrasings alike."""

import pytest

from tests.scenarios.conftest import run_bot
from tests.stand_ins.briefing_service import FakeBriefingService
from tests.stand_ins.slack import get_visible_text


@pytest.mark.parametrize(
    "text",
    [
        '"lynch-mob" by McDonnell',
        '"lynch-mob" McDonnell',
        'McDonnell: "lynch-mob"',
        'McDonnell "lynch-mob" june 2016',
        '"lynch-mob" --by McDonnell',
        '"lynch-mob" since last week',
        "did McDonnell say lynch-mob",
        "who said lynch-mob?",
        ":rage: lynch-mob",
        "&gt; lynch-mob",
        "*lynch-mob* by <https://x.example|McDonnell>",
    ],
)
async def test_quotes_are_found_however_they_are_asked_for(text: str) -> None:
    service = FakeBriefingService()
    async with run_bot(service) as slack:
        await slack.post(slack.command("/whosaid", text))
        answer = await slack.stand_in.wait_for_answer()
    assert service.queries == ["lynch-mob"]
    assert "John McDonnell" in get_visible_text(answer)


@pytest.mark.parametrize(
    "text",
    ["labour-crisis last week", "latest on labour-crisis", "labour-crisis in the Guardian", "*labour-crisis* :eyes:"],
)
async def test_briefing_is_found_however_it_is_asked_for(text: str) -> None:
    service = FakeBriefingService()
    async with run_bot(service) as slack:
        await slack.post(slack.command("/briefing", text))
        answer = await slack.stand_in.wait_for_answer()
    assert service.queries == ["labour-crisis"]
    assert "Labour's leadership crisis" in get_visible_text(answer)
