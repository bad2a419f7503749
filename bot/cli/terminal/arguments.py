"""Options that several commands share, and the parsers of their values, whose errors say which values are valid.

Rule: this module imports nothing of the commands, because every command loads it.
"""

import argparse
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.cli.terminal.command_parser import CommandParser

#: commands that read or change the articles or feeds of one record
_RECORD_COMMANDS = (
    *("briefing", "whosaid", "export", "check", "topics", "people"),
    *(
        "add",
        "backfill",
        "feeds",
        "outlets",
        "remove",
        "backup",
        "restore",
        "reanalyse",
        "reindex",
        "doctor",
        "feedback",
    ),
)
#: rows that a terminal shows, and the value that shows all
DEFAULT_LIMIT = 50
NO_LIMIT = "all"
#: highest limit that can be asked for; `all` is more
_MAX_LIMIT = 1_000_000
_MIN_WORDS = 20
_MAX_WORDS = 5_000
_MAX_JOBS = 256
#: characters; same limit as in `briefings.ingest`
_MAX_OUTLET_LENGTH = 500
#: minutes between two polls of a feed; same limits as in `briefings.feeds`, which is slow to import
_MIN_MINUTES = 5
_MAX_MINUTES = 10_080


def add_team_options(commands: "argparse._SubParsersAction[CommandParser]") -> None:
    """Add `--team` to the commands that use one record."""
    for name in _RECORD_COMMANDS:
        _add_team_option(commands.choices[name])


def _add_team_option(command: argparse.ArgumentParser) -> None:
    """Add `--team` to a command and to its subcommands."""
    command.add_argument(
        "--team",
        type=_parse_team,
        # without a default, for the same reason as --limit
        default=argparse.SUPPRESS,
        metavar="ID",
        help="id of the workspace whose record is used, if each has its own (RECORD=per-team)",
    )
    for action in command._actions:  # noqa: SLF001  # argparse has no other way to list subcommands
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001  # as above
            for subcommand in action.choices.values():
                _add_team_option(subcommand)


def _parse_team(text: str) -> str:
    return text.strip().upper()


def add_limit_option(command: argparse.ArgumentParser) -> None:
    """Add `--limit`."""
    command.add_argument(
        "--limit",
        type=_parse_limit,
        # without a default here, the default of `feeds list` would replace the value in `feeds --limit 3 list`
        default=argparse.SUPPRESS,
        metavar="N",
        help=f"maximum number of rows, or all (default: {DEFAULT_LIMIT} in a terminal, else all)",
    )


def _parse_limit(text: str) -> int:
    if text.casefold() == NO_LIMIT:
        return sys.maxsize
    if text.isascii() and text.isdigit() and 1 <= int(text) <= _MAX_LIMIT:
        return int(text)
    raise argparse.ArgumentTypeError(f"invalid limit {text!r}: use a number from 1 to {_MAX_LIMIT:,}, or {NO_LIMIT}")


def parse_outlet(text: str) -> str:
    """Return the name of an outlet. Raises argparse.ArgumentTypeError."""
    name = " ".join(text.split())
    if name and len(name) <= _MAX_OUTLET_LENGTH and name.isprintable():
        return name
    raise argparse.ArgumentTypeError(f"invalid outlet {text!r}: use 1 to {_MAX_OUTLET_LENGTH} characters on one line")


def parse_word_count(text: str) -> int:
    """Return a number of words. Raises argparse.ArgumentTypeError."""
    return _parse_number(text, "number of words", _MIN_WORDS, _MAX_WORDS)


def parse_minutes(text: str) -> int:
    """Return the minutes between two polls of a feed. Raises argparse.ArgumentTypeError."""
    return _parse_number(text, "number of minutes", _MIN_MINUTES, _MAX_MINUTES)


def parse_jobs(text: str) -> int:
    """Return a number of processes. Raises argparse.ArgumentTypeError."""
    return _parse_number(text, "number of processes", 1, _MAX_JOBS)


def _parse_number(text: str, noun: str, minimum: int, maximum: int) -> int:
    if text.isascii() and text.isdigit() and minimum <= int(text) <= maximum:
        return int(text)
    raise argparse.ArgumentTypeError(f"invalid {noun} {text!r}: use {minimum} to {maximum}")
