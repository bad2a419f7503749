"""A view of a text with parts of it blanked out: same length, so that every offset stays what it was."""

from collections.abc import Iterable

from briefings.model import Span


def blanked(text: str, spans: Iterable[Span]) -> str:
    """`text` with every character of `spans` (in order of their starts) turned into a blank."""
    pieces: list[str] = []
    end = 0
    for span in spans:
        pieces += [text[end : span.start], " " * (span.end - max(end, span.start))]
        end = max(end, span.end)
    return "".join([*pieces, text[end:]])
