"""Single lines for a terminal: wrapped, bold, linked, and free of anything a terminal would act on.

Rule: control characters in articles never reach the terminal.
Source of the link sequence (OSC 8): https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda
"""

import re
from dataclasses import dataclass
from textwrap import wrap

from briefings.model import Speaker

_CONTROL_CHARACTERS = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")


@dataclass(frozen=True, slots=True)
class Style:
    """How to write: columns of text, and whether the terminal knows links and bold (False for a pipe or a file)."""

    width: int = 100
    rich: bool = False


def make_printable(text: str) -> str:
    """`text` on one line, without anything a terminal would act on."""
    return " ".join(_CONTROL_CHARACTERS.sub(" ", text).split())


def format_speaker(value: Speaker | None) -> str:
    """A name with its role; whoever is not named, as the article describes them."""
    if value is None:
        return "Unattributed"
    role = f", {make_printable(value.role)}" if value.role else ""
    return f"{make_printable(value.name)}{role}{' (unnamed)' if value.anonymous else ''}"


def format_link(label: str, address: str | None, style: Style) -> str:
    """A label that opens an address, or with the address behind it."""
    label = make_printable(label)
    if address is None:
        return f"{label} (no link)"
    address = _CONTROL_CHARACTERS.sub("", address)
    return f"\x1b]8;;{address}\x1b\\{label}\x1b]8;;\x1b\\" if style.rich else f"{label} <{address}>"


def format_bold(text: str, style: Style) -> str:
    """`text` in bold, where the terminal knows it."""
    return f"\x1b[1m{text}\x1b[0m" if style.rich else text


def wrap_text(text: str, style: Style, *, first_indent: str) -> list[str]:
    """`text` in lines of the style's width behind `first`, the others indented as far."""
    return wrap(
        text,
        style.width,
        initial_indent=first_indent,
        subsequent_indent=" " * len(first_indent),
        break_on_hyphens=False,
    )


def format_count(number: int, noun: str) -> str:
    """A number with its noun, "1 quote", "2 quotes"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
