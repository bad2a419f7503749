"""The quotes, differences, gaps and sources of briefings on small stories, and lines that are no copy."""

from dataclasses import replace
from datetime import date

import pytest

from briefings.compose import compose
from briefings.compose.builder import keep_verbatim
from briefings.model import Evidence, Kind, Line, Quote, Slot, Span, Speaker
from tests.support.articles import make_article
from tests.support.small_briefings import brief, get_texts


def test_paraphrase_is_not_in_the_quotes_slot() -> None:
    paraphrase = make_article("Jane Roe said she would stay to the very end of it.")
    quote = Quote((Span(14, 50),), Span(0, 8), Span(9, 13), Speaker("Jane Roe"), Kind.INDIRECT, 0.9, "named")
    assert compose("s", "S", [(paraphrase, (quote,))], max_words=400).get_slot_lines(Slot.QUOTES) == ()
    direct = replace(quote, kind=Kind.DIRECT)
    assert len(compose("s", "S", [(paraphrase, (direct,))], max_words=400).get_slot_lines(Slot.QUOTES)) == 1


def test_one_figure_is_in_only_one_difference() -> None:
    briefing = brief(
        make_article("The petition for the leader has 140,000 signatures.", "a"),
        make_article("The petition for the leader has 150,000 signatures.", "b", "The Post"),
        make_article("The petition for the leader has 160,000 signatures.", "c", "The News"),
    )
    assert len(briefing.get_slot_lines(Slot.DIFFERENCES)) == 1


def test_every_speaker_is_quoted_once_before_any_is_quoted_twice() -> None:
    briefing = brief(
        make_article(
            '"We will stay with the leader to the end," said Jane Roe.\n'
            '"The members will decide on it, and nobody else," said Jane Roe.\n'
            '"It was a lacklustre campaign from the first day," said John Doe.'
        )
    )
    speakers = [line.speaker.name for line in briefing.get_slot_lines(Slot.QUOTES) if line.speaker]
    assert sorted(speakers[:2]) == ["Jane Roe", "John Doe"]
    assert speakers[2:] == ["Jane Roe"]


def test_utterance_in_two_outlets_is_one_line_that_counts_both() -> None:
    briefing = brief(
        make_article('"I did all that I could for the party," said Jane Roe. The hall was full and it rained.', "a"),
        make_article(
            "Jane Roe said: “I did all that I could for the party.” Nobody else in there spoke.", "b", "The Post"
        ),
    )
    (line,) = briefing.get_slot_lines(Slot.QUOTES)
    assert line.outlets == 2


def test_utterance_in_two_wordings_is_a_difference_that_names_the_words() -> None:
    briefing = brief(
        make_article('Asked about it, Jane Roe said: "Yes, I am here for the harbour vote."', "a"),
        make_article('Asked about it, Jane Roe said: "Yes, I am here for the harbour vote tomorrow."', "b", "The Post"),
    )
    (line,) = briefing.get_slot_lines(Slot.DIFFERENCES)
    assert line.text == "Yes, I am here for the harbour vote. … Yes, I am here for the harbour vote tomorrow."
    assert line.note == "Same quote by Jane Roe, worded differently: only one has “tomorrow”"


def test_courtesy_in_only_one_report_is_no_difference() -> None:
    briefing = brief(
        make_article('Asked about it, Jane Roe said: "Yes, I am here for the harbour vote."', "a"),
        make_article('Asked about it, Roe said: "Yes, I am here for the harbour vote, thank you."', "b", "The Post"),
    )
    assert briefing.get_slot_lines(Slot.DIFFERENCES) == ()


def test_two_figures_for_one_thing_have_a_note_with_possible_reasons() -> None:
    briefing = brief(
        make_article("The petition for the leader has 140,000 signatures.", "a"),
        make_article("The petition for the leader has close to 150,000 signatures.", "b", "The Post"),
    )
    (line,) = briefing.get_slot_lines(Slot.DIFFERENCES)
    assert line.note == "140,000 or close to 150,000? (one approximate; may be counts at different times)"
    assert line.outlets == 2


