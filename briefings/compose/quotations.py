"""The quotations of a draft: what stands in its marks, and whom it names for them.

Rule: the marks and the attribution are read as those of an article are, where a line is a paragraph; so lines that a
text editor broke are read as one. A few words in marks that the draft gives to nobody may be a title or held at arm's
length: they count only when somebody is found to have said them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from briefings.compose.check_words import Words, pieces
from briefings.compose.hits import said_span
from briefings.errors import BadInput
from briefings.model import Article, Span, Speaker
from briefings.quotes import extract
from briefings.quotes.marks import passages
from briefings.quotes.quotations import SHORTEST_UNCUED
from briefings.text.storable import why_not_storable

#: characters of a draft, and quotations in one
LONGEST_DRAFT, MOST_QUOTATIONS = 200_000, 500
#: the end of a long line without the end of a sentence, and another line below it
_WRAPPED = re.compile(r"(?<=[^\n]{40})(?<![.!?…:])(?<![.!?…][\"'”’)])\r?\n(?=[^\S\n]*[^\s])")


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words in marks: where they stand in the draft, in which pieces, and whom it names as their speaker."""

    span: Span
    pieces: tuple[Words, ...]
    claimed: Speaker | None

    @property
    def words(self) -> int:
        """How many words are quoted."""
        return sum(len(piece.keys) for piece in self.pieces)

    @property
    def is_short(self) -> bool:
        """Whether it is a few words that the draft gives to nobody."""
        return self.words < SHORTEST_UNCUED and self.claimed is None


def quotations(draft: str) -> tuple[Quotation, ...]:
    """Every quotation of a draft, in order. Raises BadInput for one that is empty, no text, too long or has none."""
    if not draft.strip():
        raise BadInput("The draft is empty: there is nothing to check.")
    if reason := why_not_storable(draft):
        raise BadInput(f"The draft {reason}. Correct it and check it again.")
    if len(draft) > LONGEST_DRAFT:
        raise BadInput(
            f"The draft is {len(draft):,} characters, and at most {LONGEST_DRAFT:,} are checked at once. "
            "Check it in parts."
        )
    text = _unbroken(draft)
    if not (inside := passages(text)):
        raise BadInput("The draft holds no quotation: nothing in it stands between quotation marks.")
    if len(inside) > MOST_QUOTATIONS:
        raise BadInput(f"The draft holds over {MOST_QUOTATIONS} quotations. Check it in parts.")
    starts = {passage.inner.start for passage in inside}
    found = tuple(_quotations(text, starts))
    if not found:
        raise BadInput("The draft holds no quotation: no words stand between its quotation marks.")
    return found


def _unbroken(draft: str) -> str:
    """`draft` with a blank, or two, for each end of a line that is none of a paragraph: of the same length."""
    return _WRAPPED.sub(lambda match: " " * len(match.group()), draft)


def _quotations(draft: str, starts: set[int]) -> Iterator[Quotation]:
    article = Article("draft", draft)
    for quote in extract(article):
        if quote.content[0].start not in starts:
            continue  # reported speech, which claims no words
        parts = tuple(piece for fragment in quote.content for piece in pieces(draft, fragment))
        if parts:
            yield Quotation(said_span(article, quote), parts, quote.speaker)
