"""The status and the timeline of briefings on small stories: which sentences are lines, their days and marks."""

from datetime import date

from briefings.compose import compose
from briefings.model import Briefing, Line, Slot
from tests.support.articles import analyse_articles, make_article
from tests.support.small_briefings import brief, get_texts

MONDAY, TUESDAY = date(2016, 6, 27), date(2016, 6, 28)

#: the news of a story, which opens the status
NEWS = make_article(
    "Ministers agreed to build a new bridge across the wide river near the old harbour of the town.",
    "n",
    "The Tribune",
    TUESDAY,
)


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
