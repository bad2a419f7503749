"""Messages: within Slack's limits for any content, with nothing dropped silently and unknown facts named."""

import re
from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.queries.queries import Command
from bot.slack.blocks.button_values import Action, ButtonValue, decode_button
from bot.slack.blocks.citations import Citation
from bot.slack.blocks.menus import decode_press
from bot.slack.blocks.message import Message, add_note
from bot.slack.transport.response_url import Requester, _build_body
from bot.slack.views import briefing, modals, notices, short_briefing, who_said
from briefings.errors import BadQuestion
from briefings.model import (
    Briefing,
    Context,
    Evidence,
    Hit,
    Kind,
    Line,
    Narration,
    SearchTotals,
    Slot,
    Source,
    Speaker,
    Topic,
    Variant,
    WhoSaid,
)
from briefings.service import TopicSummary
from briefings.speaker_labels import NOT_CERTAIN, NOT_SPEECH
from tests.stand_ins import briefing_service
from tests.stand_ins.slack_limits import find_problems, find_view_problems, iterate_texts

TEXT = st.text(max_size=30) | st.sampled_from(["", "<!channel>", "&" * 900, "*_~`" * 200, "word " * 2000, "\0\u202e"])
NAME = st.none() | TEXT
DAY = st.none() | st.dates()
LINK = st.none() | st.sampled_from(
    [
        "https://a.example/x#:~:text=y",
        "javascript:x",
        "https://a.example/" + "&" * 690,
        "https://a.example/#" + "z" * 5000,
    ]
)
SPEAKER = st.none() | st.builds(Speaker, TEXT, NAME, st.booleans())
IDS = st.sampled_from(["a", "b", "c", "d"])
EVIDENCE = st.builds(Evidence, IDS, st.just(0), st.just(1), TEXT, LINK)
LINE = st.builds(
    Line, st.sampled_from(list(Slot)), TEXT, st.lists(EVIDENCE, max_size=5).map(tuple), DAY, NAME, st.none() | IDS,
    SPEAKER, st.booleans(), st.integers(0, 9), NAME,
)  # fmt: skip
SOURCE = st.builds(Source, IDS, NAME, DAY, LINK, NAME)
BRIEFING = st.builds(
    Briefing, TEXT, TEXT, st.lists(SOURCE, max_size=40).map(tuple), st.lists(LINE, max_size=60).map(tuple),
    st.integers(0), st.integers(0, 3),
)  # fmt: skip
VARIANT = st.builds(Variant, TEXT, IDS, st.just(0), st.just(1), NAME, LINK)
HIT = st.builds(
    Hit, SPEAKER, TEXT, st.sampled_from(Kind), NAME, NAME, st.floats(0, 1), TEXT, IDS, st.just(0), st.just(1), NAME,
    DAY, LINK, LINK, st.integers(0, 9), st.lists(VARIANT, max_size=6).map(tuple),
)  # fmt: skip
NARRATION = st.builds(Narration, TEXT, IDS, st.just(0), st.just(1), NAME, LINK)
HITS = st.lists(HIT, max_size=30).map(tuple)
SEARCH_TOTALS = st.builds(SearchTotals, st.integers(0), st.integers(0), DAY, DAY)
WHO_SAID = st.builds(WhoSaid, TEXT, SEARCH_TOTALS, HITS, st.lists(NARRATION, max_size=30).map(tuple), HITS)
CITATION_ID = st.sampled_from(["", "0123456789abcdef"])
TOPIC = st.builds(TopicSummary, st.builds(Topic, TEXT, TEXT, st.just(())), st.integers(0), DAY)


def render_briefing(value: Briefing, page: int = 1) -> Message:
    return briefing.build_message(value, "/briefing labour-crisis", page)


def render_who_said(result: WhoSaid, page: int = 1) -> Message:
    return who_said.build_message(result, "/whosaid words", page)


def assert_within_limits(message: Message) -> None:
    assert find_problems(_build_body(message, Requester(""), replace=False)) == []


def join_texts(message: Message) -> str:
    return "\n".join(text for block in message.blocks for text in iterate_texts(block.to_dict()))


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


