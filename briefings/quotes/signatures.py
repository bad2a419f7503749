"""Finds names that sign a quotation: “...” — Jane Doe, or the name behind a dash on the line below.

Rule: the line must hold nothing but its quotation and the signature; a dash that goes on with a sentence signs nothing.
"""

import numpy as np

from briefings.quotes.parse import Form, Parsed
from briefings.text.tagger import VERBS

#: words that a signature may have behind the dash: a name, a place, an office
LONGEST = 9
_DASHES = frozenset(["—", "―", "–", "--", "-", "‒"])


def signatures(parsed: Parsed) -> dict[int, int]:
    """For each signed passage (by number) the mention that signs it."""
    words = parsed.tokens.words
    line = parsed.tokens.paragraph
    starts = {int(first): number for number, first in reversed(list(enumerate(parsed.mentions.first)))}
    out: dict[int, int] = {}
    for number, passage in enumerate(parsed.passages):
        dash = int(np.searchsorted(parsed.tokens.starts, passage.outer.end))
        mention = starts.get(dash + 1, -1)
        if mention < 0 or words[dash] not in _DASHES or parsed.mentions.form[mention] != Form.NAME:
            continue
        end = int(np.searchsorted(line, line[dash], side="right"))
        if (
            end - dash <= LONGEST + 1
            and not np.isin(parsed.tags[dash + 1 : end], list(VERBS)).any()
            and _alone(parsed, number, dash)
        ):
            out[number] = mention
    return out


def _alone(parsed: Parsed, number: int, dash: int) -> bool:
    """Whether the quotation, up to its dash, is all that its line holds."""
    passage = parsed.passages[number].outer
    first = int(np.searchsorted(parsed.tokens.paragraph, parsed.tokens.paragraph[dash - 1]))
    return bool(parsed.tokens.starts[first] >= passage.start) if dash else False
