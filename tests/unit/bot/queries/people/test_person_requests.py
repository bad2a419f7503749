"""Timelines and comparisons are read in any order and in plain words, and other questions are read as before."""

import time
from datetime import date

import pytest

from bot.queries.grammar.names import ListedNames
from bot.queries.natural_language import parse_command_text, parse_question
from bot.queries.person_queries import ComparisonQuery, TimelineQuery
from bot.queries.queries import BriefingQuery, Command, UsageMessage, WhoSaidQuery, parse_command

TODAY = date(2026, 3, 18)
NAMES = ListedNames(
    ["Jane Roe", "Tom Alder", "Peter Marsh", "Susan Marsh", "Liam O'Dowd", "Ann Okoro-Bell", "Marks and Spencer"],
    ["The Tribune", "Easton Herald"],
    {"water-levy": "The water levy"},
    ["They want to compare notes on Roe.", "a timeline of events"],
)
#: what is typed, and the person, subject and other filters of the timeline
TIMELINES = [
    ('by:Roe about:"second ferry" timeline', "Roe", "second ferry"),
    ('about:"second ferry" by:Roe timeline', "Roe", "second ferry"),
    ('timeline by:Roe about:"second ferry"', "Roe", "second ferry"),
    ("TIMELINE by:Roe about:“second ferry”", "Roe", "second ferry"),
    ("timeline of Roe on the ferry", "Roe", "ferry"),
    ("Timeline: Roe on the ferry", "Roe", "ferry"),
    ("a time line for Jane Roe about the ferry", "Jane Roe", "ferry"),
    ("the timeline of what Roe said about the ferry", "Roe", "ferry"),
    ("show me a timeline of what Roe said about the ferry", "Roe", "ferry"),
    ("timeline of Roe's quotes on the ferry", "Roe", "ferry"),
    ("Roe timeline", "Roe", None),
    ("Roe's timeline on the ferry", "Roe", "ferry"),
    ("Roe on the ferry timeline", "Roe", "ferry"),
    ("Roe on the ferry, timeline", "Roe", "ferry"),
    ("Roe on the ferry over time", "Roe", "ferry"),
    ("Roe day by day", "Roe", None),
    ("what has Roe said about the ferry over time?", "Roe", "ferry"),
    ("what did Roe say about the ferry over the years", "Roe", "ferry"),
    ("how has Roe's position on the ferry changed?", "Roe", "ferry"),
    ("how has Roe's view of the ferry changed", "Roe", "ferry"),
    ("how did Roe change her mind about the ferry", "Roe", "ferry"),
    ("chronology of Roe on the ferry", "Roe", "ferry"),
    ('timeline of Roe on "the second ferry"', "Roe", "the second ferry"),
    ("timeline for Mrs Roe regarding the water levy", "Roe", "water-levy"),
    ("timeline of Mary Zork about the ferry", "Mary Zork", "ferry"),
    ("timeline Roe ferry", "Roe", "ferry"),
    ("give me the timeline of Roe's remarks about the ferry", "Roe", "ferry"),
    ("how did Roe's words on the ferry change over time", "Roe", "ferry"),
    ("how has what Roe says about the ferry changed over time?", "Roe", "ferry"),
    ("what did Roe first say about the ferry", "Roe", "ferry"),
    ("when did Roe last mention the ferry?", "Roe", "ferry"),
    ("what was the last thing Roe said about the ferry", "Roe", "ferry"),
    ("history of what Roe said about the ferry", "Roe", "ferry"),
]
COMPARISONS = [
    ("by:Roe vs by:Alder about:ferry", "ferry"),
    ("by:Roe and by:Alder about:ferry", "ferry"),
    ("about:ferry by:“Roe”, by:“Alder”", "ferry"),
    ('compare:"Roe" "Alder" about:ferry', "ferry"),
    ("compare Roe and Alder on what they said about the ferry", "ferry"),
    ("compare Roe's and Alder's opinions on the ferry", "ferry"),
    ('compare:"Roe and Alder" about:ferry', "ferry"),
    ('about:ferry compare:"Roe and Alder"', "ferry"),
    ("compare:“Roe, Alder” about:“ferry”", "ferry"),
    ("compare:Roe with:Alder about:ferry", "ferry"),
    ("compare:Roe compare:Alder about:ferry", "ferry"),
    ("compare by:Roe by:Alder about:ferry", "ferry"),
    ("compare: Roe and Alder on the ferry", "ferry"),
    ("compare Roe and Alder on the ferry", "ferry"),
    ("Compare Roe with Alder about the ferry", "ferry"),
    ("compare Roe to Alder regarding the ferry", "ferry"),
    ("compare Roe & Alder on the ferry", "ferry"),
    ("compare what Roe and Alder said about the ferry", "ferry"),
    ("compare what Roe said about the ferry with what Alder said", "ferry"),
    ("compare Roe's and Alder's positions on the ferry", "ferry"),
    ("comparison of Roe and Alder on the ferry", "ferry"),
    ("can you compare Roe and Alder on the ferry please?", "ferry"),
    ("Roe vs Alder on the ferry", "ferry"),
    ("Roe versus Alder about the ferry", "ferry"),
    ("Roe and Alder on the ferry side by side", "ferry"),
    ("how do Roe and Alder differ on the ferry?", "ferry"),
    ("what is the difference between Roe and Alder on the ferry?", "ferry"),
    ("timeline of Roe and Alder on the ferry", "ferry"),
    ("compare Roe and Alder", None),
    ("Roe vs. Alder", None),
]


