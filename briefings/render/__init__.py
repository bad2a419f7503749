"""Answers as text for a terminal and as JSON for programs."""

from briefings.render.answers import figures_to_json, to_json, to_terminal, update_line_to_json
from briefings.render.terminal import Style, make_printable

__all__ = [
    "Style",
    "figures_to_json",
    "make_printable",
    "to_json",
    "to_terminal",
    "update_line_to_json",
]
