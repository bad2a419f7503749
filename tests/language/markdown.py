"""Extract the prose of a markdown file: no code, no link targets, no quotations."""

import re

from tests.language.passages import Passage, mask_citations, mask_matches

_FENCE = re.compile(r"^[ \t]*(```+|~~~+)[^\n]*\n.*?^[ \t]*\1[ \t]*$", re.DOTALL | re.MULTILINE)
_HIDDEN = re.compile(r"<!--.*?-->|</?[a-zA-Z][^>\n]*>|(?<=\])\([^)\n]*\)", re.DOTALL)


def extract_markdown(path: str, source: str) -> Passage:
    """Return the prose of a markdown file."""
    return Passage(path, 1, mask_citations(mask_matches(_HIDDEN, mask_matches(_FENCE, source))))
