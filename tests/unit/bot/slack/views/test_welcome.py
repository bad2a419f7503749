"""The welcome messages and the forms for newcomers: within Slack's limits for any content, and complete as text."""

from datetime import date
from typing import Any

import pytest

from bot.slack.blocks.button_values import decode_button
from bot.slack.views import welcome
from bot.slack.views.welcome import Start
from briefings.model import Topic
from briefings.service import TopicSummary
from tests.stand_ins.slack_limits import find_problems, find_view_problems, iterate_texts

HOSTILE = "<!channel> <@U1> *b* ~s~ \0\u202e :tada: <http://x|y> & " + "wörd " * 700


def make_summary(title: str, slug: str = "harbour", articles: int = 3) -> TopicSummary:
    return TopicSummary(Topic(slug, title, ("x",)), articles, date(2031, 3, 3) if articles else None)


def get_labels(message: Any) -> list[str]:
    rows = [block.to_dict() for block in message.blocks]
    return [element["text"]["text"] for row in rows if row["type"] == "actions" for element in row["elements"]]


@pytest.mark.parametrize("build", [welcome.build_workspace_welcome, welcome.build_channel_welcome])
@pytest.mark.parametrize("title", ["The harbour fire", HOSTILE, ""])
@pytest.mark.parametrize("has_feeds", [False, True])
def test_welcome_has_one_sentence_three_buttons_and_help(build: Any, title: str, has_feeds: bool) -> None:
    message = build(Start(make_summary(title), has_feeds))
    assert find_problems(dict(message.content)) == []
    assert len(get_labels(message)) == 3
    assert get_labels(message)[2] == ("Add a feed" if has_feeds else "Add your first feed")
    texts = [block.to_dict() for block in message.blocks if block.to_dict()["type"] in ("section", "context")]
    assert len(texts) == 2
    assert all(text in message.text for text in iterate_texts(texts))
    assert "help" in message.text
    assert "<!" not in message.text


def test_first_button_briefs_on_the_newest_topic_or_opens_the_form() -> None:
    briefing_row = welcome.build_channel_welcome(Start(make_summary("The harbour fire"))).blocks[1].to_dict()
    assert decode_button(briefing_row["elements"][0]["value"]).command_text == "/briefing harbour"
    for start in (Start(), Start(make_summary("Long", slug="x" * 3000))):
        row = welcome.build_channel_welcome(start).blocks[1].to_dict()
        assert row["elements"][0]["action_id"] == welcome.START_BRIEFING


@pytest.mark.parametrize("count", [0, 1, 100, 300])
@pytest.mark.parametrize("title", ["The harbour fire", HOSTILE, ""])
def test_briefing_form_offers_topics_and_words(count: int, title: str) -> None:
    topics = [make_summary(title, f"topic-{number}") for number in range(count)]
    view = welcome.build_briefing_form(topics).to_dict()
    assert find_view_problems(view) == []
    fields = [block["block_id"] for block in view["blocks"] if block["type"] == "input"]
    assert fields == (["topic", "words"] if count else ["words"])


@pytest.mark.parametrize("address", ["", "https://paper.example/feed", HOSTILE])
def test_other_forms_are_within_slack_limits(address: str) -> None:
    assert find_view_problems(welcome.build_feed_form(address).to_dict()) == []
    assert find_view_problems(welcome.build_who_said_form().to_dict()) == []
    for is_added in (True, False):
        view = welcome.build_feed_result_view(["x" * 5_000, address], is_added=is_added).to_dict()
        assert find_view_problems(view) == []