def many_lines(count: int) -> Briefing:
    line = replace(briefing_service.make_briefing().lines[0], expected=False)
    lines = tuple(replace(line, text=f"{line.text} no{i:04}.") for i in range(count))
    return replace(briefing_service.make_briefing(), lines=lines)


def test_long_briefing_is_paginated_without_loss() -> None:
    """Every line is on one page, in order. Each page says which lines it shows and links to its neighbours."""
    seen_numbers: list[str] = []
    page, is_last = 1, False
    while not is_last:
        message = render_briefing(many_lines(600), page)
        assert_within_limits(message)
        numbers = re.findall(r" no(\d{4})\.", join_texts(message))
        assert f"Items {len(seen_numbers) + 1} to {len(seen_numbers) + len(numbers)} of 600." in join_texts(message)
        seen_numbers += numbers
        steps = {value.page - page for value in decode_buttons(message, Action.PAGE)}
        is_last = 1 not in steps
        assert steps - {1} == {-1}  # the first page links back to the short answer
        page += 1
    assert seen_numbers == [f"{i:04}" for i in range(600)]


def test_overlong_screen_reader_text_is_that_of_the_page() -> None:
    message = render_briefing(many_lines(600), 2)
    numbers = re.findall(r" no(\d{4})\.", join_texts(message))
    assert re.findall(r" no(\d{4})\.", message.text) == numbers
    assert f"Items {int(numbers[0]) + 1} to {int(numbers[-1]) + 1} of 600." in message.text


def test_hits_are_paginated_without_loss() -> None:
    """Each hit has its own menu. A page has at most six hits, and its button counts those to come."""
    hits = tuple(
        briefing_service.make_hit(
            briefing_service.RALLY,
            "without the rope",
            briefing_service.MCDONNELL,
            quote=f"said {i:03}",
            start=i,
            end=i + 8,
        )
        for i in range(100)
    )
    result = WhoSaid("said", briefing_service.SEARCH_TOTALS, hits)
    seen_numbers: list[str] = []
    for page in range(1, 20):
        message = render_who_said(result, page)
        assert_within_limits(message)
        numbers = re.findall(r"“said (\d{3})”", join_texts(message))
        assert len(decode_buttons(message, Action.CONTEXT)) == len(numbers) <= 6
        seen_numbers += numbers
        if len(seen_numbers) < 100:
            assert f"\n{100 - len(seen_numbers)} more\n" in join_texts(message)
        if len(seen_numbers) >= 100:
            break
    assert seen_numbers == [f"{i:03}" for i in range(100)]
    assert not [value for value in decode_buttons(message, Action.PAGE) if value.page > page]


def decode_buttons(message: Message, action: Action) -> list[ButtonValue]:
    """Return the values of the buttons and options of one kind."""
    presses = [decode_press(press) for press in list_presses(message)]
    return [value for requested_action, value in presses if requested_action is action]


def list_presses(message: Message) -> list[dict[str, Any]]:
    """Return what Slack sends for each button and each option of a menu."""
    presses = []
    for block in (block.to_dict() for block in message.blocks):
        accessory = [block["accessory"]] if "accessory" in block else []
        for element in [*accessory, *(block["elements"] if block["type"] == "actions" else [])]:
            ids = {"action_id": element["action_id"], "block_id": block.get("block_id", "made up")}
            options = element.get("options")
            presses += [ids | {"selected_option": option} for option in options or []]
            presses += [] if options else [ids | {"value": element["value"]}]
    return presses


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


@given(st.text() | st.sampled_from(["{}", "[]", '{"asked": 1}', '{"asked": "x", "page": -1}', "[" * 3000, "null"]))
def test_foreign_button_value_is_refused(value: str) -> None:
    with pytest.raises(BadQuestion, match="Ask again"):
        decode_button(value)


@given(st.text(min_size=1, max_size=1100), st.integers(0, 100), st.text(max_size=150))
def test_button_value_survives_the_round_trip(command_text: str, page: int, citation_id: str) -> None:
    button_value = ButtonValue(command_text, page, citation_id)
    assert decode_button(button_value.value) == button_value


def test_long_quote_counts_the_characters_left_out() -> None:
    hit = briefing_service.make_hit(briefing_service.RALLY, "said", None, quote="word " * 1000)
    message = render_who_said(WhoSaid("word", briefing_service.SEARCH_TOTALS, (hit,)))
    assert "shortened: 3,8" in join_texts(message)


