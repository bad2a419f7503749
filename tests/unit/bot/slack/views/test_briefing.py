"""The whole form of a briefing: its pages, days, parts and differences, with nothing dropped silently."""

import re
from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import Any

from bot.slack.blocks.button_values import Action
from bot.slack.views import briefing
from briefings.model import Briefing, Evidence, Line, Slot
from tests.stand_ins import briefing_service
from tests.support.slack_messages import assert_within_limits, decode_buttons, join_texts, render_briefing


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


def test_parts_are_separated_by_rules() -> None:
    """A horizontal rule is between two slots and before the sources. The short form has none, to save room."""
    kinds = [block.type for block in render_briefing(briefing_service.make_briefing()).blocks]
    assert [kind for kind, _ in groupby(kinds)] == [
        "header", *["section", "divider"] * 5, "section", "actions", "context"
    ]  # fmt: skip
    short_kinds = [block.type for block in render_briefing(briefing_service.make_briefing(), 0).blocks]
    assert [kind for kind, _ in groupby(short_kinds)] == ["header", "section", "context", "actions", "context"]


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
