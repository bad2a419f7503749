"""What people type, as values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import ask


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
    assert ask.whosaid(typed) == ask.WhoSaidAsk("lynch-mob")


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("", ask.TopicsAsk()),
        ("  \n", ask.TopicsAsk()),
        ("“”", ask.TopicsAsk()),
        ("HELP ", ask.HelpAsk()),
        ("labour-crisis", ask.BriefingAsk("labour-crisis")),
        ("no\n confidence", ask.BriefingAsk("no confidence")),
        ("R&amp;D &lt;b&gt; &amp;lt;", ask.BriefingAsk("R&D <b> &lt;")),
        ("x" * ask.MOST_CHARACTERS, ask.BriefingAsk("x" * ask.MOST_CHARACTERS)),
    ],
)
def test_briefing(typed: str, asked: object) -> None:
    assert ask.briefing(typed) == asked


def test_help_in_quotation_marks_is_a_word_to_look_up() -> None:
    assert ask.whosaid("help") == ask.HelpAsk()
    assert ask.whosaid("“help”") == ask.WhoSaidAsk("help")


@pytest.mark.parametrize("typed", ["", "“”", "?!", "\0"])
def test_whosaid_without_a_word_says_what_to_type(typed: str) -> None:
    asked = ask.whosaid(typed)
    assert isinstance(asked, ask.Usage)
    assert "/whosaid" in asked.sentence


def test_too_much_text_is_a_sentence_that_counts_it() -> None:
    asked = ask.briefing("a" * 8000)
    assert isinstance(asked, ask.Usage)
    assert "8,000 characters" in asked.sentence


@given(st.text())
def test_anything_typed_is_a_value(typed: str) -> None:
    """Never an error, never more than the limit, never a control character."""
    for asked in (ask.briefing(typed), ask.whosaid(typed)):
        words = getattr(asked, "words", "")
        assert len(words) <= ask.MOST_CHARACTERS
        assert all(character.isprintable() or character > "\x9f" for character in words)
