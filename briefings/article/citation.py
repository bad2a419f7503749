"""Cite a passage of an article: the sentences around it, and a link that opens the publisher's page at it.

Rule: the context is the article's own text, with "…" on a separate line where boilerplate was left out. Rule: a link
uses a text fragment (https://wicg.github.io/scroll-to-text-fragment/). Its words are the first match in the article,
or the link gives enough words from both ends to be unique.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from urllib.parse import quote, urlsplit

from briefings.article.source_name import describe_source
from briefings.model import Article, Context, Span
from briefings.text.folding import fold
from briefings.text.sentences import split_sentences
from briefings.text.spans import find_overlapping, merge_spans

#: words; a span up to this length is quoted in full in the link, a longer one by its two ends
MAX_WHOLE_WORDS = 8
_END_WORDS = 4
_MAX_END_WORDS = 12
#: characters before and after a span in which the words around it are searched
_FRAGMENT_REACH = 200
#: URL schemes that are safe to link to
_SCHEMES = ("http", "https")
#: characters that end a URL where it is displayed or disguise it: blanks, brackets, controls, direction marks
_UNSAFE_CHARS = re.compile(r"[\s<>\"|\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
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
    fragment = build_text_fragment(article.text, span)
    return f"{url}#:~:text={fragment}" if fragment else url


def get_page_url(article: Article) -> str | None:
    """Return the article's own URL without a fragment, or None unless it is a valid http or https URL."""
    if article.url is None:
        return None
    try:
        url_parts = urlsplit(article.url)
    except ValueError:
        return None
    is_usable = url_parts.scheme in _SCHEMES and url_parts.hostname and not _UNSAFE_CHARS.search(article.url)
    return url_parts._replace(fragment="").geturl() if is_usable else None


def build_text_fragment(text: str, span: Span) -> str:
    """Return the percent-encoded `text=` directive for `span`: "start" or "start,end", or "" without words.

    If the start's words also occur earlier in the article, words around the span on its lines identify it:
    "before-,start", or "start,-after" at the start of a line.
    """
    lines = span.of(text).strip().splitlines()
    if not lines:
        return ""
    words, tail = lines[0].split(), lines[-1].split()
    start = span.start + span.of(text).index(words[0])
    folded_prefix = fold(text[: span.end])
    is_whole = len(lines) == 1 and len(words) <= MAX_WHOLE_WORDS
    # the two ends of one line must not overlap
    max_count = min(_MAX_END_WORDS, len(words) - (_END_WORDS if len(lines) == 1 else 0))
    counts = [len(words)] if is_whole else [*range(_END_WORDS, max_count), max(1, max_count)]
    count = next((n for n in counts if _is_first(folded_prefix, start, words[:n])), None)
    before, after = _find_words_around(text, span) if count is None else ([], [])
    return ",".join(
        [
            *([f"{_encode_words(before)}-"] if before else []),
            _encode_words(words[: count or counts[-1]]),
            *([] if is_whole else [_encode_words(tail[-_END_WORDS:])]),
            *([f"-{_encode_words(after)}"] if after and not before else []),
        ]
    )


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


def _is_first(folded_prefix: str, start: int, words: list[str]) -> bool:
    return folded_prefix.find(fold(" ".join(words))) == start


def _find_words_around(text: str, span: Span) -> tuple[list[str], list[str]]:
    """Return the last words before the span and the first words after it, on its own lines, with their marks."""
    # a character that is not a line break keeps `splitlines` from dropping an empty last line
    before = f"{text[max(0, span.start - _FRAGMENT_REACH) : span.start]}|".splitlines()[-1][:-1]
    after = f"|{text[span.end : span.end + _FRAGMENT_REACH]}".splitlines()[0][1:]
    return before.split()[-_END_WORDS:], after.split()[:_END_WORDS]


def _encode_words(words: list[str]) -> str:
    # "-" and "," have a meaning in the directive, and quote() does not encode "-"
    return quote(" ".join(words), safe="", errors="replace").replace("-", "%2D")


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
