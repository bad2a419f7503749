"""The slots of a briefing on small stories: what is chosen, how it is marked, what is left out."""

from dataclasses import replace
from datetime import date

import pytest

from briefings.compose import compose
from briefings.compose.builder import keep_verbatim
from briefings.compose.selection import WordBudget
from briefings.model import Article, Briefing, Evidence, Kind, Line, Quote, Slot, Span, Speaker
from tests.support.articles import article, read_articles

MONDAY, TUESDAY = date(2016, 6, 27), date(2016, 6, 28)


def brief(*articles: Article, words: int = 400) -> Briefing:
    return compose("story", "A story", read_articles(*articles), max_words=words)


def texts(found: Briefing, slot: Slot) -> list[str]:
    return [line.text for line in found.get_slot_lines(slot)]


def test_what_is_expected_is_marked_and_what_happened_is_not() -> None:
    found = brief(
        article("The example party met in its hall. The secretary is expected to announce a bid for the post.")
    )
    assert [(line.text, line.expected) for line in found.get_slot_lines(Slot.STATUS)] == [
        ("The example party met in its hall.", False),
        ("The secretary is expected to announce a bid for the post.", True),
    ]


def test_the_timeline_tells_day_by_day_in_the_papers_words() -> None:
    found = brief(
        article("The members voted against their leader on Tuesday.", "b", day=TUESDAY),
        article("The example party lost ground in the polls on 20 June.", "a", day=MONDAY),
    )
    assert [(line.day, line.date_words, line.text[:11]) for line in found.get_slot_lines(Slot.TIMELINE)] == [
        (date(2016, 6, 20), "on 20 June", "The example"),
        (TUESDAY, "on Tuesday", "The members"),
    ]


def test_an_undated_articles_day_takes_its_year_from_a_sibling_and_says_so() -> None:
    found = brief(
        article("The example party went to the polling booths on 23 June.", "u", day=None),
        article("The secretary stayed in her post after it all.", "d", "The Post", TUESDAY),
    )
    (line,) = found.get_slot_lines(Slot.TIMELINE)
    assert (line.day, line.anchor) == (date(2016, 6, 23), "d")


def test_a_period_stands_by_its_first_day_with_its_words_and_the_days_it_leaves_open() -> None:
    found = brief(
        article("The members voted against their leader on Saturday.", "b", day=TUESDAY),
        article("The example party lost ground in the polls last week.", "a", "The Post", TUESDAY),
        article("A hall full of councillors rose in anger on 17 June.", "c", "The News", TUESDAY),
    )
    assert [(line.day, line.date_words, line.note) for line in found.get_slot_lines(Slot.TIMELINE)] == [
        (date(2016, 6, 17), "on 17 June", None),
        (None, "last week", "between Mon 20 Jun and Sun 26 Jun 2016"),
        (date(2016, 6, 25), "on Saturday", None),
    ]


def test_a_period_of_one_day_is_that_day() -> None:
    found = brief(
        article("The members of it voted on Friday. The day before, all the polling booths were open.", day=TUESDAY)
    )
    assert [(line.day, line.date_words, line.note) for line in found.get_slot_lines(Slot.TIMELINE)] == [
        (date(2016, 6, 23), "The day before", None),
        (date(2016, 6, 24), "on Friday", None),
    ]


def test_a_period_to_come_or_going_on_tells_where_it_stands() -> None:
    found = brief(
        article("The example party is expected to hold its congress in September.", "a", day=TUESDAY),
        article("Engineers repaired a bridge over the river this week.", "b", "The Post", TUESDAY),
    )
    assert found.get_slot_lines(Slot.TIMELINE) == ()
    assert {(line.date_words, line.note, line.expected) for line in found.get_slot_lines(Slot.STATUS)} == {
        ("this week", "between Mon 27 Jun and Sun 3 Jul 2016", False),
        ("in September", "between Thu 1 Sep and Fri 30 Sep 2016", True),
    }


def test_without_the_articles_own_date_a_period_is_not_resolved() -> None:
    found = brief(
        article("The example party lost ground in the polls last week.", "u", day=None),
        article("Jane Roe stayed in her post as secretary after it all.", "d", "The Post", TUESDAY),
    )
    assert [(line.date_words, line.note) for line in found.get_slot_lines(Slot.TIMELINE)] == [(None, None)]


