"""Order the quotations of a briefing as an exchange: each voice's together, and replies beside what they answer.

Rule: the voices come in the order in which they were selected, the most important first, but whoever speaks of the
voice before comes next.
"""

from collections.abc import Sequence

from briefings.compose.voices.names import make_voice_key
from briefings.compose.voices.passages import QuotePassage
from briefings.text.folding import make_search_key


def order_voices(passages: Sequence[QuotePassage]) -> list[QuotePassage]:
    """Return the passages, given most important first, in the order of an exchange."""
    groups: dict[str, list[QuotePassage]] = {}
    for passage in passages:
        groups.setdefault(make_voice_key(passage.speaker), []).append(passage)
    waiting_keys = list(groups)
    ordered_passages: list[QuotePassage] = []
    last_key: str | None = None
    while waiting_keys:
        key = next((key for key in waiting_keys if last_key and _mentions(groups[key], last_key)), waiting_keys[0])
        waiting_keys.remove(key)
        ordered_passages += groups[key]
        last_key = key
    return ordered_passages


def _mentions(passages: Sequence[QuotePassage], key: str) -> bool:
    return any(f" {key} " in f" {make_search_key(passage.text_in_frame)} " for passage in passages)
