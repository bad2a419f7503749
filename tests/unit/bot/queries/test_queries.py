"""Parsing of the text after /briefing and /whosaid."""

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
    "text",
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
def test_quotation_marks_spaces_and_invisible_characters_are_ignored(text: str) -> None:
    assert queries.parse_who_said(text, TODAY) == queries.WhoSaidQuery("lynch-mob")


@pytest.mark.parametrize(
    ("text", "expected"),
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
def test_text_after_briefing_gives_a_value(text: str, expected: object) -> None:
    assert queries.parse_briefing(text, TODAY) == expected


def test_quoted_help_is_searched_for() -> None:
    assert queries.parse_who_said("help", TODAY) == queries.HelpCommand()
    assert queries.parse_who_said("“help”", TODAY) == queries.WhoSaidQuery("help")


@pytest.mark.parametrize("text", ["", "“”", "?!", "\0"])
def test_whosaid_without_words_says_what_to_type(text: str) -> None:
    query = queries.parse_who_said(text, TODAY)
    assert isinstance(query, queries.UsageMessage)
    assert "/whosaid" in query.sentence


def test_long_text_gives_a_message_with_its_length() -> None:
    query = queries.parse_briefing("a" * 8000, TODAY)
    assert isinstance(query, queries.UsageMessage)
    assert "8,000 characters" in query.sentence


@pytest.mark.parametrize(
    ("text", "words", "filters"),
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
def test_briefing_filters_are_parsed(text: str, words: str, filters: tuple[str, str, str]) -> None:
    """Filters come before or after the words, quoted or not. A colon in the words does not make a filter."""
    query = queries.parse_briefing(text, TODAY)
    assert isinstance(query, queries.BriefingQuery)
    assert query.words == words
    assert (query.outlet or "", str(query.since or ""), str(query.until or "")) == filters


@pytest.mark.parametrize(
    ("text", "words", "by"),
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
def test_speaker_filter_is_parsed(text: str, words: str, by: str | None) -> None:
    """Quotation marks can be of any kind, or missing. Only a name lists that speaker's quotes."""
    query = queries.parse_who_said(text, TODAY)
    assert isinstance(query, queries.WhoSaidQuery)
    assert (query.words, query.by) == (words, by)


@pytest.mark.parametrize(
    "text",
    [
        "x frm:Guardian",
        "x since:blurg",
        "x until:2016-13-40",
        "x since:",
        "from:Guardian",
        "x since:monday since:tuesday",
        "x since:2016-06-30 until:2016-06-01",
        "x by:Corbyn",
        "a" * 8000,
    ],
)
def test_invalid_query_gives_a_message_with_a_working_example(text: str) -> None:
    query = queries.parse_briefing(text, TODAY)
    assert isinstance(query, queries.UsageMessage)
    for example in re.findall(r"for example: (/.*)$", query.sentence):
        assert queries.parse_command(example, TODAY) is not None
    assert any(part in query.sentence for part in ("example", "Try since:", "Try until:", "8,000 characters"))


def test_whosaid_example_is_valid() -> None:
    query = queries.parse_who_said("x nope:y", TODAY)
    assert isinstance(query, queries.UsageMessage)
    assert queries.parse_command(query.sentence.partition("for example: ")[2], TODAY) is not None


@pytest.mark.parametrize("text", ["the day before", "soon", "", "12", "2016-02-30", "monday tuesday", "x" * 100])
def test_text_without_a_date_gives_none(text: str) -> None:
    assert parse_days(text, TODAY) is None


FILTER_TEXTS = st.sampled_from(
    ["", " by:Corbyn", " since:monday", " from:“The Sun”", " about:x", " until:2016-06-24", ":", "“"]
)


@given(st.lists(st.text(max_size=20) | FILTER_TEXTS, max_size=6).map("".join))
def test_command_text_gives_the_same_query(text: str) -> None:
    """The command in a button parses to the same query."""
    for query in (queries.parse_briefing(text, TODAY), queries.parse_who_said(text, TODAY)):
        if isinstance(query, queries.BriefingQuery | queries.WhoSaidQuery):
            reparsed_query = queries.parse_command(query.command_text, TODAY)
            assert reparsed_query is not None
            assert queries.parse_command(reparsed_query.command_text, TODAY) == reparsed_query
            assert (reparsed_query.since, reparsed_query.until) == (query.since, query.until)
            assert make_search_key(reparsed_query.words) == make_search_key(query.words)


@given(st.text())
def test_any_text_gives_a_value_without_control_characters(text: str) -> None:
    """The words are never longer than the limit."""
    for query in (queries.parse_briefing(text, TODAY), queries.parse_who_said(text, TODAY)):
        words = getattr(query, "words", "")
        assert len(words) <= queries.MAX_CHARACTERS
        assert all(character.isprintable() or character > "\x9f" for character in words)
