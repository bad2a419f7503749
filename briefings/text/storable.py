"""Which texts can be kept as they are: all but the two kinds that databases or UTF-8 have no place for.

Rule: such a text is refused, never repaired; a character dropped would move every offset after it.
"""

import re

_SURROGATE = re.compile("[\ud800-\udfff]")


def explain_unstorable(text: str) -> str | None:
    """What keeps `text` from being stored byte for byte, as the rest of a sentence ("holds ..."); None when nothing."""
    if "\0" in text:
        return "holds a NUL character, which no text has (UTF-16, or not a text at all?)"
    if _SURROGATE.search(text):
        return "holds half of a surrogate pair, which stands for no character"
    return None
