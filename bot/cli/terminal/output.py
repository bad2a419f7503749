"""Decides how answers are printed: with colour, in a pager, as a table, or as plain lines for a program.

Rule: what a program reads from a pipe never changes with the terminal: no escape sequences, tables, pager or limit,
unless an option asks for it. NO_COLOR, TERM and PAGER are read here and in `pager`, because they are the terminal's.
"""

import json
import os
import re
import shutil
import sys
from argparse import Namespace
from typing import Any

from bot.cli.terminal.pager import print_paged
from briefings.render import Style

#: characters that act on a terminal, or turn the direction of text. Line ends and tabs lay text out
_ACTIVE_CHARACTERS = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
#: number of columns
_MIN_WIDTH = 40
_MAX_WIDTH = 100


def has_color(arguments: Namespace | None = None) -> bool:
    """Tell whether colour, bold and links can be printed: --color decides, then NO_COLOR, then the terminal."""
    choice = getattr(arguments, "color", "auto")
    if choice != "auto":
        return bool(choice == "always")
    return is_terminal() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def is_terminal() -> bool:
    """Tell whether a person reads the output."""
    return sys.stdout.isatty()


def get_width() -> int:
    """Return the number of columns of the terminal."""
    return max(_MIN_WIDTH, shutil.get_terminal_size((_MAX_WIDTH, 24)).columns)


def build_style(arguments: Namespace | None = None, *, is_plain: bool = False) -> Style:
    """Return a style as wide as the terminal, within limits; without colour and links if `is_plain`."""
    return Style(width=min(_MAX_WIDTH, get_width()), rich=has_color(arguments) and not is_plain)


def print_answer(answer: str | dict[str, Any] | list[dict[str, Any]], arguments: Namespace | None = None) -> None:
    """Print text unchanged, and anything else as indented JSON; on a terminal, in the pager if it is long."""
    text = answer if isinstance(answer, str) else format_json(answer, indent=2)
    if is_terminal() and not getattr(arguments, "no_pager", False):
        print_paged(text)
    else:
        print(text)


def print_file(text: str, arguments: Namespace) -> None:
    """Print what could be the text of a file: unchanged for a program, and harmless on a terminal."""
    if is_terminal():
        print_answer(_ACTIVE_CHARACTERS.sub("\ufffd", text).rstrip("\n"), arguments)
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode(errors="backslashreplace"))  # the line ends stay as they are
        sys.stdout.buffer.flush()


def format_json(value: object, *, indent: int | None = None) -> str:
    """Return a value as JSON that has the same words, but no characters that act on a terminal."""
    return escape_json(json.dumps(value, ensure_ascii=False, indent=indent))


def escape_json(text: str) -> str:
    """Return JSON with every character that acts on a terminal as an escape of JSON."""
    return _ACTIVE_CHARACTERS.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
