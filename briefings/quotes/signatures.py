"""Finds names that sign a quotation: “...” — Jane Doe, or the name behind a dash on the line below.

Rule: the line must hold nothing but its quotation and the signature; a dash that goes on with a sentence signs nothing.
"""

import numpy as np

from briefings.quotes.parse import Document, MentionForm
from briefings.text.pos_tagger import VERBS

#: words that a signature may have behind the dash: a name, a place, an office
MAX_SIGNATURE_TOKENS = 9
_DASHES = frozenset(["—", "―", "–", "--", "-", "‒"])


def find_signatures(document: Document) -> dict[int, int]:
    """For each signed passage (by number) the mention that signs it."""
    words = document.tokens.words
    line_numbers = document.tokens.paragraph
    starts = {int(first): number for number, first in reversed(list(enumerate(document.mentions.first)))}
    mention_by_passage: dict[int, int] = {}
    for number, passage in enumerate(document.passages):
        dash = int(np.searchsorted(document.tokens.starts, passage.outer.end))
        mention = starts.get(dash + 1, -1)
        if mention < 0 or words[dash] not in _DASHES or document.mentions.form[mention] != MentionForm.NAME:
            continue
        end = int(np.searchsorted(line_numbers, line_numbers[dash], side="right"))
        if (
            end - dash <= MAX_SIGNATURE_TOKENS + 1
            and not np.isin(document.tags[dash + 1 : end], list(VERBS)).any()
            and _is_only_quotation(document, number, dash)
        ):
            mention_by_passage[number] = mention
    return mention_by_passage


def _is_only_quotation(document: Document, number: int, dash: int) -> bool:
    """Whether the quotation, up to its dash, is all that its line holds."""
    passage = document.passages[number].outer
    first = int(np.searchsorted(document.tokens.paragraph, document.tokens.paragraph[dash - 1]))
    return bool(document.tokens.starts[first] >= passage.start) if dash else False
