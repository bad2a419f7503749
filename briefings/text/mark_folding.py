"""Fold all kinds of double quotation marks to the curly ones, in a view of the same length, so that offsets hold.

Rule: a mark is folded only as one of a pair in a line: „…“, »…«, ”…”, ″…″, ＂…＂, ❝…❞, 〝…〞. The sign ″ after a figure
means inches. English marks are unchanged.
"""

import re

_UNUSUAL = re.compile(r"[„»＂″❝❞〝〞]|(?<![^\s(\[])”\w")
_PAIRS = (
    re.compile(r"„(?P<words>[^„“”\"\n]*)[“”‟]"),
    re.compile(r"(?<!\w)»(?P<words>(?=\w)[^«»\n]*)«"),
    re.compile(r"(?<![^\s(\[—–-])”(?P<words>(?=\w)[^“”\n]*)”"),
    re.compile(r"(?<!\d)″(?P<words>(?=\w)[^″\n]*)(?<!\d)″"),
    re.compile(r"＂(?P<words>[^＂\n]*)＂"),
    re.compile(r"❝(?P<words>[^❝❞\n]*)❞"),
    re.compile(r"〝(?P<words>[^〝〞〟\n]*)[〞〟]"),
)


def fold_quotation_marks(text: str) -> str:
    """Return `text` with unusual pairs of double marks replaced by curly ones. The length stays the same."""
    if not _UNUSUAL.search(text):
        return text
    for pair in _PAIRS:
        text = pair.sub(lambda match: f"“{match['words']}”", text)
    return text
