"""Mistyped commands, options and formats: the message quotes them and names the right one."""

import pytest

from bot.cli.terminal.command_parser import find_similar
from tests.support.command_line import RunCommand


@pytest.mark.parametrize(
    ("arguments", "suggestion"),
    [
        (("breifing", "x"), "invalid choice: 'breifing'. Did you mean briefing?"),
        (("WHOSAID", "x"), "Did you mean whosaid?"),
        (("who-said", "x"), "Did you mean whosaid?"),
        (("summarize", "x"), "Did you mean summarise?"),
        (("help",), "Did you mean ontherecord --help?"),
        (("setup",), "Did you mean ontherecord init?"),
        (("follow", "x"), "Did you mean ontherecord feeds follow?"),
        (("feeds", "folow", "x"), "Did you mean follow?"),
        (("export", "brifing", "x"), "Did you mean briefing?"),
        (("completion", "bsh"), "Did you mean bash?"),
        (("whosaid", "x", "--sinse", "2016"), "unrecognized arguments: --sinse 2016. Did you mean --since?"),
        (("whosaid", "x", "--sinse=2016"), "Did you mean --since?"),
        (("whosaid", "x", "-since", "2016"), "Did you mean --since?"),
        (("people", "--limt", "3"), "Did you mean --limit?"),
        (("people", "--no-pagr"), "Did you mean --no-pager?"),
        (("--verison",), "are required: COMMAND. Did you mean --version?"),
        (("--verion", "people"), "unrecognized arguments: --verion. Did you mean --version?"),
        (("--no-pagr", "people"), "Did you mean --no-pager?"),
        (("--colr", "always", "people"), "Did you mean --color?"),
        (("check", "--strct"), "are required: FILE. Did you mean --strict?"),
        (("remove", "--outlt"), "Did you mean --outlet?"),
        (("whosaid", "x", "--format", "docs"), "Did you mean docx?"),
        (("whosaid", "x", "--format", "bibtx"), "Did you mean bibtex?"),
        (("whosaid", "x", "—by", "Jane Roe"), "Did you mean --by?"),
        (("export", "person", "–format", "md"), "Did you mean --format?"),
    ],
)
def test_slip_is_quoted_with_what_was_probably_meant(
    run: RunCommand, arguments: tuple[str, ...], suggestion: str
) -> None:
    result = run(*arguments)
    assert (result.status, result.out) == (2, "")
    assert suggestion in result.err.splitlines()[-1]


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (("zzzzzz",), "For a list, type ontherecord --help"),
        (("who said lynch mob",), "begin with a command: ontherecord whosaid"),
        (("people", "--color", "blue"), "(choose from auto, always, never)"),
        (("whosaid", "x", "--zzzzzz"), "unrecognized arguments: --zzzzzz"),
        (("topics", "--verison"), "unrecognized arguments: --verison"),
        (("check", "--strict"), "are required: FILE"),
        (("check", "--str"), "are required: FILE"),
        ((), "are required: COMMAND"),
        (("whosaid", "x", "--format", "zzzz"), "use md, csv, json, docx, bibtex, ris or csl"),
    ],
)
def test_without_a_similar_name_the_message_says_what_can_be_typed(
    run: RunCommand, arguments: tuple[str, ...], hint: str
) -> None:
    result = run(*arguments)
    assert result.status == 2
    assert hint in result.err
    assert "Did you mean" not in result.err


def test_words_with_a_dash_that_are_no_option_are_words(run: RunCommand) -> None:
    assert run("whosaid", "—the", "library", "–closed").status == 0


def test_very_long_word_is_compared_quickly_and_quoted_on_one_line(run: RunCommand) -> None:
    result = run("x" * 100_000)
    assert result.status == 2
    assert len(result.err) < 1_000
    assert find_similar("x" * 1_000_000, ["briefing"]) is None


def test_escape_sequence_in_a_slip_is_shown_harmlessly(run: RunCommand) -> None:
    assert "\x1b" not in run("\x1b]0;x\x07brief").err
    assert "\x1b" not in run("whosaid", "x", "--\x1b[31mby").err
