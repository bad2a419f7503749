"""The lines of an answer: what is over and below the words, and what their menus and buttons open."""

import re
from datetime import date

from bot.queries.queries import BriefingQuery
from bot.slack.blocks.citations import list_sides
from bot.slack.blocks.menus import decode_press
from bot.slack.blocks.message import Message
from bot.slack.views import briefing, modals, who_said
from briefings import Briefing, Evidence, Line, Slot, Source, Speaker, Variant, WhoSaid
from tests.stand_ins import briefing_service
from tests.stand_ins.slack_limits import find_view_problems, iterate_texts


def render(value: Briefing) -> Message:
    return briefing.build_message(value, "/briefing labour-crisis", 1)


def test_what_is_only_expected_is_not_over_what_happened() -> None:
    """Each expected line has its own day heading, and so has the line after it."""
    lines = tuple(
        Line(Slot.TIMELINE, f"event {i}", (Evidence("a", 0, 1, f"event {i}", None),), day=date(2016, 6, 28), expected=e)
        for i, e in enumerate((False, False, True, True, False))
    )
    message = render(Briefing("t", "T", briefing_service.SOURCES, lines, 10))
    headings = re.findall(r"(?:(\*Tue 28 Jun 2016\*.*)\n)?>event", message.text)
    day, expected_day = "*Tue 28 Jun 2016*", "*Tue 28 Jun 2016* · _expected — not confirmed yet_"
    assert headings == [day, "", expected_day, expected_day, day]


def test_reports_with_the_same_words_are_named_without_the_words() -> None:
    words = "We will keep the harbour open"
    reports = [(words, "b", "The Post"), (words.upper(), "c", "The Mail"), ("We keep it open", "d", "The Sun")]
    variants = tuple(Variant(text, article, 0, 9, outlet, None) for text, article, outlet in reports)
    hit = briefing_service.make_hit(briefing_service.RALLY, "said", None, quote=words, variants=variants)
    message = who_said.build_message(WhoSaid("x", briefing_service.SEARCH_TOTALS, (hit,)), "/whosaid x")
    assert message.text.count(words) == 1
    assert "Also in The Post, The Mail\n" in message.text
    assert message.text.count("Also reported as") == 1
    assert "Compare the wordings" in str([block.to_dict() for block in message.blocks])


def test_outlet_is_named_once_in_a_line_and_its_articles_are_numbered_below() -> None:
    day = date(2016, 6, 28)
    sources = tuple(Source(name, "The Post", day, f"https://post.example/{name}") for name in "abc")
    evidence = tuple(Evidence(name, 0, 1, "Roe left.", f"https://post.example/{name}") for name in "abc")
    news = Line(Slot.STATUS, "Roe left.", evidence, outlets=1)
    others = tuple(Line(Slot.TIMELINE, f"event {i} " + "word " * 39, evidence[:1]) for i in range(9))
    message = briefing.build_message(Briefing("t", "T", sources, (news, *others), 9), "t", 0)
    assert ">Roe left.\n<https://post.example/a|The Post> · Tue 28 Jun 2016\n" in message.text
    shown_text = "\n".join(text for block in message.blocks for text in iterate_texts(block.to_dict()))
    assert re.findall(r"\|(The Post, [^>]*)>", shown_text) == [
        "The Post, 28 Jun 2016",
        "The Post, 28 Jun 2016 (2)",
        "The Post, 28 Jun 2016 (3)",
    ]


def test_every_part_of_a_filtered_briefing_has_its_shortcut() -> None:
    slots = (Slot.STATUS, Slot.TIMELINE, Slot.QUOTES, Slot.DIFFERENCES, Slot.MISSING)
    lines = tuple(
        Line(slot, f"{slot} {i} word", (Evidence("a", 0, 1, f"{slot} {i}", None),), speaker=Speaker(f"{slot}{i}"))
        for slot in slots
        for i in range(9)
    )
    wider_queries = [("Any date", BriefingQuery("t")), ("Any source", BriefingQuery("t", since=date(2016, 6, 1)))]
    for count in range(3):
        value = Briefing("t", "T", briefing_service.SOURCES, lines, 432)
        message = briefing.build_message(value, "t", wider_queries=wider_queries[:count])
        (row,) = [block.to_dict() for block in message.blocks if block.type == "actions"]
        labels = [element["text"]["text"] for element in row["elements"] if element["type"] == "button"]
        options = [option["text"]["text"] for element in row["elements"] for option in element.get("options", ())]
        assert labels[0].startswith("Full briefing")
        assert len(labels) <= 3
        assert len(labels) + len(options) == 2 + len(slots) + 1 + count
        assert "Save as canvas or file" in options
        assert [label for label in (*labels, *options) if label.startswith("Any")] == ["Any date", "Any source"][:count]


def test_report_of_a_difference_shows_both_sides_to_choose_from() -> None:
    sides = (Evidence("a", 0, 9, "Ten boats sank " + "in the storm " * 9, None), Evidence("b", 4, 9, "Six boats", None))
    news = Line(Slot.STATUS, sides[0].text, sides[:1])
    value = Briefing("t", "T", (), (news, Line(Slot.DIFFERENCES, sides[0].text, sides)), 9)
    blocks = [block.to_dict() for block in render(value).blocks]
    menus = [block["accessory"] for block in blocks if "accessory" in block]
    values = [decode_press(menu | {"selected_option": menu["options"][-1]})[1] for menu in menus]
    assert [value.slot for value in values] == [None, Slot.DIFFERENCES]
    citations = list_sides(value, values[1].citation_id)
    assert [citation.words for citation in citations] == [side.text for side in sides]
    assert list_sides(value, citations[1].id) == ()
    view = modals.build_feedback_view(citations, "C1 x")
    assert all(side.text.strip() in "\n".join(iterate_texts(view.to_dict())) for side in sides)
    assert find_view_problems(view.to_dict()) == []