def test_short_answer_selects_lines_and_counts_the_rest() -> None:
    """At most 120 words: the news, three events, two voices, the sharpest difference."""
    lines = tuple(
        Line(
            slot,
            f"{slot} {i} " + "word " * 10,
            (Evidence("a", 0, 1, f"{slot} {i} " + "word " * 10, None),),
            speaker=Speaker(f"{slot}{i}"),
        )
        for slot in (Slot.STATUS, Slot.TIMELINE, Slot.QUOTES, Slot.DIFFERENCES)
        for i in range(9)
    )
    value = Briefing("t", "T", briefing_service.SOURCES, lines, 432)
    selection = short_briefing.select_lines(value)
    assert sum(len(line.text.split()) for line in selection) <= short_briefing.MAX_WORDS
    counts = [sum(line.slot is slot for line in selection) for slot in Slot]
    assert counts == [2, 2, 2, 1, 0, 0]
    assert f"Full briefing ({36 - len(selection)} more)" in join_texts(briefing.build_message(value, "t"))


def test_short_answer_passes_over_lines_that_are_too_long() -> None:
    """Except the first line, which tells the news."""
    lines = tuple(
        Line(Slot.STATUS if i == 0 else Slot.TIMELINE, f"{i} " + "word " * words, (Evidence("a", 0, 1, f"{i}", None),))
        for i, words in enumerate((60, 50, 20, 30))
    )
    selection = short_briefing.select_lines(Briefing("t", "T", (), lines, 160))
    assert [line.text[0] for line in selection] == ["0", "2", "3"]


def test_day_is_printed_once_over_its_lines() -> None:
    days = [date(2016, 6, 28), date(2016, 6, 28), date(2016, 6, 29), None, None]
    lines = tuple(
        Line(Slot.TIMELINE, f"event {i}", (Evidence("a", 0, 1, f"event {i}", None),), day=day)
        for i, day in enumerate(days)
    )
    message_text = join_texts(render_briefing(Briefing("t", "T", briefing_service.SOURCES, lines, 10)))
    assert [
        message_text.count(heading) for heading in ("*Tue 28 Jun 2016*", "*Wed 29 Jun 2016*", "*No date given*")
    ] == [1] * 3
    assert message_text.index("*Tue 28 Jun 2016*") < message_text.index(">event 0") < message_text.index(">event 1")


def make_quote(speaker: str, text: str) -> Line:
    return Line(Slot.QUOTES, text, (Evidence("a", 0, 1, text, None),), speaker=Speaker(speaker))


def test_short_answer_quotes_words_that_no_other_line_has() -> None:
    """A speaker whose first words are in the news is shown with the next ones, and keeps the place."""
    news = Line(Slot.STATUS, "Roe said “I stay” on Monday.", (Evidence("a", 0, 1, "news", None),))
    voices = (
        make_quote("Jane Roe", "I stay"),
        make_quote("John Poe", "We vote on Friday"),
        make_quote("Ann Coe", "Nobody asked us"),
        make_quote("Jane Roe", "The vote has no force"),
    )
    selection = short_briefing.select_lines(Briefing("t", "T", (), (news, *voices), 20))
    assert [line.text for line in selection] == [news.text, "We vote on Friday", "The vote has no force"]


def test_short_answer_prefers_voices_that_need_no_note() -> None:
    """The words of the note count, because they are the article's."""
    news = Line(Slot.STATUS, "Roe left on Monday.", (Evidence("a", 0, 1, "news", None),))
    framed = replace(make_quote("Jane Roe", "a full stop"), note="in “Roe called the vote “a full stop” on Monday.”")
    voices = (framed, make_quote("John Poe", "We vote on Friday"), make_quote("Ann Coe", "Nobody asked us"))
    selection = short_briefing.select_lines(Briefing("t", "T", (), (news, *voices), 20))
    assert [line.text for line in selection] == [news.text, "We vote on Friday", "Nobody asked us"]
    selection = short_briefing.select_lines(Briefing("t", "T", (), (news, framed), 20), max_words=16)
    assert [line.text for line in selection] == [news.text]
    assert short_briefing.select_lines(Briefing("t", "T", (), (news, framed), 20)) == (news, framed)


