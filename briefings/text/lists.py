"""Word lists that give each entry a value: lines `entry<TAB>value` in `briefings/text/lexicon`; `#` opens a comment."""

from functools import cache
from importlib.resources import files


@cache
def load_table(name: str) -> dict[str, str]:
    """The list `name` as a mapping, lower case as it stands there."""
    lines = (files("briefings.text.lexicon") / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    entries = (line.split("#", 1)[0].strip() for line in lines)
    pairs = (entry.split("\t", 1) for entry in entries if entry)
    return {entry: value.strip() for entry, value in pairs}
