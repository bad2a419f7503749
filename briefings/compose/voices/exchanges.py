"""Order the quotations of a briefing as an exchange: every voice once, with replies after their target, then the rest.

Rule: the voices keep the order of their selection, the most important first, but a voice that mentions the previous one
comes next. Each voice has one passage before any voice has a second.
"""

from collections.abc import Sequence

from briefings.compose.voices.names import make_voice_key
from briefings.compose.voices.passages import QuotePassage
from briefings.text.folding import make_search_key


def order_voices(passages: Sequence[QuotePassage]) -> list[QuotePassage]:
    """Return the passages, given most important first, in the order of an exchange."""
    first_passages: dict[str, QuotePassage] = {}
    later_passages: list[QuotePassage] = []
    for passage in passages:
        key = make_voice_key(passage.speaker)
        if first_passages.setdefault(key, passage) is not passage:
            later_passages.append(passage)
    waiting_keys = list(first_passages)
    ordered_passages: list[QuotePassage] = []
    last_key: str | None = None
    while waiting_keys:
        replies = (key for key in waiting_keys if last_key and _mentions(first_passages[key], last_key))
        last_key = next(replies, waiting_keys[0])
        waiting_keys.remove(last_key)
        ordered_passages.append(first_passages[last_key])
    return [*ordered_passages, *later_passages]


def _mentions(passage: QuotePassage, key: str) -> bool:
    return f" {key} " in f" {make_search_key(passage.text_in_frame)} "
