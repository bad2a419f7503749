"""Finds what stands in an article's text without being its running text. Marked, never deleted.

Rule: a line is judged by how it opens, by being markup, or by being a caption: a short line above prose that does not
end as a sentence does. A line too long for a notice is prose that something was pasted into: its sentences are judged
one by one. Crossheads, and whatever the last line is, are left alone.
"""

import re
from collections.abc import Iterator

from briefings.article.headline import ends_as_prose
from briefings.model import Span
from briefings.text import lexicon
from briefings.text.fold import fold
from briefings.text.sentences import paragraphs, sentences
from briefings.text.spans import merged

#: words of a caption; shorter lines are crossheads, longer ones prose that lost its full stop
SHORTEST_CAPTION, LONGEST_CAPTION = 5, 20
#: words; a longer line is no notice as a whole
LONGEST_NOTICE = 60
_TAG = re.compile(r"</?[a-zA-Z!][^<>]{0,2000}>|<[a-zA-Z][\w-]{0,20}\s[^<>=]{0,200}=[^<>]{0,2000}$")
_TELLTALE = re.compile(
    r"©|\(c\) ?(?:19|20)\d\d|\bcopyright (?:19|20)\d\d|\ball rights reserved\b|\barticle was written by\b"
)
_OPENING = re.compile(rf"(?:{lexicon.alternation('boilerplate_openings')})(?!\w)")
_LABEL = re.compile(rf"(?:{lexicon.alternation('boilerplate_labels')})(?!\w)")


def boilerplate(text: str, headline: Span | None) -> tuple[Span, ...]:
    """The spans of `text` that are never to be quoted, in order, not overlapping; `headline` is left out of it."""
    lines = [line for line in paragraphs(text) if line != headline]
    prose = [line.start for line in lines if ends_as_prose(line.of(text))]
    last_prose = prose[-1] if prose else -1
    return merged(found for line in lines for found in _in_line(text, line, above_prose=line.start < last_prose))


def _in_line(text: str, line: Span, *, above_prose: bool) -> Iterator[Span]:
    body = line.of(text)
    if len(body.split(None, LONGEST_NOTICE)) > LONGEST_NOTICE:
        yield from (_within(line, span) for span in sentences(body) if _is_notice(span.of(body)))
    elif _is_notice(body) or (above_prose and _is_caption(body)):
        yield line
    yield from (_within(line, Span(*tag.span())) for tag in _TAG.finditer(body))


def _is_notice(words: str) -> bool:
    folded = fold(words)
    return (
        _OPENING.match(folded) is not None
        or _TELLTALE.search(folded) is not None
        or (_LABEL.match(folded) is not None and not ends_as_prose(words))
    )


def _is_caption(line: str) -> bool:
    is_short = SHORTEST_CAPTION <= len(line.split()) < LONGEST_CAPTION
    return is_short and not ends_as_prose(line) and not _TAG.match(line) and not fold(line).startswith('"')


def _within(line: Span, span: Span) -> Span:
    return Span(line.start + span.start, line.start + span.end)
