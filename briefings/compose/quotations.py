"""The quotations of a draft: what stands in its marks, and whom it names for them.

Rule: the marks and the attribution are read as those of an article are, where a line is a paragraph; so lines that a
text editor broke are read as one. A few words in marks that the draft gives to nobody may be a title or held at arm's
length: they count only when somebody is found to have said them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from briefings.attribution import extract_quotes
from briefings.attribution.features.quotation_marks import find_passages
from briefings.attribution.quotations import MIN_UNCUED_WORDS
from briefings.compose.check_words import Words, split_pieces
from briefings.compose.hits import get_spoken_span
from briefings.errors import BadInput
from briefings.model import Article, Span, Speaker
from briefings.text.spans import explain_unstorable

#: characters of a draft, and quotations in one
MAX_DRAFT_CHARACTERS, MAX_QUOTATIONS = 200_000, 500
#: the end of a long line without the end of a sentence, and another line below it
_WRAPPED_LINE_END = re.compile(r"(?<=[^\n]{40})(?<![.!?…:])(?<![.!?…][\"'”’)])\r?\n(?=[^\S\n]*[^\s])")


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words in marks: where they stand in the draft, in which pieces, and whom it names as their speaker."""

    span: Span
    pieces: tuple[Words, ...]
    claimed_speaker: Speaker | None

    @property
    def word_count(self) -> int:
        """How many words are quoted."""
        return sum(len(piece.keys) for piece in self.pieces)

    @property
    def is_short(self) -> bool:
        """Whether it is a few words that the draft gives to nobody."""
        return self.word_count < MIN_UNCUED_WORDS and self.claimed_speaker is None


def parse_quotations(draft: str) -> tuple[Quotation, ...]:
    """Every quotation of a draft, in order. Raises BadInput for one that is empty, no text, too long or has none."""
    if not draft.strip():
        raise BadInput("The draft is empty: there is nothing to check.")
    if reason := explain_unstorable(draft):
        raise BadInput(f"The draft {reason}. Correct it and check it again.")
    if len(draft) > MAX_DRAFT_CHARACTERS:
        raise BadInput(
            f"The draft is {len(draft):,} characters, and at most {MAX_DRAFT_CHARACTERS:,} are checked at once. "
            "Check it in parts."
        )
    text = _join_wrapped_lines(draft)
    if not (marked_passages := find_passages(text)):
        raise BadInput("The draft holds no quotation: nothing in it stands between quotation marks.")
    if len(marked_passages) > MAX_QUOTATIONS:
        raise BadInput(f"The draft holds over {MAX_QUOTATIONS} quotations. Check it in parts.")
    starts = {passage.inner.start for passage in marked_passages}
    parsed_quotations = tuple(_parse_quotations(text, starts))
    if not parsed_quotations:
        raise BadInput("The draft holds no quotation: no words stand between its quotation marks.")
    return parsed_quotations


def _join_wrapped_lines(draft: str) -> str:
    """`draft` with a blank, or two, for each end of a line that is none of a paragraph: of the same length."""
    return _WRAPPED_LINE_END.sub(lambda match: " " * len(match.group()), draft)


def _parse_quotations(draft: str, starts: set[int]) -> Iterator[Quotation]:
    article = Article("draft", draft)
    for quote in extract_quotes(article):
        if quote.content[0].start not in starts:
            continue  # reported speech, which claims no words
        parts = tuple(piece for fragment in quote.content for piece in split_pieces(draft, fragment))
        if parts:
            yield Quotation(get_spoken_span(article, quote), parts, quote.speaker)
