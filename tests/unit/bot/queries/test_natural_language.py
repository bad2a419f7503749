"""What somebody says in plain words, and what it asks."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.queries.natural_language import ParsedQuery, parse_question
from bot.queries.queries import BriefingQuery, HelpCommand, TopicsQuery, UsageMessage, WhoSaidQuery

TODAY = date(2016, 7, 1)  # a Friday
YESTERDAY, MONDAY = date(2016, 6, 30), date(2016, 6, 27)

CASES: list[tuple[str, ParsedQuery]] = [
    # who said it
    ("who said lynch-mob?", WhoSaidQuery("lynch-mob")),
    ("Who said “lynch mob without a rope”?", WhoSaidQuery("lynch mob without a rope")),
    ("who said: lynch-mob", WhoSaidQuery("lynch-mob")),
    ("who said, 'lynch-mob'?", WhoSaidQuery("lynch-mob")),
    ("hey, who's said that Corbyn should go??", WhoSaidQuery("Corbyn should go")),
    ("who was it that said lynch-mob", WhoSaidQuery("lynch-mob")),
    ("could you please tell me who said lynch-mob", WhoSaidQuery("lynch-mob")),
    ("who called it a “lynch-mob”?", WhoSaidQuery("lynch-mob")),
    ("who used the words lynch-mob", WhoSaidQuery("lynch-mob")),
    ("where does lynch-mob come from", WhoSaidQuery("lynch-mob")),
    ("search for lynch-mob", WhoSaidQuery("lynch-mob")),
    ("“lynch-mob”", WhoSaidQuery("lynch-mob")),
    ("who said help?", WhoSaidQuery("help")),
    ("who said “it happened in June”", WhoSaidQuery("it happened in June")),
    ("who said “since: monday”", WhoSaidQuery("since: monday")),
    # within bounds
    ("who said “betrayed” in the Guardian?", WhoSaidQuery("betrayed", outlet="Guardian")),
    ("who said “betrayed” about the vote", WhoSaidQuery("betrayed", about="the vote")),
    ("who said betrayed since monday", WhoSaidQuery("betrayed", since=MONDAY)),
    ("who said betrayed yesterday", WhoSaidQuery("betrayed", since=YESTERDAY, until=YESTERDAY)),
    ("who said lynch-mob by:McDonnell", WhoSaidQuery("lynch-mob", by="McDonnell")),
    ("did Corbyn say he would resign?", WhoSaidQuery("he would resign", by="Corbyn")),
    ("has John McDonnell ever said “lynch-mob”?", WhoSaidQuery("lynch-mob", by="John McDonnell")),
    # what somebody said
    ("what did Corbyn say", WhoSaidQuery("", by="Corbyn")),
    ("What’s Corbyn saying?", WhoSaidQuery("", by="Corbyn")),
    ("What did the Labour leader say?", WhoSaidQuery("", by="Labour leader")),
    ("what did Jeremy Corbyn say about the vote?", WhoSaidQuery("", by="Jeremy Corbyn", about="vote")),
    ("what did Corbyn say in the Guardian", WhoSaidQuery("", by="Corbyn", outlet="Guardian")),
    ("what did Corbyn say until 24 June 2016", WhoSaidQuery("", by="Corbyn", until=date(2016, 6, 24))),
    ("quotes by Angela Eagle on leadership", WhoSaidQuery("", by="Angela Eagle", about="leadership")),
    # briefings
    ("labour-crisis", BriefingQuery("labour-crisis")),
    ("brief me on labour-crisis", BriefingQuery("labour-crisis")),
    ("Please brief me on the labour crisis, thanks!", BriefingQuery("labour crisis")),
    ("give me a short briefing on Brexit", BriefingQuery("Brexit")),
    ("what's happening with Labour?", BriefingQuery("Labour")),
    ("What is the latest on the Tooting by-election?", BriefingQuery("Tooting by-election")),
    ("what do we know about Tooting", BriefingQuery("Tooting")),
    ("tell me about Tooting", BriefingQuery("Tooting")),
    ("any news on Brexit?", BriefingQuery("Brexit")),
    ("Who is John McDonnell?", BriefingQuery("John McDonnell")),
    ("where does the labour crisis stand now?", BriefingQuery("labour crisis")),
    ("what has been happening in Labour since 24 June 2016", BriefingQuery("Labour", since=date(2016, 6, 24))),
    ("brief me on labour-crisis from:Guardian", BriefingQuery("labour-crisis", outlet="Guardian")),
    ("I said nothing", BriefingQuery("I said nothing")),
    # the commands' own names, where no command is read
    ("/briefing labour-crisis", BriefingQuery("labour-crisis")),
    ("Briefing: labour-crisis", BriefingQuery("labour-crisis")),
    ("briefing on labour-crisis", BriefingQuery("labour-crisis")),
    ("whosaid lynch-mob by:McDonnell", WhoSaidQuery("lynch-mob", by="McDonnell")),
    ("/briefing", TopicsQuery()),
    ("/whosaid help", HelpCommand()),
    # the rest
    ("topics", TopicsQuery()),
    ("show me the topics", TopicsQuery()),
    ("what's new today?", TopicsQuery()),
    *(
        (said, HelpCommand())
        for said in ("help", "", " ", "?", "Hi!", "hello there", "what can you do?", "how do you work")
    ),
    *((said, UsageMessage("You are welcome.")) for said in ("thanks!", "Thank you", "thanks a lot")),
]


@pytest.mark.parametrize(("said", "meant"), CASES)
def test_what_is_said_asks_this(said: str, meant: ParsedQuery) -> None:
    assert parse_question(said, TODAY) == meant


@pytest.mark.parametrize("said", ["what did he say?", "what do people say about Corbyn", "did anyone say “x”"])
def test_a_pronoun_names_nobody(said: str) -> None:
    found = parse_question(said, TODAY)
    assert isinstance(found, UsageMessage)
    assert "Name the speaker" in found.sentence


def test_a_question_without_words_is_told_what_to_say() -> None:
    found = parse_question("who said that?", TODAY)
    assert isinstance(found, UsageMessage)
    assert "Which words?" in found.sentence


def test_too_many_characters_are_told() -> None:
    found = parse_question("who said " + "x" * 1_000, TODAY)
    assert isinstance(found, UsageMessage)
    assert "at most 1,000" in found.sentence


_WORDS = st.sampled_from(
    ["who", "said", "what", "did", "brief me on", "“", '"', "since", "by:", "the", "x", "?", "help", ":"]
)


@given(st.one_of(st.text(max_size=200), st.lists(_WORDS, max_size=40).map(" ".join)))
def test_anything_said_gives_a_value(said: str) -> None:
    """Never an error; and a question asks the same again from its line."""
    assert isinstance(
        parse_question(said, TODAY), BriefingQuery | WhoSaidQuery | TopicsQuery | HelpCommand | UsageMessage
    )
