"""What somebody says in plain words, and what it asks."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ask import BriefingAsk, HelpAsk, TopicsAsk, Usage, WhoSaidAsk
from bot.plain import Asked, asked

TODAY = date(2016, 7, 1)  # a Friday
YESTERDAY, MONDAY = date(2016, 6, 30), date(2016, 6, 27)

CASES: list[tuple[str, Asked]] = [
    # who said it
    ("who said lynch-mob?", WhoSaidAsk("lynch-mob")),
    ("Who said “lynch mob without a rope”?", WhoSaidAsk("lynch mob without a rope")),
    ("who said: lynch-mob", WhoSaidAsk("lynch-mob")),
    ("who said, 'lynch-mob'?", WhoSaidAsk("lynch-mob")),
    ("hey, who's said that Corbyn should go??", WhoSaidAsk("Corbyn should go")),
    ("who was it that said lynch-mob", WhoSaidAsk("lynch-mob")),
    ("could you please tell me who said lynch-mob", WhoSaidAsk("lynch-mob")),
    ("who called it a “lynch-mob”?", WhoSaidAsk("lynch-mob")),
    ("who used the words lynch-mob", WhoSaidAsk("lynch-mob")),
    ("where does lynch-mob come from", WhoSaidAsk("lynch-mob")),
    ("search for lynch-mob", WhoSaidAsk("lynch-mob")),
    ("“lynch-mob”", WhoSaidAsk("lynch-mob")),
    ("who said help?", WhoSaidAsk("help")),
    ("who said “it happened in June”", WhoSaidAsk("it happened in June")),
    ("who said “since: monday”", WhoSaidAsk("since: monday")),
    # within bounds
    ("who said “betrayed” in the Guardian?", WhoSaidAsk("betrayed", outlet="Guardian")),
    ("who said “betrayed” about the vote", WhoSaidAsk("betrayed", about="the vote")),
    ("who said betrayed since monday", WhoSaidAsk("betrayed", since=MONDAY)),
    ("who said betrayed yesterday", WhoSaidAsk("betrayed", since=YESTERDAY, until=YESTERDAY)),
    ("who said lynch-mob by:McDonnell", WhoSaidAsk("lynch-mob", by="McDonnell")),
    ("did Corbyn say he would resign?", WhoSaidAsk("he would resign", by="Corbyn")),
    ("has John McDonnell ever said “lynch-mob”?", WhoSaidAsk("lynch-mob", by="John McDonnell")),
    # what somebody said
    ("what did Corbyn say", WhoSaidAsk("", by="Corbyn")),
    ("What’s Corbyn saying?", WhoSaidAsk("", by="Corbyn")),
    ("What did the Labour leader say?", WhoSaidAsk("", by="Labour leader")),
    ("what did Jeremy Corbyn say about the vote?", WhoSaidAsk("", by="Jeremy Corbyn", about="vote")),
    ("what did Corbyn say in the Guardian", WhoSaidAsk("", by="Corbyn", outlet="Guardian")),
    ("what did Corbyn say until 24 June 2016", WhoSaidAsk("", by="Corbyn", until=date(2016, 6, 24))),
    ("quotes by Angela Eagle on leadership", WhoSaidAsk("", by="Angela Eagle", about="leadership")),
    # briefings
    ("labour-crisis", BriefingAsk("labour-crisis")),
    ("brief me on labour-crisis", BriefingAsk("labour-crisis")),
    ("Please brief me on the labour crisis, thanks!", BriefingAsk("labour crisis")),
    ("give me a short briefing on Brexit", BriefingAsk("Brexit")),
    ("what's happening with Labour?", BriefingAsk("Labour")),
    ("What is the latest on the Tooting by-election?", BriefingAsk("Tooting by-election")),
    ("what do we know about Tooting", BriefingAsk("Tooting")),
    ("tell me about Tooting", BriefingAsk("Tooting")),
    ("any news on Brexit?", BriefingAsk("Brexit")),
    ("Who is John McDonnell?", BriefingAsk("John McDonnell")),
    ("where does the labour crisis stand now?", BriefingAsk("labour crisis")),
    ("what has been happening in Labour since 24 June 2016", BriefingAsk("Labour", since=date(2016, 6, 24))),
    ("brief me on labour-crisis from:Guardian", BriefingAsk("labour-crisis", outlet="Guardian")),
    ("I said nothing", BriefingAsk("I said nothing")),
    # the commands' own names, where no command is read
    ("/briefing labour-crisis", BriefingAsk("labour-crisis")),
    ("Briefing: labour-crisis", BriefingAsk("labour-crisis")),
    ("briefing on labour-crisis", BriefingAsk("labour-crisis")),
    ("whosaid lynch-mob by:McDonnell", WhoSaidAsk("lynch-mob", by="McDonnell")),
    ("/briefing", TopicsAsk()),
    ("/whosaid help", HelpAsk()),
    # the rest
    ("topics", TopicsAsk()),
    ("show me the topics", TopicsAsk()),
    ("what's new today?", TopicsAsk()),
    *(
        (said, HelpAsk())
        for said in ("help", "", " ", "?", "Hi!", "hello there", "what can you do?", "how do you work")
    ),
    *((said, Usage("You are welcome.")) for said in ("thanks!", "Thank you", "thanks a lot")),
]


@pytest.mark.parametrize(("said", "meant"), CASES)
def test_what_is_said_asks_this(said: str, meant: Asked) -> None:
    assert asked(said, TODAY) == meant


@pytest.mark.parametrize("said", ["what did he say?", "what do people say about Corbyn", "did anyone say “x”"])
def test_a_pronoun_names_nobody(said: str) -> None:
    found = asked(said, TODAY)
    assert isinstance(found, Usage)
    assert "Name the speaker" in found.sentence


def test_a_question_without_words_is_told_what_to_say() -> None:
    found = asked("who said that?", TODAY)
    assert isinstance(found, Usage)
    assert "Which words?" in found.sentence


def test_too_many_characters_are_told() -> None:
    found = asked("who said " + "x" * 1_000, TODAY)
    assert isinstance(found, Usage)
    assert "at most 1,000" in found.sentence


_WORDS = st.sampled_from(
    ["who", "said", "what", "did", "brief me on", "“", '"', "since", "by:", "the", "x", "?", "help", ":"]
)


@given(st.one_of(st.text(max_size=200), st.lists(_WORDS, max_size=40).map(" ".join)))
def test_anything_said_gives_a_value(said: str) -> None:
    """Never an error; and a question asks the same again from its line."""
    assert isinstance(asked(said, TODAY), BriefingAsk | WhoSaidAsk | TopicsAsk | HelpAsk | Usage)
