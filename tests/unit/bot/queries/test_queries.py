"""What people type, as values."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.queries import queries
from bot.queries.filters import parse_days
from briefings.text.folding import make_search_key

TODAY = date(2016, 7, 1)  # a Friday


@pytest.mark.parametrize(
    "typed",
    [
        '"lynch-mob"',
        "“lynch-mob”",
        "‘lynch-mob’",
        "„lynch-mob“",
        "«lynch-mob»",
        "lynch-mob",
        '  "lynch-mob',
        "lynch-mob”  ",
        "\u202elynch-\u200bmob\0",
    ],
)
def test_quotation_marks_blanks_and_invisible_characters_do_not_matter(typed: str) -> None:
    assert queries.parse_who_said(typed, TODAY) == queries.WhoSaidQuery("lynch-mob")


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("", queries.TopicsQuery()),
        ("  \n", queries.TopicsQuery()),
        ("“”", queries.TopicsQuery()),
        ("HELP ", queries.HelpCommand()),
        ("labour-crisis", queries.BriefingQuery("labour-crisis")),
        ("no\n confidence", queries.BriefingQuery("no confidence")),
        ("R&amp;D &lt;b&gt; &amp;lt;", queries.BriefingQuery("R&D <b> &lt;")),
        ("x" * queries.MAX_CHARACTERS, queries.BriefingQuery("x" * queries.MAX_CHARACTERS)),
    ],
)
def test_briefing(typed: str, asked: object) -> None:
    assert queries.parse_briefing(typed, TODAY) == asked


def test_help_in_quotation_marks_is_a_word_to_look_up() -> None:
    assert queries.parse_who_said("help", TODAY) == queries.HelpCommand()
    assert queries.parse_who_said("“help”", TODAY) == queries.WhoSaidQuery("help")


@pytest.mark.parametrize("typed", ["", "“”", "?!", "\0"])
def test_whosaid_without_a_word_says_what_to_type(typed: str) -> None:
    asked = queries.parse_who_said(typed, TODAY)
    assert isinstance(asked, queries.UsageMessage)
    assert "/whosaid" in asked.sentence


def test_too_much_text_is_a_sentence_that_counts_it() -> None:
    asked = queries.parse_briefing("a" * 8000, TODAY)
    assert isinstance(asked, queries.UsageMessage)
    assert "8,000 characters" in asked.sentence


@pytest.mark.parametrize(
    ("typed", "words", "bounds"),
    [
        ("labour-crisis since:2016-06-24", "labour-crisis", ("", "2016-06-24", "")),
        ("labour-crisis since:24 june until:yesterday", "labour-crisis", ("", "2016-06-24", "2016-06-30")),
        ("since:monday labour-crisis", "labour-crisis", ("", "2016-06-27", "")),
        ("since:last week from:Guardian no confidence", "no confidence", ("Guardian", "2016-06-20", "")),
        ("until:last week brexit", "brexit", ("", "", "2016-06-26")),
        ("brexit from:The Guardian", "brexit", ("The Guardian", "", "")),
        ("from:The Guardian no confidence", "no confidence", ("The Guardian", "", "")),
        ("brexit FROM:“The Sun” Since:‘24th of June’", "brexit", ("The Sun", "2016-06-24", "")),
        ("brexit since:3 days ago", "brexit", ("", "2016-06-28", "")),
        ("brexit since: june", "brexit", ("", "2016-06-01", "")),
        ("update: the vote at 3:30", "update: the vote at 3:30", ("", "", "")),
        ("“what he wants from:us”", "what he wants from:us", ("", "", "")),
        ("https://evil.example/x", "https://evil.example/x", ("", "", "")),
    ],
)
def test_filters_of_a_briefing(typed: str, words: str, bounds: tuple[str, str, str]) -> None:
    """Before or behind the words, quoted or not; a colon in what was asked is no filter."""
    asked = queries.parse_briefing(typed, TODAY)
    assert isinstance(asked, queries.BriefingQuery)
    assert asked.words == words
    assert (asked.outlet or "", str(asked.since or ""), str(asked.until or "")) == bounds


@pytest.mark.parametrize(
    ("typed", "words", "by"),
    [
        ('"lynch-mob" by:Jeremy Corbyn', "lynch-mob", "Jeremy Corbyn"),
        ('by:"Jeremy Corbyn" lynch-mob', "lynch-mob", "Jeremy Corbyn"),
        ("by:”Jeremy Corbyn” “lynch-mob”", "lynch-mob", "Jeremy Corbyn"),
        ("by:corbyn lynch-mob", "lynch-mob", "corbyn"),
        ('"lynch-mob by:McDonnell', "lynch-mob", "McDonnell"),
        ("by:Jeremy Corbyn", "", "Jeremy Corbyn"),
        ("by:'Jeremy Corbyn", "", "Jeremy Corbyn"),
        ("“it’s your fault” by:O’Brien", "it’s your fault", "O’Brien"),
        ("Corbyn: I did all I could", "Corbyn: I did all I could", None),
    ],
)
def test_who_said_it_by_somebody(typed: str, words: str, by: str | None) -> None:
    """Marks of any kind, missing or not; a name alone lists what they said."""
    asked = queries.parse_who_said(typed, TODAY)
    assert isinstance(asked, queries.WhoSaidQuery)
    assert (asked.words, asked.by) == (words, by)


@pytest.mark.parametrize(
    "typed",
    [
        "x frm:Guardian",
        "x since:blurg",
        "x until:2016-13-40",
        "x since:",
        "since:monday",
        "x since:monday since:tuesday",
        "x since:2016-06-30 until:2016-06-01",
        "x by:Corbyn",
        "a" * 8000,
    ],
)
def test_what_cannot_be_asked_is_one_sentence_with_an_example_that_works(typed: str) -> None:
    asked = queries.parse_briefing(typed, TODAY)
    assert isinstance(asked, queries.UsageMessage)
    for example in re.findall(r"for example: (/.*)$", asked.sentence):
        assert queries.parse_command(example, TODAY) is not None
    assert "example" in asked.sentence or "8,000 characters" in asked.sentence


def test_the_example_of_whosaid_works() -> None:
    asked = queries.parse_who_said("x nope:y", TODAY)
    assert isinstance(asked, queries.UsageMessage)
    assert queries.parse_command(asked.sentence.partition("for example: ")[2], TODAY) is not None


@pytest.mark.parametrize("typed", ["the day before", "soon", "", "12", "2016-02-30", "monday tuesday", "x" * 100])
def test_words_that_name_no_day_give_none(typed: str) -> None:
    assert parse_days(typed, TODAY) is None


FILTERS = st.sampled_from(
    ["", " by:Corbyn", " since:monday", " from:“The Sun”", " about:x", " until:2016-06-24", ":", "“"]
)


@given(st.lists(st.text(max_size=20) | FILTERS, max_size=6).map("".join))
def test_a_line_asks_what_was_asked(typed: str) -> None:
    """What a button carries asks the same again."""
    for asked in (queries.parse_briefing(typed, TODAY), queries.parse_who_said(typed, TODAY)):
        if isinstance(asked, queries.BriefingQuery | queries.WhoSaidQuery):
            again = queries.parse_command(asked.command_text, TODAY)
            assert again is not None
            assert queries.parse_command(again.command_text, TODAY) == again
            assert (again.since, again.until) == (asked.since, asked.until)
            assert make_search_key(again.words) == make_search_key(asked.words)


@given(st.text())
def test_anything_typed_is_a_value(typed: str) -> None:
    """Never an error, never more than the limit, never a control character."""
    for asked in (queries.parse_briefing(typed, TODAY), queries.parse_who_said(typed, TODAY)):
        words = getattr(asked, "words", "")
        assert len(words) <= queries.MAX_CHARACTERS
        assert all(character.isprintable() or character > "\x9f" for character in words)
