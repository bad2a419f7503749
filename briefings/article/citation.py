"""Cite a passage of an article: the sentences around it, and a link that opens the publisher's page at it.

Rule: the context is the article's own text, with "…" on a separate line where boilerplate was left out. Rule: a link
has a text fragment only if its words mark the passage and nothing else, see `text_fragment`.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from urllib.parse import urlsplit

from briefings.article.source_name import describe_source
from briefings.article.text_fragment import build_text_fragment
from briefings.model import Article, Context, Span
from briefings.text.sentences import split_sentences
from briefings.text.spans import find_overlapping, merge_spans

#: URL schemes that are safe to link to
_SCHEMES = ("http", "https")
#: characters that end a URL where it is displayed or disguise it: blanks, brackets, controls, direction marks
_UNSAFE_CHARS = re.compile(r"[\s<>\"|\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
#: usual URLs, which need no closer look: a host of letters and digits, a path and a query of plain characters
_PLAIN_URL = re.compile(
    r"https?://[A-Za-z0-9][A-Za-z0-9.-]*(?:/[A-Za-z0-9%/:@!$&'()*+,;=~._-]*)?(?:\?[A-Za-z0-9%/:?@!$&'()*+,;=~._-]+)?"
)
#: sentences on each side
NEIGHBOUR_SENTENCES = 3
#: characters searched on each side of the passage
_REACH = 3_000
_GAP = "\n…\n"


def build_link(article: Article, span: Span) -> str | None:
    """Return the URL of the article's page, opened at `span`, or None if the article has no usable URL."""
    url = get_page_url(article)
    if url is None:
        return None
    fragment = build_text_fragment(article.text, span, article.title)
    return f"{url}#:~:text={fragment}" if fragment else url


def get_page_url(article: Article) -> str | None:
    """Return the article's own URL without a fragment, or None unless it is a valid http or https URL."""
    return clean_page_url(article.url)


def clean_page_url(url: str | None) -> str | None:
    """Return a page's URL without a fragment, or None unless it is a valid http or https URL."""
    if url is None or _PLAIN_URL.fullmatch(url):
        return url
    try:
        url_parts = urlsplit(url)
    except ValueError:
        return None
    is_usable = url_parts.scheme in _SCHEMES and url_parts.hostname and not _UNSAFE_CHARS.search(url)
    return url_parts._replace(fragment="").geturl() if is_usable else None


def build_context(article: Article, span: Span, neighbours: int = NEIGHBOUR_SENTENCES) -> Context:
    """Return `span` of the article within its sentence, with up to `neighbours` sentences on each side."""
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
        source=describe_source(article),
        before=_join_spans(article.text, [*before, opening_span]),
        words=span.of(article.text),
        after=_join_spans(article.text, [closing_span, *after]),
        link=build_link(article, span),
    )


def _find_nearby_sentences(text: str, span: Span) -> list[Span]:
    """Return the sentences of the lines around `span`."""
    start = text.rfind("\n", 0, max(0, span.start - _REACH)) + 1
    end = text.find("\n", span.end + _REACH)
    window = text[start : end if end >= 0 else len(text)]
    return [Span(start + sentence.start, start + sentence.end) for sentence in split_sentences(window)]


def _join_spans(text: str, spans: Sequence[Span]) -> str:
    """Join the text of `spans`: white space between two spans is kept, other text becomes a gap mark."""
    pieces = [spans[0].of(text)]
    for span, next_span in pairwise(spans):
        gap = text[span.end : next_span.start]
        pieces += [_GAP if gap.strip() else gap, next_span.of(text)]
    return "".join(pieces)
