"""What stands around some words in their article: the sentences before and after, boilerplate left out.

Rule: all of it is the article's own text; "…" on a line of its own stands where boilerplate was.
"""

from collections.abc import Sequence
from itertools import pairwise

from briefings.article.link import build_link
from briefings.model import Article, Context, Source, Span
from briefings.text.sentences import split_sentences
from briefings.text.spans import find_overlapping, merge_spans

#: sentences on either side
NEIGHBOUR_SENTENCES = 3
#: characters looked at on either side of the words
_REACH = 3_000
_GAP = "\n…\n"


def build_context(article: Article, span: Span, neighbours: int = NEIGHBOUR_SENTENCES) -> Context:
    """`span` of the article in its sentence, with so many sentences on either side."""
    boilerplate_spans = merge_spans(article.boilerplate)
    visible_sentences = [
        sentence
        for sentence in _find_nearby_sentences(article.text, span)
        if not find_overlapping(boilerplate_spans, sentence)
    ]
    own_sentences = [sentence for sentence in visible_sentences if sentence.overlaps(span)] or [span]
    before = [sentence for sentence in visible_sentences if sentence.end <= own_sentences[0].start][-neighbours:]
    after = [sentence for sentence in visible_sentences if sentence.start >= own_sentences[-1].end][:neighbours]
    opening_span = Span(min(own_sentences[0].start, span.start), span.start)
    closing_span = Span(span.end, max(own_sentences[-1].end, span.end))
    return Context(
        source=Source(article.id, article.publisher, article.published, article.url, article.title),
        before=_join_spans(article.text, [*before, opening_span]),
        words=span.of(article.text),
        after=_join_spans(article.text, [closing_span, *after]),
        link=build_link(article, span),
    )


def _find_nearby_sentences(text: str, span: Span) -> list[Span]:
    """The sentences of the lines around `span`."""
    start = text.rfind("\n", 0, max(0, span.start - _REACH)) + 1
    end = text.find("\n", span.end + _REACH)
    window = text[start : end if end >= 0 else len(text)]
    return [Span(start + sentence.start, start + sentence.end) for sentence in split_sentences(window)]


def _join_spans(text: str, spans: Sequence[Span]) -> str:
    """The text of `spans`, with what stands between two of them when that is only white space."""
    pieces = [spans[0].of(text)]
    for span, next_span in pairwise(spans):
        gap = text[span.end : next_span.start]
        pieces += [_GAP if gap.strip() else gap, next_span.of(text)]
    return "".join(pieces)
