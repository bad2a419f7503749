"""Finds what stands in an article's text without being its running text. Marked, never deleted.

Rule: a line is judged by how it opens, by being markup, or by being a caption: a short line between paragraphs of
prose that does not end as a sentence does.
"""

import re

from briefings.article.headline import ends_as_prose
from briefings.model import Span
from briefings.text import lexicon
from briefings.text.fold import fold
from briefings.text.sentences import paragraphs

#: words; captions and crossheads are shorter than this
LONGEST_CAPTION = 20
_TAG = re.compile(r"</?[a-zA-Z!][^<>]{0,2000}>?")
_TELLTALE = re.compile(r"©|\(c\) ?(?:19|20)\d\d|\ball rights reserved\b|\barticle was written by\b")


def boilerplate(text: str, headline: Span | None) -> tuple[Span, ...]:
    """The spans of `text` that are never to be quoted, in order, not overlapping; `headline` is left out of it."""
    lines = paragraphs(text)
    prose = sum(ends_as_prose(line.of(text)) for line in lines)
    found: list[Span] = []
    for line in lines:
        if line == headline:
            continue
        body = line.of(text)
        folded = fold(body)
        if _opens_as_boilerplate(folded) or _TELLTALE.search(folded) or (_is_caption(body) and prose > 1):
            found.append(line)
        else:
            found.extend(Span(line.start + tag.start(), line.start + tag.end()) for tag in _TAG.finditer(body))
    return tuple(found)


def _opens_as_boilerplate(folded: str) -> bool:
    return re.match(rf"(?:{lexicon.alternation('boilerplate_openings')})(?!\w)", folded) is not None


def _is_caption(line: str) -> bool:
    return not ends_as_prose(line) and len(line.split()) < LONGEST_CAPTION and not _TAG.match(line)
