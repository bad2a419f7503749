"""Word lists, one word or phrase a line in a `.txt` file beside this one; `#` opens a comment."""

import re
from functools import cache
from importlib.resources import files


@cache
def load_words(name: str) -> frozenset[str]:
    """The entries of the list `name`, lower case as they stand there."""
    lines = files(__name__).joinpath(f"{name}.txt").read_text(encoding="utf-8").splitlines()
    entries = (line.split("#", 1)[0].strip() for line in lines)
    return frozenset(entry for entry in entries if entry)


@cache
def build_alternation(name: str) -> str:
    """The list `name` as the inside of a regular expression's group, longest first; blanks match any white space."""
    longest_first = sorted(load_words(name), key=lambda entry: (-len(entry), entry))
    return "|".join(r"\s+".join(re.escape(part) for part in entry.split()) for entry in longest_first)
