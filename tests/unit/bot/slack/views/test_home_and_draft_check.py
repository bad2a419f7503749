"""The App Home, draft checks and modals: within Slack's limits for any content, with differences marked."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.listeners import shortcuts
from bot.listeners.messages import build_prompts
from bot.slack.blocks.button_values import ButtonValue
from bot.slack.blocks.message import Message
from bot.slack.transport.message_text import MessageText
from bot.slack.views import draft_check, home, modals
from bot.slack.views.home import HomeContent
from briefings.draft_report import Change, CheckedQuote, DraftCheck, Verdict
from briefings.errors import BadQuestion
from briefings.model import Context, Kind, SearchTotals, Source, Span, Speaker, Topic
from briefings.service import TopicSummary
from briefings.storage.db.types import AddedArticle, Overview
from tests.stand_ins import briefing_service
from tests.stand_ins.slack_limits import find_problems, find_view_problems, iterate_texts

HOSTILE = "<!channel> <@U1> *b* _i_ ~s~ `c` \0\u202e :tada: <http://x|y> & " + "wörd " * 700
AT = datetime(2016, 7, 1, tzinfo=UTC)


def make_summary(number: int, title: str = "A title") -> TopicSummary:
    return TopicSummary(Topic(f"topic-{number}", title, ("x",)), number, date(2016, 6, 30) if number else None)


def join_texts(view: dict[str, Any]) -> str:
    return "\n".join(text for block in view["blocks"] for text in iterate_texts(block))


def iterate_markup(value: object) -> Iterator[str]:
    """Yield the texts in which Slack reads markup."""
    if isinstance(value, dict):
        if value.get("type") == "mrkdwn":
            yield value["text"]
        for child in value.values():
            yield from iterate_markup(child)
    elif isinstance(value, list):
        for child in value:
            yield from iterate_markup(child)


def make_overview(articles: int = 4, latest: int = 5, text: str = "The Guardian") -> Overview:
    source = Source("a", text, date(2016, 6, 25), "https://example.org/a?b=<x>", text)
    outlets = tuple((f"{text} {number}", 9) for number in range(40))
    totals = SearchTotals(articles, 10 * articles, date(2016, 6, 25), date(2016, 6, 30))
    return Overview(totals, outlets if articles else (), (AddedArticle(source, AT),) * latest if articles else ())


@pytest.mark.parametrize("count", [0, 1, 5, 6, 300])
@pytest.mark.parametrize("text", ["Plain", HOSTILE, ""])
def test_home_is_within_slack_limits(count: int, text: str) -> None:
    topics = [make_summary(number, text) for number in range(count)]
    view = home.build_home_view(HomeContent(topics, make_overview(text=text), 7)).to_dict()
    assert find_view_problems(view) == []
    for markup in iterate_markup(view):
        assert "<!" not in markup
        assert "<@" not in markup
    assert ("Type `/briefing` to see all topics." in join_texts(view)) == (count > 100)


def test_home_leads_with_what_a_user_can_do_and_ends_with_what_admins_do() -> None:
    """Only admins, who see the feeds, can add one."""
    topics = [make_summary(1)]
    for feeds, labels in ((None, 4), ((), 5)):
        view = home.build_home_view(HomeContent(topics, make_overview(), 7 if feeds == () else None, feeds=feeds))
        elements = [block for block in view.to_dict()["blocks"] if block["type"] == "actions"]
        names = [element["text"]["text"] for row in elements for element in row["elements"]]
        assert (
            names
            == [
                "A title · Thu 30 Jun 2016",
                "Get a briefing",
                "Who said it?",
                "Schedule a digest",
                "Add a feed",
            ][:labels]
        )
        text = join_texts(view.to_dict())
        order = ["Topics, newest first", "Ask me in plain words", "Recently added", "Articles so far"]
        order += ["*Feeds*", "*Reports*"] if feeds == () else []
        positions = [text.index(words) for words in order]
        assert positions == sorted(positions)


def test_home_without_articles_tells_admins_to_add_a_feed() -> None:
    admin_view = home.build_home_view(HomeContent((), make_overview(0), 0, feeds=())).to_dict()
    assert "No articles yet. Add a feed to start." in join_texts(admin_view)


def test_home_without_articles_says_so_and_has_no_empty_parts() -> None:
    view = home.build_home_view(HomeContent((), make_overview(0))).to_dict()
    assert find_view_problems(view) == []
    assert "No articles yet." in join_texts(view)
    assert "Topics" not in join_texts(view)
    assert "Recently added" not in join_texts(view)
    assert "*Reports*" not in join_texts(view)


def test_home_counts_outlets_that_are_not_named() -> None:
    assert "and 35 more outlets" in join_texts(home.build_home_view(HomeContent((), make_overview())).to_dict())


def test_home_has_a_hash_of_its_content() -> None:
    """Equal content gives equal hashes, and any change gives another."""
    content, equal_content = (HomeContent((make_summary(1),), make_overview()) for _ in range(2))
    hashes = {home.build_home_view(item).private_metadata for item in (content, equal_content)}
    other_hashes = {home.build_home_view(replace(content, feedback_count=n)).private_metadata for n in (0, 1, 2)}
    assert len(hashes) == 1
    assert len(hashes | other_hashes) == 4


@pytest.mark.parametrize("text", ["", HOSTILE, "One sentence."])
def test_notice_home_and_answer_modal_are_within_slack_limits(text: str) -> None:
    assert find_view_problems(home.build_notice_view(text).to_dict()) == []
    assert find_view_problems(modals.build_answer_view(Message(text)).to_dict()) == []


def test_draft_check_names_verdicts_and_marks_differences() -> None:
    draft = "“I did all I could”, “like a lynch-mob without a noose”, “I never liked Europe”"
    message = draft_check.build_message(briefing_service.check_seed_draft(draft))
    assert find_problems(dict(message.content)) == []
    for words in ("*Exact match*", "*Different wording* — Jeremy Corbyn", "*a noose*", "*the rope*", "*Not found*"):
        assert words in message.text
    assert "x \u2060*\u200by\u2060*\u200b" in message.text  # notes are escaped too


def test_draft_without_quotes_says_so() -> None:
    message = draft_check.build_message(DraftCheck("x", (), briefing_service.SEARCH_TOTALS))
    assert find_problems(dict(message.content)) == []
    assert "No quotes to check" in message.text


@pytest.mark.parametrize("count", [1, 40, 120])
@pytest.mark.parametrize("verdict", list(Verdict))
def test_draft_check_is_within_slack_limits_and_counts_omitted_quotes(verdict: Verdict, count: int) -> None:
    hit = replace(
        briefing_service.make_hit(briefing_service.GUARDIAN, "I did all I could", Speaker(HOSTILE, HOSTILE)),
        quote=HOSTILE,
        kind=Kind.INDIRECT,
    )
    hit = replace(hit, end=hit.start + len(HOSTILE), publisher=HOSTILE)
    changes = tuple(Change(Span(at, at + 9), Span(hit.start + at, hit.start + at + 5)) for at in range(0, 900, 30))
    quote = CheckedQuote(HOSTILE, 0, len(HOSTILE), Speaker(HOSTILE), verdict, hit, HOSTILE, changes)
    unmatched_quote = CheckedQuote(HOSTILE, 0, len(HOSTILE), None, verdict, nearest=(hit,) * 5)
    message = draft_check.build_message(
        DraftCheck(HOSTILE, (quote, unmatched_quote) * count, briefing_service.SEARCH_TOTALS)
    )
    assert find_problems(dict(message.content)) == []
    all_text = message.text + join_texts(dict(message.content))
    for forbidden in ("<!", "<@", "\0", "\u202e", "\ue000", "\ue001"):
        assert forbidden not in all_text
    assert ("don't fit here" in join_texts(dict(message.content))) == (count > 1)


def test_long_quote_is_shown_around_its_changed_words() -> None:
    draft = "word " * 400 + "rope " + "word " * 400
    hit = briefing_service.make_hit(briefing_service.GUARDIAN, "I did all I could", None)
    quote = CheckedQuote(
        draft, 0, len(draft), None, Verdict.DIFFERS, hit, None, (Change(Span(2000, 2004), Span(0, 0)),)
    )
    text = draft_check.build_message(DraftCheck(draft, (quote,), briefing_service.SEARCH_TOTALS)).text
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
        ("He said ‘we don’t know’, in the ’90s", "we don’t know"),
        ("the workers' day, rock 'n' roll", "the workers' day, rock 'n' roll"),
        ("5' 10\" tall", "5' 10\" tall"),
    ],
)
def test_longest_quote_or_a_short_message_is_searched(text: str, words: str) -> None:
    assert shortcuts.select_search_words(MessageText(text)) == words


def test_address_is_no_words_and_its_preview_is_searched() -> None:
    message_text = MessageText("https://tribune.example/ferry-stops", previews="Ferry stops at noon")
    assert shortcuts.select_search_words(message_text) == "Ferry stops at noon"


@pytest.mark.parametrize("text", ["", "…!?", "word " * 100, "https://tribune.example/ferry-stops"])
def test_unsearchable_text_is_refused(text: str) -> None:
    with pytest.raises(BadQuestion):
        shortcuts.select_search_words(MessageText(text))


def test_assistant_suggests_topics_with_articles_and_help() -> None:
    prompts = build_prompts(tuple(make_summary(number, HOSTILE) for number in range(9)))
    assert [prompt["message"] for prompt in prompts] == [*(f"brief me on topic-{n}" for n in (1, 2, 3)), "help"]
    assert all(1 <= len(prompt["title"]) <= 75 for prompt in prompts)
    assert [prompt["message"] for prompt in build_prompts(())] == ["help"]


def test_words_in_context_are_bold_between_the_text_around_them() -> None:
    """The publisher's link comes first, then the text before, the words in bold and the text after."""
    before, words, after = "It was late.\n\nHe said: ", "a *bold* <!channel>\nline", " Then he left."
    link = "https://a.example/#:~:text=x"
    source = Source("a", "The Example", date(2016, 6, 30), "https://a.example/", "A title")
    view = modals.build_context_view(Context(source, before, words, after, link), ButtonValue("/briefing x"), ())
    block_texts = [text for block in view.to_dict()["blocks"] for text in iterate_texts(block)]
    assert block_texts[0] == f"*A title*\n<{link}|The Example> · published Thu 30 Jun 2016"
    assert block_texts[1] == "It was late.\n\nHe said:"
    assert block_texts[2].startswith(">*a ")
    assert "<!channel>" not in block_texts[2]
    assert "*bold*" not in block_texts[2]
    assert block_texts[3] == "Then he left."


def test_differences_between_wordings_are_bold_and_listed() -> None:
    """The list is for people who cannot see bold text."""
    view = modals.build_wordings_view(briefing_service.make_lynch_mob_answer().hits[0])
    view_text = "\n".join(text for block in view.to_dict()["blocks"] for text in iterate_texts(block))
    assert ">like a lynch-mob without *a* rope" in view_text
    assert "“a” instead of “the”; shorter quote" in view_text
