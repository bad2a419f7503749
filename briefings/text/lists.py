"""Reads the word lists of `briefings/text/lexicon`: one entry a line, `#` opens a comment."""

from functools import cache
from importlib.resources import files


@cache
def entries(name: str) -> frozenset[str]:
    """The lower-cased entries of the list `name` (a file `lexicon/NAME.txt`)."""
    return frozenset(_lines(name))


@cache
def table(name: str) -> dict[str, str]:
    """The list `name` whose lines are `entry<TAB>value`."""
    pairs = (line.split("\t", 1) for line in _lines(name))
    return {entry: value.strip() for entry, value in pairs}


def _lines(name: str) -> list[str]:
    text = (files("briefings.text") / "lexicon" / f"{name}.txt").read_text(encoding="utf-8")
    lines = (line.split("#", 1)[0].strip().lower() for line in text.splitlines())
    return [line for line in lines if line]
