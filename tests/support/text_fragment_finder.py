"""Find the words of a text fragment in a text as browsers find them on a page.

See https://wicg.github.io/scroll-to-text-fragment/. Every line is a block. The blanks of the text must be single, as
browsers show them.
"""

import re
from collections.abc import Iterator
from urllib.parse import unquote

from briefings.model import Span

_DIRECTIVE = re.compile(r"(?:(?P<before>[^,]*)-,)?(?P<start>[^,-]*)(?:,(?P<end>[^,-]*))?(?:,-(?P<after>[^,]*))?")


def find_marked(text: str, fragment: str) -> Span | None:
    """Return the span that a browser marks for a fragment of one directive, or None."""
    match = _DIRECTIVE.fullmatch(fragment)
    assert match, fragment
    before, start, end, after = (unquote(part or "") for part in match.group("before", "start", "end", "after"))
    for start_match in _find_words(text, start, is_open=bool(before), is_open_end=bool(after and not end)):
        if before and not _ends_with(text[: start_match.start()], before):
            continue
        if not end:
            if _starts_with(text[start_match.end() :], after):
                return Span(*start_match.span())
            continue
        ends = _find_words(text, end, start_match.end(), is_open_end=bool(after))
        last = next((found.end() for found in ends if _starts_with(text[found.end() :], after)), None)
        return Span(start_match.start(), last) if last is not None else None
    return None


def _find_words(
    text: str, words: str, index: int = 0, *, is_open: bool = False, is_open_end: bool = False
) -> Iterator[re.Match[str]]:
    """Yield the places of `words`, at the edges of words unless the neighbouring part is at that edge."""
    opening, closing = "" if is_open else r"(?<!\w)|(?!\w)", "" if is_open_end else r"(?!\w)|(?<!\w)"
    pattern = re.compile(f"(?:{opening}){re.escape(words)}(?:{closing})", re.IGNORECASE)
    while match := pattern.search(text, index):
        yield match
        index = match.start() + 1


def _ends_with(text: str, words: str) -> bool:
    text, words = text.rstrip().lower(), words.lower()
    return text.endswith(words) and not (text[: -len(words)][-1:].isalnum() and words[0].isalnum())


def _starts_with(text: str, words: str) -> bool:
    text, words = text.lstrip().lower(), words.lower()
    return text.startswith(words) and not (words and words[-1].isalnum() and text[len(words) :][:1].isalnum())
