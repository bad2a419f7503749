"""Messages in plain words that mute: those about a topic go to the topics, those about a source to the sources."""

import pytest

from bot.listeners.watches.requests import find_watch_text
from bot.mutes.command_parser import ListCommand, MuteCommand, UnmuteCommand, parse_request
from bot.queries.queries import UsageMessage
from bot.storage.topics.changes import MergeTopics, MuteTopic, RemoveTopic, RenameTopic
from bot.topics.command_parser import ChangeCommand
from bot.topics.plain_parser import parse_plain

OUTLETS = ("the tribune", "tribune", "the gazette", "topical times", "the daily topic", "the night watch")


def is_topic(name: str) -> bool:
    return name.casefold().replace("-", " ").removeprefix("the ") in ("ferry strike", "harbour budget")


def choose_handler(text: str) -> str:
    """Return who answers a message, in the order of the handlers."""
    command = parse_request(text, "C1")
    if isinstance(command, MuteCommand | UnmuteCommand) and command.may_be_other:
        command = command if command.names.casefold() in OUTLETS else None
    if command is not None:
        return "sources"
    if find_watch_text(text) is not None:
        return "watches"
    return "topics" if parse_plain(text, is_topic) is not None else "question"


@pytest.mark.parametrize(
    "text",
    [
        "mute the ferry strike topic",
        "mute topic ferry-strike",
        "mute the topic ferry strike",
        "unmute the ferry strike topic",
        "unmute topic ferry-strike",
        'please mute the topic "ferry strike"',
        "can you mute the ferry strike topic?",
        "could you please unmute the topic ferry-strike",
        "rename the ferry strike topic to Ferry dispute",
        "rename topic ferry-strike to Ferry dispute",
        'rename the topic "Ferry strike" to "Ferry dispute"',
        "rename the ferry strike topic as Ferry dispute",
        "remove the ferry strike topic",
        "delete topic ferry-strike",
        'delete the topic "Ferry strike"',
        "hide the ferry strike topic",
        "hide topic ferry-strike",
        "Mute our topic ferry strike.",
        "mute the “ferry strike” topic",
        "mute the *ferry strike* topic",
        "mute the ferry strike topic here",
        "mute topic ferry-strike please",
        "I want to mute the ferry strike topic",
        "let's mute the ferry strike topic",
        "stop showing the ferry strike topic",
        "silence the ferry strike topic",
        "merge the ferry strike topic into harbour budget",
        "get rid of the ferry strike topic",
        "hey, mute the topic ferry strike",
        "restore the ferry strike topic",
        "un-mute the ferry strike topic",
        "unhide topic ferry-strike",
        "MUTE THE FERRY STRIKE TOPIC",
        "mute the ferry-strike topic in this channel",
        "mute the topic called ferry strike",
        "show the ferry strike topic again",
        "bring back the ferry strike topic",
    ],
)
def test_request_about_a_topic_goes_to_the_topics(text: str) -> None:
    assert choose_handler(text) == "topics"
    command = parse_plain(text, is_topic)
    assert isinstance(command, ChangeCommand)
    assert isinstance(command.change, MuteTopic | RenameTopic | RemoveTopic | MergeTopics)
    assert is_topic(command.change.name)


@pytest.mark.parametrize(
    "text",
    [
        "mute The Tribune",
        "mute sport in The Tribune",
        "mute Tribune sport",
        "mute the Tribune here",
        "unmute The Tribune",
        "please mute The Tribune",
        "can you mute the tribune?",
        "mute tribune.example",
        "mute tribune.example/sport",
        "mute https://tribune.example/sport",
        "mute the outlet The Tribune",
        "mute the source The Tribune",
        "mute the sport section of The Tribune",
        'mute "The Tribune"',
        "unmute sport in The Tribune",
        "mute The Tribune and The Gazette",
        "what is muted here?",
        "which sources are muted?",
        "list muted sources",
        "show the muted sources",
        "un-mute The Tribune",
        "mute the newspaper The Tribune",
        "mute articles from The Tribune",
        "mute Topical Times",
        "mute the outlet The Daily Topic",
        "mute topics.tribune.example",
        "mute tribune.example/topics/sport",
        "mute everything from The Tribune",
        "Please unmute tribune.example/sport.",
        "mute *The Tribune*",
        "mute the website tribune.example",
        "unmute Topical Times",
        "mute sport topics in The Tribune",
        "could you please unmute the Tribune",
        "mute the section tribune.example/topic/ferry-strike",
        "mute The Daily Topic",
        "mute The Night Watch",
    ],
)
def test_request_about_a_source_goes_to_the_sources(text: str) -> None:
    assert choose_handler(text) == "sources"
    assert isinstance(parse_request(text, "C1"), MuteCommand | UnmuteCommand | ListCommand)


@pytest.mark.parametrize(
    ("text", "handler"),
    [
        ("mute watch 3", "watches"),
        ("stop watch 1", "watches"),
        ("remove the hot topic from my digest", "question"),
        ("delete the hot topic", "question"),
        ("who muted the ferry strike topic?", "question"),
        ("what did Jane Roe say about the topic of mute swans?", "question"),
        ("rename the outlet The Tribune", "question"),
        ("is the ferry strike topic still open?", "question"),
    ],
)
def test_other_messages_are_not_taken(text: str, handler: str) -> None:
    assert choose_handler(text) == handler


@pytest.mark.parametrize(
    ("text", "muted"),
    [("mute the ferry strike topic", True), ("show the ferry strike topic again", False), ("un-mute topic x", False)],
)
def test_topic_is_muted_or_listed_again(text: str, muted: bool) -> None:
    command = parse_plain(text, is_topic)
    assert isinstance(command, ChangeCommand)
    assert isinstance(command.change, MuteTopic)
    assert command.change.is_muted is muted


@pytest.mark.parametrize("text", ["mute the topic", "mute topics", "unmute this topic please"])
def test_request_without_a_name_asks_for_it(text: str) -> None:
    command = parse_plain(text, is_topic)
    assert isinstance(command, UsageMessage)
    assert command.sentence.startswith("Which topic?")


@pytest.mark.parametrize(
    "text", ["mute " * 2_000 + "topic", "mute the topic \u0000", "mute topic ”“", "topic" * 400, "mute \ud800 topic"]
)
def test_hostile_text_is_read_without_an_error(text: str) -> None:
    choose_handler(text)
