"""Tell what kinds of fact a sentence tells: a denial, a penalty, an inquiry, a reason, a number and so on.

Rule: kinds only make a selection varied; they never say what is true. A sentence can have several kinds.
"""

import re
from collections import defaultdict
from functools import cache, lru_cache

from briefings.text.folding import fold
from briefings.text.words import load_table

#: a year after "in" or "since" tells what was before; other numbers of two digits or more are a number
_NUMERIC_KINDS = {
    "background": re.compile(r"\b(?:in|since) (?:19|20)\d\d\b"),
    "number": re.compile(r"\d{2}"),
}


@lru_cache(maxsize=4_096)
def find_kinds(text: str) -> frozenset[str]:
    """Return the kinds of fact that `text` tells, by the words of the list "fact_kinds"."""
    folded_text = fold(text)
    patterns = [*_build_patterns().items(), *_NUMERIC_KINDS.items()]
    return frozenset(kind for kind, pattern in patterns if pattern.search(folded_text))


@cache
def _build_patterns() -> dict[str, re.Pattern[str]]:
    entries: dict[str, list[str]] = defaultdict(list)
    for entry, kind in load_table("fact_kinds").items():
        entries[kind].append(re.escape(entry.removesuffix("*")) + (r"\w*" if entry.endswith("*") else ""))
    return {kind: re.compile(rf"(?<!\w)(?:{'|'.join(sorted(words))})(?!\w)") for kind, words in sorted(entries.items())}
