"""What users type to mute a source is read in many forms, and never misread."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.mutes.command_parser import (
    ListCommand,
    MuteCommand,
    SourceCommand,
    UnmuteCommand,
    parse_command,
    parse_request,
)
from bot.queries.queries import HelpCommand, UsageMessage


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("", ListCommand()),
        ("list", ListCommand()),
        ("  LIST  ", ListCommand()),
        ("muted", ListCommand()),
        ("show muted sources", ListCommand()),
        ("what is muted?", ListCommand()),
        ("help", HelpCommand()),
        ("?", HelpCommand()),
        ("mute The Tribune", MuteCommand("The Tribune")),
        ("Mute “The Tribune” here, please!", MuteCommand("The Tribune")),
        ("please mute the outlet The Tribune in this channel", MuteCommand("The Tribune")),
        ("mute everything from The Tribune", MuteCommand("The Tribune")),
        ("hide The Tribune", MuteCommand("The Tribune")),
        ("don't show me articles from The Tribune", MuteCommand("The Tribune")),
        ("mute tribune.example/sport", MuteCommand("tribune.example/sport")),
        ("mute <https://tribune.example/sport|tribune.example/…>", MuteCommand("https://tribune.example/sport")),
        ("mute <https://tribune.example/a?b=1&amp;c=2>", MuteCommand("https://tribune.example/a?b=1&c=2")),
        ("mute sport in The Tribune", MuteCommand("sport in The Tribune")),
        ("mute The Tribune and The Courier", MuteCommand("The Tribune and The Courier")),
        ("unmute 1", UnmuteCommand("1")),
        ("un-mute The Tribune again", UnmuteCommand("The Tribune")),
        ("stop muting The Tribune", UnmuteCommand("The Tribune")),
        ("show The Tribune again", UnmuteCommand("The Tribune")),
        ("unmute all", UnmuteCommand("")),
        ("unmute everything", UnmuteCommand("")),
    ],
)
def test_a_command_is_read(text: str, command: SourceCommand) -> None:
    assert parse_command(text, "C1") == command


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("mute", "Which source?"),
        ("unmute", "Which source?"),
        ("mute all", "I can't leave out every source"),
        ("mute everything", "I can't leave out every source"),
        ("frobnicate The Tribune", "“frobnicate The Tribune”"),
        ("mute The Tribune in <#C2|sport>", "only the channel where you type it"),
        ("mute " + "x" * 2000, "the limit is 1,000"),
    ],
)
def test_what_cannot_be_done_is_answered_with_one_that_works(text: str, part: str) -> None:
    command = parse_command(text, "C1")
    assert isinstance(command, UsageMessage)
    assert part in command.sentence
    assert "/sources" in command.sentence


def test_this_channel_may_be_named() -> None:
    assert parse_command("mute The Tribune in <#C1|news>", "C1") == MuteCommand("The Tribune")


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("mute The Tribune", MuteCommand("The Tribune")),
        ("can you please mute The Tribune here?", MuteCommand("The Tribune")),
        ("unmute The Tribune", UnmuteCommand("The Tribune")),
        ("what is muted?", ListCommand()),
        ("which sources are muted", ListCommand()),
        ("hide and seek", None),
        ("ignore the tax plan", None),
        ("who said mute", None),
        ("the mute swan", None),
        ("brief me on the mute button", None),
        ("show me the latest", None),
        ("list topics", None),
        ("", None),
    ],
)
def test_in_plain_words_only_a_clear_request_counts(text: str, command: SourceCommand | None) -> None:
    assert parse_request(text, "D1") == command


@given(st.text(max_size=200))
def test_every_text_gives_a_command(text: str) -> None:
    assert parse_command(text, "C1") is not None
    parse_request(text, "C1")
