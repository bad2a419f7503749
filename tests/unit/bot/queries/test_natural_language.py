"""Questions in plain words and the queries that they give."""

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
    ("did anyone say “x”", WhoSaidQuery("x")),
    ("who said help?", WhoSaidQuery("help")),
    ("who said “it happened in June”", WhoSaidQuery("it happened in June")),
    ("who said “since: monday”", WhoSaidQuery("since: monday")),
    # with filters
    ("who said “betrayed” in the Guardian?", WhoSaidQuery("betrayed", outlet="Guardian")),
    ("who said “betrayed” about the vote", WhoSaidQuery("betrayed", about="vote")),
    ("who said betrayed since monday", WhoSaidQuery("betrayed", since=MONDAY)),
    ("who said betrayed yesterday", WhoSaidQuery("betrayed", since=YESTERDAY, until=YESTERDAY)),
    ("who said lynch-mob by:McDonnell", WhoSaidQuery("lynch-mob", by="McDonnell")),
    ("did Corbyn say he would resign?", WhoSaidQuery("he would resign", by="Corbyn")),
    ("has John McDonnell ever said “lynch-mob”?", WhoSaidQuery("lynch-mob", by="John McDonnell")),
    # quotes of one speaker
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
    # names of slash commands inside a message
    ("/briefing labour-crisis", BriefingQuery("labour-crisis")),
    ("Briefing: labour-crisis", BriefingQuery("labour-crisis")),
    ("briefing on labour-crisis", BriefingQuery("labour-crisis")),
    ("whosaid lynch-mob by:McDonnell", WhoSaidQuery("lynch-mob", by="McDonnell")),
    ("/briefing", TopicsQuery()),
    ("/whosaid help", HelpCommand()),
    # topics, help and thanks
    ("topics", TopicsQuery()),
    ("show me the topics", TopicsQuery()),
    ("what's new?", TopicsQuery()),
    *(
        (question, HelpCommand())
        for question in ("help", "", " ", "?", "Hi!", "hello there", "what can you do?", "how do you work")
    ),
    *((thanks, UsageMessage("You're welcome.")) for thanks in ("thanks!", "Thank you", "thanks a lot")),
]


@pytest.mark.parametrize(("question", "expected"), CASES)
def test_question_gives_a_query(question: str, expected: ParsedQuery) -> None:
    assert parse_question(question, TODAY) == expected


@pytest.mark.parametrize("question", ["what did he say?", "what do people say", "what has anyone said"])
def test_pronoun_as_speaker_asks_for_a_name(question: str) -> None:
    query = parse_question(question, TODAY)
    assert isinstance(query, UsageMessage)
    assert "Name the speaker" in query.sentence


def test_question_without_words_asks_for_them() -> None:
    query = parse_question("who said that?", TODAY)
    assert isinstance(query, UsageMessage)
    assert "Which words?" in query.sentence


def test_long_question_names_the_limit() -> None:
    query = parse_question("who said " + "x" * 1_000, TODAY)
    assert isinstance(query, UsageMessage)
    assert "the limit is 1,000" in query.sentence


_WORDS = st.sampled_from(
    ["who", "said", "what", "did", "brief me on", "“", '"', "since", "by:", "the", "x", "?", "help", ":"]
)


@given(st.one_of(st.text(max_size=200), st.lists(_WORDS, max_size=40).map(" ".join)))
def test_any_text_gives_a_value(question: str) -> None:
    assert isinstance(
        parse_question(question, TODAY), BriefingQuery | WhoSaidQuery | TopicsQuery | HelpCommand | UsageMessage
    )