def test_sentences_that_point_back_or_quote_half_a_passage_are_no_lines() -> None:
    found = brief(
        article("But he said nothing more of it on Monday. The leader said: “I will stay on Monday. I will not go.”")
    )
    assert texts(found, Slot.STATUS) + texts(found, Slot.TIMELINE) == []


def test_a_sentence_cut_by_a_passage_that_goes_on_is_no_line() -> None:
    found = brief(article('The secretary told the members of her party in the hall: "No.\n"I shall stay," she said.'))
    assert texts(found, Slot.STATUS) == []


def test_a_sentence_of_nothing_but_common_words_is_told_once() -> None:
    """Nothing tells what it is about, so its likeness to itself cannot be seen."""
    assert texts(brief(article("What he had was all that they had.")), Slot.STATUS) == [
        "What he had was all that they had."
    ]


def test_a_paraphrase_is_no_voice() -> None:
    paper = article("Jane Roe said she would stay to the very end of it.")
    quote = Quote((Span(14, 50),), Span(0, 8), Span(9, 13), Speaker("Jane Roe"), Kind.INDIRECT, 0.9, "named")
    assert compose("s", "S", [(paper, (quote,))], max_words=400).get_slot_lines(Slot.QUOTES) == ()
    direct = replace(quote, kind=Kind.DIRECT)
    assert len(compose("s", "S", [(paper, (direct,))], max_words=400).get_slot_lines(Slot.QUOTES)) == 1


def test_no_place_is_set_against_two_others() -> None:
    found = brief(
        article("The petition for the leader has 140,000 signatures.", "a"),
        article("The petition for the leader has 150,000 signatures.", "b", "The Post"),
        article("The petition for the leader has 160,000 signatures.", "c", "The News"),
    )
    assert len(found.get_slot_lines(Slot.DIFFERENCES)) == 1


def test_everybody_is_heard_before_anybody_is_heard_again() -> None:
    found = brief(
        article(
            '"We will stay with the leader to the end," said Jane Roe.\n'
            '"The members will decide on it, and nobody else," said Jane Roe.\n'
            '"It was a lacklustre campaign from the first day," said John Doe.'
        )
    )
    speakers = [line.speaker.name for line in found.get_slot_lines(Slot.QUOTES) if line.speaker]
    assert sorted(speakers[:2]) == ["Jane Roe", "John Doe"]
    assert speakers[2:] == ["Jane Roe"]


def test_one_utterance_in_two_outlets_is_one_voice_line_with_both_counted() -> None:
    found = brief(
        article('"I did all that I could for the party," said Jane Roe. The hall was full and it rained.', "a"),
        article("Jane Roe said: “I did all that I could for the party.” Nobody else in there spoke.", "b", "The Post"),
    )
    (line,) = found.get_slot_lines(Slot.QUOTES)
    assert line.outlets == 2


def test_an_utterance_in_two_wordings_is_a_difference_that_says_which_words() -> None:
    found = brief(
        article('Asked about it, Jane Roe said: "Yes, I am here."', "a"),
        article('Asked about it, Jane Roe said: "Yes, I am here, thank you."', "b", "The Post"),
    )
    (line,) = found.get_slot_lines(Slot.DIFFERENCES)
    assert line.text == "Yes, I am here. … Yes, I am here, thank you."
    assert line.note == "Jane Roe, one utterance in two wordings: “thank you” in only one of them"


def test_two_figures_for_one_thing_are_shown_with_what_may_explain_them() -> None:
    found = brief(
        article("The petition for the leader has 140,000 signatures.", "a"),
        article("The petition for the leader has close to 150,000 signatures.", "b", "The Post"),
    )
    (line,) = found.get_slot_lines(Slot.DIFFERENCES)
    assert line.note == "two figures, one of them approximate; one may be the later count"
    assert line.outlets == 2


def test_a_figure_that_somebody_gives_is_not_shown_as_the_papers_own() -> None:
    """Jane Roe counts 140,000; the paper does not."""
    found = brief(
        article('Jane Roe said: "The petition for the leader has 140,000 signatures, and more every day."', "a"),
        article("The petition for the leader has close to 150,000 signatures.", "b", "The Post"),
    )
    (line,) = found.get_slot_lines(Slot.DIFFERENCES)
    assert line.note is not None
    assert line.note.endswith("; the first in the words of Jane Roe")


