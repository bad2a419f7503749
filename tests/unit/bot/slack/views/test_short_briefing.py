"""The short form of a briefing: which lines it selects, and that it counts the rest."""

from dataclasses import replace
from datetime import date

from bot.slack.views import briefing, short_briefing
from briefings.model import Briefing, Evidence, Line, Slot, Speaker
from tests.stand_ins import briefing_service
from tests.support.slack_messages import join_texts


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


def test_short_answer_includes_an_expected_event() -> None:
    """The status shows the first past event and the first expected one, even if others are between them."""
    lines = [Line(Slot.STATUS, f"{i}", (Evidence("a", 0, 1, f"{i}", None),), expected=i == 4) for i in range(5)]
    selection = short_briefing.select_lines(Briefing("t", "T", (), tuple(lines), 5))
    assert [line.text for line in selection] == ["0", "1", "2", "4"]