def parse(text: str, door: str) -> object:
    if door == "talk":
        return parse_question(text, TODAY, NAMES)
    return parse_command_text(Command.WHOSAID, text, TODAY, NAMES)


@pytest.mark.parametrize("door", ["command", "talk"])
@pytest.mark.parametrize(("text", "by", "about"), TIMELINES)
def test_a_timeline_is_read_in_any_order(text: str, by: str, about: str | None, door: str) -> None:
    assert parse(text, door) == TimelineQuery(by, about)


@pytest.mark.parametrize("door", ["command", "talk"])
@pytest.mark.parametrize(("text", "about"), COMPARISONS)
def test_a_comparison_is_read_in_any_order(text: str, about: str | None, door: str) -> None:
    assert parse(text, door) == ComparisonQuery("Roe", "Alder", about)


def test_days_and_outlets_narrow_both() -> None:
    timeline = parse("timeline of Roe on the ferry since May 2025 in the Tribune", "command")
    assert timeline == TimelineQuery("Roe", "ferry", "The Tribune", date(2025, 5, 1))
    comparison = parse("compare Roe and Alder on the ferry last week", "command")
    assert comparison == ComparisonQuery("Roe", "Alder", "ferry", None, date(2026, 3, 9), date(2026, 3, 15))


def test_names_with_marks_in_them_are_whole_names() -> None:
    names = ComparisonQuery("O'Dowd", "Okoro-Bell", "ferry")
    assert parse("compare O'Dowd and Okoro-Bell on the ferry", "command") == names
    assert parse("compare Marks and Spencer and Roe", "command") == ComparisonQuery("Marks and Spencer", "Roe")
    assert parse("compare Mr Peter Marsh with Mrs Susan Marsh", "talk") == ComparisonQuery("Peter Marsh", "Susan Marsh")


@pytest.mark.parametrize("door", ["command", "talk"])
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("compare Roe, Alder and Marsh on the ferry", "two people at a time"),
        ('compare:"Roe, Alder and Marsh"', "two people at a time"),
        ("compare Roe", "Name two people"),
        ("compare:Roe about:ferry", "Name two people"),
        ('compare:"" about:ferry', "Name two people"),
        ("compare: about:ferry", "Name two people"),
        ("compare:Roe with:Alder since:whenever", "“whenever”"),
        ("timeline by:Roe since:whenever", "“whenever”"),
        ("timeline of Roe vote:yes", "“vote:”"),
        ("what did Roe and Alder say about the ferry", 'compare:"Roe and Alder"'),
    ],
)
def test_what_is_not_understood_is_answered_with_an_example(text: str, words: str, door: str) -> None:
    message = parse(text, door)
    assert isinstance(message, UsageMessage)
    assert words in message.sentence
    assert "/whosaid" in message.sentence or "Try" in message.sentence


@pytest.mark.parametrize(
    "text", ['"timeline" by Roe', '"timeline of Roe"', '"compare Roe and Alder"', "compare notes on Roe"]
)
def test_words_in_quotation_marks_or_in_an_article_are_searched_for(text: str) -> None:
    assert isinstance(parse(text, "command"), WhoSaidQuery)


@pytest.mark.parametrize("text", ["timeline of the ferry strike", "compare apples and oranges", "the ferry over time"])
def test_a_question_without_a_person_is_not_about_people(text: str) -> None:
    assert isinstance(parse(text, "talk"), BriefingQuery)


def test_a_command_for_a_timeline_without_a_person_quotes_what_was_not_found() -> None:
    message = parse("timeline of the ferry strike", "command")
    assert isinstance(message, UsageMessage)
    assert "“the ferry strike”" in message.sentence


