"""What is to be watched is read as people type it, and what a watch cannot do is refused with one that works."""

import re
import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.queries.grammar.names import ListedNames
from bot.queries.queries import UsageMessage
from bot.queries.watch_requests import strip_watch_request
from bot.queries.watches import format_watch, parse_watch
from briefings.watches import WatchQuery

TODAY = date(2016, 7, 1)
NAMES = ListedNames(
    people=("Jane Roe", "John Alder", "Theresa May"),
    outlets=("The Tribune", "Easton Herald"),
    topics={"ferry-strike": "The ferry strike"},
)


def parse(text: str) -> WatchQuery | UsageMessage:
    """Parse a message as the bot does: with or without a request in plain words."""
    request = strip_watch_request(text)
    return parse_watch(text if request is None else request, TODAY, NAMES)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"lynch-mob"', WatchQuery("lynch-mob")),
        ("“lynch-mob”", WatchQuery("lynch-mob")),
        ("«lynch-mob»", WatchQuery("lynch-mob")),
        ('by:"John Alder"', WatchQuery(by="John Alder")),
        ("by:“John Alder”", WatchQuery(by="John Alder")),
        ("by:Roe about:immigration", WatchQuery(by="Roe", about="immigration")),
        ("about:immigration by:Roe", WatchQuery(by="Roe", about="immigration")),
        ("by Roe about immigration", WatchQuery(by="Roe", about="immigration")),
        ('by:Roe "the harbour"', WatchQuery("the harbour", by="Roe")),
        ('"the harbour" Roe', WatchQuery("the harbour", by="Roe")),
        ("by:Roe harbour fares", WatchQuery(words="harbour fares", by="Roe")),
        ("Easton by-election", WatchQuery(words="Easton by-election")),
        ("Jane Roe", WatchQuery(words="Jane Roe")),
        ("Roe immigration", WatchQuery(words="Roe immigration")),
        ("Roe on immigration", WatchQuery(by="Roe", about="immigration")),
        ("Roe: immigration", WatchQuery(by="Roe", about="immigration")),
        ("strike in The Tribune", WatchQuery(words="strike", outlet="The Tribune")),
        ("strike from:tribune", WatchQuery(words="strike", outlet="The Tribune")),
        ("strike in Easton", WatchQuery(words="strike in Easton")),
        ("Easton Herald", WatchQuery(words="Easton Herald")),
        ("about:immigration", WatchQuery(words="immigration")),
        ("about immigration", WatchQuery(words="immigration")),
        ("the ferry strike", WatchQuery(words="ferry-strike")),
        ("ferry strike by Roe", WatchQuery(words="ferry-strike", by="Roe")),
        ("by:Roe about:the ferry strike", WatchQuery(by="Roe", about="ferry-strike")),
        ("budget 2017", WatchQuery(words="budget 2017")),
        ("vote on 9 May", WatchQuery(words="vote on 9 May")),
        ('"9 May"', WatchQuery("9 May")),
        ("strike by May", WatchQuery(words="strike", by="May")),
        ("R&amp;D", WatchQuery(words="R&D")),
        ("*harbour* fares :fish:", WatchQuery(words="harbour fares")),
        ('"to be or not to be"', WatchQuery("to be or not to be")),
        ('"-5 degrees"', WatchQuery("-5 degrees")),
        ("“help”", WatchQuery("help")),
        ("&gt; the harbour is closed", WatchQuery("the harbour is closed")),
    ],
)
def test_typed_watch_is_read(text: str, expected: WatchQuery) -> None:
    assert parse(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('watch for "lynch mob" in The Tribune', WatchQuery("lynch mob", outlet="The Tribune")),
        ("alert me when Roe speaks about immigration", WatchQuery(by="Roe", about="immigration")),
        ("Alert us here whenever Jane Roe talks about immigration!", WatchQuery(by="Jane Roe", about="immigration")),
        ('notify us of "lynch mob"', WatchQuery("lynch mob")),
        ("notify me about harbour fares please", WatchQuery(words="harbour fares")),
        (
            "Could you please let us know when harbour fares are mentioned in the Tribune?",
            WatchQuery(words="harbour fares", outlet="The Tribune"),
        ),
        ("let me know if someone mentions the ferry strike", WatchQuery(words="ferry-strike")),
        ("tell me when anyone says lynch mob", WatchQuery("lynch mob")),
        ("tell us as soon as Roe is quoted", WatchQuery(by="Roe")),
        ("ping me every time Roe says anything about the vote", WatchQuery(by="Roe", about="the vote")),
        (
            "I want to know when Jane Roe says something new on fishing in The Tribune",
            WatchQuery(by="Jane Roe", about="fishing", outlet="The Tribune"),
        ),
        ('message me when Roe says "never again"', WatchQuery("never again", by="Roe")),
        ("alert me if Roe mentions fishing", WatchQuery(words="fishing", by="Roe")),
        ("alert us when the Tribune writes about fishing", WatchQuery(words="fishing", outlet="The Tribune")),
        ("alert me when there is news about fishing quotas", WatchQuery(words="fishing quotas")),
        ("alert me when an article mentions fishing quotas", WatchQuery(words="fishing quotas")),
        ("alert me when fishing comes up", WatchQuery(words="fishing")),
        ("keep an eye on the ferry strike", WatchQuery(words="ferry-strike")),
        ("keep an eye out for harbour fares", WatchQuery(words="harbour fares")),
        ("watch out for the phrase no confidence", WatchQuery("no confidence")),
        ("look out for Roe saying never again", WatchQuery("never again", by="Roe")),
        ("set up an alert for harbour fares", WatchQuery(words="harbour fares")),
        ("new watch: harbour fares", WatchQuery(words="harbour fares")),
        ("monitor harbour fares", WatchQuery(words="harbour fares")),
        ("watch quotes by Roe about fishing", WatchQuery(by="Roe", about="fishing")),
        ("watch anything Roe says about the vote", WatchQuery(by="Roe", about="the vote")),
        ("watch mentions of Easton Ferries", WatchQuery(words="Easton Ferries")),
        ("/watch harbour fares", WatchQuery(words="harbour fares")),
        ("alert me when the mayor, Jane Roe, speaks", WatchQuery(by="Jane Roe")),
        ("alert me when Roe's aides speak", WatchQuery(by="Roe's aides")),
    ],
)
def test_request_in_plain_words_is_read(text: str, expected: WatchQuery) -> None:
    assert strip_watch_request(text) is not None
    assert parse(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "tell me about the ferry strike",
        "what did Roe say about fishing?",
        "who said lynch mob",
        "brief me on the ferry strike",
        "let me know who said lynch mob",
        "the night watch",
        "watchmakers of Easton",
        "alert",
        "hello",
        "",
        "send me a briefing on the ferry strike",
        "email from Jane Roe",
    ],
)
def test_other_questions_are_no_requests(text: str) -> None:
    assert strip_watch_request(text) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "What should I watch for?"),
        ("watch", "What should I watch for?"),
        ("*", "What should I watch for?"),
        ("“”", "What should I watch for?"),
        ("?!", "What should I watch for?"),
        ("from:Tribune", "What should I watch for in The Tribune?"),
        ("in The Tribune", "What should I watch for in The Tribune?"),
        ("the", "“the” is in nearly every article"),
        ('"the"', "“the” is in nearly every article"),
        ("of the", "“of the” is in nearly every article"),
        ("by:Roe about:the", "“the” is in nearly every article"),
        ("May", "“May” is in nearly every article"),
        ("harbour since:yesterday", "no dates"),
        ("since:2016-06-24 harbour", "no dates"),
        ("harbour until:friday", "no dates"),
        ("harbour since Monday", "no dates"),
        ("harbour until next Friday", "no dates"),
        ('"the harbour" in June', "no dates"),
        ("harbour today", "no dates"),
        ("harbour since:gibberish", "no dates"),
        ("harbour since:", "no dates"),
        ("strike or walkout", "make two watches"),
        ("strike | walkout", "make two watches"),
        ('"a strike" or "a walkout"', "one watch for each"),
        ("strike -ferry", "can't leave words out"),
        ("strike NOT ferry", "can't leave words out"),
        ("immigra*", "whole words"),
        ("when Roe or Alder speaks", "one speaker"),
        ("when Jane Roe and John Alder speak", "one speaker"),
        ("by:Roe or Alder", "one speaker"),
        ("by:Roe by:Alder", "only once"),
        ("by:", "Add a name"),
        ("harbour from:", "needs a value"),
        ("foo:bar harbour", "don't know the filter “foo:”"),
        ("alert me when he speaks", "Who do you mean?"),
        ("alert me when the vote is held", "can't watch for “when the vote is held”"),
        ("x" * 1001, "1,001 characters"),
    ],
)
def test_what_a_watch_cannot_do_is_refused_with_one_that_works(text: str, words: str) -> None:
    message = parse(text)
    assert isinstance(message, UsageMessage)
    assert words in message.sentence
    assert len(message.sentence) < 400
    if "characters" in message.sentence:
        return
    example = re.search(r"for example: /watch (.+)$", message.sentence)
    assert example
    assert isinstance(parse_watch(example[1].split(" or /watch")[0], TODAY, NAMES), WatchQuery)


