"""Word lists in the `.txt` files of this folder: one word or phrase per line, `#` opens a comment."""

import re
from functools import cache
from importlib.resources import files


@cache
def load_words(name: str) -> frozenset[str]:
    """Return the entries of the list `name`. They are in lower case in the file."""
    lines = files(__name__).joinpath(f"{name}.txt").read_text(encoding="utf-8").splitlines()
    entries = (line.split("#", 1)[0].strip() for line in lines)
    return frozenset(entry for entry in entries if entry)


@cache
def build_alternation(name: str) -> str:
    """Return the list `name` as a regular expression alternation, longest first. Spaces match any white space."""
    longest_first = sorted(load_words(name), key=lambda entry: (-len(entry), entry))
    return "|".join(r"\s+".join(re.escape(part) for part in entry.split()) for entry in longest_first)
