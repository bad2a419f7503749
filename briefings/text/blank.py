"""A view of a text with parts of it blanked out: same length, so that every offset stays what it was."""

from collections.abc import Iterable

from briefings.model import Span


def mask_spans(text: str, spans: Iterable[Span]) -> str:
    """`text` with every character of `spans` turned into a blank, line ends aside."""
    pieces: list[str] = []
    end = 0
    for span in sorted(spans):
        start = max(end, span.start)
        if span.end > start:
            pieces += [text[end:start], "\n".join(" " * len(line) for line in text[start : span.end].split("\n"))]
            end = min(span.end, len(text))
    return "".join([*pieces, text[end:]])