@pytest.mark.parametrize(
    "query",
    [
        TimelineQuery("Jane Roe"),
        TimelineQuery("Jane Roe", 'the "second" ferry: now', "The Tribune", date(2025, 1, 1), date(2025, 2, 1)),
        TimelineQuery("timeline by:Roe", "about:x"),
        ComparisonQuery("Jane Roe", "Tom Alder"),
        ComparisonQuery("with:Roe", "and compare:x", "since:2020", "from:x", date(2025, 1, 1), date(2025, 2, 1)),
        WhoSaidQuery("timeline by:Roe"),
        WhoSaidQuery("timeline", by="Roe"),
        WhoSaidQuery("Timeline of events", by="Roe"),
        BriefingQuery("timeline of the strike"),
    ],
)
def test_a_button_repeats_the_same_query(query: TimelineQuery | ComparisonQuery | WhoSaidQuery | BriefingQuery) -> None:
    parsed_query = parse_command(query.command_text, TODAY)
    assert parsed_query is not None
    assert parsed_query.command_text == query.command_text
    assert isinstance(parsed_query, type(query))


@pytest.mark.parametrize(
    "text",
    [
        "/whosaid timeline by:",
        '/whosaid timeline by:"Roe" since:whenever',
        '/whosaid timeline by:"Roe" since:2025-02-01 until:2025-01-01',
        '/whosaid compare:"Roe"',
        '/whosaid compare:"Roe" with:""',
        '/whosaid compare:"Roe" with:"Alder" vote:yes',
    ],
)
def test_a_forged_button_is_no_query_about_people(text: str) -> None:
    assert not isinstance(parse_command(text, TODAY), TimelineQuery | ComparisonQuery)


@pytest.mark.parametrize(
    "text",
    [
        "compare " + "Roe and " * 120,
        "timeline of " * 80,
        "what " + "Roe said about " * 60,
        "how has " + "Roe's position on " * 50 + "changed",
        "compare:" * 120,
        "“" * 900,
        "compare " + " " * 900 + "x",
        "Roe " + "vs " * 300,
        "\u202e\x00 compare \ud800 and \u202e Roe",
    ],
)
def test_hostile_texts_are_read_quickly(text: str) -> None:
    started_at = time.perf_counter()
    for door in ("command", "talk"):
        parse(text[:1000], door)
    assert time.perf_counter() - started_at < 5


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("what did Roe say about the timeline", "timeline"),
        ("what did Roe say about the tide timeline", "tide timeline"),
    ],
)
def test_the_word_timeline_can_be_the_subject(text: str, about: str) -> None:
    assert parse_question(text, TODAY, NAMES) == WhoSaidQuery("", "Roe", about)


@pytest.mark.parametrize(
    ("text", "by"),
    [
        ("what did supporters of Roe say about the ferry", "supporters of Roe"),
        ("what did Zork and Roe say about the ferry", "Zork and Roe"),
        ("what did the mayor and party leader Jane Roe say about the ferry", "Jane Roe"),
    ],
)
def test_words_before_a_name_that_make_it_another_ones_are_not_dropped(text: str, by: str) -> None:
    assert parse_question(text, TODAY, NAMES) == WhoSaidQuery("", by, "ferry")


@pytest.mark.parametrize(
    "text",
    [
        "what did Roe and Alder say about the ferry",
        "what have both Roe and Alder said about the ferry?",
        "what did either Roe or Alder say about the ferry",
    ],
)
def test_a_question_about_two_people_is_answered_with_the_comparison_to_type(text: str) -> None:
    reading = parse_question(text, TODAY, NAMES)
    assert isinstance(reading, UsageMessage)
    assert reading.sentence.endswith('/whosaid compare:"Roe and Alder" about:"ferry"')


@pytest.mark.parametrize("words", ["critics", "the prime minister", "Roe's spokesman", "supporters of Roe"])
def test_a_timeline_of_no_person_is_refused_with_a_question_that_works(words: str) -> None:
    reading = parse_question(f"what did {words} say about the ferry over time", TODAY, NAMES)
    assert isinstance(reading, UsageMessage)
    assert f"“{words.removeprefix('the ')}”" in reading.sentence
    command = reading.sentence.partition("without a timeline: ")[2]
    assert parse_command(command, TODAY) == WhoSaidQuery("", words.removeprefix("the "), "ferry")


def test_words_after_first_say_are_searched_for_if_they_are_quoted() -> None:
    reading = parse_question('when did Roe first say "never again"', TODAY, NAMES)
    assert isinstance(reading, WhoSaidQuery)
    assert (reading.by, reading.words) == ("Roe", "never again")


@pytest.mark.parametrize("text", ["compare", "Compare:", "comparison"])
def test_compare_alone_asks_for_two_names(text: str) -> None:
    reading = parse_question(text, TODAY, ListedNames(["Jane Roe"], [], {}))
    assert isinstance(reading, UsageMessage)
    assert "Name two people" in reading.sentence