def test_a_difference_about_what_is_to_come_says_so() -> None:
    found = brief(
        article("The petition for the leader is expected to have 140,000 signatures.", "a"),
        article("The petition for the leader has 150,000 signatures.", "b", "The Post"),
    )
    assert [line.expected for line in found.get_slot_lines(Slot.DIFFERENCES)] == [True]


def test_a_clause_is_never_cut_from_the_word_that_turns_it() -> None:
    found = brief(
        article("It is not true, she said, that the petition for the leader has 140,000 signatures.", "a"),
        article("The petition for the leader has 150,000 signatures.", "b", "The Post"),
    )
    (line,) = found.get_slot_lines(Slot.DIFFERENCES)
    assert line.evidence[0].text.startswith("It is not true")


@pytest.mark.parametrize(
    "other", ["300,000 signatures", "150 signatures", "£150,000 of signatures", "15% of signatures"]
)
def test_figures_far_apart_or_of_other_kinds_are_no_difference(other: str) -> None:
    found = brief(
        article("The petition for the leader has 140,000 signatures.", "a"),
        article(f"The petition for the leader has {other}.", "b", "The Post"),
    )
    assert found.get_slot_lines(Slot.DIFFERENCES) == ()


def test_what_is_missing_is_said_of_articles_and_figures() -> None:
    found = brief(
        article("The petition for the leader has 140,000 signatures, and 60% agreed.", "a"),
        article("Members\n\nThe leader lost by 170 to 40 in the end. Some 60% had agreed.", "b", "The Post", None),
        article("The hall was full of people who sang.", "c", None),
    )
    assert texts(found, Slot.MISSING) == [
        "When The Post published “Members”: the article bears no date.",
        "Which outlet the article that begins “The hall was full of people …” comes from.",
        "Whether a second outlet has these figures: “140,000 signatures” (The Paper), “170 to 40” (The Post).",
    ]


def test_one_voice_alone_is_said_to_be_alone() -> None:
    one = article("The petition for the leader has 140,000 signatures.", "a")
    assert texts(brief(one), Slot.MISSING) == ["What any other outlet says: this briefing rests on one article."]
    two = article("The secretary stayed in her post after it all.", "b")
    (line,) = texts(brief(one, two), Slot.MISSING)
    assert line.endswith("rests on 2 articles that are one voice.")


def test_sources_are_named_in_order_of_publication_undated_last() -> None:
    found = brief(article("One.", "b"), article("Two.", "a", None, None), article("Three.", "c", day=MONDAY))
    assert texts(found, Slot.SOURCES) == [
        "The Paper, Mon 27 Jun 2016: https://paper.example/c",
        "The Paper, Thu 30 Jun 2016: https://paper.example/b",
        "unknown outlet, undated: https://paper.example/a",
    ]


def test_a_budget_hands_on_what_a_slot_left() -> None:
    budget = WordBudget(10)
    budget.release(4)
    assert budget.fits("one two three four")
    assert not budget.fits("one two three four five")
    budget.spend("one")
    budget.release(5)
    assert budget.fits("w " * 8)
    assert not budget.fits("w " * 9)
    budget.release(100)
    assert budget.fits("w " * 9)
    assert not budget.fits("w " * 10)


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
def test_a_line_that_is_not_its_source_is_dropped_and_counted(start: int, end: int, text: str) -> None:
    source = article("He left.\n\nRelated: more of it")
    line = Line(Slot.STATUS, text, (Evidence("a", start, end, text, None),))
    assert keep_verbatim([line], {"a": source}) == ((), 1)


def test_a_line_that_changes_the_join_or_names_no_article_is_dropped() -> None:
    source = article("He left. She stayed.")
    one, other = Evidence("a", 0, 8, "He left.", None), Evidence("a", 9, 20, "She stayed.", None)
    good = Line(Slot.STATUS, "He left. … She stayed.", (one, other))
    assert keep_verbatim([good], {"a": source}) == ((good,), 0)
    assert keep_verbatim([Line(Slot.STATUS, "He left. She stayed.", (one, other))], {"a": source}) == ((), 1)
    assert keep_verbatim([good], {}) == ((), 1)