def test_quoted_figure_is_attributed_to_its_speaker() -> None:
    """Jane Roe gives the figure 140,000; the article does not."""
    briefing = brief(
        make_article('Jane Roe said: "The petition for the leader has 140,000 signatures, and more every day."', "a"),
        make_article("The petition for the leader has close to 150,000 signatures.", "b", "The Post"),
    )
    (line,) = briefing.get_slot_lines(Slot.DIFFERENCES)
    assert line.note is not None
    assert line.note.endswith("; the first is quoted from Jane Roe)")


def test_difference_about_an_expected_event_is_marked_as_expected() -> None:
    briefing = brief(
        make_article("The petition for the leader is expected to have 140,000 signatures.", "a"),
        make_article("The petition for the leader has 150,000 signatures.", "b", "The Post"),
    )
    assert [line.expected for line in briefing.get_slot_lines(Slot.DIFFERENCES)] == [True]


def test_clause_is_not_separated_from_its_negation() -> None:
    briefing = brief(
        make_article("It is not true, she said, that the petition for the leader has 140,000 signatures.", "a"),
        make_article("The petition for the leader has 150,000 signatures.", "b", "The Post"),
    )
    (line,) = briefing.get_slot_lines(Slot.DIFFERENCES)
    assert line.evidence[0].text.startswith("It is not true")


@pytest.mark.parametrize(
    "second_figure", ["300,000 signatures", "150 signatures", "£150,000 of signatures", "15% of signatures"]
)
def test_distant_figures_and_other_kinds_are_not_compared(second_figure: str) -> None:
    briefing = brief(
        make_article("The petition for the leader has 140,000 signatures.", "a"),
        make_article(f"The petition for the leader has {second_figure}.", "b", "The Post"),
    )
    assert briefing.get_slot_lines(Slot.DIFFERENCES) == ()


def test_missing_slot_names_dates_and_outlets() -> None:
    briefing = brief(
        make_article("The petition for the leader has 140,000 signatures, and 60% agreed.", "a"),
        make_article("Members\n\nThe leader lost by 170 to 40 in the end. Some 60% had agreed.", "b", "The Post", None),
        make_article("The hall was full of people who sang.", "c", None),
    )
    assert get_texts(briefing, Slot.MISSING) == [
        "The publication date of “Members” (The Post).",
        "The outlet that published the article that begins “The hall was full of people …”.",
    ]


def test_briefing_from_a_single_source_says_so() -> None:
    first = make_article("The petition for the leader has 140,000 signatures.", "a")
    assert get_texts(brief(first), Slot.MISSING) == ["A second source: this briefing uses one article."]
    second = make_article("The secretary stayed in her post after it all.", "b")
    (line,) = get_texts(brief(first, second), Slot.MISSING)
    assert line == "A second source: this briefing uses 2 articles that share one source."


def test_sources_are_sorted_by_publication_day_undated_last() -> None:
    briefing = brief(
        make_article("One.", "b"),
        make_article("Two.", "a", None, None),
        make_article("Three.", "c", day=date(2016, 6, 27)),
    )
    assert get_texts(briefing, Slot.SOURCES) == [
        "The Paper, Mon 27 Jun 2016: https://paper.example/c",
        "The Paper, Thu 30 Jun 2016: https://paper.example/b",
        "unknown outlet, undated: https://paper.example/a",
    ]


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        (0, 9, "He stays."),
        (10, 19, "Related: "),
        (5, 12, "ys.\nRel"),
        (-1, 8, "He left."),
        (0, 99, "He left."),
        (0, 0, ""),
    ],
)
def test_line_that_differs_from_its_source_is_dropped_and_counted(start: int, end: int, text: str) -> None:
    source = make_article("He left.\n\nRelated: more of it")
    line = Line(Slot.STATUS, text, (Evidence("a", start, end, text, None),))
    assert keep_verbatim([line], {"a": source}) == ((), 1)


def test_line_with_a_wrong_separator_or_unknown_article_is_dropped() -> None:
    source = make_article("He left. She stayed.")
    pieces = (Evidence("a", 0, 8, "He left.", None), Evidence("a", 9, 20, "She stayed.", None))
    verbatim_line = Line(Slot.STATUS, "He left. … She stayed.", pieces)
    assert keep_verbatim([verbatim_line], {"a": source}) == ((verbatim_line,), 0)
    assert keep_verbatim([Line(Slot.STATUS, "He left. She stayed.", pieces)], {"a": source}) == ((), 1)
    assert keep_verbatim([verbatim_line], {}) == ((), 1)