@pytest.mark.parametrize(
    "query",
    [
        WatchQuery("lynch-mob"),
        WatchQuery("by: the harbour", by="Roe"),
        WatchQuery("on 9 May", outlet="The Tribune"),
        WatchQuery(by="John Alder", about="ferry-strike"),
        WatchQuery(words="Easton by-election", outlet="Easton Herald"),
        WatchQuery(words="ferry-strike", by="Roe"),
        WatchQuery(by="Jane Roe", about="the second vote", outlet="The Tribune"),
    ],
)
def test_formatted_watch_is_the_same_watch(query: WatchQuery) -> None:
    command = format_watch(query)
    assert command.startswith("/watch ")
    assert parse_watch(command.removeprefix("/watch "), TODAY, NAMES) == query


@pytest.mark.parametrize("text", ["_", "\\_", "by:_", '"\\_"', "alert me when _ says bridge", "about:_", "from:_ by:_"])
def test_text_without_letters_or_digits_is_asked_about(text: str) -> None:
    assert isinstance(parse(text), UsageMessage)


@given(st.text(max_size=200) | st.text(alphabet="by:about \"“'or-*whenRoesays.,", max_size=120))
def test_every_text_gives_a_value(text: str) -> None:
    value = parse(text)
    assert isinstance(value, WatchQuery | UsageMessage)
    if isinstance(value, UsageMessage):
        assert "\n" not in value.sentence


@pytest.mark.parametrize("piece", ["when ", "alert me ", "the new ", "Roe says ", 'by:"', "news about ", "a or ", "—-"])
def test_long_text_is_read_quickly(piece: str) -> None:
    text = (piece * 1000)[:1000]
    started_at = time.process_time()
    parse(text)
    parse(f"alert me when {text}"[:1000])
    assert time.process_time() - started_at < 2
