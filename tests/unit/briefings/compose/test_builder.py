"""The slots of briefings on small stories: which lines are selected, how they are marked, and what is left out."""

from dataclasses import replace
from datetime import date

import pytest

from briefings.compose import compose
from briefings.compose.builder import keep_verbatim
from briefings.compose.selection import WordBudget
from briefings.model import Article, Briefing, Evidence, Kind, Line, Quote, Slot, Span, Speaker
from tests.support.articles import analyse_articles, make_article

MONDAY, TUESDAY = date(2016, 6, 27), date(2016, 6, 28)


#: the news of a story, which opens the status
NEWS = make_article(
    "Ministers agreed to build a new bridge across the wide river near the old harbour of the town.",
    "n",
    "The Tribune",
    TUESDAY,
)


def brief(*articles: Article, words: int = 400) -> Briefing:
    return compose("story", "A story", analyse_articles(*articles), max_words=words)


def get_texts(briefing: Briefing, slot: Slot) -> list[str]:
    return [line.text for line in briefing.get_slot_lines(slot)]


def find_line(briefing: Briefing, words: str) -> Line:
    """Return the only sentence of the status or the timeline that begins with `words`."""
    narrative = briefing.get_slot_lines(Slot.STATUS) + briefing.get_slot_lines(Slot.TIMELINE)
    (line,) = [line for line in narrative if line.text.startswith(words)]
    return line


def get_first_day(line: Line) -> date:
    """Return the first possible day of a dated line of these tests."""
    return line.day or date(2016, 6, 20)


def test_only_expected_events_are_marked_as_expected() -> None:
    briefing = brief(
        make_article(
            "The example party met in its hall on the hill. The secretary is expected to announce a bid for the post."
        )
    )
    assert not find_line(briefing, "The example party met").expected
    assert find_line(briefing, "The secretary is expected").expected


def test_timeline_is_sorted_by_day_with_the_articles_date_words() -> None:
    """Days, and a period by its first day. Each is found, whichever of them opens the briefing."""
    briefing = brief(
        make_article("The members voted against their leader on Saturday.", "b", day=TUESDAY),
        make_article("The example party lost much ground last week.", "a", "The Post", TUESDAY),
        make_article("Many councillors rose in anger on 17 June.", "c", "The News", TUESDAY),
        make_article("Nurses walked out of both wards on Monday.", "d", "The Herald", TUESDAY),
        make_article("A storm tore tiles off forty roofs on 15 June.", "e", "The Star", TUESDAY),
        NEWS,
    )
    expected_lines = {
        "A storm": (date(2016, 6, 15), "on 15 June", None),
        "Many councillors": (date(2016, 6, 17), "on 17 June", None),
        "The example": (None, "last week", "between Mon 20 Jun and Sun 26 Jun 2016"),
        "The members": (date(2016, 6, 25), "on Saturday", None),
        "Nurses": (MONDAY, "on Monday", None),
    }
    for words, values in expected_lines.items():
        line = find_line(briefing, words)
        assert (line.day, line.date_words, line.note) == values
    days = [get_first_day(line) for line in briefing.get_slot_lines(Slot.TIMELINE) if line.date_words]
    assert len(days) >= 3
    assert days == sorted(days)


def test_undated_article_takes_the_year_from_a_dated_one() -> None:
    briefing = brief(
        make_article("The example party went to vote on 23 June.", "u", day=None),
        NEWS,
    )
    line = find_line(briefing, "The example party")
    assert (line.day, line.anchor) == (date(2016, 6, 23), "n")


def test_period_of_one_day_is_that_day() -> None:
    briefing = brief(
        make_article(
            "The members of it voted on Friday. The day before, all the polling booths were open.", day=TUESDAY
        ),
        NEWS,
    )
    lines = [find_line(briefing, words) for words in ("The day before", "The members")]
    assert [(line.day, line.date_words, line.note) for line in lines] == [
        (date(2016, 6, 23), "The day before", None),
        (date(2016, 6, 24), "on Friday", None),
    ]


def test_what_is_expected_belongs_to_the_status() -> None:
    briefing = brief(
        make_article("The example party is expected to hold its congress in September.", "a", day=TUESDAY),
        NEWS,
    )
    line = find_line(briefing, "The example party")
    assert (line.slot, line.expected) == (Slot.STATUS, True)
    assert find_line(briefing, "Ministers agreed") is briefing.lines[0]


def test_news_of_the_newest_article_leads_and_is_not_repeated() -> None:
    briefing = brief(
        make_article(
            "Voters in Easton go to the polls after a long campaign about the closure of the town's only hospital.",
            "a",
            day=MONDAY,
        ),
        make_article(
            "Jane Roe won the Easton election and vowed to keep the hospital open for the people.", "b", "P", TUESDAY
        ),
        make_article(
            "The Easton election was won by Jane Roe, who vowed to keep the hospital open.", "c", "Q", TUESDAY
        ),
    )
    texts = get_texts(briefing, Slot.STATUS) + get_texts(briefing, Slot.TIMELINE)
    assert "Jane Roe" in texts[0]
    assert sum("won" in text.split() for text in texts) == 1


