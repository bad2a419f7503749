"""The words by which a description takes in whose or which it is: "allies of the leader", "a man close to the talks".

Rule: a preposition, or an adjective or participle with one, between two mentions and nothing else.
"""

from briefings.quotes.parse import Parsed
from briefings.text.tagger import TAG

#: prepositions that make the mention before them the head
HEADED = frozenset(["of", "for", "within", "from", "inside"])
#: those by which a description may go on
_GOING_ON = HEADED | {"in", "at", "with"}
_PREPOSITIONS = frozenset([TAG["IN"], TAG["TO"]])
_POSTPOSED = frozenset([TAG["JJ"], TAG["VBN"]])


def link_before(parsed: Parsed, first: int) -> int:
    """Where the link before the mention at token `first` begins; -1 where none stands there."""
    if first > 1 and parsed.tokens.words[first - 1].lower() in HEADED:
        return first - 1
    return first - 2 if first > 2 and _postposed(parsed, first - 2) else -1


def link_behind(parsed: Parsed, end: int) -> int:
    """The token behind the link that begins at token `end`; -1 where none does."""
    if end + 1 < len(parsed.tokens) and parsed.tokens.words[end].lower() in _GOING_ON:
        return end + 1
    return end + 2 if end + 2 < len(parsed.tokens) and _postposed(parsed, end) else -1


def _postposed(parsed: Parsed, at: int) -> bool:
    """Whether "familiar with", "seen by", "close to" stands at a token; "such as" gives an instance instead."""
    words = parsed.tokens.words
    describes = parsed.tags[at] in _POSTPOSED or words[at] == "close"
    return bool(describes and parsed.tags[at + 1] in _PREPOSITIONS and words[at + 1].lower() != "as")
