"""`/digest details …`: where a channel gets the details of its digests."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digests import command_parser
from bot.digests.command_parser import AddCommand, FormCommand
from bot.digests.details_command import DetailsCommand, describe_change, describe_setting, parse_details_command
from bot.digests.model import DetailsPlace
from bot.queries.queries import UsageMessage

THREAD, CHANNEL, NONE = DetailsPlace


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("details thread", THREAD),
        ("Details Thread", THREAD),
        ("details in the thread", THREAD),
        ("details: thread.", THREAD),
        ("details = in thread", THREAD),
        ("set details to “thread”", THREAD),
        ("details to default", THREAD),
        ("details channel", CHANNEL),
        ("details in this channel please", CHANNEL),
        ("details to the channel", CHANNEL),
        ("post details straight in the channel", CHANNEL),
        ("put the details in the channel", CHANNEL),
        ("follow-ups channel", CHANNEL),
        ("followups in channel", CHANNEL),
        ("detail #channel", CHANNEL),
        ("details `channel`", CHANNEL),
        ("details none", NONE),
        ("details off", NONE),
        ("no details", NONE),
        ("without the details!", NONE),
        ("hide details", NONE),
        ("details: leave them out", NONE),
        ("follow ups none", NONE),
        ("leave details out", NONE),
        ("leave out the details", NONE),
        ("turn off details", NONE),
        ("stop the details", NONE),
        ("don’t post details", NONE),
        ("do not send any follow-ups", NONE),
        ("keep details in the thread", THREAD),
        ("move the details to the channel", CHANNEL),
        ("where do the details go?", None),
        ("details", None),
        ("details?", None),
        ("show details", None),
    ],
)
def test_place_of_the_details_is_understood_in_ordinary_words(text: str, place: DetailsPlace | None) -> None:
    assert command_parser.parse_command(text) == DetailsCommand(place)


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("details sideways", "“sideways”"),
        ("details in the chanel", "“in the chanel”"),
        ("details in <#C7|news>", "“in #news”"),
        ("details thread and channel", "“thread and channel”"),
        ("details thread or none", "“thread or none”"),
        ("no details in the thread", "“in the thread”"),
    ],
)
def test_unclear_place_is_quoted_with_what_works(text: str, quoted: str) -> None:
    command = command_parser.parse_command(text)
    assert isinstance(command, UsageMessage)
    assert quoted in command.sentence
    assert "/digest details channel" in command.sentence


@pytest.mark.parametrize(
    "text",
    ["details of the budget", "detailed plans", "details about Easton", "no-confidence vote", "where do ferries go"],
)
def test_topic_that_starts_with_such_a_word_stays_a_topic(text: str) -> None:
    assert parse_details_command(text) is None
    assert command_parser.parse_command(text) == FormCommand(text)


def test_topic_with_a_schedule_stays_a_digest() -> None:
    command = command_parser.parse_command("details of the budget weekdays at 8:30")
    assert isinstance(command, AddCommand)
    assert command.request.query == "details of the budget"


@given(st.text(max_size=200))
def test_any_text_after_details_gives_a_command(text: str) -> None:
    command = parse_details_command(f"details {text}")
    assert command is None or isinstance(command, DetailsCommand | UsageMessage)


@pytest.mark.parametrize("place", DetailsPlace)
def test_setting_names_all_choices_and_change_says_when_it_starts(place: DetailsPlace) -> None:
    assert all(f"/digest details {choice.value}" in describe_setting(place) for choice in DetailsPlace)
    assert describe_change(place).startswith("From the next digest on")