def test_short_answer_prefers_leads_to_days_and_voices_to_more_events() -> None:
    """With little room, it has the news, another lead, two voices and the difference, but no day."""
    lines = (
        *(Line(Slot.STATUS, f"lead {i} " + "word " * 28, (Evidence("a", 0, 1, "x", None),)) for i in range(2)),
        *(Line(Slot.TIMELINE, f"day {i} " + "word " * 8, (Evidence("a", 0, 1, "x", None),)) for i in range(2)),
        *(make_quote(f"Speaker {i}", f"voice {i} " + "word " * 8) for i in range(2)),
        Line(Slot.DIFFERENCES, "differs " * 38, (Evidence("a", 0, 1, "x", None),) * 2),
    )
    selection = short_briefing.select_lines(Briefing("t", "T", (), lines, 148))
    assert [line.text.split()[0] for line in selection] == ["lead", "lead", "voice", "voice", "differs"]


def test_days_reported_by_most_outlets_are_selected() -> None:
    """The selected days are in chronological order."""
    days = tuple(
        Line(Slot.TIMELINE, f"day {i}", (Evidence("a", 0, 1, f"day {i}", None),), day=date(2016, 6, i), outlets=outlets)
        for i, outlets in enumerate((1, 3, 1, 2, 1), start=20)
    )
    assert [line.text for line in short_briefing.select_lines(Briefing("t", "T", (), days, 10))] == [
        "day 21",
        "day 23",
        "day 24",
    ]


def test_unknown_facts_are_named() -> None:
    """Unknown speaker with the reason, unnamed source, probable speaker, no date, no outlet."""
    hits = (
        briefing_service.make_hit(briefing_service.GUARDIAN, "I did all I could", None),
        briefing_service.make_hit(briefing_service.GUARDIAN, "it’s just not good enough", briefing_service.UNNAMED),
        briefing_service.make_hit(
            briefing_service.RALLY,
            "has vowed to stay on",
            briefing_service.CORBYN,
            confidence=0.6,
            kind=Kind.INDIRECT,
            publisher=None,
        ),
        briefing_service.make_hit(
            briefing_service.RALLY, "has vowed to stay on", briefing_service.CORBYN, published=None
        ),
    )
    message_text = join_texts(render_who_said(WhoSaid("x", briefing_service.SEARCH_TOTALS, hits)))
    assert "*Unknown speaker* (two people are named beside it)" in message_text
    assert "*Unnamed:* Senior Labour sources" in message_text
    assert (
        "Probably *Jeremy Corbyn*, Labour leader (reported, not in quotation marks; named before the quotation)"
        in message_text
    )
    assert "unknown outlet" in message_text
    assert "undated" in message_text


@pytest.mark.parametrize(
    ("source", "reason", "speaker", "details"),
    [
        ("he", NOT_CERTAIN, "*“he”* (not certain whose words these are)", "introduced by “said”"),
        ("Roe Director", NOT_CERTAIN, "*Unknown speaker* (not certain whose words these are)", "introduced by “said”"),
        ("Easton", NOT_SPEECH, f"*No speaker* ({NOT_SPEECH})", ""),
    ],
)
def test_source_that_is_not_certain_is_never_a_name(source: str, reason: str, speaker: str, details: str) -> None:
    hit = briefing_service.make_hit(
        briefing_service.GUARDIAN, "I did all I could", None, source=source, reason=reason, confidence=0.0
    )
    message_text = join_texts(render_who_said(WhoSaid("x", briefing_service.SEARCH_TOTALS, (hit,))))
    assert speaker in message_text
    assert details in message_text
    assert ("introduced by" in message_text) is bool(details)
    assert "identified from" not in message_text


def test_paragraphs_of_a_quote_are_kept() -> None:
    """All are inside one pair of quotation marks and behind the bar. Indirect speech gets no marks."""
    hit = briefing_service.make_hit(
        briefing_service.RALLY, "without the rope", briefing_service.MCDONNELL, quote='the rope.\n\n"MP after MP'
    )
    message_text = join_texts(
        render_who_said(WhoSaid("rope", briefing_service.SEARCH_TOTALS, (hit, replace(hit, kind=Kind.INDIRECT))))
    )
    assert '\n>“the rope.\n>"MP after MP”\n' in message_text
    assert '\n>the rope.\n>"MP after MP\n' in message_text


