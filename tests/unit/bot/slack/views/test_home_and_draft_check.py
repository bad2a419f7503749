"""The App Home, a checked draft and an answer in a modal: within the limits, whatever they hold."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.listeners import shortcuts
from bot.listeners.messages import build_prompts
from bot.slack.blocks.message import Message
from bot.slack.views import draft_check, home, modals
from bot.slack.views.home import HomeContent
from briefings.errors import BadQuestion
from briefings.model import Change, Checked, CheckedQuote, Kind, Searched, Source, Span, Speaker, Topic, Verdict
from briefings.service.service import TopicSummary
from briefings.storage.db.types import AddedArticle, Overview
from tests.stand_ins import briefing_service
from tests.stand_ins.slack_limits import problems, texts, view_problems

NASTY = "<!channel> <@U1> *b* _i_ ~s~ `c` \0\u202e :tada: <http://x|y> & " + "wörd " * 700
AT = datetime(2016, 7, 1, tzinfo=UTC)


def summary(number: int, title: str = "A title") -> TopicSummary:
    return TopicSummary(Topic(f"topic-{number}", title, ("x",)), number, date(2016, 6, 30) if number else None)


def shown(view: dict[str, Any]) -> str:
    return "\n".join(text for block in view["blocks"] for text in texts(block))


def marked(value: object) -> Iterator[str]:
    """The texts in which Slack reads its markup."""
    if isinstance(value, dict):
        if value.get("type") == "mrkdwn":
            yield value["text"]
        for inner in value.values():
            yield from marked(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from marked(inner)


def overview(articles: int = 4, latest: int = 5, text: str = "The Guardian") -> Overview:
    source = Source("a", text, date(2016, 6, 25), "https://example.org/a?b=<x>", text)
    outlets = tuple((f"{text} {number}", 9) for number in range(40))
    held = Searched(articles, 10 * articles, date(2016, 6, 25), date(2016, 6, 30))
    return Overview(held, outlets if articles else (), (AddedArticle(source, AT),) * latest if articles else ())


@pytest.mark.parametrize("count", [0, 1, 25, 26, 300])
@pytest.mark.parametrize("text", ["Plain", NASTY, ""])
def test_a_home_is_within_the_limits(count: int, text: str) -> None:
    topics = [summary(number, text) for number in range(count)]
    view = home.build_home_view(HomeContent(topics, overview(text=text), 7)).to_dict()
    assert view_problems(view) == []
    for markup in marked(view):
        assert "<!" not in markup
        assert "<@" not in markup
    assert ("more: type `/briefing`" in shown(view)) == (count > 25)


def test_a_home_of_an_empty_record_says_so_and_shows_no_empty_part() -> None:
    view = home.build_home_view(HomeContent((), overview(0))).to_dict()
    assert view_problems(view) == []
    assert "The record is empty." in shown(view)
    assert "Topics" not in shown(view)
    assert "Added last" not in shown(view)
    assert "review" not in shown(view)


def test_a_home_counts_the_outlets_that_it_does_not_name() -> None:
    assert "and 35 more outlets" in shown(home.build_home_view(HomeContent((), overview())).to_dict())


def test_a_home_is_marked_by_what_it_shows() -> None:
    """The same for the same, another for anything else."""
    one = HomeContent((summary(1),), overview())
    marks = {home.build_home_view(shown).private_metadata for shown in (one, HomeContent((summary(1),), overview()))}
    others = {home.build_home_view(replace(one, feedback_count=count)).private_metadata for count in (0, 1, 2)}
    assert len(marks) == 1
    assert len(marks | others) == 4


@pytest.mark.parametrize("text", ["", NASTY, "One sentence."])
def test_a_home_that_tells_one_sentence_and_an_answer_in_a_modal_are_sound(text: str) -> None:
    assert view_problems(home.build_notice_view(text).to_dict()) == []
    assert view_problems(modals.build_answer_view(Message(text)).to_dict()) == []


def test_a_checked_draft_names_each_verdict_and_marks_what_differs() -> None:
    draft = "“I did all I could”, “like a lynch-mob without a noose”, “I never liked Europe”"
    message = draft_check.build_message(briefing_service.checked(draft))
    assert problems(dict(message.content)) == []
    for words in ("*Exact*", "*Differs*, given to Jeremy Corbyn", "*a noose*", "*the rope*", "*Not found*"):
        assert words in message.text
    assert "x \u2060*\u200by\u2060*\u200b" in message.text  # a note is escaped as well


def test_a_draft_without_anything_to_check_says_so() -> None:
    message = draft_check.build_message(Checked("x", (), briefing_service.SEARCHED))
    assert problems(dict(message.content)) == []
    assert "No quotation to check" in message.text


@pytest.mark.parametrize("count", [1, 40, 120])
@pytest.mark.parametrize("verdict", list(Verdict))
def test_a_checked_draft_is_within_the_limits_and_counts_what_it_leaves_out(verdict: Verdict, count: int) -> None:
    hit = replace(
        briefing_service.hit(briefing_service.GUARDIAN, "I did all I could", Speaker(NASTY, NASTY)),
        quote=NASTY,
        kind=Kind.INDIRECT,
    )
    hit = replace(hit, end=hit.start + len(NASTY), publisher=NASTY)
    changes = tuple(Change(Span(at, at + 9), Span(hit.start + at, hit.start + at + 5)) for at in range(0, 900, 30))
    quote = CheckedQuote(NASTY, 0, len(NASTY), Speaker(NASTY), verdict, hit, NASTY, changes)
    near = CheckedQuote(NASTY, 0, len(NASTY), None, verdict, nearest=(hit,) * 5)
    message = draft_check.build_message(Checked(NASTY, (quote, near) * count, briefing_service.SEARCHED))
    assert problems(dict(message.content)) == []
    both = message.text + shown(dict(message.content))
    for forbidden in ("<!", "<@", "\0", "\u202e", "\ue000", "\ue001"):
        assert forbidden not in both
    assert ("do not fit here" in shown(dict(message.content))) == (count > 1)


def test_bold_begins_and_ends_at_words_in_a_long_quotation() -> None:
    """Around the words that differ, so that they are in sight."""
    draft = "word " * 400 + "rope " + "word " * 400
    hit = briefing_service.hit(briefing_service.GUARDIAN, "I did all I could", None)
    quote = CheckedQuote(
        draft, 0, len(draft), None, Verdict.DIFFERS, hit, None, (Change(Span(2000, 2004), Span(0, 0)),)
    )
    text = draft_check.build_message(Checked(draft, (quote,), briefing_service.SEARCHED)).text
    assert ">“… word" in text
    assert "word *rope* word" in text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("He said “lynch-mob”.", "lynch-mob"),
        ('He said "yes" and "like a lynch-mob".', "like a lynch-mob"),
        ("«Hallo» 'x'", "Hallo"),
        ("  a short\n message ", "a short message"),
        ("“ ” a b", "“ ” a b"),
        ("5' 10\" tall", "5' 10\" tall"),
    ],
)
def test_the_longest_quoted_part_is_looked_up_or_else_a_short_message(text: str, words: str) -> None:
    assert shortcuts.select_search_words(text) == words


@pytest.mark.parametrize("text", ["", "…!?", "word " * 100])
def test_what_cannot_be_looked_up_is_one_sentence(text: str) -> None:
    with pytest.raises(BadQuestion):
        shortcuts.select_search_words(text)


def test_a_message_of_another_app_is_read_in_what_is_attached() -> None:
    attached = [{"text": "“lynch-mob” &amp; rope"}, {"fallback": "more"}, None]
    assert shortcuts.get_message_text({"text": "", "attachments": attached}) == "“lynch-mob” & rope\nmore"
    for nothing in (None, [], {}, {"attachments": "x"}):
        assert shortcuts.get_message_text(nothing) == ""


def test_the_assistant_suggests_topics_that_hold_articles_and_help() -> None:
    found = build_prompts(tuple(summary(number, NASTY) for number in range(9)))
    assert [one["message"] for one in found] == [*(f"brief me on topic-{n}" for n in (1, 2, 3)), "help"]
    assert all(1 <= len(one["title"]) <= 75 for one in found)
    assert [one["message"] for one in build_prompts(())] == ["help"]
