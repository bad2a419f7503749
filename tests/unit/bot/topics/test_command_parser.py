"""The text after /topic, and requests about topics in plain words."""

import pytest

from bot.queries.queries import HelpCommand, UsageMessage
from bot.storage.topics.changes import (
    AddTopic,
    MergeTopics,
    MuteTopic,
    RemoveTopic,
    RenameTopic,
    RestoreTopic,
    SetWords,
)
from bot.topics.command_parser import (
    ChangeCommand,
    FormCommand,
    ListCommand,
    ShowCommand,
    SuggestCommand,
    parse_command,
    split_lines,
    split_words,
)
from bot.topics.form_view import WORDS_FIELD, build_form
from bot.topics.plain_parser import parse_plain
from briefings import Topic
from briefings.text import make_search_key

KNOWN = ("floods", "weather", "back", "back to school", "ferry-strike", "food", "food and drink")


def is_topic(name: str) -> bool:
    return name.casefold() in KNOWN


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ListCommand()),
        ("list", ListCommand()),
        ("show all topics", ListCommand()),
        ("help", HelpCommand()),
        ("suggest", SuggestCommand()),
        ("suggest some topics", SuggestCommand()),
        ("new", FormCommand()),
        ("create a topic", FormCommand()),
        ("new Easton flood", ChangeCommand(AddTopic("Easton flood"))),
        ("new Easton flood: flood, high water", ChangeCommand(AddTopic("Easton flood", ("flood", "high water")))),
        ("add a topic called Easton flood: flood", ChangeCommand(AddTopic("Easton flood", ("flood",)))),
        ('make "Flood: the story": flood', ChangeCommand(AddTopic("Flood: the story", ("flood",)))),
        ("Easton flood: flood", ChangeCommand(AddTopic("Easton flood", ("flood",)))),
        ("rename floods to Easton flood", ChangeCommand(RenameTopic("floods", "Easton flood"))),
        ("Rename “floods” → “Easton flood”", ChangeCommand(RenameTopic("floods", "Easton flood"))),
        ("merge floods into weather", ChangeCommand(MergeTopics("floods", "weather"))),
        ("merge floods and weather", ChangeCommand(MergeTopics("floods", "weather"))),
        ("mute floods", ChangeCommand(MuteTopic("floods", is_muted=True))),
        ("unmute the topic floods", ChangeCommand(MuteTopic("floods", is_muted=False))),
        ("delete floods", ChangeCommand(RemoveTopic("floods"))),
        ("restore floods", ChangeCommand(RestoreTopic("floods"))),
        ("words floods: flood; high water", ChangeCommand(SetWords("floods", ("flood", "high water")))),
        ("floods: flood", ChangeCommand(SetWords("floods", ("flood",)))),
        ("add words to floods: rain", ChangeCommand(SetWords("floods", ("rain",), adds=True))),
        ("words floods: + rain, +hail", ChangeCommand(SetWords("floods", ("rain", "hail"), adds=True))),
        ("words floods: -rain", ChangeCommand(SetWords("floods", ("rain",), removes=True))),
        ("floods: −rain, −hail", ChangeCommand(SetWords("floods", ("rain", "hail"), removes=True))),
        ("remove words from floods: rain", ChangeCommand(SetWords("floods", ("rain",), removes=True))),
        ("delete the word rain from floods", ChangeCommand(SetWords("floods", ("rain",), removes=True))),
        ("new topic: Easton flood", ChangeCommand(AddTopic("Easton flood"))),
        ("new topical questions", ChangeCommand(AddTopic("topical questions"))),
        ("mute the topic of floods", ChangeCommand(MuteTopic("floods", is_muted=True))),
        ("rename back to school to school start", ChangeCommand(RenameTopic("back to school", "school start"))),
        ("merge food and drink into weather", ChangeCommand(MergeTopics("food and drink", "weather"))),
        ("words floods", FormCommand("floods", is_edit=True)),
        ("edit floods", FormCommand("floods", is_edit=True)),
        ("floods", ShowCommand("floods")),
        ("show weather", ShowCommand("weather")),
    ],
)
def test_command_is_understood(text: str, expected: object) -> None:
    assert parse_command(text, is_topic) == expected


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("rename floods", "/topic rename"),
        ("merge floods", "/topic merge"),
        ("mute", "/topic mute"),
        ("words", "/topic words"),
        ("words unknown", "colon"),
        ("words floods: +rain, -hail", "one after the other"),
        ("remove words from floods: +rain", "one after the other"),
        ("flarp", "“flarp”"),
        ("renme floods to x", "“renme floods to x”"),
        ("y" * 1_500, "1,500"),
    ],
)
def test_text_that_is_not_understood_is_quoted_or_gets_an_example(text: str, quoted: str) -> None:
    command = parse_command(text, is_topic)
    assert isinstance(command, UsageMessage)
    assert quoted in command.sentence


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("make a topic called Easton flood", ChangeCommand(AddTopic("Easton flood"))),
        ("Please create a topic Easton flood: flood", ChangeCommand(AddTopic("Easton flood", ("flood",)))),
        ("make Easton flood a topic", ChangeCommand(AddTopic("Easton flood"))),
        ("rename the topic floods to Easton flood", ChangeCommand(RenameTopic("floods", "Easton flood"))),
        ("can you merge the floods topic into weather?", ChangeCommand(MergeTopics("floods", "weather"))),
        ("mute the weather topic", ChangeCommand(MuteTopic("weather", is_muted=True))),
        ("remove topic floods", ChangeCommand(RemoveTopic("floods"))),
        ("suggest some topics", SuggestCommand()),
        ("what topics do you suggest?", SuggestCommand()),
        ("create a new topic please", FormCommand()),
        ("add topic", FormCommand()),
        ("start a new topic: ferries", ChangeCommand(AddTopic("ferries"))),
        ("add the topic ferries, please", ChangeCommand(AddTopic("ferries"))),
        ("remove the topic floods, thanks!", ChangeCommand(RemoveTopic("floods"))),
        ("add topic to my digest", None),
        ("make the topic clear", None),
        ("start a topical series", None),
        ("topics", None),
        ("who said the topic is closed?", None),
        ("make up your mind", None),
        ("delete the hot topic", None),
        ("brief me on the topic of the day", None),
    ],
)
def test_plain_words_about_topics_are_understood_and_others_left_alone(text: str, expected: object) -> None:
    assert parse_plain(text, is_topic) == expected


def test_words_are_split_at_commas_lines_and_quotation_marks() -> None:
    assert split_words('a, b; c\nd or e | "f, g"') == ("a", "b", "c", "d", "e", "f, g")
    assert split_words(" , ;") == ()


@pytest.mark.parametrize(
    "phrases", [("life or death", "flood"), ("Easton, Tarn", "a; b"), ("high water",), ("'tis", "x | y")]
)
def test_form_that_is_saved_unchanged_keeps_every_phrase(phrases: tuple[str, ...]) -> None:
    topic = Topic("t", "T", phrases)
    text = next(block.element.initial_value for block in build_form(topic).blocks if block.block_id == WORDS_FIELD)
    assert [make_search_key(phrase) for phrase in split_lines(text)] == list(map(make_search_key, phrases))
