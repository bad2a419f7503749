"""What the grammar does with names that no one knows, contradictions, words that articles contain, and hostile text."""

from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.queries.grammar.names import ListedNames
from bot.queries.natural_language import parse_command_text, parse_question
from bot.queries.queries import BriefingQuery, Command, UsageMessage, WhoSaidQuery

TODAY = date(2026, 3, 18)
NAMES = ListedNames(
    ["Jane Roe", "Tom Alder", "Clara May"],
    ["The Tribune", "Tribune Weekly", "Easton Herald"],
    {"ferry-strike": "The ferry strike"},
    article_texts=["We said that Roe must go by Monday", "who said yes"],
)


def parse(text: str) -> object:
    return parse_command_text(Command.WHOSAID, text, TODAY, NAMES)


@pytest.mark.parametrize("text", ["Roe must go", "must go by Monday", "who said yes"])
def test_words_that_an_article_contains_are_never_split(text: str) -> None:
    assert parse(text) == WhoSaidQuery(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('"levy" by Roe and Alder', "by: only once"),
        ('"levy" Roe Alder', "by: only once"),
        ('"levy" Tribune Easton Herald', "from: only once"),
        ('"levy" since monday since tuesday', "since: only once"),
        ('"levy" last week in June 2025', "only once"),
        ('"levy" until 1 June 2025 since 1 July 2025', "Swap them"),
        ('"levy" nope:x', "“nope:”"),
        ('"levy" since the vote', "“the vote”"),
        ('"levy" boats about lights', "“boats”"),
        ('"levy" since:' + "x" * 900, "…”"),
    ],
)
def test_what_is_not_understood_is_quoted_with_an_example(text: str, words: str) -> None:
    query = parse(text)
    assert isinstance(query, UsageMessage)
    assert words in query.sentence
    assert "xample" in query.sentence or "Try" in query.sentence
    assert len(query.sentence) < 400


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"levy" Tribune', WhoSaidQuery("levy", outlet="Tribune")),
        ('"levy" in the Tribune Weekly', WhoSaidQuery("levy", outlet="Tribune Weekly")),
        ('"levy" in the Daily Globe', WhoSaidQuery("levy", outlet="Daily Globe")),
        ('"levy" in parliament', WhoSaidQuery("levy", about="parliament")),
        ('"levy" Jane', WhoSaidQuery("levy", about="Jane")),
        ('"levy" "boats"', WhoSaidQuery("levy", about="boats")),
        ('"levy" by "Jane Roe"', WhoSaidQuery("levy", by="Jane Roe")),
        ('by "Jane Roe" "levy"', WhoSaidQuery("levy", by="Jane Roe")),
        ('"levy" by May', WhoSaidQuery("levy", by="May")),
        ('"levy" may', WhoSaidQuery("levy", since=date(2025, 5, 1), until=date(2025, 5, 31))),
        ('"levy" after 31.12.9999', WhoSaidQuery("levy", since=date(9999, 12, 31))),
        ("levy by Ada Brandt", WhoSaidQuery("levy", by="Ada Brandt")),
        ("a man by the sea", WhoSaidQuery("a man by the sea")),
        ('"help"', WhoSaidQuery("help")),
    ],
)
def test_names_are_names_only_where_they_can_be(text: str, expected: WhoSaidQuery) -> None:
    assert parse(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "'" * 900,
        '"' * 901,
        "By " * 300,
        "not " * 240 + "by Roe",
        "since " * 160,
        "<" * 900,
        ":a:" * 300,
        "- " * 450,
        "“" + "x " * 400,
        "`" * 900,
    ],
)
def test_hostile_text_is_answered(text: str) -> None:
    for query in (parse(text), parse_question(text, TODAY, NAMES), parse(f'"levy" {text}'[:1000])):
        assert query is not None


@dataclass
class CountedNames:
    """Some names, and how often the grammar asks for one."""

    lookups: int = 0

    def is_person(self, name: str) -> bool:
        self.lookups += 1
        return NAMES.is_person(name)

    def find_outlet(self, name: str, *, partial: bool = False) -> str | None:
        self.lookups += 1
        return NAMES.find_outlet(name, partial=partial)

    def find_topic(self, text: str) -> str | None:
        self.lookups += 1
        return NAMES.find_topic(text)

    def has_words(self, text: str) -> bool:
        return NAMES.has_words(text)


@pytest.mark.parametrize("word", ["May ", "Roe ", "1 June ", "- ", "please ", "in May ", "last week "])
@pytest.mark.parametrize("start", ["", "ferry "])
def test_long_text_of_one_kind_takes_few_lookups(start: str, word: str) -> None:
    names = CountedNames()
    for command in Command.WHOSAID, Command.BRIEFING:
        parse_command_text(command, (start + word * 1000)[:990], TODAY, names)
    assert names.lookups < 8_000


_PIECES = st.sampled_from(
    ["Roe", "Tribune", "ferry-strike", "by", "since", "from", "to", "June", "2025", '"', "“levy”", "'", "about", "--by"]
)


@given(st.lists(_PIECES, max_size=12).map(" ".join))
def test_any_order_of_words_gives_a_command_that_is_read_back(text: str) -> None:
    """The command that a button repeats asks the same question."""
    from bot.queries.queries import parse_command

    for command in (Command.WHOSAID, Command.BRIEFING):
        query = parse_command_text(command, text, TODAY, NAMES)
        if isinstance(query, WhoSaidQuery | BriefingQuery):
            assert parse_command(query.command_text, TODAY) is not None
