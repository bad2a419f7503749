"""Messages and modals are within Slack's limits for any content."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.queries.queries import Command
from bot.slack.blocks.button_values import ButtonValue
from bot.slack.blocks.citations import Citation
from bot.slack.blocks.message import add_note
from bot.slack.views import modals, notices
from briefings.model import Briefing, Context, Hit, Source, WhoSaid
from briefings.service import TopicSummary
from tests.stand_ins.slack_limits import find_view_problems
from tests.support.any_answers import BRIEFING, CITATION_ID, HIT, TEXT, TOPIC, WHO_SAID
from tests.support.slack_messages import assert_within_limits, render_briefing, render_who_said


@settings(max_examples=60)
@given(BRIEFING)
def test_briefing_is_within_slack_limits(value: Briefing) -> None:
    for page in range(4):
        assert_within_limits(add_note(render_briefing(value, page), "Shared by <@U012345678>"))


@settings(max_examples=60)
@given(WHO_SAID)
def test_who_said_is_within_slack_limits(value: WhoSaid) -> None:
    for page in range(1, 4):
        assert_within_limits(add_note(render_who_said(value, page), "Shared by <@U012345678>"))


@settings(max_examples=40)
@given(st.lists(TOPIC, max_size=120), TEXT, st.lists(TEXT, max_size=8))
def test_notices_are_within_slack_limits(summaries: list[TopicSummary], sentence: str, slugs: list[str]) -> None:
    assert_within_limits(notices.build_topic_list(summaries))
    assert_within_limits(notices.build_notice(sentence))
    assert_within_limits(notices.build_not_found(sentence, slugs))
    assert_within_limits(notices.build_failure("0123abcd"))
    for command in Command:
        assert_within_limits(notices.build_help(command))


@settings(max_examples=60)
@given(HIT, TEXT, TEXT, TEXT, st.lists(st.tuples(TEXT, st.integers(0, 9)), min_size=1, max_size=120), CITATION_ID)
def test_modals_are_within_slack_limits(
    hit: Hit, before: str, words: str, after: str, labels: list[tuple[str, int]], citation_id: str
) -> None:
    citations = [Citation("a", start, end, label) for start, (label, end) in enumerate(labels)]
    button_value = ButtonValue("/whosaid " + "x" * 1000, 3, citation_id)
    context = Context(Source("a", words, None, "https://a.example/", after), before, words, after, None)
    for view in (
        modals.build_loading_view("Read in context"),
        modals.build_notice_view("This looks wrong", words),
        modals.build_context_view(context, button_value, citations),
        modals.build_wordings_view(hit),
        modals.build_feedback_view(citations, f"C1 {button_value.value}"),
        modals.build_feedback_view(citations[:1], f"C1 {button_value.value}"),
    ):
        assert find_view_problems(view.to_dict()) == []