def test_parts_are_separated_by_rules() -> None:
    """A horizontal rule is between two slots and before the sources. The short form has none, to save room."""
    kinds = [block.type for block in render_briefing(briefing_service.make_briefing()).blocks]
    assert [kind for kind, _ in groupby(kinds)] == [
        "header", *["section", "divider"] * 5, "section", "actions", "context"
    ]  # fmt: skip
    short_kinds = [block.type for block in render_briefing(briefing_service.make_briefing(), 0).blocks]
    assert [kind for kind, _ in groupby(short_kinds)] == ["header", "section", "context", "actions", "context"]


def test_short_answer_includes_an_expected_event() -> None:
    """The status shows the first past event and the first expected one, even if others are between them."""
    lines = [Line(Slot.STATUS, f"{i}", (Evidence("a", 0, 1, f"{i}", None),), expected=i == 4) for i in range(5)]
    selection = short_briefing.select_lines(Briefing("t", "T", (), tuple(lines), 5))
    assert [line.text for line in selection] == ["0", "1", "2", "4"]


def test_narration_is_separate_from_quotes() -> None:
    narration = (Narration("the words stand here", briefing_service.RALLY, 0, 1, briefing_service.IBT, None),)
    narration_text = join_texts(render_who_said(WhoSaid("words", briefing_service.SEARCH_TOTALS, (), narration)))
    assert "No one is quoted saying “words”." in narration_text
    mixed_text = join_texts(render_who_said(replace(briefing_service.make_lynch_mob_answer(), narration=narration)))
    assert "*In the articles' own text, not in a quote*\n>the words stand here" in mixed_text


def test_only_article_text_is_behind_the_quote_bar() -> None:
    message = render_briefing(briefing_service.make_briefing())
    quoted_lines = [line[1:] for line in join_texts(message).split("\n") if line.startswith(">")]
    lines = [line for line in briefing_service.make_briefing().lines if line.evidence]
    assert quoted_lines == [
        f"“{piece.text}”" if line.slot is Slot.QUOTES else piece.text for line in lines for piece in line.evidence
    ]
    articles = [
        briefing_service.load_seed_text(article)
        for article in (briefing_service.GUARDIAN, briefing_service.RALLY, briefing_service.SHARECAST)
    ]
    assert all(any(quote.strip("“”") in article for article in articles) for quote in quoted_lines)


def test_line_without_a_single_day_shows_its_words_and_date_range() -> None:
    (dated_line, *_) = [line for line in briefing_service.make_briefing().lines if line.slot is Slot.TIMELINE]
    note = "between Mon 20 Jun and Sun 26 Jun 2016"
    week_line = replace(dated_line, day=None, date_words="last week", note=note)
    message_text = join_texts(render_briefing(replace(briefing_service.make_briefing(), lines=(week_line,))))
    assert "*No single day* (“last week”)" in message_text
    assert "Between Mon 20 Jun and Sun 26 Jun 2016" in message_text


def test_each_side_of_a_difference_has_its_outlet_and_day() -> None:
    message_text = join_texts(briefing.build_message(briefing_service.make_briefing(), "labour-crisis"))
    assert "_Figures differ_\n>almost 60% of the vote\n<https://www.ibtimes.co.uk/" in message_text
    assert ">60% of Labour members and supporters\nSharecast\n" in message_text
    message_text = join_texts(render_briefing(briefing_service.make_briefing()))
    assert ">60% of Labour members and supporters\nSharecast · Tue 28 Jun 2016" in message_text


def test_markup_in_a_headline_is_escaped() -> None:
    hostile_briefing: Any = replace(briefing_service.make_briefing(), title="<!channel> *now*")
    message = briefing.build_message(hostile_briefing, "x")
    assert message.blocks[0].to_dict()["text"] == {"emoji": False, "text": "<!channel> *now*", "type": "plain_text"}
    assert "<!channel>" not in message.text
