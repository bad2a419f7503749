"""Markdown for the generated parts of pages: tables, code spans, and words that must not become markup."""

import html
import re
from collections.abc import Iterable, Sequence


def build_table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table. Cells are Markdown; line breaks and bars in them are made safe."""
    lines = [titles, ["---"] * len(titles), *rows]
    return "\n".join("| " + " | ".join(map(_build_cell, line)) + " |" for line in lines)


def build_code(text: str) -> str:
    """Return a text as a code span, also if it contains backticks."""
    marks = "`"
    while marks in text:
        marks += "`"
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{marks}{space}{text}{space}{marks}"


def escape(text: str) -> str:
    """Return a help text as Markdown: words stay as they are, code spans too."""
    pieces = re.split(r"(`[^`]+`)", text)
    return "".join(piece if number % 2 else _escape_words(piece) for number, piece in enumerate(pieces))


def _escape_words(text: str) -> str:
    return re.sub(r"([*_\[\]\\])", r"\\\1", html.escape(text, quote=False))


def _build_cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
