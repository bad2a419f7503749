"""The words by which a description takes in whose or which it is: "allies of the leader", "a man close to the talks".

Rule: a preposition, or an adjective or participle with one, between two mentions and nothing else.
"""

from briefings.quotes.parse import Document
from briefings.text.pos_tagger import TAG

#: prepositions that make the mention before them the head
HEAD_PREPOSITIONS = frozenset(["of", "for", "within", "from", "inside"])
#: those by which a description may go on
_LINK_PREPOSITIONS = HEAD_PREPOSITIONS | {"in", "at", "with"}
_PREPOSITION_TAGS = frozenset([TAG["IN"], TAG["TO"]])
_POSTPOSED_TAGS = frozenset([TAG["JJ"], TAG["VBN"]])


def find_link_before(document: Document, first: int) -> int:
    """Where the link before the mention at token `first` begins; -1 where none stands there."""
    if first > 1 and document.tokens.words[first - 1].lower() in HEAD_PREPOSITIONS:
        return first - 1
    return first - 2 if first > 2 and _is_postposed_modifier(document, first - 2) else -1


def find_link_after(document: Document, end: int) -> int:
    """The token behind the link that begins at token `end`; -1 where none does."""
    if end + 1 < len(document.tokens) and document.tokens.words[end].lower() in _LINK_PREPOSITIONS:
        return end + 1
    return end + 2 if end + 2 < len(document.tokens) and _is_postposed_modifier(document, end) else -1


def _is_postposed_modifier(document: Document, index: int) -> bool:
    """Whether "familiar with", "seen by", "close to" stands at a token; "such as" gives an instance instead."""
    words = document.tokens.words
    is_modifier = document.tags[index] in _POSTPOSED_TAGS or words[index] == "close"
    return bool(is_modifier and document.tags[index + 1] in _PREPOSITION_TAGS and words[index + 1].lower() != "as")