def test_what_older_articles_call_possible_is_not_shown_as_the_state() -> None:
    briefing = brief(
        make_article(
            "Jane Roe could still face a formal inquiry into the fire at the old harbour warehouse.", "a", day=MONDAY
        ),
        make_article(
            "Police charged Jane Roe with arson after the fire at the old harbour warehouse.",
            "b",
            "P",
            date(2016, 7, 1),
        ),
    )
    assert not any("could still" in line.text for line in briefing.lines)


def test_could_of_the_past_is_no_state_that_goes_out_of_date() -> None:
    briefing = brief(
        make_article("Jane Roe could no longer pay the staff of the old harbour warehouse.", "a", day=MONDAY),
        make_article("Police closed the town's only theatre after a long fire.", "b", "P", date(2016, 7, 1)),
    )
    assert any("could no longer" in line.text for line in briefing.lines)


def test_plan_is_not_shown_as_an_event_of_the_week_before() -> None:
    briefing = brief(
        make_article("The long ban, which worried farmers, goes into effect on Saturday.", "a", day=TUESDAY), NEWS
    )
    assert not any(line.day and line.day < MONDAY for line in briefing.lines)


def test_line_that_opens_with_a_quotation_is_left_to_the_quotes() -> None:
    briefing = brief(
        make_article('"It is late," said Jane Roe of the Easton council, who had come to the hall at 9 p.m.', "a"), NEWS
    )
    assert not any("late" in text for text in get_texts(briefing, Slot.TIMELINE))


def test_what_is_expected_is_not_repeated_in_the_timeline() -> None:
    briefing = brief(
        make_article("Jane Roe of the Easton council is expected to announce a bid for mayor in May.", "a"),
        make_article("Jane Roe of the Easton council will announce her bid for mayor in May.", "b", "The Post"),
        make_article("Jane Roe announced a bid for mayor in May, the Easton council said.", "c", "The News"),
        NEWS,
    )
    assert sum("bid for mayor" in line.text for line in briefing.lines if line.evidence) <= 2


def test_day_after_publication_is_not_shown_unless_expected() -> None:
    briefing = brief(
        make_article("Staff said before the match that doors of the ground opened on 30 June.", "a", day=TUESDAY), NEWS
    )
    assert all(line.day is None or line.day <= TUESDAY for line in briefing.lines)


def test_period_in_an_undated_article_is_not_resolved() -> None:
    briefing = brief(
        make_article("The example party lost much ground last week.", "u", day=None),
        NEWS,
    )
    line = find_line(briefing, "The example party")
    assert (line.day, line.date_words, line.note) == (None, None, None)


def test_sentences_that_need_context_are_not_lines() -> None:
    briefing = brief(
        make_article(
            "But he said nothing more of it on Monday. The leader said: “I will stay on Monday. I will not go.”"
        )
    )
    assert get_texts(briefing, Slot.STATUS) + get_texts(briefing, Slot.TIMELINE) == []


def test_sentence_that_ends_inside_a_quotation_is_not_a_line() -> None:
    briefing = brief(
        make_article('The secretary told the members of her party in the hall: "No.\n"I shall stay," she said.')
    )
    assert get_texts(briefing, Slot.STATUS) == []


def test_sentence_of_stop_words_appears_once() -> None:
    """Its vector is empty, so it is not even similar to itself."""
    assert get_texts(brief(make_article("Not one of those who were there was there for it.")), Slot.STATUS) == [
        "Not one of those who were there was there for it."
    ]


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
        make_article("One.", "b"), make_article("Two.", "a", None, None), make_article("Three.", "c", day=MONDAY)
    )
    assert get_texts(briefing, Slot.SOURCES) == [
        "The Paper, Mon 27 Jun 2016: https://paper.example/c",
        "The Paper, Thu 30 Jun 2016: https://paper.example/b",
        "unknown outlet, undated: https://paper.example/a",
    ]


def test_unused_words_of_a_slot_go_to_the_next() -> None:
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


def test_article_of_one_short_sentence_has_a_briefing() -> None:
    assert get_texts(brief(make_article("The mayor resigned on Monday.")), Slot.STATUS) == [
        "The mayor resigned on Monday."
    ]


def test_lead_that_does_not_fit_makes_way_for_one_that_does() -> None:
    long_news = (
        "Ministers agreed on Tuesday to build a new bridge across the wide river near the old harbour of the town."
    )
    short_news = "Engineers of Easton will begin the work in May, the council said on Tuesday."
    briefing = brief(make_article(f"{long_news}\n\n{short_news}"), words=20)
    assert briefing.words <= 20
    assert briefing.lines[0].evidence


def test_lines_with_the_words_asked_for_come_first() -> None:
    article = make_article(
        "Ministers agreed on Tuesday to build a new bridge across the wide river near the old harbour.\n\n"
        "Engineers closed the lighthouse of Easton on Monday after a storm had broken its windows.",
    )
    briefing = compose("s", "S", analyse_articles(article), max_words=200, question="lighthouse")
    assert "lighthouse" in briefing.lines[0].text
