"""What stands around some words in their article: the sentences before and after, boilerplate left out.

Rule: all of it is the article's own text; "…" on a line of its own stands where boilerplate was.
"""

from collections.abc import Sequence
from itertools import pairwise

from briefings.article.link import link_to
from briefings.model import Article, Context, Source, Span
from briefings.text.sentences import sentences
from briefings.text.spans import merged, touching

#: sentences on either side
NEIGHBOURS = 3
#: characters looked at on either side of the words
_REACH = 3_000
_GAP = "\n…\n"


def context(article: Article, span: Span, neighbours: int = NEIGHBOURS) -> Context:
    """`span` of the article in its sentence, with so many sentences on either side."""
    taken = merged(article.boilerplate)
    told = [sentence for sentence in _near(article.text, span) if not touching(taken, sentence)]
    inside = [sentence for sentence in told if sentence.overlaps(span)] or [span]
    before = [sentence for sentence in told if sentence.end <= inside[0].start][-neighbours:]
    after = [sentence for sentence in told if sentence.start >= inside[-1].end][:neighbours]
    begins = Span(min(inside[0].start, span.start), span.start)
    ends = Span(span.end, max(inside[-1].end, span.end))
    return Context(
        source=Source(article.id, article.publisher, article.published, article.url, article.title),
        before=_joined(article.text, [*before, begins]),
        words=span.of(article.text),
        after=_joined(article.text, [ends, *after]),
        link=link_to(article, span),
    )


def _near(text: str, span: Span) -> list[Span]:
    """The sentences of the lines around `span`."""
    start = text.rfind("\n", 0, max(0, span.start - _REACH)) + 1
    end = text.find("\n", span.end + _REACH)
    window = text[start : end if end >= 0 else len(text)]
    return [Span(start + sentence.start, start + sentence.end) for sentence in sentences(window)]


def _joined(text: str, spans: Sequence[Span]) -> str:
    """The text of `spans`, with what stands between two of them when that is only white space."""
    pieces = [spans[0].of(text)]
    for one, other in pairwise(spans):
        between = text[one.end : other.start]
        pieces += [_GAP if between.strip() else between, other.of(text)]
    return "".join(pieces)
